"""Augmentation before a training: presets to start from, and what settings make of a real face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import NullControl
from facegui.domain.entities import FaceState, Person, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.queries import FaceFilter
from facegui.domain.text import tr
from facegui.domain.training import Augmentation
from facegui.network.registry import network
from facegui.services.libraries import Library

NONE = Augmentation(flip=False)
STRONG = Augmentation(
    shift=0.08,
    zoom=0.15,
    rotation=15.0,
    shear=8.0,
    brightness=0.25,
    contrast=(0.5, 1.7),
    hue=0.05,
    saturation=(0.4, 1.7),
    blur=1.5,
    cutout=0.35,
)


@dataclass(frozen=True, slots=True)
class AugmentationPreset:
    """Settings that go together; *title* is in the owner's language."""

    name: str
    title: str
    settings: Augmentation


@dataclass(frozen=True, slots=True)
class PersonFaces:
    """Somebody and the faces that a training would learn from."""

    person: Person
    face_ids: tuple[int, ...]


def augmentation_presets() -> tuple[AugmentationPreset, ...]:
    """None at all, what the classic network does, and everything there is."""
    classic = network("classic").defaults.augmentation
    return (
        AugmentationPreset("none", tr("None"), NONE),
        AugmentationPreset("classic", tr("Classic"), classic),
        AugmentationPreset("strong", tr("Strong"), STRONG),
    )


def faces_to_show(library: Library) -> tuple[PersonFaces, ...]:
    """Everybody who has a kept face, with all of these."""
    kept = (FaceState.KEPT,)
    found = [
        PersonFaces(
            person,
            tuple(library.face_ids(FaceFilter(person_id=person.id, named=True, states=kept))),
        )
        for person in library.people()
    ]
    return tuple(faces for faces in found if faces.face_ids)


def crop_to_show(library: Library, network_name: str, face_id: int) -> RgbImage:
    """The face as the network called *network_name* is shown it, before any change.

    Raises:
        ImageError: its photo cannot be read.
    """
    from facegui.services.learning.crops import cut
    from facegui.services.learning.dataset import dataset_item

    (face,) = library.faces([face_id])
    (photo,) = library.photos([face.photo_id])
    wanted = network(network_name).preprocessing
    ((_, crop),) = cut([dataset_item(face, photo)], wanted, NullControl())
    if isinstance(crop, ImageError):
        raise crop
    return crop


def variants(crop: RgbImage, settings: Augmentation, count: int, seed: int) -> NDArray[np.uint8]:
    """*count* random changes of *crop*, just as training makes them: uint8 (count, h, w, c).

    The same *seed* changes in the same way, as far as *settings* go.
    """
    from facegui.training.augment import augmented

    return augmented(np.repeat(crop[None], count, axis=0), settings, (seed, 0))
