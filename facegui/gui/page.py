"""The contract between the main window and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from facegui.gui.context import AppContext


class Page(QWidget):
    """What one place of the sidebar shows; `facegui.gui.pages` lists the places."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def activate(self) -> None:
        """The page has come to the front."""

    def leave(self) -> None:
        """The window is closing: stop what runs on a timer."""

    def drop(self, paths: list[Path]) -> bool:  # noqa: ARG002 - a default
        """Take files dropped on the window while this page is in front; False to import them."""
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        """This page's keys for the sheet on F1: (key, what it does)."""
        return ()
