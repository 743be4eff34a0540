"""A face that a model was asked about, and what the owner has said of it in the library.

A photo on disk stays where it is. What is no file of the owner's, such as a pasted picture or a
frame, is kept in ``corrections`` in the library's folder, under a name that says nothing about whom
it shows and that the same picture has again.

The window imports this at its start, so what decodes pictures is imported where it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.corrections import Correction, Source
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity
from facegui.files import file_faults
from facegui.services.libraries import Library

FOLDER = "corrections"
"""In a library; beside ``photos``, which has a folder for each person."""

SAME_FACE_IOU = 0.5
"""Overlap from which a face of the library is the one that a model was asked about."""

_DIGITS = 16
_HISTORY = 1000


@dataclass(frozen=True, slots=True, eq=False)
class AskedFace:
    """A face, where it was seen, and what a model said of it.

    Attributes:
        box: in upright pixels of the photo, the pasted picture or the frame.
        bundle: the model.
        path: the photo, the pasted picture's file for now, or the video; None when live.
        time_s: of the frame, from the start of the video.
        frame: the live picture.
        address: what was watched, as it may be kept: without a password.
    """

    source: Source
    box: Box
    identity: Identity
    bundle: Path
    path: Path | None = None
    time_s: float = 0.0
    frame: RgbImage | None = None
    address: str = ""


def place_of(library: Library, asked: AskedFace) -> Path:
    """The file that stands for a face in the library: the owner's own, or one to be kept there."""
    if asked.source is Source.FILE:
        assert asked.path is not None
        return asked.path.absolute()
    return library.path / FOLDER / _kept_name(asked)


def correction_of(library: Library, asked: AskedFace) -> Correction | None:
    """What the owner said of a face, if anything."""
    try:
        photo = library.photo_by_path(str(place_of(library, asked)))
    except OSError:
        return None  # a pasted picture that has gone from the page
    if photo is None:
        return None
    faces = library.faces_of_photos([photo.id])[photo.id]
    number = best_match(asked.box, [face.box for face in faces])
    if number is None:
        return None
    face_id = faces[number].id
    return next((one for one in library.corrections() if one.face_id == face_id), None)


def best_match(box: Box, boxes: Sequence[Box]) -> int | None:
    """Which of *boxes* is around the same face as *box*; None where none is."""
    overlaps = [box.iou(other) for other in boxes]
    best = max(range(len(boxes)), key=overlaps.__getitem__, default=None)
    return best if best is not None and overlaps[best] >= SAME_FACE_IOU else None


def kept_pictures(library: Library) -> list[Path]:
    """All files that are kept for corrections."""
    return sorted((library.path / FOLDER).glob("*"))


def sweep(library: Library, pictures: Iterable[Path]) -> None:
    """Delete those of *pictures* whose correction neither stands nor can be done again.

    Raises:
        StorageFault: one cannot be deleted.
    """
    if any(entry.undone for entry in library.history(_HISTORY)):
        return
    for file in pictures:
        if library.photo_by_path(str(file)) is None:
            with file_faults(file):
                file.unlink(missing_ok=True)


def _kept_name(asked: AskedFace) -> str:
    match asked.source:
        case Source.VIDEO:
            assert asked.path is not None
            return frame_name(asked.path, asked.time_s)
        case Source.LIVE:
            assert asked.frame is not None
            return f"live_{hashlib.sha256(asked.frame.tobytes()).hexdigest()[:_DIGITS]}.jpg"
    assert asked.path is not None
    return paste_name(asked.path)


def frame_name(video: Path, time_s: float) -> str:
    """What a frame of *video* is called in `FOLDER`."""
    digest = hashlib.sha256(str(video).encode("utf-8", "surrogateescape"))
    return f"video_{digest.hexdigest()[:_DIGITS]}_{round(1000 * time_s)}.jpg"


def paste_name(picture: Path) -> str:
    """What a pasted *picture* is called in `FOLDER`.

    Raises:
        OSError: it has gone.
    """
    digest = hashlib.sha256(picture.read_bytes())
    return f"paste_{digest.hexdigest()[:_DIGITS]}{picture.suffix}"
