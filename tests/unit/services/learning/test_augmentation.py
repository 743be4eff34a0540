"""Presets, faces to try them on, and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from facegui.domain.entities import Decision
from facegui.domain.errors import DatasetError, ImageError
from facegui.domain.training import Augmentation
from facegui.network.registry import network
from facegui.services.learning.augmentation import (
    STRONG,
    augmentation_presets,
    crop_to_show,
    faces_to_show,
    variants,
)
from facegui.services.libraries import Library
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> Library:
    fake = FakeLibrary(tmp_path / "library")
    for name in ("Ada", "Zoë", "Tom"):
        fake.add(name, 3, folder=tmp_path / "photos")
    for face_id in (7, 8, 9):  # all of Tom's
        fake.change_face(face_id, decision=Decision.REJECT)
    fake.change_face(2, decision=Decision.REJECT)
    fake.write_photos()
    return cast("Library", fake)


def test_presets_by_name() -> None:
    found = {preset.name: preset.settings for preset in augmentation_presets()}
    assert list(found) == ["none", "classic", "strong"]
    assert found["none"] == Augmentation(flip=False)
    assert found["classic"] == network("classic").defaults.augmentation
    assert found["strong"] == STRONG


def test_strong_leaves_nothing_out() -> None:
    neutral = Augmentation(flip=False)
    for name in Augmentation.__dataclass_fields__:
        assert getattr(STRONG, name) != getattr(neutral, name), name


def test_titles_are_different() -> None:
    titles = {preset.title for preset in augmentation_presets()}
    assert len(titles) == 3


def test_everybody_with_kept_faces(library: Library) -> None:
    found = {faces.person.name: faces.face_ids for faces in faces_to_show(library)}
    assert found == {"Ada": (1, 3), "Zoë": (4, 5, 6)}


def test_the_crop_is_what_the_network_is_shown(library: Library) -> None:
    crop = crop_to_show(library, "classic", 1)
    side = network("classic").preprocessing.size_px
    assert crop.shape == (side, side, 3)
    assert crop.dtype == np.uint8
    assert not np.array_equal(crop, crop_to_show(library, "classic", 3))


def test_a_photo_that_has_gone_says_so(library: Library) -> None:
    (photo,) = library.photos([1])
    Path(photo.path).unlink()
    with pytest.raises(ImageError, match=r"1\.png"):
        crop_to_show(library, "classic", 1)


def test_a_photo_that_has_changed_says_so(library: Library) -> None:
    (photo,) = library.photos([1])
    (other,) = library.photos([3])
    Path(photo.path).write_bytes(Path(other.path).read_bytes())
    with pytest.raises(ImageError, match="changed"):
        crop_to_show(library, "classic", 1)


def test_an_unknown_network_is_told(library: Library) -> None:
    with pytest.raises(DatasetError, match="nobody"):
        crop_to_show(library, "nobody", 1)


def test_variants_are_many_and_come_again(library: Library) -> None:
    crop = crop_to_show(library, "classic", 1)
    found = variants(crop, STRONG, 12, seed=3)
    assert found.shape == (12, *crop.shape)
    assert len({one.tobytes() for one in found}) == 12
    np.testing.assert_array_equal(found, variants(crop, STRONG, 12, seed=3))
    assert not np.array_equal(found, variants(crop, STRONG, 12, seed=4))


def test_without_settings_every_variant_is_the_crop(library: Library) -> None:
    crop = crop_to_show(library, "classic", 1)
    for one in variants(crop, Augmentation(flip=False), 5, seed=0):
        np.testing.assert_array_equal(one, crop)
