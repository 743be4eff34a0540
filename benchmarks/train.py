"""Training speed: milliseconds a step of the classic network, beside Keras' own loop.

Trains on random crops, batches of 100, through the real job (points for every batch, TensorBoard
log, stop looked for between batches) with and without augmentation, and with a bare
``model.fit`` of the same graph. The rounds alternate, and each figure is a median, because other
work on the machine disturbs single steps. One command::

    python benchmarks/train.py [STEPS]
"""

from __future__ import annotations

import dataclasses
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from facegui.domain.control import NullControl
from facegui.domain.dataset import Subset
from facegui.domain.training import Augmentation, FitRequest, TrainConfig
from facegui.network.model import build_model
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.training.fit import fit

BATCH, CROPS, PEOPLE, ROUNDS = 100, 600, 6, 3
PLAIN = Augmentation(flip=False)


def main() -> int:
    """Print the table."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    tensorflow()
    random = np.random.default_rng(0)
    crops = random.integers(0, 256, (CROPS, 96, 96, 3), np.uint8)
    labels = np.arange(CROPS) % PEOPLE
    faithful = dataclasses.replace(
        network("classic").presets["faithful"], batch_size=BATCH, max_steps=steps
    )
    print(f"classic network, batches of {BATCH}, {ROUNDS} × {steps} steps, medians")
    for title, config in (
        ("normalised", dataclasses.replace(faithful, normalise=True)),
        ("faithful", faithful),
    ):
        compare(title, config, crops, labels)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak_mb:.0f} MB")
    return 0


def compare(title: str, config: TrainConfig, crops: np.ndarray, labels: np.ndarray) -> None:
    """One line for *config*: ours with and without augmentation, and the bare loop."""
    plain = dataclasses.replace(config, augmentation=PLAIN)
    ours, augmented, bare = [], [], []
    for _ in range(ROUNDS):
        bare += keras_loop(plain, crops, labels)
        ours += our_loop(plain, crops, labels)
        augmented += our_loop(config, crops, labels)
    floor_ms, ours_ms, augmented_ms = map(statistics.median, (bare, ours, augmented))
    print(
        f"{title}: bare Keras {floor_ms:.0f} ms a step; ours {ours_ms:.0f} ms "
        f"({ours_ms / floor_ms:.2f} of it); with augmentation {augmented_ms:.0f} ms "
        f"({augmented_ms / ours_ms - 1:+.1%})"
    )


def our_loop(config: TrainConfig, crops: np.ndarray, labels: np.ndarray) -> list[float]:
    """Milliseconds of each step of the job but the first, which traces, and the last."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "inputs.npy", crops)
        request = FitRequest(
            config=config,
            inputs_path=str(Path(folder) / "inputs.npy"),
            labels=tuple(labels.tolist()),
            subsets=tuple(
                Subset.VALIDATION if row < PEOPLE else Subset.TRAIN for row in range(CROPS)
            ),
            class_names=tuple(f"person {n}" for n in range(PEOPLE)),
            run_dir=folder,
        )
        curve = fit(request, NullControl()).curve
    # The point of a step that validates is made after the validation; the next one is clean again.
    quiet = [p for p in curve[1:] if p.validation_loss is None]
    before = {p.step: p.seconds for p in curve}
    return [1000 * (p.seconds - before[p.step - 1]) for p in quiet]


def keras_loop(config: TrainConfig, crops: np.ndarray, labels: np.ndarray) -> list[float]:
    """Milliseconds of each step of ``model.fit`` on the same graph, as an average after tracing."""
    import keras

    model = build_model(config, PEOPLE)
    bare = keras.Model(model.input, model.output[1])
    bare.compile(
        keras.optimizers.Adam(config.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    floats = crops.astype(np.float32) / 255
    bare.fit(floats[:BATCH], labels[:BATCH], batch_size=BATCH, verbose=0)
    found = []
    for _ in range((config.max_steps or CROPS) * BATCH // CROPS):
        started = time.perf_counter()
        bare.fit(floats, labels, batch_size=BATCH, verbose=0)
        found.append(1000 * (time.perf_counter() - started) * BATCH / CROPS)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
