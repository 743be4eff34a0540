"""A real library on disk with faces that the rules judge differently, for pages to show."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from facegui.domain.entities import Embedding, FaceProposal, PhotoStatus, ScannedPhoto
from facegui.domain.geometry import Box, Pose
from facegui.domain.queries import NewPhoto
from facegui.imaging.cv import cv2
from facegui.services.libraries import Library, create_library
from tests.fakes.proposals import proposal, scanned, unit_vector

LEFT, RIGHT = Box(100, 100, 220, 240), Box(500, 120, 600, 240)
COLOURS = ((200, 40, 40), (40, 180, 60), (40, 60, 220), (220, 200, 40))


@cache
def _png(colour: tuple[int, int, int]) -> bytes:
    image = np.full((600, 800, 3), 30, np.uint8)
    image[100:240, 100:220] = colour[::-1]
    image[120:240, 500:600] = 255
    return cv2.imencode(".png", image)[1].tobytes()


def write_photo(path: Path, colour: tuple[int, int, int] = (120, 130, 140)) -> Path:
    """An 800 × 600 picture with a *colour*ed patch where `LEFT` is and white where `RIGHT` is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_png(colour))
    return path


def review_library(folder: Path, per_person: int = 6) -> Library:
    """*per_person* photos each of Ann and Bob, then a group, an empty one, a broken, a new one.

    Of each person's photos the last is turned too far (pan 31°). The group has two faces and is
    in Ann's folder, so its faces have no name, but the one that looks like her is offered hers.
    """
    photos: list[tuple[Path, str, list[FaceProposal]]] = []
    for number, name in enumerate(("Ann", "Bob")):
        for n in range(per_person):
            path = write_photo(folder / name / f"{n:03}.png", COLOURS[number])
            turned = Pose(1.0, 31.0, 2.0) if n == per_person - 1 else Pose(1.0, -2.0, 3.0)
            face = proposal(LEFT, seed=len(photos), pose=turned, sharpness=30.0 + n)
            photos.append((path, name, [face]))
    group = write_photo(folder / "Ann" / "group.png", COLOURS[2])
    like_ann = _a_little_like(range(5))
    first = replace(proposal(LEFT, seed=90, score=0.95), embedding=like_ann)
    pair = [first, proposal(RIGHT, seed=91, score=0.7)]
    photos.append((group, "Ann", pair))
    photos.append((write_photo(folder / "Bob" / "nobody.png"), "Bob", []))
    broken = folder / "Bob" / "broken.jpg"
    broken.write_bytes(b"")
    unscanned = write_photo(folder / "Bob" / "zz-new.png")
    library = create_library(folder / "test.facegui")
    known = [*((path, hint) for path, hint, _ in photos), (broken, "Bob"), (unscanned, "Bob")]
    added = library.add_photos([NewPhoto(str(path), hint, 1000, 1) for path, hint in known]).added
    scans = [scanned(n, faces) for n, (_, _, faces) in zip(added, photos, strict=False)]
    library.store_scans([*scans, _broken(added[-2])])
    return library


def _a_little_like(seeds: range) -> Embedding:
    """A face that looks a little like each of these, too little to stand with any of them."""
    vector = unit_vector(90) * 3
    for seed in seeds:
        vector = vector + unit_vector(seed)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _broken(photo_id: int) -> ScannedPhoto:
    reason = "the file is empty"
    return ScannedPhoto(photo_id, PhotoStatus.BROKEN, reason, 0, 0, 0, 1, None, None, ())
