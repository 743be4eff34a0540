"""A list of faces with two lines of text each: queues of questions, and groups of faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from facegui.gui.lanes import Lanes
from facegui.gui.people.loader import FaceLoader
from facegui.gui.review.grid import MOVES
from facegui.services.libraries import Library

CASE_ROLE = int(Qt.ItemDataRole.UserRole) + 1

_PICTURE_PX = 56
_GRID_PX = 112
_PAD_PX = 6
_COALESCE_MS = 15
_ROLE = QPalette.ColorRole

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Case:
    """One row: a face and what is said of it.

    Attributes:
        face_id: whose picture is shown.
        subject: what the row is about, for the view that made it.
    """

    face_id: int
    title: str
    note: str
    subject: object


class CaseModel(QAbstractListModel):
    """Cases in order."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Case] = []

    def show(self, cases: Sequence[Case]) -> None:
        """Start anew with *cases*."""
        self.beginResetModel()
        self.cases = list(cases)
        self.endResetModel()

    def remove(self, row: int) -> None:
        """Take one row away."""
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.cases[row]
        self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        case = self.cases[index.row()]
        if role == CASE_ROLE:
            return case
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (case.title, case.note) if part)
        return None


class _CaseDelegate(QStyledItemDelegate):
    """The crop at the left and the lines beside it, or in a grid the lines below it."""

    def __init__(self, loader: FaceLoader, picture_px: int, parent: QListView) -> None:
        super().__init__(parent)
        self._loader = loader
        self._picture_px = picture_px
        self._grid = parent.viewMode() is QListView.ViewMode.IconMode

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        side = self._picture_px + 2 * _PAD_PX
        lines = 2 * (option.fontMetrics.height() + 2)
        return QSize(side, side + lines) if self._grid else QSize(4 * side, side)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        case: Case = index.data(CASE_ROLE)
        rect, palette, metrics = option.rect, option.palette, option.fontMetrics
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, palette.color(_ROLE.Highlight))
        side = self._picture_px
        place = QRect(rect.left() + _PAD_PX, rect.top() + _PAD_PX, side, side)
        paint_crop(painter, place, self._loader, case.face_id, palette)
        line = metrics.height() + 2
        if self._grid:
            first = QRect(place.left(), place.bottom() + 3, side, line)
        else:
            left = place.right() + 2 * _PAD_PX
            first = QRect(left, place.center().y() - line, rect.right() - left - _PAD_PX, line)
        strong = _ROLE.HighlightedText if chosen else _ROLE.Text
        faint = _ROLE.HighlightedText if chosen else _ROLE.PlaceholderText
        for n, (text, role) in enumerate(((case.title, strong), (case.note, faint))):
            painter.setPen(palette.color(role))
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, first.width())
            painter.drawText(first.translated(0, n * line), Qt.AlignmentFlag.AlignLeft, cut)
        if self._grid and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(palette.color(_ROLE.Text))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))


def paint_crop(
    painter: QPainter, place: QRect, loader: FaceLoader, face_id: int, palette: QPalette
) -> None:
    """The picture of a face in the middle of *place*, or a quiet square until it has come."""
    painter.fillRect(place, palette.color(_ROLE.Midlight))
    pixmap = loader.pixmap(face_id)
    if pixmap is not None:
        size = pixmap.deviceIndependentSize().toSize()
        size.scale(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        inner = QRect(QPoint(), size)
        inner.moveCenter(place.center())
        painter.drawPixmap(inner, pixmap)


class CaseList(QListView):
    """The list; keys other than those that move are left to the page.

    Args:
        grid: tiles in rows, of which many can be marked with Space, Shift or Ctrl.

    Signals:
        case_changed: another case is current, or none.
    """

    case_changed = Signal()

    def __init__(self, lanes: Lanes, *, grid: bool = False) -> None:
        super().__init__()
        self._grid = grid
        self._picture_px = _GRID_PX if grid else _PICTURE_PX
        self._loader = FaceLoader(lanes, self)
        self._cases = CaseModel()
        if grid:
            self.setViewMode(QListView.ViewMode.IconMode)
            self.setMovement(QListView.Movement.Static)
            self.setResizeMode(QListView.ResizeMode.Adjust)
            self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
            self.setSpacing(2)
        self.setModel(self._cases)
        self.setItemDelegate(_CaseDelegate(self._loader, self._picture_px, self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self._soon = QTimer(self, singleShot=True, interval=_COALESCE_MS)
        self._soon.timeout.connect(self._want)
        self._loader.changed.connect(self.viewport().update)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._soon.start())
        self.selectionModel().currentChanged.connect(lambda *_: self.case_changed.emit())

    @property
    def cases(self) -> Sequence[Case]:
        """What is shown, in order."""
        return self._cases.cases

    @property
    def current(self) -> Case | None:
        """The current case."""
        index = self.currentIndex()
        return self._cases.cases[index.row()] if index.isValid() else None

    @property
    def marked(self) -> list[Case]:
        """The marked cases in order; where there is none but the current one, no other."""
        return [self.cases[n] for n in sorted(index.row() for index in self.selectedIndexes())]

    def set_library(self, library: Library | None) -> None:
        """Show nothing; faces come from *library* from now on."""
        self._loader.set_library(library)
        self._cases.show(())
        self.case_changed.emit()

    def show_cases(self, cases: Sequence[Case]) -> None:
        """Show *cases*; the current face stays current, or else the one on its place."""
        current, row = self.current, self.currentIndex().row()
        place = self.verticalScrollBar().value()
        self._cases.show(cases)
        if current is not None:
            same = (n for n, case in enumerate(cases) if case.face_id == current.face_id)
            row = next(same, row)
        self._go_to(row)
        self.verticalScrollBar().setValue(place)
        self.scrollTo(self.currentIndex())
        self._soon.start()

    def drop_current(self) -> None:
        """Take the current case away; the next one becomes current."""
        row = self.currentIndex().row()
        if row >= 0:
            self._cases.remove(row)
            self._go_to(row)
            self._soon.start()

    def _go_to(self, row: int) -> None:
        if self._cases.cases:
            index = self._cases.index(min(max(row, 0), len(self._cases.cases) - 1))
            if self._grid:  # nothing is marked until the owner does
                flags = QItemSelectionModel.SelectionFlag.NoUpdate
                self.selectionModel().setCurrentIndex(index, flags)
            else:
                self.setCurrentIndex(index)
        self.case_changed.emit()

    def _want(self) -> None:
        """Load the faces on the screen, then as many below it."""
        area = self.viewport().rect()
        top = max(self.indexAt(area.topLeft() + QPoint(_PAD_PX, _PAD_PX)).row(), 0)
        tile = self.sizeHintForIndex(self._cases.index(0))
        if not tile.isValid():
            return
        columns = max(1, area.width() // tile.width()) if self._grid else 1
        shown = columns * (area.height() // tile.height() + 2)
        ids = [case.face_id for case in self._cases.cases[top : top + 2 * shown]]
        self._loader.want(ids, self._picture_px, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self._grid:
            flags = QItemSelectionModel.SelectionFlag.Toggle
            self.selectionModel().select(self.currentIndex(), flags)
        elif event.key() in MOVES or (
            self._grid and event.matches(QKeySequence.StandardKey.SelectAll)
        ):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Arrows move in a grid without marking, so that marks stay until they are used."""
        plain = isinstance(event, QKeyEvent) and not (
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        if self._grid and plain:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)
