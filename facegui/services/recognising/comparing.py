"""Two models asked about the same faces: where they agree, where not, and which one is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from facegui.collect.folders import Skipped, walk
from facegui.domain.control import Control, Progress, Relay, unheard
from facegui.domain.dataset import Subset
from facegui.domain.errors import Cancelled, DatasetError, LibraryError
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity, RecognisedFace, RecognisedPhoto
from facegui.domain.text import tr
from facegui.network.bundle import BundleInfo, load_bundle
from facegui.recognition.recogniser import Recogniser
from facegui.services.judging.evaluate import identify_all, network_inputs, seen_photos
from facegui.services.judging.judge import read_manifest
from facegui.services.learning.dataset import named_faces
from facegui.services.libraries import Library
from facegui.services.recognising.compare_truth import Truth
from facegui.services.recognising.file_faces import MEMORY_BYTES, FaceMemory
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.runs.records import run_of
from facegui.services.tools import Tools

_BLOCK = 128
"""Files that both models are asked about before the next ones; a stop loses at most so many."""


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What to ask about.

    Attributes:
        one, other: model bundles.
        paths: photos and folders; without any, the library's kept faces that neither model has
            learned from.
    """

    one: Path
    other: Path
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedFace:
    """One face and both answers.

    Attributes:
        path: of the photo; *width*, *height* and *box* in its upright pixels.
        truth: who it is, where the library or the photo's folder says so.
        learned: one of the models has learned from the photo, so that the face proves nothing.
        one_right: whether the answer is the person, or *unknown* for one whom the model does not
            know; None where the truth is not known. Likewise *other_right*.
    """

    path: str
    width: int
    height: int
    box: Box
    one: Identity
    other: Identity
    truth: str | None
    learned: bool
    one_right: bool | None
    other_right: bool | None

    @property
    def differs(self) -> bool:
        """Whether the two models give it different names."""
        return self.one.name != self.other.name

    @property
    def judged(self) -> bool:
        """Whether it counts for which model is the better one."""
        return self.truth is not None and not self.learned


