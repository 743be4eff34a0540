"""The recognise page: drop, paste or open photos, and see who is on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, QStandardPaths, Qt, QTemporaryDir
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QWidget

from facegui.domain.control import Control
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.page import Page
from facegui.gui.recognise.body import RecogniseBody
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.recognise.results import ResultModel
from facegui.gui.recognise.side import ChosenFace
from facegui.gui.task import Task
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.tools import Tools

Pasted = Sequence[tuple[Path, QImage]]


class RecognisePage(Page):
    """Photos in, names out."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._task: Task | None = None
        self._generation = 0
        self._asked: list[Path] = []
        self._waiting: list[Path] = []
        self._pasted: list[tuple[Path, QImage]] = []
        self._pasted_count = 0
        self._folder: QTemporaryDir | None = None
        self._faces: list[RecognisedFace] = []
        self._face: int | None = None
        self.loader = PictureLoader(context.lanes, self)
        self.results = ResultModel(self.loader, self)
        self.body = RecogniseBody(context, self.results)
        layout = QStackedLayout(self)
        layout.addWidget(self.body)
        self.body.correct.install(self)
        self._connect()
        self._show_state()

    @property
    def busy(self) -> bool:
        """Whether photos are being recognised."""
        return self._task is not None

    def recognise(self, paths: Sequence[Path]) -> None:
        """Recognise files and folders, after those that are being recognised now."""
        if self.body.models.bundle is None:
            self.context.notice.emit(
                tr("There is no model yet that could recognise anybody."),
                tr("Train one, or open a bundle file."),
            )
            return
        self._asked += paths
        self._waiting += paths
        self._next()

    def paste(self) -> None:
        """Recognise what was copied: files of a file manager, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.recognise(paths)
            return
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self.context.notice.emit(
                tr("What was copied is not a picture."), tr("Copy a picture or files first.")
            )
            return
        path = self._pasted_path()
        self._pasted.append((path, image))
        self.recognise([path])

    def clear(self) -> None:
        """Forget the photos on the page; nothing is deleted."""
        self._generation += 1
        self._waiting.clear()
        self._asked.clear()
        if self._task is not None:
            self._task.stop()
        self.loader.stop()
        self.results.clear()
        self._show_state()

    # Page

    def activate(self) -> None:
        self.body.models.refresh()
        self.body.corrections.follow()

    def leave(self) -> None:
        self._waiting.clear()
        self.loader.stop()

    def drop(self, paths: list[Path]) -> bool:
        """Recognise whatever is dropped."""
        self.recognise(paths)
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("A D", tr("Photo before, next photo")),
            ("↑ ↓", tr("Photo before, next photo")),
            ("← →", tr("Face before, next face")),
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
        body.open_requested.connect(self._ask_for_photos)
        body.folder_requested.connect(self._ask_for_folder)
        body.clear_requested.connect(self.clear)
        body.rows.selectionModel().currentChanged.connect(self._row_chosen)
        body.view.face_clicked.connect(self._choose_face)
        body.side.scores.step_requested.connect(self._step_face)
        self.loader.shown.connect(self._picture_came)
        keys: tuple[tuple[QKeySequence | QKeySequence.StandardKey | Qt.Key, object], ...] = (
            (QKeySequence.StandardKey.Paste, self.paste),
            (Qt.Key.Key_A, partial(self._step_photo, -1)),
            (Qt.Key.Key_D, partial(self._step_photo, 1)),
            (Qt.Key.Key_Up, partial(self._step_photo, -1)),
            (Qt.Key.Key_Down, partial(self._step_photo, 1)),
            (Qt.Key.Key_Left, partial(self._step_face, -1)),
            (Qt.Key.Key_Right, partial(self._step_face, 1)),
            (Qt.Key.Key_W, self.body.why.toggle.click),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _show_state(self, _library: object = None) -> None:
        if self.results.rowCount():
            self.body.show_results()
        elif self.body.models.bundle is None:
            self.body.show_no_model(can_train=self.context.library is not None)
        else:
            self.body.show_no_photo()

    def _ask_for_photos(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Choose photos"), _pictures_folder())
        if paths:
            self.recognise([Path(path) for path in paths])

    def _ask_for_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), _pictures_folder())
        if path:
            self.recognise([Path(path)])

    def _pasted_path(self) -> Path:
        """A name for a pasted picture in a folder that goes when the page goes."""
        if self._folder is None:
            self._folder = QTemporaryDir()
        self._pasted_count += 1
        name = tr("Pasted picture {n}", n=self._pasted_count)
        return Path(self._folder.path()) / f"{name}.png"

    # Recognising

    def _next(self) -> None:
        bundle = self.body.models.bundle
        if self._task is not None or bundle is None or not self._waiting:
            return
        request = RecogniseRequest(bundle, tuple(self._waiting))
        pasted, self._pasted = self._pasted, []
        self._waiting.clear()
        job = partial(_recognise, self.context.tools, request, pasted)
        task = self.context.lanes.start(job, tr("Recognising"), Lane.LIVE, visible=True)
        self._task = task
        task.partial_arrived.connect(partial(self._photos_came, self._generation))
        task.ended.connect(self._ended)

    def _photos_came(self, generation: int, photos: object) -> None:
        assert isinstance(photos, tuple)
        if generation != self._generation:
            return  # cleared, or asked of another model meanwhile
        for photo in photos:
            self._photo_came(photo)

    def _photo_came(self, photo: RecognisedPhoto) -> None:
        first = not self.results.rowCount()
        row = self.results.put(photo)
        if first:
            self._show_state()
            self._choose_row(0)
        elif row == self._row():
            self._show_row(row)

    def _ended(self) -> None:
        self._task = None
        self._next()

    def _model_changed(self) -> None:
        """Ask the new model about everything on the page."""
        self._show_state()
        if self._asked and self.body.models.bundle is not None:
            self._generation += 1
            self._waiting = list(self._asked)
            if self._task is not None:
                self._task.stop()
            self._next()

    # Photos and faces

    def _row(self) -> int:
        return self.body.rows.currentIndex().row()

    def _choose_row(self, row: int) -> None:
        self.body.rows.setCurrentIndex(self.results.index(row))

    def _step_photo(self, step: int) -> None:
        row = self._row() + step
        if 0 <= row < self.results.rowCount():
            self._choose_row(row)

    def _row_chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self._show_row(current.row())

    def _show_row(self, row: int) -> None:
        photo = self.results.photos[row]
        self._faces = sorted(photo.faces, key=lambda face: face.box.x1)
        self._face = 0 if self._faces else None
        self._show_face()
        if photo.error is not None:
            self.loader.forget()
            self.body.show_error(Path(photo.path).name, photo.error)
        else:
            self.loader.show(photo.path)

    def _picture_came(self, path: str, image: QImage) -> None:
        photo = self.results.photos[self._row()]
        assert path == photo.path
        if image.isNull():
            self.body.show_error(Path(path).name, tr("it cannot be read any more"))
            return
        self.body.show_picture(image, self._faces, QSize(photo.width, photo.height))
        self.body.view.select(self._face)

    def _step_face(self, step: int) -> None:
        if self._faces and self._face is not None:
            self._choose_face((self._face + step) % len(self._faces))

    def _choose_face(self, number: int) -> None:
        self._face = number
        self.body.view.select(number)
        self._show_face()

    def _show_face(self) -> None:
        self.body.side.show_face(self._faces, self._face, self._chosen())

    def _chosen(self) -> ChosenFace | None:
        bundle = self.body.models.bundle
        if self._face is None or bundle is None:
            return None
        path = Path(self.results.photos[self._row()].path)
        pasted = self._folder is not None and path.parent == Path(self._folder.path())
        return ChosenFace(path, self._faces[self._face], bundle, pasted=pasted)


def _recognise(tools: Tools, request: RecogniseRequest, pasted: Pasted, control: Control) -> object:
    """The job; it holds no widget. Pasted pictures become files first, off the GUI thread."""
    for path, image in pasted:
        image.save(str(path))
    return recognise_photos(tools, request, control)


def _pictures_folder() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
