"""The file that the owner looks at: its picture, or a moment of a video, and the face chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage

from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.domain.text import tr
from facegui.gui.recognise.body import RecogniseBody
from facegui.gui.recognise.loader import PictureLoader
from facegui.gui.recognise.side import ChosenFace
from facegui.services.recognising.results import faces_at
from facegui.services.recognising.results_export import in_order


class Viewing(QObject):
    """Shows one file at a time in the page's widgets.

    Args:
        is_pasted: tells of a file whether it is a picture that was pasted.
    """

    def __init__(
        self, body: RecogniseBody, loader: PictureLoader, is_pasted: Callable[[Path], bool]
    ) -> None:
        super().__init__(body)
        self._body = body
        self._loader = loader
        self._is_pasted = is_pasted
        self._photo: RecognisedPhoto | None = None
        self._faces: Sequence[RecognisedFace] = ()
        self._face: int | None = None
        self._time_s: float | None = None
        self._in_view: dict[int, RecognisedFace] = {}
        self._drawn: list[int] = []
        self._drawn_s: float | None = None
        loader.shown.connect(self._picture_came)
        body.view.face_clicked.connect(self._face_clicked)
        body.timeline.moment_chosen.connect(self._show_moment)
        body.side.scores.step_requested.connect(self.step_face)

    def show_photo(self, photo: object) -> None:
        """Show a `RecognisedPhoto` and its first face; nothing for None."""
        if photo is self._photo:
            return
        assert photo is None or isinstance(photo, RecognisedPhoto)
        same_file = photo is not None and self._photo is not None and photo.path == self._photo.path
        face, time_s = (self._face, self._time_s) if same_file else (None, None)
        self._photo = photo
        self._faces = () if photo is None else in_order(photo)
        self._face, self._time_s = None, None
        self._drawn, self._drawn_s = [], None
        self._body.timeline.setVisible(photo is not None and photo.duration_s is not None)
        if photo is None or photo.error is not None:
            self._loader.forget()
            self._tell_face()
            if photo is None:
                self._body.view.clear()
            else:
                self._body.show_error(Path(photo.path).name, photo.error or "")
            return
        if self._faces:
            self._face = face if face is not None and face < len(self._faces) else 0
        if photo.duration_s is None:
            self._in_view = dict(enumerate(self._faces))
            self._loader.show(photo.path)
            self._tell_face()
        else:
            self._body.timeline.show_video(photo)
            if time_s is not None and self._face in faces_at(photo, time_s):
                self._show_frame(time_s)  # corrected, it is looked at still
            else:
                self._show_best()

    def step_face(self, step: int) -> None:
        """Choose the next face, or the one before; in a video, who appears next."""
        if self._faces and self._face is not None:
            self._choose_face((self._face + step) % len(self._faces))

    def _choose_face(self, number: int) -> None:
        self._face = number
        if self._time_s is None:
            self._body.view.select(number)
            self._tell_face()
        else:
            self._show_best()

    def _show_best(self) -> None:
        """The best moment of the face chosen; the beginning of a video without any."""
        if self._face is None:
            self._show_frame(0.0)
            return
        seen = self._faces[self._face].appearance
        assert seen is not None
        self._show_moment(self._face, seen.best_s)

    def _show_moment(self, number: int, time_s: float) -> None:
        self._face = number
        self._show_frame(time_s)

    def _show_frame(self, time_s: float) -> None:
        assert self._photo is not None
        self._time_s = time_s
        self._in_view = faces_at(self._photo, time_s)
        self._body.timeline.mark(self._face, time_s)
        if time_s == self._drawn_s:
            self._select()
        else:
            self._loader.show(self._photo.path, time_s)
        self._tell_face()

    def _face_clicked(self, place: int) -> None:
        if place >= len(self._drawn):
            return  # of a picture that is on its way out
        number = self._drawn[place]
        self._face = number
        self._body.view.select(place)
        if self._time_s is not None:
            self._body.timeline.mark(number, self._time_s)
        self._tell_face()

    def _tell_face(self) -> None:
        self._body.side.show_face(self._faces, self._face, self._chosen())

    def _chosen(self) -> ChosenFace | None:
        bundle = self._body.models.bundle
        if self._face is None or self._photo is None or bundle is None:
            return None
        path = Path(self._photo.path)
        face = self._in_view.get(self._face, self._faces[self._face])
        return ChosenFace(path, face, bundle, self._time_s, pasted=self._is_pasted(path))

    def _picture_came(self, path: str, image: QImage) -> None:
        photo = self._photo
        if photo is None or path != photo.path:
            return
        if image.isNull():
            self._body.show_error(Path(path).name, tr("it cannot be read any more"))
            return
        size = QSize(photo.width, photo.height)
        self._body.show_picture(image, list(self._in_view.values()), size)
        self._drawn, self._drawn_s = list(self._in_view), self._time_s
        self._select()

    def _select(self) -> None:
        if self._face in self._drawn:
            self._body.view.select(self._drawn.index(self._face))
