"""The immutable list of crops a network learns from, and how it was split."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import Enum

from facegui.domain.geometry import Box, Landmarks


class Subset(Enum):
    """Which side of the split a crop is on. The values are part of the manifest file."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Split:
    """How each person's faces are shared out.

    Attributes:
        validation: the fraction to choose the best weights with, between 0 and 1.
        test: the fraction to judge them with afterwards, 0 or more; both stay below 1 together.
        cap: the most faces of one person to learn from and choose with; None for no limit.
    """

    validation: float = 0.2
    test: float = 0.2
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class DatasetItem:
    """One kept, named face.

    Attributes:
        path: absolute path of the photo.
        sha256: of the photo's bytes.
        label: index into the manifest's labels.
        group: crops with the same number are copies of one picture, or share a photo; they are
            always on the same side of the split.
    """

    face_id: int
    photo_id: int
    path: str
    sha256: str
    box: Box
    landmarks: Landmarks
    label: int
    group: int
    subset: Subset


@dataclass(frozen=True, slots=True)
class DatasetManifest:
    """Kept faces of named people, split by group; reproducible from the library and the seed.

    Attributes:
        labels: people's names in label order (sorted by name).
        split: what was asked for.
    """

    labels: tuple[str, ...]
    items: tuple[DatasetItem, ...]
    split: Split
    seed: int

    @property
    def canonical_json(self) -> str:
        """The manifest as ASCII text, the same for the same content (any file name fits)."""
        return json.dumps(asdict(self), sort_keys=True, default=_value)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON, hex."""
        return hashlib.sha256(self.canonical_json.encode("ascii")).hexdigest()

    def of(self, subset: Subset) -> tuple[DatasetItem, ...]:
        """The items on one side of the split, in order."""
        return tuple(item for item in self.items if item.subset is subset)


def _value(thing: object) -> object:
    if isinstance(thing, Enum):
        return thing.value
    raise TypeError(f"not part of a manifest: {thing!r}")
