"""Opens the augmentation window for the settings of the Train page."""

from __future__ import annotations

from PySide6.QtCore import QObject

from facegui.gui.context import AppContext
from facegui.gui.preload import FOR_AUGMENTATION, Preload
from facegui.gui.train.settings import SettingsPanel


class AugmentationControl(QObject):
    """Lives as long as the panel whose button it answers."""

    def __init__(self, context: AppContext, settings: SettingsPanel) -> None:
        super().__init__(settings)
        self._context = context
        self._settings = settings
        self._parts = Preload(FOR_AUGMENTATION, self)
        settings.augmentation_requested.connect(lambda: self._parts.then(self._open))

    def _open(self) -> None:
        from facegui.gui.train.augmentation_dialog import AugmentationDialog

        settings = self._settings
        if self._context.library is None:
            return
        dialog = AugmentationDialog(
            self._context, settings.choice, settings.config().augmentation, settings.window()
        )
        dialog.chosen.connect(settings.show_augmentation)
        dialog.open()
