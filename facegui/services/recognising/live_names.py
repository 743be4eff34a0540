"""One look at a face of a video: whom the model names, and what tells strangers apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Relay, all_or_nothing, unheard
from facegui.domain.detection import VIDEO
from facegui.domain.entities import Embedding, RgbImage
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.ports import FoundFace
from facegui.domain.recognition import Identity
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one look at a face said."""

    identity: Identity
    embedding: Embedding


@dataclass(frozen=True, slots=True)
class _Nobody:
    """A face that is none, to look at for the first time."""

    box: Box
    landmarks: Landmarks
    score: float


class FaceNamer:
    """Looks at faces with one model, on one thread."""

    def __init__(self, tools: Tools, bundle: Path, control: Control) -> None:
        """A namer whose calls end with `Cancelled` when *control* tells of a stop.

        Raises:
            BundleError: the model cannot be used.
        """
        from facegui.recognition.recogniser import Recogniser

        self._recogniser = Recogniser.load(bundle, lambda: tools.inference)
        self._finder = tools.finder(VIDEO)
        self._control = Relay(control, report=unheard, partial=unheard, stop=all_or_nothing)

    def prepare(self) -> None:
        """Load what the first look needs, so that it takes no longer than the others."""
        import numpy as np

        from facegui.imaging.align import TEMPLATE, TEMPLATE_SIZE_PX

        side = TEMPLATE_SIZE_PX
        landmarks = Landmarks(*(Point(x, y) for x, y in TEMPLATE.tolist()))
        nobody = _Nobody(Box(0, 0, side, side), landmarks, 1.0)
        self.look(np.zeros((side, side, 3), np.uint8), nobody)

    def look(self, image: RgbImage, face: FoundFace) -> Look:
        """Who *face*, found in *image*, is.

        Raises:
            Cancelled: told to stop.
            EngineError: the process of a convolutional network died.
        """
        from facegui.services.learning.inputs import network_crop

        wanted = self._recogniser.preprocessing
        embedding = self._finder.embed(image, face)
        shown = (
            embedding
            if wanted.kind == "embedding"
            else network_crop(image, face.box, face.landmarks, wanted)
        )
        [identity] = self._recogniser.identify(shown[None], self._control)
        return Look(identity, embedding)
