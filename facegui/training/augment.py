"""Random changes of training crops, drawn anew for every crop and step. Engine process only.

Flip, shift and zoom pick rows and columns. Brightness, contrast, hue and saturation are all linear
in the pixel values, so one 3 × 3 matrix and one offset per crop do the four at once: 3 % of a
training step, where per-image operations take 5 % and more. Hue turns the two colour axes of YIQ,
as ``tf.image`` does in HSV.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from facegui.domain.training import Augmentation
from facegui.network.runtime import tensorflow

# NTSC 1953 (ITU-R BT.470 System M) RGB to YIQ; the first row is luma.
YIQ = np.array([[0.299, 0.587, 0.114], [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])

Tensor = Any


def augmented(images: Tensor, settings: Augmentation, seed: Tensor) -> Tensor:
    """*images*, float32 (n, height, width, 3) from 0 to 1, each changed in its own way.

    *seed* is int32 (2,); the same seed gives the same changes.
    """
    tf = tensorflow()
    draw = _Draws(tf.shape(images)[0], seed)
    if settings.flip or settings.shift or settings.zoom:
        images = _moved(images, settings, draw)
    if not changes_colour(settings):
        return images
    colour = _colour_matrices(
        draw.uniform(-settings.hue, settings.hue), draw.uniform(*settings.saturation)
    )
    contrast = draw.uniform(*settings.contrast)[:, None, None]
    brightness = draw.uniform(-settings.brightness, settings.brightness)[:, None, None]
    # contrast * (coloured - its mean) + its mean + brightness, with the mean pulled out.
    mean = tf.reduce_mean(images, axis=(1, 2))[:, None] @ colour
    pixels = tf.reshape(images, (tf.shape(images)[0], -1, 3))
    changed = pixels @ (contrast * colour) + (mean - contrast * mean + brightness)
    return tf.clip_by_value(tf.reshape(changed, tf.shape(images)), 0.0, 1.0)


def changes_colour(settings: Augmentation) -> bool:
    """Whether anything but where the pixels lie is asked for."""
    moved = Augmentation(flip=settings.flip, shift=settings.shift, zoom=settings.zoom)
    return settings != moved


def _moved(images: Tensor, settings: Augmentation, draw: _Draws) -> Tensor:
    """*images* mirrored, shifted and zoomed: rows and columns picked anew, edges going on."""
    tf = tensorflow()
    zoom = 1 + draw.uniform(-settings.zoom, settings.zoom)
    mirror = tf.where(draw.uniform(-float(settings.flip), 1.0) < 0, -1.0, 1.0)
    for axis, direction in ((1, 1.0), (2, mirror)):
        side = images.shape[axis]
        middle = (side - 1) / 2
        shift = draw.uniform(-settings.shift, settings.shift) * side
        offsets = (tf.range(side, dtype=tf.float32) - middle)[None]
        picked = middle + (direction / zoom)[:, None] * offsets + shift[:, None]
        nearest = tf.clip_by_value(tf.cast(tf.round(picked), tf.int32), 0, side - 1)
        images = tf.gather(images, nearest, axis=axis, batch_dims=1)
    return images


def _colour_matrices(hue: Tensor, saturation: Tensor) -> Tensor:
    """(n, 3, 3) matrices to multiply rows of RGB with; *hue* in turns, *saturation* a factor."""
    tf = tensorflow()
    cos, sin = tf.cos(2 * math.pi * hue), tf.sin(2 * math.pi * hue)
    one, zero = tf.ones_like(hue), tf.zeros_like(hue)
    turn = tf.stack(
        [
            tf.stack([one, zero, zero], axis=1),
            tf.stack([zero, saturation * cos, saturation * sin], axis=1),
            tf.stack([zero, -saturation * sin, saturation * cos], axis=1),
        ],
        axis=1,
    )
    there = tf.constant(YIQ.T, tf.float32)
    back = tf.constant(np.linalg.inv(YIQ).T, tf.float32)
    return there @ turn @ back


class _Draws:
    """Independent uniform draws, one per crop, from one seed."""

    def __init__(self, count: Tensor, seed: Tensor) -> None:
        self._count = count
        self._seed = seed
        self._drawn = 0

    def uniform(self, low: float, high: float) -> Tensor:
        tf = tensorflow()
        self._drawn += 1
        seed = tf.random.experimental.stateless_fold_in(self._seed, self._drawn)
        return tf.random.stateless_uniform((self._count,), seed, low, high)
