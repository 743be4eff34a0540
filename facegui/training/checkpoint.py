"""The best weights of a run so far, on disk the moment they are better.

So *Stop and keep* can be bounded: whatever ends the process, the file is whole and the best yet.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.files import write_atomic
from facegui.network.model import Tensors

FILE_NAME = "weights.safetensors"
FROZEN_NAME = "frozen.safetensors"
_KEY = "best"


@dataclass(frozen=True, slots=True)
class Best:
    """When the best weights were reached and what they are worth on the validation set."""

    step: int
    epoch: int
    loss: float
    accuracy: float
    seconds: float


def is_better(now: Best, best: Best | None, *, annealed: bool) -> bool:
    """Whether *now* is to be kept in place of *best*.

    The lower validation loss counts. But a few dozen faces choose badly among the states of one
    run, so at the end of a learning rate that went to zero (*annealed*), the last state is kept
    where it names as many right: on real faces 1 % more are right than with the lowest loss.
    """
    if best is None or now.loss < best.loss:
        return True
    return annealed and now.accuracy >= best.accuracy


def save_best(run_dir: Path, tensors: Tensors, best: Best) -> None:
    """Replace the best weights in *run_dir*."""
    content = save(dict(tensors), metadata={_KEY: json.dumps(asdict(best))})
    # Not durable: a kill cannot hurt it, and waiting for the disk each epoch costs 50 ms.
    write_atomic(run_dir / FILE_NAME, content, durable=False)


def save_frozen(run_dir: Path, tensors: Tensors) -> None:
    """Put the weights that do not learn into *run_dir*, once, beside the best of those that do."""
    write_atomic(run_dir / FROZEN_NAME, save(dict(tensors)), durable=False)


def has_best(run_dir: Path) -> bool:
    """Whether a run got far enough for its weights to be kept."""
    return (run_dir / FILE_NAME).is_file()


def load_best(run_dir: Path) -> tuple[Tensors, Best]:
    """The best weights in *run_dir*, written by this program, and those that do not learn.

    Raises:
        DatasetError: the run was stopped before there were any.
    """
    try:
        with safe_open(run_dir / FILE_NAME, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
            best = Best(**json.loads(file.metadata()[_KEY]))
        frozen = run_dir / FROZEN_NAME
        return (load_file(frozen) | tensors if frozen.exists() else tensors), best
    except (FileNotFoundError, SafetensorError) as error:
        raise DatasetError(
            tr("This training was stopped before it had learned anything to keep."),
            tr("Train again."),
        ) from error
