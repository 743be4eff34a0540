"""What a run writes for TensorBoard: curves, weights, the graph, and crops as they are learned.

Engine process only. The format is TensorBoard's own, through ``tf.summary``.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.training import CurvePoint
from facegui.network.runtime import tensorflow

FOLDER_NAME = "tensorboard"
INTERVAL_S = 10.0
COST_SHARE = 0.01
"""Looks inside are as far apart as this, and take at most such a share of a training."""

CROPS = 8
MOST_VALUES = 50_000
"""Of one tensor; a histogram of every n-th value shows the same."""

_EVENT_FILES = "*.tfevents.*"


class Board:
    """The event files of one run, to be closed in the end.

    Args:
        since: batches done when the run was interrupted from which this one goes on; whatever the
            files tell of later ones is taken out, since it comes again. None for a new run.
    """

    def __init__(self, run_dir: Path, since: int | None) -> None:
        tf = tensorflow()
        folder = run_dir / FOLDER_NAME
        if since is None:
            shutil.rmtree(folder, ignore_errors=True)
        for path in sorted(folder.rglob(_EVENT_FILES)):
            _keep_until(path, since or 0)
        self._train: Any = tf.summary.create_file_writer(str(folder / "train"))
        self._validation: Any = tf.summary.create_file_writer(str(folder / "validation"))
        self._due_at = 0.0

    def close(self) -> None:
        """Write what still waits."""
        self._train.close()
        self._validation.close()

    def point(self, point: CurvePoint) -> None:
        """The scalars of one batch."""
        train = {
            "loss": point.loss,
            "accuracy": point.accuracy,
            "learning rate": point.learning_rate,
        }
        _scalars(self._train, point.step, train)
        if point.validation_loss is not None and point.validation_accuracy is not None:
            checked = {"loss": point.validation_loss, "accuracy": point.validation_accuracy}
            _scalars(self._validation, point.step, checked)

    def graph(self, function: Any) -> None:
        """The operations of a training step, a concrete function."""
        with self._train.as_default():
            tensorflow().summary.graph(function.graph)

    @property
    def due(self) -> bool:
        """Whether the last look inside is so old that another is worth its cost."""
        return time.monotonic() >= self._due_at

    def inside(self, step: int, weights: Iterable[Any], crops: NDArray[np.generic] | None) -> None:
        """Histograms of all weights, and some *crops* as the network was just shown them.

        Args:
            step: batches done.
            weights: the model's variables.
            crops: uint8 (n, height, width, 1 or 3); None for embeddings.
        """
        tf, begun = tensorflow(), time.monotonic()
        with self._train.as_default():
            for weight in weights:
                values = np.asarray(weight, np.float32).ravel()
                thinned = values[:: -(-len(values) // MOST_VALUES)]
                tf.summary.histogram(weight.path, thinned, step=step)
            if crops is not None:
                tf.summary.image("crops", crops[:CROPS], step=step, max_outputs=CROPS)
        now = time.monotonic()
        self._due_at = now + max(INTERVAL_S, (now - begun) / COST_SHARE)


def _scalars(writer: Any, step: int, values: dict[str, float]) -> None:
    """All of a batch in one go: ``tf.summary.scalar`` takes a millisecond for each."""
    from tensorboard.plugins.scalar.summary_v2 import scalar_pb

    told = b"".join(scalar_pb(tag, value).SerializeToString() for tag, value in values.items())
    with writer.as_default():
        tensorflow().summary.experimental.write_raw_pb(told, step=step)


def _keep_until(path: Path, step: int) -> None:
    """Leave of the event file *path* what it tells of batches up to *step*."""
    tf = tensorflow()
    kept = path.with_name(f".{path.name}.part")
    with tf.io.TFRecordWriter(str(kept)) as writer:
        for record in _whole_records(path):
            if tf.compat.v1.Event.FromString(record).step <= step:
                writer.write(record)
    kept.replace(path)


def _whole_records(path: Path) -> Iterator[bytes]:
    """Those of *path* up to one that a kill cut short."""
    tf = tensorflow()
    records = iter(tf.data.TFRecordDataset(str(path)))
    try:
        for record in records:
            yield record.numpy()
    except tf.errors.DataLossError:
        return
