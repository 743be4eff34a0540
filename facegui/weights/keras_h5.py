"""Weights out of a Keras HDF5 file, as safetensors.

The layers of one network may lie in files of different make: weights only, or a whole model with
another head. What comes out is the same to the bit wherever the numbers are the same (names in
order, a header without spaces, raw little-endian numbers), so one hash in the manifest verifies
every source, and the loader needs no HDF5 (https://huggingface.co/docs/safetensors).
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float32]

_ALIGNMENT = 8


def as_safetensors(
    unpack: Callable[[Path], bytes], sha256: str, without: Collection[str] = ()
) -> Callable[[Path], bytes]:
    """A function that takes a Keras file out of a container by *unpack* and rewrites its weights.

    Args:
        unpack: gives the HDF5 file; its own faults pass through.
        sha256: of that file, hex; HDF5's parser sees no others.
        without: names of layers that are left out.

    The function raises ValueError when the file is another one.
    """

    def convert(container: Path) -> bytes:
        data = unpack(container)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"{container.name} does not hold the expected weights")
        return _safetensors(_weights(data, without))

    return convert


def _weights(data: bytes, without: Collection[str]) -> dict[str, _Array]:
    """Every weight as ``layer/weight``, named as Keras 3 names it."""
    import h5py

    found: dict[str, _Array] = {}

    def visit(path: str, thing: object) -> None:
        layer, weight = path.partition("/")[0], path.rpartition("/")[2].removesuffix(":0")
        if isinstance(thing, h5py.Dataset) and layer not in without:
            name = "kernel" if weight == "depthwise_kernel" else weight
            found[f"{layer}/{name}"] = np.asarray(thing, "<f4")

    with h5py.File(io.BytesIO(data), "r") as file:
        file.get("model_weights", file).visititems(visit)
    return found


def _safetensors(tensors: Mapping[str, _Array]) -> bytes:
    header: dict[str, object] = {}
    begin = 0
    for name in sorted(tensors):
        end = begin + tensors[name].nbytes
        shape = list(tensors[name].shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
        begin = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    parts = [tensors[name].tobytes() for name in sorted(tensors)]
    return b"".join([struct.pack("<Q", len(text)), text, *parts])
