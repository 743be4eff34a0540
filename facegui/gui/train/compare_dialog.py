"""What differs between two runs: their settings and what came of them."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.train.result import when
from facegui.gui.train.status import duration, percent
from facegui.services.judging.judged_faces import JudgedFaces
from facegui.services.learning.networks import title_of
from facegui.services.runs.records import RunRecord
from facegui.services.runs.words import Difference, differences

_SIZE_PX = (640, 420)


class CompareDialog(QDialog):
    """A table with a row for each outcome, then one for each setting that is not the same.

    Args:
        judged: the faces of both accuracies; None where that is not known any more.
    """

    def __init__(
        self,
        one: RunRecord,
        other: RunRecord,
        judged: JudgedFaces | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Two runs compared"))
        self.resize(*_SIZE_PX)
        rows = [*_outcomes(one, other), *differences(one, other)]
        self.table = QTableWidget(len(rows), 2)
        self.table.setAccessibleName(tr("What differs"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setHorizontalHeaderLabels(_heads(one, other))
        self.table.setVerticalHeaderLabels([row.setting for row in rows])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for number, row in enumerate(rows):
            for column, text in enumerate((row.one, row.other)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(number, column, item)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        words = "" if judged is None else judged.words
        self.caution = QLabel(f"{words[:1].upper()}{words[1:]}.", wordWrap=True)
        self.caution.setVisible(bool(words))
        layout.addWidget(self.caution)
        layout.addWidget(self.table)
        layout.addWidget(buttons)


def _heads(one: RunRecord, other: RunRecord) -> list[str]:
    """When each run was, and of which network where that is not the same."""
    heads = [when(run.created) for run in (one, other)]
    titles = [title_of(run.config.network) for run in (one, other)]
    if titles[0] != titles[1]:
        heads = [f"{head} · {title}" for head, title in zip(heads, titles, strict=True)]
    return heads


def _outcomes(one: RunRecord, other: RunRecord) -> list[Difference]:
    """What came of each, whether it differs or not."""

    def row(title: str, *texts: str) -> Difference:
        return Difference(title, *texts)

    both = (one, other)
    return [
        row(tr("Accuracy"), *(percent(run.accuracy) for run in both)),
        row(tr("With unknown"), *(percent(run.accuracy_with_unknown) for run in both)),
        row(tr("Validation loss"), *(f"{run.metrics.validation_loss:.3f}" for run in both)),
        row(tr("Faces judged"), *(f"{run.metrics.judged_count:,}" for run in both)),
        row(tr("Faces learned from"), *(f"{run.metrics.train_count:,}" for run in both)),
        row(tr("Batches"), *(f"{run.metrics.steps:,}" for run in both)),
        row(tr("Took"), *(duration(run.seconds) for run in both)),
    ]
