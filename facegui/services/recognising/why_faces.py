"""The faces that a model has learned from, and which of them are most like a given one.

Each run keeps the list of its faces and what its network made of them, ``manifest.json`` and
``features.npy``, row by row; so any network compares a new face with them in one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.network.bundle import BundleInfo
from facegui.services.judging.judge import read_manifest
from facegui.services.learning.watched import WatchedRun, watched_crops
from facegui.services.libraries import Library
from facegui.services.recognising.why import NearFace
from facegui.services.runs.records import run_of
from facegui.training.fit import FEATURES_NAME

Floats = NDArray[np.float32]


class LearnedFaces:
    """What one model has learned from, as far as this machine has it."""

    def __init__(self, library: Library, run: WatchedRun, features: Floats) -> None:
        self._library = library
        self._run = run
        self._features = features
        self._rows = np.flatnonzero([item.subset is Subset.TRAIN for item in run.items])

    @classmethod
    def of_model(cls, library: Library, path: Path, info: BundleInfo) -> Self:
        """The faces that the model at *path* has learned from.

        Raises:
            DatasetError: none of the library's runs made it, or the run's files have gone.
        """
        record = run_of(library, info)
        if record is None:
            raise _unknown_run(library, path)
        folder = library.runs_dir / record.id
        items = read_manifest(library, record.id).items
        try:
            features = np.load(folder / FEATURES_NAME, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise _no_features(folder) from error
        if features.ndim != 2 or len(features) != len(items):  # noqa: PLR2004 - rows of features
            raise _no_features(folder)
        run = WatchedRun(record.config, record.people, items, folder, None, path)
        return cls(library, run, features)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    def nearest(self, feature: Floats, count: int) -> tuple[NearFace, ...]:
        """The *count* faces most like the one whose unit *feature* (d,) is given, nearest first."""
        alike = np.asarray(self._features[self._rows], np.float32) @ feature
        order = np.argsort(-alike, kind="stable")[:count]
        rows = self._rows[order].tolist()
        crops = watched_crops(self._library, self._run, rows)
        here = self._still_there(rows)
        return tuple(
            NearFace(
                face_id=face_id if face_id in here else None,
                name=crop.name,
                likeness=min(float(likeness), 1.0),
                image=crop.image,
            )
            for face_id, crop, likeness in zip(
                self._ids(rows), crops, alike[order].tolist(), strict=True
            )
        )

    def _ids(self, rows: Sequence[int]) -> list[int]:
        return [self._run.items[row].face_id for row in rows]

    def _still_there(self, rows: Sequence[int]) -> set[int]:
        return {face.id for face in self._library.faces(self._ids(rows))}


def _unknown_run(library: Library, path: Path) -> DatasetError:
    if path.parent == library.models_dir:
        return DatasetError(
            tr("The training that made this model has been deleted, and its list of faces with it.")
        )
    return not_here()


def not_here() -> DatasetError:
    """Why nothing is shown for a model of another library."""
    return DatasetError(
        tr("The faces that this model has learned from are not in a library that is open here."),
        tr("Open the library in which it was trained to see them."),
    )


def _no_features(folder: Path) -> DatasetError:
    return DatasetError(
        tr("{path} has gone or is damaged.", path=folder / FEATURES_NAME), tr("Train again.")
    )
