"""The chart for other programs: a picture, a drawing, a table. What is given back are files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from facegui.domain.text import tr
from facegui.gui.train.chart.layers import Layer
from facegui.gui.train.chart.series import (
    ACCURACY,
    EPOCH,
    LOSS,
    RATE,
    SECONDS,
    SMOOTH_ACCURACY,
    SMOOTH_LOSS,
    STEP,
    Side,
)

PICTURE_SCALE = 2.0
"""Pixels of the picture for one of the screen, so that it can be printed."""

PaintOn = Callable[[QPainter, QRectF], object]
Row = tuple[str, ...]


def png(size: QSize, back: QColor, paint: PaintOn) -> bytes:
    """The chart as *paint* draws it in *size*, at twice the resolution."""
    image = QImage(size * PICTURE_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_SCALE)
    image.fill(back)
    painter = QPainter(image)
    paint(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def svg(size: QSize, back: QColor, paint: PaintOn) -> bytes:
    """The same as a drawing of lines and words."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    area = QRectF(0, 0, size.width(), size.height())
    generator.setSize(size)
    generator.setViewBox(area)
    generator.setTitle(tr("Learning curves"))
    painter = QPainter(generator)
    painter.fillRect(area, back)
    paint(painter, area)
    painter.end()
    return bytes(buffer.data().data())


def rows(layers: Sequence[Layer]) -> list[Row]:
    """A row for each batch of each run; the validation stands in that of its epoch's last batch."""
    head: Row = (
        "run", "batch", "epoch", "seconds", "learning_rate", "loss", "accuracy",
        "smoothed_loss", "smoothed_accuracy", "validation_loss", "validation_accuracy",
    )  # fmt: skip
    found = [head]
    for layer in layers:
        checked = {
            row[STEP]: (f"{row[LOSS]:.6g}", f"{row[ACCURACY] / 100:.6g}")
            for row in layer.curves.table(Side.VALIDATION).tolist()
        }
        found += [_row(layer, row, checked) for row in layer.curves.table(Side.TRAIN).tolist()]
    return found


def _row(layer: Layer, row: Sequence[float], checked: Mapping[float, Row]) -> Row:
    return (
        layer.title,
        f"{row[STEP]:.0f}",
        f"{row[EPOCH]:.0f}",
        f"{row[SECONDS]:.3f}",
        f"{row[RATE]:.6g}",
        f"{row[LOSS]:.6g}",
        f"{row[ACCURACY] / 100:.6g}",
        f"{row[SMOOTH_LOSS]:.6g}",
        f"{row[SMOOTH_ACCURACY] / 100:.6g}",
        *checked.get(row[STEP], ("", "")),
    )
