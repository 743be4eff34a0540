"""The live chart: loss and accuracy of training and validation, a point for every batch.

Points arrive in any number; they are drawn on a timer, so that drawing costs the same however
fast the training runs. Import this module late: pyqtgraph costs a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.domain.training import CurvePoint

REDRAW_MS = 200
"""Five pictures a second look live; each costs 20 ms of a core that the training could use."""
_TRAIN_COLOURS = ("#8a6100", "#e0a526")  # light, dark
_VALIDATION_COLOURS = ("#1a5fc8", "#79b0ff")
_DARK_BELOW = 128
_GRID_ALPHA = 0.15
_AXIS_WIDTH_PX = 52


class Series:
    """Steps and values that grow at the end; amortised constant time for each point."""

    def __init__(self) -> None:
        self._data = np.empty((2, 256))
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, step: float, value: float) -> None:
        """One point more."""
        if self._size == self._data.shape[1]:
            self._data = np.concatenate([self._data, np.empty_like(self._data)], axis=1)
        self._data[:, self._size] = step, value
        self._size += 1

    def clear(self) -> None:
        """Forget all points."""
        self._size = 0

    def points(self) -> NDArray[np.float64]:
        """2 × n: steps and values."""
        return self._data[:, : self._size]


class LearningChart(QWidget):
    """Accuracy above, loss below, over the same steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._series = {
            (quantity, side): Series()
            for quantity in ("accuracy", "loss")
            for side in ("train", "validation")
        }
        self._dirty = False
        self._view = pg.GraphicsLayoutWidget()
        self._view.setAccessibleName(tr("Learning curves"))
        self._plots = {
            "accuracy": self._view.addPlot(row=0, col=0),
            "loss": self._view.addPlot(row=1, col=0),
        }
        self._prepare_plots()
        self._curves = {key: self._plots[key[0]].plot() for key in self._series}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._timer = QTimer(self, interval=REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self._dress()

    def clear(self) -> None:
        """Make room for another run."""
        for series in self._series.values():
            series.clear()
        self._dirty = True
        self.redraw()

    def add(self, points: Iterable[CurvePoint]) -> None:
        """Take *points*; they show with the next tick."""
        for point in points:
            self._series["loss", "train"].append(point.step, point.loss)
            self._series["accuracy", "train"].append(point.step, point.accuracy * 100)
            if point.validation_loss is not None:
                self._series["loss", "validation"].append(point.step, point.validation_loss)
            if point.validation_accuracy is not None:
                self._series["accuracy", "validation"].append(
                    point.step, point.validation_accuracy * 100
                )
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start()

    def count(self, quantity: str, side: str) -> int:
        """How many points there are of ``loss`` or ``accuracy``, ``train`` or ``validation``."""
        return len(self._series[quantity, side])

    def redraw(self) -> None:
        """Draw what has come since the last time; the timer rests when nothing has."""
        if not self._dirty:
            self._timer.stop()
            return
        self._dirty = False
        for key, series in self._series.items():
            # pyqtgraph keeps the array it is given, and this one is still being written to.
            self._curves[key].setData(*series.points().copy())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_timer"):
            self._dress()

    def _prepare_plots(self) -> None:
        accuracy, loss = self._plots["accuracy"], self._plots["loss"]
        accuracy.setLabel("left", tr("Accuracy"), units="%")
        loss.setLabel("left", tr("Loss"), units="nat")
        loss.setLabel("bottom", tr("Batch"))
        accuracy.setXLink(loss)
        accuracy.setYRange(0, 100, padding=0.03)
        accuracy.getAxis("bottom").setStyle(showValues=False)
        for plot in self._plots.values():
            for side in ("left", "bottom"):
                plot.getAxis(side).enableAutoSIPrefix(enable=False)
            plot.getAxis("left").setWidth(_AXIS_WIDTH_PX)
            plot.showGrid(x=True, y=True, alpha=_GRID_ALPHA)
            plot.setClipToView(True)
            plot.setDownsampling(auto=True, mode="peak")
            # The menu is not wanted, but what is in it holds the plot's settings; without a parent
            # it would outlive the chart.
            plot.setMenuEnabled(False)
            plot.ctrlMenu.setParent(self._view, plot.ctrlMenu.windowFlags())
            plot.hideButtons()
            plot.setLimits(xMin=0, yMin=-1 if plot is accuracy else 0)
        loss.setXRange(0, 50)
        loss.setYRange(0, 2)
        loss.enableAutoRange()

    def _dress(self) -> None:
        """Take the colours of the palette, which follows the system's light or dark."""
        palette = self.palette()
        self._view.setBackground(palette.color(QPalette.ColorRole.Base))
        text = palette.color(QPalette.ColorRole.Text)
        for plot in self._plots.values():
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(palette.color(QPalette.ColorRole.Dark))
                plot.getAxis(side).setTextPen(text)
        dark = palette.color(QPalette.ColorRole.Base).lightness() < _DARK_BELOW
        train, validation = QColor(_TRAIN_COLOURS[dark]), QColor(_VALIDATION_COLOURS[dark])
        for quantity in self._plots:
            self._curves[quantity, "train"].setPen(pg.mkPen(train, width=1))
            curve = self._curves[quantity, "validation"]
            curve.setPen(pg.mkPen(validation, width=2))
            curve.setSymbol("o")
            curve.setSymbolSize(5)
            curve.setSymbolBrush(validation)
            curve.setSymbolPen(pg.mkPen(validation))
        # Above the curves and not among them: there is no corner that no curve ever comes to.
        legend = "<span style='color:{}'>━ {}</span>&emsp;<span style='color:{}'>●━● {}</span>"
        self._plots["accuracy"].setTitle(
            legend.format(train.name(), tr("Training"), validation.name(), tr("Validation")),
            size="9pt",
        )
