"""The ports: what a room above needs from one below, so that tests can put a fake in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from facegui.domain.control import Control
from facegui.domain.entities import Analysis, Embedding, FaceProposal, Frame, RgbImage
from facegui.domain.geometry import Box, Landmarks


class FoundFace(Protocol):
    """A face as `FaceFinder.find` returns it: where, not yet who or how good."""

    @property
    def box(self) -> Box:
        """Bounding box in pixels of the image given."""

    @property
    def landmarks(self) -> Landmarks:
        """Five points in the same pixels."""

    @property
    def score(self) -> float:
        """Confidence, 0 to 1."""


class FaceFinder(Protocol):
    """Finds faces and embeds them; what recognition and live video need. Not thread-safe."""

    def find(self, image: RgbImage | Picture) -> Sequence[FoundFace]:
        """All faces, best first, in pixels of the original."""

    def find_again(self, image: RgbImage, box: Box) -> FoundFace | None:
        """The face that was in *box* a moment ago, looked for around there only; much cheaper."""

    def embed(self, image: RgbImage, face: FoundFace) -> Embedding:
        """The unit vector that stands for *face*."""


class Picture(Protocol):
    """A photo's pixels, as finely as they are needed: large ones are costly to decode whole.

    Attributes:
        width: upright pixels of the original; likewise *height*.
    """

    width: int
    height: int

    def at_least(self, scale: float) -> RgbImage:
        """The picture with at least *scale* pixels for one of the original, as far as it has them.

        Places in it, divided by its own width over *width*, are places in the original.
        """


class FaceAnalyser(Protocol):
    """Finds faces and measures everything the rules need. Not thread-safe: one per thread."""

    @property
    def version(self) -> str:
        """Names and versions of the models; stored with each face."""

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        """Every face in *image*, which is upright as far as its file says.

        Boxes and landmarks are in pixels of the original.
        """

    def measure_at(self, image: RgbImage, box: Box) -> FaceProposal | None:
        """The face that somebody says is in *box*; None where no face can be made out."""


class PretrainedFile(Protocol):
    """What the model store knows about one of its files."""

    @property
    def name(self) -> str:
        """What the program calls it."""

    @property
    def title(self) -> str:
        """What it is for, in the owner's language."""

    @property
    def file_name(self) -> str:
        """In the store's folder."""

    @property
    def size_bytes(self) -> int:
        """Of the file."""

    @property
    def sha256(self) -> str:
        """Of the file, hex."""

    @property
    def licence(self) -> str:
        """SPDX identifier, or the terms in a few words."""

    @property
    def credit(self) -> str:
        """Who made it."""

    @property
    def path(self) -> Path | None:
        """Where it is on this machine; None while it is not."""

    @property
    def by_name(self) -> bool:
        """Whether it is fetched only when it is asked for by its name."""


class ModelStore(Protocol):
    """Finds pretrained files on this machine, or fetches and verifies them."""

    def list(self) -> Sequence[PretrainedFile]:
        """Every file there is and where it is on this machine; fetches nothing."""

    def path(self, name: str, control: Control | None = None) -> Path:
        """The verified file called *name* in the manifest.

        Raises:
            ModelUnavailable: not here, and no source gave it; the message says what to put where.
            Cancelled: the control asked to stop.
        """


class FrameSource(Protocol):
    """A camera, stream or video that yields frames. Close it when done."""

    def read(self) -> Frame | None:
        """The newest frame not read yet; None when none came within a fraction of a second.

        Raises:
            CameraStalled: silent for too long; read again, it may go on.
            VideoEnded: a file has been played to its end.
            CameraError: it cannot be opened, or has gone; only a new source can help.
        """

    def close(self) -> None:
        """Give the device back; safe to call twice."""
