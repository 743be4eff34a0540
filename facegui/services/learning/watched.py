"""The crops by which a training is watched: their pictures, whose they are, what was guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.domain.dataset import DatasetItem
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.training import Guesses, TrainConfig
from facegui.services.judging.judge import RunResults, Side
from facegui.services.libraries import Library
from facegui.services.scanning.thumbnails import Thumbnails
from facegui.training.data import spread_over_people

CROP_PX = 96
"""Longer side of pictures that are not the network's own input."""


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """A run that can be looked at, while it goes on or afterwards.

    Attributes:
        people: names in label order.
        items: of its dataset, a row each.
        folder: where its checkpoint is while it goes on.
        inputs: the array of its crops; None for embeddings, and when the run has ended.
        bundle: its model; None while it goes on.
    """

    config: TrainConfig
    people: tuple[str, ...]
    items: tuple[DatasetItem, ...]
    folder: Path
    inputs: Path | None
    bundle: Path | None


@dataclass(frozen=True, slots=True)
class WatchedCrop:
    """One crop. *name* is whose it is; *image* is None when its photo cannot be read any more."""

    row: int
    name: str
    label: int
    image: RgbImage | None


def watched_crops(
    library: Library, run: WatchedRun, rows: Sequence[int]
) -> tuple[WatchedCrop, ...]:
    """The crops of *rows* in that order: as the network sees them, or thumbnails of the faces."""
    pictures = _inputs(run, rows) or _thumbnails(library, run, rows)
    found = []
    for row, image in zip(rows, pictures, strict=True):
        label = run.items[row].label
        found.append(WatchedCrop(row, run.people[label], label, image))
    return tuple(found)


def finished_run(library: Library, results: RunResults) -> WatchedRun:
    """A run that has ended, to be looked at."""
    record = results.record
    return WatchedRun(
        config=record.config,
        people=record.people,
        items=results.items,
        folder=library.runs_dir / record.id,
        inputs=None,
        bundle=Path(record.bundle),
    )


def last_guesses(results: RunResults, most: int) -> Guesses:
    """What a run that has ended says of up to *most* of its validation crops, people in turn."""
    labels = results.truth.astype(np.int32)
    rows = spread_over_people(labels, results.rows(Side.VALIDATION), most)
    metrics = results.record.metrics
    return Guesses(
        metrics.best_step, metrics.epochs, tuple(rows.tolist()), results.probabilities[rows]
    )


def _inputs(run: WatchedRun, rows: Sequence[int]) -> list[RgbImage] | None:
    """Out of the array that the network learns from; None when there is none to be had."""
    if run.inputs is None:
        return None
    try:
        inputs = np.load(run.inputs, mmap_mode="r", allow_pickle=False)
    except OSError:
        return None  # the cache has been emptied
    return [np.array(inputs[row]) for row in rows]


def _thumbnails(library: Library, run: WatchedRun, rows: Sequence[int]) -> list[RgbImage | None]:
    thumbnails = Thumbnails(library.cache_dir)
    faces = {face.id: face for face in library.faces([run.items[row].face_id for row in rows])}
    photos = {
        photo.id: photo for photo in library.photos([run.items[row].photo_id for row in rows])
    }
    found: list[RgbImage | None] = []
    for row in rows:
        face, photo = faces.get(run.items[row].face_id), photos.get(run.items[row].photo_id)
        image = None
        if face is not None and photo is not None:
            try:
                (image,) = thumbnails.faces(photo, [face], CROP_PX)
            except ImageError:
                image = None
        found.append(image)
    return found
