"""The faces that two models were asked about, one in each row, and which of them are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from facegui.domain.recognition import Identity
from facegui.domain.text import tr
from facegui.gui.models.face_crops import FaceCrops
from facegui.services.recognising.comparing import ComparedFace

Index = QModelIndex | QPersistentModelIndex
FACE, TRUTH, ONE, OTHER, FILE = range(5)


class Shown(Enum):
    """Which faces are listed."""

    ALL = "all"
    DIFFERENT = "different"
    ONLY_ONE = "only one right"
    ONLY_OTHER = "only other right"
    BOTH_WRONG = "both wrong"


_WANTED: Mapping[Shown, Callable[[ComparedFace], bool]] = {
    Shown.ALL: lambda _face: True,
    Shown.DIFFERENT: lambda face: face.differs,
    Shown.ONLY_ONE: lambda face: face.one_right is True and face.other_right is False,
    Shown.ONLY_OTHER: lambda face: face.one_right is False and face.other_right is True,
    Shown.BOTH_WRONG: lambda face: face.one_right is False and face.other_right is False,
}


class ComparedModel(QAbstractTableModel):
    """Rows of `ComparedFace`."""

    def __init__(self, crops: FaceCrops) -> None:
        super().__init__()
        self._crops = crops
        self._all: Sequence[ComparedFace] = ()
        self.faces: list[ComparedFace] = []
        crops.came.connect(self._crops_came)

    def show(self, faces: Sequence[ComparedFace], shown: Shown) -> None:
        """List those of *faces* that *shown* means."""
        self.beginResetModel()
        self._all = faces
        self.faces = [face for face in faces if _WANTED[shown](face)]
        self.endResetModel()

    def count(self, shown: Shown) -> int:
        """How many faces *shown* means."""
        return sum(map(_WANTED[shown], self._all))

    def of_photo(self, path: str) -> list[ComparedFace]:
        """All faces of one photo, from the left."""
        return sorted((f for f in self._all if f.path == path), key=lambda face: face.box.x1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.faces)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else FILE + 1

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Face"), tr("Who it is"), "A", "B", tr("Photo"))[section]
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        face, column = self.faces[index.row()], index.column()
        if role == Qt.ItemDataRole.DecorationRole:
            return self._crops.picture(face.path, face.box) if column == FACE else None
        tell = _TOLD.get(role)
        return tell(face, column) if tell else None

    def _crops_came(self) -> None:
        if self.faces:
            last = self.index(len(self.faces) - 1, FACE)
            self.dataChanged.emit(self.index(0, FACE), last, [Qt.ItemDataRole.DecorationRole])


def said(identity: Identity) -> str:
    """One model's answer."""
    if identity.name is None:
        return tr("unknown ({candidate}?)", candidate=identity.candidate)
    return f"{identity.name}  {identity.probability:.0%}".replace("%", " %")


def _text(face: ComparedFace, column: int) -> str:
    if column == TRUTH:
        return face.truth or "–"
    if column in (ONE, OTHER):
        answer, right = _answer(face, column)
        sign = {True: "✓ ", False: "✗ ", None: ""}[right]
        return sign + said(answer)
    return Path(face.path).name if column == FILE else ""


def _tip(face: ComparedFace, column: int) -> str:
    if column in (ONE, OTHER):
        answer, _ = _answer(face, column)
        return tr(
            "{candidate}: similarity {similarity}, {threshold} needed to be named",
            candidate=answer.candidate,
            similarity=f"{answer.similarity:.2f}",
            threshold=f"{answer.threshold:.2f}",
        )
    if column == TRUTH and face.learned:
        return tr("One of the models has learned from this photo; it counts for nothing.")
    return face.path


def _font(face: ComparedFace, column: int) -> QFont | None:
    """Bold where the two differ."""
    if column not in (ONE, OTHER) or not face.differs:
        return None
    font = QFont()
    font.setBold(True)
    return font


def _colour(face: ComparedFace, column: int) -> QColor | None:
    """Faint where it proves nothing."""
    if column == TRUTH and not face.judged:
        return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
    return None


def _answer(face: ComparedFace, column: int) -> tuple[Identity, bool | None]:
    if column == ONE:
        return face.one, face.one_right
    return face.other, face.other_right


_TOLD: Mapping[int, Callable[[ComparedFace, int], object]] = {
    int(Qt.ItemDataRole.DisplayRole): _text,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
    int(Qt.ItemDataRole.FontRole): _font,
    int(Qt.ItemDataRole.ForegroundRole): _colour,
}
