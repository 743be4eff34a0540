"""Faces and scans as a detector would propose them, with numbers made up from a seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facegui.domain.entities import (
    Embedding,
    FaceProposal,
    PhotoHashes,
    PhotoStatus,
    ScannedPhoto,
)
from facegui.domain.geometry import Box, Landmarks, Point, Pose


def unit_vector(seed: int) -> Embedding:
    """A random direction in 128 dimensions."""
    vector = np.random.default_rng(seed).normal(size=128)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def proposal(
    box: Box = Box(100, 100, 200, 220),  # noqa: B008 - immutable
    *,
    seed: int = 0,
    score: float = 0.9,
    pose: Pose = Pose(1.0, -2.0, 3.0),  # noqa: B008 - immutable
    sharpness: float = 50.0,
    detector: str = "fake-1",
) -> FaceProposal:
    """A good frontal face at *box*."""
    x, y = box.centre
    return FaceProposal(
        box=box,
        landmarks=Landmarks(*(Point(x + i, y - i) for i in range(5))),
        score=score,
        pose=pose,
        sharpness=sharpness,
        brightness=120.0,
        contrast=40.0,
        embedding=unit_vector(seed),
        hashes=PhotoHashes((1 << 64) - 1 - seed, seed),
        detector=detector,
    )


def scanned(
    photo_id: int, faces: Sequence[FaceProposal] = (), *, hashes: PhotoHashes | None = None
) -> ScannedPhoto:
    """A readable photo of 800 × 600 pixels with these faces."""
    return ScannedPhoto(
        photo_id=photo_id,
        status=PhotoStatus.OK,
        reason=None,
        width=800,
        height=600,
        size_bytes=1000,
        mtime_ns=1,
        sha256=f"{photo_id:064x}",
        hashes=hashes or PhotoHashes((photo_id * 0x9E3779B97F4A7C15) % (1 << 64), photo_id),
        faces=tuple(faces),
    )
