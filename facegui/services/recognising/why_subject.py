"""One face as a model sees it, so that other crops can be held beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, Relay, Stop, unheard
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.ports import FaceFinder, FoundFace, Picture
from facegui.imaging.align import TEMPLATE, embedder_crop
from facegui.recognition.recogniser import Recogniser, likenesses
from facegui.services.learning.inputs import network_crop
from facegui.services.recognising.file_faces import as_fine_as_needed

Floats = NDArray[np.float32]
Crops = NDArray[np.uint8]


class Subject:
    """One face as its model sees it; other crops can be held beside it."""

    def __init__(
        self, recogniser: Recogniser, finder: FaceFinder, picture: Picture, face: FoundFace
    ) -> None:
        self._recogniser = recogniser
        self._finder = finder
        wanted = recogniser.preprocessing
        image, near = as_fine_as_needed(picture, face, wanted)
        self._embedded = wanted.kind == "embedding"
        if self._embedded:
            self.crop = embedder_crop(image, near.landmarks)
        else:
            self.crop = network_crop(image, near.box, near.landmarks, wanted)

    def ask(self, crops: Crops, control: Control) -> tuple[Floats, Floats]:
        """Unit features and probabilities of *crops* (n, side, side, 3) cut as `crop` is.

        Raises:
            EngineError: the engine died.
            Cancelled: the window is being closed.
        """
        inputs: NDArray[np.generic] = crops
        if self._embedded:
            inputs = np.stack([self._finder.embed(crop, _whole(crop)) for crop in crops])
        heard = Relay(control, report=unheard, partial=unheard, stop=_only_discarded)
        return self._recogniser.ask(inputs, heard)

    def similarity(self, person: str, crops: Crops, control: Control) -> Floats:
        """How like *person* each of *crops* is: float32 (n,), the score that a name is given by."""
        label = self._recogniser.labels.index(person)
        return likenesses(self._recogniser.bundle, *self.ask(crops, control))[:, label]


@dataclass(frozen=True, slots=True)
class _InPlace:
    """The face of an aligned crop, which is all of it."""

    box: Box
    landmarks: Landmarks
    score: float = 1.0


def _whole(crop: RgbImage) -> FoundFace:
    height, width = crop.shape[:2]
    return _InPlace(Box(0, 0, width, height), Landmarks(*(Point(*place) for place in TEMPLATE)))


def _only_discarded(asked: Stop) -> Stop:
    """For a `Relay` to an engine: one that is starting may finish that, for the next face."""
    return asked if asked is Stop.DISCARD else Stop.NO
