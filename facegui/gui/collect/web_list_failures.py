"""What gave no photo and why: a table by reason, with what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.domain.web_list import TEMPORARY, BadRow, FetchResult, WebPhoto
from facegui.gui.collect.web_list_table import table_of

Index = QModelIndex | QPersistentModelIndex

PERSON, ADDRESS, REASON = range(3)
_PERSON_PX = 90


def words(result: FetchResult) -> str:
    """*result* in the owner's language."""
    return {
        FetchResult.DONE: tr("Downloaded"),
        FetchResult.GONE: tr("Gone"),
        FetchResult.REFUSED: tr("Refused for safety"),
        FetchResult.NOT_A_PICTURE: tr("Not a picture"),
        FetchResult.TOO_LARGE: tr("Too large"),
        FetchResult.QUARANTINED: tr("Another picture (quarantined)"),
        FetchResult.UNREACHABLE: tr("Not reached"),
        FetchResult.TIMED_OUT: tr("Too slow"),
        FetchResult.BUSY: tr("Server in trouble"),
    }[result]


class FailuresModel(QAbstractTableModel):
    """Failed addresses, all or those with one result; then the malformed lines.

    Signals:
        counts_changed: there are more or fewer failures of some kind.
    """

    counts_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: dict[str, WebPhoto] = {}
        self._bad: Sequence[BadRow] = ()
        self._only: FetchResult | None = None
        self._shown: list[WebPhoto] = []
        self._places: dict[str, int] = {}
        self.counts: Counter[FetchResult] = Counter()

    def show(self, failures: Iterable[WebPhoto], bad_rows: Sequence[BadRow]) -> None:
        """Replace all rows."""
        self._all = {photo.url: photo for photo in failures}
        self._bad = bad_rows
        self.counts = Counter(photo.result for photo in self._all.values())
        self._show_anew()
        self.counts_changed.emit()

    def filter(self, only: FetchResult | None) -> None:
        """Show failures with this result only; None for everything."""
        self._only = only
        self._show_anew()

    def before(self, url: str) -> FetchResult | None:
        """How the address failed earlier, if it did."""
        photo = self._all.get(url)
        return None if photo is None else photo.result

    def take(self, photos: Iterable[WebPhoto]) -> None:
        """What has become of some addresses; those that are fetched now are failures no more."""
        fresh: list[WebPhoto] = []
        rebuild = False
        for photo in photos:
            earlier = self._all.pop(photo.url, None)
            if earlier is not None:
                self.counts[earlier.result] -= 1
                rebuild = rebuild or photo.url in self._places
            if photo.result is not FetchResult.DONE:
                self._all[photo.url] = photo
                self.counts[photo.result] += 1
                fresh.append(photo)
        if rebuild:
            self._show_anew()
        else:
            self._append([photo for photo in fresh if self._fits(photo)])
        self.counts_changed.emit()

    def photo(self, row: int) -> WebPhoto | None:
        """The failure in *row*; None where that is a malformed line."""
        return self._shown[row] if row < len(self._shown) else None

    def _fits(self, photo: WebPhoto) -> bool:
        return self._only is None or photo.result is self._only

    def _show_anew(self) -> None:
        self.beginResetModel()
        self._shown = [photo for photo in self._all.values() if self._fits(photo)]
        self._places = {photo.url: row for row, photo in enumerate(self._shown)}
        self.endResetModel()

    def _append(self, photos: list[WebPhoto]) -> None:
        if not photos:
            return
        first = len(self._shown)
        self.beginInsertRows(QModelIndex(), first, first + len(photos) - 1)
        self._shown += photos
        self._places.update((photo.url, first + n) for n, photo in enumerate(photos))
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        if parent.isValid():
            return 0
        return len(self._shown) + (len(self._bad) if self._only is None else 0)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else REASON + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in {
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        }:
            return None
        photo = self.photo(index.row())
        if photo is None:
            bad = self._bad[index.row() - len(self._shown)]
            place = tr("{list}, line {line}", list=bad.list_name, line=f"{bad.line:,}")
            return ("", place, tr("Malformed: {reason}", reason=bad.reason))[index.column()]
        return (photo.person, photo.url, photo.reason)[index.column()]

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Person"), tr("Address"), tr("Why there is no photo"))[section]
        return None


class FailuresPanel(QWidget):
    """The table with its filter, *Try again*, *Save as CSV* and *Show the picture*.

    Signals:
        again_requested: try these results again, a frozenset of `FetchResult`.
        export_requested: save the failures.
        file_requested: show this quarantined file (relative to the library).
    """

    again_requested = Signal(object)
    export_requested = Signal()
    file_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FailuresModel(self)
        self.model.counts_changed.connect(self._count)
        self._idle = True
        self.reasons = QComboBox()
        self.reasons.setAccessibleName(tr("Which failures are shown"))
        self.reasons.addItem("", None)
        for result in FetchResult:
            if result is not FetchResult.DONE:
                self.reasons.addItem("", result)
        self.reasons.currentIndexChanged.connect(self._filter)
        self.again = QPushButton(tr("Try again"))
        self.again.clicked.connect(lambda: self.again_requested.emit(self.worth_trying()))
        self.export = QPushButton(tr("Save as CSV…"))
        self.export.clicked.connect(self.export_requested)
        self.picture = QPushButton(tr("Show the picture"))
        self.picture.setToolTip(tr("Open the quarantined picture that is chosen in the table"))
        self.picture.clicked.connect(self._ask_for_file)
        self.table = _table(self.model)
        self.table.selectionModel().currentChanged.connect(self._update)
        self._lay_out()
        self._count()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("No photo")))
        top.addWidget(self.reasons, 1)
        below = QHBoxLayout()
        for button in (self.again, self.picture, self.export):
            below.addWidget(button)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(below)

    def set_idle(self, *, idle: bool) -> None:
        """Whether something may be tried again now."""
        self._idle = idle
        self._update()

    def worth_trying(self) -> frozenset[FetchResult]:
        """What *Try again* means: the reason that is shown, or all that may have passed."""
        shown = self.reasons.currentData()
        wanted = TEMPORARY if shown is None else {shown} - {FetchResult.REFUSED}
        return frozenset(result for result in wanted if self.model.counts[result] > 0)

    def _filter(self) -> None:
        self.model.filter(self.reasons.currentData())
        self._update()

    def _count(self) -> None:
        counts = self.model.counts
        for row in range(self.reasons.count()):
            result = self.reasons.itemData(row)
            text = tr("All reasons") if result is None else words(result)
            number = counts.total() if result is None else counts[result]
            self.reasons.setItemText(row, f"{text} ({number:,})")
        self._update()

    def _update(self) -> None:
        self.again.setEnabled(self._idle and bool(self.worth_trying()))
        self.export.setEnabled(self.model.counts.total() > 0)
        photo = self._current()
        self.picture.setEnabled(photo is not None and bool(photo.file))

    def _current(self) -> WebPhoto | None:
        index = self.table.currentIndex()
        return self.model.photo(index.row()) if index.isValid() else None

    def _ask_for_file(self) -> None:
        photo = self._current()
        if photo is not None:
            self.file_requested.emit(Path(photo.file))


def _table(model: FailuresModel) -> QTableView:
    table = table_of(model, tr("Addresses that gave no photo"), ADDRESS)
    header = table.horizontalHeader()
    header.resizeSection(PERSON, _PERSON_PX)
    header.setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
    return table
