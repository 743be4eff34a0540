"""What watching a training costs: drawing the chart, and the training with and without a watcher.

The chart is drawn with 10,000 and 100,000 batches; both the time on the clock and the time on the
processor are told, because other work on the machine disturbs the first. Then the classic network
trains on random crops in the real engine, in turns unwatched and watched by the real panel, which
is on the (offscreen) screen with its chart, its faces and the guesses of each epoch. One command::

    python benchmarks/watching.py [STEPS]
"""

from __future__ import annotations

import dataclasses
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop

from facegui.__main__ import make_tools
from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.geometry import Box, Landmarks, Point
from facegui.domain.training import CurvePoint, FitRequest, FitResult, TrainConfig
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.gui.train.chart import LearningChart
from facegui.gui.train.watch import WatchPanel
from facegui.network.registry import network
from facegui.services.learning.watched import WatchedRun
from facegui.training.fit import FIT_JOB

CROPS, PEOPLE, ROUNDS, DRAWINGS = 600, 6, 3, 50
TARGET_DRAW_MS, TARGET_SHARE = 8.0, 0.02
_NOWHERE = Landmarks(*(Point(0.0, 0.0),) * 5)


def main() -> int:
    """Print the table."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    app = make_application()
    for points in (10_000, 100_000):
        draw(points)
    context = AppContext(make_tools(), app)
    with tempfile.TemporaryDirectory() as folder:
        train(context, Path(folder), steps)
    context.lanes.close()
    context.tools.close()
    return 0


def draw(points: int) -> None:
    """One line on drawing so many batches."""
    chart = LearningChart()
    chart.resize(720, 430)
    chart.show()
    chart.add(noisy_run(points))
    QCoreApplication.processEvents()  # until then it is not on the screen
    clock, processor = [], []
    for _ in range(DRAWINGS):
        began, began_cpu = time.perf_counter(), time.thread_time()
        chart.canvas.redraw()
        chart.canvas.repaint()
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.thread_time() - began_cpu))
    print(
        f"{points:,} batches: {statistics.median(clock):.1f} ms a picture on the clock, "
        f"{statistics.median(processor):.1f} ms of processor (target {TARGET_DRAW_MS:.0f} ms)"
    )
    chart.close()
    chart.deleteLater()


def noisy_run(points: int) -> Iterator[CurvePoint]:
    """A run that learns, with an epoch of fifty batches."""
    random = np.random.default_rng(0)
    for step in range(1, points + 1):
        left = float(np.exp(-6 * step / points))
        noise, checked = float(random.normal()), step % 50 == 0
        yield CurvePoint(
            step, 1 + step // 50, abs(2 * left + 0.2 * noise), 1 - 0.8 * left * abs(noise) / 3,
            2 * left + 0.3 if checked else None, 1 - 0.8 * left if checked else None,
            step / 20, 1e-3,
        )  # fmt: skip


def train(context: AppContext, folder: Path, steps: int) -> None:
    """Two lines: milliseconds a step unwatched and watched."""
    config = dataclasses.replace(
        network("classic").defaults, max_steps=steps, patience=None, max_epochs=None
    )
    request = fit_request(config, folder)
    panel = WatchPanel(context)
    panel.resize(900, 560)
    panel.show()
    run = watched_run(request)

    def watch(task: Task) -> None:
        panel.clear()
        panel.hear(run)
        task.partial_arrived.connect(panel.hear)

    warm = dataclasses.replace(request, config=dataclasses.replace(config, max_steps=2))
    fit(context, warm, lambda _: None)
    alone, watched, window = [], [], []
    for _ in range(ROUNDS):
        alone += step_ms(fit(context, request, lambda _: None))
        cpu, began = time.process_time(), time.perf_counter()
        watched += step_ms(fit(context, request, watch))
        window.append((time.process_time() - cpu) / (time.perf_counter() - began))
    alone_ms, watched_ms = statistics.median(alone), statistics.median(watched)
    print(f"a step: {alone_ms:.1f} ms unwatched, {watched_ms:.1f} ms watched")
    share = statistics.median(window) / (os.cpu_count() or 1)
    print(
        f"the window took {share:.1%} of the machine meanwhile, "
        f"{watched_ms / alone_ms - 1:+.1%} on the clock (target {TARGET_SHARE:.0%})"
    )
    panel.close()


def fit(context: AppContext, request: FitRequest, listen: Callable[[Task], None]) -> FitResult:
    """Train in the engine while the event loop runs."""
    results: list[object] = []

    def job(control: Control) -> object:
        return context.tools.trainer.run(FIT_JOB, request, control)

    task = context.lanes.start(job, "", Lane.ENGINE)
    task.done.connect(results.append)
    listen(task)
    while task.running:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    (result,) = results
    assert isinstance(result, FitResult)
    return result


def step_ms(result: FitResult) -> list[float]:
    """Milliseconds of each step but the first two, and those after a validation."""
    before = {point.step: point.seconds for point in result.curve}
    quiet = [point for point in result.curve[2:] if point.validation_loss is None]
    return [1000 * (point.seconds - before[point.step - 1]) for point in quiet]


def fit_request(config: TrainConfig, folder: Path) -> FitRequest:
    """Random crops, a fifth of them to validate on."""
    crops = np.random.default_rng(0).integers(0, 256, (CROPS, 96, 96, 3), np.uint8)
    np.save(folder / "inputs.npy", crops)
    return FitRequest(
        config=config,
        inputs_path=str(folder / "inputs.npy"),
        labels=tuple(row % PEOPLE for row in range(CROPS)),
        subsets=tuple(Subset.TRAIN if row % 5 else Subset.VALIDATION for row in range(CROPS)),
        class_names=tuple(f"person {n}" for n in range(PEOPLE)),
        run_dir=str(folder),
    )


def watched_run(request: FitRequest) -> WatchedRun:
    """What the panel is told of *request*; its crops come out of the array."""
    items = tuple(
        DatasetItem(row, row, "", "", Box(0, 0, 1, 1), _NOWHERE, label, row, subset)
        for row, (label, subset) in enumerate(zip(request.labels, request.subsets, strict=True))
    )
    people, inputs = request.class_names, Path(request.inputs_path)
    return WatchedRun(request.config, people, items, Path(request.run_dir), inputs, None)


if __name__ == "__main__":
    raise SystemExit(main())
