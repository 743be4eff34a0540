"""One model asked about photos, videos and frames: faces are found, cut out, and named."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from facegui.domain.control import Control, NullControl, Progress, Relay, all_or_nothing, unheard
from facegui.domain.detection import VIDEO, DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError, OwnerError
from facegui.domain.ports import FaceFinder, FoundFace
from facegui.domain.recognition import Identity, RecognisedFace, RecognisedPhoto
from facegui.services.recognising.file_faces import (
    FaceMemory,
    FileFaces,
    named,
    photo_faces,
    stamp_of,
)
from facegui.services.recognising.video_files import (
    called_like_video,
    is_video,
    looks_like_video,
    video_faces,
)
from facegui.services.tools import Tools


class PhotoRecogniser:
    """Names all faces of photos with one model; safe to use from several threads.

    A stop that *control* tells of ends a call that waits for a network's engine with `Cancelled`.
    """

    def __init__(
        self,
        tools: Tools,
        bundle: Path,
        control: Control | None = None,
        options: DetectOptions | None = None,
        memory: FaceMemory | None = None,
    ) -> None:
        from facegui.recognition.recogniser import Recogniser

        self._recogniser = Recogniser.load(bundle, lambda: tools.inference)
        self._control = Relay(
            control or NullControl(), report=unheard, partial=unheard, stop=all_or_nothing
        )
        self._make_finder = partial(tools.finder, options or DetectOptions())
        self._make_video_finder = partial(tools.finder, VIDEO)
        self._memory = memory or FaceMemory(0)
        self._local = threading.local()

    @property
    def people(self) -> Sequence[str]:
        """Everybody it knows, in label order."""
        return self._recogniser.labels

    def photo(self, path: Path | str) -> RecognisedPhoto:
        """All faces in one file, in upright pixels; what is wrong with the file is in *error*."""
        try:
            return named(str(path), *self._asked(self._photo_faces(path)))
        except ImageError as error:
            return RecognisedPhoto(str(path), 0, 0, error.reason, ())

    def photo_or_video(self, path: Path) -> RecognisedPhoto | Path:
        """All faces in one photo; *path* itself where it is a video, which takes longer.

        What is called a video and is no photo counts as one: what is wrong is then said of that.
        """
        if looks_like_video(path):
            return path
        photo = self.photo(path)
        if photo.error is None or not (called_like_video(path) or is_video(path)):
            return photo
        return path

    def video(self, path: Path, control: Control) -> RecognisedPhoto:
        """Everybody in a video; Stop keeps those found so far."""
        stamp, wanted = stamp_of(path), self._recogniser.preprocessing
        found = self._memory.recall(stamp).get(wanted) if stamp else None
        if found is None:

            def go_on(now_s: float, all_s: float) -> bool:
                control.report(Progress(round(now_s), round(all_s)))
                return not control.cancelled()

            try:
                found = video_faces(path, self._make_video_finder(), wanted, go_on)
            except OwnerError as error:
                return RecognisedPhoto(str(path), 0, 0, error.message, ())
            if stamp and not control.cancelled():
                self._memory.keep(stamp, wanted, found)
        return named(str(path), *self._asked(found))

    def _photo_faces(self, path: Path | str) -> FileFaces:
        from facegui.imaging.decode import read_file
        from facegui.imaging.picture import PhotoPicture

        stamp, wanted = stamp_of(path), self._recogniser.preprocessing
        known = self._memory.recall(stamp) if stamp else {}
        if wanted in known:
            return known[wanted]
        picture = PhotoPicture(read_file(path), path)
        places = next((other.faces for other in known.values()), None)
        found = photo_faces(picture, self._finder, wanted, places)
        if stamp:
            self._memory.keep(stamp, wanted, found)
        return found

    def _asked(self, found: FileFaces) -> tuple[FileFaces, list[Identity]]:
        return found, self._recogniser.identify(found.inputs, self._control)

    def image(self, image: RgbImage) -> tuple[RecognisedFace, ...]:
        """All faces in an upright picture, best score first."""
        faces = self.find(image)
        return tuple(
            RecognisedFace(face.box, face.landmarks, face.score, identity)
            for face, identity in zip(faces, self.identify(image, faces), strict=True)
        )

    def find(self, image: RgbImage) -> Sequence[FoundFace]:
        """Where the faces are."""
        return self._finder.find(image)

    def identify(self, image: RgbImage, faces: Sequence[FoundFace]) -> list[Identity]:
        """Who *faces*, found in *image*, are."""
        if not faces:
            return []
        import numpy as np

        from facegui.services.learning.inputs import network_input

        wanted = self._recogniser.preprocessing
        inputs = np.stack([network_input(image, face, wanted, self._finder) for face in faces])
        return self._recogniser.identify(inputs, self._control)

    @property
    def _finder(self) -> FaceFinder:
        """One for each thread: the networks behind it are not thread-safe."""
        if not hasattr(self._local, "finder"):
            self._local.finder = self._make_finder()
        finder: FaceFinder = self._local.finder
        return finder
