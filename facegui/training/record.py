"""What a run tells while it goes on: the curve for the chart, and the same for TensorBoard."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from facegui.domain.control import Control, Progress
from facegui.domain.text import tr
from facegui.domain.training import CurvePoint
from facegui.network.runtime import tensorflow

FOLDER_NAME = "tensorboard"


class Record:
    """Collects the points of a curve and passes each on; a context, since it holds log files.

    Args:
        earlier: points from before an interruption; passed on at once.
    """

    def __init__(
        self,
        run_dir: Path,
        total_steps: int,
        control: Control,
        earlier: tuple[CurvePoint, ...] = (),
    ) -> None:
        self.points = list(earlier)
        if earlier:
            control.partial(earlier)
        self._control = control
        self._total = total_steps
        self._train = _ScalarLog(run_dir / FOLDER_NAME / "train")
        self._validation = _ScalarLog(run_dir / FOLDER_NAME / "validation")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._train.close()
        self._validation.close()

    def add(self, point: CurvePoint) -> None:
        """One batch more."""
        self.points.append(point)
        self._control.partial((point,))
        self._control.report(
            Progress(point.step, self._total, tr("Training, epoch {n}", n=point.epoch))
        )
        self._train.write(point.step, loss=point.loss, accuracy=point.accuracy)
        if point.validation_loss is not None and point.validation_accuracy is not None:
            self._validation.write(
                point.step, loss=point.validation_loss, accuracy=point.validation_accuracy
            )


class _ScalarLog:
    """A TensorBoard event file of scalars.

    Written through ``tf.summary.write``: ``tf.summary.scalar`` needs the TensorBoard package,
    which training must not depend on. The metadata is that of TensorBoard's scalars plugin.
    """

    def __init__(self, folder: Path) -> None:
        tf = tensorflow()
        self._writer: Any = tf.summary.create_file_writer(str(folder))
        self._metadata = tf.compat.v1.SummaryMetadata(
            plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"),
            data_class="DATA_CLASS_SCALAR",
        )

    def write(self, step: int, **values: float) -> None:
        tf = tensorflow()
        with self._writer.as_default():
            for tag, value in values.items():
                tf.summary.write(tag, tf.constant(value), step=step, metadata=self._metadata)

    def close(self) -> None:
        self._writer.close()
