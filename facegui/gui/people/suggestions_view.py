"""Suggested names: yes or no to one face after the other, and yes to all the sure ones at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case
from facegui.gui.people.queue import Queue, QueueView, no_faces
from facegui.gui.review.empty_state import Reason, Remedy
from facegui.services.gallery import Gallery
from facegui.services.libraries import Library
from facegui.services.suggestions import Grade, Suggestion, suggest

_FIRST = 500  # faces that are compared first, where there are many
_LONG = 5_000 * 10_000  # comparisons that take a good part of a second


class SuggestionsView(QueueView):
    """*Is this Ann?* for every face without a name, in the order that helps most."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        yes = self.add_step(tr("Yes"), enter, tr("Enter"), self._confirm)
        yes.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.add_step(tr("No"), (Qt.Key.Key_N,), "N", self._refuse)
        self.add_common_steps()
        self.bulk = QPushButton()
        self.bulk.clicked.connect(self._confirm_sure)
        self.top.addWidget(self.bulk)

    def read(self, library: Library) -> Queue:
        found = suggest(Gallery.read(library))
        return _queue(library, found, _summary(found))

    def read_first(self, library: Library) -> Queue | None:
        gallery = Gallery.read(library)
        unnamed = len(gallery.rows_of(0))
        if unnamed * len(gallery.ids) < _LONG:
            return None
        summary = tr(
            "The first of {n} faces without a name; comparing the others…", n=f"{unnamed:,}"
        )
        return _queue(library, suggest(gallery, _FIRST), summary)

    def ask(self, case: Case) -> None:
        one = case.subject
        assert isinstance(one, Suggestion)
        self.question.setText(tr("Is this {name}?", name=case.title))
        distance = tr("distance {n}", n=f"{one.distance:.2f}")
        self.note.setText(tr("{distance}; the next person is {n} further away",
                             distance=distance, n=f"{one.margin:.2f}"))  # fmt: skip
        self.comparison.show_faces(
            case.face_id, one.near, case.title, self.colour_of(one.person_id)
        )
        self._show_sure()

    def _show_sure(self) -> None:
        sure = len(self._sure())
        self.bulk.setVisible(sure > 0)
        self.bulk.setText(trn("Confirm the sure one", "Confirm the {n} sure ones", sure))

    def _sure(self) -> list[Case]:
        return [
            case
            for case in self.list.cases
            if isinstance(case.subject, Suggestion) and case.subject.grade is Grade.SURE
        ]

    def _confirm(self) -> None:
        self.answer(
            tr("Confirming"), lambda library, case: library.assign([case.face_id], case.title)
        )

    def _refuse(self) -> None:
        def refuse(library: Library, case: Case) -> Change:
            assert isinstance(case.subject, Suggestion)
            return library.refuse([case.face_id], case.subject.person_id)

        self.answer(tr("Refusing"), refuse)

    def _confirm_sure(self) -> None:
        """One step for each name, as they were shown."""
        by_name: dict[str, list[int]] = {}
        for case in self._sure():
            by_name.setdefault(case.title, []).append(case.face_id)

        def confirm(library: Library) -> Change:
            for name, face_ids in by_name.items():
                library.assign(face_ids, name)
            return Change(None)

        self.write(tr("Confirming"), {n for ids in by_name.values() for n in ids}, confirm)


def _queue(library: Library, found: Sequence[Suggestion], summary: str) -> Queue:
    people = library.people()
    names = {person.id: person.name for person in people}
    cases = [
        Case(one.face_id, names[one.person_id], _note(one), one)
        for one in found
        if one.person_id in names
    ]
    return Queue(cases, people, summary, _why_empty(library))


def _note(one: Suggestion) -> str:
    grades = {
        Grade.OPEN: tr("worth a look"),
        Grade.SURE: tr("sure"),
        Grade.STRANGE: tr("like nobody named"),
    }
    return f"{one.distance:.2f} · {grades[one.grade]}"


def _summary(found: Sequence[Suggestion]) -> str:
    count = [sum(one.grade is grade for one in found) for grade in Grade]
    return " · ".join(
        (
            trn("{n} face without a name", "{n} faces without a name", len(found)),
            tr("{n} worth a look", n=count[Grade.OPEN]),
            tr("{n} sure", n=count[Grade.SURE]),
            tr("{n} like nobody named", n=count[Grade.STRANGE]),
        )
    )


def _why_empty(library: Library) -> Reason:
    none = no_faces(library)
    if none is not None:
        return none
    if library.counts().unnamed_kept:
        text = tr("Name three faces of each person: the others are then suggested here.")
        title, button = tr("Nobody to suggest yet"), tr("Name faces in Review")
        return Reason(Remedy.SHOW_ALL, "people", title, text, button)
    text = tr("Every face that is kept has a name.")
    return Reason(Remedy.SHOW_ALL, "people", tr("All named"), text, tr("Look at them in Review"))
