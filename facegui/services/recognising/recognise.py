"""Recognising: every face in a photo gets a name, or *unknown*, from a model bundle."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facegui.collect.folders import Skipped, walk
from facegui.domain.control import (
    Control,
    NullControl,
    Progress,
    Relay,
    all_or_nothing,
    unheard,
)
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled, ImageError
from facegui.domain.ports import FaceFinder, FoundFace
from facegui.domain.recognition import Identity, RecognisedFace, RecognisedPhoto
from facegui.domain.text import tr
from facegui.services.tools import Tools

_IN_FLIGHT_PER_THREAD = 3
_TO_FIND, _TO_NAME = ("yunet",), ("yunet", "sface")


@dataclass(frozen=True, slots=True)
class RecogniseRequest:
    """What to recognise.

    Attributes:
        bundle: a model bundle.
        paths: files and folders; folders are walked recursively.
        threads: worker threads; None means one per core.
    """

    bundle: Path
    paths: tuple[Path, ...]
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class RecogniseReport:
    """Every photo in the order asked for, those that could not be read included."""

    photos: tuple[RecognisedPhoto, ...]
    stopped: bool


def recognise_photos(tools: Tools, request: RecogniseRequest, control: Control) -> RecogniseReport:
    """Recognise all files below the paths; Stop keeps what is done.

    Partial results are one `RecognisedPhoto` each, in order. A file that cannot be read is a
    result too, with the reason.

    Raises:
        BundleError: the model cannot be used.
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
        EngineError: the process of a convolutional network died.
    """
    fetch_models(tools, control)
    recogniser = PhotoRecogniser(tools, request.bundle, control)
    files = _files(request.paths, control)
    photos: list[RecognisedPhoto] = []
    for photo in _recognised(recogniser, files, request.threads, control):
        photos.append(photo)
        control.partial(photo)
        control.report(Progress(len(photos), len(files), tr("Recognising")))
    return RecogniseReport(tuple(photos), stopped=bool(control.cancelled()))


def fetch_models(tools: Tools, control: Control, *, naming: bool = True) -> None:
    """Fetch what finding, and *naming*, faces needs, with progress, before threads ask for it."""
    for name in _TO_NAME if naming else _TO_FIND:
        tools.models.path(name, control)


def load_picture(path: Path | str, side_px: int) -> RgbImage:
    """The picture in a file for a view, its longer side at most *side_px*.

    Raises:
        ImageError: it cannot be read.
    """
    from facegui.imaging.decode import decode
    from facegui.imaging.thumbnail import shrink

    return shrink(decode(path, min_side=side_px).image, side_px)


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
    ) -> None:
        from facegui.recognition.recogniser import Recogniser

        self._recogniser = Recogniser.load(bundle, lambda: tools.inference)
        self._control = Relay(
            control or NullControl(), report=unheard, partial=unheard, stop=all_or_nothing
        )
        self._make_finder = partial(tools.finder, options or DetectOptions())
        self._local = threading.local()

    @property
    def people(self) -> Sequence[str]:
        """Everybody it knows, in label order."""
        return self._recogniser.labels

    def photo(self, path: Path | str) -> RecognisedPhoto:
        """All faces in one file, in upright pixels; what is wrong with the file is in *error*."""
        from facegui.imaging.decode import decode

        try:
            image = decode(path).image
        except ImageError as error:
            return RecognisedPhoto(str(path), 0, 0, error.reason, ())
        height, width = image.shape[:2]
        return RecognisedPhoto(str(path), width, height, None, self.image(image))

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


def _files(paths: Sequence[Path], control: Control) -> list[Path | Skipped]:
    """Every file at or below *paths*, each once, and what cannot be read as it is."""
    found: dict[str, Path | Skipped] = {}
    for path in paths:
        for entry in walk(path):
            found.setdefault(entry.path, entry if isinstance(entry, Skipped) else Path(entry.path))
            if control.cancelled():
                return []
    return list(found.values())


def _recognised(
    recogniser: PhotoRecogniser,
    files: Sequence[Path | Skipped],
    threads: int | None,
    control: Control,
) -> Iterator[RecognisedPhoto]:
    """Results in order of *files*; ends early, without those still running, when told to stop."""
    threads = threads or os.cpu_count() or 1
    waiting = iter(files)
    running: deque[Future[RecognisedPhoto]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="facegui-recognise")
    try:
        while not control.cancelled():
            while len(running) < threads * _IN_FLIGHT_PER_THREAD:
                entry = next(waiting, None)
                if entry is None:
                    break
                running.append(pool.submit(_one, recogniser, entry))
            if not running:
                return
            yield running.popleft().result()
    except Cancelled:
        return  # in the middle of a photo
    finally:
        pool.shutdown(cancel_futures=True)


def _one(recogniser: PhotoRecogniser, entry: Path | Skipped) -> RecognisedPhoto:
    if isinstance(entry, Skipped):
        return RecognisedPhoto(entry.path, 0, 0, entry.reason, ())
    return recogniser.photo(entry)
