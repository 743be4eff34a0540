"""Cutting crops: the right pixels in the right rows, once, and nothing half done."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import DatasetItem
from facegui.domain.errors import Cancelled, ImageError, StorageFault
from facegui.domain.training import Preprocessing
from facegui.services.learning import crops
from facegui.services.learning.crops import UnreadableFaces, crops_file, cut
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.learning.inputs import network_crop
from tests.fakes.control import RecordingControl
from tests.fakes.training_library import FakeLibrary

ALIGNED = Preprocessing("aligned", 96, 0.1)
BOX = Preprocessing("box", 48, 0.2)


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    library = FakeLibrary(tmp_path / "library")
    for name in ("Ada", "Zoë"):
        library.add(name, 6, folder=tmp_path / "photos")
    library.write_photos()
    return library


@pytest.fixture
def items(library: FakeLibrary) -> tuple[DatasetItem, ...]:
    return build_dataset(library, DatasetRequest())[0].items


@pytest.mark.parametrize("wanted", [ALIGNED, BOX])
def test_rows_follow_the_items(
    library: FakeLibrary, items: tuple[DatasetItem, ...], wanted: Preprocessing
) -> None:
    array = np.load(crops_file(library, items, wanted, NullControl()))
    assert array.shape == (12, wanted.size_px, wanted.size_px, 3)
    assert array.dtype == np.uint8
    for row, item in enumerate(items):
        image = np.asarray(Image.open(item.path))
        expected = network_crop(image, item.box, item.landmarks, wanted)
        np.testing.assert_array_equal(array[row], expected)


def test_cut_once_and_then_cached(library: FakeLibrary, items: tuple[DatasetItem, ...]) -> None:
    path = crops_file(library, items, ALIGNED, NullControl())
    for item in items:
        Path(item.path).unlink()
    assert crops_file(library, items, ALIGNED, NullControl()) == path


def test_seeds_share_an_array(library: FakeLibrary, items: tuple[DatasetItem, ...]) -> None:
    other = build_dataset(library, DatasetRequest(seed=5))[0].items
    assert other != items
    paths = {crops_file(library, some, ALIGNED, NullControl()) for some in (items, other)}
    assert len(paths) == 1


def test_what_decides_the_pixels_decides_the_file(
    library: FakeLibrary, items: tuple[DatasetItem, ...]
) -> None:
    first = crops_file(library, items, ALIGNED, NullControl())
    assert crops_file(library, items, BOX, NullControl()) != first
    assert crops_file(library, items[1:], ALIGNED, NullControl()) != first
    library.change_face(1, landmarks=items[0].landmarks._replace(nose=items[0].landmarks.left_eye))
    moved = build_dataset(library, DatasetRequest())[0].items
    assert crops_file(library, moved, ALIGNED, NullControl()) != first


def test_photos_that_went_or_changed_are_told(
    library: FakeLibrary, items: tuple[DatasetItem, ...]
) -> None:
    Path(items[0].path).unlink()
    Path(items[1].path).write_bytes(b"<html>")
    Path(items[2].path).write_bytes(Path(items[3].path).read_bytes())
    with pytest.raises(UnreadableFaces) as caught:
        crops_file(library, items, ALIGNED, NullControl())
    reasons = caught.value.reasons
    assert set(reasons) == {item.face_id for item in items[:3]}
    assert "changed since it was scanned" in reasons[items[2].face_id].reason
    assert list((library.cache_dir / "training").iterdir()) == []


def test_faces_of_one_photo_are_decoded_once(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.change_face(2, photo_id=1)
    items = build_dataset(library, DatasetRequest())[0].items
    decoded = []
    real = crops.decode
    monkeypatch.setattr(crops, "decode", lambda path: decoded.append(path) or real(path))
    found = list(cut(items, ALIGNED, NullControl()))
    assert len(found) == 12
    assert len(decoded) == len(set(decoded)) == 11


@pytest.mark.parametrize("how", [Stop.KEEP, Stop.DISCARD])
def test_stopping_leaves_nothing(
    library: FakeLibrary,
    items: tuple[DatasetItem, ...],
    how: Stop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crops, "_DECODED_AHEAD", 1)
    control = RecordingControl(lambda seen: how if seen.progress else Stop.NO)
    with pytest.raises(Cancelled):
        crops_file(library, items, ALIGNED, control)
    assert control.progress[-1].total == 12
    assert list((library.cache_dir / "training").iterdir()) == []


def test_old_arrays_go(library: FakeLibrary, items: tuple[DatasetItem, ...]) -> None:
    made = []
    for size in range(10, 10 + crops.KEPT_FILES + 2):
        path = crops_file(library, items, Preprocessing("box", size, 0.0), NullControl())
        os.utime(path, (size, size))
        made.append(path)
    assert [path.exists() for path in made] == [False, False, *[True] * crops.KEPT_FILES]


def test_a_disk_that_refuses_is_told(library: FakeLibrary, items: tuple[DatasetItem, ...]) -> None:
    library.cache_dir.parent.mkdir(parents=True)
    library.cache_dir.write_text("in the way")
    with pytest.raises(StorageFault):
        crops_file(library, items, ALIGNED, NullControl())


def test_unreadable_items_come_with_their_reason(items: tuple[DatasetItem, ...]) -> None:
    Path(items[4].path).unlink()
    bad = [
        (item.face_id, crop)
        for item, crop in cut(items, ALIGNED, NullControl())
        if isinstance(crop, ImageError)
    ]
    assert [face_id for face_id, _ in bad] == [items[4].face_id]
