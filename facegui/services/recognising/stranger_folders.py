"""Folders of photos of strangers: looked through when they are needed, and nothing kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.collect.folders import Found, walk
from facegui.domain.control import Control, Progress
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.detection import DetectOptions
from facegui.domain.errors import ImageError, OwnerError
from facegui.domain.ports import FaceFinder
from facegui.domain.text import tr
from facegui.imaging.decode import decode
from facegui.network.face_transfer import EMBEDDING_SIZE
from facegui.services.recognising.recognise import fetch_models
from facegui.services.recognising.stranger_faces import StrangerFaces
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True, eq=False)
class FolderStrangers:
    """What was found in folders.

    Attributes:
        photos: read.
        skipped: files that are no photos or cannot be read.
        stopped: before all were looked at.
    """

    faces: StrangerFaces
    photos: int
    skipped: int
    stopped: bool


def folder_strangers(tools: Tools, folders: Sequence[Path], control: Control) -> FolderStrangers:
    """Every face of the photos at or below *folders*; a stop keeps what is found.

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
    finder = tools.finder(DetectOptions())
    items: list[DatasetItem] = []
    vectors = [np.zeros((0, EMBEDDING_SIZE), np.float32)]
    photos = skipped = 0
    for number, entry in enumerate(entries):
        if control.cancelled():
            break
        if isinstance(entry, Found) and (found := _photo(entry.path, finder, len(items))):
            items += found[0]
            vectors.append(found[1])
            photos += 1
        else:
            skipped += 1
        control.report(Progress(number + 1, len(entries), tr("Looking for strangers' faces")))
    faces = StrangerFaces(tuple(items), np.concatenate(vectors), in_folders=len(items))
    return FolderStrangers(faces, photos, skipped, stopped=photos + skipped < len(entries))


def _photo(
    path: str, finder: FaceFinder, taken: int
) -> tuple[list[DatasetItem], np.ndarray] | None:
    """The faces of one file and their embeddings; None if it is no photo that can be read.

    The faces have no number in a library: they count down from -1, *taken* of which are in use.
    """
    try:
        decoded = decode(path)
    except ImageError:
        return None
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
