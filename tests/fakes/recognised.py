"""Recognised files made up: faces with names, similarities and places, no pixels behind them."""

from __future__ import annotations

from dataclasses import replace

from facegui.domain.recognition import (
    Appearance,
    Identity,
    Moment,
    RecognisedFace,
    RecognisedPhoto,
)
from tests.fakes.faces import square

THRESHOLD = 0.4


def face(
    name: str | None,
    candidate: str = "Ann",
    *,
    similarity: float | None = None,
    probability: float = 0.9,
    x: float = 10,
) -> RecognisedFace:
    """A face that is *name*, or nobody known and most like *candidate*."""
    near = name or candidate
    if similarity is None:
        similarity = 0.1 if name is None else 0.8
    scores = dict.fromkeys(("Ann", "Bob", "Cid"), (1 - probability) / 2)
    identity = Identity(
        name, near, probability, scores | {near: probability}, similarity, THRESHOLD
    )
    found = square(x, 20)
    return RecognisedFace(found.box, found.landmarks, found.score, identity)


def photo(name: str, *faces: RecognisedFace, folder: str = "/album") -> RecognisedPhoto:
    """A photo of 160 × 96 in an album."""
    return RecognisedPhoto(f"{folder}/{name}", 160, 96, None, faces)


def unreadable(name: str, reason: str = "half a photo") -> RecognisedPhoto:
    """A file that cannot be read."""
    return RecognisedPhoto(f"/album/{name}", 0, 0, reason, ())


def seen(one: RecognisedFace, *times: float) -> RecognisedFace:
    """*one* followed through a video, at its box in the first of these frames; then it moves."""
    box = one.box
    moments = tuple(
        Moment(time, replace(box, x1=box.x1 + by, x2=box.x2 + by), one.landmarks, one.score)
        for by, time in zip(range(0, 5 * len(times), 5), times, strict=True)
    )
    return replace(one, appearance=Appearance(moments, 0, 1.0))


def video(name: str, *faces: RecognisedFace, seconds: float = 60.0) -> RecognisedPhoto:
    """A video of 160 × 96 in an album."""
    return RecognisedPhoto(f"/album/{name}", 160, 96, None, faces, seconds)
