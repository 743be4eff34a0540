"""Which faces show one and the same picture, so that copies never sit on both sides of a split.

The test is wider than the duplicate rule's: a copy that slips past the rule (framed, heavily
cropped, tilted) would still make a validation figure too good. The bounds were measured on 363
single-face photos with 102 known copies under 17 kinds of edit: all copies grouped with their
original, no two people ever grouped, and 250 groups left of 261 originals (most of the eleven
joined were real copies that the list did not know of).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import Embedding, PhotoHashes

NEAR_BITS = 12
"""Perceptual hashes of photo or face this near hint at a copy ..."""
NEAR_COSINE = 0.8
"""... which it is when the embeddings agree this well."""
SAME_SHOT_COSINE = 0.92
"""Embeddings this near are one shot, whatever the hashes say."""
SESSION_COSINE = 0.96
"""What copies must reach for a person all of whose pictures are alike by the bounds above: photos
of one session in front of one wall, as in the ORL sample, where 22 of 40 people are like that."""
SESSION_SIZE = 3
"""Two alike pictures are an original and its copy; this many may be a session."""

_BLOCK = 1024
_BITS_OF_BYTE = np.array([value.bit_count() for value in range(256)], np.uint8)


@dataclass(frozen=True, slots=True)
class Picture:
    """What tells whether two faces are copies of one picture.

    Attributes:
        person: likeness is looked for among one person's pictures only. A copy under another
            name can make a figure look worse but not better, and the search stays small.
        keys: faces that share any key belong together for certain: the photo, its file's hash,
            its group of duplicates.
        photo: hashes of the whole photo, or None.
        face: hashes of the aligned crop.
        embedding: unit vector.
    """

    person: Hashable
    keys: tuple[Hashable, ...]
    photo: PhotoHashes | None
    face: PhotoHashes
    embedding: Embedding


def group_copies(pictures: Sequence[Picture]) -> tuple[int, ...]:
    """The group of each picture, numbered from 0 in order of first appearance."""
    sets = _DisjointSets(len(pictures))
    first_with: dict[Hashable, int] = {}
    own: dict[Hashable, list[int]] = {}
    for index, picture in enumerate(pictures):
        own.setdefault(picture.person, []).append(index)
        for key in picture.keys:
            sets.join(first_with.setdefault(key, index), index)
    for indices in own.values():
        for pair in _copies_of_one_person([pictures[index] for index in indices]):
            sets.join(indices[pair.one], indices[pair.other])
    numbers: dict[int, int] = {}
    return tuple(numbers.setdefault(sets.root(i), len(numbers)) for i in range(len(pictures)))


class _Pair(NamedTuple):
    """Two near pictures, by index."""

    one: int
    other: int
    cosine: float


def _copies_of_one_person(pictures: Sequence[Picture]) -> list[_Pair]:
    """The near pairs, or only the nearest where they would make one picture of all."""
    pairs = list(_near_pairs(pictures))
    if len(pictures) < SESSION_SIZE:
        return pairs
    sets = _DisjointSets(len(pictures))
    for pair in pairs:
        sets.join(pair.one, pair.other)
    if len({sets.root(index) for index in range(len(pictures))}) > 1:
        return pairs
    return [pair for pair in pairs if pair.cosine >= SESSION_COSINE]


class _DisjointSets:
    """Union-find with path halving (Tarjan & van Leeuwen, 1984)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, item: int) -> int:
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        self._parent[self.root(other)] = self.root(one)


def _near_pairs(pictures: Sequence[Picture]) -> Iterable[_Pair]:
    """Pairs of near-copies. Embeddings sift first: few pairs of different pictures pass them."""
    embeddings = np.stack([picture.embedding for picture in pictures]).astype(np.float32)
    hashes = _Hashes(pictures)
    for start in range(0, len(pictures), _BLOCK):
        cosines = embeddings[start : start + _BLOCK] @ embeddings[start:].T
        rows, columns = np.nonzero(np.triu(cosines >= NEAR_COSINE, 1))
        near = cosines[rows, columns] >= SAME_SHOT_COSINE
        near |= hashes.near(rows + start, columns + start)
        rows, columns = rows[near], columns[near]
        found = (
            (rows + start).tolist(),
            (columns + start).tolist(),
            cosines[rows, columns].tolist(),
        )
        yield from map(_Pair, *found)


class _Hashes:
    """The perceptual hashes of all pictures, ready to be compared pair by pair."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self._has_photo = np.array([picture.photo is not None for picture in pictures])
        nothing = PhotoHashes(0, 0)
        photos = [picture.photo or nothing for picture in pictures]
        faces = [picture.face for picture in pictures]
        self._plain, self._mirror = (
            np.array(
                [[getattr(item, name) for item in kind] for kind in (photos, faces)], np.uint64
            )
            for name in ("phash", "phash_mirror")
        )

    def near(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.bool_]:
        """For each pair, whether photo or face is within `NEAR_BITS`, straight or mirrored."""
        straight = bits_set(self._plain[:, rows] ^ self._plain[:, columns])
        mirrored = bits_set(self._plain[:, rows] ^ self._mirror[:, columns])
        photo, face = np.minimum(straight, mirrored) <= NEAR_BITS
        found: NDArray[np.bool_] = face | photo & self._has_photo[rows] & self._has_photo[columns]
        return found


def near_any(hashes: PhotoHashes, known: NDArray[np.uint64], limit: int) -> bool:
    """Whether a photo is within *limit* bits of one of *known* (n,), straight or mirrored."""
    own = np.array([[hashes.phash], [hashes.phash_mirror]], np.uint64)
    return bool((bits_set(own ^ known) <= limit).any())


def bits_set(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits are set in each word: the Hamming distance of what was xor-ed."""
    as_bytes = np.ascontiguousarray(words).view(np.uint8).reshape(*words.shape, 8)
    counts: NDArray[np.int64] = _BITS_OF_BYTE[as_bytes].sum(axis=-1, dtype=np.int64)
    return counts
