"""The people at the left: who there is, how many faces each has, whose key is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QFont,
    QImage,
    QKeyEvent,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
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
from facegui.gui.review.people_model import Index, PeopleModel, PersonRow

_PAD_PX = 10
_NOTE_SCALE = 0.88
_COVER_PX = 10  # its radius
_FLAG = Qt.AlignmentFlag


class _PersonDelegate(QStyledItemDelegate):
    """Colour, name, number of kept faces, the key that assigns the person; other counts below."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, 2 * option.fontMetrics.height() + _PAD_PX)

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
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 2))
            painter.drawRoundedRect(option.rect.adjusted(3, 2, -3, -2), 5, 5)
            painter.setPen(Qt.PenStyle.NoPen)
        if row.person is not None:
            cover = index.data(Qt.ItemDataRole.DecorationRole)
            _paint_cover(painter, QColor(row.person.colour), cover, area)
        role = QPalette.ColorRole
        text = palette.color(role.HighlightedText if chosen else role.Text)
        faint = palette.color(role.HighlightedText if chosen else role.PlaceholderText)
        metrics, count = option.fontMetrics, f"{row.counts.kept:,}"
        left = area.left() + (28 if row.person else 4)
        line = QRect(area)
        if row.note:
            line = QRect(area.left(), area.top() + _PAD_PX // 2, area.width(), metrics.height())
            painter.setPen(faint)
            _paint_note(painter, row.note, line.translated(0, line.height()), left)
        painter.setPen(faint)
        key_width = metrics.horizontalAdvance("9") + 10
        if row.person and row.person.key:
            frame = QRect(area.right() - key_width + 5, line.center().y() - 7, key_width - 4, 16)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 3, 3)
            painter.drawText(frame, _FLAG.AlignCenter, str(row.person.key))
        line.setRight(area.right() - key_width - 2)
        painter.drawText(line, _FLAG.AlignRight | _FLAG.AlignVCenter, count)
        painter.setPen(text)
        line.setLeft(left)
        line.setRight(line.right() - metrics.horizontalAdvance(count) - 10)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, _FLAG.AlignVCenter, name)
        painter.restore()


def _paint_note(painter: QPainter, note: str, line: QRect, left: int) -> None:
    """What else there is to say of a person, smaller."""
    font = painter.font()
    whole = QFont(font)
    font.setPointSizeF(font.pointSizeF() * _NOTE_SCALE)
    painter.setFont(font)
    line.setLeft(left)
    cut = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, _FLAG.AlignVCenter, cut)
    painter.setFont(whole)


def _paint_cover(painter: QPainter, colour: QColor, cover: QPixmap | None, area: QRect) -> None:
    """The person's face in a ring of their colour, or a dot of it where there is no cover."""
    centre = QPointF(area.left() + 11, area.center().y() + 1)
    if cover is None:
        painter.setBrush(colour)
        painter.drawEllipse(centre, 5, 5)
        return
    brush = QBrush(cover)
    scale = 2 * _COVER_PX / cover.width()
    corner = centre - QPointF(_COVER_PX, _COVER_PX)
    brush.setTransform(QTransform(scale, 0, 0, scale, corner.x(), corner.y()))
    painter.setBrush(brush)
    painter.setPen(QPen(colour, 2))
    painter.drawEllipse(centre, _COVER_PX, _COVER_PX)


class _PeopleList(QListView):
    """A list that leaves letters to the page: they are steps there, not a search for a name.

    Signals:
        menu_requested: the right button or the menu key, at a place on the screen.
        left: Enter or Esc; the faces shall have the keys.
    """

    menu_requested = Signal(QPoint)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        trigger = QListView.EditTrigger
        self.setEditTriggers(trigger.EditKeyPressed | trigger.DoubleClicked)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAccessibleName(tr("People"))

    @property
    def editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() is QListView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        if self.editing:  # a field passes on the key that ends it
            super().keyPressEvent(event)
        elif event.key() in (key.Key_Return, key.Key_Enter, key.Key_Escape):
            self.left.emit()
        elif _own_key(event) is not None or _is_letter(event):
            event.ignore()
        elif event.key() != key.Key_Delete:  # which would reject a face that is not looked at
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).center()
        elif not self.indexAt(place).isValid():
            return
        else:
            self.setCurrentIndex(self.indexAt(place))
        self.menu_requested.emit(self.viewport().mapToGlobal(place))


