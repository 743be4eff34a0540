"""Lists in and out: what other programs know of photos, and what they may know of ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from facegui.domain.text import tr
from facegui.gui.collect.manifests_export import ExportCard
from facegui.gui.collect.manifests_import import ImportCard
from facegui.gui.collect.view import CollectView
from facegui.gui.context import AppContext
from facegui.services.collecting.manifests import is_manifest


class ManifestsView(CollectView):
    """Import on the left, export on the right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.coming = ImportCard(context)
        self.going = ExportCard(context)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addWidget(self.coming, 3)
        row.addWidget(self.going, 2)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        context.library_changed.connect(lambda _: self.coming.clear())

    def drop(self, paths: list[Path]) -> bool:
        if not all(is_manifest(path) for path in paths):
            return False
        self.coming.read(paths)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return ((tr("Ctrl+L"), tr("Choose a list")), (tr("Ctrl+E"), tr("Export")))
