"""When an export agrees, and the code that other people cut faces out with."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from facegui.domain.errors import BundleError
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.model_export import Agreement
from facegui.domain.text import resource_path
from facegui.imaging.align import aligned_crop, box_crop, embedder_crop
from facegui.network.export.compare import Answered, compare

SCORES = np.array([[0.9, 0.1], [0.5, 0.5]], np.float32)
TRUTH = Answered(np.array([0, 2]), SCORES)


def test_answers_that_agree_are_counted() -> None:
    found = Answered(np.array([0, 2]), SCORES + np.float32(1e-4))
    agreement = compare(TRUTH, found, most_off=1e-3)
    assert agreement == Agreement(2, 2, pytest.approx(1e-4, rel=1e-2))


@pytest.mark.parametrize(
    "found",
    [
        Answered(np.array([0, 1]), SCORES),
        Answered(np.array([0, 2]), SCORES + np.float32(2e-3)),
        Answered(np.array([0, 2]), SCORES * np.float32(np.nan)),
    ],
)
def test_answers_that_do_not_are_refused(found: Answered) -> None:
    with pytest.raises(BundleError, match="does not agree"):
        compare(TRUTH, found, most_off=1e-3)


def face_crop(folder: Path, **crop: object) -> ModuleType:
    """The module as it lies beside an export that wants such a *crop*."""
    shutil.copy(resource_path("export/face_crop.py"), folder)
    (folder / "model.json").write_text(json.dumps({"crop": crop}))
    spec = importlib.util.spec_from_file_location("face_crop", folder / "face_crop.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


IMAGE = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
BOX = Box(100, 80, 220, 260)
POINTS = [(130, 140), (190, 135), (160, 175), (140, 215), (185, 210)]
LANDMARKS = Landmarks(*[Point(float(x), float(y)) for x, y in POINTS])


@pytest.mark.parametrize(
    ("kind", "side", "margin", "sampled"),
    [
        ("aligned", 112, 0.0, True),
        ("aligned", 96, 0.0, False),
        ("aligned", 128, 0.1, False),
        ("aligned", 256, 0.1, False),
        ("box", 96, 0.2, False),
    ],
)
def test_others_cut_faces_out_as_we_do(
    tmp_path: Path, kind: str, side: int, margin: float, sampled: bool
) -> None:
    module = face_crop(tmp_path, kind=kind, side_px=side, margin=margin, sampled=sampled)
    box = (BOX.x1, BOX.y1, BOX.width, BOX.height)
    found = module.cut(IMAGE, box, POINTS)
    if sampled:
        ours = embedder_crop(IMAGE, LANDMARKS)
    elif kind == "box":
        ours = box_crop(IMAGE, BOX, side, margin)
    else:
        ours = aligned_crop(IMAGE, LANDMARKS, side, margin)
    assert found.shape == (side, side, 3)
    np.testing.assert_array_equal(found, ours)
