"""Validation crops with what the network takes them for now; a tile each, new after each epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.domain.training import Guesses
from facegui.gui.train.status import percent

Index = QModelIndex | QPersistentModelIndex

TILE_ROLE = Qt.ItemDataRole.UserRole
_OWN_ROLE = TILE_ROLE + 1
_CROP_PX = 76
_PAD_PX = 4
_SIGN_PX = 18
_TOLD = 3
_RIGHT = ("#1a7f37", "#3fb95c")  # light, dark
_WRONG = ("#c4320a", "#ff7b54")
_DARK_BELOW = 128
_ALIGN = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Face:
    """A crop to be shown: its row in the dataset, whose it is, and its picture if there is one."""

    row: int
    name: str
    label: int
    image: QImage | None


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


class GuessModel(QAbstractListModel):
    """The tiles of one run."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._faces: tuple[Face, ...] = ()
        self._pictures: list[QPixmap | None] = []
        self._tiles: list[Tile] = []

    def show_faces(self, faces: Sequence[Face]) -> None:
        """Show *faces*, of which nothing is guessed yet."""
        self.beginResetModel()
        self._faces = tuple(faces)
        self._pictures = [
            None if face.image is None else QPixmap.fromImage(face.image) for face in faces
        ]
        self._tiles = [
            Tile(face.row, face.name, picture, (), 0.0)
            for face, picture in zip(faces, self._pictures, strict=True)
        ]
        self.endResetModel()

    def show_guesses(self, guesses: Guesses, people: Sequence[str]) -> None:
        """Show what is guessed now; *guesses* are of the same rows as the faces."""
        if guesses.rows != tuple(face.row for face in self._faces):
            return
        order = (-guesses.probabilities).argsort(axis=1, kind="stable")[:, :_TOLD]
        for place, face in enumerate(self._faces):
            said = guesses.probabilities[place]
            likeliest = tuple((people[label], float(said[label])) for label in order[place])
            picture = self._pictures[place]
            self._tiles[place] = Tile(
                face.row, face.name, picture, likeliest, float(said[face.label])
            )
        if self._tiles:
            self.dataChanged.emit(self.index(0), self.index(len(self._tiles) - 1))

    def right(self) -> int:
        """How many guesses are right."""
        return sum(tile.right for tile in self._tiles)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._tiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        tile = self._tiles[index.row()]
        match role:
            case Qt.ItemDataRole.ToolTipRole:
                lines = [f"{name}  {percent(share)}" for name, share in tile.likeliest]
                return "\n".join([tile.told, *lines])
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.DisplayRole:
                return tile.told
            case role if role == TILE_ROLE:
                return tile
            case role if role == _OWN_ROLE:
                return tile.own
        return None


class GuessGrid(QWidget):
    """The tiles, how many guesses are right, and a switch that brings the worst to the front.

    Signals:
        crop_chosen: look at what the filters see in this row of the dataset.
    """

    crop_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = GuessModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(_OWN_ROLE)
        self.summary = QLabel(wordWrap=True)
        self.worst = QCheckBox(tr("Worst first"))
        self.worst.setToolTip(tr("Sort by how likely the right name is to the network"))
        self.worst.toggled.connect(lambda on: self._sorted.sort(0 if on else -1))
        self.view = _make_view(self._sorted)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.worst)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        self._people: tuple[str, ...] = ()
        self.clear()

    def clear(self) -> None:
        """Forget the run."""
        self.model.show_faces(())
        self.worst.setEnabled(False)
        self.summary.setText(
            tr("Faces held back to check with appear here, with the network's guess of each.")
        )

    def show_faces(self, faces: Sequence[Face], people: Sequence[str]) -> None:
        """Show *faces* of a run that tells *people* apart."""
        self._people = tuple(people)
        self.model.show_faces(faces)
        self.worst.setEnabled(bool(faces))

    def show_guesses(self, guesses: Guesses) -> None:
        """Show what the network takes the faces for."""
        self.model.show_guesses(guesses, self._people)
        count = self.model.rowCount()
        self.summary.setText(
            tr("Epoch {epoch}:", epoch=f"{guesses.epoch:,}")
            + " "
            + trn("{right} of {n} face right", "{right} of {n} faces right", count,
                  right=self.model.right())
        )  # fmt: skip

    def _choose(self, index: QModelIndex) -> None:
        self.crop_chosen.emit(index.data(TILE_ROLE).row)


def _make_view(model: QSortFilterProxyModel) -> QListView:
    view = QListView()
    view.setModel(model)
    view.setItemDelegate(_TileDelegate(view))
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setSpacing(2)
    view.setMouseTracking(True)
    view.setAccessibleName(tr("Faces and the network's guesses"))
    view.setToolTip(tr("Click a face to see what the filters of the network make of it"))
    return view


class _TileDelegate(QStyledItemDelegate):
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
