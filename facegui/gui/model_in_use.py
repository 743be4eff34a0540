"""Which model recognises: one for the whole window, looked up in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from facegui.domain.control import Control
from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.task import Job
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import ModelCard, ModelChoices, model_choices


class ModelInUse(QObject):
    """The models to choose from, and the one in use: a library's, or a file that was opened.

    Whatever may change them ends with `refresh`; whoever shows them listens to `looked`.

    Attributes:
        opened: a model file that the owner chose; None for the model in use of the library.

    Signals:
        looked: what there is has been read; it may be as before.
    """

    looked = Signal()

    def __init__(
        self, lanes: Lanes, library: Callable[[], Library | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.opened: Path | None = None
        self._lanes = lanes
        self._library = library
        self._choices = ModelChoices((), None)
        self._wanted: Path | None = None  # to be opened, or opened already
        self._generation = 0

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The models to choose from."""
        return self._choices.cards

    @property
    def card(self) -> ModelCard | None:
        """What is known of the one in use; None while there is none."""
        return self._choices.card

    def forget_file(self) -> None:
        """Put the file that was opened away: another library is open now, or none."""
        self.opened = self._wanted = None
        self.refresh()

    def refresh(self) -> None:
        """Look again at which models there are."""
        if self._wanted is None and self._library() is None:
            self._generation += 1
            self._choices = ModelChoices((), None)
            self.looked.emit()
        else:
            self.open(self._wanted)

    def open(self, path: Path | None) -> None:
        """Use the model file at *path*, or the library's model; refused ones change nothing."""
        self._generation += 1
        self._wanted = path
        job = partial(_choices, self._library(), path)
        task = self._lanes.start(job, tr("Reading the models"), Lane.QUERY)
        task.done.connect(partial(self._show, self._generation, path))
        task.failed.connect(partial(self._refused, self._generation))

    def use(self, path: Path) -> None:
        """Use one of the models that are listed."""
        library = self._library()
        if library is None or path == self.opened:
            self.open(path)
            return
        job: Job = partial(_use, library, path)
        task = self._lanes.start(job, tr("Choosing the model"), Lane.WRITER)
        task.done.connect(lambda _: self.open(None))
        task.failed.connect(lambda _: self.looked.emit())

    def _show(self, generation: int, opened: Path | None, choices: object) -> None:
        assert isinstance(choices, ModelChoices)
        if generation == self._generation:
            self.opened, self._choices = opened, choices
            self.looked.emit()

    def _refused(self, generation: int, _error: object) -> None:
        """The window tells why; a file in use that can be read no more is put away."""
        if generation != self._generation:
            return
        if self._wanted is not None and self._wanted == self.opened:
            self.forget_file()
        else:
            self._wanted = self.opened
            self.looked.emit()


def _choices(library: Library | None, opened: Path | None, _control: Control) -> object:
    try:
        return model_choices(library, opened)
    except LibraryError:
        return ModelChoices((), None)  # closed meanwhile; the next look is on its way


def _use(library: Library, path: Path, _control: Control) -> object:
    from facegui.services.runs.models import use_model

    return use_model(library, path)
