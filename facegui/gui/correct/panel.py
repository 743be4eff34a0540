"""Beside a recognised face: one click says who it is, who it is not, or that it is a stranger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.corrections import Correction, Source, Truth, Verdict
from facegui.domain.entities import Person
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.correct.words import said_words
from facegui.gui.correct.writer import CorrectionWriter
from facegui.gui.flow import FlowLayout
from facegui.gui.people.queue import with_key
from facegui.gui.recognise.side import ChosenFace
from facegui.gui.review.asker import Asker
from facegui.gui.review.name_field import NameField
from facegui.services.libraries import Library
from facegui.services.recognising.corrections import AskedFace, correction_of

_CHOICES = 3
_NAME_PX = 150
_GAP_PX = 6
_STRANGER = Truth(Verdict.STRANGER)


class CorrectPanel(QWidget):
    """Buttons with the likeliest names, a field for any other, and what has been said already.

    It is a section of the column beside a photo, and what a click on a live face opens. The keys
    and the name field are those of the widget given to `install`.

    Signals:
        said_changed: other words or buttons are shown; they may take other room.
    """

    said_changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._writer = CorrectionWriter(context)
        self._asked: AskedFace | None = None
        self._people: Sequence[Person] = ()
        self._page: QWidget | None = None
        self._field: NameField | None = None
        self._came_from: QWidget | None = None
        self._asker = Asker(context.lanes, self)
        self._asker.set_library(context.library)
        self._asker.answered.connect(self._take)
        self._make_widgets()
        self._assemble()
        context.library_changed.connect(self._library_changed)
        context.rows_changed.connect(self._look)
        self._show_state()

    # Widgets

    def _make_widgets(self) -> None:
        self.title = QLabel(tr("Who is it?"))
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.no_library = QLabel(
            tr("To correct an answer, open the library that the face shall go to."), wordWrap=True
        )
        self.open_library = QPushButton(tr("Open a library…"))
        self.open_library.clicked.connect(self._context.library_requested)
        self.choices: list[QPushButton] = []
        self.other = self._button(with_key(tr("Somebody else…"), "T"), self._open_field)
        self.not_them = self._button("", self._refuse)
        self.stranger = self._button(with_key(tr("A stranger"), "I"), lambda: self._say(_STRANGER))
        self.stranger.setToolTip(tr("Nobody I want recognised: the face is ignored (I)"))
        self.said = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.said.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.list = QPushButton(tr("All corrections…"))
        self.list.clicked.connect(lambda: self._context.corrections_requested.emit(None))

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: act())
        return button

    def _assemble(self) -> None:
        self._names, others = FlowLayout(_GAP_PX), FlowLayout(_GAP_PX)
        for button in (self.other, self.not_them, self.stranger):
            others.addWidget(button)
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(_GAP_PX)
        inside.addLayout(self._names)
        inside.addLayout(others)
        inside.addWidget(self.said)
        inside.addWidget(self.list, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP_PX)
        column.addWidget(self.title)
        column.addWidget(self.no_library)
        column.addWidget(self.open_library, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)

    def install(self, page: QWidget) -> None:
        """Take the keys of *page*, and open the name field over it."""
        self._page, self._field = page, NameField(page)
        self._field.named.connect(self._name)
        self._field.closed.connect(self._give_focus_back)
        keys: list[tuple[str, Callable[[], object]]] = [
            ("T", partial(_press, self.other)),
            ("N", partial(_press, self.not_them)),
            ("I", partial(_press, self.stranger)),
            *((str(key), partial(self._name_by_key, key)) for key in range(1, 10)),
        ]
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    @staticmethod
    def keys() -> Sequence[tuple[str, str]]:
        """The keys for the sheet on F1: (key, what it does)."""
        return (
            (tr("{first} … {last}", first="1", last="9"), tr("It is the person with that key")),
            ("T", tr("Say who it is")),
            ("N", tr("It is not the one named")),
            ("I", tr("It is a stranger")),
        )

    # Which face

    @property
    def busy(self) -> bool:
        """Whether what was said of the face is still to be read."""
        return self._asker.busy

    def show_face(self, chosen: ChosenFace | None) -> None:
        """Offer to correct what was said of *chosen*; None while there is no face."""
        self.show_asked(None if chosen is None else _asked(chosen))

    def show_asked(self, asked: AskedFace | None) -> None:
        """Likewise, of a face wherever it was seen."""
        self._asked = asked
        self.said.clear()
        self._show_state()
        self._look()

    def _library_changed(self, library: Library | None) -> None:
        self._asker.set_library(library)
        self._people = ()
        self._show_state()
        self._look()

    def _look(self, _change: object = None) -> None:
        """Read what was said of the face, and who can be named with a key."""
        asked = self._asked
        if asked is not None:
            self._asker.ask_again(lambda: partial(_read, asked=asked))

    def _take(self, answer: object) -> None:
        assert isinstance(answer, _Known)
        if answer.asked is not self._asked:
            return
        self._people = answer.people
        truth = None if answer.correction is None else answer.correction.truth
        self.said.setText("" if truth is None else said_words(truth))
        self._show_state()
        self.said_changed.emit()

    def _show_state(self) -> None:
        library, asked = self._context.library, self._asked
        self.setVisible(asked is not None)
        for widget in (self.no_library, self.open_library):
            widget.setVisible(library is None)
        self._body.setVisible(library is not None)
        if asked is None:
            return
        identity = asked.identity
        likeliest = sorted(identity.scores, key=lambda name: -identity.scores[name])[:_CHOICES]
        self._offer(likeliest)
        name = identity.name
        self.not_them.setVisible(name is not None and name in {one.name for one in self._people})
        if name is not None:
            self.not_them.setText(with_key(tr("Not {name}", name=self._short(name)), "N"))
            self.not_them.setToolTip(tr("Not {name}", name=name))

    def _offer(self, names: Sequence[str]) -> None:
        """A button for each of *names*; those there are get other texts, so nothing flickers."""
        keys = {person.name: person.key for person in self._people}
        while len(self.choices) < len(names):
            self.choices.append(self._button("", partial(self._choose, len(self.choices))))
            self._names.addWidget(self.choices[-1])
        self._offered = list(names)
        for number, button in enumerate(self.choices):
            button.setVisible(number < len(names))
            if number < len(names):
                name, key = names[number], keys.get(names[number])
                text = self._short(name)
                button.setText(text if key is None else with_key(text, str(key)))
                button.setToolTip(tr("It is {name}", name=name))
                button.setAccessibleName(tr("It is {name}", name=name))

    def _short(self, name: str) -> str:
        """*name* as far as a button has room for it; an ampersand would be taken for a key."""
        metrics = self.fontMetrics()
        cut = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_PX)
        return cut.replace("&", "&&")

    # What it is

    def _choose(self, number: int) -> None:
        self._name(self._offered[number])

    def _name_by_key(self, key: int) -> None:
        name = next((one.name for one in self._people if one.key == key), None)
        if name is not None:
            self._name(name)

    def _name(self, name: str) -> None:
        self._say(Truth(Verdict.IS, name))

    def _refuse(self) -> None:
        if self._asked is not None:
            self._say(Truth(Verdict.NOT, self._asked.identity.name))

    def _say(self, truth: Truth) -> None:
        if self._asked is None or not self._body.isVisible():
            return
        self.said.setText(tr("Keeping that…"))
        task = self._writer.write(self._asked, truth)
        if task is not None:
            task.ended.connect(self._look)

    def _open_field(self) -> None:
        if self._asked is None or self._field is None or self._page is None:
            return
        known = [person.name for person in self._people]
        others = [name for name in self._asked.identity.scores if name not in known]
        place = self.mapTo(self._page, QPoint(0, 0))
        self._came_from = QApplication.focusWidget()
        self._field.open_at(place, tr("Who is this?"), [*known, *others], "")

    def _give_focus_back(self) -> None:
        """To where the keys went before the field was open."""
        if self._came_from is not None:
            self._came_from.setFocus()
            self._came_from = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library says of a face that a model was asked about."""

    asked: AskedFace
    people: Sequence[Person]
    correction: Correction | None


def _press(button: QPushButton) -> None:
    """What a key does: nothing while its button is hidden."""
    if button.isVisible():
        button.click()


def _read(library: Library, asked: AskedFace) -> _Known:
    return _Known(asked, library.people(), correction_of(library, asked))


def _asked(chosen: ChosenFace) -> AskedFace:
    if chosen.pasted:
        source = Source.PASTE
    else:
        source = Source.FILE if chosen.time_s is None else Source.VIDEO
    return AskedFace(
        source,
        chosen.face.box,
        chosen.face.identity,
        chosen.bundle,
        chosen.path,
        chosen.time_s or 0.0,
    )
