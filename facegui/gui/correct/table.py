"""Corrections as a table: what was said, what a model says now, and what that proves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor

from facegui.domain.corrections import Correction
from facegui.domain.text import tr
from facegui.gui.correct.words import answer_words, seen_words, truth_words
from facegui.gui.people.loader import FaceLoader
from facegui.services.recognising.corrections_replay import Learned, Outcome, ReplayedFace

CROP_PX = 64
_COLOURS = {
    Outcome.FIXED: QColor("#2da44e"),
    Outcome.STILL_WRONG: QColor("#bf8700"),
    Outcome.NEWLY_WRONG: QColor("#e5534b"),
}

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns in order; those from NOW on are empty until a model has been asked."""

    FACE = 0
    TRUTH = 1
    BEFORE = 2
    SEEN = 3
    NOW = 4
    OUTCOME = 5
    PROOF = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One correction, and what came of its replay; None where it was not replayed."""

    correction: Correction
    replayed: ReplayedFace | None

    @property
    def outcome(self) -> Outcome | None:
        """What became of it."""
        return None if self.replayed is None else self.replayed.outcome


class CorrectionTable(QAbstractTableModel):
    """Rows as they are shown; crops come by themselves."""

    def __init__(self, loader: FaceLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self.rows: Sequence[Row] = ()
        loader.changed.connect(self._crops_came)

    def show(self, rows: Sequence[Row]) -> None:
        """Start anew with *rows*."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _headings()[Column(section)]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DecorationRole and column is Column.FACE:
            return self._loader.pixmap(row.correction.face_id)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _text(row, column) or tr("Face")
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.OUTCOME:
            return None if row.outcome is None else _COLOURS.get(row.outcome)
        return None

    def _crops_came(self) -> None:
        if self.rows:
            last = self.index(len(self.rows) - 1, Column.FACE)
            self.dataChanged.emit(self.index(0, Column.FACE), last)


def outcome_words(outcome: Outcome) -> str:
    """An outcome in the owner's language."""
    return {
        Outcome.FIXED: tr("Fixed"),
        Outcome.STILL_WRONG: tr("Still wrong"),
        Outcome.NEWLY_WRONG: tr("Newly wrong"),
        Outcome.STILL_RIGHT: tr("Right as before"),
    }[outcome]


def _headings() -> dict[Column, str]:
    return {
        Column.FACE: "",
        Column.TRUTH: tr("You said"),
        Column.BEFORE: tr("The model had said"),
        Column.SEEN: tr("Seen"),
        Column.NOW: tr("This model says"),
        Column.OUTCOME: tr("Outcome"),
        Column.PROOF: tr("What that proves"),
    }


def _text(row: Row, column: Column) -> str:
    correction, replayed = row.correction, row.replayed
    match column:
        case Column.TRUTH:
            return _said(correction)
        case Column.BEFORE:
            before = correction.provenance.answer if replayed is None else replayed.before
            return answer_words(before)
        case Column.SEEN:
            return seen_words(correction)
    return "" if replayed is None else _told_now(replayed, column)


def _told_now(replayed: ReplayedFace, column: Column) -> str:
    match column:
        case Column.NOW:
            return answer_words(replayed.now)
        case Column.OUTCOME:
            return outcome_words(replayed.outcome)
        case Column.PROOF:
            return _proof(replayed)
    return ""


def _said(correction: Correction) -> str:
    """What the owner said, and what was decided later."""
    said = truth_words(correction.said)
    if correction.truth == correction.said:
        return said
    if correction.truth is None:
        return said + "\n" + tr("taken back since")
    return said + "\n" + tr("since then: {truth}", truth=truth_words(correction.truth))


def _proof(replayed: ReplayedFace) -> str:
    words = {
        Learned.NO: tr("not learned from: it counts"),
        Learned.YES: tr("learned from it: no proof"),
        Learned.CHOSEN: tr("helped to choose the weights: proves little"),
    }[replayed.learned]
    if replayed.out_of_fold is None:
        return words
    name, probability = replayed.out_of_fold
    told = tr("out of fold: {name}, {share}", name=name, share=f"{probability:.0%}")
    return f"{words}\n{told}"
