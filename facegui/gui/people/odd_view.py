"""Odd ones out: faces that look like somebody else's, worst first, and names twice in one photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case
from facegui.gui.people.queue import Queue, QueueView, no_faces, with_key
from facegui.gui.review.empty_state import Reason, Remedy
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.odd_ones import OddOne, TwiceInPhoto, odd_ones, twice_in_photo


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a name is doubted.

    Attributes:
        name: the one it has.
        like: whom it resembles more; None where that is nobody, or the doubt is another.
        near: what to compare it with.
        why: in a sentence.
    """

    person_id: int
    name: str
    like_id: int | None
    like: str | None
    near: tuple[int, ...]
    why: str


class OddView(QueueView):
    """*Is this Ann?* for each name that is in doubt, beside whom the face resembles more."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        right = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_K)
        yes = self.add_step(tr("The name is right"), right, tr("Enter"), self._affirm)
        yes.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.add_step(tr("The name is wrong"), (Qt.Key.Key_N,), "N", self._refuse)
        self.move_to = self.add_step(
            tr("Move to whom it resembles"), (Qt.Key.Key_M,), "M", self._move
        )
        self.add_common_steps()

    def read(self, library: Library) -> Queue:
        people = library.people()
        names = {person.id: person.name for person in people}
        gallery = Gallery.read(library)
        cases = [_odd_case(one, names) for one in odd_ones(gallery) if one.person_id in names]
        answered = {case.face_id for case in cases} | {face_id for face_id, _ in gallery.affirmed}
        twice = [one for one in twice_in_photo(gallery) if one.person_id in names]
        for one in twice:
            cases += [case for case in _twice_cases(one, names) if case.face_id not in answered]
        summary = trn("{n} name to look at again", "{n} names to look at again", len(cases))
        return Queue(cases, people, summary, _why_empty(library))

    def ask(self, case: Case) -> None:
        doubt = case.subject
        assert isinstance(doubt, Doubt)
        question = tr("Is this {name}?", name=doubt.name)
        self.move_to.setVisible(doubt.like is not None)
        if doubt.like is not None:
            self.move_to.setText(with_key(tr("Move to {name}", name=doubt.like), "M"))
            question += " " + tr("It looks more like {name}.", name=doubt.like)
            heading, colour = doubt.like, self.colour_of(doubt.like_id)
        else:
            heading, colour = doubt.name, self.colour_of(doubt.person_id)
        self.question.setText(question)
        self.note.setText(doubt.why)
        self.comparison.show_faces(case.face_id, doubt.near, heading, colour)

    def _move(self) -> None:
        """To the one it resembles."""

        def move(library: Library, case: Case) -> Change:
            doubt = case.subject
            assert isinstance(doubt, Doubt)
            assert doubt.like is not None  # or the button is hidden
            return library.assign([case.face_id], doubt.like)

        self.answer(tr("Moving"), move)

    def _affirm(self) -> None:
        def affirm(library: Library, case: Case) -> Change:
            assert isinstance(case.subject, Doubt)
            return library.affirm([case.face_id], case.subject.person_id)

        self.answer(tr("Confirming"), affirm)

    def _refuse(self) -> None:
        def refuse(library: Library, case: Case) -> Change:
            assert isinstance(case.subject, Doubt)
            return library.refuse([case.face_id], case.subject.person_id)

        self.answer(tr("Refusing"), refuse)


def _odd_case(one: OddOne, names: Mapping[int, str]) -> Case:
    like = names.get(one.like_id) if one.like_id is not None else None
    name, own, other = names[one.person_id], f"{one.own:.2f}", f"{one.other:.2f}"
    why = tr("Alike {own} to the others of {name}", own=own, name=name)
    if like is not None:
        why += tr(", and {other} to {like}", other=other, like=like)
    doubt = Doubt(one.person_id, name, one.like_id, like, one.near, why)
    what = tr("like {name}", name=like) if like is not None else tr("like nobody named")
    return Case(one.face_id, name, what, doubt)


def _twice_cases(one: TwiceInPhoto, names: Mapping[int, str]) -> list[Case]:
    name = names[one.person_id]
    why = tr("The same name stands at another face of this photo.")
    cases = []
    for face_id in one.face_ids:
        others = tuple(other for other in one.face_ids if other != face_id)
        doubt = Doubt(one.person_id, name, None, None, others, why)
        cases.append(Case(face_id, name, tr("named twice in this photo"), doubt))
    return cases


def _why_empty(library: Library) -> Reason:
    none = no_faces(library)
    if none is not None:
        return none
    if any(counts.kept for counts in library.person_counts().values()):
        text = tr("Every named face looks most like its own person, or you have said that it is.")
        return Reason(Remedy.SHOW_ALL, "people", tr("No name in doubt"), text, tr("To Review"))
    text = tr("Names that look wrong show here once faces have names.")
    title, button = tr("Nobody named yet"), tr("Name faces in Review")
    return Reason(Remedy.SHOW_ALL, "people", title, text, button)
