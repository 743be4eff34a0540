"""Hashes are imagehash's, bit for bit, for pictures of every shape."""

from __future__ import annotations

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from facegui.domain.entities import RgbImage
from facegui.duplicates.hashing import SIDE_PX, grey_hashes, photo_hashes


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


def one_by_one(greys: NDArray[np.uint8]) -> list[tuple[str, str]]:
    pictures = [Image.fromarray(grey) for grey in greys]
    turned = [picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for picture in pictures]
    return [
        (str(imagehash.phash(plain)), str(imagehash.phash(mirror)))
        for plain, mirror in zip(pictures, turned, strict=True)
    ]


def in_bulk(greys: NDArray[np.uint8]) -> list[tuple[str, str]]:
    found = grey_hashes(greys)
    return [(f"{a:016x}", f"{b:016x}") for a, b in zip(*(c.tolist() for c in found), strict=True)]


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 40), levels=st.integers(1, 256))
def test_many_at_once_are_what_each_is_alone(seed: int, count: int, levels: int) -> None:
    """With few levels of grey many numbers of the transform are equal, or all but equal."""
    rng = np.random.default_rng(seed)
    greys = rng.integers(0, levels, (count, SIDE_PX, SIDE_PX), dtype=np.uint8)
    assert in_bulk(greys) == one_by_one(greys)


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, (3, SIDE_PX, SIDE_PX), fill=st.integers(0, 255)))
def test_pictures_with_large_flat_parts(greys: NDArray[np.uint8]) -> None:
    assert in_bulk(greys) == one_by_one(greys)


@pytest.mark.parametrize("axis", [1, 2])
def test_symmetric_pictures(axis: int) -> None:
    """Half of their numbers are nought, or would be if sums were exact."""
    greys = np.random.default_rng(5).integers(0, 256, (50, SIDE_PX, SIDE_PX), dtype=np.uint8)
    half = np.take(greys, range(SIDE_PX // 2), axis)
    greys = np.concatenate([half, np.flip(half, axis)], axis)
    assert in_bulk(greys) == one_by_one(greys)
    if axis == 2:
        plain, mirror = grey_hashes(greys)
        assert np.array_equal(plain, mirror)


def test_imagehash_is_hardly_ever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking it for each picture would be right as well, and slow."""
    greys = np.stack([_reduced(seed) for seed in range(300)])
    expected = one_by_one(greys)

    def refuse(_picture: Image.Image) -> None:
        raise AssertionError("asked about an ordinary picture")

    monkeypatch.setattr(imagehash, "phash", refuse)
    assert in_bulk(greys) == expected


def _reduced(seed: int) -> NDArray[np.uint8]:
    image = Image.fromarray(picture(90, 70, seed, 9)).convert("L")
    return np.asarray(image.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS))
