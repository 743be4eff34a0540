"""The live chart with its controls: loss, accuracy and learning rate of a run, a point a batch.

Points arrive in any number; they are drawn on a timer, and no sooner after the last drawing than
fifty times what that took, so that drawing never takes more than a fiftieth of one core from the
training.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.domain.training import CurvePoint
from facegui.gui.flow import FlowLayout
from facegui.gui.theme import icon
from facegui.gui.train.chart import export
from facegui.gui.train.chart.canvas import Canvas
from facegui.gui.train.chart.compare import CompareButton
from facegui.gui.train.chart.layers import Layer
from facegui.gui.train.chart.legend import Legend
from facegui.gui.train.chart.painting import Look
from facegui.gui.train.chart.series import RunCurves, Side

REDRAW_MS = 100
"""Ten pictures a second at most."""

_REST_FOR_DRAWING = 50
_SMOOTHING = 60
_SMOOTHING_MOST = 99
_SLIDER_PX = 90


class LearningChart(QWidget):
    """Accuracy above, loss in the middle, the learning rate below, over the same batches.

    Signals:
        compare_requested: the owner ticked this earlier run; its id, for `compare_with`.
        export_ready: a picture or a table to be written: ``"png"``, ``"svg"`` or ``"csv"``, and
            the bytes or rows.
    """

    compare_requested = Signal(str)
    export_ready = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self._controls = FlowLayout(8)
        self.legend = Legend(self._controls, self)
        self.compare = CompareButton()
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.log = QCheckBox(tr("Log loss"))
        self.axis = QComboBox()
        self.save = QToolButton()
        self.whole = QToolButton()
        self._own = Layer(0, tr("This run"), RunCurves(_SMOOTHING / 100))
        self._others: dict[str, Layer] = {}
        self._titles: Mapping[str, str] = {}
        self._dirty = False
        self._timer = QTimer(self, interval=REDRAW_MS)
        self._timer.timeout.connect(self._tick)
        self._prepare()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._bar())
        layout.addWidget(self.canvas, 1)
        self._show_layers()

    # The run that goes on

    def clear(self) -> None:
        """Make room for another run; those that lie over it stay."""
        self._own.curves.clear()
        self.canvas.look_at(self.canvas.view.whole())

    def add(self, points: Iterable[CurvePoint]) -> None:
        """Take *points*; they show with the next tick."""
        self._own.curves.add(points)
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start(REDRAW_MS)

    def count(self, side: Side) -> int:
        """How many points there are of this run."""
        return self._own.curves.count(side)

    # Earlier runs

    def offer_runs(self, runs: Mapping[str, str]) -> None:
        """Let the owner lay *runs* over the chart, title by id."""
        self._titles = runs
        self.compare.offer(runs)

    def compare_with(self, run: str, points: Iterable[CurvePoint]) -> None:
        """Lay the curve of *run* over the chart, if it is still ticked."""
        if run not in self.compare.ticked() or run in self._others:
            return
        taken = {layer.number for layer in self._others.values()}
        number = next(n for n in range(1, len(taken) + 2) if n not in taken)
        curves = RunCurves(self._weight)
        curves.add(points)
        self._others[run] = Layer(number, self._titles[run], curves)
        self._show_layers()

    def _take_off(self, run: str) -> None:
        if self._others.pop(run, None) is not None:
            self._show_layers()

    def _show_layers(self) -> None:
        self.canvas.layers = [self._own, *self._others.values()]
        self.legend.show_layers(self.canvas.layers)
        self.canvas.redraw()

    # Drawing

    def _tick(self) -> None:
        """Draw what has come since the last time; the timer rests when nothing has."""
        if not self._dirty:
            self._timer.stop()
            return
        self._dirty = False
        began = time.perf_counter()
        self.canvas.redraw()
        self.canvas.repaint()
        took_ms = (time.perf_counter() - began) * 1000
        self._timer.setInterval(max(REDRAW_MS, round(took_ms * _REST_FOR_DRAWING)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "legend"):
            self.legend.dress()

    # Controls

    @property
    def _weight(self) -> float:
        return self.smoothing.value() / 100

    def _prepare(self) -> None:
        self.smoothing.setRange(0, _SMOOTHING_MOST)
        self.smoothing.setValue(_SMOOTHING)
        self.smoothing.setFixedWidth(_SLIDER_PX)
        self.smoothing.setAccessibleName(tr("Smoothing"))
        self.smoothing.setToolTip(tr("How much of the past the strong lines remember"))
        self.smoothing.valueChanged.connect(self._smooth)
        self.log.setToolTip(tr("Draw the loss on a logarithmic scale"))
        self.log.toggled.connect(lambda log: self._look(log=log, heights={}))
        self.axis.addItems([tr("By batch"), tr("By time")])
        self.axis.setAccessibleName(tr("What the curves are drawn over"))
        self.axis.currentIndexChanged.connect(
            lambda index: self._look(by_time=index == 1, span=None)
        )
        self.compare.run_ticked.connect(self.compare_requested)
        self.compare.run_unticked.connect(self._take_off)
        self.legend.hidden_changed.connect(lambda hidden: self._look(hidden=hidden))
        self.canvas.menu_requested.connect(self._pop_up)
        self.whole.setText(tr("Show all"))
        self.whole.setIcon(icon("zoom-fit"))
        self.whole.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.whole.setToolTip(tr("Undo the zoom (0, or a double click)"))
        self.whole.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.whole.clicked.connect(lambda: self.canvas.look_at(self.canvas.view.whole()))
        self.canvas.view_changed.connect(lambda: self.whole.setVisible(self.canvas.view.zoomed))
        self.whole.hide()
        self.save.setText(tr("Save"))
        self.save.setToolTip(tr("Keep the chart as a picture, a drawing or a table"))
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.save.setMenu(self._menu())

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for kind, title in (
            ("png", tr("Save as picture (PNG)…")),
            ("svg", tr("Save as drawing (SVG)…")),
            ("csv", tr("Save as table (CSV)…")),
        ):
            menu.addAction(QIcon(), title).triggered.connect(
                lambda _=False, kind=kind: self._export(kind)
            )
        return menu

    def _bar(self) -> FlowLayout:
        smoothing = QWidget()
        inside = QHBoxLayout(smoothing)
        inside.setContentsMargins(0, 0, 0, 0)
        label = QLabel(tr("Smoothing"))
        label.setBuddy(self.smoothing)
        inside.addWidget(label)
        inside.addWidget(self.smoothing)
        tools = (smoothing, self.log, self.axis, self.compare, self.save, self.whole)
        for place, widget in enumerate(tools):
            self._controls.insertWidget(place, widget)
        return self._controls

    def _smooth(self, percent: int) -> None:
        for layer in self.canvas.layers:
            layer.curves.smooth(percent / 100)
        self._look(smooth=percent > 0)

    def _look(self, **changes: object) -> None:
        self.canvas.look_at(replace(self.canvas.view, **changes))  # type: ignore[arg-type]

    def _pop_up(self, at: QPoint) -> None:
        self.save.menu().popup(at)

    def _export(self, kind: str) -> None:
        back = Look(self.palette()).base
        size = self.canvas.size()
        content: object
        if kind == "csv":
            content = export.rows(self.canvas.layers)
        elif kind == "svg":
            content = export.svg(size, back, self.canvas.paint_on)
        else:
            content = export.png(size, back, self.canvas.paint_on)
        self.export_ready.emit(kind, content)
