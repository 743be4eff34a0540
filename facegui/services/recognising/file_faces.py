"""The faces of a file before anybody has named them, and a memory of them.

What a network is shown of a face does not depend on the model, only on how it wants faces cut. So
another model of the same kind, or another threshold, is asked without looking at the file again.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import RgbImage
from facegui.domain.ports import FaceFinder, FoundFace, Picture
from facegui.domain.recognition import (
    Appearance,
    Identity,
    Moment,
    RecognisedFace,
    RecognisedPhoto,
)
from facegui.domain.training import Preprocessing
from facegui.services.recognising.votes import weight

MEMORY_BYTES = 256 * 2**20
"""Of what networks are shown; 500,000 embeddings, or 9,000 crops of 96 × 96."""

_BYTES_PER_MOMENT, _BYTES_PER_FILE = 600, 400


@dataclass(frozen=True, slots=True)
class FoundOnce:
    """One face of a file.

    Attributes:
        views: of a photo, the face; of a video, the frames of it that the network is shown.
        moments: of a video, all frames looked at that show it; the views are among them.
    """

    views: tuple[FoundFace, ...]
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FileFaces:
    """All faces of a photo or video.

    Attributes:
        width: upright pixels; likewise *height*.
        inputs: what a network is shown, a row for each view of each face, in their order.
        duration_s: how much of a video was looked through; None for a photo.
    """

    width: int
    height: int
    faces: tuple[FoundOnce, ...]
    inputs: NDArray[np.generic]
    duration_s: float | None = None

    @property
    def size_bytes(self) -> int:
        """What remembering it takes, roughly."""
        moments = sum(1 + len(face.moments) for face in self.faces)
        return self.inputs.nbytes + _BYTES_PER_MOMENT * moments + _BYTES_PER_FILE


def photo_faces(
    picture: Picture,
    finder: FaceFinder,
    wanted: Preprocessing,
    known: Sequence[FoundOnce] | None = None,
) -> FileFaces:
    """The faces of a photo; those that are *known* are only cut out."""
    if known is None:
        known = [FoundOnce((face,)) for face in finder.find(picture)]
    inputs = [shown(picture, face.views[0], wanted, finder) for face in known]
    return FileFaces(picture.width, picture.height, tuple(known), stacked(inputs))


def shown(
    picture: Picture, face: FoundFace, wanted: Preprocessing, finder: FaceFinder
) -> NDArray[np.generic]:
    """What a network is shown of *face*, out of a picture no finer than that takes."""
    from facegui.services.learning.inputs import network_input

    image, near = as_fine_as_needed(picture, face, wanted)
    return network_input(image, near, wanted, finder)


def as_fine_as_needed(
    picture: Picture, face: FoundFace, wanted: Preprocessing
) -> tuple[RgbImage, FoundFace]:
    """The pixels that *face* is cut out of for a network, and the face in them."""
    from facegui.detection.view import Found

    image = picture.at_least(_detail(face, wanted))
    scale = image.shape[1] / picture.width
    return image, Found(face.box.scaled(scale), face.landmarks.scaled(scale), face.score)


def _detail(face: FoundFace, wanted: Preprocessing) -> float:
    from facegui.imaging.align import detail_scale

    match wanted.kind:
        case "embedding":
            return detail_scale(face.landmarks)
        case "aligned":
            return detail_scale(face.landmarks, wanted.size_px, wanted.margin)
    side = max(face.box.width, face.box.height, 1.0) * (1 + 2 * wanted.margin)
    return min(1.0, 2 * wanted.size_px / side)


def stacked(inputs: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    """One row for each; an empty array without any."""
    return np.stack(inputs) if inputs else np.empty((0,), np.float32)


def named(path: str, found: FileFaces, identities: Sequence[Identity]) -> RecognisedPhoto:
    """The file's faces with their names; *identities* of all views in order."""
    faces, start = [], 0
    for face in found.faces:
        own = identities[start : start + len(face.views)]
        start += len(face.views)
        faces.append(_named(face, own))
    return RecognisedPhoto(path, found.width, found.height, None, tuple(faces), found.duration_s)


def _named(face: FoundOnce, identities: Sequence[Identity]) -> RecognisedFace:
    if not face.moments:
        (view,), (identity,) = face.views, identities
        return RecognisedFace(view.box, view.landmarks, view.score, identity)
    best, identity, agreement = elected(face.views, identities)
    view = face.views[best]
    place = next(n for n, moment in enumerate(face.moments) if moment is view)
    appearance = Appearance(face.moments, place, agreement)
    return RecognisedFace(view.box, view.landmarks, view.score, identity, appearance)


def elected(
    views: Sequence[FoundFace], identities: Sequence[Identity]
) -> tuple[int, Identity, float]:
    """The vote of all *views* of one face: each for the name that it was given, or for *unknown*.

    A vote weighs as one in live video does, see `facegui.services.recognising.votes.weight`.

    Returns:
        The view that speaks for those that agree: clear and large. Who the face is, with the mean
        scores and similarity of those. Their share of all votes.
    """
    votes = [weight(one, view.score) for one, view in zip(identities, views, strict=True)]
    by_name: dict[str | None, float] = defaultdict(float)
    for vote, one in zip(votes, identities, strict=True):
        by_name[one.name] += vote
    name = max(by_name, key=lambda known: by_name[known])
    agreeing = [number for number, one in enumerate(identities) if one.name == name]
    best = max(agreeing, key=lambda number: votes[number] * views[number].box.width)
    identity = identities[best]
    if name is not None:
        identity = _mean([identities[number] for number in agreeing])
    return best, identity, by_name[name] / sum(votes)


def _mean(agreeing: Sequence[Identity]) -> Identity:
    first = agreeing[0]
    scores = {name: fmean(one.scores[name] for one in agreeing) for name in first.scores}
    return replace(
        first,
        probability=scores[first.candidate],
        scores=scores,
        similarity=fmean(one.similarity for one in agreeing),
    )


class Stamp(NamedTuple):
    """A file as it is now."""

    path: str
    size_bytes: int
    mtime_ns: int


def stamp_of(path: Path | str) -> Stamp | None:
    """The file at *path*; None while there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a hot loop over every photo
    except OSError:
        return None
    return Stamp(str(path), status.st_size, status.st_mtime_ns)


class FaceMemory:
    """Keeps what was found in files for as long as they are unchanged, the last used the longest.

    All of it was found with the same `DetectOptions`. Thread-safe.
    """

    def __init__(self, budget_bytes: int = MEMORY_BYTES) -> None:
        self._budget = budget_bytes
        self._held = 0
        self._files: OrderedDict[Stamp, dict[Preprocessing, FileFaces]] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, stamp: Stamp) -> Mapping[Preprocessing, FileFaces]:
        """What is known of the file, by how its faces are cut."""
        with self._lock:
            if stamp not in self._files:
                return {}
            self._files.move_to_end(stamp)
            return dict(self._files[stamp])

    def keep(self, stamp: Stamp, wanted: Preprocessing, found: FileFaces) -> None:
        """Remember *found*; what was not used for longest is forgotten for it."""
        with self._lock:
            kinds = self._files.setdefault(stamp, {})
            self._held += found.size_bytes
            if wanted in kinds:
                self._held -= kinds[wanted].size_bytes
            kinds[wanted] = found
            self._files.move_to_end(stamp)
            while self._held > self._budget and self._files:
                _, gone = self._files.popitem(last=False)
                self._held -= sum(old.size_bytes for old in gone.values())
