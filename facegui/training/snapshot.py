"""Where a training stands, on disk, so that it can go on after a crash, a kill or a bad turn.

One safetensors file: every variable that a step changes, the curve so far, and in its metadata
what is no array. It replaces the one before, and is as whole as that whenever the process ends.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.domain.training import CurvePoint
from facegui.files import write_atomic
from facegui.training.checkpoint import Best

FILE_NAME = "snapshot.safetensors"
INTERVAL_S = 20.0
"""The least time between two snapshots that nobody asked for."""

COST_SHARE = 0.02
"""The most of a training's time that goes into writing snapshots of a large network."""

Arrays = Mapping[str, NDArray[np.generic]]

_KEY = "standing"
_CURVE = "curve"


@dataclass(frozen=True, slots=True)
class Standing:
    """All of a training but its arrays.

    Attributes:
        step: batches done.
        epoch: passes begun.
        seconds: trained for so far, pauses left out.
        best: the best validation so far.
        rate_scale: what plateaus have multiplied the learning rate with.
        rate_lowered_at: the epoch in which one last did.
        order: the state of the sampler.
    """

    step: int
    epoch: int
    seconds: float
    best: Best | None
    rate_scale: float
    rate_lowered_at: int
    order: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A standing with its arrays."""

    standing: Standing
    variables: Arrays
    curve: tuple[CurvePoint, ...]


class SnapshotFile:
    """Writes the snapshots of one run."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / FILE_NAME
        self._due_at = 0.0

    @property
    def due(self) -> bool:
        """Whether the last one is so old that another is worth its cost."""
        return time.monotonic() >= self._due_at

    def save(self, standing: Standing, variables: Arrays, curve: Sequence[CurvePoint]) -> None:
        """Replace the snapshot; not by one that has numbers that are none.

        Raises:
            StorageFault: the disk is full.
        """
        begun = time.monotonic()
        if all(np.isfinite(array).all() for array in variables.values()):
            content = save(
                {**variables, _CURVE: _as_array(curve)},
                metadata={_KEY: json.dumps(asdict(standing))},
            )
            # Not durable, for the reasons of the best weights.
            write_atomic(self._path, content, durable=False)
        now = time.monotonic()
        self._due_at = now + max(INTERVAL_S, (now - begun) / COST_SHARE)


def has_snapshot(run_dir: Path) -> bool:
    """Whether a run left something to go on from."""
    return (run_dir / FILE_NAME).is_file()


def load_snapshot(run_dir: Path) -> Snapshot:
    """The snapshot in *run_dir*, written by this program.

    Raises:
        DatasetError: there is none, or it is damaged.
    """
    try:
        with safe_open(run_dir / FILE_NAME, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
            curve = _as_points(arrays.pop(_CURVE))
            return Snapshot(_standing(file.metadata()), arrays, curve)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            tr("Where this training stood cannot be read."),
            tr("Keep what it had learned, or train again."),
        ) from error


def read_standing(run_dir: Path) -> Standing | None:
    """What the snapshot in *run_dir* says, without its arrays; None for none, or a damaged one."""
    try:
        with safe_open(run_dir / FILE_NAME, framework="numpy") as file:
            return _standing(file.metadata())
    except (OSError, SafetensorError, ValueError, KeyError, TypeError):
        return None


def _standing(metadata: Mapping[str, str]) -> Standing:
    told = json.loads(metadata[_KEY])
    best = told.pop("best")
    return Standing(best=None if best is None else Best(**best), **told)


def _as_array(curve: Sequence[CurvePoint]) -> NDArray[np.float64]:
    """(points, fields of a point), with NaN for None."""
    rows = [astuple(point) for point in curve]
    return np.array(rows, np.float64).reshape(len(rows), len(fields(CurvePoint)))


def _as_points(array: NDArray[np.generic]) -> tuple[CurvePoint, ...]:
    return tuple(
        CurvePoint(
            int(step),
            int(epoch),
            loss,
            accuracy,
            None if np.isnan(validation_loss) else validation_loss,
            None if np.isnan(validation_accuracy) else validation_accuracy,
            seconds,
            rate,
        )
        for (
            step,
            epoch,
            loss,
            accuracy,
            validation_loss,
            validation_accuracy,
            seconds,
            rate,
        ) in array.tolist()
    )
