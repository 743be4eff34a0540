"""Random changes of crops: each by itself, all at once, and none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.domain.training import Augmentation
from facegui.training import augment
from facegui.training.augment import augmented

Crops = NDArray[np.uint8]

OFF = Augmentation(flip=False)
STRONG = Augmentation(
    shift=0.1,
    zoom=0.2,
    rotation=20,
    shear=10,
    brightness=0.3,
    contrast=(0.5, 1.8),
    hue=0.06,
    saturation=(0.4, 1.8),
    blur=1.5,
    cutout=0.4,
)
EACH = {
    "flip": replace(OFF, flip=True),
    "shift": replace(OFF, shift=0.1),
    "zoom": replace(OFF, zoom=0.2),
    "rotation": replace(OFF, rotation=20.0),
    "shear": replace(OFF, shear=10.0),
    "brightness": replace(OFF, brightness=0.3),
    "contrast": replace(OFF, contrast=(0.5, 1.8)),
    "hue": replace(OFF, hue=0.06),
    "saturation": replace(OFF, saturation=(0.4, 1.8)),
    "blur": replace(OFF, blur=1.5),
    "cutout": replace(OFF, cutout=0.4),
}
COUNT = 40


def noise(side: int = 24, channels: int = 3, count: int = COUNT) -> Crops:
    """Mid tones, so that changes do not run into black or white."""
    draw = np.random.default_rng(0)
    return draw.integers(90, 160, (count, side, side, channels), np.uint8)


def crosses(side: int = 49) -> Crops:
    """A dark upright bar and a dark level one through the middle of a light square."""
    crops = np.full((COUNT, side, side, 3), 240, np.uint8)
    crops[:, 2:-2, side // 2] = crops[:, side // 2, 2:-2] = 0
    return crops


def luma(crops: Crops) -> NDArray[np.float64]:
    return crops @ np.array([0.299, 0.587, 0.114])


def bars(*, upright: bool) -> Crops:
    """One dark bar through the middle of a light square."""
    crops = np.full((COUNT, 49, 49, 3), 240, np.uint8)
    crops[:, :, 24] = 0
    return crops if upright else crops.swapaxes(1, 2).copy()


def bar_angles(crops: Crops, *, upright: bool) -> NDArray[np.float64]:
    """Degrees by which the bar of each crop is turned clockwise."""
    dark = 240.0 - crops[..., 0]
    if not upright:
        dark = dark.swapaxes(1, 2)
    at = np.arange(49) - 24
    where = (dark * at).sum(axis=2) / dark.sum(axis=2)
    slopes = np.polyfit(at[10:-10], where[:, 10:-10].T, 1)[0]
    return np.degrees(np.arctan(slopes)) * (-1 if upright else 1)


# Nothing


@pytest.mark.parametrize("side", [28, 96, 150, 227])
def test_neutral_settings_leave_every_bit(side: int) -> None:
    crops = noise(side)
    np.testing.assert_array_equal(augmented(crops, OFF, (0, 1)), crops)


def test_what_is_off_is_off_even_beside_what_is_not() -> None:
    """Of the crops that a flip leaves alone, no bit is touched."""
    crops = noise()
    found = augmented(crops, EACH["flip"], (0, 1))
    same = [np.array_equal(a, b) for a, b in zip(found, crops, strict=True)]
    assert 10 < sum(same) < 30


# Geometry


def test_flip_mirrors_half_and_only_mirrors() -> None:
    crops = noise(count=400)
    found = augmented(crops, EACH["flip"], (0, 1))
    kept = np.array([np.array_equal(a, b) for a, b in zip(found, crops, strict=True)])
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(found, crops, strict=True)]
    np.testing.assert_array_equal(kept, ~np.array(mirrored))
    assert 150 < kept.sum() < 250


def test_flip_within_a_resampling_is_the_same_mirror_image() -> None:
    """A shift too small to be seen goes through the resampling; it flips the same crops."""
    crops = noise()
    plain = augmented(crops, EACH["flip"], (0, 1)).astype(int)
    resampled = augmented(crops, replace(EACH["flip"], shift=1e-7), (0, 1))
    assert np.abs(plain - resampled).max() <= 1


def test_shift_moves_by_up_to_its_fraction_both_ways() -> None:
    found = augmented(crosses(), EACH["shift"], (0, 1))
    side = found.shape[1]
    dark = 240.0 - found[..., 0]
    at = np.arange(side) - side // 2
    rows, columns = dark.sum(axis=2), dark.sum(axis=1)
    for profile in (rows, columns):
        moved = at[profile.argmax(axis=1)]
        assert np.abs(moved).max() <= round(0.1 * side)
        assert moved.min() < -2
        assert moved.max() > 2


def test_edges_go_on_where_a_crop_ends() -> None:
    crops = np.full((COUNT, 24, 24, 3), 200, np.uint8)
    settings = replace(OFF, shift=0.2, zoom=0.3, rotation=45.0, shear=20.0)
    np.testing.assert_array_equal(augmented(crops, settings, (0, 1)), crops)


@pytest.mark.parametrize("name", ["zoom", "rotation", "shear"])
def test_the_middle_stays(name: str) -> None:
    found = augmented(crosses(), EACH[name], (0, 1))
    middle = found.shape[1] // 2
    assert (found[:, middle, middle] < 60).all()


def test_rotation_turns_upright_and_level_bars_by_the_same_angle() -> None:
    uprights, levels = (
        bar_angles(augmented(bars(upright=way), EACH["rotation"], (0, 1)), upright=way)
        for way in (True, False)
    )
    np.testing.assert_allclose(uprights, levels, atol=0.5)
    assert np.abs(uprights).max() <= 20.5
    assert uprights.min() < -10
    assert uprights.max() > 10


def test_shear_leans_the_upright_bar_and_leaves_the_level_one() -> None:
    uprights, levels = (
        bar_angles(augmented(bars(upright=way), EACH["shear"], (0, 1)), upright=way)
        for way in (True, False)
    )
    np.testing.assert_allclose(levels, 0, atol=0.1)
    assert np.abs(uprights).max() <= 10.5
    assert uprights.min() < -5
    assert uprights.max() > 5


def test_zoom_makes_larger_and_smaller() -> None:
    crops = np.full((COUNT, 50, 50, 3), 240, np.uint8)
    crops[:, 15:35, 15:35] = 0
    found = augmented(crops, EACH["zoom"], (0, 1))
    sides = np.sqrt((240.0 - found[..., 0]).sum(axis=(1, 2)) / 240)
    assert 15.5 <= sides.min() < 18.5
    assert 21.5 < sides.max() <= 24.5


# Colour


def test_brightness_adds_the_same_to_every_pixel_of_a_crop() -> None:
    crops = noise()
    change = augmented(crops, EACH["brightness"], (0, 1)).astype(int) - crops
    each = change.reshape(COUNT, -1)
    assert (each == each[:, :1]).all()
    assert np.abs(each).max() <= 0.3 * 255 + 1
    assert each.min() < -30
    assert each.max() > 30


def test_contrast_keeps_each_crops_mean() -> None:
    crops = noise()
    found = augmented(crops, replace(OFF, contrast=(0.5, 0.9)), (0, 1))
    np.testing.assert_allclose(found.mean(axis=(1, 2)), crops.mean(axis=(1, 2)), atol=0.5)
    ratio = found.std(axis=(1, 2)) / crops.std(axis=(1, 2))
    assert ((ratio > 0.48) & (ratio < 0.92)).all()
    assert ratio.max() - ratio.min() > 0.2


def test_no_contrast_at_all_is_the_mean() -> None:
    crops = noise()
    found = augmented(crops, replace(OFF, contrast=(0.0, 0.0)), (0, 1))
    mean = crops.mean(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(found, np.broadcast_to(mean, crops.shape), atol=0.6)


def test_without_saturation_only_luma_is_left() -> None:
    crops = noise()
    found = augmented(crops, replace(OFF, saturation=(0.0, 0.0)), (0, 1))
    for channel in range(3):
        np.testing.assert_allclose(found[..., channel], luma(crops), atol=1)


def test_hue_turns_colours_and_keeps_luma() -> None:
    crops = noise()
    found = augmented(crops, EACH["hue"], (0, 1))
    np.testing.assert_allclose(luma(found), luma(crops), atol=1)
    assert np.abs(found.astype(int) - crops).max() > 5


def test_a_whole_turn_of_hue_ends_where_it_began() -> None:
    reds = np.full((COUNT, 4, 4, 3), (200, 80, 80), np.uint8)
    tints = augment._tints(replace(OFF, hue=1.0), augment._Draws(COUNT, (0, 1)))
    turned = augmented(reds, replace(OFF, hue=1.0), (0, 1))[:, 0, 0]
    np.testing.assert_allclose(turned, np.clip(tints @ [200, 80, 80], 0, 255), atol=1)
    assert turned[:, 0].min() < 90, "some are no longer red"
    assert turned[:, 0].max() > 180, "and some are again"


def test_too_bright_is_white_and_does_not_wrap_around() -> None:
    crops = np.full((COUNT, 8, 8, 3), 250, np.uint8)
    found = augmented(crops, EACH["brightness"], (0, 1))
    assert (found > 160).all()
    assert (found == 255).any()


# Blur and cut-out


def test_blur_softens_and_keeps_the_mean() -> None:
    crops = noise(48)
    found = augmented(crops, EACH["blur"], (0, 1))
    np.testing.assert_allclose(found.mean(axis=(1, 2)), crops.mean(axis=(1, 2)), atol=1.5)
    ratio = found.std(axis=(1, 2, 3)) / crops.std(axis=(1, 2, 3))
    assert ratio.max() <= 1.001
    assert ratio.min() < 0.4


def test_blur_is_gaussian() -> None:
    """A point becomes a bell whose width is at most the one asked for."""
    crops = np.zeros((COUNT, 31, 31, 3), np.uint8)
    crops[:, 15, 15] = 255
    found = augmented(crops, replace(OFF, blur=2.0), (0, 1))[..., 0].astype(float)
    at = np.arange(31) - 15
    variances = (found.sum(axis=1) * at**2).sum(axis=1) / found.sum(axis=(1, 2))
    assert variances.max() <= 2.0**2
    assert variances.max() > 1.5**2
    assert variances.min() < 0.5**2
    np.testing.assert_allclose(found, found.swapaxes(1, 2), atol=1)


def test_cutout_fills_one_square_with_the_mean() -> None:
    crops = noise(40)
    found = augmented(crops, EACH["cutout"], (0, 1))
    sides = []
    for crop, image in zip(found, crops, strict=True):
        rows, columns = np.nonzero((crop != image).any(axis=2))
        if not len(rows):
            continue
        inside = crop[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert (inside == inside[0, 0]).all(), "the changed pixels are one box of one colour"
        np.testing.assert_allclose(inside[0, 0], image.mean(axis=(0, 1)), atol=0.6)
        sides.append(max(inside.shape))
    assert len(sides) > COUNT / 2
    assert max(sides) <= 0.4 * 40 + 1
    assert max(sides) > 8


def test_the_crops_given_are_not_written_to() -> None:
    crops = noise()
    before = crops.copy()
    crops.setflags(write=False)
    augmented(crops, STRONG, (0, 1))
    np.testing.assert_array_equal(crops, before)


# All


@pytest.mark.parametrize("name", EACH)
def test_each_draws_from_the_seed(name: str) -> None:
    crops = np.concatenate([noise(31), crosses(31)])
    first, again, other = (augmented(crops, EACH[name], (7, step)) for step in (1, 1, 2))
    assert first.dtype == np.uint8
    assert first.shape == crops.shape
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, crops)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, augmented(crops, EACH[name], (8, 1)))


@pytest.mark.parametrize(("side", "channels"), [(28, 1), (28, 3), (96, 3), (150, 3), (227, 3)])
def test_all_at_once_at_every_size(side: int, channels: int) -> None:
    crops = noise(side, channels, count=6)
    found = augmented(crops, STRONG, (0, 1))
    assert found.shape == crops.shape
    assert found.dtype == np.uint8
    assert not any(np.array_equal(a, b) for a, b in zip(found, crops, strict=True))


def test_crops_need_not_be_square() -> None:
    crops = noise()[:, :11]
    assert augmented(crops, STRONG, (0, 1)).shape == crops.shape


def test_grey_crops_have_no_colour_to_change() -> None:
    crops = noise(28, channels=1)
    tints = replace(OFF, hue=0.1, saturation=(0.2, 2.0))
    np.testing.assert_array_equal(augmented(crops, tints, (0, 1)), crops)


@pytest.mark.parametrize("name", ["shift", "rotation", "brightness", "contrast", "blur", "cutout"])
def test_grey_changes_as_colour_does(name: str) -> None:
    """A grey crop and the same in three equal channels come out alike."""
    grey = noise(28, channels=1)
    found = augmented(grey, EACH[name], (0, 1)).astype(int)
    in_colour = augmented(np.repeat(grey, 3, axis=3), EACH[name], (0, 1))
    assert np.abs(in_colour - found).max() <= 1


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    crops = noise(count=100)
    alone = []
    for threads in (1, 4):
        monkeypatch.setattr(augment, "_THREADS", threads)
        alone.append(augmented(crops, STRONG, (0, 1)))
    np.testing.assert_array_equal(*alone)


def test_one_setting_more_leaves_the_others_draws_alone() -> None:
    """What a preview shows must not jump about while one control moves."""
    crops = noise()
    turned = augmented(crops, EACH["rotation"], (0, 1))
    brighter = augmented(crops, replace(EACH["rotation"], brightness=0.2), (0, 1))
    difference = brighter.astype(int) - turned
    each = difference.reshape(COUNT, -1)
    assert (each == each[:, :1]).all()
