"""What every page shares: the tools, the open library, the lanes, and news of what changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.model_in_use import ModelInUse
from facegui.gui.task import Task
from facegui.services.libraries import Library
from facegui.services.tools import Tools


class AppContext(QObject):
    """Handed to every page; holds no widgets.

    Attributes:
        model: which model recognises, for the whole window.

    Signals:
        library_changing: a library is about to be shown; late listeners connect now.
        library_changed: another library is open now, or None; pages reload everything.
        rows_changed: a `Change` with the ids of faces and photos to refresh; empty means all.
        notice: a message for the owner and its remedy (may be empty); without a message, the one
            that stands there is out of date.
        notice_of_page: likewise, and the name of the page where it can be dealt with.
        told: one line for the status bar on what has just been done.
        page_requested: a button leads to another page; its name.
        import_requested: ask the owner for photos to add.
        scan_requested: scan what is new.
        watching_changed: the owner ticked other folders to be watched.
        rescan_requested: scan everything again.
        face_requested: show this face among all the others in Review; its id.
        rule_requested: show the faces that this `Rule` rejects in Review; a person's id, or None
            for everybody's.
        similar_requested: show the faces that look most like this one; its id.
        models_requested: show the list of models.
        unknown_requested: show the line between a name and *unknown* of the model at this path.
        library_requested: ask the owner for a library to open.
        corrections_requested: show the corrections; a model's file to be asked about them at once,
            or None.
    """

    library_changing = Signal()
    library_changed = Signal(object)
    rows_changed = Signal(object)
    notice = Signal(str, str)
    notice_of_page = Signal(str, str, str)
    told = Signal(str)
    page_requested = Signal(str)
    import_requested = Signal()
    scan_requested = Signal()
    watching_changed = Signal()
    rescan_requested = Signal()
    face_requested = Signal(int)
    rule_requested = Signal(object, object)
    similar_requested = Signal(int)
    models_requested = Signal()
    unknown_requested = Signal(Path)
    library_requested = Signal()
    corrections_requested = Signal(object)

    def __init__(self, tools: Tools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tools = tools
        self.lanes = Lanes(self)
        self.library: Library | None = None
        self.model = ModelInUse(self.lanes, lambda: self.library, self)
        self.library_changed.connect(self.model.forget_file)

    def set_library(self, library: Library | None) -> None:
        """Close the library that is open and show *library*."""
        if library is not None:
            self.library_changing.emit()
        previous, self.library = self.library, library
        self.library_changed.emit(library)
        if previous is not None:
            previous.close()

    def write(self, label: str, action: Callable[[], Change | None]) -> Task:
        """Run an owner's *action* on the writer lane and tell every page what it changed."""
        task = self.lanes.start(lambda _control: action(), label, Lane.WRITER)
        task.done.connect(self._announce)
        return task

    def write_and_tell(self, label: str, action: Callable[[], Change | None]) -> Task:
        """As `write`, and say in the status bar which step was done and what takes it back."""
        task = self.write(label, action)
        task.done.connect(self._tell)
        return task

    def _tell(self, change: object) -> None:
        if isinstance(change, Change) and change.entry is not None:
            self.told.emit(tr("{step}. Ctrl+Z takes it back.", step=change.entry.label))

    def _announce(self, change: object) -> None:
        if change is not None:
            self.rows_changed.emit(change)
