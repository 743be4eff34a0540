"""Photos in folders of strangers that show no strangers: of people the model knows, or its own.

A folder's name says who is in it, as it does when photos are added. A photo that the library has,
or that the model has seen, is known by its file's hash; a copy by its perceptual hash.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import PhotoHashes
from facegui.network.bundle import BundleInfo
from facegui.services.copies.same_picture import near_any
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True, eq=False)
class Acquaintances:
    """Whom and what a model knows.

    Attributes:
        names: its people's, by `_plain` name.
        sha256s: of the files of the library and of those that the model has seen.
        phashes: uint64 (n,), of the same photos.
        distance: bits within which a photo is a copy of one of them.
    """

    names: dict[str, str]
    sha256s: frozenset[str]
    phashes: NDArray[np.uint64]
    distance: int

    @classmethod
    def of(cls, library: Library, info: BundleInfo) -> Acquaintances:
        """Those of the model that *info* is of, and the photos of *library*."""
        photos = library.photos(library.photo_ids())
        hashes = {photo.hashes.phash for photo in photos if photo.hashes}
        hashes |= {int(text, 16) for text in info.photo_phashes}
        return cls(
            names={_plain(name): name for name in info.labels},
            sha256s=frozenset(info.photo_sha256s) | {p.sha256 for p in photos if p.sha256},
            phashes=np.array(sorted(hashes), np.uint64),
            distance=library.limits().duplicate_distance,
        )

    def owner_of(self, path: Path) -> str | None:
        """The person after whom the folder is named that *path* lies in; None for anybody else."""
        return self.names.get(_plain(path.parent.name))

    def have_file(self, sha256: str) -> bool:
        """Whether a file of that content is known."""
        return sha256 in self.sha256s

    def have_copy(self, hashes: PhotoHashes) -> bool:
        """Whether a photo with these *hashes* is a copy of a known one, be it mirrored."""
        return near_any(hashes, self.phashes, self.distance)


def _plain(name: str) -> str:
    """*name* as names of people and of folders are compared: ``Colin_Powell`` is Colin Powell."""
    spaced = unicodedata.normalize("NFC", name).replace("_", " ").replace("-", " ")
    return " ".join(spaced.casefold().split())
