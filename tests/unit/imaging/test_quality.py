from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.domain.rules import Limits
from facegui.imaging.cv import cv2
from facegui.imaging.quality import measure, sharpness


def detailed(size: int = 112, seed: int = 0) -> NDArray[np.uint8]:
    """Detail at every scale, as natural pictures have it: noise whose power falls as 1/f²."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.fft2(rng.normal(size=(size, size)))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    frequency[0, 0] = np.inf
    picture = np.fft.ifft2(spectrum / frequency).real
    return (picture / picture.std() * 40 + 128).clip(0, 255).astype(np.uint8)


def blurred(luma: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma), np.uint8)


def test_more_blur_is_less_sharp() -> None:
    values = [sharpness(detailed())]
    values += [sharpness(blurred(detailed(), sigma)) for sigma in (0.7, 1, 1.5, 2)]
    assert values == sorted(values, reverse=True)
    assert values[0] > Limits().min_sharpness


@pytest.mark.parametrize("sigma", [3, 6, 12, 25])
def test_heavy_blur_is_never_sharp(sigma: float) -> None:
    assert sharpness(blurred(detailed(), sigma)) < Limits().min_sharpness / 2


@pytest.mark.parametrize("width", [12, 20, 30])
def test_a_small_face_enlarged_comes_out_blurred(width: int) -> None:
    small = cv2.resize(detailed(), (width, width), interpolation=cv2.INTER_AREA)
    for how in (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4):
        large = np.asarray(cv2.resize(small, (112, 112), interpolation=how), np.uint8)
        assert sharpness(large) < Limits().min_sharpness


def test_a_wholly_blurred_face_is_not_sharp_for_the_rounding_of_its_greys() -> None:
    ramp = np.tile(np.linspace(100, 140, 112).astype(np.uint8), (112, 1))
    assert sharpness(ramp) < 1


def test_neither_contrast_nor_brightness_counts() -> None:
    luma = detailed()
    flat = (luma * 0.5 + 90).astype(np.uint8)
    assert sharpness(flat) == pytest.approx(sharpness(luma), abs=2)


def test_a_shaken_camera_counts_too() -> None:
    shaken = np.asarray(cv2.blur(detailed(), (15, 1)), np.uint8)
    assert sharpness(shaken) < 0.8 * sharpness(detailed())


def test_either_axis_counts_the_same() -> None:
    assert sharpness(detailed().T.copy()) == pytest.approx(sharpness(detailed()), rel=1e-5)


def test_it_stays_between_0_and_100() -> None:
    checks = (np.indices((112, 112)).sum(axis=0) % 2 * 255).astype(np.uint8)
    assert sharpness(np.full((112, 112), 90, np.uint8)) == 0
    assert 30 < sharpness(checks) <= 100


def test_brightness_and_contrast_are_those_of_luma() -> None:
    crop = np.zeros((112, 112, 3), np.uint8)
    crop[:56] = 255
    quality = measure(crop)
    assert quality.brightness == pytest.approx(127.5)
    assert quality.contrast == pytest.approx(127.5)


def test_green_is_brighter_than_blue() -> None:
    green, blue = np.zeros((2, 112, 112, 3), np.uint8)
    green[..., 1] = 200
    blue[..., 2] = 200
    assert measure(green).brightness > 4 * measure(blue).brightness
    assert measure(green).contrast == pytest.approx(0, abs=1e-3)


def coloured(*channels: float) -> NDArray[np.uint8]:
    """`detailed`, each channel taken to another share of it."""
    return (detailed()[..., None] * np.array(channels)).astype(np.uint8)


def test_grey_has_no_chroma() -> None:
    quality = measure(coloured(1, 1, 1))
    assert (quality.chroma, quality.chroma_spread) == (0, 0)


def test_sepia_has_chroma_but_no_spread() -> None:
    sepia = detailed()[..., None] * 0.5 + np.array([110, 100, 80])
    quality = measure(sepia.astype(np.uint8))
    assert quality.chroma > 8
    assert quality.chroma_spread < 2


def test_colours_that_differ_have_spread() -> None:
    crop = coloured(1, 0.75, 0.6)
    crop[40:70, 30:80] = (180, 60, 70)
    assert measure(crop).chroma_spread > 5


def test_chroma_does_not_tell_colours_apart() -> None:
    red, blue = np.zeros((2, 112, 112, 3), np.uint8)
    red[:] = (200, 120, 120)
    blue[:] = (130, 130, 190)
    assert measure(red).chroma == pytest.approx(measure(blue).chroma, rel=0.3)
    assert measure(red).chroma > 20
