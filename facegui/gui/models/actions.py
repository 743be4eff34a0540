"""What the owner can do about models from anywhere in the window: menu, status bar and drops."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from facegui.gui.context import AppContext
from facegui.gui.models.arrival import offer_bundle
from facegui.gui.preload import FOR_MODELS, Preload


class ModelActions(QObject):
    """Opens the windows about models, whose parts are loaded when they are first wanted."""

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._parts = Preload(FOR_MODELS, self)
        context.models_requested.connect(self.manage)

    def manage(self) -> None:
        """Show the list of models."""
        self._parts.then(self._manage)

    def compare(self) -> None:
        """Show two models side by side."""
        self._parts.then(self._compare)

    def give(self) -> None:
        """Show how other programs can use the model in use; without one, the list of models."""
        self._parts.then(self._give if self._context.model.card else self._manage)

    def offer(self, path: Path) -> None:
        """Ask what to do with the model file at *path*."""
        offer_bundle(self._context, path, self._window)

    def _give(self) -> None:
        from facegui.gui.export_model.dialog import OtherProgramsDialog

        card = self._context.model.card
        if card is not None:  # it may have gone while the parts were loaded
            OtherProgramsDialog(self._context, card, self._window).open()

    def _manage(self) -> None:
        from facegui.gui.models.dialog import ModelsDialog

        ModelsDialog(self._context, self._window).open()

    def _compare(self) -> None:
        from facegui.gui.models.compare_dialog import CompareModelsDialog

        CompareModelsDialog(self._context, parent=self._window).open()
