"""Suggested names: yes or no to one face after the other, and yes to all the sure ones at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from facegui.domain.queries import Change
from facegui.domain.rules import Rule, RuleResult
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case
from facegui.gui.people.queue import Queue, QueueView, no_faces
from facegui.gui.review.empty_state import Reason, Remedy
from facegui.gui.rules.words import why
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.suggestions import Grade, Suggestion, suggest

_FIRST = 500  # faces that are compared first, where there are many
_LONG = 5_000 * 10_000  # comparisons that take a good part of a second


@dataclass(frozen=True, slots=True)
class Asked:
    """What one row asks.

    Attributes:
        name: whom the face is nearest to.
        failed: the rules that reject it.
    """

    suggestion: Suggestion
    name: str
    failed: tuple[RuleResult, ...]


class SuggestionsView(QueueView):
    """*Is this Ann?* for every face without a name, in the order that helps most."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self.yes = self.add_step(tr("Yes"), enter, tr("Enter"), self._confirm)
        self.yes.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.no = self.add_step(tr("No"), (Qt.Key.Key_N,), "N", self._refuse)
        self.add_common_steps()
        self.bulk = QPushButton()
        self.bulk.clicked.connect(self._confirm_sure)
        self.top.addWidget(self.bulk)

    def read(self, library: Library) -> Queue:
        gallery = Gallery.read(library, rejected=True)
        found = suggest(gallery)
        return _queue(library, gallery, found, _summary(found))

    def read_first(self, library: Library) -> Queue | None:
        gallery = Gallery.read(library, rejected=True)
        unnamed = len(gallery.rows_of(0))
        if unnamed * len(gallery.ids) < _LONG:
            return None
        summary = tr(
            "The first of {n} faces without a name; comparing the others…", n=f"{unnamed:,}"
        )
        return _queue(library, gallery, suggest(gallery, _FIRST), summary)

    def ask(self, case: Case) -> None:
        asked = case.subject
        assert isinstance(asked, Asked)
        one = asked.suggestion
        stranger = one.grade is Grade.STRANGE
        distance = f"{one.distance:.2f}"
        if stranger:
            self.question.setText(tr("Who is this? It looks like nobody named."))
            note = tr(
                "The nearest is {name}, distance {distance}.", name=asked.name, distance=distance
            )
            heading = tr("Nearest: {name}", name=asked.name)
        else:
            self.question.setText(tr("Is this {name}?", name=asked.name))
            note = tr("Distance {distance}; the next person is {n} further away.",
                      distance=distance, n=f"{one.margin:.2f}")  # fmt: skip
            heading = asked.name
        self.note.setText(" ".join((note, *_on_rejected(asked))))
        for button in (self.yes, self.no):  # where no name is proposed there is none to answer
            button.setVisible(not stranger)
        self.comparison.show_faces(case.face_id, one.near, heading, self.colour_of(one.person_id))
        self._show_sure()

    def _show_sure(self) -> None:
        sure = sum(map(len, self._sure().values()))
        self.bulk.setVisible(sure > 0)
        self.bulk.setText(trn("Confirm the sure one", "Confirm the {n} sure ones", sure))

    def _sure(self) -> dict[str, list[int]]:
        """By name the faces that may be confirmed unseen: none that a rule rejects."""
        by_name: dict[str, list[int]] = {}
        for case in self.list.cases:
            asked = case.subject
            assert isinstance(asked, Asked)
            if asked.suggestion.grade is Grade.SURE and not asked.suggestion.rejected:
                by_name.setdefault(asked.name, []).append(case.face_id)
        return by_name

    def _confirm(self) -> None:
        def confirm(library: Library, case: Case) -> Change:
            assert isinstance(case.subject, Asked)
            return library.assign([case.face_id], case.subject.name, poor_too=False)

        self.answer(tr("Confirming"), confirm)

    def _refuse(self) -> None:
        def refuse(library: Library, case: Case) -> Change:
            assert isinstance(case.subject, Asked)
            return library.refuse([case.face_id], case.subject.suggestion.person_id)

        self.answer(tr("Refusing"), refuse)

    def _confirm_sure(self) -> None:
        """All in one step, as they were shown."""
        by_name = self._sure()
        faces = {n for ids in by_name.values() for n in ids}
        self.write(tr("Confirming"), faces, lambda library: library.confirm(by_name))


def _queue(library: Library, gallery: Gallery, found: Sequence[Suggestion], summary: str) -> Queue:
    people = library.people()
    names = {person.id: person.name for person in people}
    reasons = library.rule_results([one.face_id for one in found if one.rejected])
    cases = []
    for one in found:
        if one.person_id in names:
            failed = [result for result in reasons.get(one.face_id, ()) if not result.passed]
            cases.append(_case(Asked(one, names[one.person_id], tuple(failed))))
    return Queue(cases, people, summary, _why_empty(library, gallery))


def _case(asked: Asked) -> Case:
    one = asked.suggestion
    grades = {
        Grade.OPEN: tr("worth a look"),
        Grade.SURE: tr("sure"),
        Grade.STRANGE: tr("like nobody named"),
    }
    title = tr("no name") if one.grade is Grade.STRANGE else asked.name
    note = f"{one.distance:.2f} · {grades[one.grade]}"
    if one.rejected:  # the distance stands beside the face: there is no room for both
        note = tr("rejected: {why}", why=", ".join(map(why, asked.failed[:1])))
    return Case(one.face_id, title, note, asked)


def _on_rejected(asked: Asked) -> list[str]:
    """What a name does to a face that a rule rejects."""
    if not asked.failed:
        return []
    told = tr("Rejected: {why}.", why=", ".join(map(why, asked.failed)))
    if {result.rule for result in asked.failed} == {Rule.ONE_FACE}:
        return [told, tr("A name tells which is meant, and keeps it.")]
    return [told, tr("A name does not keep it.")]


def _summary(found: Sequence[Suggestion]) -> str:
    kept = [one for one in found if not one.rejected]
    count = [sum(one.grade is grade for one in kept) for grade in Grade]
    parts = [
        trn("{n} face without a name", "{n} faces without a name", len(found)),
        tr("{n} worth a look", n=count[Grade.OPEN]),
        tr("{n} sure", n=count[Grade.SURE]),
        tr("{n} like nobody named", n=count[Grade.STRANGE]),
    ]
    if len(kept) < len(found):
        parts.append(tr("{n} rejected by rules", n=len(found) - len(kept)))
    return " · ".join(parts)


def _why_empty(library: Library, gallery: Gallery) -> Reason:
    none = no_faces(library)
    if none is not None:
        return none
    unnamed, look = len(gallery.rows_of(0)), tr("Look at them in Review")
    if unnamed and not len(gallery.named):
        text = tr("Name three faces of each person: the others are then suggested here.")
        title, button = tr("Nobody to suggest yet"), tr("Name faces in Review")
        return Reason(Remedy.SHOW_ALL, "people", title, text, button)
    if unnamed:
        text = trn(
            "{n} face has no name: you said that it is nobody of those named.",
            "{n} faces have no name: you said that they are nobody of those named.",
            unnamed,
        )
        return Reason(Remedy.SHOW_ALL, "people", tr("Nobody left to suggest"), text, look)
    text = tr("Every face has a name, but for those that you have rejected or ignored.")
    return Reason(Remedy.SHOW_ALL, "people", tr("All named"), text, look)
