"""Names and shapes of the weights of common layers, told without Keras; see `NetworkSpec`."""

from __future__ import annotations

from facegui.network.spec import TensorShapes


def convolution(
    name: str, kernel_px: int, channels: int, filters: int, *, bias: bool = True
) -> TensorShapes:
    """A square ``Conv2D`` from *channels* to *filters*."""
    kernel: TensorShapes = {f"{name}/kernel": (kernel_px, kernel_px, channels, filters)}
    return {**kernel, f"{name}/bias": (filters,)} if bias else kernel


def normalisation(name: str, channels: int) -> TensorShapes:
    """A ``BatchNormalization``."""
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    return {f"{name}/{part}": (channels,) for part in parts}


def dense(name: str, units: int, wanted: int) -> TensorShapes:
    """A ``Dense`` layer from *units* to *wanted*."""
    return {f"{name}/kernel": (units, wanted), f"{name}/bias": (wanted,)}
