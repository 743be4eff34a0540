"""Folders of photos of strangers: looked through when they are needed, and nothing kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.collect.folders import Found, Skipped, walk
from facegui.domain.control import Control, Progress
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.detection import DetectOptions
from facegui.domain.errors import ImageError, OwnerError
from facegui.domain.ports import FaceFinder
from facegui.domain.text import tr
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import Decoded, decode
from facegui.network.face_transfer import EMBEDDING_SIZE
from facegui.services.recognising.recognise import fetch_models
from facegui.services.recognising.stranger_faces import StrangerFaces
from facegui.services.recognising.stranger_known import Acquaintances
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True, eq=False)
class FolderStrangers:
    """What was found in folders.

    Attributes:
        photos: read, with strangers' faces or none.
        of_known: photos in folders that are named after people whom the model knows.
        known_names: those people, in the order of the folders.
        copies: photos that the library has or the model has seen, or copies of them.
        skipped: files that are no photos or cannot be read.
        stopped: before all were looked at.
    """

    faces: StrangerFaces
    photos: int
    of_known: int
    known_names: tuple[str, ...]
    copies: int
    skipped: int
    stopped: bool

    @property
    def left_out(self) -> int:
        """Photos that show no strangers."""
        return self.of_known + self.copies


def folder_strangers(
    tools: Tools, folders: Sequence[Path], known: Acquaintances, control: Control
) -> FolderStrangers:
    """Every face of the photos of strangers at or below *folders*; a stop keeps what is found.

    Args:
        tools: the finder of faces.
        folders: the owner's.
        known: whose photos show no strangers, wherever they lie.
        control: may stop it.

    Raises:
        OwnerError: a folder is not there.
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
    """
    for folder in folders:
        if not folder.is_dir():
            raise OwnerError(
                tr("The folder of strangers {path} is not there.", path=folder),
                tr("Choose it again, or take it out."),
            )
    fetch_models(tools, control)
    entries = [entry for folder in folders for entry in walk(folder)]
    look = _Look(tools.finder(DetectOptions()), known)
    for number, entry in enumerate(entries, start=1):
        if control.cancelled():
            return look.found(stopped=True)
        look.at(entry)
        control.report(Progress(number, len(entries), tr("Looking for strangers' faces")))
    return look.found(stopped=False)


class _Look:
    """Looks at files one after the other and counts what they are."""

    def __init__(self, finder: FaceFinder, known: Acquaintances) -> None:
        self._finder, self._known = finder, known
        self._items: list[DatasetItem] = []
        self._vectors = [np.zeros((0, EMBEDDING_SIZE), np.float32)]
        self._names: Counter[str] = Counter()
        self._photos = self._copies = self._skipped = 0

    def at(self, entry: Found | Skipped) -> None:
        """Take the faces of one file, if strangers may be on it."""
        if isinstance(entry, Skipped):
            self._skipped += 1
        elif owner := self._known.owner_of(Path(entry.path)):
            self._names[owner] += 1
        else:
            self._read(entry.path)

    def found(self, *, stopped: bool) -> FolderStrangers:
        """Everything so far."""
        items = tuple(self._items)
        faces = StrangerFaces(items, np.concatenate(self._vectors), in_folders=len(items))
        return FolderStrangers(
            faces=faces,
            photos=self._photos,
            of_known=self._names.total(),
            known_names=tuple(self._names),
            copies=self._copies,
            skipped=self._skipped,
            stopped=stopped,
        )

    def _read(self, path: str) -> None:
        try:
            decoded = decode(path)
        except ImageError:
            self._skipped += 1
            return
        known = self._known
        if known.have_file(decoded.sha256) or known.have_copy(photo_hashes(decoded.image)):
            self._copies += 1
            return
        items, vectors = _faces(path, decoded, self._finder, len(self._items))
        self._items += items
        self._vectors.append(vectors)
        self._photos += 1


def _faces(
    path: str, decoded: Decoded, finder: FaceFinder, taken: int
) -> tuple[list[DatasetItem], np.ndarray]:
    """The faces of one file and their embeddings, float32 (n, 128).

    The faces have no number in a library: they count down from -1, *taken* of which are in use.
    """
    found = finder.find(decoded.image)
    items = [
        DatasetItem(
            face_id=-taken - number,
            photo_id=0,
            path=path,
            sha256=decoded.sha256,
            box=face.box,
            landmarks=face.landmarks,
            label=0,
            group=0,
            subset=Subset.TEST,
        )
        for number, face in enumerate(found, start=1)
    ]
    vectors = [finder.embed(decoded.image, face) for face in found]
    return items, np.array(vectors, np.float32).reshape(-1, EMBEDDING_SIZE)
