"""What a network sees of a crop: windows in training, several views when it is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from facegui.domain.training import Augmentation
from facegui.network.registry import network
from facegui.network.views import random_windows, views

CLASSIC, ALEXNET = network("classic"), network("alexnet")
UNMIRRORED = replace(ALEXNET.defaults, augmentation=Augmentation(flip=False))


def numbered(count: int, side: int) -> np.ndarray:
    """Crops whose first two channels tell each pixel's row and column."""
    rows, columns = np.mgrid[:side, :side].astype(np.uint8)
    return np.repeat(np.stack([rows, columns, rows], axis=-1)[None], count, axis=0)


def test_a_network_that_sees_all_is_asked_both_ways() -> None:
    crops = numbered(2, 96)
    straight, mirrored = views(crops, CLASSIC, CLASSIC.defaults)
    np.testing.assert_array_equal(straight, crops)
    np.testing.assert_array_equal(mirrored, crops[:, :, ::-1])


def test_mirror_images_are_not_shown_to_one_that_never_learned_them() -> None:
    crops = numbered(2, 96)
    config = replace(CLASSIC.defaults, augmentation=Augmentation(flip=False))
    (only,) = views(crops, CLASSIC, config)
    np.testing.assert_array_equal(only, crops)


def test_ten_views_are_corners_and_middle_both_ways() -> None:
    found = views(numbered(1, 256), ALEXNET, ALEXNET.defaults)
    assert [view.shape for view in found] == [(1, 227, 227, 3)] * 10
    corners = {tuple(view[0, 0, 0, :2].tolist()) for view in found[:5]}
    assert corners == {(0, 0), (0, 29), (29, 0), (29, 29), (14, 14)}
    for view, mirrored in zip(found[:5], found[5:], strict=True):
        np.testing.assert_array_equal(mirrored, view[:, :, ::-1])
    assert len(views(numbered(1, 256), ALEXNET, UNMIRRORED)) == 5


def test_windows_lie_anywhere_in_a_crop_and_follow_the_seed() -> None:
    crops = numbered(400, 8)
    windows = random_windows(crops, 6, np.array([3, 1], np.int32))
    assert windows.shape == (400, 6, 6, 3)
    corners = {tuple(window[0, 0, :2].tolist()) for window in windows}
    assert corners == {(row, column) for row in range(3) for column in range(3)}
    assert (windows[:, -1, -1, :2] - windows[:, 0, 0, :2] == 5).all()
    again, other = (random_windows(crops, 6, np.array([3, n], np.int32)) for n in (1, 2))
    np.testing.assert_array_equal(again, windows)
    assert (other != windows).any()
