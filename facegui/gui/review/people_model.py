"""The rows of the list of people: who, how many faces, which key; and what may be dropped where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from facegui.domain.entities import Person
from facegui.domain.queries import StateCounts
from facegui.domain.text import tr

FACES_MIME = "application/x-facegui-faces"
"""What the grid drags: whatever a step would be about."""

_PERSON_MIME = "application/x-facegui-person"

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list; *person* is None for everybody together.

    Attributes:
        suggested: faces without a name that may be this person's.
    """

    person: Person | None
    counts: StateCounts
    suggested: int = 0

    @property
    def name(self) -> str:
        """What the line says."""
        return self.person.name if self.person else tr("Everyone")

    @property
    def note(self) -> str:
        """What is to be done yet, and what is not theirs; empty where there is neither."""
        parts = (
            (self.suggested, tr("{n} suggested", n=f"{self.suggested:,}")),
            (self.counts.rejected, tr("{n} rejected", n=f"{self.counts.rejected:,}")),
        )
        return " · ".join(text for count, text in parts if count)


class PeopleModel(QAbstractListModel):
    """Everybody together, then each person; UserRole gives the `PersonRow`.

    Nothing changes here before it is written: names, the order and faces are asked for by signals.

    Signals:
        renamed: a person's id and the name they shall have.
        moved: a person's id and the place (from 0) they shall have.
        faces_dropped: the id of the person that the faces dragged from the grid are.
    """

    renamed = Signal(int, str)
    moved = Signal(int, int)
    faces_dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PersonRow] = []
        self._covers: dict[int, QPixmap] = {}
        self._suggested: Mapping[int, int] = {}

    def show_covers(self, covers: Mapping[int, QImage]) -> None:
        """Show these faces, by person; people without one have their colour alone."""
        self._covers = {person: QPixmap.fromImage(image) for person, image in covers.items()}
        self._changed(Qt.ItemDataRole.DecorationRole)

    def show_suggested(self, counts: Mapping[int, int]) -> None:
        """Show to how many faces each person is suggested."""
        self._suggested = dict(counts)
        self._rows = [self._row(row.person, row.counts) for row in self._rows]
        self._changed(Qt.ItemDataRole.UserRole)

    def _changed(self, role: Qt.ItemDataRole) -> None:
        last = self.index(len(self._rows) - 1, 0)
        self.dataChanged.emit(self.index(0, 0), last, [role])

    def _row(self, person: Person | None, counts: StateCounts) -> PersonRow:
        return PersonRow(person, counts, self._suggested.get(person.id, 0) if person else 0)

    def show(self, people: Sequence[Person], counts: dict[int, StateCounts], faces: int) -> None:
        """Replace all rows; *faces* is how many there are with and without a name."""
        self.beginResetModel()
        nothing = StateCounts(0, 0, 0)
        self._rows = [self._row(None, StateCounts(faces, 0, 0))]
        self._rows += [self._row(person, counts.get(person.id, nothing)) for person in people]
        self.endResetModel()

    def row_of(self, person_id: int | None) -> int:
        """The row of a person; everybody's for None and for somebody who is gone."""
        rows = (n for n, row in enumerate(self._rows) if row.person and row.person.id == person_id)
        return next(rows, 0)

    def person(self, index: Index) -> Person | None:
        """Who is in a row; None for everybody."""
        return self._rows[index.row()].person if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags | Qt.ItemFlag.ItemIsDropEnabled  # between the rows
        if self.person(index) is None:
            return flags
        flag = Qt.ItemFlag
        return flags | flag.ItemIsEditable | flag.ItemIsDragEnabled | flag.ItemIsDropEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.name
            case Qt.ItemDataRole.UserRole:
                return row
            case Qt.ItemDataRole.DecorationRole if row.person:
                return self._covers.get(row.person.id)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole if row.person:
                return tr(
                    "{name}: {kept} kept, {suggested} suggested, {rejected} rejected, "
                    "{ignored} ignored",
                    name=row.name,
                    kept=row.counts.kept,
                    suggested=row.suggested,
                    rejected=row.counts.rejected,
                    ignored=row.counts.ignored,
                )
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        person, name = self.person(index), str(value).strip()
        if role != Qt.ItemDataRole.EditRole or person is None or name in ("", person.name):
            return False
        self.renamed.emit(person.id, name)
        return False  # the row changes when the library has

    # dragging

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [_PERSON_MIME, FACES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        for person in filter(None, map(self.person, indexes)):
            data.setData(_PERSON_MIME, str(person.id).encode())
        return data

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index
    ) -> bool:
        """Faces go onto a person, a person between two others."""
        if data.hasFormat(FACES_MIME):
            return self.person(parent) is not None
        return data.hasFormat(_PERSON_MIME) and row > 0

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if self.canDropMimeData(data, action, row, column, parent):
            person = self.person(parent)
            if person is not None:
                self.faces_dropped.emit(person.id)
            else:
                self._drop_person(int(data.data(_PERSON_MIME).data()), row)
        return False  # the rows change when the library has

    def _drop_person(self, person_id: int, before: int) -> None:
        """*before* counts rows with the one that is dragged, a place counts without it."""
        here = self.row_of(person_id)
        place = before - 1 if before <= here else before - 2
        if place != here - 1:
            self.moved.emit(person_id, place)
