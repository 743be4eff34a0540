"""The recognised files as a list: model, lazily loaded thumbnails, and how a row looks."""

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
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import minutes, tr, trn
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.theme import icon
from facegui.services.recognising.results import ResultFilter, ResultOrder, Tally, order_key

PHOTO_ROLE = Qt.ItemDataRole.UserRole
SUMMARY_ROLE = Qt.ItemDataRole.UserRole + 1
THUMB_PX = 56
_PAD_PX = 8
_SUMMARY_POINTS = 0.92

Index = QModelIndex | QPersistentModelIndex


def summary(photo: RecognisedPhoto) -> str:
    """Who is in it, in a line, a question mark where that is unsure; or why it cannot be read."""
    if photo.error is not None:
        return photo.error
    told = _people(photo) if photo.faces else tr("No face found")
    return told if photo.duration_s is None else f"{told} · {minutes(photo.duration_s)}"


def _people(photo: RecognisedPhoto) -> str:
    names = Counter(face.name for face in photo.faces)
    doubted = {face.name for face in photo.faces if face.unsure}
    unknown = names.pop(None, 0)
    parts = []
    for name, count in names.items():
        sign = "?" if name in doubted else ""
        parts.append(f"{name}{sign}" if count == 1 else f"{name}{sign} ×{count}")
    if unknown:
        parts.append(
            trn("{n} unknown", "{n} unknown", unknown) if parts or unknown > 1 else tr("Unknown")
        )
    return ", ".join(parts)


def cover_time(photo: RecognisedPhoto) -> float | None:
    """The moment of a video that stands for it: somebody at their best; None for a photo."""
    if photo.duration_s is None:
        return None
    seen = [face.appearance for face in photo.faces if face.appearance is not None]
    return max(seen, key=lambda one: len(one.moments)).best_s if seen else 0.0


class ResultModel(QAbstractListModel):
    """A row for each file that is asked for; recognised again, a file keeps its place.

    Attributes:
        tally: how many files there are, asked for or not.

    Signals:
        counted: the tally is another.
    """

    counted = Signal()

    def __init__(self, loader: PictureLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tally = Tally()
        self._all: dict[str, RecognisedPhoto] = {}
        self._shown: list[RecognisedPhoto] = []
        self._wanted = ResultFilter()
        self._loader = loader
        loader.loaded.connect(self._thumb_came)

    def put(self, photos: Sequence[RecognisedPhoto]) -> None:
        """Add *photos*, or replace what was known of them."""
        known = any(photo.path in self._all for photo in photos)
        for photo in photos:
            if photo.path in self._all:
                self.tally.remove(self._all[photo.path])
            self.tally.add(photo)
            self._all[photo.path] = photo
        if known or self._wanted.order is not ResultOrder.CAME:
            self._choose()
        else:
            self._append([photo for photo in photos if self._wanted.admits(photo)])
        self.counted.emit()

    def correct(self, changed: Sequence[tuple[RecognisedPhoto, RecognisedPhoto]]) -> None:
        """Put the second of each pair in the first's place, unless that was recognised again."""
        photos = [new for old, new in changed if self._all.get(old.path) is old]
        if photos:
            self.put(photos)

    def ask_for(self, wanted: ResultFilter) -> None:
        """Show only the files that *wanted* admits, in its order."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._choose()

    def clear(self) -> None:
        """Forget everything."""
        self._all.clear()
        self.tally = Tally()
        self._choose()
        self.counted.emit()

    @property
    def photos(self) -> Sequence[RecognisedPhoto]:
        """The rows in order."""
        return self._shown

    @property
    def everything(self) -> Sequence[RecognisedPhoto]:
        """All files in the order in which they came, asked for or not."""
        return list(self._all.values())

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        photo = self._shown[index.row()]
        file_name = Path(photo.path).name
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return file_name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{photo.path}\n{summary(photo)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{file_name}: {summary(photo)}"
            case Qt.ItemDataRole.DecorationRole if photo.error is None:
                return self._loader.thumbnail(photo.path, cover_time(photo))
        return {PHOTO_ROLE: photo, SUMMARY_ROLE: summary(photo)}.get(role)

    def _append(self, photos: Sequence[RecognisedPhoto]) -> None:
        if photos:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(photos) - 1)
            self._shown += photos
            self.endInsertRows()

    def _choose(self) -> None:
        self.beginResetModel()
        self._shown = [photo for photo in self._all.values() if self._wanted.admits(photo)]
        key = order_key(self._wanted.order)
        if key is not None:
            self._shown.sort(key=key)
        self.endResetModel()

    def _thumb_came(self, _path: str, _image: QImage) -> None:
        if self._shown:  # the view paints what is in sight of these, and no more
            ends = self.index(0), self.index(len(self._shown) - 1)
            self.dataChanged.emit(*ends, [Qt.ItemDataRole.DecorationRole])


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
