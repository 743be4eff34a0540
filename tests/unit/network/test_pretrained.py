"""What the pretrained networks are made of, told without Keras."""

from __future__ import annotations

import math

import pytest

from facegui.domain.training import Augmentation, Optimizer
from facegui.network import inception_v3, mobilenet_v2
from facegui.network.pretrained import Block, Convolution, tensor_shapes
from facegui.network.registry import network
from facegui.weights.manifest import MODELS

NAMES = ("mobilenet-v2", "inception-v3")


def weights_of(blocks: tuple[Block, ...]) -> int:
    return sum(
        math.prod(shape) for block in blocks for layer in block for shape in layer.shapes.values()
    )


def test_mobilenet_is_the_one_of_the_paper() -> None:
    blocks = mobilenet_v2.blocks()
    assert len(blocks) == 1 + 17 + 1
    assert sum(map(len, blocks)) == 52
    assert weights_of(blocks) == 2_257_984  # as Keras counts it without its classifier
    assert [layer.name for layer in blocks[1]] == [
        "expanded_conv_depthwise",
        "expanded_conv_project",
    ]
    assert [layer.kernel for layer in blocks[17]] == [
        (1, 1, 160, 960),
        (3, 3, 960, 1),
        (1, 1, 960, 320),
    ]


def test_inception_ends_with_the_eighth_mixed_block() -> None:
    blocks = inception_v3.blocks()
    assert [len(block) for block in blocks] == [5, 7, 7, 7, 4, 10, 10, 10, 10]
    layers = [layer for block in blocks for layer in block]
    assert [layer.name for layer in layers[:2]] == ["conv2d", "conv2d_1"]
    assert (layers[-1].name, layers[-1].norm) == ("conv2d_69", "batch_normalization_69")
    assert layers[-1].kernel == (1, 1, 768, 192)
    ends_of_branches = (0, 3, 8, 9)
    joined = sum(blocks[-1][end].kernel[-1] for end in ends_of_branches)
    assert joined * inception_v3.PLACES**2 == inception_v3.BOTTLENECK


def test_a_depthwise_convolution_is_normalised_by_its_inputs() -> None:
    layer = Convolution("deep", "bn", (3, 3, 96, 1), scaled=True)
    assert layer.shapes["bn/gamma"] == (96,)
    assert "bn/gamma" not in Convolution("wide", "bn", (1, 1, 8, 4), scaled=False).shapes


def test_the_head_comes_after_the_bottleneck() -> None:
    shapes = tensor_shapes([], 20, 7)
    assert shapes == {
        "dense1/kernel": (20, 1024),
        "dense1/bias": (1024,),
        "people/kernel": (1024, 7),
        "people/bias": (7,),
    }


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_those_of_a_frozen_extractor(name: str) -> None:
    spec = network(name)
    config = spec.defaults
    assert spec.input_shape == (150, 150, 3)
    assert (config.optimizer, config.learning_rate) == (Optimizer.RMSPROP, 1e-4)
    assert config.fine_tune_blocks == 0
    assert config.augmentation == Augmentation(flip=True)
    assert spec.backbone is not None
    assert spec.backbone.weights in MODELS
    assert not spec.frozen_features  # the dense layer learns


@pytest.mark.parametrize("name", ["face-transfer", "classic"])
def test_the_others_need_no_file(name: str) -> None:
    assert network(name).backbone is None
