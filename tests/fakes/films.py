"""Films made of photos: people who turn, cross, go away and are cut to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from facegui.domain.entities import RgbImage
from facegui.imaging.cv import cv2

FPS = 10.0
_GREY = 128


def blank(width: int = 640, height: int = 480) -> RgbImage:
    """An empty stage."""
    return np.full((height, width, 3), _GREY, np.uint8)


def portrait(photo: RgbImage, height: int = 300) -> RgbImage:
    """*photo* at this height, as it is pasted into a film."""
    width = round(photo.shape[1] * height / photo.shape[0])
    return np.asarray(cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def turning(photos: Sequence[RgbImage], hold: int = 3, fade: int = 2) -> Iterator[RgbImage]:
    """One person through several photos: each is held, and blends into the next."""
    for one, other in pairwise([*photos, photos[-1]]):
        yield from [one] * hold
        for step in range(1, fade + 1):
            share = step / (fade + 1)
            yield np.asarray(cv2.addWeighted(one, 1 - share, other, share, 0), np.uint8)


def placed(*pieces: tuple[RgbImage, int, int], stage: RgbImage | None = None) -> RgbImage:
    """A frame with each (picture, x, y) pasted in, the later over the earlier, cut at the edges."""
    frame = (blank() if stage is None else stage).copy()
    height, width = frame.shape[:2]
    for picture, x, y in pieces:
        left, top = max(0, x), max(0, y)
        right, bottom = min(width, x + picture.shape[1]), min(height, y + picture.shape[0])
        if left < right and top < bottom:
            frame[top:bottom, left:right] = picture[top - y : bottom - y, left - x : right - x]
    return frame


def blurred(picture: RgbImage, sigma: float = 6.0) -> RgbImage:
    """As out of focus."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)
