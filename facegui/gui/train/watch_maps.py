"""A window that shows what the filters of a network see in one crop, layer by layer."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, QTimer
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.errors import FaceGuiError
from facegui.domain.feature_maps import FeatureMaps
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.learning.feature_maps import feature_maps, why_no_maps
from facegui.services.learning.watched import WatchedRun

_CELL_PX, _GAP_PX = 92, 8
_KERNEL_PX = 30
_FACE_PX = 96
_REST_FOR_LOOKING = 50
"""How many times as long as the last look took the next one waits while a network trains, so that
looking costs it no more than a fiftieth."""
_REST_MOST_MS = 10_000  # the first look has to wait for TensorFlow, the next ones have not


class MapsView(QWidget):
    """Each filter's answer as a grey picture; the kernel, where there is one, at its corner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: FeatureMaps | None = None
        self._pictures: list[QImage] = []
        self._kernels: list[QImage] = []
        self.setAccessibleName(tr("Feature maps"))

    def show_maps(self, maps: FeatureMaps | None) -> None:
        """Show *maps*, or nothing."""
        self._maps = maps
        self._pictures = [] if maps is None else [_grey(one) for one in maps.maps]
        kernels = None if maps is None else maps.kernels
        self._kernels = [] if kernels is None else [_coloured(one) for one in kernels]
        self.setAccessibleDescription(
            trn("{n} filter", "{n} filters", len(self._pictures)) if self._pictures else ""
        )
        self._fit()
        self.update()

    def count(self) -> int:
        """How many filters are shown."""
        return len(self._pictures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.palette().color(QPalette.ColorRole.Base)
        for number, picture in enumerate(self._pictures):
            place = self._place(number)
            if not place.intersects(event.rect()):
                continue
            painter.drawImage(place, picture)
            if self._kernels:
                corner = QRect(0, 0, _KERNEL_PX, _KERNEL_PX)
                corner.moveBottomRight(place.bottomRight())
                painter.fillRect(corner.adjusted(-2, -2, 0, 0), frame)
                painter.drawImage(corner, self._kernels[number])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._told(event), self)
            return True
        return super().event(event)

    def _told(self, event: QHelpEvent) -> str:
        for number in range(len(self._pictures)):
            if self._maps is not None and self._place(number).contains(event.pos()):
                strongest = f"{self._maps.highest[number]:.2f}"
                return tr("Filter {n}, strongest answer {value}", n=number + 1, value=strongest)
        return ""

    def _columns(self) -> int:
        return max(1, (self.width() + _GAP_PX) // (_CELL_PX + _GAP_PX))

    def _place(self, number: int) -> QRect:
        row, column = divmod(number, self._columns())
        step = _CELL_PX + _GAP_PX
        return QRect(column * step, row * step, _CELL_PX, _CELL_PX)

    def _fit(self) -> None:
        rows = -(-len(self._pictures) // self._columns())
        self.setMinimumHeight(rows * (_CELL_PX + _GAP_PX))


class FaceView(QWidget):
    """The crop that is looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setFixedSize(QSize(_FACE_PX, _FACE_PX))

    def show_image(self, image: QImage | None) -> None:
        """Show *image*."""
        self._image = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._image)


class MapsWindow(QDialog):
    """Stays open beside the training and looks again after each epoch."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._run: WatchedRun | None = None
        self._row = 0
        self._generation = 0
        self._looking = False
        self._again = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._rested)
        self.face = FaceView()
        self.words = QLabel(wordWrap=True)
        self.layer = QComboBox()
        self.layer.setAccessibleName(tr("Layer"))
        self.layer.activated.connect(lambda _: self._look())
        self.maps = MapsView()
        self._arrange()

    def show_crop(self, run: WatchedRun, row: int, name: str, image: QImage | None) -> None:
        """Show what the filters of *run* see in *row*, a face of *name* that looks like *image*."""
        if self._run is None or self._run.config != run.config:
            self.layer.clear()
        self._run, self._row = run, row
        self.setWindowTitle(tr("What the filters see: {name}", name=name))
        self.face.show_image(image)
        self.maps.show_maps(None)
        reason = why_no_maps(run.config)
        self.layer.setEnabled(not reason)
        self.words.setText(reason or tr("Looking…"))
        self.show()
        self.raise_()
        if not reason:
            self._look()

    def run_changed(self, run: WatchedRun | None) -> None:
        """The network goes on as *run*; None when it has gone, and there is nothing to see."""
        if run is None:
            self._run = None
            self.close()
        elif self._run is not None:
            self._run = run
            self.epoch_ended()

    def epoch_ended(self) -> None:
        """The network has learned more: look again, unless that was done a moment ago."""
        if self._run is None or not self.isVisible() or why_no_maps(self._run.config):
            return
        if self._looking or self._rest.isActive():
            self._again = True
        else:
            self._look()

    def _look(self) -> None:
        run, row, tools = self._run, self._row, self._context.tools
        if run is None:
            return
        self._rest.stop()
        self._generation += 1
        self._looking, self._again = True, False
        generation, layer, began = self._generation, self.layer.currentText() or None, _now()

        def look(control: Control) -> object:
            try:
                return feature_maps(tools, run, row, layer, control)
            except FaceGuiError as error:  # told in the window, beside the crop
                return error

        task = self._context.lanes.start(look, tr("Looking at filters"), Lane.LIVE)
        task.done.connect(lambda found: self._show(found, generation))
        task.ended.connect(lambda: self._looked(generation, _now() - began))

    def _show(self, found: object, generation: int) -> None:
        if generation != self._generation:
            return
        if isinstance(found, FaceGuiError):
            self.words.setText(str(found))
            return
        assert isinstance(found, FeatureMaps)
        self.maps.show_maps(found)
        self._offer(found)
        self.words.setText(_told(found))

    def _offer(self, found: FeatureMaps) -> None:
        names = [self.layer.itemText(place) for place in range(self.layer.count())]
        if names != list(found.layers):
            self.layer.clear()
            self.layer.addItems(found.layers)
        self.layer.setCurrentText(found.layer)

    def _looked(self, generation: int, took_s: float) -> None:
        if generation == self._generation:
            self._looking = False
            self._rest.start(min(round(took_s * 1000 * _REST_FOR_LOOKING), _REST_MOST_MS))

    def _rested(self) -> None:
        if self._again:
            self._look()

    def _arrange(self) -> None:
        choice = QHBoxLayout()
        label = QLabel(tr("Layer"))
        label.setBuddy(self.layer)
        choice.addWidget(label)
        choice.addWidget(self.layer)
        choice.addStretch(1)
        column = QVBoxLayout()
        column.addLayout(choice)
        column.addWidget(self.words, 1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.face)
        head.addLayout(column, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.maps)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self.resize(8 * (_CELL_PX + _GAP_PX) + 40, 460)


def _now() -> float:
    return time.monotonic()


def _told(found: FeatureMaps) -> str:
    """What the pictures are."""
    if not found.layers:
        return tr("This network has no convolutions, so there are no feature maps to show.")
    parts = [
        trn(
            "What the {n} filter of this layer answers; bright is strong.",
            "What the {n} filters of this layer answer; bright is strong.",
            len(found.maps),
        )
    ]
    if found.kernels is not None:
        parts.append(tr("The small picture in each corner is what the filter looks for."))
    if found.step is not None:
        parts.append(tr("With the best weights so far, of batch {step}.", step=f"{found.step:,}"))
    return " ".join(parts)


def _grey(values: NDArray[np.uint8]) -> QImage:
    height, width = values.shape
    content = np.ascontiguousarray(values)
    return QImage(content.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def _coloured(values: NDArray[np.uint8]) -> QImage:
    height, width = values.shape[:2]
    content = np.ascontiguousarray(values)
    return QImage(content.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
