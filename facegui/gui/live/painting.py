"""Boxes and names painted into a picture that is kept; works on any thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QGuiApplication, QImage, QPainter

from facegui.domain.entities import RgbImage
from facegui.gui.live.words import face_label
from facegui.gui.overlay import Placement, paint_faces
from facegui.services.recognising.live_watch import SeenFace

_SMALLEST_TEXT_PX = 13
_LINES = 32  # text lines that the picture is high


def with_names(image: QImage, faces: Sequence[SeenFace]) -> RgbImage:
    """A copy of *image*, never mirrored, with the boxes and names of *faces*."""
    picture = image.convertToFormat(QImage.Format.Format_RGB888)
    painter = QPainter(picture)
    font = QFont(QGuiApplication.font())
    font.setPixelSize(max(_SMALLEST_TEXT_PX, picture.height() // _LINES))
    painter.setFont(font)
    area = QRectF(picture.rect())
    paint_faces(painter, Placement(area.size(), area), faces, label=face_label)
    painter.end()
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1)
    width = 3 * picture.width()
    return rows[:, :width].reshape(picture.height(), picture.width(), 3).copy()
