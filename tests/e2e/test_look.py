"""Feature maps out of real networks in a real engine, from a checkpoint and from a bundle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.errors import DatasetError
from facegui.domain.feature_maps import FeatureMaps
from facegui.domain.training import TrainConfig
from facegui.network.registry import network
from facegui.services.engine import Engine
from facegui.training.checkpoint import Best, save_best
from facegui.training.look import LOOK_JOB, LookRequest, _middle
from tests.fakes.shapes import shape_crops

pytestmark = pytest.mark.engine

CONFIG = network("classic").defaults
CROP = shape_crops(1)[0][0]


def checkpoint(folder: Path, config: TrainConfig = CONFIG, **given: np.ndarray) -> Path:
    """A run's folder with weights that do nothing but for those *given*."""
    shapes = network(config.network).tensor_shapes(config, 2)
    tensors = {
        name: np.full(shape, name.endswith(("gamma", "variance")), np.float32)
        for name, shape in shapes.items()
    }
    tensors |= {name.replace("__", "/"): value for name, value in given.items()}
    save_best(folder, tensors, Best(40, 5, 0.5, 0.75, 1.0))
    return folder


def look(engine: Engine, weights: Path, layer: str | None = None, **other: object) -> FeatureMaps:
    request = LookRequest(CONFIG, 2, str(weights), CROP, layer)
    found = engine.run(LOOK_JOB, replace(request, **other), NullControl())
    assert isinstance(found, FeatureMaps)
    return found


def copying_kernel() -> np.ndarray:
    """The first of 16 filters sees red as it is, the second sees it upside down."""
    kernel = np.zeros((3, 3, 3, 16), np.float32)
    kernel[1, 1, 0, 0] = 1
    kernel[1, 1, 0, 1] = -1
    return kernel


def test_a_filter_that_copies_red_shows_red(engine: Engine, tmp_path: Path) -> None:
    found = look(engine, checkpoint(tmp_path, conv1__kernel=copying_kernel()))
    assert found.layers == ("conv1", "conv2", "conv3", "conv4")
    assert (found.layer, found.step) == ("conv1", 40)
    assert found.maps.shape == (16, 96, 96)
    red = CROP[..., 0].astype(np.float64)
    wanted = (red - red.min()) / (red.max() - red.min()) * 255
    assert np.abs(found.maps[0] - wanted).max() <= 1
    assert np.abs(found.maps[1] - (255 - wanted)).max() <= 1
    assert not found.maps[2:].any(), "a filter that answers the same everywhere is black"
    assert found.highest[0] == pytest.approx(red.max() / 255, abs=1e-3)
    assert found.kernels is not None
    assert found.kernels.shape == (16, 3, 3, 3)
    assert found.kernels[0, 1, 1].tolist() == [255, 0, 0]


def test_a_later_layer_and_newer_weights(engine: Engine, tmp_path: Path) -> None:
    checkpoint(tmp_path)
    dark = look(engine, tmp_path, "conv2")
    assert dark.maps.shape == (32, 48, 48)
    assert dark.kernels is None
    assert not dark.maps.any()
    kernel = np.random.default_rng(0).normal(size=(3, 3, 16, 32)).astype(np.float32)
    checkpoint(tmp_path, conv1__kernel=copying_kernel(), conv2__kernel=kernel)
    assert look(engine, tmp_path, "conv2").maps.any(), "looked at again, not remembered"
    assert look(engine, tmp_path, "no such layer").layer == "conv1"


@pytest.mark.parametrize(
    ("name", "first", "coloured"),
    [
        ("mobilenet-v2", (32, 75, 75), True),
        ("two-layer", (32, 28, 28), False),  # sees grey
        ("modern", (48, 24, 24), False),  # sees edges
    ],
)
def test_networks_of_other_shapes(
    engine: Engine, tmp_path: Path, name: str, first: tuple[int, int, int], coloured: bool
) -> None:
    config, side = network(name).defaults, network(name).preprocessing.size_px
    crop = shape_crops(1, size=side)[0][0]
    found = look(engine, checkpoint(tmp_path, config), config=config, crop=crop)
    assert found.maps.shape == first
    assert len(found.layers) >= 2
    assert (found.kernels is not None) == coloured
    second = look(engine, tmp_path, found.layers[1], config=config, crop=crop)
    assert second.layer == found.layers[1]


def test_a_network_of_windows_sees_the_middle() -> None:
    crop = np.arange(256 * 256 * 3, dtype=np.uint32).reshape(256, 256, 3).astype(np.uint8)
    np.testing.assert_array_equal(_middle(crop, 227), crop[14:241, 14:241])
    assert _middle(crop, 0).shape == crop.shape


def test_a_run_without_weights(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        look(engine, tmp_path)


def test_a_network_without_convolutions(engine: Engine, tmp_path: Path) -> None:
    config = network("face-transfer").defaults
    found = look(engine, checkpoint(tmp_path, config), config=config)
    assert found.layers == ()
    assert found.kernels is None
