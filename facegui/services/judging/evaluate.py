"""Evaluating a model on faces it has never seen: neither them nor copies of their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, Progress, Relay, all_or_nothing, unheard
from facegui.domain.entities import Face, Photo
from facegui.domain.errors import Cancelled, ImageError
from facegui.domain.recognition import Identity
from facegui.domain.text import tr
from facegui.network.bundle import BundleInfo, load_bundle
from facegui.recognition.recogniser import Recogniser
from facegui.recognition.recogniser import identities as identities_of
from facegui.services.copies.same_picture import near_any
from facegui.services.learning.crops import cut
from facegui.services.learning.dataset import dataset_item, named_faces
from facegui.services.libraries import Library
from facegui.services.recognising.stranger_faces import ask_about
from facegui.services.recognising.stranger_folders import folder_strangers
from facegui.services.recognising.stranger_known import Acquaintances
from facegui.services.tools import Tools

UNKNOWN = "unknown"
_BATCH = 64


@dataclass(frozen=True, slots=True)
class EvaluateRequest:
    """What to measure.

    Attributes:
        bundle: the model.
        strangers: folders of photos of people whom it does not know, measured like those whom the
            library has.
    """

    bundle: Path
    strangers: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonResult:
    """How well one person is recognised, faces named unknown counted as missed.

    Attributes:
        precision: of the faces given this name, the fraction that is this person; None when none
            was given it.
        recall: of this person's faces, the fraction given the name; None without any.
        support: this person's faces.
    """

    name: str
    precision: float | None
    recall: float | None
    support: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out.

    Attributes:
        faces: of people the model knows, measured.
        left_out: faces it was trained or validated on, and their copies.
        strangers: faces of people it does not know, measured.
        strangers_left_out: photos in folders of strangers that show none: their folder is named
            after somebody the model knows, or the library or the model has them or a copy.
        strangers_named: of the strangers, the ones given a name: false accepts.
        rejected: faces of people it knows that it calls unknown: false rejects.
        misnamed: those that it gives somebody else's name.
        accuracy: of the model's most likely person; None without faces.
        accuracy_with_unknown: likewise, but a face it calls unknown counts as wrong.
        rows: what the rows of the matrix stand for: the model's people, then *unknown* for
            strangers.
        columns: likewise for the columns: the people, then *unknown*.
        confusion: faces by who they are (row) and what the model says (column).
        skipped: photos that could not be read.
    """

    bundle: str
    faces: int
    left_out: int
    strangers: int
    strangers_left_out: int
    strangers_named: int
    rejected: int
    misnamed: int
    accuracy: float | None
    accuracy_with_unknown: float | None
    people: tuple[PersonResult, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    skipped: tuple[ImageError, ...]


def evaluate(
    library: Library, tools: Tools, request: EvaluateRequest, control: Control
) -> Evaluation:
    """Measure a bundle on all kept and named faces that it was not trained on, and on strangers.

    Raises:
        BundleError: the bundle cannot be used.
        OwnerError: a folder of strangers is not there.
        EngineError: the process of a convolutional network died.
        Cancelled: stopped.
    """
    info = load_bundle(request.bundle).info
    faces, photos, groups = named_faces(library)
    seen = seen_photos(library, photos, info)
    seen_groups = {
        group for face, group in zip(faces, groups, strict=True) if face.photo_id in seen
    }
    fresh = [face for face, group in zip(faces, groups, strict=True) if group not in seen_groups]
    names = {person.id: person.name for person in library.people()}
    recogniser = Recogniser.load(request.bundle, lambda: tools.inference)
    inputs, measured, skipped = network_inputs(library, fresh, photos, recogniser, control)
    identities = identify_all(recogniser, inputs, control)
    truth = [names[face.person_id] for face in measured if face.person_id is not None]
    foreign, no_strangers = _in_folders(library, tools, recogniser, request.strangers, control)
    identities, truth = identities + foreign, truth + [""] * len(foreign)
    left_out = len(faces) - len(fresh), no_strangers
    return _summary(request.bundle, info.labels, truth, identities, left_out, skipped)


def _in_folders(
    library: Library,
    tools: Tools,
    recogniser: Recogniser,
    folders: Sequence[Path],
    control: Control,
) -> tuple[list[Identity], int]:
    """What the model says of strangers in the owner's folders, and photos there that show none."""
    if not folders:
        return [], 0
    known = Acquaintances.of(library, recogniser.bundle.info)
    found = folder_strangers(tools, folders, known, control)
    if found.stopped:
        raise Cancelled
    outputs = ask_about(recogniser, found.faces, control)
    said = (
        []
        if outputs is None
        else identities_of(recogniser.bundle, outputs.features, outputs.probabilities)
    )
    return said, found.left_out


def seen_photos(library: Library, photos: dict[int, Photo], info: BundleInfo) -> set[int]:
    """Photos among *photos* that the model has seen, by file, by hash, or by group of copies."""
    shas = set(info.photo_sha256s)
    known = np.array([int(text, 16) for text in info.photo_phashes], np.uint64)
    limit = library.limits().duplicate_distance
    everything = {photo.id: photo for photo in library.photos(library.photo_ids())} | photos
    seen = {
        photo.id
        for photo in everything.values()
        if photo.sha256 in shas or (photo.hashes and near_any(photo.hashes, known, limit))
    }
    for group in library.duplicate_groups():
        members = {member.photo_id for member in group.members}
        if members & seen:
            seen |= members
    return seen


def network_inputs(
    library: Library,
    faces: Sequence[Face],
    photos: dict[int, Photo],
    recogniser: Recogniser,
    control: Control,
) -> tuple[NDArray[np.generic], list[Face], tuple[ImageError, ...]]:
    """What the network is shown of faces, the faces it stands for, and what could not be read.

    Raises:
        LibraryError: one of the faces is not in the library any more.
        Cancelled: stopped.
    """
    wanted = recogniser.preprocessing
    if wanted.kind == "embedding":
        return library.embeddings([face.id for face in faces]), list(faces), ()
    items = [dataset_item(face, photos[face.photo_id]) for face in faces]
    crops, skipped = {}, {}
    for item, crop in cut(items, wanted, control):
        if isinstance(crop, ImageError):
            skipped[item.path] = crop
        else:
            crops[item.face_id] = crop
    measured = [face for face in faces if face.id in crops]
    shape = (0, wanted.size_px, wanted.size_px, 3)
    array = (
        np.stack([crops[face.id] for face in measured]) if measured else np.zeros(shape, np.uint8)
    )
    return array, measured, tuple(skipped.values())


def identify_all(
    recogniser: Recogniser, inputs: NDArray[np.generic], control: Control
) -> list[Identity]:
    """Who each face is, asked in parts that a stop ends.

    Raises:
        EngineError: the process of a convolutional network died.
        Cancelled: stopped.
    """
    found: list[Identity] = []
    asked = Relay(control, report=unheard, partial=unheard, stop=all_or_nothing)
    for start in range(0, len(inputs), _BATCH):
        if control.cancelled():
            raise Cancelled
        found.extend(recogniser.identify(inputs[start : start + _BATCH], asked))
        control.report(Progress(len(found), len(inputs), tr("Evaluating")))
    return found


def _summary(
    bundle: Path,
    labels: Sequence[str],
    truth: Sequence[str],
    identities: Sequence[Identity],
    left_out: tuple[int, int],
    skipped: tuple[ImageError, ...],
) -> Evaluation:
    place = {name: index for index, name in enumerate(labels)}
    unknown = len(labels)
    confusion = np.zeros((unknown + 1, unknown + 1), np.int64)
    own_label_right = 0
    for name, identity in zip(truth, identities, strict=True):
        said = unknown if identity.name is None else place[identity.name]
        confusion[place.get(name, unknown), said] += 1
        own_label_right += identity.candidate == name
    strangers = int(confusion[unknown].sum())
    faces = len(truth) - strangers
    right = int(np.trace(confusion[:unknown]))
    rejected = int(confusion[:unknown, unknown].sum())
    columns = (*labels, UNKNOWN)
    return Evaluation(
        bundle=str(bundle),
        faces=faces,
        left_out=left_out[0],
        strangers=strangers,
        strangers_left_out=left_out[1],
        strangers_named=strangers - int(confusion[unknown, unknown]),
        rejected=rejected,
        misnamed=faces - right - rejected,
        accuracy=_share(own_label_right, faces),
        accuracy_with_unknown=_share(right, faces),
        people=tuple(
            PersonResult(
                name=name,
                precision=_share(int(confusion[index, index]), int(confusion[:, index].sum())),
                recall=_share(int(confusion[index, index]), int(confusion[index].sum())),
                support=int(confusion[index].sum()),
            )
            for index, name in enumerate(labels)
        ),
        rows=columns,
        columns=columns,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        skipped=skipped,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
