"""Explanations off the GUI thread: one face at a time, the latest wins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from facegui.domain.control import Control, Relay, Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.gui.why.heat import overlay
from facegui.services.recognising.why import Explainer, Spoke, WhyRequest


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why the face cannot be explained, in the owner's language."""

    message: str
    remedy: str


class WhyAsker(QObject):
    """Asks for one explanation at a time; what was loaded for the last one serves the next.

    Signals:
        answered: one of `Closeness`, `Learned`, `Quality`, `Heat` and `NoAnswer`, of the face that
            was asked about last.
        ended: nothing more comes of it.
    """

    answered = Signal(object)
    ended = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._explainer: Explainer | None = None
        self._task: Task | None = None
        context.library_changed.connect(self._forget)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._task is not None

    def ask(self, request: WhyRequest) -> None:
        """Explain *request*, and no longer what was asked before."""
        self.drop()
        if self._explainer is None:
            self._explainer = Explainer(self._context.tools, self._context.library)
        job = partial(_explain, self._explainer, request)
        task = self._context.lanes.start(job, tr("Looking for reasons"), Lane.WHY)
        self._task = task
        task.partial_arrived.connect(partial(self._take, task))
        task.ended.connect(partial(self._end, task))

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        if self._task is not None:
            self._task.stop(Stop.KEEP)
            self._task = None

    def _take(self, task: Task, answer: object) -> None:
        if task is self._task:
            self.answered.emit(answer)

    def _end(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.ended.emit()

    def _forget(self, _library: object) -> None:
        self.drop()
        self._explainer = None


def _explain(explainer: Explainer, request: WhyRequest, control: Control) -> None:
    """The job: pictures for the window are made here; what goes wrong is an answer too."""

    def hand_on(answer: object) -> None:
        control.partial(overlay(answer.carried) if isinstance(answer, Spoke) else answer)

    try:
        explainer.explain(request, Relay(control, partial=hand_on))
    except FaceGuiError as error:
        control.partial(NoAnswer(error.message, error.remedy))
