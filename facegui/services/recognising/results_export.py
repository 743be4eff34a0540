"""Recognised files taken out: as a table, as a document, and as pictures with names drawn in.

The table has a line for each face, and one for a file without a face or that could not be read.
Its columns:

``file``, ``width``, ``height``, ``error``
    the file, its upright pixels, and why it could not be read
``face``
    number of the face in the file, from 1, left to right; in a video in order of appearance
``name``, ``nearest``, ``probability``, ``similarity``, ``threshold``, ``unsure``
    who it is (empty: unknown), whom it is most like and how sure that is, what the similarity had
    to reach, and ``yes`` where somebody should look
``left``, ``top``, ``right``, ``bottom``
    the box in upright pixels
``first_s``, ``last_s``, ``best_s``
    in a video: seconds at which the face comes, goes, and is seen as in the box
``said``, ``answer``
    what the owner has said of the face, which ``name`` follows (``is``, ``not``, ``stranger``;
    empty: nothing), and the name that the model gave (empty: unknown)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.domain.entities import RgbImage
from facegui.domain.errors import FaceGuiError, StorageFault
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.domain.text import tr
from facegui.files import file_faults, open_atomic, write_atomic
from facegui.services.collecting.video_stage import clock
from facegui.services.csv_text import csv_text
from facegui.services.recognising.document import recognised_document
from facegui.services.recognising.results import faces_at
from facegui.services.recognising.video_files import frame_at
from facegui.storage.names import safe_name

COLUMNS = (
    *("file", "width", "height", "error", "face"),
    *("name", "nearest", "probability", "similarity", "threshold", "unsure"),
    *("left", "top", "right", "bottom", "first_s", "last_s", "best_s"),
    *("said", "answer"),
)

_QUALITY = 92

Draw = Callable[[RgbImage, Sequence[RecognisedFace]], RgbImage]
"""Boxes and names drawn into a copy of a picture, whose pixels the boxes count."""


def export_csv(photos: Sequence[RecognisedPhoto], out: Path) -> None:
    """Write the table to the file *out*, which is replaced.

    Raises:
        StorageFault: the disk refuses; *out* is as it was.
    """
    rows = [row for photo in photos for row in _rows(photo)]
    text = csv_text([COLUMNS, *rows])
    write_atomic(out, text.encode("utf-8", "surrogateescape"))


def export_json(photos: Sequence[RecognisedPhoto], out: Path) -> None:
    """Write what ``facegui recognize --json`` prints to the file *out*, which is replaced.

    Raises:
        StorageFault: the disk refuses; *out* is as it was.
    """
    document = [recognised_document(photo) for photo in photos]
    write_atomic(out, json.dumps(document, allow_nan=False).encode("ascii") + b"\n")


def _rows(photo: RecognisedPhoto) -> Iterator[tuple[str, ...]]:
    size = ("", "") if photo.error is not None else (str(photo.width), str(photo.height))
    head = (photo.path, *size, photo.error or "")
    if not photo.faces:
        yield (*head, *[""] * (len(COLUMNS) - len(head)))
    for number, face in enumerate(in_order(photo), start=1):
        yield (*head, str(number), *_face(face))


def _face(face: RecognisedFace) -> tuple[str, ...]:
    one, box, seen = face.identity, face.box, face.appearance
    who = (face.name or "", one.candidate, f"{one.probability:.4f}")
    sure = (f"{one.similarity:.4f}", f"{one.threshold:.4f}", "yes" if face.unsure else "")
    place = [f"{value:.2f}" for value in (box.x1, box.y1, box.x2, box.y2)]
    times = () if seen is None else (seen.first_s, seen.last_s, seen.best_s)
    said = "" if face.said is None else face.said.verdict.value
    seconds = [f"{time:.3f}" for time in times] or [""] * 3
    return (*who, *sure, *place, *seconds, said, one.name or "")


def in_order(photo: RecognisedPhoto) -> Sequence[RecognisedFace]:
    """The faces as they are counted: left to right; of a video, in order of appearance."""
    if photo.duration_s is not None:
        return photo.faces
    return sorted(photo.faces, key=lambda face: face.box.x1)


# Pictures


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was drawn.

    Attributes:
        written: pictures.
        failed: files that could not be read any more, and why.
        stopped: by the owner; what was written is kept.
    """

    out: Path
    written: int
    failed: tuple[tuple[str, str], ...]
    stopped: bool


def export_annotated(
    photos: Sequence[RecognisedPhoto], out: Path, draw: Draw, control: Control
) -> Annotated:
    """Write a JPEG for each photo with boxes and names, full size and without any metadata.

    Of a video, the best frame of everybody in it. Nothing is replaced: a name that is taken gets a
    number. Stop keeps what is written.

    Raises:
        StorageFault: the disk refuses.
    """
    with file_faults(out):
        out.mkdir(parents=True, exist_ok=True)
    taken = {path.stem for path in out.iterdir()}
    written, failed = 0, []
    for number, photo in enumerate(photos):
        if control.cancelled():
            break
        control.report(Progress(number, len(photos), tr("Drawing names into copies")))
        try:
            for stem, image, faces in _pictures(photo):
                _write(out, safe_name(stem, taken), draw(image, faces), taken)
                written += 1
        except StorageFault:
            raise
        except FaceGuiError as error:
            failed.append((photo.path, getattr(error, "reason", error.message)))
    return Annotated(out, written, tuple(failed), stopped=bool(control.cancelled()))


def _pictures(
    photo: RecognisedPhoto,
) -> Iterator[tuple[str, RgbImage, Sequence[RecognisedFace]]]:
    """What there is to draw into: name, pixels and faces."""
    from facegui.imaging.decode import decode

    path = Path(photo.path)
    if photo.error is not None:
        return
    if photo.duration_s is None:
        yield path.stem, decode(path).image, photo.faces
        return
    moments = {face.appearance.best_s for face in photo.faces if face.appearance is not None}
    for time_s in sorted(moments):
        stem = f"{path.stem}_{clock(time_s)}"
        yield stem, frame_at(path, time_s), list(faces_at(photo, time_s).values())


def _write(out: Path, stem: str, image: RgbImage, taken: set[str]) -> None:
    from facegui.imaging.thumbnail import jpeg_bytes

    taken.add(stem)
    with open_atomic(out / f"{stem}.jpg", durable=False) as file:
        file.write(jpeg_bytes(image, _QUALITY))
