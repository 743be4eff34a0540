"""The people at the left: who there is, how many faces each has, whose key is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import Person
from facegui.domain.queries import StateCounts
from facegui.domain.text import tr

_ROW_PX = 28
_KEYS = 9
_FLAG = Qt.AlignmentFlag

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list; *person* is None for everybody together."""

    person: Person | None
    counts: StateCounts
    number: int | None

    @property
    def name(self) -> str:
        """What the line says."""
        return self.person.name if self.person else tr("Everyone")


class PeopleModel(QAbstractListModel):
    """Everybody together, then each person; UserRole gives the `PersonRow`.

    Names can be edited; a new one is asked for with `renamed`, and shows once it is written.

    Signals:
        renamed: a person's id and the name they shall have.
    """

    renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PersonRow] = []

    def show(self, people: Sequence[Person], counts: dict[int, StateCounts], faces: int) -> None:
        """Replace all rows; *faces* is how many there are with and without a name."""
        self.beginResetModel()
        nothing = StateCounts(0, 0, 0)
        self._rows = [PersonRow(None, StateCounts(faces, 0, 0), None)]
        for place, person in enumerate(people):
            number = place + 1 if place < _KEYS else None
            self._rows.append(PersonRow(person, counts.get(person.id, nothing), number))
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
        return flags | Qt.ItemFlag.ItemIsEditable if self.person(index) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.name
            case Qt.ItemDataRole.UserRole:
                return row
            case Qt.ItemDataRole.ToolTipRole if row.person:
                return tr(
                    "{name}: {kept} kept, {rejected} rejected, {ignored} ignored",
                    name=row.name,
                    kept=row.counts.kept,
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


class _PersonDelegate(QStyledItemDelegate):
    """Colour, name, number of kept faces, and the key that assigns the person."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, max(_ROW_PX, option.fontMetrics.height() + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PersonRow = index.data(Qt.ItemDataRole.UserRole)
        palette, area = option.palette, option.rect.adjusted(6, 0, -8, 0)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 6, 6)
        if row.person is not None:
            painter.setBrush(QColor(row.person.colour))
            painter.drawEllipse(QRect(area.left() + 2, area.center().y() - 4, 10, 10))
        role = QPalette.ColorRole
        text = palette.color(role.HighlightedText if chosen else role.Text)
        faint = palette.color(role.HighlightedText if chosen else role.PlaceholderText)
        metrics, count = option.fontMetrics, f"{row.counts.kept:,}"
        painter.setPen(faint)
        key_width = metrics.horizontalAdvance("9") + 10
        if row.number is not None:
            key = QRect(area.right() - key_width + 5, area.top(), key_width - 4, area.height())
            frame = QRect(key.left(), area.center().y() - 7, key.width(), 16)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 3, 3)
            painter.drawText(frame, _FLAG.AlignCenter, str(row.number))
        right = area.right() - key_width - 2
        painter.drawText(
            QRect(area.left(), area.top(), right - area.left(), area.height()),
            _FLAG.AlignRight | _FLAG.AlignVCenter,
            count,
        )
        painter.setPen(text)
        left = area.left() + (20 if row.person else 4)
        width = right - left - metrics.horizontalAdvance(count) - 10
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, area.top(), width, area.height()), _FLAG.AlignVCenter, name)
        painter.restore()


class _PeopleList(QListView):
    """A list that leaves letters to the page: they are steps there, not a search for a name."""

    @property
    def editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() is QListView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isalnum() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)


class PeoplePanel(QFrame):
    """The list of people, and a field to add one.

    Signals:
        person_chosen: an id to filter by, or None for everybody.
        person_added: a name for somebody new.
        person_renamed: an id and a new name.
    """

    person_chosen = Signal(object)
    person_added = Signal(str)
    person_renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people: tuple[Person, ...] = ()
        self._chosen_id: int | None = None
        self._model = PeopleModel(self)
        self._model.renamed.connect(self.person_renamed)
        self._list = _PeopleList()
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_PersonDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setEditTriggers(
            QListView.EditTrigger.EditKeyPressed | QListView.EditTrigger.DoubleClicked
        )
        self._list.setAccessibleName(tr("People"))
        self._list.selectionModel().currentChanged.connect(self._chosen)
        title = QLabel(tr("People"))
        title.setContentsMargins(10, 10, 0, 2)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        self._field = QLineEdit()
        self._field.setPlaceholderText(tr("Add a person"))
        self._field.returnPressed.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self._list, 1)
        column.addWidget(self._field)

    def show_people(
        self, people: Sequence[Person], counts: dict[int, StateCounts], faces: int
    ) -> None:
        """List *people*; whoever was chosen stays so, and a name that is being typed."""
        if self._list.editing:
            return
        self.people = tuple(people)
        self._model.show(people, counts, faces)
        self._list.setCurrentIndex(self._model.index(self._model.row_of(self._chosen_id), 0))

    def choose(self, person_id: int | None) -> None:
        """Choose a person, or everybody."""
        self._list.setCurrentIndex(self._model.index(self._model.row_of(person_id), 0))

    def _chosen(self, index: QModelIndex) -> None:
        person = self._model.person(index)
        person_id = person.id if person else None
        if person_id != self._chosen_id:
            self._chosen_id = person_id
            self.person_chosen.emit(person_id)

    def _add(self) -> None:
        name = self._field.text().strip()
        if name:
            self._field.clear()
            self.person_added.emit(name)
