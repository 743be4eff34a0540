"""Says that a training was interrupted, how far it was, and offers what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.control import Control
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.flow import FlowLayout
from facegui.gui.lanes import Lane
from facegui.gui.train.discard import DiscardButton
from facegui.gui.train.result import when
from facegui.gui.train.status import duration, percent
from facegui.services.learning.networks import title_of

if TYPE_CHECKING:
    from facegui.services.learning.interrupted import InterruptedRun


class InterruptedCard(QFrame):
    """The newest interrupted training, with three ways to deal with it; hidden without one.

    Attributes:
        run: the `InterruptedRun` that is offered; None without one.
        go_on, keep, discard: the ways.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.run: InterruptedRun | None = None
        self._busy = False
        self.title, self.details = QLabel(wordWrap=True), QLabel(wordWrap=True)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.go_on = QPushButton()
        self.go_on.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.keep = QPushButton(tr("Keep what it had learned"))
        self.keep.setToolTip(tr("End it with the network that was best on the validation faces"))
        self.discard = DiscardButton()
        self.discard.setToolTip(tr("Remove what is left of this training"))
        buttons = FlowLayout(8)
        for place, button in enumerate((self.go_on, self.keep, self.discard)):
            buttons.insertWidget(place, button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        for label in (self.title, self.details):
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        column.addLayout(buttons)
        self.hide()

    def show_runs(self, runs: Sequence[InterruptedRun]) -> None:
        """Offer the first of *runs*, newest first; nothing when there is none."""
        self.run = run = runs[0] if runs else None
        if run is not None:
            self.title.setText(run.begun.why or tr("A training was interrupted."))
            self.details.setText(" ".join((_how_far(run), *_more(len(runs) - 1))))
            self.go_on.setText(
                tr("Go on with a tenth of the learning rate") if run.begun.diverged else tr("Go on")
            )
            self.keep.setEnabled(run.keepable)
            self.discard.seconds = run.seconds
            self.discard.relax()
        self._show_or_hide()

    def set_busy(self, *, busy: bool) -> None:
        """While another training goes on, this one has to wait."""
        self._busy = busy
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setVisible(self.run is not None and not self._busy)


class InterruptedControl(QObject):
    """Does what the owner chooses on a card; goes with it.

    Signals:
        job_chosen: a job that ends with a `TrainReport`, and the `RunBegun` that it is about.
        changed: a run has been removed.
    """

    job_chosen = Signal(object, object)
    changed = Signal()

    def __init__(self, context: AppContext, card: InterruptedCard) -> None:
        super().__init__(card)
        self._context = context
        self._card = card
        card.go_on.clicked.connect(self._go_on)
        card.keep.clicked.connect(self._keep)
        card.discard.confirmed.connect(self._discard)

    def _go_on(self) -> None:
        library, run, tools = self._context.library, self._card.run, self._context.tools
        if library is None or run is None:
            return

        def job(control: Control) -> object:
            from facegui.services.learning.interrupted import resume

            return resume(library, tools, run.id, control)

        self.job_chosen.emit(job, run.begun)

    def _keep(self) -> None:
        library, run, tools = self._context.library, self._card.run, self._context.tools
        if library is None or run is None:
            return

        def job(control: Control) -> object:
            from facegui.services.learning.interrupted import keep_interrupted

            return keep_interrupted(library, tools, run.id, control)

        self.job_chosen.emit(job, run.begun)

    def _discard(self) -> None:
        library, run = self._context.library, self._card.run
        if library is None or run is None:
            return

        def job(_control: Control) -> None:
            from facegui.services.learning.interrupted import discard_interrupted

            discard_interrupted(library, run.id)

        task = self._context.lanes.start(job, tr("Discarding"), Lane.WRITER)
        task.ended.connect(self.changed)


def _how_far(run: InterruptedRun) -> str:
    """When it began and where its last good state is."""
    begun = {"network": title_of(run.begun.config.network), "when": when(run.begun.created)}
    if run.step == 0:
        return tr(
            "{network}, begun {when}: it had not come through its first epoch, and would begin "
            "anew.",
            **begun,
        )
    return tr(
        "{network}, begun {when}: its last good state is after {batches} in {time}; validation "
        "accuracy of its best weights {accuracy}.",
        **begun,
        batches=trn("{n} batch", "{n} batches", run.step),
        time=duration(run.seconds),
        accuracy="–" if run.accuracy is None else percent(run.accuracy),
    )


def _more(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (trn("{n} more was interrupted before.", "{n} more were interrupted before.", count),)
