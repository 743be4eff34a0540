"""Which photos show one picture: what is near by hash, confirmed by what the faces say.

A perceptual hash of the whole photo survives resizing, recompression and toning, but not frames,
crops, banners and tilts; those leave the aligned face alone, so its hash is looked at as well.
Neither is enough: different shots of a series, and faces of one person, come as near. Two things
tell them apart. The 478-landmark pose of a copy repeats to about a degree, while heads move between
two shots; and the embedding of a copy is nearly the same.

The bounds were chosen on real photos (``benchmarks/duplicates.py`` measures them again): 102 edited
copies of 17 kinds among 275 photos of 6 people, 218 different photos of 15 others, and the ORL
faces, ten shots of each person in front of one background.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import Embedding, PhotoHashes
from facegui.domain.geometry import Pose
from facegui.duplicates.near_pairs import Hashes, NearPairs, near_pair_blocks

_Indices = NDArray[np.intp]

SURE_BITS = 2
"""Photos so near are copies unless the faces are clearly not the same."""
SURE_COSINE, SURE_TURN_DEG = 0.6, 5.0
"""A thumbnail's face still agrees with its original's within these (0.69 and 3.5 measured)."""

PHOTO_COSINE, PHOTO_TURN_DEG = 0.9, 3.0
"""What the faces of other near photos must agree within (0.91 and 2.4 measured)."""

FACE_COSINE = 0.95
"""What a face's embedding must agree within where the photo itself is not near (0.952)."""

UNSEEN_BITS = 6
"""Photos without a face to confirm it must be this near."""

_FEWEST_ONES = 16  # the hash of a picture has about 32; a blank picture's says nothing
_COSINE_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class FaceRecord:
    """What is compared of a face, and what makes its photo worth keeping.

    Attributes:
        hashes: of the aligned crop.
        embedding: unit vector.
        size_px: shorter side of its box, in pixels of the photo.
        usable: it passes every rule other than that of duplicates, or the owner keeps it.
    """

    hashes: PhotoHashes
    embedding: Embedding
    pose: Pose
    size_px: float
    sharpness: float
    usable: bool


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """What is compared of a photo.

    Attributes:
        sha256: of the file's bytes, or None.
        hashes: of the whole photo, or None when it could not be decoded.
        width: upright pixels; likewise *height*.
        preferred: the owner wants this one kept among its copies.
    """

    id: int
    path: str
    sha256: str | None
    hashes: PhotoHashes | None
    width: int
    height: int
    preferred: bool
    faces: tuple[FaceRecord, ...]


class CopyPairs(NamedTuple):
    """Pairs of photos that show one picture, ascending; each pair once.

    Attributes:
        left: (n,) index of a photo.
        right: (n,) index of a photo, larger than *left*.
        bits: (n,) between the photos' hashes or between those of two of their faces, whichever is
            nearer.
        mirrored: (n,) whether one is the other's mirror image.
    """

    left: _Indices
    right: _Indices
    bits: NDArray[np.uint8]
    mirrored: NDArray[np.bool_]


def copy_pairs(photos: Sequence[PhotoRecord], distance: int) -> CopyPairs:
    """Every two of *photos* that are copies: near within *distance* bits, and confirmed."""
    faces = _Faces(photos)
    return _once([*_by_photo(photos, faces, distance), *_by_face(faces, distance)])


def is_telling(hashes: PhotoHashes | None) -> bool:
    """Whether there is a hash, and of more than a blank picture."""
    return hashes is not None and hashes.phash.bit_count() >= _FEWEST_ONES


class _Faces:
    """The faces of all photos in one row, and comparisons of many pairs of them at a time."""

    def __init__(self, photos: Sequence[PhotoRecord]) -> None:
        faces = [face for photo in photos for face in photo.faces]
        counts = np.array([len(photo.faces) for photo in photos], np.intp)
        self.counts = counts
        self.starts = np.cumsum(counts) - counts
        self.photo = np.repeat(np.arange(len(photos)), counts)
        self.hashes = [face.hashes for face in faces]
        self._pan = np.array([face.pose.pan for face in faces], np.float32)
        self._tilt = np.array([face.pose.tilt for face in faces], np.float32)
        self._embeddings = np.array([face.embedding for face in faces], np.float32)

    def agree(
        self,
        one: _Indices,
        other: _Indices,
        *,
        mirrored: bool,
        cosine: NDArray[np.float32] | float,
        turn_deg: NDArray[np.float32] | float,
    ) -> NDArray[np.bool_]:
        """For each pair of faces, whether pose and embedding agree within the bounds.

        Roll is left out: tilting a picture a little is one of the edits.
        """
        pan = self._pan[other] if not mirrored else -self._pan[other]
        agree: NDArray[np.bool_] = np.abs(self._pan[one] - pan) <= turn_deg
        agree &= np.abs(self._tilt[one] - self._tilt[other]) <= turn_deg
        places = np.flatnonzero(agree)
        wanted = np.broadcast_to(np.asarray(cosine, np.float32), agree.shape)
        for start in range(0, len(places), _COSINE_BLOCK):
            some = places[start : start + _COSINE_BLOCK]
            vectors = self._embeddings[one[some]], self._embeddings[other[some]]
            agree[some] = np.einsum("ij,ij->i", *vectors) >= wanted[some]
        return agree


