"""The figures of a comparison: how the answers stand to each other, and how often each is right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.services.judging.score import Score
from facegui.services.recognising.compared import in_words, tally
from facegui.services.recognising.comparing import (
    Agreement,
    ComparedFace,
    Comparison,
    agreement,
)

_COLUMNS = 4
_RIGHT = Qt.AlignmentFlag.AlignRight


class ComparisonSummary(QWidget):
    """A sentence, a small table, and what to bear in mind."""

    def __init__(self) -> None:
        super().__init__()
        self.verdict = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        font = self.verdict.font()
        font.setBold(True)
        self.verdict.setFont(font)
        self.notes = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.notes.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        self._cells = QGridLayout()
        self._cells.setHorizontalSpacing(18)
        self._cells.setVerticalSpacing(2)
        self._cells.setColumnStretch(_COLUMNS, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for label in (self.verdict, self.notes):
            label.setTextInteractionFlags(flags)
        column.addWidget(self.verdict)
        column.addLayout(self._cells)
        column.addWidget(self.notes)

    def show_comparison(self, found: Comparison) -> None:
        """Tell what *found* says."""
        first, *others = in_words(found)
        self.verdict.setText(first)
        self.notes.setText(" ".join(others))
        self.notes.setVisible(bool(others))
        self._fill(_rows(found.faces) if found.faces else [])

    def _fill(self, rows: Sequence[Sequence[str]]) -> None:
        while (old := self._cells.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.deleteLater()
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                label = QLabel(text)
                if not row:
                    label.setForegroundRole(self.palette().ColorRole.PlaceholderText)
                self._cells.addWidget(label, row, column, _RIGHT if column else Qt.AlignmentFlag(0))


def _rows(faces: Sequence[ComparedFace]) -> list[list[str]]:
    """The table's texts; what is right only where somebody says who the faces are."""
    counted = tally(faces)
    known = counted.one.count > 0
    head = ["", tr("Faces"), *([tr("A right"), tr("B right")] if known else [])]
    rows = [head]
    for kind, title in _titles().items():
        if not counted.kinds[kind]:
            continue
        row = [title, f"{counted.kinds[kind]:,}"]
        if known:
            of_kind = tally([face for face in faces if agreement(face) is kind])
            row += [f"{of_kind.one.right:,}", f"{of_kind.other.right:,}"]
        rows.append(row)
    if known:
        judged = f"{counted.one.count:,}"
        rows.append([tr("All that count"), judged, _share(counted.one), _share(counted.other)])
    return rows


def _share(score: Score) -> str:
    return f"{100 * score.accuracy:.0f} % ({score.interval_words})"


def _titles() -> dict[Agreement, str]:
    return {
        Agreement.SAME: tr("The same name"),
        Agreement.BOTH_UNKNOWN: tr("Unknown to both"),
        Agreement.DIFFERENT: tr("Different names"),
        Agreement.ONLY_ONE: tr("Only A gives a name"),
        Agreement.ONLY_OTHER: tr("Only B gives a name"),
    }
