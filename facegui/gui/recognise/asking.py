"""The files that are waiting to be recognised, and the job that recognises them, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, Signal
from PySide6.QtGui import QImage

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.services.recognising.file_faces import FaceMemory
from facegui.services.recognising.recognise import (
    RecogniseReport,
    RecogniseRequest,
    recognise_photos,
)
from facegui.services.tools import Tools

Pasted = Sequence[tuple[Path, QImage]]


class Asking(QObject):
    """Recognises what it is given, after what it is at; remembers the faces for another model.

    Signals:
        came: a tuple of `RecognisedPhoto`.
    """

    came = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._bundle: Path | None = None
        self._task: Task | None = None
        self._generation = 0
        self._waiting: list[Path] = []
        self._pasted: list[tuple[Path, QImage]] = []
        self._pasted_count = 0
        self._folder: QTemporaryDir | None = None
        self._memory = FaceMemory()

    @property
    def busy(self) -> bool:
        """Whether files are being recognised."""
        return self._task is not None

    def ask(self, bundle: Path, paths: Iterable[Path]) -> None:
        """Recognise files and folders with *bundle*."""
        self._bundle = bundle
        self._waiting += paths
        self._next()

    def ask_again(self, bundle: Path, paths: Iterable[Path]) -> None:
        """Recognise *paths* with another model, and what is waiting; older answers do not count."""
        waiting = list(self._waiting)
        self.forget()
        self.ask(bundle, [*paths, *waiting])

    def take_picture(self, image: QImage) -> Path:
        """Where the pasted *image* is going to be a file; it goes when the page goes."""
        if self._folder is None:
            self._folder = QTemporaryDir()
        self._pasted_count += 1
        name = tr("Pasted picture {n}", n=self._pasted_count)
        path = Path(self._folder.path()) / f"{name}.png"
        self._pasted.append((path, image))
        return path

    def is_pasted(self, path: Path) -> bool:
        """Whether *path* is a picture that was pasted."""
        return self._folder is not None and path.parent == Path(self._folder.path())

    def forget(self) -> None:
        """Recognise nothing more of what was asked for; answers on their way do not count."""
        self._generation += 1
        self._waiting.clear()
        if self._task is not None:
            self._task.stop()

    def leave(self) -> None:
        """Begin nothing more."""
        self._waiting.clear()

    def _next(self) -> None:
        if self._task is not None or self._bundle is None or not self._waiting:
            return
        request = RecogniseRequest(self._bundle, tuple(self._waiting))
        pasted, self._pasted = self._pasted, []
        self._waiting.clear()
        job = partial(_recognise, self._context.tools, request, self._memory, pasted)
        task = self._context.lanes.start(job, tr("Recognising"), Lane.LIVE, visible=True)
        self._task = task
        task.partial_arrived.connect(partial(self._came, self._generation))
        task.done.connect(partial(self._done, self._generation))
        task.ended.connect(self._ended)

    def _came(self, generation: int, photos: object) -> None:
        if generation == self._generation:
            self.came.emit(photos)

    def _done(self, generation: int, report: object) -> None:
        """Whoever stops means what is waiting too."""
        assert isinstance(report, RecogniseReport)
        if report.stopped and generation == self._generation:
            self._waiting.clear()

    def _ended(self) -> None:
        self._task = None
        self._next()


def _recognise(
    tools: Tools, request: RecogniseRequest, memory: FaceMemory, pasted: Pasted, control: Control
) -> object:
    """The job; it holds no widget. Pasted pictures become files first, off the GUI thread."""
    for path, image in pasted:
        image.save(str(path))
    return recognise_photos(tools, request, control, memory)
