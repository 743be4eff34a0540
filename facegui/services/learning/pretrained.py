"""The file that a network starts from, where others have trained a part of it."""

from __future__ import annotations

from facegui.domain.control import Control
from facegui.domain.errors import ModelUnavailable
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network.registry import network
from facegui.services.tools import Tools


def pretrained_path(tools: Tools, config: TrainConfig, control: Control) -> str | None:
    """Where the file is, fetched if need be; None for a network that has no such part.

    Raises:
        ModelUnavailable: it could not be had; says what to put where, and what works without it.
        Cancelled: stopped while it was fetched.
    """
    backbone = network(config.network).backbone
    if backbone is None:
        return None
    try:
        return str(tools.models.path(backbone.weights, control))
    except ModelUnavailable as error:
        others = tr("Face transfer and the networks that learn from nothing work without it.")
        raise ModelUnavailable(error.message, f"{error.remedy} {others}") from error
