"""Which part of a face spoke for its name: parts are covered in turn, and the loss is noted.

Occlusion as Zeiler and Fergus have it (ECCV 2014), with discs that overlap and show the crop out of
focus: light and skin stay, features go. Each place gets the mean loss of the discs about it, those
in whose middle it lies the most, as RISE weighs its masks (Petsiuk et al., BMVC 2018). Discs
without a sharp edge say less: ``benchmarks/why.py`` checks what masking the found places costs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, Progress
from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled
from facegui.domain.text import tr

Floats = NDArray[np.float32]
Crops = NDArray[np.uint8]

GRID = 7
"""Discs in a row and in a column."""

AT_ONCE = 16
"""Covered crops that a network is asked about at a time, between two looks for a *stop*."""

_RADIUS = 0.13  # of a disc, in sides of the crop: all of it is covered by one or another
_SPREAD = 0.11  # standard deviation of the bell by which a disc's loss counts around it, likewise
_BLUR = 0.12  # half the side of the square that pixels are averaged over, in sides of the crop
_BLUR_PASSES = 3  # three boxes are nearly a bell


def occlusion_map(
    score: Callable[[Crops], Floats], crop: RgbImage, control: Control
) -> NDArray[np.float32]:
    """How much of *score* every pixel of a crop carries.

    Args:
        score: of crops (n, side, side, 3), float32 (n,); how well each fits the name.
        crop: uint8 (side, side, 3).
        control: hears of the progress, and may stop it.

    Returns:
        float32 (side, side), in units of the score: above 0 where covering lowers it.

    Raises:
        Cancelled: told to stop.
    """
    away = distances(len(crop))
    discs, fill = away < _RADIUS, out_of_focus(crop)
    whole = score(crop[None])[0]
    drops: list[Floats] = []
    for start in range(0, len(discs), AT_ONCE):
        if control.cancelled():
            raise Cancelled
        drops.append(whole - score(covered(crop, discs[start : start + AT_ONCE], fill)))
        done = min(start + AT_ONCE, len(discs))
        control.report(Progress(done, len(discs), tr("Looking for what spoke")))
    return carried(away, np.concatenate(drops))


def distances(side_px: int) -> Floats:
    """How far each pixel is from the middle of each disc, (n, side, side), in sides of the crop."""
    middles = (np.arange(GRID) + 0.5) / GRID
    places = (np.arange(side_px) + 0.5) / side_px
    steps = (places[None] - middles[:, None]) ** 2
    both = steps[:, None, :, None] + steps[None, :, None, :]
    return np.sqrt(both).reshape(GRID * GRID, side_px, side_px).astype(np.float32)


def covered(crop: RgbImage, masks: NDArray[np.bool_], fill: RgbImage) -> Crops:
    """*crop* with *fill* in its place where each of *masks* (n, side, side) is."""
    return np.where(masks[..., None], fill, crop)


def carried(away: Floats, drops: Floats) -> Floats:
    """The mean of *drops* (n,) at every pixel; those of near discs count most."""
    weights = np.exp(-(away**2) / (2 * _SPREAD**2))
    return np.asarray(np.tensordot(drops, weights, axes=1) / weights.sum(axis=0), np.float32)


def out_of_focus(crop: RgbImage) -> RgbImage:
    """*crop* blurred so far that no feature of a face is left."""
    radius = max(1, round(_BLUR * len(crop)))
    blurred = crop.astype(np.float64)
    for _ in range(_BLUR_PASSES):
        for axis in (0, 1):
            blurred = _averaged(blurred, radius, axis)
    return np.round(blurred).astype(np.uint8)


def _averaged(picture: NDArray[np.float64], radius: int, axis: int) -> NDArray[np.float64]:
    """Each pixel's mean over *radius* neighbours either way; the edge's pixels go on."""
    room = [(radius + 1, radius) if n == axis else (0, 0) for n in range(picture.ndim)]
    sums = np.cumsum(np.pad(picture, room, mode="edge"), axis=axis)
    ahead = np.take(sums, range(2 * radius + 1, sums.shape[axis]), axis=axis)
    behind = np.take(sums, range(sums.shape[axis] - 2 * radius - 1), axis=axis)
    return np.asarray((ahead - behind) / (2 * radius + 1))
