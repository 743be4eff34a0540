"""One face beside the chart: its crop with a sign at the corner, whose it is, the guess below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from facegui.domain.text import tr
from facegui.gui.train.status import percent

Index = QModelIndex | QPersistentModelIndex

TILE_ROLE = Qt.ItemDataRole.UserRole
_CROP_PX = 76
_PAD_PX = 4
_SIGN_PX = 18
_RIGHT = ("#1a7f37", "#3fb95c")  # light, dark
_WRONG = ("#c4320a", "#ff7b54")
_DARK_BELOW = 128
_ALIGN = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Tile:
    """One crop and what is guessed of it.

    Attributes:
        row: in the dataset of the run.
        name: whose it is.
        likeliest: names and probabilities, likeliest first.
        own: the probability of the right name.
    """

    row: int
    name: str
    picture: QPixmap | None
    likeliest: tuple[tuple[str, float], ...]
    own: float

    @property
    def right(self) -> bool:
        """Whether the guess is right."""
        return bool(self.likeliest) and self.likeliest[0][0] == self.name

    @property
    def told(self) -> str:
        """The guess in words."""
        if not self.likeliest:
            return tr("{name}: no guess yet", name=self.name)
        guess, probability = self.likeliest[0]
        words = tr("right") if self.right else tr("wrong")
        return tr(
            "{name}: taken for {guess}, {percent}, {right}",
            name=self.name, guess=guess, percent=percent(probability), right=words,
        )  # fmt: skip


class TileDelegate(QStyledItemDelegate):
    """The crop with a sign at its corner, whose it is, and below that the guess."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        line = option.fontMetrics.height()
        return QSize(_CROP_PX + 3 * _PAD_PX, _CROP_PX + 2 * line + 3 * _PAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tile: Tile = index.data(TILE_ROLE)
        palette, area = option.palette, option.rect.adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
            painter.drawRoundedRect(area, 4, 4)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, palette.color(QPalette.ColorRole.Midlight))
        left = area.left() + (area.width() - _CROP_PX) // 2
        place = QRect(left, area.top() + _PAD_PX, _CROP_PX, _CROP_PX)
        _paint_picture(painter, place, tile, palette)
        line = option.fontMetrics.height()
        text = QRect(area.left() + 2, place.bottom() + _PAD_PX, area.width() - 4, line)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        _paint_words(painter, text, tile.name, option)
        if tile.likeliest:
            guess, probability = tile.likeliest[0]
            dark = palette.color(QPalette.ColorRole.Base).lightness() < _DARK_BELOW
            colour = QColor((_RIGHT if tile.right else _WRONG)[dark])
            painter.setPen(colour)
            share = f"{probability:.0%}".replace("%", " %")
            words = share
            if not tile.right:
                words = guess_words(guess, share, option.fontMetrics, text.width())
            _paint_words(painter, text.translated(0, line), words, option)
            _paint_sign(painter, place, colour, right=tile.right)
        painter.restore()


def guess_words(guess: str, share: str, metrics: QFontMetrics, width_px: int) -> str:
    """A wrong guess in *width_px*: where that is too narrow the name is cut, never its share."""
    room = width_px - metrics.horizontalAdvance(f" {share}")
    return f"{metrics.elidedText(guess, Qt.TextElideMode.ElideRight, room)} {share}"


def _paint_picture(painter: QPainter, place: QRect, tile: Tile, palette: QPalette) -> None:
    if tile.picture is None:
        painter.fillRect(place, palette.color(QPalette.ColorRole.Midlight))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(place, _ALIGN, "?")
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(place, tile.picture)


def _paint_words(painter: QPainter, place: QRect, text: str, option: QStyleOptionViewItem) -> None:
    metrics = option.fontMetrics
    painter.drawText(
        place, _ALIGN, metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    )


def _paint_sign(painter: QPainter, place: QRect, colour: QColor, *, right: bool) -> None:
    """A tick or a cross on a disc, so that colour is not all that tells them apart."""
    disc = QRect(place.right() - _SIGN_PX + 3, place.top() - 2, _SIGN_PX, _SIGN_PX)
    painter.setPen(QPen(QColor("white"), 1.5))
    painter.setBrush(colour)
    painter.drawEllipse(disc)
    inner = disc.adjusted(5, 5, -5, -5)
    painter.setPen(QPen(QColor("white"), 2))
    if right:
        low = inner.bottomLeft() + (inner.bottomRight() - inner.bottomLeft()) / 3
        painter.drawPolyline([inner.bottomLeft() - (inner.bottomLeft() - inner.topLeft()) / 2,
                              low, inner.topRight()])  # fmt: skip
    else:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
