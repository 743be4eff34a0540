"""Occlusion maps of networks that look at a known place."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.errors import Cancelled
from facegui.recognition.occlusion import (
    GRID,
    Crops,
    Floats,
    carried,
    covered,
    distances,
    occlusion_map,
    out_of_focus,
)
from tests.fakes.control import RecordingControl

SIDE = 64


def face() -> Crops:
    """Grey, with fine stripes in the upper left and in the lower right quarter."""
    crop = np.full((SIDE, SIDE, 3), 120, np.uint8)
    crop[8:24:2, 8:24] = 255
    crop[40:56:2, 40:56] = 255
    return crop


def stripes(crops: Crops, top: int, left: int) -> Floats:
    """How strongly each crop is striped in a square of 16 pixels."""
    part = crops[:, top : top + 16, left : left + 16, 0].astype(np.float32)
    return np.abs(np.diff(part, axis=1)).mean(axis=(1, 2)) / 255


def test_the_place_that_the_score_looks_at_carries_it() -> None:
    found = occlusion_map(lambda crops: stripes(crops, 8, 8), face(), NullControl())
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert found.shape == (SIDE, SIDE)
    assert 8 <= row < 24
    assert 8 <= column < 24
    assert found[16, 16] > 0.1
    assert abs(found[48, 48]) < 0.02


def test_what_speaks_against_the_name_is_below_nothing() -> None:
    found = occlusion_map(
        lambda crops: stripes(crops, 8, 8) - stripes(crops, 40, 40), face(), NullControl()
    )
    assert found[16, 16] > 0.1
    assert found[48, 48] < -0.1


def test_a_score_that_looks_nowhere_is_carried_nowhere() -> None:
    found = occlusion_map(lambda crops: np.ones(len(crops), np.float32), face(), NullControl())
    assert not found.any()


def test_progress_is_told_and_a_stop_heeded() -> None:
    asked = []

    def score(crops: Crops) -> Floats:
        asked.append(len(crops))
        return np.zeros(len(crops), np.float32)

    control = RecordingControl(lambda _: len(asked) == 3)
    with pytest.raises(Cancelled):
        occlusion_map(score, face(), control)
    assert len(asked) == 3
    assert control.progress[-1].total == GRID * GRID


def test_discs_reach_every_pixel_and_a_loss_that_is_the_same_everywhere_stays_so() -> None:
    away = distances(SIDE)
    assert away.shape == (GRID * GRID, SIDE, SIDE)
    assert away.min() < 0.02
    hidden = covered(face(), away < 0.13, np.zeros_like(face()))
    assert (hidden == 0).all(axis=-1).any(axis=0).all()
    assert carried(away, np.ones(len(away), np.float32)) == pytest.approx(
        np.ones((SIDE, SIDE)), abs=1e-5
    )


def test_a_covered_crop_is_the_fill_where_its_mask_is() -> None:
    crop, fill = face(), np.full((SIDE, SIDE, 3), 7, np.uint8)
    masks = np.zeros((2, SIDE, SIDE), np.bool_)
    masks[1, 10:20, 10:20] = True
    same, part = covered(crop, masks, fill)
    assert (same == crop).all()
    assert (part[10:20, 10:20] == 7).all()
    assert (part[30:] == crop[30:]).all()


def test_out_of_focus_light_stays_and_features_go() -> None:
    crop = face()
    blurred = out_of_focus(crop)
    assert stripes(blurred[None], 8, 8)[0] < 0.01
    assert blurred.mean() == pytest.approx(crop.mean(), abs=3)
    flat = np.full((SIDE, SIDE, 3), (10, 200, 90), np.uint8)
    assert (out_of_focus(flat) == flat).all()
