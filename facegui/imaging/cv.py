"""The one place that imports OpenCV; others say ``from facegui.imaging.cv import cv2``.

Importing OpenCV's wheel points ``QT_QPA_PLATFORM_PLUGIN_PATH`` and ``QT_QPA_FONTDIR`` at the Qt it
bundles for its own windows, which would make PySide6 load foreign plugins and abort. Both are put
back at once.

OpenCV gets one thread: the program works on several photos at a time, and one thread in each beats
several threads that wait for each other inside one small network.
"""

from __future__ import annotations

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2  # noqa: E402 - the variables have to be read first

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

cv2.setNumThreads(1)
# Its chatter on standard error (such as a target its new graph engine does not know) helps nobody.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)

__all__ = ["cv2"]
