"""Keep, reject and ignore on the tile below the mouse: painted over it, found by arithmetic."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QToolTip

from facegui.domain.entities import FaceState
from facegui.gui.review.commands import Command, entries
from facegui.gui.review.delegates import PAD_PX
from facegui.gui.review.grid import GridView
from facegui.gui.review.models import TILE_ROLE
from facegui.gui.review.paint import draw_mark
from facegui.gui.review.tiles import PhotoTile

LEAST_PICTURE_PX = 72
"""Smaller pictures have no room for buttons."""

_SIDE_PX, _GAP_PX, _RIM_PX = 26, 3, 4
_STATES = {
    Command.KEEP: FaceState.KEPT,
    Command.REJECT: FaceState.REJECTED,
    Command.IGNORE: FaceState.IGNORED,
}


class HoverButtons(QObject):
    """Watches the mouse over *grid*; a press on a button never reaches the grid.

    Make it after whatever else filters the grid's mouse events, so that it sees them first.

    Signals:
        chosen: a `Command`, and the rows that it is about: the tile's, or all that are selected
            where the tile is among them.
    """

    chosen = Signal(object, object)

    def __init__(self, grid: GridView) -> None:
        super().__init__(grid)
        self._grid = grid
        self._place: QPoint | None = None
        self._row = -1
        self._pressed: Command | None = None
        grid.viewport().setMouseTracking(True)
        grid.viewport().installEventFilter(self)
        grid.verticalScrollBar().valueChanged.connect(lambda _value: self._move(None))
        grid.painting_over.connect(self._paint)

    def buttons(self, row: int) -> dict[Command, QRect]:
        """Where the buttons of tile *row* lie in the viewport; none where they have no room."""
        index, side = self._grid.model().index(row, 0), self._grid.shown_px
        tile = index.data(TILE_ROLE) if index.isValid() else None
        if tile is None or side < LEAST_PICTURE_PX:
            return {}
        if isinstance(tile, PhotoTile) and not tile.faces:
            return {}
        button = min(_SIDE_PX, (side - 2 * _GAP_PX) // len(_STATES))
        used = len(_STATES) * (button + _GAP_PX) - _GAP_PX
        corner = self._grid.visualRect(index).topLeft() + QPoint(PAD_PX, PAD_PX)
        left = corner.x() + (side - used) // 2
        top = corner.y() + side - button - _GAP_PX
        return {
            command: QRect(left + n * (button + _GAP_PX), top, button, button)
            for n, command in enumerate(_STATES)
        }

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Leave:
                self._move(None)
            case QEvent.Type.ToolTip if isinstance(event, QHelpEvent):
                return self._explain(event)
            case _ if isinstance(event, QMouseEvent):
                return self._mouse(event)
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        """Follow the mouse; whether the event is the buttons' own."""
        place = event.position().toPoint()
        left = event.button() is Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.MouseMove:
                dragging = event.buttons() != Qt.MouseButton.NoButton and self._pressed is None
                self._move(None if dragging else place)
                return self._pressed is not None
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick if left:
                self._move(place)
                self._pressed = self._command_at(place)
                return self._pressed is not None
            case QEvent.Type.MouseButtonRelease if left and self._pressed is not None:
                pressed, self._pressed = self._pressed, None
                if self._command_at(place) is pressed:
                    self.chosen.emit(pressed, self._rows())
                return True
        return False

    def _rows(self) -> list[int]:
        selected = self._grid.selected_rows()
        return selected if self._row in selected else [self._row]

    def _command_at(self, place: QPoint) -> Command | None:
        found = self.buttons(self._row)
        return next((command for command, rect in found.items() if rect.contains(place)), None)

    def _move(self, place: QPoint | None) -> None:
        """The mouse is at *place* now: paint what it left and what it came to."""
        before = self._row
        self._place = place
        self._row = -1 if place is None else self._grid.indexAt(place).row()
        for row in {before, self._row} - {-1}:
            index = self._grid.model().index(row, 0)
            self._grid.viewport().update(self._grid.visualRect(index))

    def _explain(self, event: QHelpEvent) -> bool:
        command = self._command_at(event.pos())
        entry = next((entry for entry in entries() if entry.command is command), None)
        if entry is None:
            return False
        QToolTip.showText(
            event.globalPos(), f"{entry.text} ({entry.key_text})", self._grid.viewport()
        )
        return True

    def _paint(self, painter: QPainter) -> None:
        palette = self._grid.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for command, rect in self.buttons(self._row).items():
            below = self._place is not None and rect.contains(self._place)
            role = QPalette.ColorRole.Highlight if below else QPalette.ColorRole.Base
            painter.setPen(palette.color(QPalette.ColorRole.Dark))
            painter.setBrush(QColor(palette.color(role)))
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            rim = max(3, rect.width() * _RIM_PX // _SIDE_PX)
            mark = QRectF(rect).adjusted(rim, rim, -rim, -rim)
            draw_mark(painter, mark, _STATES[command], by_owner=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
