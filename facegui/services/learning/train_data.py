"""What a training learns from: the dataset, and the arrays that the engine reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.domain.control import Control, Progress
from facegui.domain.dataset import DatasetManifest, Split
from facegui.domain.errors import ImageError
from facegui.domain.text import tr, trn
from facegui.domain.training import FitRequest, TrainConfig
from facegui.files import file_faults
from facegui.network.registry import network
from facegui.services.learning.crops import UnreadableFaces, crops_file
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.libraries import Library

INPUTS_NAME = "inputs.npy"


@dataclass(frozen=True, slots=True)
class TrainData:
    """The dataset; *crops* is the array of its crops, or None for a network on embeddings."""

    manifest: DatasetManifest
    warnings: tuple[str, ...]
    crops: Path | None


def prepare(library: Library, config: TrainConfig, split: Split, control: Control) -> TrainData:
    """Dataset and crops; faces whose photo cannot be read any more are left out and told of.

    Raises:
        DatasetError: too few people or faces.
        StorageFault: the disk is full.
        Cancelled: stopped.
    """
    wanted = network(config.network).preprocessing_for(config)
    left_out: dict[int, ImageError] = {}
    while True:
        control.report(Progress(0, 0, tr("Choosing faces")))
        asked = DatasetRequest(split, config.seed, frozenset(left_out))
        manifest, warnings = build_dataset(library, asked)
        if wanted.kind == "embedding":
            return TrainData(manifest, warnings, None)
        try:
            crops = crops_file(library, manifest.items, wanted, control)
        except UnreadableFaces as found:
            left_out |= found.reasons
        else:
            return TrainData(manifest, (*warnings, *_unreadable(list(left_out.values()))), crops)


def prepare_again(
    library: Library, config: TrainConfig, manifest: DatasetManifest, control: Control
) -> TrainData:
    """What a run learned from, for it to go on.

    Raises:
        ImageError: a photo cannot be read any more.
        StorageFault: the disk is full.
        Cancelled: stopped.
    """
    wanted = network(config.network).preprocessing_for(config)
    if wanted.kind == "embedding":
        return TrainData(manifest, (), None)
    try:
        return TrainData(manifest, (), crops_file(library, manifest.items, wanted, control))
    except UnreadableFaces as found:
        raise next(iter(found.reasons.values())) from found


def fit_request(
    library: Library, config: TrainConfig, data: TrainData, folder: Path, pretrained: str | None
) -> FitRequest:
    """What the engine is asked; embeddings are written to *folder* for it, and stay as they were.

    Raises:
        LibraryError: faces have gone since they were chosen.
        StorageFault: the disk is full.
    """
    items = data.manifest.items
    inputs = data.crops
    if inputs is None:
        inputs = folder / INPUTS_NAME
        if not inputs.exists():
            with file_faults(inputs):
                np.save(inputs, library.embeddings([item.face_id for item in items]))
    return FitRequest(
        config=config,
        inputs_path=str(inputs),
        labels=tuple(item.label for item in items),
        subsets=tuple(item.subset for item in items),
        class_names=data.manifest.labels,
        run_dir=str(folder),
        pretrained_path=pretrained,
    )


def _unreadable(errors: Sequence[ImageError]) -> tuple[str, ...]:
    if not errors:
        return ()
    told = trn(
        "{n} face was left out because its photo cannot be read: {first}",
        "{n} faces were left out because their photos cannot be read; the first: {first}",
        len(errors),
        first=errors[0],
    )
    return (told,)
