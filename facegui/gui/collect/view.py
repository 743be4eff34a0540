"""The contract between the Collect page and its views, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from facegui.gui.context import AppContext


class CollectView(QWidget):
    """One kind of source; `facegui.gui.collect.page` lists them. A library is open while shown."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def activate(self) -> None:
        """The view has come to the front."""

    def leave(self) -> None:
        """The view goes to the back, or the window is closing: let go of cameras and timers."""

    def drop(self, paths: list[Path]) -> bool:  # noqa: ARG002 - a default
        """Take files dropped while this view is in front; False to import them."""
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        """This view's keys for the sheet on F1: (key, what it does)."""
        return ()
