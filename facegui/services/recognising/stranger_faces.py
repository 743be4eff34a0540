"""Faces of people that a model does not know: what a threshold has to keep out.

From the library: ignored faces, kept faces without a name, and kept faces of people that the model
has not learned. A face without a name may well be somebody it knows, so those that the suggestions
offer such a person for are left out; what is left is easier than real strangers are, which whoever
shows a rate has to say. From folders that the owner names, every face is taken, save those of
photos that show no strangers (`stranger_known`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem
from facegui.domain.entities import FaceState
from facegui.domain.errors import EngineError, ImageError
from facegui.domain.queries import FaceFilter
from facegui.domain.training import Preprocessing
from facegui.network.bundle import SUFFIX, Bundle, save_bundle
from facegui.recognition.recogniser import Recogniser
from facegui.services.learning.crops import cut
from facegui.services.learning.dataset import dataset_item
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.suggestions import Grade, suggest
from facegui.services.tools import Tools
from facegui.training.assemble import calibrated
from facegui.training.calibrate import Learned, Outputs

FOLDERS_KEY = "stranger_folders"
MOST_ASKED = 300
"""Strangers that a calibration at the end of a training asks about; it should not take long."""

_BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class StrangerFaces:
    """Faces, and how each kind of them was come by.

    Attributes:
        items: where they are.
        embeddings: float32 (n, 128), of the same.
        ignored: faces that the owner ignores.
        unnamed: kept faces that nobody's name is suggested for.
        other_people: kept faces of people that the model does not know.
        left_out: kept faces without a name that may be of people it knows.
        in_folders: faces of the owner's folders.
    """

    items: tuple[DatasetItem, ...]
    embeddings: NDArray[np.float32]
    ignored: int = 0
    unnamed: int = 0
    other_people: int = 0
    left_out: int = 0
    in_folders: int = 0

    def some(self, most: int) -> StrangerFaces:
        """Every so many-th of them, so that they are *most* or fewer."""
        step = -(-len(self.items) // most) or 1
        return replace(self, items=self.items[::step], embeddings=self.embeddings[::step])

    def __add__(self, other: StrangerFaces) -> StrangerFaces:
        return StrangerFaces(
            self.items + other.items,
            np.concatenate([self.embeddings, other.embeddings]),
            self.ignored + other.ignored,
            self.unnamed + other.unnamed,
            self.other_people + other.other_people,
            self.left_out + other.left_out,
            self.in_folders + other.in_folders,
        )


def library_strangers(library: Library, known: Sequence[str]) -> StrangerFaces:
    """The faces of *library* that are not of the people *known*, as far as can be told."""
    own = {person.id for person in library.people() if person.name in known}
    ignored = _others(library, FaceFilter(states=(FaceState.IGNORED,)), own)
    named = _others(library, FaceFilter(states=(FaceState.KEPT,), named=True), own)
    nameless = library.face_ids(FaceFilter(states=(FaceState.KEPT,), named=False))
    offered = _offered(library, own) if nameless else set()
    unnamed = [face_id for face_id in nameless if face_id not in offered]
    faces = library.faces([*ignored, *named, *unnamed])
    photos = {photo.id: photo for photo in library.photos({face.photo_id for face in faces})}
    return StrangerFaces(
        items=tuple(dataset_item(face, photos[face.photo_id]) for face in faces),
        embeddings=library.embeddings([face.id for face in faces]),
        ignored=len(ignored),
        unnamed=len(unnamed),
        other_people=len(named),
        left_out=len(nameless) - len(unnamed),
    )


def ask_about(recogniser: Recogniser, strangers: StrangerFaces, control: Control) -> Outputs | None:
    """What the network says of *strangers*; None where none of them can be read.

    Raises:
        EngineError: the engine died.
        Cancelled: stopped.
    """
    inputs = _inputs(strangers, recogniser.preprocessing, control)
    if not len(inputs):
        return None
    blocks = [
        recogniser.ask(inputs[start : start + _BATCH], control)
        for start in range(0, len(inputs), _BATCH)
    ]
    features, probabilities = zip(*blocks, strict=True)
    return Outputs(np.concatenate(features), np.concatenate(probabilities))


def calibrated_with_strangers(
    library: Library, tools: Tools, bundle: Bundle, learned: Learned, folder: Path, control: Control
) -> Bundle:
    """*bundle* of a run that has just ended, its thresholds found with the library's strangers too.

    Without strangers, or where the engine fails, it stays as it is, which its calibration says.

    Args:
        library: that it learned from.
        tools: the engine that it is asked in.
        bundle: calibrated without strangers.
        learned: what its network says of the run's faces.
        folder: the run's.
        control: may stop it.

    Raises:
        Cancelled: stopped.
    """
    every = library_strangers(library, bundle.info.labels)
    if not every.items:
        return bundle
    path = folder / f"calibrating{SUFFIX}"
    save_bundle(path, bundle)
    try:
        recogniser = Recogniser.load(path, lambda: tools.inference)
        outputs = ask_about(recogniser, every.some(MOST_ASKED), control)
    except EngineError:
        outputs = None
    finally:
        path.unlink(missing_ok=True)
    return bundle if outputs is None else calibrated(bundle, learned, outputs)


def stranger_folders(library: Library) -> tuple[Path, ...]:
    """The folders of strangers that the owner has named."""
    told = library.setting(FOLDERS_KEY, [])
    return tuple(map(Path, told)) if isinstance(told, list) else ()


def name_stranger_folders(library: Library, folders: Sequence[Path]) -> None:
    """Remember where the strangers' folders are, and nothing else of them."""
    library.set_setting(FOLDERS_KEY, [str(folder) for folder in folders])


def _offered(library: Library, people: set[int]) -> set[int]:
    """Faces without a name that may be of one of *people*, as suggestions go."""
    return {
        each.face_id
        for each in suggest(Gallery.read(library))
        if each.grade is not Grade.STRANGE and each.person_id in people
    }


def _others(library: Library, wanted: FaceFilter, own: set[int]) -> list[int]:
    """Faces that are not called by the name of anybody in *own*."""
    faces = library.faces(library.face_ids(wanted))
    return [face.id for face in faces if face.person_id not in own]


def _inputs(
    strangers: StrangerFaces, wanted: Preprocessing, control: Control
) -> NDArray[np.generic]:
    if wanted.kind == "embedding":
        return strangers.embeddings
    crops = [
        crop
        for _, crop in cut(strangers.items, wanted, control)
        if not isinstance(crop, ImageError)
    ]
    return np.stack(crops) if crops else np.zeros((0, 0, 0, 3), np.uint8)
