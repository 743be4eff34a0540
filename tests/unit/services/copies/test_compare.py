"""Copies laid over each other: the same picture differs nowhere, an edit shows where it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.entities import Decision, Face, Photo, PhotoHashes, PhotoStatus, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box, Landmarks, Point, Pose
from facegui.imaging.decode import decode
from facegui.services.copies.compare import overlay
from facegui.services.copies.view import Member
from facegui.services.scanning.thumbnails import Thumbnails

SIDE = 300
FACE = ((140, 90), (200, 95), (168, 125), (145, 160), (195, 162))
"""Landmarks in the photo of 300 × 240, as `Landmarks` orders them."""


def painted(width: int = 300, height: int = 240) -> RgbImage:
    """Large soft blots, so that half a pixel more or less changes little."""
    rng = np.random.default_rng(3)
    small = Image.fromarray(rng.integers(0, 256, (8, 10, 3), dtype=np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def member(
    path: Path,
    image: RgbImage,
    *,
    landmarks: Landmarks | None = None,
    phash: int = 0,
    mirrored: bool = False,
) -> Member:
    Image.fromarray(image).save(path)
    height, width = image.shape[:2]
    hashes = PhotoHashes(phash, ~phash & (1 << 64) - 1)
    photo = Photo(
        id=phash + 1,
        path=str(path),
        person_hint=None,
        status=PhotoStatus.OK,
        reason=None,
        width=width,
        height=height,
        size_bytes=1,
        mtime_ns=1,
        sha256=decode(path).sha256,
        hashes=hashes,
        preferred=False,
    )
    faces = () if landmarks is None else (face(landmarks, hashes),)
    return Member(photo, 0, mirrored, same_file=False, is_keeper=False, faces=faces)


def face(landmarks: Landmarks, hashes: PhotoHashes) -> Face:
    return Face(
        id=1,
        photo_id=1,
        box=Box(100, 50, 240, 200),
        landmarks=landmarks,
        score=0.9,
        pose=Pose(0, 0, 0),
        sharpness=40,
        brightness=120,
        contrast=40,
        hashes=hashes,
        detector="fake-1",
        person_id=None,
        name_source=None,
        decision=Decision.UNDECIDED,
        failed=(),
    )


def points(*, left: float = 0, top: float = 0, scale: float = 1) -> Landmarks:
    return Landmarks(*(Point((x - left) * scale, (y - top) * scale) for x, y in FACE))


@pytest.fixture
def thumbnails(tmp_path: Path) -> Thumbnails:
    return Thumbnails(tmp_path / "cache")


def test_a_resized_copy_differs_hardly_anywhere(tmp_path: Path, thumbnails: Thumbnails) -> None:
    image = painted()
    large = np.asarray(Image.fromarray(image).resize((900, 720), Image.Resampling.BICUBIC))
    one = member(tmp_path / "one.png", image)
    found = overlay(thumbnails, one, member(tmp_path / "two.png", large), SIDE)
    assert found.one.shape == found.other.shape == found.difference.shape == image.shape
    assert np.array_equal(found.one, image)
    assert np.median(found.difference) <= 6
    assert (found.difference > 40).mean() < 0.01


def test_what_was_painted_in_shows_where_it_is(tmp_path: Path, thumbnails: Thumbnails) -> None:
    image = painted()
    marked = image.copy()
    marked[30:60, 200:260] = 255 - marked[30:60, 200:260]
    one, two = member(tmp_path / "one.png", image), member(tmp_path / "two.png", marked)
    shown = overlay(thumbnails, one, two, SIDE).difference
    assert shown[30:60, 200:260].mean() > 60
    shown[30:60, 200:260] = 0
    assert shown.max() <= 3


def test_a_cropped_copy_lies_on_its_original_by_the_face(
    tmp_path: Path, thumbnails: Thumbnails
) -> None:
    image = painted()
    crop = np.asarray(Image.fromarray(image[40:220, 80:280]).resize((400, 360)))
    one = member(tmp_path / "one.png", image, landmarks=points())
    two = member(
        tmp_path / "two.png", crop, landmarks=points(left=80, top=40, scale=2), phash=0xFFFF
    )
    found = overlay(thumbnails, one, two, SIDE)
    assert found.difference[50:210, 90:270].mean() < 8
    assert not found.other[:35].any()
    assert not found.difference[:35].any(), "nothing is compared where the crop shows nothing"


def test_a_mirrored_copy_is_turned_over(tmp_path: Path, thumbnails: Thumbnails) -> None:
    image = painted()
    flipped = np.ascontiguousarray(image[:, ::-1])
    one = member(tmp_path / "one.png", image)
    two = member(tmp_path / "two.png", flipped, mirrored=True)
    assert overlay(thumbnails, one, two, SIDE).difference.max() <= 3

    right, left, nose, right_mouth, left_mouth = (Point(300 - x, y) for x, y in FACE)
    theirs = Landmarks(left, right, nose, left_mouth, right_mouth)
    one = member(tmp_path / "one.png", image, landmarks=points())
    far = member(tmp_path / "two.png", flipped, landmarks=theirs, phash=0xFFFF, mirrored=True)
    assert overlay(thumbnails, one, far, SIDE).difference.mean() < 8


def test_copies_without_faces_are_stretched_over_each_other(
    tmp_path: Path, thumbnails: Thumbnails
) -> None:
    one = member(tmp_path / "one.png", painted())
    two = member(tmp_path / "two.png", painted(300, 200), phash=0xFFFF)
    assert overlay(thumbnails, one, two, SIDE).other.shape == (240, 300, 3)


def test_a_photo_that_has_gone_is_an_error(tmp_path: Path, thumbnails: Thumbnails) -> None:
    one, two = (member(tmp_path / f"{n}.png", painted()) for n in range(2))
    (tmp_path / "1.png").unlink()
    with pytest.raises(ImageError):
        overlay(thumbnails, one, two, SIDE)