class Agreement(Enum):
    """How two answers stand to each other."""

    SAME = "same name"
    BOTH_UNKNOWN = "both unknown"
    ONLY_ONE = "only one names"
    ONLY_OTHER = "only other names"
    DIFFERENT = "different names"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out.

    Attributes:
        left_out: faces of the library that one of the models has learned from, or a copy of them.
        unread: photos that could not be read, and why.
        stopped: there would have been more photos.
    """

    request: CompareRequest
    faces: tuple[ComparedFace, ...]
    photos: int
    left_out: int
    unread: tuple[tuple[str, str], ...]
    stopped: bool


def agreement(face: ComparedFace) -> Agreement:
    """How the two answers about *face* stand to each other."""
    one, other = face.one.name, face.other.name
    if one == other:
        return Agreement.BOTH_UNKNOWN if one is None else Agreement.SAME
    if one is None:
        return Agreement.ONLY_OTHER
    return Agreement.ONLY_ONE if other is None else Agreement.DIFFERENT


def compare(
    library: Library | None, tools: Tools, request: CompareRequest, control: Control
) -> Comparison:
    """Ask both models; of files, Stop keeps what is done.

    Raises:
        BundleError: one of the models cannot be used.
        LibraryError: there is no library to take faces from, or it was closed.
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
        EngineError: the process of a convolutional network died.
        Cancelled: stopped, and nothing was done.
    """
    infos = tuple(load_bundle(path).info for path in (request.one, request.other))
    if request.paths:
        return _of_files(library, tools, request, infos, control)
    if library is None:
        raise LibraryError(tr("No library is open."), tr("Open one, or choose photos."))
    return _of_library(library, tools, request, infos, control)


# Faces of the library


def _of_library(
    library: Library,
    tools: Tools,
    request: CompareRequest,
    infos: Sequence[BundleInfo],
    control: Control,
) -> Comparison:
    faces, photos, groups = named_faces(library)
    learned: set[int] = set()
    for info in infos:
        learned |= seen_photos(library, photos, _without_tested(library, info))
    copies = {group for face, group in zip(faces, groups, strict=True) if face.photo_id in learned}
    fresh = [face for face, group in zip(faces, groups, strict=True) if group not in copies]
    answers: list[dict[int, Identity]] = []
    unread: dict[str, str] = {}
    for path in (request.one, request.other):
        recogniser = Recogniser.load(path, lambda: tools.inference)
        inputs, asked, skipped = network_inputs(library, fresh, photos, recogniser, control)
        said = identify_all(recogniser, inputs, control)
        answers.append({face.id: one for face, one in zip(asked, said, strict=True)})
        unread |= {str(error.path): error.reason for error in skipped}
    names = {person.id: person.name for person in library.people()}
    compared = []
    for face in fresh:
        if all(face.id in said for said in answers) and face.person_id is not None:
            photo = photos[face.photo_id]
            compared.append(
                _compared(
                    (photo.path, photo.width or 0, photo.height or 0, face.box),
                    (answers[0][face.id], answers[1][face.id]),
                    names[face.person_id],
                    infos,
                )
            )
    shown = len({face.path for face in compared})
    left_out = len(faces) - len(fresh)
    return Comparison(
        request, tuple(compared), shown, left_out, tuple(unread.items()), stopped=False
    )


def _without_tested(library: Library, info: BundleInfo) -> BundleInfo:
    """*info*, its photos without those its run only tested with, where the run is known here."""
    record = run_of(library, info)
    if record is None:
        return info
    try:
        items = read_manifest(library, record.id).items
        learned = [item for item in items if item.subset is not Subset.TEST]
        photos = library.photos(sorted({item.photo_id for item in learned}))
    except (DatasetError, LibraryError):
        return info
    return replace(
        info,
        photo_sha256s=tuple({item.sha256 for item in learned if item.sha256}),
        photo_phashes=tuple({f"{photo.hashes.phash:016x}" for photo in photos if photo.hashes}),
    )


def _compared(
    place: tuple[str, int, int, Box],
    said: tuple[Identity, Identity],
    truth: str | None,
    infos: Sequence[BundleInfo],
    *,
    learned: bool = False,
) -> ComparedFace:
    right = [
        None if truth is None else answer.name == (truth if truth in info.labels else None)
        for answer, info in zip(said, infos, strict=True)
    ]
    return ComparedFace(*place, *said, truth, learned, *right)


# Files


def _of_files(
    library: Library | None,
    tools: Tools,
    request: CompareRequest,
    infos: Sequence[BundleInfo],
    control: Control,
) -> Comparison:
    truth = Truth(library, infos)
    files = _files(request.paths, control)
    memory = FaceMemory(MEMORY_BYTES)
    found: list[ComparedFace] = []
    unread: list[tuple[str, str]] = []
    photos = 0
    for start in range(0, len(files), _BLOCK):
        block = files[start : start + _BLOCK]
        pairs = _asked(tools, request, block, memory, control, (start, len(files)))
        for one, other in pairs:
            photos += 1
            if one.error is not None:
                unread.append((one.path, one.error))
            elif one.duration_s is None and len(one.faces) == len(other.faces):
                found += _pairs(one, other.faces, truth, infos)
        if control.cancelled():
            break
    if control.cancelled() and not photos:
        raise Cancelled
    return Comparison(request, tuple(found), photos, 0, tuple(unread), stopped=photos < len(files))


def _files(paths: Sequence[Path], control: Control) -> list[Path]:
    """Every file at or below *paths*, each once."""
    found: dict[str, Path] = {}
    for path in paths:
        for entry in walk(path):
            if not isinstance(entry, Skipped):
                found.setdefault(entry.path, Path(entry.path))
            if control.cancelled():
                raise Cancelled
    return list(found.values())


def _asked(
    tools: Tools,
    request: CompareRequest,
    block: Sequence[Path],
    memory: FaceMemory,
    control: Control,
    so_far: tuple[int, int],
) -> Iterator[tuple[RecognisedPhoto, RecognisedPhoto]]:
    """What both models say of each file; the second one's faces are those found for the first."""
    done, total = so_far
    reports = []
    for number, bundle in enumerate((request.one, request.other)):

        def report(progress: Progress, number: int = number) -> None:
            half = (number * len(block) + progress.done) // 2
            control.report(Progress(done + half, total, tr("Comparing")))

        relay = Relay(control, report=report, partial=unheard)
        asked = RecogniseRequest(bundle, tuple(block))
        found = recognise_photos(tools, asked, relay, memory).photos
        reports.append({photo.path: photo for photo in found})
    first, second = reports
    return ((photo, second[path]) for path, photo in first.items() if path in second)


def _pairs(
    photo: RecognisedPhoto,
    others: Sequence[RecognisedFace],
    truth: Truth,
    infos: Sequence[BundleInfo],
) -> Iterator[ComparedFace]:
    learned = truth.learned(photo.path)
    for one, other in zip(photo.faces, others, strict=True):
        place = (photo.path, photo.width, photo.height, one.box)
        name = truth.name(photo, one.box)
        yield _compared(place, (one.identity, other.identity), name, infos, learned=learned)
