"""Thumbnails and crops: right pixels, kept by content, made again when they are gone or damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.entities import Decision, Face, Photo, PhotoHashes, PhotoStatus
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box, Landmarks, Point, Pose
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.services.scanning.thumbnails import STORED_PX, Thumbnails
from tests.fakes.exif import camera_jpeg

LANDMARKS = Landmarks(*(Point(0, 0),) * 5)


def save(path: Path, *, width: int = 1200, height: int = 900) -> Path:
    """Grey, but for a red square from (100, 100) to (300, 300)."""
    image = np.full((height, width, 3), 90, np.uint8)
    image[100:300, 100:300] = (255, 0, 0)
    assert cv2.imwrite(str(path), image[:, :, ::-1])
    return path


def photo_of(path: Path, *, scanned: bool = True) -> Photo:
    decoded = decode(path)
    return Photo(
        id=1,
        path=str(path),
        person_hint=None,
        status=PhotoStatus.OK if scanned else PhotoStatus.PENDING,
        reason=None,
        width=decoded.width if scanned else 0,
        height=decoded.height if scanned else 0,
        size_bytes=path.stat().st_size,
        mtime_ns=path.stat().st_mtime_ns,
        sha256=decoded.sha256 if scanned else None,
        hashes=None,
        preferred=False,
    )


def face_at(box: Box) -> Face:
    return Face(
        id=5,
        photo_id=1,
        box=box,
        landmarks=LANDMARKS,
        score=0.9,
        pose=Pose(0, 0, 0),
        sharpness=30,
        brightness=100,
        contrast=30,
        hashes=PhotoHashes(0, 0),
        detector="fake",
        person_id=None,
        name_source=None,
        decision=Decision.UNDECIDED,
        failed=(),
    )


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return save(tmp_path / "a.png")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def kept(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def is_red(pixel: np.ndarray) -> bool:
    red, green, blue = (int(value) for value in pixel)
    return red > 200 and green < 60 and blue < 60


def test_a_thumbnail_fits_and_is_kept(picture: Path, cache: Path) -> None:
    photo = photo_of(picture)
    small = Thumbnails(cache).photo(photo, 128)
    assert small.shape == (96, 128, 3)
    assert [file.stem for file in kept(cache)] == [photo.sha256]
    assert max(decode(kept(cache)[0]).image.shape) == STORED_PX


def test_what_is_kept_outlives_the_original(picture: Path, cache: Path) -> None:
    photo, face = photo_of(picture), face_at(Box(120, 120, 280, 280))
    thumbnails = Thumbnails(cache)
    thumbnails.photo(photo)
    thumbnails.faces(photo, [face])
    picture.unlink()
    assert thumbnails.photo(photo, 128).shape == (96, 128, 3)
    assert thumbnails.faces(photo, [face], 96)[0].shape == (96, 96, 3)


def test_the_cache_may_be_deleted(picture: Path, cache: Path) -> None:
    photo = photo_of(picture)
    thumbnails = Thumbnails(cache)
    thumbnails.photo(photo)
    for file in kept(cache):
        file.unlink()
    assert thumbnails.photo(photo, 128).shape == (96, 128, 3)


def test_a_damaged_file_is_made_again(picture: Path, cache: Path) -> None:
    photo = photo_of(picture)
    thumbnails = Thumbnails(cache)
    thumbnails.photo(photo)
    file = kept(cache)[0]
    file.write_bytes(file.read_bytes()[:200])
    assert thumbnails.photo(photo, 128).shape == (96, 128, 3)
    assert decode(file).image.shape == (240, 320, 3)


def test_a_crop_shows_the_face_with_room_around_it(picture: Path, cache: Path) -> None:
    photo, face = photo_of(picture), face_at(Box(100, 100, 300, 300))
    crop = Thumbnails(cache).faces(photo, [face])[0]
    assert crop.shape == (300, 300, 3)
    assert is_red(crop[150, 150])
    assert not is_red(crop[20, 150])
    assert is_red(crop[55, 150])


def test_small_faces_are_not_enlarged(picture: Path, cache: Path) -> None:
    crop = Thumbnails(cache).faces(photo_of(picture), [face_at(Box(150, 150, 210, 220))])[0]
    assert crop.shape == (105, 105, 3)


def test_a_face_at_the_edge_is_shown_without_anything_made_up(picture: Path, cache: Path) -> None:
    photo, corner = photo_of(picture), face_at(Box(-10, -10, 190, 190))
    crop = Thumbnails(cache).faces(photo, [corner])[0]
    assert crop.shape == (300, 300, 3)
    assert not is_red(crop[0, 0])
    assert is_red(crop[200, 200])


def test_all_faces_of_a_photo_come_in_the_order_asked(picture: Path, cache: Path) -> None:
    photo = photo_of(picture)
    red, grey = face_at(Box(120, 120, 280, 280)), face_at(Box(800, 500, 900, 600))
    thumbnails = Thumbnails(cache)
    thumbnails.faces(photo, [grey])
    crops = thumbnails.faces(photo, [red, grey], 64)
    assert is_red(crops[0][32, 32])
    assert not is_red(crops[1][32, 32])
    assert len(kept(cache)) == 2


def test_a_large_jpeg_is_cropped_from_a_reduced_decode(tmp_path: Path, cache: Path) -> None:
    image = np.full((3000, 4000, 3), 90, np.uint8)
    image[500:2500, 1000:3000] = (255, 0, 0)
    path = tmp_path / "large.jpg"
    assert cv2.imwrite(str(path), image[:, :, ::-1])
    crop = Thumbnails(cache).faces(photo_of(path), [face_at(Box(1000, 500, 3000, 2500))])[0]
    assert crop.shape == (STORED_PX, STORED_PX, 3)
    assert is_red(crop[160, 160])
    assert not is_red(crop[10, 160])


def test_a_photo_that_waits_for_its_scan_is_shown_and_kept_for_later(
    picture: Path, cache: Path
) -> None:
    Thumbnails(cache).photo(photo_of(picture, scanned=False))
    assert [file.stem for file in kept(cache)] == [photo_of(picture).sha256]


def test_a_changed_file_is_not_kept_as_the_old_one(picture: Path, cache: Path) -> None:
    photo = photo_of(picture)
    save(picture, width=600)
    Thumbnails(cache).photo(photo)
    assert photo.sha256 not in [file.stem for file in kept(cache)]


def test_whole_photos_are_large_enough_and_not_kept(picture: Path, cache: Path) -> None:
    assert Thumbnails(cache).whole(photo_of(picture), 1600).shape == (900, 1200, 3)
    assert kept(cache) == []


def test_forgetting_removes_the_photo_and_its_faces_only(tmp_path: Path, cache: Path) -> None:
    one, other = save(tmp_path / "1.png"), save(tmp_path / "2.png", width=640)
    thumbnails = Thumbnails(cache)
    for path in (one, other):
        thumbnails.photo(photo_of(path))
        thumbnails.faces(photo_of(path), [face_at(Box(120, 120, 280, 280))])
    thumbnails.forget([photo_of(one), photo_of(one, scanned=False)])
    left = {file.stem.partition("_")[0] for file in kept(cache)}
    assert left == {photo_of(other).sha256}


def test_an_unreadable_photo_says_why(picture: Path, cache: Path) -> None:
    photo = photo_of(picture)
    picture.write_bytes(b"<html>")
    with pytest.raises(ImageError, match="web page"):
        Thumbnails(cache).photo(photo)
    with pytest.raises(ImageError, match="web page"):
        Thumbnails(cache).faces(photo, [face_at(Box(0, 0, 50, 50))])


def test_a_cache_that_cannot_be_written_is_done_without(picture: Path, cache: Path) -> None:
    cache.write_text("in the way")
    assert Thumbnails(cache).photo(photo_of(picture), 128).shape == (96, 128, 3)


def test_a_glance_is_what_the_camera_left_while_nothing_better_is_kept(
    tmp_path: Path, cache: Path
) -> None:
    path = tmp_path / "camera.jpg"
    path.write_bytes(camera_jpeg(2000, 1500, orientation=6))
    photo, thumbnails = photo_of(path), Thumbnails(cache)

    rough = thumbnails.glance(photo, 128)
    assert rough is not None
    assert rough.shape == (128, 96, 3)
    assert thumbnails.glance(photo, 320) is not None
    assert thumbnails.glance(photo, 400) is None  # more than twice enlarged would be too rough
    assert kept(cache) == []

    thumbnails.photo(photo)
    assert thumbnails.glance(photo, 128) is None


def test_no_glance_where_there_is_no_thumbnail_or_no_file(picture: Path, cache: Path) -> None:
    photo, thumbnails = photo_of(picture), Thumbnails(cache)
    assert thumbnails.glance(photo, 128) is None
    picture.unlink()
    assert thumbnails.glance(photo, 128) is None


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_photo_on_its_side_is_shown_upright_and_so_are_its_faces(
    tmp_path: Path, cache: Path, rotation: int
) -> None:
    upright = np.full((900, 1200, 3), 90, np.uint8)
    upright[100:200, 100:300] = (255, 0, 0)  # the upper half of the face
    upright[200:300, 100:300] = (0, 0, 255)
    path = tmp_path / "lying.png"
    lying = np.rot90(upright, rotation // 90)
    assert cv2.imwrite(str(path), lying[:, :, ::-1])
    photo = replace(photo_of(path), rotation=rotation)
    assert photo.shown_size == (1200, 900)
    box = Box(100, 100, 300, 300).turned(360 - rotation, 1200, 900)
    assert photo.shown_box(box) == Box(100, 100, 300, 300)
    thumbnails = Thumbnails(cache)
    for _kept in range(2):
        shown = thumbnails.photo(photo)
        assert shown.shape[1] > shown.shape[0]
        (crop,) = thumbnails.faces(photo, [face_at(box)])
        middle = crop.shape[0] // 2
        assert crop[middle - 20, middle].argmax() == 0
        assert crop[middle + 20, middle].argmax() == 2
    assert thumbnails.whole(photo, 900).shape[:2] == (900, 1200)
