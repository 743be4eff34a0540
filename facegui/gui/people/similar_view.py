"""Find similar: the faces nearest to one, whoever they are said to be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case
from facegui.gui.people.faces_sheet import FacesSheet
from facegui.gui.people.view import PeopleView
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.empty_state import EmptyState, Reason, Remedy
from facegui.services.libraries import Library
from facegui.services.reviewing.similar import find_similar


class SimilarView(PeopleView):
    """A grid that begins with the face itself."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._face_id: int | None = None
        self._asker = Asker(context.lanes, self)
        self._asker.answered.connect(self._take)
        self.faces = FacesSheet(context, all_where_none=False)
        self.hint = QLabel(wordWrap=True)
        self.hint.setContentsMargins(16, 10, 16, 6)
        self.hint.setText(
            tr("The face you chose comes first, then those that look most like it.")
            + " "
            + tr("Mark some with Space, then name them. Esc goes back to Review.")
        )
        empty = EmptyState()
        empty.tell(
            Reason(
                Remedy.SHOW_ALL,
                "search",
                tr("Find faces like one"),
                tr("Right-click a face in Review and choose “Find similar”."),
                tr("To Review"),
            )
        )
        empty.remedy_chosen.connect(lambda _remedy: context.page_requested.emit("review"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        column.addWidget(self.faces, 1)
        self._stack = QStackedWidget()
        for widget in (empty, body):
            self._stack.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._stack)

    def show_library(self, library: Library | None) -> None:
        self._face_id = None
        self._asker.set_library(library)
        self.faces.grid.set_library(library)
        self._stack.setCurrentIndex(0)

    def show_like(self, face_id: int) -> None:
        """Show what looks like *face_id*."""
        self._face_id = face_id
        self._asker.ask(self._question())

    def refresh(self) -> None:
        if self._face_id is not None:
            self._asker.ask_again(self._question)

    def take_focus(self) -> None:
        self.faces.setFocus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("T", tr("Name the current face, or the marked ones")),
            ("I", tr("Ignore the current face, or the marked ones")),
            ("P", tr("Show the current face in Review")),
            (tr("Space"), tr("Mark or unmark")),
            (tr("Esc"), tr("Back to Review")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.context.page_requested.emit("review")
        else:
            super().keyPressEvent(event)

    def _question(self) -> Question:
        face_id = self._face_id
        assert face_id is not None
        return lambda library: (_cases(library, face_id), library.people())

    def _take(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        cases, self.faces.people = answer
        self.faces.grid.show_cases(cases)
        self._stack.setCurrentIndex(1)


def _cases(library: Library, face_id: int) -> list[Case]:
    """The nearest faces with their names and how near they are."""
    found = find_similar(library, face_id)
    names = {person.id: person.name for person in library.people()}
    person_of = {face.id: face.person_id for face in library.faces([f.face_id for f in found])}
    cases = []
    for one in found:
        name = names.get(person_of.get(one.face_id) or 0, tr("no name"))
        away = tr("distance {n}", n=f"{1 - one.similarity:.2f}")
        cases.append(Case(one.face_id, name, away, None))
    return cases
