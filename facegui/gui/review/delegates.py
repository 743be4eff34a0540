"""How tiles are painted: the picture, its state in colour and shape, the name and the reason."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from facegui.domain.entities import Decision, FaceState, PhotoStatus
from facegui.domain.text import trn
from facegui.gui.review import tool_tips, words
from facegui.gui.review.models import STALE_ROLE, TILE_ROLE
from facegui.gui.review.paint import box_pen, draw_mark, text_colour
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.gui.review.tiles import FaceTile, PhotoTile, Tile
from facegui.gui.theme import icon

PAD_PX = 4
_CAPTION_FROM_PX = 88
_STALE_OPACITY = 0.35
_OUT_OPACITY = 0.55
_FLAG = Qt.AlignmentFlag

Index = QModelIndex | QPersistentModelIndex


class TileDelegate(QStyledItemDelegate):
    """What both kinds of tile share; ``option.decorationSize`` is the picture's square."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        side = option.decorationSize.width()
        caption = 0
        if side >= _CAPTION_FROM_PX:
            caption = QFontMetrics(option.font).height() + _small(option.font)[1].height() + PAD_PX
        return QSize(side + 2 * PAD_PX, side + 2 * PAD_PX + caption)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tile = index.data(TILE_ROLE)
        stale = index.data(STALE_ROLE) or tile is None
        painter.setOpacity(_STALE_OPACITY if stale else 1.0)
        self._paint_card(painter, option)
        if tile is not None:
            side = option.decorationSize.width()
            area = QRect(option.rect.left() + PAD_PX, option.rect.top() + PAD_PX, side, side)
            self.paint_picture(painter, area, tile, option)
            if side >= _CAPTION_FROM_PX:
                self.paint_caption(painter, area, tile, option)
        painter.setOpacity(1.0)

    def paint_picture(
        self, painter: QPainter, area: QRect, tile: Tile, option: QStyleOptionViewItem
    ) -> None:
        """Paint what fills the square *area*."""
        raise NotImplementedError

    def paint_caption(
        self, painter: QPainter, area: QRect, tile: Tile, option: QStyleOptionViewItem
    ) -> None:
        """Paint the two lines below *area*."""
        raise NotImplementedError

    def wanted(self, tile: Tile) -> Wanted | None:
        """The picture to load for *tile*, if there is one."""
        raise NotImplementedError

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        tile = index.data(TILE_ROLE) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or tile is None:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), tool_tips.tool_tip(tile), view)
        return True

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        palette, rect = option.palette, option.rect.adjusted(0, 0, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            fill = QColor(palette.color(QPalette.ColorRole.Highlight))
            painter.setPen(QPen(fill, 2))
            fill.setAlpha(60)
            painter.setBrush(fill)
        else:
            painter.setPen(palette.color(QPalette.ColorRole.Midlight))
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(rect, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 2))
            painter.drawRoundedRect(rect, 6, 6)

    def _lines(
        self,
        painter: QPainter,
        area: QRect,
        option: QStyleOptionViewItem,
        first: tuple[str, QColor],
        second: tuple[str, QColor],
        indent: int = 0,
    ) -> None:
        """Two lines below *area*, each cut with … where it is too long."""
        small, small_metrics = _small(option.font)
        upper = QRect(area.left() + indent, area.bottom() + 3, area.width() - indent, 0)
        upper.setHeight(QFontMetrics(option.font).height())
        lower = QRect(area.left(), upper.bottom() + 1, area.width(), small_metrics.height())
        painter.setFont(option.font)
        painter.setPen(first[1])
        painter.drawText(upper, _FLAG.AlignVCenter, _cut(first[0], option.font, upper.width()))
        painter.setFont(small)
        painter.setPen(second[1])
        painter.drawText(lower, _FLAG.AlignVCenter, _cut(second[0], small, lower.width()))

    def _paint_missing(self, painter: QPainter, area: QRect, option: QStyleOptionViewItem) -> None:
        painter.fillRect(area, option.palette.color(QPalette.ColorRole.Midlight))


class FaceDelegate(TileDelegate):
    """A face crop: mark, name or offered name, and why it counts as it does."""

    def wanted(self, tile: Tile) -> Wanted | None:
        assert isinstance(tile, FaceTile)
        return Wanted(tile.photo, tile.face)

    def paint_picture(
        self, painter: QPainter, area: QRect, tile: Tile, option: QStyleOptionViewItem
    ) -> None:
        assert isinstance(tile, FaceTile)
        wanted = Wanted(tile.photo, tile.face)
        pixmap = self._pictures.get(wanted)
        if pixmap is None:
            self._paint_missing(painter, area, option)
            if self._pictures.failed(wanted):
                _paint_icon(painter, area, "warning")
        else:
            shown = painter.opacity()
            out = tile.state is not FaceState.KEPT
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(shown * (_OUT_OPACITY if out else 1.0))
            painter.drawPixmap(area, pixmap)
            painter.setOpacity(shown)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(box_pen(tile.state, 2))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        side = min(max(area.width() / 6, 13), 22)
        corner = QRectF(area.left() + 4, area.top() + 4, side, side)
        by_owner = tile.face.decision is not Decision.UNDECIDED
        draw_mark(painter, corner, tile.state, by_owner=by_owner)

    def paint_caption(
        self, painter: QPainter, area: QRect, tile: Tile, option: QStyleOptionViewItem
    ) -> None:
        assert isinstance(tile, FaceTile)
        palette, indent = option.palette, 0
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        text = palette.color(QPalette.ColorRole.Text) if tile.person else faint
        if tile.person is not None:
            indent = 13
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tile.person.colour))
            middle = area.bottom() + 3 + QFontMetrics(option.font).height() / 2
            painter.drawEllipse(QPointF(area.left() + 5, middle), 4, 4)
        title = tile.title or words.no_name()
        reason = text_colour(tile.state, palette) if tile.state is FaceState.REJECTED else faint
        self._lines(painter, area, option, (title, text), (tile.verdict, reason), indent)


