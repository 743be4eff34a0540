"""Wrong names: one key mends what both the networks and the nearest faces doubt."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from facegui.domain.entities import Decision
from facegui.domain.errors import DatasetError
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case
from facegui.gui.people.queue import Queue, QueueView, with_key
from facegui.gui.people.view import plain_key
from facegui.gui.review.empty_state import Reason, Remedy
from facegui.services.judging.judge import RunResults, read_results
from facegui.services.judging.mislabels import Mislabel, mislabels
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.runs.records import RunRecord

_LIST_PX = (150, 250)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A `Mislabel` with the names of whom it is about; *like* is None for nobody."""

    found: Mislabel
    name: str
    like: str | None


class MislabelView(QueueView):
    """*Named Ann. Is it Bob?*, with what the networks say and what the nearest faces say.

    Signals:
        check_requested: every face is to be checked first, or again.
    """

    check_requested = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.record: RunRecord | None = None
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self.move_to = self.add_step(tr("Yes, move"), enter, tr("Enter"), self._move)
        self.move_to.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.add_step(tr("The name is right"), (Qt.Key.Key_K,), "K", self._affirm)
        reject = (Qt.Key.Key_X, Qt.Key.Key_Delete)
        self.add_step(tr("Reject the face"), reject, "X", self._reject)
        self.add_common_steps()

    def show_run(self, record: RunRecord) -> None:
        """Ask about the faces of *record*."""
        self.record = record
        self.refresh()

    def read(self, library: Library) -> Queue:
        record, people = self.record, library.people()
        names = {person.id: person.name for person in people}
        try:
            results = None if record is None else read_results(library, record)
        except DatasetError:
            results = None
        found = [] if results is None else mislabels(results, Gallery.read(library))
        cases = [_case(one, names) for one in found]
        summary = trn(
            "{n} name that is likely wrong", "{n} names that are likely wrong", len(cases)
        )
        return Queue(cases, people, summary, _why_empty(results))

    def ask(self, case: Case) -> None:
        doubt = case.subject
        assert isinstance(doubt, Doubt)
        if doubt.like is not None:
            self.question.setText(
                tr("Named {name}. Is it {like}?", name=doubt.name, like=doubt.like)
            )
            self.move_to.setText(with_key(tr("Yes, move"), tr("Enter")))
            heading, colour = doubt.like, self.colour_of(doubt.found.like_id)
        else:
            self.question.setText(tr("Named {name}. Is that right?", name=doubt.name))
            self.move_to.setText(with_key(tr("No, take it away"), tr("Enter")))
            heading, colour = doubt.name, self.colour_of(doubt.found.person_id)
        self.note.setText(_reasons(doubt))
        self.comparison.show_faces(case.face_id, doubt.found.near, heading, colour)

    def follow_remedy(self, remedy: Remedy) -> None:  # noqa: ARG002 - there is one
        self.check_requested.emit()

    def event(self, event: QEvent) -> bool:
        """Its keys are its own: P does not pause a training while a face is in question."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = plain_key(event)
            if any(key in keys for keys, *_ in self._steps):
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low, high = _LIST_PX
        self.list.setFixedWidth(min(high, max(low, self.width() // 4)))

    def _move(self) -> None:
        """To the one it resembles, or to nobody."""

        def move(library: Library, case: Case) -> Change:
            doubt = case.subject
            assert isinstance(doubt, Doubt)
            if doubt.like is not None:
                return library.assign([case.face_id], doubt.like)
            return library.refuse([case.face_id], doubt.found.person_id)

        self.answer(tr("Moving"), move)

    def _affirm(self) -> None:
        def affirm(library: Library, case: Case) -> Change:
            assert isinstance(case.subject, Doubt)
            return library.affirm([case.face_id], case.subject.found.person_id)

        self.answer(tr("Confirming"), affirm)

    def _reject(self) -> None:
        self.answer(
            tr("Rejecting"), lambda library, case: library.decide([case.face_id], Decision.REJECT)
        )


def _case(found: Mislabel, names: dict[int, str]) -> Case:
    like = names.get(found.like_id) if found.like_id is not None else None
    name = names[found.person_id]
    note = tr("is it {name}?", name=like) if like is not None else tr("like nobody named")
    return Case(found.face_id, name, note, Doubt(found, name, like))


def _reasons(doubt: Doubt) -> str:
    """Both witnesses, each in a sentence."""
    found = doubt.found
    networks = tr(
        "Networks that never saw this face give {name} {own} and {said} {best}.",
        name=doubt.name,
        own=_percent(found.probability),
        said=found.said,
        best=_percent(found.said_probability),
    )
    if found.said == doubt.name:
        networks = tr(
            "Networks that never saw this face give {name} only {own}.",
            name=doubt.name,
            own=_percent(found.probability),
        )
    likeness = tr("Alike {own} to the others of {name}", own=f"{found.own:.2f}", name=doubt.name)
    if doubt.like is not None:
        likeness += tr(", and {other} to {like}", other=f"{found.other:.2f}", like=doubt.like)
    return f"{networks}\n{likeness}."


def _why_empty(results: RunResults | None) -> Reason:
    if results is None or results.out_of_fold is None:
        text = tr(
            "Wrong names are found by networks that have not learned from the face in question. "
            "Check every face first."
        )
        title, button = tr("Not checked yet"), tr("Check every face")
        return Reason(Remedy.SHOW_ALL, "people", title, text, button)
    text = tr(
        "No name is doubted both by the networks and by the faces most like it, or you have "
        "answered for each."
    )
    title, button = tr("No name in doubt"), tr("Check again")
    return Reason(Remedy.SHOW_ALL, "people", title, text, button)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
