"""The recognised photos as a list: model, lazily loaded thumbnails, and how a row looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr, trn
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.theme import icon

PHOTO_ROLE = Qt.ItemDataRole.UserRole
SUMMARY_ROLE = Qt.ItemDataRole.UserRole + 1
THUMB_PX = 56
_PAD_PX = 8
_SUMMARY_POINTS = 0.92

Index = QModelIndex | QPersistentModelIndex


def summary(photo: RecognisedPhoto) -> str:
    """Who is in it, in a line; or why it could not be read."""
    if photo.error is not None:
        return photo.error
    if not photo.faces:
        return tr("No face found")
    names = Counter(face.identity.name for face in photo.faces)
    unknown = names.pop(None, 0)
    parts = [name if count == 1 else f"{name} ×{count}" for name, count in names.items() if name]
    if unknown:
        parts.append(
            trn("{n} unknown", "{n} unknown", unknown) if parts or unknown > 1 else tr("Unknown")
        )
    return ", ".join(parts)


class ResultModel(QAbstractListModel):
    """One row for each photo, in the order they came; recognised again, a photo keeps its row."""

    def __init__(self, loader: PictureLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos: list[RecognisedPhoto] = []
        self._row_of: dict[str, int] = {}
        self._loader = loader
        loader.loaded.connect(self._thumb_came)

    def put(self, photo: RecognisedPhoto) -> int:
        """Add *photo*, or replace what was known of it; returns its row."""
        row = self._row_of.get(photo.path)
        if row is not None:
            self._photos[row] = photo
            self.dataChanged.emit(self.index(row), self.index(row))
            return row
        row = len(self._photos)
        self.beginInsertRows(QModelIndex(), row, row)
        self._photos.append(photo)
        self._row_of[photo.path] = row
        self.endInsertRows()
        return row

    def clear(self) -> None:
        """Forget everything."""
        self.beginResetModel()
        self._photos.clear()
        self._row_of.clear()
        self.endResetModel()

    @property
    def photos(self) -> Sequence[RecognisedPhoto]:
        """All rows in order."""
        return self._photos

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        photo = self._photos[index.row()]
        file_name = Path(photo.path).name
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return file_name
            case Qt.ItemDataRole.ToolTipRole:
                return photo.path
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{file_name}: {summary(photo)}"
            case Qt.ItemDataRole.DecorationRole if photo.error is None:
                return self._loader.thumbnail(photo.path)
        return {PHOTO_ROLE: photo, SUMMARY_ROLE: summary(photo)}.get(role)

    def _thumb_came(self, path: str, _image: QImage) -> None:
        row = self._row_of.get(path)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])


class ResultDelegate(QStyledItemDelegate):
    """A thumbnail, the file's name, and who is in it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, THUMB_PX + 2 * _PAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        photo = index.data(PHOTO_ROLE)
        assert isinstance(photo, RecognisedPhoto)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        if chosen:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Highlight))
        inside = option.rect.adjusted(_PAD_PX, _PAD_PX, -_PAD_PX, -_PAD_PX)
        thumb = QRect(inside.topLeft(), QSize(THUMB_PX, THUMB_PX))
        self._paint_thumb(
            painter, thumb, photo, index.data(Qt.ItemDataRole.DecorationRole), palette
        )
        text = inside.adjusted(THUMB_PX + _PAD_PX, 0, 0, 0)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        self._paint_text(painter, text, option, index, palette.color(role))
        painter.restore()

    def _paint_thumb(
        self,
        painter: QPainter,
        place: QRect,
        photo: RecognisedPhoto,
        pixmap: object,
        palette: QPalette,
    ) -> None:
        if photo.error is not None:
            icon("warning", 24).paint(painter, place)
        elif isinstance(pixmap, QPixmap):
            shown = QRect(place.topLeft(), pixmap.deviceIndependentSize().toSize())
            shown.moveCenter(place.center())
            painter.drawPixmap(shown, pixmap)
        else:
            painter.fillRect(place, palette.color(QPalette.ColorRole.Midlight))

    def _paint_text(
        self,
        painter: QPainter,
        place: QRect,
        option: QStyleOptionViewItem,
        index: Index,
        colour: QColor,
    ) -> None:
        half = place.height() // 2
        left = int(Qt.AlignmentFlag.AlignLeft)
        painter.setPen(colour)
        bold = option.font
        bold.setBold(True)
        painter.setFont(bold)
        name = QFontMetrics(bold).elidedText(
            index.data(), Qt.TextElideMode.ElideMiddle, place.width()
        )
        upper = place.adjusted(0, 0, 0, -half)
        painter.drawText(upper, left | int(Qt.AlignmentFlag.AlignBottom), name)
        small = option.font
        small.setBold(False)
        small.setPointSizeF(small.pointSizeF() * _SUMMARY_POINTS)
        painter.setFont(small)
        told = QFontMetrics(small).elidedText(
            index.data(SUMMARY_ROLE), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place.adjusted(0, half, 0, 0), left | int(Qt.AlignmentFlag.AlignTop), told)