class PeoplePanel(QFrame):
    """The list of people, and a field to add one.

    Signals:
        person_chosen: an id to filter by, or None for everybody.
        person_added: a name for somebody new.
        person_renamed: an id and a new name.
        person_moved: an id and a new place, from 0.
        faces_dropped: the id of the person that the faces dragged here are.
        menu_requested: the `Person` it is about, and a place on the screen.
        delete_requested: the `Person` who shall go.
        people_shown: others may be listed than before.
        left: Enter or Esc in the list; the faces shall have the keys.
    """

    person_chosen = Signal(object)
    person_added = Signal(str)
    person_renamed = Signal(int, str)
    person_moved = Signal(int, int)
    faces_dropped = Signal(int)
    menu_requested = Signal(object, QPoint)
    delete_requested = Signal(object)
    people_shown = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people: tuple[Person, ...] = ()
        self._chosen_id: int | None = None
        self._model = PeopleModel(self)
        self._list = _PeopleList()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_PersonDelegate(self._list))
        self._field = QLineEdit()
        self._field.setPlaceholderText(tr("Add a person"))
        self._connect()
        title = QLabel(tr("People"))
        title.setContentsMargins(10, 10, 0, 2)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self._list, 1)
        column.addWidget(self._field)

    def _connect(self) -> None:
        self._model.renamed.connect(self.person_renamed)
        self._model.moved.connect(self.person_moved)
        self._model.faces_dropped.connect(self.faces_dropped)
        self._list.selectionModel().currentChanged.connect(self._chosen)
        self._list.left.connect(self.left)
        self._list.menu_requested.connect(self._ask_menu)
        self._field.returnPressed.connect(self._add)

    def show_people(
        self, people: Sequence[Person], counts: dict[int, StateCounts], faces: int
    ) -> None:
        """List *people*; whoever was chosen stays so, and a name that is being typed."""
        if self._list.editing:
            return
        self.people = tuple(people)
        self._model.show(people, counts, faces)
        self._list.setCurrentIndex(self._model.index(self._model.row_of(self._chosen_id), 0))
        self.people_shown.emit()

    def show_covers(self, covers: Mapping[int, QImage]) -> None:
        """Show the faces that stand for people, by person."""
        self._model.show_covers(covers)

    def show_suggested(self, counts: Mapping[int, int]) -> None:
        """Show to how many faces each person is suggested, by person."""
        self._model.show_suggested(counts)

    def choose(self, person_id: int | None) -> None:
        """Choose a person, or everybody."""
        self._list.setCurrentIndex(self._model.index(self._model.row_of(person_id), 0))

    def person_with_key(self, key: int) -> Person | None:
        """Who answers to the number *key*."""
        return next((person for person in self.people if person.key == key), None)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for the person who is chosen, wherever the focus is.

        Returns:
            False, and nothing is done, for a key that is not about people, or with nobody chosen.
        """
        person = self._current()
        if person is None:
            return False
        match _own_key(event):
            case Qt.Key.Key_F2:
                self.edit_name()
            case Qt.Key.Key_Delete:
                self.delete_requested.emit(person)
            case Qt.Key.Key_Up:
                self._shift(person, -1)
            case Qt.Key.Key_Down:
                self._shift(person, 1)
            case _:
                return False
        return True

    def edit_name(self) -> None:
        """Type another name for the current person."""
        self._list.edit(self._list.currentIndex())

    def _chosen(self, index: QModelIndex) -> None:
        person = self._model.person(index)
        person_id = person.id if person else None
        if person_id != self._chosen_id:
            self._chosen_id = person_id
            self.person_chosen.emit(person_id)

    def _current(self) -> Person | None:
        return self._model.person(self._list.currentIndex())

    def _shift(self, person: Person, by: int) -> None:
        place = self.people.index(person) + by
        if 0 <= place < len(self.people):
            self.person_moved.emit(person.id, place)

    def _ask_menu(self, place: QPoint) -> None:
        person = self._current()
        if person is not None:
            self.menu_requested.emit(person, place)

    def _add(self) -> None:
        name = self._field.text().strip()
        if name:
            self._field.clear()
            self.person_added.emit(name)


def _own_key(event: QKeyEvent) -> Qt.Key | None:
    """F2, Shift+Delete (as Delete) or Alt+Up and Alt+Down (as arrows); None for any other key."""
    key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    with_held = {
        Qt.Key.Key_F2: Qt.KeyboardModifier.NoModifier,
        Qt.Key.Key_Delete: Qt.KeyboardModifier.ShiftModifier,
        Qt.Key.Key_Up: Qt.KeyboardModifier.AltModifier,
        Qt.Key.Key_Down: Qt.KeyboardModifier.AltModifier,
    }
    return key if key in with_held and held == with_held[key] else None


def _is_letter(event: QKeyEvent) -> bool:
    return event.text().isalnum() and not event.modifiers()