class PhotoDelegate(TileDelegate):
    """A whole photo with its boxes, or the reason why it shows none."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(pictures, parent)
        self.boxes_shown = True

    def wanted(self, tile: Tile) -> Wanted | None:
        assert isinstance(tile, PhotoTile)
        readable = tile.photo.status in (PhotoStatus.OK, PhotoStatus.PENDING)
        return Wanted(tile.photo) if readable else None

    def paint_picture(
        self, painter: QPainter, area: QRect, tile: Tile, option: QStyleOptionViewItem
    ) -> None:
        assert isinstance(tile, PhotoTile)
        wanted = self.wanted(tile)
        pixmap = self._pictures.get(wanted) if wanted else None
        if pixmap is not None:
            place = _fitted(pixmap, area)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, pixmap)
            if self.boxes_shown and tile.photo.width:
                _paint_boxes(painter, place, tile)
        elif wanted is None or self._pictures.failed(wanted):
            self._paint_reason(painter, area, tile, option)
        else:
            self._paint_missing(painter, area, option)

    def paint_caption(
        self, painter: QPainter, area: QRect, tile: Tile, option: QStyleOptionViewItem
    ) -> None:
        assert isinstance(tile, PhotoTile)
        palette = option.palette
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        bad = tile.photo.status not in (PhotoStatus.OK, PhotoStatus.PENDING)
        colour = text_colour(FaceState.REJECTED, palette) if bad else faint
        name = (words.file_name(tile.photo), palette.color(QPalette.ColorRole.Text))
        self._lines(painter, area, option, name, (_photo_line(tile), colour))

    def _paint_reason(
        self, painter: QPainter, area: QRect, tile: PhotoTile, option: QStyleOptionViewItem
    ) -> None:
        self._paint_missing(painter, area, option)
        if area.width() < _CAPTION_FROM_PX:
            _paint_icon(painter, area, "warning")
            return
        top = QRect(area.left(), area.top() + area.height() // 4, area.width(), 24)
        _paint_icon(painter, top, "warning")
        painter.setFont(_small(option.font)[0])
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        text = QRect(area.left() + 6, top.bottom() + 6, area.width() - 12, area.height() // 2)
        flags = _FLAG.AlignHCenter | _FLAG.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(
            text, int(flags), tile.photo.reason or words.status_word(tile.photo.status)
        )


def _paint_boxes(painter: QPainter, place: QRect, tile: PhotoTile) -> None:
    scale = place.width() / tile.photo.width
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for face in tile.faces:
        box = face.face.box.scaled(scale)
        rect = QRectF(place.left() + box.x1, place.top() + box.y1, box.width, box.height)
        painter.setPen(box_pen(face.state, 2))
        painter.drawRect(rect)
        side = min(14.0, max(9.0, rect.width() / 3))
        by_owner = face.face.decision is not Decision.UNDECIDED
        mark = QRectF(rect.left() - 3, rect.top() - 3, side, side)
        draw_mark(painter, mark, face.state, by_owner=by_owner)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _photo_line(tile: PhotoTile) -> str:
    if tile.photo.status is not PhotoStatus.OK:
        return words.status_word(tile.photo.status)
    if not tile.faces:
        return trn("{n} face", "{n} faces", 0)
    kept = sum(face.state is FaceState.KEPT for face in tile.faces)
    faces = trn("{n} face", "{n} faces", len(tile.faces))
    return f"{faces} · {trn('{n} kept', '{n} kept', kept)}"


def _fitted(pixmap: QPixmap, area: QRect) -> QRect:
    """Where *pixmap* lies in *area*: as large as fits, in the middle; never enlarged past it."""
    size = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(area.topLeft(), size)
    place.moveCenter(area.center())
    return place


def _paint_icon(painter: QPainter, area: QRect, name: str) -> None:
    icon(name, 24).paint(painter, area, _FLAG.AlignCenter)


@lru_cache(maxsize=8)
def _small_of(description: str) -> tuple[QFont, QFontMetrics]:
    font = QFont()
    font.fromString(description)
    font.setPointSizeF(font.pointSizeF() * 0.88)
    return font, QFontMetrics(font)


def _small(font: QFont) -> tuple[QFont, QFontMetrics]:
    """The font of second lines, and its metrics."""
    return _small_of(font.toString())


@lru_cache(maxsize=4096)
def _cut_text(text: str, description: str, width: int) -> str:
    font = QFont()
    font.fromString(description)
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _cut(text: str, font: QFont, width: int) -> str:
    return _cut_text(text, font.toString(), width)
