"""The registry: complete entries, and the classic network as the tutorial has it."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from facegui.domain.errors import DatasetError
from facegui.domain.training import CropKind, Optimizer, Schedule
from facegui.network.bundle import MAX_BYTES
from facegui.network.registry import DEFAULT_NETWORK, network, network_names


def test_face_transfer_is_the_default_and_comes_first() -> None:
    assert network_names()[0] == DEFAULT_NETWORK == "face-transfer"
    assert {"classic", "mobilenet-v2", "inception-v3"} < set(network_names())


@pytest.mark.parametrize("name", network_names())
def test_entries_are_complete(name: str) -> None:
    spec = network(name)
    assert spec.name == name
    assert spec.title
    assert spec.when.endswith(".")
    assert spec.defaults == spec.presets["default"]
    for config in spec.presets.values():
        assert config.network == name
        assert spec.tensor_shapes(config, 5)
    assert (spec.preprocessing.size_px == 0) == (spec.preprocessing.kind == "embedding")


def test_unknown_network_names_the_choices() -> None:
    with pytest.raises(DatasetError, match="resnet") as caught:
        network("resnet")
    assert "classic" in caught.value.remedy


def test_classic_as_in_the_tutorial() -> None:
    spec = network("classic")
    assert spec.input_shape == (96, 96, 3)
    faithful = spec.presets["faithful"]
    assert (faithful.learning_rate, faithful.batch_size) == (1e-4, 100)
    assert (faithful.max_steps, faithful.dropout, faithful.normalise) == (10_000, 0.3, False)
    augmentation = faithful.augmentation
    assert (augmentation.flip, augmentation.brightness, augmentation.hue) == (True, 0.5, 0.08)
    assert augmentation.contrast == augmentation.saturation == (0.2, 2.0)
    shapes = spec.tensor_shapes(faithful, 6)
    assert [shapes[f"conv{n}/kernel"] for n in (1, 2, 3, 4)] == [
        (3, 3, 3, 16),
        (3, 3, 16, 32),
        (3, 3, 32, 64),
        (3, 3, 64, 128),
    ]
    assert shapes["dense1/kernel"] == (6 * 6 * 128, 512)
    assert shapes["dense2/kernel"] == (512, 1024)
    assert shapes["people/kernel"] == (1024, 6)


def test_normalising_adds_four_vectors_a_convolution() -> None:
    spec = network("classic")
    plain = spec.tensor_shapes(spec.presets["faithful"], 6)
    normalised = spec.tensor_shapes(spec.defaults, 6)
    added = {name: normalised[name] for name in normalised.keys() - plain.keys()}
    assert len(added) == 16
    assert sum(math.prod(shape) for shape in added.values()) == 4 * (16 + 32 + 64 + 128)


def test_the_parent_needs_no_tensorflow() -> None:
    code = (
        "import sys, facegui.network.bundle, facegui.recognition.recogniser, "
        "facegui.training.assemble, facegui.training.fit, facegui.services.engine; "
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_layers_as_for_mnist() -> None:
    spec = network("two-layer")
    config = spec.defaults
    assert spec.input_shape == (28, 28, 3)
    assert (config.batch_size, config.learning_rate, config.dropout) == (50, 1e-4, 0.5)
    assert config.optimizer is Optimizer.ADAM
    shapes = spec.tensor_shapes(config, 6)
    assert shapes["conv1/kernel"] == (5, 5, 1, 32)
    assert shapes["conv2/kernel"] == (5, 5, 32, 64)
    assert shapes["dense1/kernel"] == (7 * 7 * 64, 1024)
    assert shapes["people/kernel"] == (1024, 6)


def test_alexnet_as_in_the_paper() -> None:
    spec = network("alexnet")
    config = spec.defaults
    assert (spec.preprocessing.size_px, spec.window_px) == (256, 227)
    assert (config.batch_size, config.learning_rate, config.momentum) == (256, 0.01, 0.9)
    assert config.optimizer is Optimizer.SGD
    assert (config.weight_decay, config.dropout) == (5e-4, 0.5)
    assert config.schedule is Schedule.PLATEAU
    assert (config.schedule_patience, config.schedule_factor) == (30, 0.1)
    shapes = spec.tensor_shapes(config, 6)
    assert [shapes[f"conv{n}/kernel"] for n in (1, 2, 3, 4, 5)] == [
        (11, 11, 3, 96),
        (5, 5, 96, 256),
        (3, 3, 256, 384),
        (3, 3, 384, 384),
        (3, 3, 384, 256),
    ]
    assert shapes["dense1/kernel"] == (6 * 6 * 256, 4096)
    assert shapes["dense2/kernel"] == (4096, 4096)
    assert 4 * sum(math.prod(shape) for shape in shapes.values()) < MAX_BYTES / 2


def test_the_mean_of_the_training_crops_is_taken_off() -> None:
    crops = np.zeros((3, 256, 256, 3), np.uint8)
    crops[0], crops[2] = 51, 255
    crops[:, :10] = 77  # outside of the middle
    taken: list[np.ndarray] = []
    layer = SimpleNamespace(crop=SimpleNamespace(assign=taken.append))
    model = SimpleNamespace(get_layer=lambda name: layer)
    prepare = network("alexnet").prepare
    assert prepare is not None
    prepare(model, crops, np.array([0, 1]))
    (mean,) = taken
    assert mean.shape == (227, 227, 3)
    np.testing.assert_allclose(mean, 0.1)


def test_modern_is_three_small_networks_that_know_places() -> None:
    spec = network("modern")
    shapes = spec.tensor_shapes(spec.defaults, 50)
    assert sum(math.prod(shape) for shape in shapes.values()) < 1_200_000
    assert spec.feature_size == 3 * 6 * 6 * 128
    for trunk in "abc":
        assert shapes[f"conv1_{trunk}/kernel"] == (3, 3, 8 + 3, 48)
        assert shapes[f"people_{trunk}/kernel"] == (6 * 6 * 128, 50)
    assert spec.defaults.schedule is Schedule.COSINE
    assert spec.defaults.label_smoothing > 0
    assert spec.defaults.augmentation.flip  # so that it is asked both ways


@pytest.mark.parametrize("name", ["modern", "two-layer", "alexnet"])
def test_normalisation_is_a_choice(name: str) -> None:
    spec = network(name)
    without, with_it = (
        spec.tensor_shapes(replace(spec.defaults, normalise=wanted), 5) for wanted in (False, True)
    )
    assert without.keys() < with_it.keys()
    assert all(added.startswith("norm") for added in with_it.keys() - without.keys())


def test_another_way_of_cutting_out_is_the_owners() -> None:
    classic = network("classic")
    as_it_likes = classic.preprocessing_for(classic.defaults)
    assert as_it_likes == classic.preprocessing
    box = classic.preprocessing_for(replace(classic.defaults, crop=CropKind.BOX))
    assert (box.kind, box.size_px) == ("box", 96)
    assert box.margin > 0
    transfer = network("face-transfer")
    config = replace(transfer.defaults, crop=CropKind.BOX)
    assert transfer.preprocessing_for(config) == transfer.preprocessing
