"""Dragging selected tiles out of a grid: a press on one of them waits for what it becomes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QMouseEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from facegui.domain.text import trn
from facegui.gui.review.grid import GridView
from facegui.gui.review.people_model import FACES_MIME


class FaceDrag(QObject):
    """Watches the mouse over *grid*: from a selected tile it drags, elsewhere it draws a band.

    A press on a selected tile is held back until the mouse has moved, which drags, or is released,
    which makes it the click that it was.
    """

    def __init__(self, grid: GridView) -> None:
        super().__init__(grid)
        self._grid = grid
        self._pressed: QPoint | None = None
        self._passing = False
        grid.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._passing or not isinstance(event, QMouseEvent):
            return False
        place = event.position().toPoint()
        match event.type():
            case QEvent.Type.MouseButtonPress if self._takes(event):
                self._pressed = place
                self._grid.setFocus(Qt.FocusReason.MouseFocusReason)
                return True
            case QEvent.Type.MouseMove if self._pressed is not None:
                far = (place - self._pressed).manhattanLength()
                if far >= QApplication.startDragDistance():
                    self._pressed = None
                    self._drag()
                return True
            case QEvent.Type.MouseButtonRelease if self._pressed is not None:
                self._pressed = None
                self._click(event)
                return True
        return False

    def _takes(self, event: QMouseEvent) -> bool:
        index = self._grid.indexAt(event.position().toPoint())
        plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        return plain and index.isValid() and self._grid.selectionModel().isSelected(index)

    def _click(self, release: QMouseEvent) -> None:
        """Let the press through after all, and then the release."""
        press = QMouseEvent(
            QEvent.Type.MouseButtonPress,
            release.position(),
            release.globalPosition(),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            release.modifiers(),
        )
        self._passing = True
        try:
            QApplication.sendEvent(self._grid.viewport(), press)
            QApplication.sendEvent(self._grid.viewport(), release.clone())
        finally:
            self._passing = False

    def _drag(self) -> None:
        data = QMimeData()
        data.setData(FACES_MIME, b"")
        drag = QDrag(self._grid)
        drag.setMimeData(data)
        count = max(1, self._grid.marked_count())
        drag.setPixmap(_badge(trn("{n} selected", "{n} selected", count), self._grid.palette()))
        drag.exec(Qt.DropAction.CopyAction)


def _badge(text: str, palette: QPalette) -> QPixmap:
    """What hangs at the pointer: how much is dragged."""
    metrics = QFontMetrics(QApplication.font())
    badge = QPixmap(metrics.horizontalAdvance(text) + 20, metrics.height() + 10)
    badge.fill(Qt.GlobalColor.transparent)
    painter = QPainter(badge)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.highlight())
    painter.drawRoundedRect(badge.rect(), 8, 8)
    painter.setPen(palette.highlightedText().color())
    painter.drawText(badge.rect(), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return badge
