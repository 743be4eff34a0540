"""Which part of a face spoke, laid over the face: one colour for, another against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from facegui.domain.text import tr
from facegui.gui.overlay import fitted

FOR, AGAINST = QColor("#ff7a00"), QColor("#1479ff")
"""Told apart by the colour-blind as well, on any skin."""

_LEAST_PX, _MOST_PX = 160, 260
_STRONGEST = 0.8  # opacity where the map has most to say
_BAR_PX, _GAP_PX = 8, 4
_ROLE = QPalette.ColorRole


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """A map as a picture, to be laid over the crop it is of.

    Attributes:
        most: the largest loss anywhere, in units of similarity; 0 where nothing speaks for it.
    """

    image: QImage
    most: float


def overlay(carried: NDArray[np.float32]) -> Heat:
    """The picture of a map (side, side); safe on any thread.

    Where the map is furthest from 0 it is as good as opaque, whatever its unit there.
    """
    furthest = float(np.abs(carried).max())
    share = carried / furthest if furthest > 0 else carried
    pixels = np.zeros((*carried.shape, 4), np.uint8)
    for colour, side in ((FOR, share > 0), (AGAINST, share < 0)):
        pixels[side, :3] = (colour.red(), colour.green(), colour.blue())
    pixels[..., 3] = np.round(np.abs(share) * 255 * _STRONGEST)
    height, width = carried.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return Heat(
        image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied),
        max(0.0, float(carried.max())),
    )


class HeatView(QWidget):
    """The crop as the network saw it, the map over it as strongly as is wished."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._crop = self._grey = QImage()
        self._heat: Heat | None = None
        self._strength = 1.0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(_LEAST_PX, _LEAST_PX)
        self.setAccessibleName(tr("The face as the network saw it"))

    @property
    def heat(self) -> Heat | None:
        """The map that is shown."""
        return self._heat

    def show_crop(self, crop: QImage) -> None:
        """Show *crop* without a map; a null image shows nothing."""
        self._crop, self._heat = crop, None
        self._grey = crop.convertToFormat(QImage.Format.Format_Grayscale8)
        self.update()

    def show_heat(self, heat: Heat) -> None:
        """Lay *heat* over the crop."""
        self._heat = heat
        self.update()

    def set_strength(self, percent: int) -> None:
        """How much of the map is seen: 0 shows the bare crop, 100 all of it."""
        self._strength = percent / 100
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(max(width, _LEAST_PX), _MOST_PX)

    def sizeHint(self) -> QSize:
        return QSize(_MOST_PX, _MOST_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        area = fitted(QRectF(0, 0, side, side).size(), QRectF(self.rect()))
        area.moveLeft(0)
        painter.fillRect(area, self.palette().color(_ROLE.Midlight))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._crop.isNull():
            painter.drawImage(area, self._crop)
        if self._heat is not None:
            painter.setOpacity(self._strength)
            painter.drawImage(area, self._grey)  # skin has a colour of its own
            painter.drawImage(area, self._heat.image)


class HeatLegend(QWidget):
    """What the colours mean: a bar from *against* to *for*, with both words below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_BAR_PX + _GAP_PX + self.fontMetrics().height())
        self.setMaximumWidth(_MOST_PX)
        self.setAccessibleName(tr("Orange speaks for the name, blue against it"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, 0, self.width(), _BAR_PX)
        middle = self.palette().color(_ROLE.Midlight)
        shades = QLinearGradient(bar.topLeft(), QPointF(bar.right(), bar.top()))
        for place, colour in ((0.0, AGAINST), (0.5, middle), (1.0, FOR)):
            shades.setColorAt(place, colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shades)
        painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
        painter.setPen(self.palette().color(_ROLE.WindowText))
        below = QRectF(self.rect()).adjusted(0, _BAR_PX + _GAP_PX, 0, 0)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), tr("speaks against"))
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), tr("speaks for"))
