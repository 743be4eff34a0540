"""Imports what a scan needs a little at a time, between the turns of the event loop.

An import on a worker thread holds the interpreter for as long as a large extension module takes to
load, and the window with it. So the modules are imported here, one for each turn, as soon as a
library is open; a scan begins when they are there. A window without a library pays nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

MODULES = (
    "facegui.imaging.cv",
    "PIL.Image",
    "pillow_heif",
    "facegui.imaging.decode",
    "numpy.testing",
    "numpy.ma",
    "scipy",
    "numpy.f2py",  # which scipy pulls in
    "scipy.special",
    "scipy.fft",
    "scipy.fftpack",
    "facegui.duplicates.hashing",
    "facegui.detection.analyser",
    "facegui.services.scan",
    "facegui.services.thumbnails",
    "facegui.services.recognise",
)
_PAUSE_MS = 20


class Preload(QObject):
    """Imports `MODULES` in order, with a pause for the event loop after each."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._modules = list(MODULES)
        self._waiting: list[Callable[[], None]] = []
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._next)

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for the imports to be through."""
        return bool(self._waiting)

    def begin(self) -> None:
        """Start importing, unless that is done or under way."""
        if self._modules:
            self._timer.start()

    def then(self, act: Callable[[], None]) -> None:
        """Call *act* once everything is imported; at once if it is."""
        if self._modules:
            self._waiting.append(act)
            self.begin()
        else:
            act()

    def _next(self) -> None:
        importlib.import_module(self._modules.pop(0))
        if self._modules:
            return
        self._timer.stop()
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
