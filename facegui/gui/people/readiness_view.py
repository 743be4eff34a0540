"""Readiness: for each person a bar of the faces there are and the faces it takes, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import FaceState, Person
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.people.queue import no_faces
from facegui.gui.people.view import PeopleView
from facegui.gui.review.asker import Asker
from facegui.gui.review.empty_state import EmptyState, Reason, Remedy
from facegui.gui.review.paint import state_colour
from facegui.services.libraries import Library
from facegui.services.reviewing.readiness import Gap, Readiness, readiness, uneven

_ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ROLE = QPalette.ColorRole
_PAD_PX = 16
_NAME_PX = 180
_BAR_PX = 10
_SHORT = QColor("#bf8700")
_WRAPPED = int(Qt.TextFlag.TextWordWrap)

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A person and how ready the faces are."""

    person: Person
    state: Readiness

    @property
    def words(self) -> str:
        """Such as ``31 usable · about 8 more, some in profile``."""
        usable = trn("{n} usable face", "{n} usable faces", self.state.usable)
        if self.state.corrected:
            usable += ", " + tr("{n} from corrections", n=self.state.corrected)
        return f"{usable} · {advice(self.state)}"


def advice(state: Readiness) -> str:
    """What is missing, in words."""
    kinds = ", ".join(_gap_words()[gap] for gap in state.gaps)
    if state.missing:
        more = trn("about {n} more", "about {n} more", state.missing)
        return f"{more}, {kinds}" if kinds else more
    if kinds:
        return tr("enough; better still with {kinds}", kinds=kinds)
    return tr("enough, and varied")


def balance(people: Sequence[Row]) -> str:
    """Whether everybody has about as many faces, and what that does to a training."""
    odd = uneven([row.state for row in people])
    names = {row.person.id: row.person.name for row in people}
    if odd is None:
        return tr("Balanced: nobody has less than half as many faces as somebody else.")
    few, many = odd
    return tr(
        "Not balanced: {few} has {n}, {many} has {m}. Training shows everybody equally often, so "
        "it repeats {few}'s faces {times} times as often and may learn those by heart.",
        few=names[few.person_id],
        n=few.usable,
        many=names[many.person_id],
        m=many.usable,
        times=f"{many.usable / few.usable:.1f}",
    )


def _gap_words() -> dict[Gap, str]:
    return {
        Gap.LEFT: tr("some turned left"),
        Gap.RIGHT: tr("some turned right"),
        Gap.UP_OR_DOWN: tr("some looking up or down"),
        Gap.DARK: tr("some in darker light"),
        Gap.BRIGHT: tr("some in brighter light"),
        Gap.OTHER_DAYS: tr("some of another day"),
    }


class _Rows(QAbstractListModel):
    """People in the owner's order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.person.name}: {row.words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            days = trn("photos of {n} day", "photos of {n} days", row.state.days)
            return f"{row.words}\n{days}"
        return None


class _Delegate(QStyledItemDelegate):
    """Name, bar, and the words below the bar, in as many lines as they take."""

    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self._view = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(_ROW_ROLE)
        room = QRect(0, 0, self._view.viewport().width(), 0)
        words = option.fontMetrics.boundingRect(_words_place(room), _WRAPPED, row.words)
        return QSize(320, option.fontMetrics.height() + words.height() + 26)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(_ROW_ROLE)
        rect, palette, metrics = option.rect, option.palette, option.fontMetrics
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect, palette.color(_ROLE.AlternateBase))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = rect.top() + 12
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(row.person.colour))
        painter.drawEllipse(rect.left() + _PAD_PX, top + metrics.height() // 2 - 5, 10, 10)
        words = _words_place(rect).translated(0, top + metrics.height() + 4 - rect.top())
        name = QRect(rect.left() + _PAD_PX + 18, top, 0, metrics.height())
        name.setRight(words.left() - 8)
        painter.setPen(palette.color(_ROLE.Text))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(name, 0, metrics.elidedText(row.person.name, elide, name.width()))
        bar_top = top + (metrics.height() - _BAR_PX) / 2
        bar = QRectF(words.left(), bar_top, words.width(), _BAR_PX)
        self._bar(painter, bar, row.state, palette)
        painter.setPen(palette.color(_ROLE.PlaceholderText))
        painter.drawText(words, _WRAPPED, row.words)

    def _bar(self, painter: QPainter, area: QRectF, state: Readiness, palette: QPalette) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(_ROLE.Midlight))
        painter.drawRoundedRect(area, 4, 4)
        share = min(1.0, state.usable / state.needed)
        if share:
            painter.setBrush(_SHORT if state.missing else state_colour(FaceState.KEPT))
            filled = QRectF(area)
            filled.setWidth(max(area.height(), area.width() * share))
            painter.drawRoundedRect(filled, 4, 4)


def _words_place(row: QRect) -> QRect:
    """As wide as what is said of a person, from the top of the row down."""
    left = row.left() + _PAD_PX + min(_NAME_PX, row.width() // 3) + 8
    return QRect(left, row.top(), row.right() - left - _PAD_PX, row.height())


class ReadinessView(PeopleView):
    """Everybody with a bar, and the balance of them all above."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._asker = Asker(context.lanes, self)
        self._asker.answered.connect(self._take)
        self.balance = QLabel(wordWrap=True)
        self.balance.setContentsMargins(_PAD_PX, 8, _PAD_PX, 8)
        self._rows = _Rows()
        self.list = QListView()
        self.list.setAccessibleName(tr("How ready everybody is"))
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.empty = EmptyState()
        self.empty.remedy_chosen.connect(self.follow_remedy)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.balance)
        column.addWidget(self.list, 1)
        self._stack = QStackedWidget()
        for widget in (QWidget(), body, self.empty):
            self._stack.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._stack)

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown, in order."""
        return self._rows.rows

    def show_library(self, library: Library | None) -> None:
        self._asker.set_library(library)
        self._rows.show(())
        self._stack.setCurrentIndex(0)

    def refresh(self) -> None:
        self._asker.ask_again(lambda: _read)

    def take_focus(self) -> None:
        self.list.setFocus()

    def _take(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        rows, why = answer
        self._rows.show(rows)
        self.balance.setText(balance(rows))
        self.balance.setVisible(len(rows) > 1)
        self.empty.tell(why)
        self._stack.setCurrentIndex(1 if rows else 2)


def _read(library: Library) -> tuple[list[Row], Reason]:
    people = {person.id: person for person in library.people()}
    rows = [
        Row(people[one.person_id], one) for one in readiness(library) if one.person_id in people
    ]
    text = tr("What each person still needs shows here once faces have names.")
    title, button = tr("Nobody named yet"), tr("Name faces in Review")
    nobody = Reason(Remedy.SHOW_ALL, "people", title, text, button)
    return rows, no_faces(library) or nobody
