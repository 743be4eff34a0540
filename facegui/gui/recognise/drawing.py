"""Boxes and names drawn into copies of pictures, as the window shows them; on any thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from facegui.domain.entities import RgbImage
from facegui.domain.recognition import RecognisedFace
from facegui.gui.images import to_qimage
from facegui.gui.overlay import Placement, paint_faces

_DRAWN_FOR_PX = 1100
"""Longer side of a picture in which lines and letters have the size that the window gives them."""


def with_names(image: RgbImage, faces: Sequence[RecognisedFace]) -> RgbImage:
    """A copy of *image* with a box and a name for each of *faces*, larger in larger pictures."""
    canvas = to_qimage(image)
    scale = max(1.0, max(canvas.width(), canvas.height()) / _DRAWN_FOR_PX)
    painter = QPainter(canvas)
    painter.scale(scale, scale)
    area = QRectF(0, 0, canvas.width() / scale, canvas.height() / scale)
    paint_faces(painter, Placement(QSizeF(canvas.size()), area), faces)
    painter.end()
    return _pixels(canvas.convertToFormat(QImage.Format.Format_RGB888))


def _pixels(image: QImage) -> RgbImage:
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    rows = lines[:, : image.width() * 3]  # lines are padded to four bytes
    return rows.reshape(image.height(), image.width(), 3).copy()
