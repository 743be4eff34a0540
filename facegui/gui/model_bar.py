"""Which model recognises: always in sight, changed with a click, shared by the pages using it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QWidget

from facegui.domain.control import Control
from facegui.domain.errors import LibraryError
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import ModelCard, ModelChoices, model_choices

_MOST_NAMES = 6


class ModelBar(QWidget):
    """A chooser with the models of the library, a file that was opened, and *open another*.

    Signals:
        changed: another model is in use, or the first one, or none.
    """

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._cards: dict[Path, ModelCard] = {}
        self._bundle: Path | None = None
        self._generation = 0
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Model"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.activated.connect(self._activated)
        self.people = _CutLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(QLabel(tr("Model")))
        row.addWidget(self.chooser)
        row.addWidget(self.people, 1)
        context.library_changed.connect(self._library_changed)
        self._fill()

    @property
    def bundle(self) -> Path | None:
        """The model in use; None while there is none."""
        return self._bundle

    @property
    def card(self) -> ModelCard | None:
        """What is known of it."""
        return self._cards.get(self._bundle) if self._bundle else None

    def refresh(self) -> None:
        """Look again at which models there are, in the background."""
        self._look(self._context.opened_model)

    def open_file(self) -> None:
        """Ask for a bundle and use it."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a model bundle"))
        if path:
            self._look(Path(path))

    def open_bundle(self, path: Path) -> None:
        """Use the bundle at *path*; one that cannot be used is refused with the reason."""
        self._look(path)

    def _library_changed(self, _library: object) -> None:
        if self.isVisible():
            self.refresh()

    def _look(self, opened: Path | None) -> None:
        self._generation += 1
        job = partial(_choices, self._context.library, opened)
        task = self._context.lanes.start(job, tr("Reading the models"), Lane.QUERY)
        task.done.connect(partial(self._show, self._generation, opened))
        task.failed.connect(lambda _error: self._fill())

    def _show(self, generation: int, opened: Path | None, choices: object) -> None:
        assert isinstance(choices, ModelChoices)
        if generation != self._generation:
            return
        self._context.opened_model = opened
        self._cards = {card.path: card for card in choices.cards}
        before, self._bundle = self._bundle, choices.chosen
        self._fill()
        if before != self._bundle:
            self.changed.emit()

    def _fill(self) -> None:
        self.chooser.clear()
        for card in self._cards.values():
            self.chooser.addItem(self._title(card))
        if not self._cards:
            self.chooser.addItem(tr("None yet"))
        self.chooser.insertSeparator(self.chooser.count())
        self.chooser.addItem(tr("Open bundle file…"))
        self.chooser.setCurrentIndex(self._row())
        people = self.card.people if self.card else ()
        self.people.setText(_names(people))
        self.people.setToolTip("\n".join(people))

    def _row(self) -> int:
        paths = list(self._cards)
        return paths.index(self._bundle) if self._bundle in paths else 0

    def _title(self, card: ModelCard) -> str:
        created = QDateTime.fromSecsSinceEpoch(int(card.created.timestamp()))
        when = QLocale().toString(created, QLocale.FormatType.ShortFormat)
        name = card.network
        if card.path == self._context.opened_model:
            name = f"{card.path.name}: {name}"
        return f"{name} · {trn('{n} person', '{n} people', len(card.people))} · {when}"

    def _activated(self, index: int) -> None:
        if index == self.chooser.count() - 1:
            self.chooser.setCurrentIndex(self._row())
            self.open_file()
            return
        path = next(iter(list(self._cards)[index : index + 1]), None)
        if path is None or path == self._bundle:
            return
        library = self._context.library
        if library is not None and path != self._context.opened_model:
            job = partial(_use, library, path)
            task = self._context.lanes.start(job, tr("Choosing the model"), Lane.WRITER)
            task.done.connect(lambda _: self._look(None))
        else:
            self._look(path)


class _CutLabel(QWidget):
    """A faint line of text that ends in … where there is no room for more."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def text(self) -> str:
        """All of it."""
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        elided = self.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), elided)


def _choices(library: Library | None, opened: Path | None, _control: Control) -> object:
    try:
        return model_choices(library, opened)
    except LibraryError:
        return ModelChoices((), None)  # closed meanwhile; the next look is on its way


def _use(library: Library, path: Path, _control: Control) -> object:
    from facegui.services.runs.models import use_model

    return use_model(library, path)


def _names(people: tuple[str, ...]) -> str:
    """The first few names and how many more there are."""
    named = ", ".join(people[:_MOST_NAMES])
    more = len(people) - _MOST_NAMES
    return named if more <= 0 else tr("{names} and {n} more", names=named, n=more)
