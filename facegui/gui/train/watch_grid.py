"""Validation crops with what the network takes them for now; a tile each, new after each epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.domain.training import Guesses
from facegui.gui.train.status import percent
from facegui.gui.train.watch_tile import TILE_ROLE, Index, Tile, TileDelegate

_OWN_ROLE = TILE_ROLE + 1
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Face:
    """A crop to be shown: its row in the dataset, whose it is, and its picture if there is one."""

    row: int
    name: str
    label: int
    image: QImage | None


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
    view.setItemDelegate(TileDelegate(view))
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setSpacing(2)
    view.setMouseTracking(True)
    view.setAccessibleName(tr("Faces and the network's guesses"))
    view.setToolTip(tr("Click a face to see what the filters of the network make of it"))
    return view
