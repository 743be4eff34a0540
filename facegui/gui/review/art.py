"""The parts of a tile that many tiles share, drawn once: cards, frames with marks, and texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QStaticText,
)

from facegui.domain.entities import FaceState
from facegui.gui.review.paint import box_pen, draw_mark

_SMALL = 0.88
_RADIUS_PX = 6
_TEXTS_KEPT = 4096


class Art:
    """A cache of painted parts for one font, palette and screen scale; drawing is then copying.

    Attributes:
        font: of a tile's first line; *small* is that of its second.
    """

    def __init__(self) -> None:
        self.font = QFont()
        self.small = QFont()
        self._palette = QPalette()
        self._scale = 1.0
        self._parts: dict[Hashable, QPixmap] = {}
        self._texts: dict[tuple[str, int, bool], QStaticText] = {}
        self._metrics = {True: QFontMetrics(self.font), False: QFontMetrics(self.small)}
        self._dress(self.font)

    def match(self, font: QFont, palette: QPalette, scale: float) -> None:
        """Begin anew if tiles look other than before."""
        same = font == self.font and palette.cacheKey() == self._palette.cacheKey()
        if same and scale == self._scale:
            return
        self._palette, self._scale = QPalette(palette), scale
        self._dress(QFont(font))

    def _dress(self, font: QFont) -> None:
        self.font = font
        self.small = QFont(font)
        self.small.setPointSizeF(font.pointSizeF() * _SMALL)
        self._metrics = {True: QFontMetrics(self.font), False: QFontMetrics(self.small)}
        self._parts.clear()
        self._texts.clear()

    def line_height(self, *, first: bool) -> int:
        """Pixels of a tile's *first* or second line."""
        return self._metrics[first].height()

    def text(self, text: str, width: int, *, first: bool) -> QStaticText:
        """A line of text, cut with … to *width*, laid out already."""
        key = (text, width, first)
        laid_out = self._texts.get(key)
        if laid_out is None:
            if len(self._texts) > _TEXTS_KEPT:
                self._texts.clear()
            metrics = self._metrics[first]
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            laid_out = self._texts[key] = QStaticText(cut)
            laid_out.setTextFormat(Qt.TextFormat.PlainText)
            laid_out.prepare(font=self.font if first else self.small)
        return laid_out

    def card(self, size: QSize, *, selected: bool, current: bool) -> QPixmap:
        """What a tile lies on."""
        key = ("card", size.width(), size.height(), selected, current)
        return self._part(key, size, lambda painter: self._paint_card(painter, size, key[3:]))

    def frame(self, state: FaceState, side: int, *, by_owner: bool) -> QPixmap:
        """The outline of a face's picture with the state's mark in its corner."""

        def paint(painter: QPainter) -> None:
            painter.setPen(box_pen(state, 2))
            painter.drawRect(QRectF(1, 1, side - 2, side - 2))
            mark = min(max(side / 6, 13), 22)
            draw_mark(painter, QRectF(4, 4, mark, mark), state, by_owner=by_owner)

        return self._part(("frame", state, side, by_owner), QSize(side, side), paint)

    def mark(self, state: FaceState, side: int, *, by_owner: bool) -> QPixmap:
        """The state's mark alone."""
        area = QRectF(1, 1, side, side)
        return self._part(
            ("mark", state, side, by_owner),
            QSize(side + 2, side + 2),
            lambda painter: draw_mark(painter, area, state, by_owner=by_owner),
        )

    def dot(self, colour: str) -> QPixmap:
        """A person's colour."""

        def paint(painter: QPainter) -> None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QRectF(0.5, 0.5, 8, 8))

        return self._part(("dot", colour), QSize(9, 9), paint)

    def _part(self, key: Hashable, size: QSize, paint: Callable[[QPainter], None]) -> QPixmap:
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = QPixmap(size * self._scale)
            part.setDevicePixelRatio(self._scale)
            part.fill(Qt.GlobalColor.transparent)
            painter = QPainter(part)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter)
            painter.end()
        return part

    def _paint_card(self, painter: QPainter, size: QSize, marks: tuple[object, ...]) -> None:
        selected, current = marks
        role, rect = QPalette.ColorRole, QRectF(1, 1, size.width() - 2, size.height() - 2)
        line = self._palette.color(role.Highlight if selected else role.Midlight)
        fill = QColor(self._palette.color(role.Highlight if selected else role.AlternateBase))
        if selected:
            fill.setAlpha(60)
        painter.setPen(QPen(line, 2 if selected else 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, _RADIUS_PX, _RADIUS_PX)
        if current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._palette.color(role.WindowText), 2))
            painter.drawRoundedRect(rect, _RADIUS_PX, _RADIUS_PX)
