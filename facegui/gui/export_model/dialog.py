"""The window of Models › Use in other programs: files for them, or answers over HTTP."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.collect.manifests_parts import note
from facegui.gui.context import AppContext
from facegui.gui.export_model.export_view import ExportView
from facegui.gui.export_model.serve_view import ServeView
from facegui.gui.models.words import some_names
from facegui.services.runs.model_cards import ModelCard

_SIZE_PX = (760, 520)
_MINIMUM_PX = (640, 480)


class OtherProgramsDialog(QDialog):
    """Two ways for one model; both end with the window."""

    def __init__(self, context: AppContext, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Use in other programs"))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(*_SIZE_PX)
        self.export = ExportView(context, card.path)
        self.serve = ServeView(context, card.path)
        self._tabs = QTabWidget()
        self._tabs.addTab(self.export, tr("&Files for other programs"))
        self._tabs.addTab(self.serve, tr("&Answer over HTTP"))
        self._assemble(card)

    def _assemble(self, card: ModelCard) -> None:
        name = card.title or card.network
        known = tr("{model} knows {people}.", model=name, people=some_names(card.people))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(note(known))
        column.addWidget(self._tabs, 1)
        column.addWidget(buttons)

    def done(self, result: int) -> None:
        """However it is closed, an export and the answers end."""
        self.export.stop()
        self.serve.stop()
        super().done(result)
