"""The list of corrections, and what a model says now of the faces that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.corrections import Correction
from facegui.domain.errors import Cancelled, LibraryError
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.correct.table import CROP_PX, Column, CorrectionTable, Row, outcome_words
from facegui.gui.flow import FlowLayout
from facegui.gui.lanes import Lane
from facegui.gui.people.loader import FaceLoader
from facegui.gui.review.asker import Asker
from facegui.gui.task import Task
from facegui.services.libraries import Library
from facegui.services.recognising.corrections_replay import Learned, Outcome, Replay, replay
from facegui.services.runs.models import active_model
from facegui.services.tools import Tools

_SIZE = QSize(1040, 620)
_EDGE_PX = 40
_ROW_PX = CROP_PX + 12
_FILTERS = (None, *Outcome)
_CHOSEN = "QPushButton:checked { background: palette(midlight); border-color: palette(highlight); }"


class CorrectionsDialog(QDialog):
    """Everything the owner said of models' answers, the newest first.

    Args:
        bundle: a model to ask at once; None to show the list, and to ask the one in use when told.
    """

    def __init__(self, context: AppContext, bundle: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        assert context.library is not None, "offered with a library only"
        self.setWindowTitle(tr("Corrections"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setStyleSheet(_CHOSEN)
        self._context, self._library, self._bundle = context, context.library, bundle
        self._corrections: Sequence[Correction] = ()
        self._replay: Replay | None = None
        self.task: Task | None = None
        self._asker = Asker(context.lanes, self)
        self._asker.set_library(self._library)
        self._asker.answered.connect(self._take)
        self._loader = FaceLoader(context.lanes, self)
        self._loader.set_library(self._library)
        self.table = CorrectionTable(self._loader, self)
        self._make_widgets()
        self._assemble()
        context.rows_changed.connect(self._follow)
        context.library_changed.connect(self.close)
        self._read()
        if bundle is not None:
            self.ask()

    # Widgets

    def _make_widgets(self) -> None:
        self.summary = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.filters = QButtonGroup(self)
        for number in range(len(_FILTERS)):
            button = QPushButton(autoDefault=False)
            button.setCheckable(True)
            button.hide()
            self.filters.addButton(button, number)
        self.filters.button(0).setChecked(True)
        self.filters.idToggled.connect(lambda _id, on: self._fill() if on else None)
        self.view = QTableView()
        self.view.setModel(self.table)
        self.view.setAccessibleName(tr("Corrections"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setIconSize(QSize(CROP_PX, CROP_PX))
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setShowGrid(False)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(_ROW_PX)
        head = self.view.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(Column.FACE, QHeaderView.ResizeMode.Fixed)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.resizeSection(Column.FACE, _ROW_PX)
        self.view.selectionModel().selectionChanged.connect(self._show_state)
        self.view.doubleClicked.connect(self._show_face)
        self.review = QPushButton(tr("Show in Review"), autoDefault=False)
        self.review.clicked.connect(self._show_face)
        self.take_back = QPushButton(tr("Take back"), autoDefault=False)
        self.take_back.setToolTip(tr("Forget it, and leave the face to the rules again"))
        self.take_back.clicked.connect(self._take_back)
        self.ask_again = QPushButton(autoDefault=False)
        self.ask_again.clicked.connect(self._ask_or_stop)
        self.shut = QPushButton(tr("Close"), autoDefault=False)
        self.shut.clicked.connect(self.close)

    def _assemble(self) -> None:
        chips, buttons = FlowLayout(6), QHBoxLayout()
        for chip in self.filters.buttons():
            chips.addWidget(chip)
        for button in (self.review, self.take_back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.ask_again, self.shut):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.summary)
        column.addLayout(chips)
        column.addWidget(self.view, 1)
        column.addLayout(buttons)
        parent = self.parentWidget()
        assert parent is not None
        room = parent.size() - QSize(_EDGE_PX, _EDGE_PX)
        self.resize(_SIZE.boundedTo(room))

    # The list

    def _follow(self, _change: object) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        self._asker.ask_again(lambda: Library.corrections)

    def _take(self, answer: object) -> None:
        assert isinstance(answer, list)
        self._corrections = answer
        self._fill()

    def _fill(self) -> None:
        """Show the rows of the chosen outcome."""
        found = {} if self._replay is None else {f.correction.id: f for f in self._replay.faces}
        rows = [Row(one, found.get(one.id)) for one in self._corrections]
        counts = Counter(row.outcome for row in rows)
        wanted = _FILTERS[self.filters.checkedId()]
        self._show_filters(len(rows), counts)
        shown = [row for row in rows if wanted is None or row.outcome is wanted]
        self.table.show(shown)
        for column in (Column.NOW, Column.OUTCOME, Column.PROOF):
            self.view.setColumnHidden(column, self._replay is None)
        ids = [row.correction.face_id for row in shown]
        self._loader.want(ids, CROP_PX, self.devicePixelRatioF())
        self._show_state()

    def _show_filters(self, every: int, counts: Counter[Outcome | None]) -> None:
        for number, outcome in enumerate(_FILTERS):
            button = self.filters.button(number)
            title, n = (
                (tr("All"), every) if outcome is None else (outcome_words(outcome), counts[outcome])
            )
            button.setText(f"{title}  {n}")
            button.setVisible(self._replay is not None)

    def _show_state(self) -> None:
        chosen = bool(self._chosen())
        self.review.setEnabled(len(self._chosen()) == 1)
        self.take_back.setEnabled(chosen and not self._library.read_only)
        running = self.task is not None
        words = tr("Ask this model again") if self._bundle else tr("Ask the model in use")
        self.ask_again.setText(tr("Stop") if running else words)
        self.ask_again.setEnabled(running or any(one.truth for one in self._corrections))
        self.summary.setText(self._summary())

    def _summary(self) -> str:
        if self.task is not None:
            return tr("Asking the model about each of these faces…")
        if not self._corrections:
            return tr(
                "Nothing has been corrected yet. Under Recognise or Live, say of a face who it "
                "is, who it is not, or that it is a stranger."
            )
        if self._replay is None:
            return trn(
                "{n} correction, the newest first. Decisions that you made later count.",
                "{n} corrections, the newest first. Decisions that you made later count.",
                len(self._corrections),
            )
        return _replay_words(self._replay)

    def _chosen(self) -> list[int]:
        """Faces of the selected rows."""
        rows = self.view.selectionModel().selectedRows()
        return [self.table.rows[index.row()].correction.face_id for index in rows]

    # What can be done

    def _show_face(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._context.page_requested.emit("review")
            self._context.face_requested.emit(chosen[0])
            self.close()

    def _take_back(self) -> None:
        library, chosen = self._library, self._chosen()
        self._context.write_and_tell(
            tr("Taking back"), lambda: library.take_back_corrections(chosen)
        )

    def _ask_or_stop(self) -> None:
        if self.task is None:
            self.ask()
        else:
            self.task.stop()

    def ask(self) -> None:
        """Ask the model about every face whose correction stands; one such job at a time."""
        if self.task is not None:
            return
        job = partial(_replay, self._library, self._context.tools, self._bundle)
        self.task = self._context.lanes.start(
            job, tr("Replaying corrections"), Lane.LIVE, visible=True
        )
        self.task.done.connect(self._replayed)
        self.task.ended.connect(self._ended)
        self._show_state()

    def _replayed(self, found: object) -> None:
        assert isinstance(found, Replay)
        self._replay = found

    def _ended(self) -> None:
        self.task = None
        self._fill()

    def done(self, result: int) -> None:
        """Whatever closes the window stops what it waits for."""
        if self.task is not None:
            self.task.done.disconnect(self._replayed)
            self.task.ended.disconnect(self._ended)
            self.task.stop()
            self.task = None
        self._loader.set_library(None)
        super().done(result)


def _replay(library: Library, tools: Tools, bundle: Path | None, control: Control) -> Replay:
    bundle = bundle or active_model(library)
    if bundle is None:
        raise LibraryError(tr("There is no model to ask yet."), tr("Train one first."))
    try:
        return replay(library, tools, bundle, control)
    except LibraryError as error:
        if control.cancelled():  # closed meanwhile
            raise Cancelled from error
        raise


def _replay_words(found: Replay) -> str:
    """The counts, and how little those prove that the model has learned."""
    learned = sum(face.learned is Learned.YES for face in found.faces)
    unfolded = any(face.learned is Learned.YES and face.out_of_fold is None for face in found.faces)
    told = [
        ", ".join(
            f"{found.counts[outcome]} {outcome_words(outcome).lower()}" for outcome in Outcome
        )
        + "."
    ]
    if learned:
        told.append(
            trn(
                "{n} of them was learned from, which is no proof.",
                "{n} of them were learned from, which is no proof.",
                learned,
            )
        )
    if unfolded:
        told.append(
            tr("“Check every face” under Train › Results asks networks that have not seen them.")
        )
    if found.unread:
        told.append(
            trn(
                "{n} face could not be shown: its photo has gone or is damaged.",
                "{n} faces could not be shown: their photos have gone or are damaged.",
                found.unread,
            )
        )
    return " ".join(told)
