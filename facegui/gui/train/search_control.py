"""Opens the search window for the settings of the Train page."""

from __future__ import annotations

from PySide6.QtCore import QObject

from facegui.gui.context import AppContext
from facegui.gui.preload import FOR_SEARCH, Preload
from facegui.gui.train.settings import SettingsPanel


class SearchControl(QObject):
    """Lives as long as the panel whose button it answers."""

    def __init__(self, context: AppContext, settings: SettingsPanel) -> None:
        super().__init__(settings)
        self._context = context
        self._settings = settings
        self._parts = Preload(FOR_SEARCH, self)
        settings.search_requested.connect(lambda: self._parts.then(self._open))

    def _open(self) -> None:
        from facegui.gui.train.search_dialog import SearchDialog

        if self._context.library is None:
            return
        settings = self._settings
        dialog = SearchDialog(self._context, settings, settings.window())
        dialog.chosen.connect(settings.show_config)
        self._context.library_changed.connect(dialog.close)
        dialog.show()
