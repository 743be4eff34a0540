"""Arrays to Qt images, on any thread."""

from __future__ import annotations

from PySide6.QtGui import QImage

from facegui.domain.entities import RgbImage


def to_qimage(image: RgbImage) -> QImage:
    """*image* as a QImage of its own memory, in the format that Qt paints fastest."""
    height, width = image.shape[:2]
    view = QImage(image.data, width, height, width * 3, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)
