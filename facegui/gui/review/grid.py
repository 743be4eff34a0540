"""The grid that the owner works in: tiles chosen, marked and zoomed with keys and mouse."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from facegui.gui.review.tile_view import Index, TileView

_ZOOM_STEP = 1.15
_ADD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)


class GridView(TileView):
    """Arrow keys move the current tile; with Space, Ctrl+click or Ctrl+A tiles are *marked*.

    Marks go with an arrow key, as a selection does everywhere. Those made with the keys that are
    there to mark (Space, G) are *pinned*: they stay until Esc or a plain click.

    Signals:
        zoomed: the picture side in pixels that the owner chose with Ctrl+wheel.
    """

    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marking = False
        self._pinned = False
        self._band: QRect | None = None
        self._band_origin = QPoint()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)

    def reset(self) -> None:
        self._marking = self._pinned = False
        super().reset()

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

    def show_marks(self) -> bool:
        """Scroll to the first mark where none can be seen, so that a step hits nothing unseen.

        Returns:
            Whether it had to.
        """
        rows, seen = self.selected_rows(), self.visible_rows()
        if not self._marking or not rows or any(row in seen for row in rows):
            return False
        self.scrollTo(self.model().index(rows[0], 0))
        return True

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Touched tiles while a band is drawn; else all from the first corner to the second."""
        if not self.grid.count:
            return
        offset = self.verticalOffset()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            box = rect.normalized().translated(0, offset)
            runs = self.grid.rows_in(box.left(), box.top(), box.right(), box.bottom())
        else:
            first = self.grid.nearest(rect.left(), rect.top() + offset)
            last = self.grid.nearest(rect.right(), rect.bottom() + offset)
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
        if plain and self._pinned:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        if plain:
            self._marking = False
        return super().selectionCommand(index, event)  # type: ignore[arg-type]

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        step, grid = QAbstractItemView.CursorAction, self.grid
        if not grid.count:
            return QModelIndex()
        row = self.currentIndex().row()
        if row < 0:
            return self.model().index(0, 0)
        page = max(1, self.viewport().height() // grid.pitch)
        across = {
            step.MoveLeft: -1,
            step.MovePrevious: -1,
            step.MoveRight: 1,
            step.MoveNext: 1,
            step.MoveHome: -row,
            step.MoveEnd: grid.count - 1 - row,
        }
        down = {step.MoveUp: -1, step.MoveDown: 1, step.MovePageUp: -page, step.MovePageDown: page}
        moved = grid.moved(row, down[action]) if action in down else row + across.get(action, 0)
        return self.model().index(min(max(moved, 0), grid.count - 1), 0)

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVES:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._marking, self._pinned = True, False
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
        self._marking = self._pinned = selection.hasSelection()

    def mark_section(self, section: int, *, add: bool) -> None:
        """Mark all tiles below a heading, and with *add* keep the marks there are."""
        flag, rows = QItemSelectionModel.SelectionFlag, self.grid.section_rows(section)
        model = self.model()
        span = QItemSelection(model.index(rows.start, 0), model.index(rows.stop - 1, 0))
        selection = self.selectionModel()
        if self.currentIndex().row() not in rows:
            selection.setCurrentIndex(model.index(rows.start, 0), flag.NoUpdate)
        selection.select(span, flag.Select if add and self._marking else flag.ClearAndSelect)
        self._marking = self._pinned = True

    def mark_current_section(self) -> bool:
        """Mark all tiles below the current one's heading too, or none of them where all are.

        Returns:
            False, and nothing is done, where there are no headings.
        """
        row = self.currentIndex().row()
        if row < 0 or not self.section_starts():
            return False
        section = self.grid.section_of(row)
        rows = self.grid.section_rows(section)
        if self._marking and set(rows) <= set(self.selected_rows()):
            model = self.model()
            span = QItemSelection(model.index(rows.start, 0), model.index(rows.stop - 1, 0))
            selection = self.selectionModel()
            selection.select(span, QItemSelectionModel.SelectionFlag.Deselect)
            self._marking = self._pinned = selection.hasSelection()
        else:
            self.mark_section(section, add=True)
        return True

    def drop_marks(self) -> None:
        """Select nothing but the current tile."""
        self._marking = self._pinned = False
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._band_origin = event.position().toPoint() + QPoint(0, self.verticalOffset())
        section = self.section_at(event.position().toPoint())
        if section is not None:
            self.mark_section(section, add=bool(event.modifiers() & _ADD))
            return
        if event.button() is Qt.MouseButton.LeftButton:
            self._marking = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._pinned = self._pinned and self._marking
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

    def paint_over(self, painter: QPainter) -> None:
        """Paint the band that is being drawn with the mouse."""
        if self._band is None:
            return
        line = self.palette().highlight().color()
        fill = QColor(line)
        fill.setAlpha(50)
        painter.setPen(line)
        painter.setBrush(fill)
        painter.drawRect(self._band.adjusted(0, 0, -1, -1))


def _spans(selection: QItemSelection) -> list[QItemSelectionRange]:
    """The ranges of *selection*: a list in all but its type hints."""
    return [selection.at(place) for place in range(selection.size())]
