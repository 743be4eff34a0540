"""Tiles of one size over a list model, painted without laying anything out.

`QListView` lays out every item before it paints; here a tile's place is arithmetic, so the first
paint and a scroll cost what is visible and nothing else. Models, selection, delegates and tool
tips are Qt's own, through `QAbstractItemView`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from facegui.gui.review.geometry import GAP_PX, GridGeometry, fitting_columns

MIN_TILE_PX = 48
MAX_TILE_PX = 320
_FIRST_PX = 128
_HEADING_PAD_PX = 18
_HEADING_GAP_PX = 8

Index = QModelIndex | QPersistentModelIndex


class TileView(QAbstractItemView):
    """Where tiles are, what is visible, and how large they are.

    Attributes:
        grid: where every tile lies, in pixels from the top of the whole grid.

    Signals:
        visible_changed: other tiles than before may be on the screen.
        painting_over: the tiles are painted; what lies over them may follow with this painter.
    """

    visible_changed = Signal()
    painting_over = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture_px = self._shown_px = _FIRST_PX
        self.grid = GridGeometry(0, 1, 1, 1, 1)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)

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
        return self.grid.rows_between(top, top + self.viewport().height() - 1)

    def section_starts(self) -> Sequence[int]:
        """The first row of each section; none for tiles without headings."""
        return ()

    def heading(self, _section: int) -> str:
        """What the heading of a section says."""
        return ""

    def section_at(self, point: QPoint) -> int | None:
        """The section whose heading is at *point*, if one is."""
        y = point.y() + self.verticalOffset()
        found = self.grid.headings_between(y, y)
        return found[0][0] if found else None

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        x, y = self.grid.corner(index.row())
        width, height = self.grid.tile_width, self.grid.tile_height
        return QRect(x, y - self.verticalOffset(), width, height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.grid.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.model().index(row, 0)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        rect = self.visualRect(index)
        if index.row() < self.grid.section_rows(self.grid.section_of(index.row())).start + (
            self.grid.columns
        ):
            rect.setTop(rect.top() - self.grid.shown_heading_height)
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
        heading = self.fontMetrics().height() + _HEADING_PAD_PX
        starts = self.section_starts() if model else ()
        self.grid = GridGeometry(count, columns, width, height, view.width(), starts, heading)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self.grid.height - view.height()))
        bar.setPageStep(max(1, view.height() - self.grid.pitch // 2))
        bar.setSingleStep(max(1, self.grid.pitch // 3))

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
        before = self.grid.corner(anchor)[1] - self.verticalOffset()
        self.updateGeometries()
        if anchor:
            self.verticalScrollBar().setValue(self.grid.corner(anchor)[1] - before)
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
        dirty = event.region()
        for row in self.grid.rows_between(area.top() + offset, area.bottom() + offset):
            index = model.index(row, 0)
            rect = self.visualRect(index)
            if not dirty.intersects(rect):
                continue
            option.rect = rect
            option.state = plain
            if selected.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if row == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            delegate.paint(painter, option, index)
        painter.setOpacity(1.0)
        for section, top in self.grid.headings_between(area.top() + offset, area.bottom() + offset):
            self._paint_heading(painter, section, top - offset)
        self.painting_over.emit(painter)
        self.paint_over(painter)
        painter.end()

    def _paint_heading(self, painter: QPainter, section: int, top: int) -> None:
        """The title in bold, how many there are, and a line from there to the edge."""
        area = QRect(0, top, self.viewport().width(), self.grid.heading_height - _HEADING_GAP_PX)
        area.adjust(GAP_PX + 2, 0, -GAP_PX, 0)
        count = f"{len(self.grid.section_rows(section)):,}"
        plain, bold = QFont(self.font()), QFont(self.font())
        bold.setBold(True)
        role, place = QPalette.ColorRole, Qt.AlignmentFlag.AlignVCenter
        room = area.width() - 2 * _HEADING_PAD_PX - QFontMetrics(plain).horizontalAdvance(count)
        metrics = QFontMetrics(bold)
        title = metrics.elidedText(self.heading(section), Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(bold)
        painter.setPen(self.palette().color(role.Text))
        painter.drawText(area, place, title)
        area.setLeft(area.left() + metrics.horizontalAdvance(title) + _HEADING_GAP_PX)
        painter.setFont(plain)
        painter.setPen(self.palette().color(role.PlaceholderText))
        painter.drawText(area, place, count)
        area.setLeft(area.left() + QFontMetrics(plain).horizontalAdvance(count) + _HEADING_GAP_PX)
        painter.setPen(self.palette().color(role.Mid))
        painter.drawLine(area.left(), area.center().y(), area.right(), area.center().y())

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies over the tiles."""
