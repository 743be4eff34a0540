"""What changing crops at random costs, beside the training step of the classic network.

Batches of 100 at 96 × 96. In every round a plain step is timed, then each operation and each preset
by itself on the same batch, then a step with each preset. Figures are medians: milliseconds by the
clock, for a machine with nothing else to do, and of processor time, which other work does not
disturb; shares are those of the plain step. Last come the presets at the sizes of the other
networks, without a step. One command::

    python benchmarks/augmentation.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import fields, replace

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from facegui.domain.training import Augmentation
from facegui.network.model import build_model
from facegui.network.registry import network
from facegui.services.learning.augmentation import NONE, STRONG, augmentation_presets
from facegui.training.augment import augmented
from facegui.training.step import TrainStep

BATCH, PEOPLE, ROUNDS = 100, 6, 20
SHAPES = ((28, 28, 1), (96, 96, 3), (150, 150, 3), (227, 227, 3))
PRESETS = {preset.name: preset.settings for preset in augmentation_presets()}
OPERATIONS = {
    field.name: replace(NONE, **{field.name: getattr(STRONG, field.name)})
    for field in fields(Augmentation)
}
Work = Callable[[int], object]


def main() -> int:
    """Print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    beside_a_step(rounds)
    print(f"\nmilliseconds a batch of {BATCH}, by the clock | of processor time")
    for shape in SHAPES:
        batch = crops(shape)
        found = medians({name: change(batch, one) for name, one in PRESETS.items()}, rounds)
        told = "  ".join(f"{name} {clock:.1f} | {cpu:.1f}" for name, (clock, cpu) in found.items())
        print(f"  {' × '.join(map(str, shape)):13} {told}")
    return 0


def beside_a_step(rounds: int) -> None:
    """One table: every operation and preset, as a share of a step."""
    batch = crops((96, 96, 3))
    parts = {name: change(batch, one) for name, one in {**OPERATIONS, **PRESETS}.items()}
    steps = {f"step, {name}": step(batch, one) for name, one in PRESETS.items()}
    found = medians({**steps, **parts}, rounds)
    clock_ms, cpu_ms = found["step, none"]
    print(f"\nbatches of {BATCH}: by the clock, share | of processor time, share")
    for name in (*steps, *parts):
        clock, cpu = found[name]
        less = 1 if name in steps else 0
        print(
            f"  {name:13} {clock:7.1f} ms {clock / clock_ms - less:7.1%} |"
            f" {cpu:7.1f} ms {cpu / cpu_ms - less:7.1%}"
        )


def crops(shape: tuple[int, ...]) -> np.ndarray:
    """A batch of noise; what is in it makes no difference to the time."""
    return np.random.default_rng(0).integers(0, 256, (BATCH, *shape), np.uint8)


def change(batch: np.ndarray, settings: Augmentation) -> Work:
    """Changing *batch*, anew in each round."""
    return lambda number: augmented(batch, settings, (0, number))


def step(batch: np.ndarray, settings: Augmentation) -> Work:
    """A training step of the classic network on *batch*, augmentation included."""
    config = replace(network("classic").presets["faithful"], augmentation=settings)
    taken = TrainStep(build_model(config, PEOPLE), config)
    labels = np.arange(BATCH, dtype=np.int32) % PEOPLE
    rate = config.learning_rate
    return lambda number: taken(batch, labels, np.array([0, number], np.int32), rate)


def medians(works: Mapping[str, Work], rounds: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of each of *works*, by the clock and of processor time; all in every round."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            clock, cpu = time.perf_counter(), time.process_time()
            work(number)
            taken[name].append((time.perf_counter() - clock, time.process_time() - cpu))
    return {
        name: (
            1000 * statistics.median(clock for clock, _ in times[1:]),  # the first one warms up
            1000 * statistics.median(cpu for _, cpu in times[1:]),
        )
        for name, times in taken.items()
    }


if __name__ == "__main__":
    raise SystemExit(main())
