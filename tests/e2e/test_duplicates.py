"""Copies among real photos, measured by the real models."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.detection.analyser import LocalAnalyser
from facegui.domain.control import NullControl
from facegui.domain.detection import DetectOptions
from facegui.domain.errors import ImageError
from facegui.domain.ports import ModelStore
from facegui.domain.rules import Limits
from facegui.duplicates.evidence import FaceRecord, PhotoRecord
from facegui.duplicates.grouping import group_duplicates
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import decode
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.copies.view import copy_groups
from facegui.services.libraries import create_library
from facegui.services.scanning.scan import ScanRequest, scan
from tests.fakes.faces import fake_tools

UPRIGHT = ("001.jpg", "005.jpg", "010.jpg")
PEOPLE = ("Nicole Kidman", "Tom Hanks")  # two of six: 34 copies of 17 kinds


def record(number: int, path: Path, analyser: LocalAnalyser) -> PhotoRecord:
    decoded = decode(path)
    return PhotoRecord(
        id=number,
        path=str(path),
        sha256=decoded.sha256,
        hashes=photo_hashes(decoded.image),
        width=decoded.width,
        height=decoded.height,
        preferred=False,
        faces=tuple(
            FaceRecord(
                hashes=face.hashes,
                embedding=face.embedding,
                pose=face.pose,
                size_px=min(face.box.width, face.box.height),
                sharpness=face.sharpness,
                usable=True,
            )
            for face in analyser.analyse(decoded.image).faces
        ),
    )


@pytest.fixture(scope="module")
def records(photos: Path, models: ModelStore) -> dict[str, PhotoRecord]:
    """The readable photos of two people by their names in ``truth.json``."""
    analyser = LocalAnalyser(models, hash_crop=photo_hashes)
    folder = photos / "messy" / "photos"
    found: dict[str, PhotoRecord] = {}
    for path in sorted(path for person in PEOPLE for path in (folder / person).iterdir()):
        try:
            found[f"{path.parent.name}/{path.name}"] = record(len(found), path, analyser)
        except ImageError:
            continue
    return found


def test_listed_copies_are_found_and_nothing_else(
    photos: Path, records: dict[str, PhotoRecord]
) -> None:
    truth = json.loads((photos / "messy" / "truth.json").read_text("utf-8"))
    names = {item.id: name for name, item in records.items()}
    groups = group_duplicates(records.values(), Limits().duplicate_distance)
    group_of = {
        names[member.photo_id]: (number, member)
        for number, group in enumerate(groups)
        for member in group.members
    }
    listed = {name: truth[name] for name in names.values() if "of" in truth[name]}
    missed, wrong = [], []
    for name, what in listed.items():
        original = what["of"]
        together = name in group_of and group_of[name][0] == group_of.get(original, (None,))[0]
        if not together:
            missed.append((name, what))
        elif what["kind"] == "near_dup":
            turned = group_of[name][1].mirrored != group_of[original][1].mirrored
            assert turned == (what["edit"] == "mirror"), name
    for group in groups:
        roots = {truth[names[m.photo_id]].get("of", names[m.photo_id]) for m in group.members}
        wrong += [roots] if len(roots) > 1 else []
    assert len(listed) == 36
    assert len(missed) <= 1, missed
    assert wrong == []


def test_copies_that_lie_on_their_side_are_found(
    photos: Path, models: ModelStore, tmp_path: Path
) -> None:
    folder = photos / "messy" / "photos" / "Tom Hanks"
    files = sorted(path for path in folder.iterdir() if path.name in UPRIGHT)
    assert len(files) == len(UPRIGHT)
    for path in files:
        image = decode(path).image
        for quarters in range(4):
            turned = Image.fromarray(np.ascontiguousarray(np.rot90(image, quarters)))
            turned.save(tmp_path / f"{path.stem}_{quarters}.jpg", quality=92)

    def analyser(options: DetectOptions) -> LocalAnalyser:
        return LocalAnalyser(models, options, hash_crop=photo_hashes)

    tools = fake_tools(analyser=analyser, models=models)
    with create_library(tmp_path / "Mine.facegui") as library:
        import_photos(library, ImportRequest((tmp_path,), person="Tom"), NullControl())
        scan(library, tools, ScanRequest(), NullControl())
        groups = [sorted(member.name for member in group.members) for group in copy_groups(library)]
    tools.close()
    assert sorted(groups) == [
        [f"{tmp_path.name}/{path.stem}_{quarters}.jpg" for quarters in range(4)] for path in files
    ]
