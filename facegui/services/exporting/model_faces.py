"""Real faces that an exported model is compared on: some of each person's, and some strangers'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import DatasetError, ImageError
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.ports import FaceFinder
from facegui.domain.text import tr
from facegui.domain.training import Preprocessing
from facegui.imaging.align import TEMPLATE, TEMPLATE_SIZE_PX
from facegui.imaging.decode import decode_bytes
from facegui.imaging.thumbnail import jpeg_bytes
from facegui.network.export.compare import Answered, Faces
from facegui.recognition.recogniser import Recogniser
from facegui.services.learning.crops import cut
from facegui.services.learning.dataset import dataset_item, named_faces
from facegui.services.libraries import Library
from facegui.services.tools import Tools

MOST = 48
EMBEDDED = Preprocessing(kind="aligned", size_px=TEMPLATE_SIZE_PX, margin=0.0)
"""The crop that an exported Face-transfer model takes, since it brings SFace with it."""

_QUALITY = 95


@dataclass(frozen=True, slots=True)
class _InCrop:
    """The face in a crop that was cut by the template."""

    box: Box
    landmarks: Landmarks
    score: float = 1.0


def crop_of(preprocessing: Preprocessing) -> Preprocessing:
    """How a face is cut out for the exported model of a bundle with *preprocessing*."""
    return EMBEDDED if preprocessing.kind == "embedding" else preprocessing


def faces_to_compare(
    library: Library, tools: Tools, recogniser: Recogniser, control: Control
) -> Faces:
    """Up to `MOST` faces of *library*, and what *recogniser* itself says of them.

    Raises:
        DatasetError: the library has no face that can be used.
        EngineError, Cancelled: as asking the recogniser.
    """
    items = list(islice(_mixed(library), MOST))
    cuts = cut(items, crop_of(recogniser.preprocessing), control)
    crops = [crop for _, crop in cuts if not isinstance(crop, ImageError)]
    if not crops:
        raise DatasetError(
            tr("There is no kept face with a name to compare the exported model on."),
            tr("Open the library that the model was trained on, or one of the same people."),
        )
    return as_sent(crops, tools, recogniser, control)


def as_sent(
    crops: Sequence[RgbImage], tools: Tools, recogniser: Recogniser, control: Control
) -> Faces:
    """*crops* as JPEG files and decoded again, with the answers of *recogniser* about those.

    Raises:
        EngineError, Cancelled: as asking the recogniser.
    """
    jpegs = tuple(jpeg_bytes(crop, _QUALITY) for crop in crops)
    decoded = np.stack([decode_bytes(data, tr("a face")).image for data in jpegs])
    labels = recogniser.labels
    inputs = as_inputs(decoded, tools.finder(DetectOptions()), recogniser.preprocessing)
    found = recogniser.identify(inputs, control)
    person = [len(labels) if who.name is None else labels.index(who.name) for who in found]
    scores = [[who.scores[name] for name in labels] for who in found]
    return Faces(jpegs, decoded, Answered(np.array(person), np.array(scores, np.float32)))


def as_inputs(
    crops: NDArray[np.uint8], finder: FaceFinder, preprocessing: Preprocessing
) -> NDArray[np.generic]:
    """What a recogniser takes, made of crops as its export takes them (`crop_of`)."""
    if preprocessing.kind != "embedding":
        return crops
    whole = Box(0.0, 0.0, TEMPLATE_SIZE_PX, TEMPLATE_SIZE_PX)
    face = _InCrop(whole, Landmarks(*[Point(float(x), float(y)) for x, y in TEMPLATE]))
    return np.stack([finder.embed(crop, face) for crop in crops])


def _mixed(library: Library) -> Iterator[DatasetItem]:
    """Kept named faces, one of each person in turn."""
    faces, photos, _ = named_faces(library)
    owners: dict[int | None, list[DatasetItem]] = {}
    for face in faces:
        owners.setdefault(face.person_id, []).append(dataset_item(face, photos[face.photo_id]))
    turns = chain.from_iterable(zip_longest(*owners.values()))
    return (item for item in turns if item is not None)
