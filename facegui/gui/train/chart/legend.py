"""The names of the curves, each with a sample of its line; clicking one switches it off and on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from facegui.domain.text import tr
from facegui.gui.flow import FlowLayout
from facegui.gui.train.chart.layers import Layer
from facegui.gui.train.chart.painting import Look
from facegui.gui.train.chart.series import Side

_SAMPLE = QSize(26, 12)
_DOT_PX = 2.8
_TITLE_MOST = 28

Key = tuple[int, Side]


class Legend(QObject):
    """A button for each curve of the first layer, and one for each other run.

    Args:
        flow: where the buttons go, before all else.
        parent: whose palette they follow.

    Signals:
        hidden_changed: a frozenset of layer number and `Side` of what is switched off.
    """

    hidden_changed = Signal(object)

    def __init__(self, flow: FlowLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: dict[tuple[Key, ...], QToolButton] = {}
        self._flow = flow
        self._parent = parent

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Name the curves of *layers*; what is switched off stays so."""
        off = self._hidden()
        self._clear()
        for layer in layers:
            train, validation = (layer.number, Side.TRAIN), (layer.number, Side.VALIDATION)
            if layer.number == 0:
                self._add((train,), tr("Training"))
                self._add((validation,), tr("Validation"))
            else:
                self._add((train, validation), layer.title)
        for keys, button in self._buttons.items():
            button.setChecked(not off.issuperset(keys))
        if self._hidden() != off:
            self.hidden_changed.emit(self._hidden())

    def dress(self) -> None:
        """Draw the samples in the colours of the palette."""
        for keys, button in self._buttons.items():
            button.setIcon(_sample(keys, Look(self._parent.palette())))

    def _add(self, keys: tuple[Key, ...], title: str) -> None:
        button = QToolButton()
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(_SAMPLE)
        short = title if len(title) <= _TITLE_MOST else title[: _TITLE_MOST - 1] + "…"
        button.setText(short.replace("&", "&&"))
        button.setToolTip(tr("{curve}: show or hide", curve=title))
        button.setAccessibleName(tr("Show the curve {curve}", curve=title))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setIcon(_sample(keys, Look(self._parent.palette())))
        button.clicked.connect(lambda: self.hidden_changed.emit(self._hidden()))
        self._flow.insertWidget(len(self._buttons), button)
        self._buttons[keys] = button

    def _hidden(self) -> frozenset[Key]:
        return frozenset(
            key for keys, button in self._buttons.items() if not button.isChecked() for key in keys
        )

    def _clear(self) -> None:
        for button in self._buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}


def _sample(keys: tuple[Key, ...], look: Look) -> QIcon:
    """A piece of the line; with the dot that marks a validation."""
    icon = QIcon()
    for state, faint in ((QIcon.State.On, False), (QIcon.State.Off, True)):
        picture = QPixmap(_SAMPLE * 2)
        picture.setDevicePixelRatio(2)
        picture.fill(Qt.GlobalColor.transparent)
        colour = look.curve(*keys[-1])
        colour = look.faint(colour) if faint else colour
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2, Qt.PenStyle.DotLine if faint else Qt.PenStyle.SolidLine))
        middle = _SAMPLE.height() / 2
        painter.drawLine(QPointF(2, middle), QPointF(_SAMPLE.width() - 2, middle))
        if keys[-1][1] is Side.VALIDATION:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(_SAMPLE.width() / 2, middle), _DOT_PX, _DOT_PX)
        painter.end()
        icon.addPixmap(picture, QIcon.Mode.Normal, state)
    return icon
