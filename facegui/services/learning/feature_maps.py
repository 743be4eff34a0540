"""What the filters of a run's network see in one of its crops; during a training and afterwards."""

from __future__ import annotations

from typing import cast

import numpy as np

from facegui.domain.control import Control
from facegui.domain.entities import RgbImage
from facegui.domain.errors import DatasetError
from facegui.domain.feature_maps import FeatureMaps
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network.bundle import load_bundle
from facegui.network.registry import network
from facegui.services.learning.crops import cut
from facegui.services.learning.watched import WatchedRun
from facegui.services.tools import Tools
from facegui.training.checkpoint import has_best
from facegui.training.look import LOOK_JOB, LookRequest


def why_no_maps(config: TrainConfig) -> str:
    """A sentence for networks without filters to look at; empty for all others."""
    spec = network(config.network)
    if spec.preprocessing.kind != "embedding":
        return ""
    return tr(
        "{network} learns no filters: it sees each face as the 128 numbers that a finished "
        "network made of it, so there are no feature maps to show.",
        network=spec.title,
    )


def feature_maps(
    tools: Tools, run: WatchedRun, row: int, layer: str | None, control: Control
) -> FeatureMaps:
    """What the filters of *layer*, or of the first convolution, make of the crop in *row*.

    Raises:
        DatasetError: the training has not kept any weights yet.
        BundleError: the run's model has gone or cannot be used.
        ImageError: the crop's photo cannot be read any more.
        EngineError: the engine died.
        Cancelled: told to stop.
    """
    weights = run.folder if run.bundle is None else run.bundle
    if run.bundle is None and not has_best(run.folder):
        raise DatasetError(
            tr("This training has not kept any weights yet."),
            tr("Look again after its first epoch."),
        )
    crop = _crop(run, row, control)
    request = LookRequest(run.config, len(run.people), str(weights), crop, layer)
    return cast("FeatureMaps", tools.inference.run(LOOK_JOB, request, control))


def _crop(run: WatchedRun, row: int, control: Control) -> RgbImage:
    """The crop as the network takes it."""
    if run.inputs is not None and run.inputs.is_file():
        return np.array(np.load(run.inputs, mmap_mode="r", allow_pickle=False)[row])
    wanted = network(run.config.network).preprocessing_for(run.config)
    if run.bundle is not None:
        wanted = load_bundle(run.bundle).info.preprocessing
    ((_, crop),) = cut([run.items[row]], wanted, control)
    if isinstance(crop, Exception):
        raise crop
    return crop