def _by_photo(photos: Sequence[PhotoRecord], faces: _Faces, distance: int) -> Iterator[CopyPairs]:
    """Photos whose hashes are near, and whose faces do not speak against it."""
    for block, mirrored in _near([photo.hashes for photo in photos], distance):
        bits = block.bits
        unseen = (faces.counts[block.left] == 0) | (faces.counts[block.right] == 0)
        copies = (bits == 0) | (unseen & (bits <= UNSEEN_BITS))
        copies |= _confirmed(block, faces, mirrored=mirrored)
        yield _pairs(block.left[copies], block.right[copies], bits[copies], mirrored=mirrored)


def _confirmed(block: NearPairs, faces: _Faces, *, mirrored: bool) -> NDArray[np.bool_]:
    """For each pair of photos, whether any two of their faces agree."""
    others = faces.counts[block.right]
    n = faces.counts[block.left] * others
    pair = np.repeat(np.arange(len(n)), n)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(n) - n, n)
    sure = block.bits[pair] <= SURE_BITS
    agree = faces.agree(
        faces.starts[block.left][pair] + place // others[pair],
        faces.starts[block.right][pair] + place % others[pair],
        mirrored=mirrored,
        cosine=np.where(sure, np.float32(SURE_COSINE), np.float32(PHOTO_COSINE)),
        turn_deg=np.where(sure, np.float32(SURE_TURN_DEG), np.float32(PHOTO_TURN_DEG)),
    )
    confirmed = np.zeros(len(n), np.bool_)
    confirmed[pair[agree]] = True
    return confirmed


def _by_face(faces: _Faces, distance: int) -> Iterator[CopyPairs]:
    """Photos with the same face: near by the hash of the aligned crop, and surely the same."""
    for block, mirrored in _near(faces.hashes, distance):
        left, right = faces.photo[block.left], faces.photo[block.right]
        copies = left != right
        copies &= faces.agree(
            block.left,
            block.right,
            mirrored=mirrored,
            cosine=FACE_COSINE,
            turn_deg=PHOTO_TURN_DEG,
        )
        yield _pairs(left[copies], right[copies], block.bits[copies], mirrored=mirrored)


def _near(hashes: Sequence[PhotoHashes | None], distance: int) -> Iterator[tuple[NearPairs, bool]]:
    """Near pairs among *hashes* as they are, then of one with the mirror image of another."""
    telling = [n for n, item in enumerate(hashes) if is_telling(item)]
    places = np.array(telling, np.intp)
    plain = _column(hashes, telling, "phash")
    mirror = _column(hashes, telling, "phash_mirror")
    for block in near_pair_blocks(plain, distance=distance):
        yield NearPairs(places[block.left], places[block.right], block.bits), False
    for block in near_pair_blocks(plain, mirror, distance=distance):
        other = block.left != block.right  # a symmetric picture is its own mirror image
        left, right = places[block.left[other]], places[block.right[other]]
        yield NearPairs(left, right, block.bits[other]), True


def _column(hashes: Sequence[PhotoHashes | None], which: Sequence[int], name: str) -> Hashes:
    return np.array([getattr(hashes[n], name) for n in which], np.uint64)


def _pairs(
    left: _Indices, right: _Indices, bits: NDArray[np.uint8], *, mirrored: bool
) -> CopyPairs:
    ends = np.minimum(left, right), np.maximum(left, right)
    return CopyPairs(*ends, bits, np.full(len(bits), mirrored))


def _once(blocks: Sequence[CopyPairs]) -> CopyPairs:
    """Each pair once, with its fewest bits; unmirrored where both are as near."""
    nothing = np.zeros(0, np.intp)
    left = np.concatenate([nothing, *(block.left for block in blocks)])
    right = np.concatenate([nothing, *(block.right for block in blocks)])
    bits = np.concatenate([nothing.astype(np.uint8), *(block.bits for block in blocks)])
    mirrored = np.concatenate([nothing.astype(np.bool_), *(block.mirrored for block in blocks)])
    order = np.lexsort((mirrored, bits, right, left))
    left, right = left[order], right[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    chosen = order[first]
    return CopyPairs(left[first], right[first], bits[chosen], mirrored[chosen])
