"""Looking at what a widget painted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Height × width × 3, red green blue."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def count(image: QImage, colour: QColor, within: int = 12) -> int:
    """Pixels of about *colour*."""
    difference = pixels(image).astype(int) - (colour.red(), colour.green(), colour.blue())
    return int((np.abs(difference).max(axis=2) < within).sum())
