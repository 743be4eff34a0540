"""SFace rebuilt in Keras from its ONNX file, so that a Face-transfer model can be exported whole.

The file is a chain of seven kinds of operations without branches (a MobileNet as in Zhong et al.,
IEEE TIP 2021), so each becomes a layer with the file's own numbers. ONNX keeps channels before
rows, TensorFlow after columns: kernels are transposed, and the last map is too before it is
flattened. That the result is the same network is not taken on trust; every export compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.errors import ModelUnavailable
from facegui.domain.text import tr

if TYPE_CHECKING:
    import keras

SIDE_PX = 112

_Attributes = Mapping[str, Any]
_Arrays = list[NDArray[np.float32]]
_Layer = Callable[[Any, _Arrays, _Attributes], Any]


def sface(path: Path) -> keras.Model:
    """From RGB crops (n, 112, 112, 3) of 0 to 255 to embeddings (n, 128) of any length.

    Raises:
        ModelUnavailable: the file *path* holds an operation that this was not written for.
    """
    import keras
    import onnx

    graph = onnx.load(path).graph
    tensors = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    crops = x = keras.Input((SIDE_PX, SIDE_PX, 3), name="crops")
    last = graph.input[0].name
    for node in graph.node:
        if node.op_type not in _LAYERS or node.input[0] != last:
            raise ModelUnavailable(
                tr("{path} is not the face embedding that can be exported.", path=path),
                tr("Delete the file; it is fetched again when it is needed."),
            )
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        x = _LAYERS[node.op_type](x, [tensors[name] for name in node.input[1:]], attributes)
        last = node.output[0]
    return keras.Model(crops, x, name="sface")


def _subtract(x: Any, arrays: _Arrays, _attributes: _Attributes) -> Any:
    from keras import layers

    return layers.Rescaling(1.0, offset=-float(arrays[0].item()))(x)


def _multiply(x: Any, arrays: _Arrays, _attributes: _Attributes) -> Any:
    from keras import layers

    return layers.Rescaling(float(arrays[0].item()))(x)


def _convolve(x: Any, arrays: _Arrays, attributes: _Attributes) -> Any:
    """Padded alike on all sides, which TensorFlow's "same" is not where it halves."""
    from keras import layers

    (kernel,) = arrays
    shared = {"strides": attributes["strides"], "use_bias": False}
    if edge := attributes["pads"][0]:
        x = layers.ZeroPadding2D(edge)(x)
    if attributes["group"] > 1:
        layer = layers.DepthwiseConv2D(kernel.shape[2:], **shared)
        return _filled(layer, x, kernel.transpose(2, 3, 0, 1))
    layer = layers.Conv2D(kernel.shape[0], kernel.shape[2:], **shared)
    return _filled(layer, x, kernel.transpose(2, 3, 1, 0))


def _normalise(x: Any, arrays: _Arrays, attributes: _Attributes) -> Any:
    from keras import layers

    return _filled(layers.BatchNormalization(epsilon=attributes["epsilon"]), x, *arrays)


def _bend(x: Any, arrays: _Arrays, _attributes: _Attributes) -> Any:
    from keras import layers

    return _filled(layers.PReLU(shared_axes=[1, 2]), x, arrays[0].reshape(1, 1, -1))


def _flatten(x: Any, _arrays: _Arrays, _attributes: _Attributes) -> Any:
    from keras import layers

    return layers.Flatten()(layers.Permute((3, 1, 2))(x))


def _multiply_matrix(x: Any, arrays: _Arrays, _attributes: _Attributes) -> Any:
    from keras import layers

    kernel, bias = arrays
    return _filled(layers.Dense(len(bias)), x, kernel.T, bias)


def _drop(x: Any, _arrays: _Arrays, _attributes: _Attributes) -> Any:
    """Nothing: dropout is for training."""
    return x


def _filled(layer: keras.Layer, x: Any, *weights: NDArray[np.float32]) -> Any:
    found = layer(x)
    layer.set_weights(weights)
    return found


_LAYERS: Mapping[str, _Layer] = {
    "Sub": _subtract,
    "Mul": _multiply,
    "Conv": _convolve,
    "BatchNormalization": _normalise,
    "PRelu": _bend,
    "Dropout": _drop,
    "Flatten": _flatten,
    "Gemm": _multiply_matrix,
}
