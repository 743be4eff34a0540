"""Opens the window about the line between a name and *unknown*, from wherever it is asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from facegui.gui.context import AppContext
from facegui.gui.preload import FOR_UNKNOWN, Preload


class UnknownActions(QObject):
    """Its parts are loaded when they are first wanted."""

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._parts = Preload(FOR_UNKNOWN, self)
        context.unknown_requested.connect(self.show_line_of)

    def show_line_of(self, model: Path) -> None:
        """Show the line of the model at *model*."""
        self._parts.then(partial(self._open, model))

    def _open(self, model: Path) -> None:
        from facegui.gui.unknown.dialog import UnknownDialog

        UnknownDialog(self._context, model, self._window).open()
