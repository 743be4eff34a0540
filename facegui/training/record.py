"""What a run tells while it goes on: the curve for the chart, and the same for TensorBoard."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from facegui.domain.control import Control, Progress
from facegui.domain.text import tr
from facegui.domain.training import CurvePoint
from facegui.training.board import Board
from facegui.training.snapshot import Snapshot


class Record:
    """Collects the points of a curve and passes each on; a context, since it holds log files.

    Attributes:
        board: for TensorBoard.

    Args:
        start: what an interrupted run left, whose points are passed on at once; None for a new one.
    """

    def __init__(
        self,
        run_dir: Path,
        total_steps: int,
        control: Control,
        start: Snapshot | None,
    ) -> None:
        self.points = [] if start is None else list(start.curve)
        if self.points:
            control.partial(tuple(self.points))
        self._control = control
        self._total = total_steps
        self.board = Board(run_dir, None if start is None else start.standing.step)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.board.close()

    def add(self, point: CurvePoint) -> None:
        """One batch more."""
        self.points.append(point)
        self._control.partial((point,))
        self._control.report(
            Progress(point.step, self._total, tr("Training, epoch {n}", n=point.epoch))
        )
        self.board.point(point)
