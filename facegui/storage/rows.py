"""Table rows to the domain's values and back."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np

from facegui.domain.entities import (
    Decision,
    Embedding,
    Face,
    FaceProposal,
    NameSource,
    Person,
    Photo,
    PhotoHashes,
    PhotoStatus,
)
from facegui.domain.geometry import Box, Landmarks, Point, Pose

Row = tuple[Any, ...]

MEASURES = (
    *("chroma", "chroma_spread", "sunglasses", "smile", "eyes_closed", "mouth_open", "presence"),
)
"""Columns of ``faces`` that are NULL where a scan could not take the measure."""

PHOTO_COLUMNS = (
    "p.id, p.path, p.person_hint, p.status, p.reason, p.width, p.height, p.size_bytes, p.mtime_ns, "
    "p.sha256, p.phash, p.phash_mirror, p.preferred, p.rotation"
)
FACE_COLUMNS = (
    "f.id, f.photo_id, f.x1, f.y1, f.x2, f.y2, f.landmarks, f.score, f.roll, f.pan, f.tilt, "
    "f.sharpness, f.brightness, f.contrast, f.phash, f.phash_mirror, f.detector, f.person_id, "
    "f.name_source, f.decision, f.failed, f.offer, f.picked, f.drawn, f.found, "
    + ", ".join(f"f.{measure}" for measure in MEASURES)
)
FACE_STATE = """
CASE decision
    WHEN 'keep' THEN 'kept' WHEN 'reject' THEN 'rejected' WHEN 'ignore' THEN 'ignored'
    ELSE iif(failed = '', 'kept', 'rejected')
END"""
"""What a face counts as, in SQL: the same as `facegui.domain.entities.face_state`."""

PERSON_COLUMNS = "id, name, colour, position, cover_id, key"

_POINTS = struct.Struct("<2f")
_SIGN = 1 << 63
_WRAP = 1 << 64


def ids_parameter(ids: Iterable[int]) -> str:
    """Any number of ids as one parameter, for ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps([int(i) for i in ids])


def all_ids(connection: sqlite3.Connection, sql: str, parameters: Row = ()) -> list[int]:
    """The first column of a query's answer."""
    return [row[0] for row in connection.execute(sql, parameters)]


def signed(unsigned: int) -> int:
    """A 64-bit hash as SQLite keeps it: the same bits, read as a signed number."""
    return unsigned - _WRAP if unsigned >= _SIGN else unsigned


def unsigned(stored: int) -> int:
    """The hash that `signed` stored."""
    return stored + _WRAP if stored < 0 else stored


def stored_path(path: str) -> str | bytes:
    """A path as text, or as its bytes where the file system's name is not valid Unicode."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def loaded_path(stored: str | bytes) -> str:
    """The path that `stored_path` stored."""
    return os.fsdecode(stored) if isinstance(stored, bytes) else stored


def clean_text(text: str) -> str:
    """*text* with what is not Unicode in it (from a file name) made visible as ``�``."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def hashes_of(phash: int | None, mirror: int | None) -> PhotoHashes | None:
    """Both hashes as stored, or None when the picture was never read."""
    if phash is None or mirror is None:
        return None
    return PhotoHashes(unsigned(phash), unsigned(mirror))


def photo_of(row: Row) -> Photo:
    """The photo in a row of `PHOTO_COLUMNS`."""
    return Photo(
        id=row[0],
        path=loaded_path(row[1]),
        person_hint=row[2],
        status=PhotoStatus(row[3]),
        reason=row[4],
        width=row[5],
        height=row[6],
        size_bytes=row[7],
        mtime_ns=row[8],
        sha256=row[9],
        hashes=hashes_of(row[10], row[11]),
        preferred=bool(row[12]),
        rotation=row[13],
    )


def face_of(row: Row) -> Face:
    """The face in a row of `FACE_COLUMNS`."""
    return Face(
        id=row[0],
        photo_id=row[1],
        box=Box(*row[2:6]),
        landmarks=Landmarks(*map(Point._make, _POINTS.iter_unpack(row[6]))),
        score=row[7],
        pose=Pose(*row[8:11]),
        sharpness=row[11],
        brightness=row[12],
        contrast=row[13],
        hashes=PhotoHashes(unsigned(row[14]), unsigned(row[15])),
        detector=row[16],
        person_id=row[17],
        name_source=NameSource(row[18]) if row[18] is not None else None,
        decision=Decision(row[19]),
        failed=tuple(row[20].split(",")) if row[20] else (),
        offer=row[21],
        picked=bool(row[22]),
        drawn=bool(row[23]),
        found=box_of(row[24]),
        **dict(zip(MEASURES, row[25:], strict=True)),
    )


def box_text(box: Box) -> str:
    """A box as JSON: ``[x1, y1, x2, y2]``."""
    return json.dumps([float(side) for side in (box.x1, box.y1, box.x2, box.y2)])


def box_of(text: str | None) -> Box | None:
    """The box that `box_text` stored, or None for none."""
    return None if text is None else Box(*json.loads(text))


def person_of(row: Row) -> Person:
    """The person in a row of `PERSON_COLUMNS`."""
    return Person(*row)


def measured(face: FaceProposal) -> dict[str, object]:
    """The columns of ``faces`` that a scan fills."""
    region = face.region
    return {
        "x1": float(face.box.x1),
        "y1": float(face.box.y1),
        "x2": float(face.box.x2),
        "y2": float(face.box.y2),
        "size": float(min(face.box.width, face.box.height)),
        "landmarks": b"".join(_POINTS.pack(x, y) for x, y in face.landmarks),
        "score": float(face.score),
        "roll": float(face.pose.roll),
        "pan": float(face.pose.pan),
        "tilt": float(face.pose.tilt),
        "sharpness": float(face.sharpness),
        "brightness": float(face.brightness),
        "contrast": float(face.contrast),
        "phash": signed(face.hashes.phash),
        "phash_mirror": signed(face.hashes.phash_mirror),
        "detector": face.detector,
        "offer": None if region is None or region.name is None else clean_text(region.name),
        "picked": int(region is not None and region.picks),
        **{name: _optional(getattr(face, name)) for name in MEASURES},
    }


def _optional(value: float | None) -> float | None:
    return None if value is None else float(value)


def vector_blob(embedding: Embedding) -> bytes:
    """An embedding as stored: little-endian float32."""
    return np.asarray(embedding, dtype="<f4").tobytes()
