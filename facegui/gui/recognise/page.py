"""The recognise page: drop, paste or open photos and videos, and see who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedLayout, QWidget

from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.page import Page
from facegui.gui.recognise.asking import Asking
from facegui.gui.recognise.body import RecogniseBody
from facegui.gui.recognise.exporting import ExportMenu
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.recognise.opening import ask_for_folder, ask_for_photos, ask_for_videos, copied
from facegui.gui.recognise.owners_word import OwnersWord
from facegui.gui.recognise.results import ResultModel
from facegui.gui.recognise.viewing import Viewing
from facegui.services.recognising.results import ResultFilter


class RecognisePage(Page):
    """Photos and videos in, names out."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._asking = Asking(context, self)
        self.loader = PictureLoader(context.lanes, self)
        self.results = ResultModel(self.loader, self)
        self.body = RecogniseBody(context, self.results)
        self._viewing = Viewing(self.body, self.loader, self._asking.is_pasted)
        self._said = OwnersWord(context, self.results, self._asking.is_pasted, self)
        self.export = ExportMenu(context, self, self.to_export, self._said.read)
        self.body.export.setMenu(self.export)
        layout = QStackedLayout(self)
        layout.addWidget(self.body)
        self.body.correct.install(self)
        self._connect()
        self._show_state()

    @property
    def busy(self) -> bool:
        """Whether files are being recognised."""
        return self._asking.busy

    def recognise(self, paths: Sequence[Path]) -> None:
        """Recognise files and folders, after those that are being recognised now."""
        bundle = self.body.models.bundle
        if bundle is None:
            self.context.notice.emit(
                tr("There is no model yet that could recognise anybody."),
                tr("Train one, or open a bundle file."),
            )
        elif paths:
            self._asking.ask(bundle, paths)

    def paste(self) -> None:
        """Recognise what was copied: files of a file manager, paths in a text, or a picture."""
        found = copied(QGuiApplication.clipboard())
        if found is None:
            self.context.notice.emit(
                tr("What was copied is not a picture."),
                tr("Copy a picture, files, or the path of a file first."),
            )
        elif isinstance(found, QImage):
            self.recognise([self._asking.take_picture(found)])
        else:
            self.recognise(found)

    def clear(self) -> None:
        """Forget the files on the page; nothing is deleted."""
        self._asking.forget()
        self.loader.stop()
        self.results.clear()
        self.body.filters.clear()
        self._show_state()

    def to_export(self) -> tuple[Sequence[RecognisedPhoto], bool]:
        """The files that are marked, if more than one is, else all that are listed."""
        marked = self.body.rows.marked()
        several = len(marked) > 1
        return (marked if several else list(self.results.photos)), several

    # Page

    def activate(self) -> None:
        self.body.models.refresh()
        self.body.corrections.follow()

    def leave(self) -> None:
        self._asking.leave()
        self.loader.stop()

    def drop(self, paths: list[Path]) -> bool:
        """Recognise whatever is dropped."""
        self.recognise(paths)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("A D", tr("File before, next file")),
            ("↑ ↓", tr("File before, next file")),
            ("← →", tr("Face before, next face")),
            ("Ctrl+F", tr("Search by file name")),
            ("Ctrl+A", tr("Mark all files that are listed")),
            ("W", tr("Why this name: open or close")),
            *self.body.correct.keys(),
            ("Ctrl+V", tr("Recognise what was copied")),
        )

    # Wiring

    def _connect(self) -> None:
        body = self.body
        self.context.library_changed.connect(self._show_state)
        body.models.changed.connect(self._model_changed)
        body.train_requested.connect(lambda: self.context.page_requested.emit("train"))
        body.open_requested.connect(lambda: self.recognise(ask_for_photos(self)))
        body.videos_requested.connect(lambda: self.recognise(ask_for_videos(self)))
        body.folder_requested.connect(lambda: self.recognise(ask_for_folder(self)))
        body.clear_requested.connect(self.clear)
        body.rows.photo_chosen.connect(self._viewing.show_photo)
        body.filters.changed.connect(self._filter)
        self.results.counted.connect(lambda: body.filters.show_tally(self.results.tally))
        self._asking.came.connect(self._photos_came)
        keys: tuple[tuple[QKeySequence | QKeySequence.StandardKey | Qt.Key, object], ...] = (
            (QKeySequence.StandardKey.Paste, self.paste),
            (QKeySequence.StandardKey.Find, body.filters.search.setFocus),
            (QKeySequence.StandardKey.SelectAll, body.rows.selectAll),
            (Qt.Key.Key_A, partial(body.rows.step, -1)),
            (Qt.Key.Key_D, partial(body.rows.step, 1)),
            (Qt.Key.Key_Up, partial(body.rows.step, -1)),
            (Qt.Key.Key_Down, partial(body.rows.step, 1)),
            (Qt.Key.Key_Left, partial(self._viewing.step_face, -1)),
            (Qt.Key.Key_Right, partial(self._viewing.step_face, 1)),
            (Qt.Key.Key_W, self.body.why.toggle.click),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _show_state(self, _library: object = None) -> None:
        if self.results.everything:
            self.body.show_results(any_listed=bool(self.results.photos))
        elif self.body.models.bundle is None:
            self.body.show_no_model(can_train=self.context.library is not None)
        else:
            self.body.show_no_photo()

    def _photos_came(self, photos: tuple[RecognisedPhoto, ...]) -> None:
        self.results.put(photos)
        self._said.follow()
        if not self.body.rows.currentIndex().isValid():
            self.body.rows.choose(0)
        self._show_state()

    def _filter(self, wanted: ResultFilter) -> None:
        self.results.ask_for(wanted)
        self._show_state()

    def _model_changed(self) -> None:
        """Ask the new model about everything on the page."""
        self._show_state()
        bundle, files = self.body.models.bundle, self.results.everything
        if bundle is not None and (files or self.busy):
            self._asking.ask_again(bundle, [Path(photo.path) for photo in files])
