"""Lists of photos and faces for other programs: CSV, COCO's JSON and labelme's.

`facegui.services.collecting.manifests` reads all three back. The lists name the owner's photos
where they are; nothing is copied.

COCO as defined at cocodataset.org (format-data): one category for each person and one for faces
without a name, boxes [left, top, width, height] in pixels of the upright photo, the five landmarks
as keypoints, and FaceGUI's measures as ``attributes``, which CVAT and FiftyOne show.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facegui import __version__
from facegui.collect.manifest_json import NOBODY
from facegui.domain.control import Control, Progress
from facegui.domain.entities import Face
from facegui.domain.errors import Cancelled, OwnerError
from facegui.domain.geometry import Landmarks
from facegui.domain.text import tr
from facegui.files import file_faults, write_atomic
from facegui.services.csv_text import csv_text
from facegui.services.exporting.selection import (
    Exported,
    PhotoFaces,
    faces_to_export,
    reference,
    report,
)
from facegui.services.libraries import Library
from facegui.services.new_folder import new_folder
from facegui.storage.names import safe_name

LABELME_VERSION = "5.5.0"
"""The labelme whose files these are like."""

_VISIBLE = 2  # COCO: the keypoint is labelled and seen
_CSV_SUFFIXES = (".csv", ".txt")
_JSON_SUFFIXES = (".json",)


def export_csv(library: Library, out: Path, control: Control) -> Exported:
    """Write ``path,name,label`` of the kept, named faces to the file *out*, which is replaced.

    The label numbers the people from 0 in order of their names.

    Raises:
        OwnerError: nothing to export, or *out* is not called like a list.
        StorageFault: the disk refuses; *out* is as it was.
    """
    out = _list_file(out, _CSV_SUFFIXES)
    entries = faces_to_export(library, named=True, everything=False)
    _go_on(control)
    people = sorted({name for entry in entries for _, name in entry.faces if name is not None})
    label_of = {name: str(label) for label, name in enumerate(people)}
    rows = [
        (reference(entry.photo, out.parent), name, label_of[name])
        for entry in entries
        for name in dict.fromkeys(name for _, name in entry.faces if name is not None)
    ]
    text = csv_text([("path", "name", "label"), *rows])
    _write(out, text.encode("utf-8", "surrogateescape"))
    return report(out, entries)


def export_coco(library: Library, out: Path, control: Control, *, everything: bool) -> Exported:
    """Write boxes, names, landmarks and measures to the JSON file *out*, which is replaced.

    Args:
        library: whose faces.
        out: ends in ``.json``.
        control: for stopping.
        everything: also faces that are not kept; their state is among the attributes.

    Raises:
        OwnerError: nothing to export, or *out* does not end in ``.json``.
        StorageFault: the disk refuses; *out* is as it was.
    """
    out = _list_file(out, _JSON_SUFFIXES)
    entries = faces_to_export(library, named=False, everything=everything)
    _go_on(control)
    content = _coco(entries, out.parent, [person.name for person in library.people()])
    _write(out, _json(content))
    return report(out, entries)


def export_labelme(library: Library, out: Path, control: Control) -> Exported:
    """Write one file for each photo with kept faces into the new folder *out*.

    Raises:
        OwnerError: nothing to export, or the folder holds something.
        StorageFault: the disk refuses.
        Cancelled: stopped; nothing was written.
    """
    out = out.absolute()
    entries = faces_to_export(library, named=False, everything=False)
    taken: set[str] = set()
    with new_folder(out) as unfinished:
        for number, entry in enumerate(entries):
            _go_on(control)
            stem = safe_name(Path(entry.photo.path).stem, taken)
            taken.add(stem)
            (unfinished / f"{stem}.json").write_bytes(_json(_labelme(entry, out)))
            control.report(Progress(number + 1, len(entries), tr("Exporting")))
    return report(out, entries)


# COCO


def _coco(entries: Sequence[PhotoFaces], folder: Path, people: Sequence[str]) -> dict[str, Any]:
    category_of = {name: number for number, name in enumerate([None, *people], start=1)}
    annotations = [
        _annotation(face, photo_number, category_of[name])
        for photo_number, entry in enumerate(entries, start=1)
        for face, name in entry.faces
    ]
    return {
        "info": {"description": tr("Faces from FaceGUI"), "version": __version__},
        "licenses": [],
        "images": [
            {
                "id": number,
                "file_name": reference(entry.photo, folder),
                "width": entry.photo.width,
                "height": entry.photo.height,
            }
            for number, entry in enumerate(entries, start=1)
        ],
        "annotations": [
            {"id": number, **annotation} for number, annotation in enumerate(annotations, start=1)
        ],
        "categories": [
            {
                "id": number,
                "name": NOBODY if name is None else name,
                "supercategory": NOBODY,
                "keypoints": list(Landmarks._fields),
                "skeleton": [],
            }
            for name, number in category_of.items()
        ],
    }


def _annotation(face: Face, image_id: int, category_id: int) -> dict[str, Any]:
    box = face.box
    return {
        "image_id": image_id,
        "category_id": category_id,
        "bbox": [_px(v) for v in (box.x1, box.y1, box.width, box.height)],
        "area": _px(box.area),
        "iscrowd": 0,
        "segmentation": [],
        "keypoints": [v for p in face.landmarks for v in (_px(p.x), _px(p.y), _VISIBLE)],
        "num_keypoints": len(face.landmarks),
        "score": round(face.score, 4),
        "attributes": _attributes(face),
    }


def _attributes(face: Face) -> dict[str, Any]:
    measures = {
        "score": face.score,
        "roll": face.pose.roll,
        "pan": face.pose.pan,
        "tilt": face.pose.tilt,
        "sharpness": face.sharpness,
        "brightness": face.brightness,
        "contrast": face.contrast,
        "sunglasses": face.sunglasses,
        "smile": face.smile,
        "eyes_closed": face.eyes_closed,
        "mouth_open": face.mouth_open,
    }
    return {
        "state": face.state.value,
        "failed": ",".join(face.failed),
        **{name: round(value, 4) for name, value in measures.items() if value is not None},
    }


# labelme


def _labelme(entry: PhotoFaces, folder: Path) -> dict[str, Any]:
    return {
        "version": LABELME_VERSION,
        "flags": {},
        "shapes": [
            {
                "label": NOBODY if name is None else name,
                "points": [
                    [_px(face.box.x1), _px(face.box.y1)],
                    [_px(face.box.x2), _px(face.box.y2)],
                ],
                "group_id": None,
                "description": "",
                "shape_type": "rectangle",
                "flags": {},
                "mask": None,
            }
            for face, name in entry.faces
        ],
        "imagePath": reference(entry.photo, folder),
        "imageData": None,
        "imageHeight": entry.photo.height,
        "imageWidth": entry.photo.width,
    }


# All


def _px(value: float) -> float:
    return round(value, 2)


def _json(content: dict[str, Any]) -> bytes:
    # ASCII, so that a path that is not valid Unicode survives as well
    return json.dumps(content, indent=1, allow_nan=False).encode("ascii")


def _list_file(out: Path, suffixes: Sequence[str]) -> Path:
    """*out* absolute; an unlikely name is refused, because the file is going to be replaced."""
    if out.suffix.casefold() not in suffixes or out.is_dir():
        raise OwnerError(
            tr("{path} is not the name of a list.", path=out),
            tr("Choose a file name that ends in {suffix}.", suffix=suffixes[0]),
        )
    return out.absolute()


def _write(out: Path, content: bytes) -> None:
    with file_faults(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(out, content)


def _go_on(control: Control) -> None:
    if control.cancelled():
        raise Cancelled
