"""Random changes of training crops, drawn anew for every crop and step.

Everything that moves pixels (flip, shift, zoom, rotation, shear) is one resampling; brightness,
contrast, hue and saturation are linear in the pixel values and so are one 3 × 3 matrix and one
offset. OpenCV applies them to 8-bit crops, several times faster than the same in a graph of
TensorFlow: together about 5 % of a training step of the classic network, where Keras' layers take
as long as the step itself (ADR 7). Needs no TensorFlow.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from facegui.domain.training import Augmentation
from facegui.imaging.cv import cv2

Crop = NDArray[np.uint8]
Crops = NDArray[np.uint8]
Change = Callable[[int, Crop], Crop]
"""Changes the crop of that number in its batch; may return it as it is, and never writes to it."""

# NTSC 1953 (ITU-R BT.470 System M) RGB to YIQ; the first row is luma.
_YIQ = np.array([[0.299, 0.587, 0.114], [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])
_RGB = np.linalg.inv(_YIQ)
_COLOURS = 3

_LEAST_SIGMA = 0.2
"""Gaussian blur below this leaves 8-bit pixels nearly as they are (a neighbour weighs 4e-6)."""
_KERNEL_SIGMAS = 2.5
"""How far the blur looks, in standard deviations; beyond lies 1 % of the weight."""

_THREADS = os.cpu_count() or 1
_LEAST_SHARE = 16
"""Crops that are worth a thread of their own."""


def augmented(
    crops: Crops, settings: Augmentation, seed: Sequence[int] | NDArray[np.int32]
) -> Crops:
    """*crops*, uint8 (n, height, width, 1 or 3), each changed in its own way.

    The same *seed* gives the same changes, and a setting that is changed leaves what the others
    draw as it was. Settings without effect leave every bit as it is.
    """
    draw = _Draws(len(crops), seed)
    wanted = (
        _moves(crops.shape, settings, draw),
        _blurs(settings, draw),
        _colour_changes(crops.shape[-1], settings, draw),
        _cut_outs(crops.shape, settings, draw),
    )
    changes = [change for change in wanted if change is not None]
    if not changes:
        return crops
    found = np.empty_like(crops)

    def change_some(numbers: range) -> None:
        for number in numbers:
            crop = crops[number]
            for change in changes:
                crop = change(number, crop)
            found[number] = crop.reshape(found.shape[1:])  # OpenCV drops the axis of one channel

    _spread(len(crops), change_some)
    return found


def _spread(count: int, work: Callable[[range], None]) -> None:
    """Call *work* on all numbers below *count*, in parallel if they are many."""
    threads = min(_THREADS, count // _LEAST_SHARE)
    if threads < 2:  # noqa: PLR2004 - one of them is this one
        work(range(count))
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="facegui-augment") as pool:
        list(pool.map(work, (range(start, count, threads) for start in range(threads))))


class _Draws:
    """Independent uniform draws for each crop, whatever else is asked for, from one seed."""

    _NAMES = (
        "flip",
        "right",
        "down",
        "zoom",
        "rotation",
        "shear",
        "brightness",
        "contrast",
        "hue",
        "saturation",
        "blur",
        "cutout",
        "cutout_x",
        "cutout_y",
    )

    def __init__(self, count: int, seed: Sequence[int] | NDArray[np.int32]) -> None:
        self.count = count
        drawn = np.random.default_rng(seed).random((len(self._NAMES), count))
        self._drawn = dict(zip(self._NAMES, drawn, strict=True))

    def between(self, name: str, low: float, high: float) -> NDArray[np.float64]:
        """One number for each crop; always the same for the same name."""
        return np.asarray(low + (high - low) * self._drawn[name])

    def around(self, name: str, most: float) -> NDArray[np.float64]:
        """Likewise, from -*most* to *most*."""
        return self.between(name, -most, most)


def _uint8(image: cv2.typing.MatLike) -> Crop:
    """For the type checker: OpenCV keeps the type of the pixels, but its annotations do not."""
    return np.asarray(image, np.uint8)


def _moves(shape: tuple[int, ...], settings: Augmentation, draw: _Draws) -> Change | None:
    """Flip, shift, zoom, rotation and shear; at the edges the last pixels go on."""
    count, height, width = shape[:3]
    mirrored = (draw.between("flip", 0, 1) < 0.5) & settings.flip  # noqa: PLR2004 - half of them
    if not (settings.shift or settings.zoom or settings.rotation or settings.shear):
        if not settings.flip:
            return None
        return lambda number, crop: _uint8(cv2.flip(crop, 1)) if mirrored[number] else crop
    # From places in the changed crop to those in the original.
    turn = np.deg2rad(draw.around("rotation", settings.rotation))
    lean = np.tan(np.deg2rad(draw.around("shear", settings.shear)))
    scale = 1 / (1 + draw.around("zoom", settings.zoom))
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    linear = np.stack([cos, cos * lean - sin, sin, sin * lean + cos], axis=1).reshape(count, 2, 2)
    linear[mirrored, :, 0] *= -1
    middle = np.array([width - 1, height - 1]) / 2
    shift = np.stack([draw.around(way, settings.shift) for way in ("right", "down")], axis=1)
    offset = middle + shift * (width, height) - linear @ middle
    matrices = np.concatenate([linear, offset[:, :, None]], axis=2)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def move(number: int, crop: Crop) -> Crop:
        warped = cv2.warpAffine(
            crop, matrices[number], (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE
        )
        return _uint8(warped)

    return move


def _blurs(settings: Augmentation, draw: _Draws) -> Change | None:
    sigmas = draw.between("blur", 0, settings.blur)
    if settings.blur < _LEAST_SIGMA:
        return None

    def blur(number: int, crop: Crop) -> Crop:
        sigma = sigmas[number]
        if sigma < _LEAST_SIGMA:
            return crop
        side = 1 + 2 * int(np.ceil(_KERNEL_SIGMAS * sigma))
        kernel = cv2.getGaussianKernel(side, sigma)
        return _uint8(cv2.sepFilter2D(crop, -1, kernel, kernel))  # a third of GaussianBlur's time

    return blur


def _colour_changes(channels: int, settings: Augmentation, draw: _Draws) -> Change | None:
    """Brightness and contrast and, where there are colours, hue and saturation."""
    as_they_are = (1.0, 1.0)
    tinted = channels == _COLOURS and (settings.hue or settings.saturation != as_they_are)
    if not (tinted or settings.brightness or settings.contrast != as_they_are):
        return None
    tints = _tints(settings, draw) if tinted else [np.eye(channels)] * draw.count
    contrast = draw.between("contrast", *settings.contrast)
    brightness = 255 * draw.around("brightness", settings.brightness)

    def change_colours(number: int, crop: Crop) -> Crop:
        tint, factor = tints[number], contrast[number]
        mean = tint @ cv2.mean(crop)[:channels]
        offset = mean - factor * mean + brightness[number]
        return _uint8(cv2.transform(crop, np.column_stack([factor * tint, offset])))

    return change_colours


def _tints(settings: Augmentation, draw: _Draws) -> NDArray[np.float64]:
    """(n, 3, 3) matrices to multiply RGB with: the two colour axes of YIQ turned and stretched."""
    hue = 2 * np.pi * draw.around("hue", settings.hue)
    saturation = draw.between("saturation", *settings.saturation)
    cos, sin = saturation * np.cos(hue), saturation * np.sin(hue)
    turn = np.zeros((draw.count, 3, 3))
    turn[:, 0, 0] = 1
    turn[:, 1, 1], turn[:, 1, 2] = cos, -sin
    turn[:, 2, 1], turn[:, 2, 2] = sin, cos
    return np.asarray(_RGB @ turn @ _YIQ)


def _cut_outs(shape: tuple[int, ...], settings: Augmentation, draw: _Draws) -> Change | None:
    """A square of the crop's mean colour (DeVries and Taylor, 2017), perhaps partly outside."""
    if not settings.cutout:
        return None
    half = draw.between("cutout", 0, settings.cutout) / 2
    middles = [draw.between(way, 0, 1) for way in ("cutout_y", "cutout_x")]
    edges = [middle + sign * half for middle in middles for sign in (-1, 1)]
    sides = np.repeat(shape[1:3], 2)[:, None]
    squares = np.rint(np.clip(edges, 0, 1) * sides).astype(int).T.tolist()

    def cut_out(number: int, crop: Crop) -> Crop:
        top, bottom, left, right = squares[number]
        crop = crop.reshape(shape[1:]).copy()
        crop[top:bottom, left:right] = np.rint(cv2.mean(crop)[: shape[3]])
        return crop

    return cut_out
