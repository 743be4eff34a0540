"""A virtual grid of tiles for 100,000 items and more.

`QListView` lays out every item before it paints; here a tile's place is arithmetic, so the first
paint and a scroll cost what is visible and nothing else. Models, selection, delegates and tool
tips are Qt's own, through `QAbstractItemView`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from facegui.gui.review.geometry import GAP_PX, GridGeometry, fitting_columns

MIN_TILE_PX = 48
MAX_TILE_PX = 320
_ZOOM_STEP = 1.15
_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)

Index = QModelIndex | QPersistentModelIndex


class GridView(QAbstractItemView):
    """Tiles of one size over a list model.

    Arrow keys move the current tile; with Space, Ctrl+click or Ctrl+A tiles are *marked*, and
    arrows leave the marks alone until Esc or a plain click.

    Signals:
        visible_changed: other tiles than before may be on the screen.
        zoomed: the picture side in pixels that the owner chose with Ctrl+wheel.
    """

    visible_changed = Signal()
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture_px = 128
        self._marking = False
        self._band: QRect | None = None
        self._band_origin = QPoint()
        self._geometry = GridGeometry(0, 1, 1, 1, 1)
        self._shown_px = self._picture_px
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setTabKeyNavigation(False)

    # what is where

    @property
    def picture_px(self) -> int:
        """Side of a tile's picture that was asked for."""
        return self._picture_px

    @property
    def shown_px(self) -> int:
        """Side of a tile's picture as it is, a little other so that tiles fill the width."""
        return self._shown_px

    def set_picture_px(self, side: int) -> None:
        """Zoom; the current tile, or else the first visible one, stays where it is."""
        side = min(max(side, MIN_TILE_PX), MAX_TILE_PX)
        if side == self._picture_px:
            return
        self._picture_px = side
        self._lay_out()

    def visible_rows(self) -> range:
        """Rows of the tiles on the screen, also those partly so."""
        top = self.verticalOffset()
        return self._geometry.rows_between(top, top + self.viewport().height() - 1)

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        x, y = self._geometry.corner(index.row())
        width, height = self._geometry.tile_width, self._geometry.tile_height
        return QRect(x, y - self.verticalOffset(), width, height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._geometry.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.model().index(row, 0)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        rect = self.visualRect(index)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - height // 2)
        elif rect.top() < 0 or rect.height() > height:
            bar.setValue(bar.value() + rect.top() - GAP_PX)
        elif rect.bottom() >= height:
            bar.setValue(bar.value() + rect.bottom() - height + GAP_PX)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        return False

    # layout

    def updateGeometries(self) -> None:
        self._measure()
        super().updateGeometries()
        self.visible_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    def reset(self) -> None:
        super().reset()
        self._marking = False
        self.verticalScrollBar().setValue(0)
        self.updateGeometries()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self.updateGeometries()
        self.viewport().update()

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        super().dataChanged(top_left, bottom_right, roles)
        self.visible_changed.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        self.visible_changed.emit()

    def _measure(self) -> None:
        view, model = self.viewport(), self.model()
        wanted = self._tile_size(self._picture_px).width()
        columns, width = fitting_columns(view.width(), wanted)
        self._shown_px = max(1, self._picture_px + width - wanted)
        height = self._tile_size(self._shown_px).height()
        count = model.rowCount() if model else 0
        self._geometry = GridGeometry(count, columns, width, height, view.width())
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._geometry.height - view.height()))
        bar.setPageStep(max(1, view.height() - self._geometry.pitch // 2))
        bar.setSingleStep(max(1, self._geometry.pitch // 3))

    def _tile_size(self, picture_px: int) -> QSize:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.decorationSize = QSize(picture_px, picture_px)
        return self.itemDelegate().sizeHint(option, QModelIndex())

    def _lay_out(self) -> None:
        """Measure anew and keep an anchor tile at its height on the screen."""
        visible = self.visible_rows()
        current = self.currentIndex()
        anchor = current.row() if current.row() in visible else visible.start
        before = self._geometry.corner(anchor)[1] - self.verticalOffset()
        self.updateGeometries()
        if anchor:
            self.verticalScrollBar().setValue(self._geometry.corner(anchor)[1] - before)
        self.viewport().update()
        self.visible_changed.emit()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.decorationSize = QSize(self._shown_px, self._shown_px)
        model, delegate, selected = self.model(), self.itemDelegate(), self.selectionModel()
        current = self.currentIndex().row() if self.hasFocus() else -1
        plain, offset, area = option.state, self.verticalOffset(), event.rect()
        for row in self._geometry.rows_between(area.top() + offset, area.bottom() + offset):
            index = model.index(row, 0)
            option.rect = self.visualRect(index)
            option.state = plain
            if selected.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if row == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            delegate.paint(painter, option, index)
        if self._band is not None:
            self._paint_band(painter)
        painter.end()

    def _paint_band(self, painter: QPainter) -> None:
        assert self._band is not None
        line = self.palette().highlight().color()
        fill = QColor(line)
        fill.setAlpha(50)
        painter.setPen(line)
        painter.setBrush(fill)
        painter.drawRect(self._band.adjusted(0, 0, -1, -1))

    # selection

    def selected_rows(self) -> list[int]:
        """Marked rows in order; the current one where none is."""
        rows = sorted(
            row
            for span in _spans(self.selectionModel().selection())
            for row in range(span.top(), span.bottom() + 1)
        )
        current = self.currentIndex()
        return rows or ([current.row()] if current.isValid() else [])

    def marked_count(self) -> int:
        """How many tiles are selected."""
        return sum(span.height() for span in _spans(self.selectionModel().selection()))

    def go_to(self, row: int) -> None:
        """Make *row* current; the marks stay, a plain selection follows."""
        flag = QItemSelectionModel.SelectionFlag
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(
            index, flag.NoUpdate if self._marking else flag.ClearAndSelect
        )
        self.scrollTo(index)

    @property
    def marking(self) -> bool:
        """Whether tiles are marked, so that a step acts on them and not on the current tile."""
        return self._marking

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Touched tiles while a band is drawn; else all from the first corner to the second."""
        if not self._geometry.count:
            return
        offset = self.verticalOffset()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            box = rect.normalized().translated(0, offset)
            runs = self._geometry.rows_in(box.left(), box.top(), box.right(), box.bottom())
        else:
            first = self._geometry.nearest(rect.left(), rect.top() + offset)
            last = self._geometry.nearest(rect.right(), rect.bottom() + offset)
            runs = [range(min(first, last), max(first, last) + 1)]
        selection, model = QItemSelection(), self.model()
        for run in runs:
            selection.select(model.index(run.start, 0), model.index(run.stop - 1, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region, visible = QRegion(), self.visible_rows()
        for span in _spans(selection):
            first = max(span.top(), visible.start)
            for row in range(first, min(span.bottom() + 1, visible.stop)):
                region += self.visualRect(self.model().index(row, 0))
        return region

    def selectionCommand(
        self, index: Index, event: object = None
    ) -> QItemSelectionModel.SelectionFlag:
        plain = isinstance(event, QKeyEvent) and not event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        )
        if self._marking and plain:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)  # type: ignore[arg-type]

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        step, grid = QAbstractItemView.CursorAction, self._geometry
        if not grid.count:
            return QModelIndex()
        row = max(self.currentIndex().row(), 0)
        page = max(1, self.viewport().height() // grid.pitch) * grid.columns
        moved = row + {
            step.MoveLeft: -1,
            step.MovePrevious: -1,
            step.MoveRight: 1,
            step.MoveNext: 1,
            step.MoveUp: -grid.columns,
            step.MoveDown: grid.columns,
            step.MovePageUp: -page,
            step.MovePageDown: page,
            step.MoveHome: -row,
            step.MoveEnd: grid.count - 1 - row,
        }.get(action, 0)
        vertical = action in (step.MoveUp, step.MoveDown)
        if vertical and not 0 <= moved < grid.count:
            last_line = row // grid.columns == grid.lines - 1
            moved = row if action is step.MoveUp or last_line else grid.count - 1
        return self.model().index(min(max(moved, 0), grid.count - 1), 0)

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._marking = True
            self.selectAll()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._toggle_mark()
        elif event.key() == Qt.Key.Key_Escape and self._marking:
            self.drop_marks()
        else:
            event.ignore()  # letters are the page's shortcuts, not a search

    def _toggle_mark(self) -> None:
        flag, selection = QItemSelectionModel.SelectionFlag, self.selectionModel()
        if self._marking:
            selection.select(self.currentIndex(), flag.Toggle)
        else:
            selection.select(self.currentIndex(), flag.ClearAndSelect)
        self._marking = selection.hasSelection()

    def drop_marks(self) -> None:
        """Select nothing but the current tile."""
        self._marking = False
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._band_origin = event.position().toPoint() + QPoint(0, self.verticalOffset())
        if event.button() is Qt.MouseButton.LeftButton:
            self._marking = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.state() is QAbstractItemView.State.DragSelectingState:
            origin = self._band_origin - QPoint(0, self.verticalOffset())
            self._band = QRect(origin, event.position().toPoint()).normalized()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._band is not None:
            self._band = None
            self._marking = self.selectionModel().hasSelection()
            self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        turns = event.angleDelta().y() / 120
        self.set_picture_px(round(self._picture_px * _ZOOM_STEP**turns))
        self.zoomed.emit(self._picture_px)
        event.accept()


def _spans(selection: QItemSelection) -> list[QItemSelectionRange]:
    """The ranges of *selection*: a list in all but its type hints."""
    return [selection.at(place) for place in range(selection.size())]
