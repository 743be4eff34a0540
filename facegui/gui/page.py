"""The contract between the main window and its pages."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from facegui.gui.context import AppContext


class Page(QWidget):
    """One place in the sidebar.

    Attributes:
        title: shown in the sidebar.
        icon_name: file in ``resources/icons`` without its ending.
        needs_library: greyed out while no library is open.
    """

    title: str
    icon_name: str
    needs_library = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def activate(self) -> None:
        """The page has come to the front."""

    def drop(self, paths: list[Path]) -> bool:
        """Take files dropped on the window while this page is in front; False to import them."""
        return False
