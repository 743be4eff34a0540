"""Photos as the duplicates room sees them, made to be as near or as far as a test wants."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from facegui.domain.entities import Embedding, PhotoHashes
from facegui.domain.geometry import Pose
from facegui.duplicates.evidence import FaceRecord, PhotoRecord

BASE = 0x5A3C_96E1_0FF0_B487
"""A hash with half of its bits set, as pictures have."""

MIRROR = 0xC3A5_69E1_F00F_2D17
"""Its mirror image's: 32 bits away from it."""


def flipped(value: int, bits: int, start: int = 0) -> int:
    """*value* with *bits* of its bits changed, from place *start* on."""
    return value ^ sum(1 << (start + bit) % 64 for bit in range(bits))


def unrelated(seed: int) -> PhotoHashes:
    """Hashes that are near to nothing else."""
    rng = np.random.default_rng(seed + 1000)
    return PhotoHashes(*(int(v) for v in rng.integers(0, 2**64, 2, dtype=np.uint64)))


def hashes(bits: int = 0, start: int = 0) -> PhotoHashes:
    """Hashes *bits* away from ``hashes()``."""
    return PhotoHashes(flipped(BASE, bits, start), flipped(MIRROR, bits, start))


def embedding(cosine: float = 1.0) -> Embedding:
    """A unit vector with this cosine to ``embedding()``."""
    vector = np.zeros(128, np.float32)
    vector[:2] = cosine, np.sqrt(1 - cosine**2)
    return vector


def face(
    *,
    near: PhotoHashes | None = None,
    cosine: float = 1.0,
    pan: float = 0.0,
    tilt: float = 0.0,
    roll: float = 0.0,
    size: float = 100.0,
    sharpness: float = 50.0,
    usable: bool = True,
) -> FaceRecord:
    """A face; without *near*, its crop's hash is ``hashes()``."""
    return FaceRecord(
        hashes=near or hashes(),
        embedding=embedding(cosine),
        pose=Pose(roll=roll, pan=pan, tilt=tilt),
        size_px=size,
        sharpness=sharpness,
        usable=usable,
    )


def photo(
    number: int,
    near: PhotoHashes | None,
    faces: Iterable[FaceRecord] = (),
    *,
    path: str | None = None,
    sha256: str | None = None,
    size: tuple[int, int] = (640, 480),
    preferred: bool = False,
) -> PhotoRecord:
    """A photo with these hashes and faces, of a file with bytes of its own."""
    return PhotoRecord(
        id=number,
        path=path or f"/photos/{number:03}.jpg",
        sha256=sha256 or f"sha-{number}",
        hashes=near,
        width=size[0],
        height=size[1],
        preferred=preferred,
        faces=tuple(faces),
    )
