"""Boxes on their way into the library: measured one by one, then written as a step each."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.review.box_edit import BoxEdit
from facegui.gui.review.photo_view import PhotoView
from facegui.services.libraries import Library

if TYPE_CHECKING:  # imports the networks' libraries, which a window without a box does not need
    from facegui.services.reviewing.faces import BoxMeasurer, MeasuredBox


class BoxEditor(QObject):
    """Takes drawn, moved and deleted boxes from a `PhotoView` and shows there what came of them.

    Signals:
        told: one line on the step that has just been written.
    """

    told = Signal(str)

    def __init__(self, context: AppContext, view: PhotoView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._view = context, view
        self._waiting: deque[BoxEdit] = deque()
        self._measuring = False
        self._measurer: BoxMeasurer | None = None
        view.box_changed.connect(self._take)
        view.delete_requested.connect(self._delete)
        context.library_changed.connect(self._forget)

    def _forget(self) -> None:
        self._waiting.clear()
        self._measurer = None

    def _take(self, edit: BoxEdit) -> None:
        self._waiting.append(edit)
        self._view.await_box(edit)
        self._next()

    def _next(self) -> None:
        """Measure the box that has waited longest: the networks serve one at a time."""
        library = self._context.library
        if self._measuring or not self._waiting or library is None:
            return
        edit = self._waiting.popleft()
        measurer = self._measurer_of(library)

        def job(_control: Control) -> object:
            return measurer.measure(edit.photo, edit.box)

        self._measuring = True
        task = self._context.lanes.start(job, tr("Measuring the face"), Lane.POOL)
        task.done.connect(partial(self._write, library, edit))
        task.failed.connect(lambda _error: self._view.settle_box(edit))
        task.cancelled.connect(lambda: self._view.settle_box(edit))
        task.ended.connect(self._measured)

    def _measurer_of(self, library: Library) -> BoxMeasurer:
        if self._measurer is None:
            from facegui.services.reviewing.faces import BoxMeasurer

            self._measurer = BoxMeasurer(library, self._context.tools)
        return self._measurer

    def _measured(self) -> None:
        self._measuring = False
        self._next()

    def _write(self, library: Library, edit: BoxEdit, measured: MeasuredBox) -> None:
        if library is not self._context.library:
            return

        def action() -> Change:
            if edit.face_id is None:
                return library.draw_face(edit.photo.id, measured.face)
            return library.move_face(edit.face_id, measured.face)

        task = self._context.write(tr("Keeping the box"), action)
        task.done.connect(partial(self._tell, made_out=measured.made_out))
        task.ended.connect(lambda: self._view.settle_box(edit, measured.face.box))

    def _delete(self, face_id: int) -> None:
        library = self._context.library
        if library is None:
            return
        task = self._context.write(tr("Deleting"), lambda: library.delete_faces([face_id]))
        task.done.connect(partial(self._tell, made_out=True))

    def _tell(self, change: object, *, made_out: bool) -> None:
        if not isinstance(change, Change) or change.entry is None:
            return
        step = change.entry.label
        if not made_out:
            step = tr("No face made out there: the box is kept as drawn")
        self.told.emit(tr("{step}. Ctrl+Z takes it back.", step=step))
