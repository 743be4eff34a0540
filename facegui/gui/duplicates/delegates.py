"""How a group's row and a member's card are painted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.duplicates.models import ITEM_ROLE, Index, group_words, likeness
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.services.copies.view import CopyGroup, Member

_ROW_PX = 60
_CARD = QSize(248, 336)
_LEAST_CARD_PX = 168
_PAD_PX = 8
_KEPT = QColor("#2da44e")
_CONFLICT = QColor("#d4572a")
_BADGE_PX = 18


class GroupDelegate(QStyledItemDelegate):
    """A small picture of the keeper, its name, and how many copies it has."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(200, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        group: CopyGroup = index.data(ITEM_ROLE)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, option.palette.highlight())
        area = option.rect.adjusted(_PAD_PX, 4, -_PAD_PX, -4)
        square = QRect(area.left(), area.top(), area.height(), area.height())
        draw_picture(painter, square, self._pictures, Wanted(group.keeper.photo))
        text = area.adjusted(square.width() + 10, 4, 0, -4)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        name = painter.fontMetrics().elidedText(
            group.keeper.name, Qt.TextElideMode.ElideMiddle, text.width()
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, name)
        if not selected:
            painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(text, Qt.AlignmentFlag.AlignBottom, group_words(group))
        if group.conflict:
            _draw_badge(painter, square)
        painter.restore()


class MemberDelegate(QStyledItemDelegate):
    """A card: the photo, how it relates to the keeper, size, sharpness and name.

    Where the list has no room for two cards beside each other, both are made smaller.
    """

    def __init__(self, pictures: Pictures, parent: QListView) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        bar = self._list.verticalScrollBar().sizeHint().width()
        room = self._list.contentsRect().width() - bar - 3 * self._list.spacing()
        less = max(0, _CARD.width() - max(_LEAST_CARD_PX, room // 2 - 1))
        return _CARD - QSize(less, less)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member: Member = index.data(ITEM_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(4, 4, -4, -4)
        self._paint_card(painter, card, option, member)
        side = card.width() - 2 * _PAD_PX
        picture = QRect(0, 0, side, side)
        picture.moveCenter(card.center())
        picture.moveTop(card.top() + _PAD_PX)
        draw_picture(painter, picture, self._pictures, Wanted(member.photo))
        text = card.adjusted(_PAD_PX, side + 2 * _PAD_PX, -_PAD_PX, -_PAD_PX)
        self._paint_text(painter, text, option.palette, member)
        painter.restore()

    def _paint_card(
        self, painter: QPainter, card: QRect, option: QStyleOptionViewItem, member: Member
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        outline = option.palette.color(QPalette.ColorRole.Mid)
        if member.is_keeper:
            outline = _KEPT
        if selected:
            outline = option.palette.color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(outline, 2 if selected or member.is_keeper else 1))
        painter.setBrush(option.palette.base())
        painter.drawRoundedRect(card, 8, 8)

    def _paint_text(
        self, painter: QPainter, area: QRect, palette: QPalette, member: Member
    ) -> None:
        lines = (
            (_verdict(member), palette.color(QPalette.ColorRole.Text), True),
            (_size(member), palette.color(QPalette.ColorRole.Text), False),
            (_measures(member), palette.color(QPalette.ColorRole.Text), False),
            (_who(member), palette.color(QPalette.ColorRole.PlaceholderText), False),
        )
        height = area.height() // len(lines)
        for number, (line, colour, bold) in enumerate(lines):
            font = QFont(painter.font())
            font.setBold(bold)
            painter.setFont(font)
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(
                line, Qt.TextElideMode.ElideMiddle, area.width()
            )
            row = QRect(area.left(), area.top() + number * height, area.width(), height)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, shown)


def draw_picture(painter: QPainter, area: QRect, pictures: Pictures, wanted: Wanted) -> None:
    """The photo inside *area*, or a plain field while it is not loaded."""
    pixmap = pictures.get(wanted)
    if pixmap is None:
        painter.fillRect(area, painter.background())
        if pictures.failed(wanted):
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("cannot be read"))
        return
    size = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(area.topLeft(), size)
    target.moveCenter(area.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, pixmap)


def _verdict(member: Member) -> str:
    if member.is_keeper:
        return f"✓ {tr('Keeper')}"
    words = likeness(member)
    return f"✗ {tr('Rejected')} · {words}" if member.rejected else words


def _size(member: Member) -> str:
    photo = member.photo
    return f"{photo.width} × {photo.height} · {photo.size_bytes / 1000:,.0f} kB"


def _measures(member: Member) -> str:
    if member.sharpness is None or member.turn_deg is None:
        return tr("no face found")
    sharp = tr("sharpness {value}", value=f"{member.sharpness:.3g}")
    return f"{sharp} · {tr('turned {n}°', n=round(member.turn_deg))}"


def _who(member: Member) -> str:
    return " · ".join((*member.people, member.name))


def _draw_badge(painter: QPainter, square: QRect) -> None:
    """An exclamation mark at the corner of a picture whose labels contradict each other."""
    spot = QRect(square.left() - 2, square.top() - 2, _BADGE_PX, _BADGE_PX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_CONFLICT)
    painter.drawEllipse(spot)
    font = QFont(painter.font())
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, "!")
