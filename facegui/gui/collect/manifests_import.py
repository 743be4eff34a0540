"""The card that imports lists: choose, look at what is in them, take it over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from facegui.domain.control import Control
from facegui.domain.errors import FaceGuiError
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.collect.manifests_parts import heading, note
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.collecting.manifests import (
    Manifest,
    ManifestReport,
    ManifestRequest,
    import_manifest,
    read_manifest,
)

_ROWS_SHOWN = 100
_PROBLEMS_SHOWN = 200
_PROBLEMS_PX = 120
_TABLE_PX = 320


class ImportCard(QFrame):
    """Shows the first photos of a list and what is wrong with it before anything is imported."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context = context
        self._request: ManifestRequest | None = None
        self._generation = 0
        self.choose = QPushButton(tr("Choose a list…"))
        self.choose.setToolTip(tr("Ctrl+L"))
        self.summary = note(
            tr(
                "CSV with path, name and label; COCO or labelme JSON with boxes. A list may "
                "also be dropped here."
            )
        )
        self.table = _table()
        self.problems = QListWidget()
        self.problems.setAccessibleName(tr("What cannot be used"))
        self.problems.setWordWrap(True)
        self.problems.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.take = QPushButton(tr("Import"))
        self.take.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self._assemble()
        self.choose.clicked.connect(self._choose)
        self.take.clicked.connect(self.import_now)
        QShortcut(QKeySequence("Ctrl+L"), self, self._choose)
        self.clear()

    def _assemble(self) -> None:
        self.problems.setMaximumHeight(_PROBLEMS_PX)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.take)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(heading(tr("Import a list")))
        column.addWidget(self.summary)
        column.addLayout(row)
        column.addWidget(self.table)
        column.addWidget(self.problems)
        column.addStretch(1)

    def clear(self) -> None:
        """Forget the list that was chosen."""
        self._generation += 1
        self._request = None
        self.take.hide()
        self.table.setRowCount(0)
        self.table.hide()
        self.problems.hide()

    # Choosing and looking

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(
            self, tr("Choose a list"), "", tr("Lists (*.csv *.tsv *.txt *.json);;All files (*)")
        )
        if chosen:
            self.read([Path(path) for path in chosen])

    def read(self, paths: Sequence[Path]) -> None:
        """Read lists and show what they say; nothing is imported yet."""
        self.clear()
        generation = self._generation
        request = ManifestRequest(tuple(paths))
        self.summary.setText(tr("Reading {files}…", files=_names(paths)))

        def job(control: Control) -> object:
            return read_manifest(request, control)

        task = self._context.lanes.start(job, tr("Reading lists"), Lane.QUERY, visible=True)
        task.done.connect(partial(self._show, generation, request))
        task.failed.connect(self._failed)
        task.cancelled.connect(lambda: self.summary.setText(tr("Stopped.")))

    def _show(self, generation: int, request: ManifestRequest, manifest: Manifest) -> None:
        if generation != self._generation:
            return
        self._request = request
        self.take.setVisible(bool(manifest.photos))
        self.take.setEnabled(True)
        self.summary.setText(f"{_names(request.paths)}: {_told(manifest)}")
        self._fill_table(manifest)
        self.problems.clear()
        shown = manifest.problems[:_PROBLEMS_SHOWN]
        self.problems.addItems([f"⚠ {problem}" for problem in shown])
        more = len(manifest.problems) - len(shown)
        if more:
            self.problems.addItem(trn("{n} more", "{n} more", more))
        self.problems.setVisible(bool(shown))

    def _fill_table(self, manifest: Manifest) -> None:
        photos = manifest.photos[:_ROWS_SHOWN]
        self.table.setRowCount(len(photos))
        for row, photo in enumerate(photos):
            names = dict.fromkeys(region.name or tr("nobody") for region in photo.regions)
            cells = (
                photo.path,
                photo.person or ", ".join(names),
                f"{len(photo.regions):,}" if photo.regions else "–",
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == len(cells) - 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(photos))

    def _failed(self, error: object) -> None:
        message = error.message if isinstance(error, FaceGuiError) else tr("An error ended it.")
        self.summary.setText(message)

    # Importing

    def import_now(self) -> None:
        """Bring the photos of the list that is shown into the library, and scan them."""
        library, request = self._context.library, self._request
        if library is None or request is None:
            return
        self.take.setEnabled(False)

        def job(control: Control) -> object:
            return import_manifest(library, request, control)

        task = self._context.lanes.start(job, tr("Importing"), Lane.LONG, visible=True)
        task.partial_arrived.connect(
            lambda ids: self._context.rows_changed.emit(Change(None, photo_ids=ids))
        )
        task.done.connect(self._imported)
        task.failed.connect(self._failed)

    def _imported(self, report: object) -> None:
        assert isinstance(report, ManifestReport)
        self.clear()
        parts = [trn("{n} photo came in", "{n} photos came in", len(report.added_ids))]
        if report.known:
            parts.append(trn("{n} was known", "{n} were known", report.known))
        if report.problems:
            parts.append(
                trn(
                    "{n} entry was passed over",
                    "{n} entries were passed over",
                    len(report.problems),
                )
            )
        self.summary.setText(", ".join(parts) + ".")
        self._context.scan_requested.emit()


def _table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setAccessibleName(tr("The first photos of the list"))
    table.setHorizontalHeaderLabels([tr("Photo"), tr("Shows"), tr("Boxes")])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setWordWrap(False)
    table.setMaximumHeight(_TABLE_PX)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    boxes = table.horizontalHeaderItem(2)
    assert boxes is not None
    boxes.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return table


def _names(paths: Sequence[Path]) -> str:
    return paths[0].name if len(paths) == 1 else trn("{n} list", "{n} lists", len(paths))


def _told(manifest: Manifest) -> str:
    parts = [trn("{n} photo", "{n} photos", len(manifest.photos))]
    if manifest.faces:
        parts.append(trn("{n} box", "{n} boxes", manifest.faces))
    if manifest.problems:
        parts.append(
            trn("{n} entry cannot be used", "{n} entries cannot be used", len(manifest.problems))
        )
    if len(manifest.photos) > _ROWS_SHOWN:
        parts.append(tr("the first {n} are shown", n=_ROWS_SHOWN))
    return ", ".join(parts) + "."
