"""Hashes are imagehash's, bit for bit, for pictures of every shape."""

from __future__ import annotations

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facegui.domain.entities import RgbImage
from facegui.duplicates.hashing import photo_hashes


def picture(width: int, height: int, seed: int, cells: int) -> RgbImage:
    """Random coloured cells, enlarged: with edges, flat parts and noise, as photos have."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
    large = np.asarray(small.resize((width, height), Image.Resampling.BILINEAR)).astype(int)
    return np.clip(large + rng.integers(-6, 7, large.shape), 0, 255).astype(np.uint8)


def reference(image: RgbImage) -> tuple[str, str]:
    whole = Image.fromarray(image)
    mirrored = Image.fromarray(np.ascontiguousarray(image[:, ::-1]))
    return str(imagehash.phash(whole)), str(imagehash.phash(mirrored))


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(1, 700),
    height=st.integers(1, 700),
    seed=st.integers(0, 2**32 - 1),
    cells=st.integers(1, 40),
)
def test_bit_identical_to_imagehash(width: int, height: int, seed: int, cells: int) -> None:
    image = picture(width, height, seed, cells)
    found = photo_hashes(image)
    assert (f"{found.phash:016x}", f"{found.phash_mirror:016x}") == reference(image)


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1), (4032, 3024), (31, 33)])
def test_bit_identical_at_odd_sizes(size: tuple[int, int]) -> None:
    image = picture(*size, seed=5, cells=12)
    found = photo_hashes(image)
    assert (f"{found.phash:016x}", f"{found.phash_mirror:016x}") == reference(image)


def test_mirror_image_swaps_the_two() -> None:
    image = picture(320, 240, seed=1, cells=9)
    plain, mirrored = photo_hashes(image), photo_hashes(np.ascontiguousarray(image[:, ::-1]))
    assert (plain.phash, plain.phash_mirror) == (mirrored.phash_mirror, mirrored.phash)
    assert plain.phash != plain.phash_mirror


def test_values_are_unsigned_64_bit() -> None:
    values = [photo_hashes(picture(64, 64, seed, 8)).phash for seed in range(50)]
    assert all(0 <= value < 2**64 for value in values)
    assert max(values) >= 2**63  # the first bit is used, so a signed column needs converting


def test_input_is_not_changed() -> None:
    image = picture(64, 48, 3, 8)
    before = image.copy()
    photo_hashes(image)
    assert np.array_equal(image, before)
