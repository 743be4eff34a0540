"""How tiles are painted: the picture, its state in colour and shape, the name and the reason."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPalette, QPixmap
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
from facegui.gui.review.art import Art
from facegui.gui.review.models import STALE_ROLE, TILE_ROLE
from facegui.gui.review.paint import box_pen, text_colour
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.gui.review.tiles import FaceTile, PhotoTile, Tile
from facegui.gui.theme import icon

PAD_PX = 4
_CAPTION_FROM_PX = 88
_CAPTION_GAP_PX = 3
_DOT_PX = 13
_STALE_OPACITY = 0.35
_OUT_OPACITY = 0.55
_ROLE = QPalette.ColorRole

Index = QModelIndex | QPersistentModelIndex


class TileDelegate(QStyledItemDelegate):
    """What both kinds of tile share; ``option.decorationSize`` is the picture's square."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._art = Art()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        self._match(option)
        side = option.decorationSize.width()
        caption = 0
        if side >= _CAPTION_FROM_PX:
            lines = self._art.line_height(first=True) + self._art.line_height(first=False)
            caption = lines + _CAPTION_GAP_PX
        return QSize(side + 2 * PAD_PX, side + 2 * PAD_PX + caption)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._match(option)
        tile, rect, state = index.data(TILE_ROLE), option.rect, option.state
        stale = tile is None or index.data(STALE_ROLE)
        painter.setOpacity(_STALE_OPACITY if stale else 1.0)
        card = self._art.card(
            rect.size(),
            selected=bool(state & QStyle.StateFlag.State_Selected),
            current=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        painter.drawPixmap(rect.topLeft(), card)
        if tile is None:
            return
        side = option.decorationSize.width()
        area = QRect(rect.left() + PAD_PX, rect.top() + PAD_PX, side, side)
        self.paint_picture(painter, area, tile, option.palette)
        if side >= _CAPTION_FROM_PX:
            self.paint_caption(painter, area, tile, option.palette)

    def paint_picture(self, painter: QPainter, area: QRect, tile: Tile, palette: QPalette) -> None:
        """Paint what fills the square *area*."""
        raise NotImplementedError

    def paint_caption(self, painter: QPainter, area: QRect, tile: Tile, palette: QPalette) -> None:
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

    def _match(self, option: QStyleOptionViewItem) -> None:
        scale = option.widget.devicePixelRatioF() if option.widget else 1.0
        self._art.match(option.font, option.palette, scale)

    def _lines(
        self,
        painter: QPainter,
        area: QRect,
        first: tuple[str, QColor],
        second: tuple[str, QColor],
        indent: int = 0,
    ) -> None:
        """Two lines below *area*, each cut with … where it is too long."""
        art, top = self._art, area.bottom() + _CAPTION_GAP_PX
        painter.setFont(art.font)
        painter.setPen(first[1])
        upper = art.text(first[0], area.width() - indent, first=True)
        painter.drawStaticText(area.left() + indent, top, upper)
        painter.setFont(art.small)
        painter.setPen(second[1])
        lower = art.text(second[0], area.width(), first=False)
        painter.drawStaticText(area.left(), top + art.line_height(first=True), lower)


class FaceDelegate(TileDelegate):
    """A face crop: mark, name or offered name, and why it counts as it does."""

    def wanted(self, tile: Tile) -> Wanted | None:
        assert isinstance(tile, FaceTile)
        return Wanted(tile.photo, tile.face)

    def paint_picture(self, painter: QPainter, area: QRect, tile: Tile, palette: QPalette) -> None:
        assert isinstance(tile, FaceTile)
        wanted = Wanted(tile.photo, tile.face)
        pixmap = self._pictures.get(wanted)
        if pixmap is None:
            painter.fillRect(area, palette.color(_ROLE.Midlight))
            if self._pictures.failed(wanted):
                _paint_icon(painter, area, "warning")
        elif tile.state is FaceState.KEPT:
            _paint_pixmap(painter, area, pixmap)
        else:
            shown = painter.opacity()
            painter.setOpacity(shown * _OUT_OPACITY)
            _paint_pixmap(painter, area, pixmap)
            painter.setOpacity(shown)
        by_owner = tile.face.decision is not Decision.UNDECIDED
        frame = self._art.frame(tile.state, area.width(), by_owner=by_owner)
        painter.drawPixmap(area.topLeft(), frame)

    def paint_caption(self, painter: QPainter, area: QRect, tile: Tile, palette: QPalette) -> None:
        assert isinstance(tile, FaceTile)
        faint, indent = palette.color(_ROLE.PlaceholderText), 0
        if tile.person is not None:
            indent = _DOT_PX
            middle = area.bottom() + _CAPTION_GAP_PX + self._art.line_height(first=True) // 2
            dot = self._art.dot(tile.person.colour)
            painter.drawPixmap(QPoint(area.left() + 1, middle - 4), dot)
        name = tile.title or words.no_name()
        colour = palette.color(_ROLE.Text) if tile.person else faint
        warned = tile.conflict or tile.state is FaceState.REJECTED
        reason = text_colour(FaceState.REJECTED, palette) if warned else faint
        self._lines(painter, area, (name, colour), (tile.verdict, reason), indent)


class PhotoDelegate(TileDelegate):
    """A whole photo with its boxes, or the reason why it shows none."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(pictures, parent)
        self.boxes_shown = True

    def wanted(self, tile: Tile) -> Wanted | None:
        assert isinstance(tile, PhotoTile)
        readable = tile.photo.status in (PhotoStatus.OK, PhotoStatus.PENDING)
        return Wanted(tile.photo) if readable else None

    def paint_picture(self, painter: QPainter, area: QRect, tile: Tile, palette: QPalette) -> None:
        assert isinstance(tile, PhotoTile)
        wanted = self.wanted(tile)
        pixmap = self._pictures.get(wanted) if wanted else None
        if pixmap is not None:
            place = _fitted(pixmap, area)
            _paint_pixmap(painter, place, pixmap)
            if self.boxes_shown and tile.photo.width:
                self._paint_boxes(painter, place, tile)
            return
        painter.fillRect(area, palette.color(_ROLE.Midlight))
        if wanted is None or self._pictures.failed(wanted):
            self._paint_reason(painter, area, tile, palette)

    def paint_caption(self, painter: QPainter, area: QRect, tile: Tile, palette: QPalette) -> None:
        assert isinstance(tile, PhotoTile)
        bad = tile.photo.status not in (PhotoStatus.OK, PhotoStatus.PENDING)
        faint = palette.color(_ROLE.PlaceholderText)
        colour = text_colour(FaceState.REJECTED, palette) if bad else faint
        name = (words.file_name(tile.photo), palette.color(_ROLE.Text))
        self._lines(painter, area, name, (_photo_line(tile), colour))

    def _paint_boxes(self, painter: QPainter, place: QRect, tile: PhotoTile) -> None:
        scale = place.width() / tile.photo.shown_size[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for face in tile.faces:
            box = tile.photo.shown_box(face.face.box).scaled(scale)
            left, top = place.left() + round(box.x1), place.top() + round(box.y1)
            painter.setPen(box_pen(face.state, 2))
            painter.drawRect(left, top, round(box.width), round(box.height))
            by_owner = face.face.decision is not Decision.UNDECIDED
            side = round(min(14.0, max(9.0, box.width / 3)))
            mark = self._art.mark(face.state, side, by_owner=by_owner)
            painter.drawPixmap(QPoint(left - 4, top - 4), mark)

    def _paint_reason(
        self, painter: QPainter, area: QRect, tile: PhotoTile, palette: QPalette
    ) -> None:
        if area.width() < _CAPTION_FROM_PX:
            _paint_icon(painter, area, "warning")
            return
        top = QRect(area.left(), area.top() + area.height() // 4, area.width(), 24)
        _paint_icon(painter, top, "warning")
        painter.setFont(self._art.small)
        painter.setPen(palette.color(_ROLE.Text))
        text = QRect(area.left() + 6, top.bottom() + 6, area.width() - 12, area.height() // 2)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        reason = tile.photo.reason or words.status_word(tile.photo.status)
        painter.drawText(text, int(flags), reason)


def _paint_pixmap(painter: QPainter, place: QRect, pixmap: QPixmap) -> None:
    """*pixmap* at *place*; stretched to it only while one of another zoom stands in."""
    if pixmap.deviceIndependentSize().toSize() == place.size():
        painter.drawPixmap(place.topLeft(), pixmap)
    else:
        painter.drawPixmap(place, pixmap)


def _photo_line(tile: PhotoTile) -> str:
    if tile.photo.status is not PhotoStatus.OK:
        return words.status_word(tile.photo.status)
    faces = trn("{n} face", "{n} faces", len(tile.faces))
    if not tile.faces:
        return faces
    kept = sum(face.state is FaceState.KEPT for face in tile.faces)
    return f"{faces} · {trn('{n} kept', '{n} kept', kept)}"


def _fitted(pixmap: QPixmap, area: QRect) -> QRect:
    """Where *pixmap* lies in *area*: as large as fits, in the middle."""
    size = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(area.topLeft(), size)
    place.moveCenter(area.center())
    return place


def _paint_icon(painter: QPainter, area: QRect, name: str) -> None:
    icon(name, 24).paint(painter, area, Qt.AlignmentFlag.AlignCenter)
