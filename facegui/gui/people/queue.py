"""A queue of questions about faces: one key answers, and the next one is there at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import Decision, Person
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.flow import FlowLayout
from facegui.gui.people.cases import Case, CaseList
from facegui.gui.people.crops import Comparison
from facegui.gui.people.order import Order
from facegui.gui.people.view import PeopleView, person_with_key, plain_key
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.empty_state import EmptyState, Reason, Remedy
from facegui.gui.review.name_field import NameField
from facegui.services.libraries import Library

_LIST_PX = 250
_BUTTON_GAP_PX = 6
_TITLE_SCALE = 1.25


@dataclass(frozen=True, slots=True)
class Queue:
    """What a view has read from the library.

    Attributes:
        summary: one line above the list.
        why_empty: what is shown where there are no cases.
    """

    cases: Sequence[Case]
    people: Sequence[Person]
    summary: str
    why_empty: Reason


class QueueView(PeopleView):
    """The list at the left, the question at the right with its buttons below.

    A view of this kind gives `read`, which runs on a worker thread, and `ask`, which words the
    question for a case.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.people: Sequence[Person] = ()
        self._hidden: set[int] = set()  # answered, though the list that was read last has them
        self._written: set[int] = set()  # those among them that the library knows by now
        self._steps: list[tuple[tuple[Qt.Key, ...], QPushButton, str, str]] = []
        self._order = Order()
        self._asker = Asker(context.lanes, self)
        self._asker.answered.connect(self._take)
        self.list = CaseList(context.lanes)
        self.list.setFixedWidth(_LIST_PX)
        self.list.case_changed.connect(self._show_case)
        self.comparison = Comparison(context.lanes)
        self.summary, self.note = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.question = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.empty = EmptyState()
        self.empty.remedy_chosen.connect(self.follow_remedy)
        self.name_field = NameField(self)
        self.name_field.named.connect(self._name)
        self.name_field.closed.connect(self.list.setFocus)
        self.buttons, self.top = FlowLayout(_BUTTON_GAP_PX), QHBoxLayout()
        self._stack = QStackedWidget()
        self._assemble()

    # what a view of this kind gives

    def read(self, library: Library) -> Queue:
        """The queue as it is now; on a worker thread."""
        raise NotImplementedError

    def read_first(self, _library: Library) -> Queue | None:
        """A part to begin with, on a worker thread; None where the whole comes soon enough."""
        return None

    def ask(self, case: Case) -> None:
        """Word the question for *case*, and show what it is compared with."""
        raise NotImplementedError

    # assembly

    def _assemble(self) -> None:
        font = self.question.font()
        font.setPointSizeF(font.pointSizeF() * _TITLE_SCALE)
        font.setBold(True)
        self.question.setFont(font)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.top.addWidget(self.summary, 1)
        right = QVBoxLayout()
        right.setContentsMargins(20, 12, 16, 16)
        right.setSpacing(10)
        right.addWidget(self.question)
        right.addWidget(self.note)
        right.addWidget(self.comparison, 1)
        right.addLayout(self.buttons)
        right.addStretch(0)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.list)
        body.addLayout(right, 1)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        self.top.setContentsMargins(16, 4, 16, 4)
        column.addLayout(self.top)
        column.addLayout(body, 1)
        for widget in (QWidget(), full, self.empty):
            self._stack.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._stack)

    def add_step(
        self, text: str, keys: tuple[Qt.Key, ...], key_text: str, run: Callable[[], None]
    ) -> QPushButton:
        """A button below the question, and the keys that press it; it shows the first of them."""
        button = QPushButton(with_key(text, key_text))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: run())
        self.buttons.addWidget(button)
        self._steps.append((keys, button, key_text, text))
        return button

    def add_common_steps(self) -> None:
        """Name, ignore and look: what can be done to any face."""
        self.add_step(tr("Somebody else…"), (Qt.Key.Key_T,), "T", self._open_name_field)
        self.add_step(tr("Ignore"), (Qt.Key.Key_I,), "I", self._ignore)
        self.add_step(tr("In Review"), (Qt.Key.Key_P,), "P", self._open)

    # following the library

    def show_library(self, library: Library | None) -> None:
        self.people, self._hidden, self._written = (), set(), set()
        self._asker.set_library(library)
        self.list.set_library(library)
        self.comparison.set_library(library)
        self._stack.setCurrentIndex(0)

    def refresh(self) -> None:
        self._order = Order()
        self.follow()

    def follow(self) -> None:
        self._asker.ask_again(self._make_question)

    def _make_question(self) -> Question:
        written = frozenset(self._written)
        self._written -= written
        begins, order = self._stack.currentIndex() == 0, self._order

        def question(library: Library) -> object:
            part = self.read_first(library) if begins else None
            queue = part or self.read(library)
            cases, following = order.arrange(queue.cases, lambda one: [(one.face_id, one.title)])
            queue = replace(queue, cases=cases)
            return written, queue, part is None, (order, following)

        return question

    def _take(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        written, queue, whole, (order, following) = answer
        self._hidden -= written
        self.people = queue.people
        self.list.show_cases([case for case in queue.cases if case.face_id not in self._hidden])
        self.summary.setText(queue.summary)
        self.empty.tell(queue.why_empty)
        self._settle()
        if not whole:
            self._asker.ask(self._make_question())  # at once: this is no following of changes
        elif order is self._order:  # or the view was left since, and begins anew
            self._order = following

    def _settle(self) -> None:
        focus = QApplication.focusWidget()
        focused = focus is not None and self.isAncestorOf(focus) and not self.name_field.isVisible()
        self._stack.setCurrentIndex(1 if self.list.cases else 2)
        if focused:
            self.take_focus()

    def _show_case(self) -> None:
        case = self.list.current
        if case is None:
            self.comparison.show_faces(None, (), "")
        else:
            self.ask(case)

    def colour_of(self, person_id: int | None) -> str:
        """The colour of a person, or an empty one."""
        return next((person.colour for person in self.people if person.id == person_id), "")

    # answering

    def answer(self, label: str, action: Callable[[Library, Case], Change | None]) -> None:
        """Write *action* on the current case, and go on to the next one without waiting."""
        case = self.list.current
        if case is not None:
            self.write(label, {case.face_id}, lambda library: action(library, case))

    def write(
        self, label: str, face_ids: set[int], action: Callable[[Library], Change | None]
    ) -> None:
        """Write what answers the cases of *face_ids*, which leave the list at once."""
        library = self.context.library
        if library is None or library.read_only:
            return
        self._hidden |= face_ids
        current = self.list.current
        if current is not None and face_ids == {current.face_id}:
            self.list.drop_current()
        else:
            self.list.show_cases([c for c in self.list.cases if c.face_id not in face_ids])
        self._settle()

        def write() -> Change | None:
            change = action(library)
            self._written |= face_ids  # before the change is told, and the queue read again
            return change

        task = self.context.write_and_tell(label, write)
        task.failed.connect(lambda _error: self._give_back(face_ids))

    def _give_back(self, face_ids: set[int]) -> None:
        """What could not be written is asked again."""
        self._hidden -= face_ids
        self.follow()

    def _name(self, name: str) -> None:
        self.answer(
            tr("Naming"),
            lambda library, case: library.assign([case.face_id], name, poor_too=False),
        )

    def _ignore(self) -> None:
        self.answer(
            tr("Ignoring"), lambda library, case: library.decide([case.face_id], Decision.IGNORE)
        )

    def _open(self) -> None:
        if self.list.current is not None:
            self.context.page_requested.emit("review")
            self.context.face_requested.emit(self.list.current.face_id)

    def _open_name_field(self) -> None:
        if self.list.current is not None:
            names = [person.name for person in self.people]
            place = self.comparison.mapTo(self, QPoint(0, 0))
            self.name_field.open_at(place, tr("Who is this?"), names, "")

    def take_focus(self) -> None:
        (self.list if self.list.cases else self.empty).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        person = person_with_key(event, self.people)
        if person is not None:
            self._name(person.name)
            return
        for keys, button, _key_text, _text in self._steps:
            if plain_key(event) in keys and not button.isHidden():
                button.click()
                return
        super().keyPressEvent(event)

    def keys(self) -> Sequence[tuple[str, str]]:
        return [(key_text, text) for _keys, _button, key_text, text in self._steps]


def with_key(text: str, key: str) -> str:
    """What a button says: what it does, and the key for it."""
    return f"{text}  {key}"


def no_faces(library: Library) -> Reason | None:
    """Why there are no faces at all, if so: on a worker thread."""
    counts = library.counts()
    if not counts.photos:
        text = tr("Faces, groups and suggestions show here once there are photos.")
        return Reason(Remedy.IMPORT, "photos", tr("No photos yet"), text, tr("Add photos…"))
    if not counts.faces and counts.pending:
        text = trn(
            "{n} photo waits to be scanned.", "{n} photos wait to be scanned.", counts.photos
        )
        return Reason(Remedy.SCAN, "scan", tr("Not scanned yet"), text, tr("Scan now"))
    return None
