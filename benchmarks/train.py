"""Training speed: how long Face transfer takes, and a step of the classic network.

Face transfer, on made-up embeddings of 6 people with 40 faces each: the first training after the
engine is warm, and five more with other faces held back, as a check of every face has them. Then
milliseconds a step of the classic network, beside Keras' loop and PyTorch.

Trains on random crops, batches of 100, through the real job (points for every batch, TensorBoard
log, stop looked for between batches) with and without augmentation, and with a bare
``model.fit`` of the same graph, in both precisions. The rounds alternate, and each figure is a
median, because other work on the machine disturbs single steps. One command::

    python benchmarks/train.py [STEPS] [--peers]

``--peers``: the same network in PyTorch, in an environment of its own, right before and right
after; the faster of its ways to run (plain, channels last, compiled) counts.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from peers.environment import make_environment

from facegui.domain.control import NullControl
from facegui.domain.dataset import Subset
from facegui.domain.training import Augmentation, FitRequest, Precision, TrainConfig
from facegui.network.model import build_model
from facegui.network.registry import network
from facegui.network.runtime import tensorflow
from facegui.training.fit import fit
from facegui.training.warm import warm

BATCH, CROPS, PEOPLE, ROUNDS = 100, 600, 6, 3
OF_PYTORCH, OVER_BARE, AUGMENTING = 0.65, 0.05, 0.15
HOPELESS = 3.0
"""A precision so many times as slow as another is not measured further: processors without
instructions for bfloat16 compute it in software.
"""

HEAD_S, FOLDS_S, FACES, FOLDS = 1.0, 2.0, 40, 5

TORCH = ["torch==2.13.0", "numpy", "setuptools"]
PLAIN = Augmentation(flip=False)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("steps", nargs="?", type=int, default=12)
    parser.add_argument("--peers", action="store_true")
    given = parser.parse_args()
    measure_head()
    with tempfile.TemporaryDirectory(prefix="facegui-torch-") as folder:
        torch = None
        if given.peers:
            torch = make_environment(Path(folder) / "environment", TORCH, [])
        measure(given.steps, torch)
    return 0


def measure_head() -> None:
    """Seconds of a first training of Face transfer, and processor time of five folds."""
    warm(None, NullControl())
    random = np.random.default_rng(0)
    labels = np.arange(PEOPLE * FACES) % PEOPLE
    faces = random.normal(size=(PEOPLE, 128))[labels] + random.normal(size=(len(labels), 128))
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    began = time.perf_counter()
    train_head(faces.astype(np.float32), labels, 0)
    first = time.perf_counter() - began
    began = time.process_time()
    for fold in range(FOLDS):
        train_head(faces.astype(np.float32), labels, fold)
    folds = time.process_time() - began
    print(
        f"Face transfer, {PEOPLE} people: {first:.2f} s, target {HEAD_S} s: "
        f"{'met' if first <= HEAD_S else 'MISSED'}; {FOLDS} folds {folds:.2f} s of processor time, "
        f"target {FOLDS_S} s: {'met' if folds <= FOLDS_S else 'MISSED'}",
        flush=True,
    )


def train_head(faces: np.ndarray, labels: np.ndarray, fold: int) -> None:
    """One training with every fifth face of a person held back."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "inputs.npy", faces)
        held = [row // PEOPLE % FOLDS == fold for row in range(len(labels))]
        request = FitRequest(
            config=network("face-transfer").defaults,
            inputs_path=str(Path(folder) / "inputs.npy"),
            labels=tuple(labels.tolist()),
            subsets=tuple(Subset.VALIDATION if one else Subset.TRAIN for one in held),
            class_names=tuple(f"person {n}" for n in range(PEOPLE)),
            run_dir=folder,
        )
        fit(request, NullControl())


def measure(steps: int, torch: Path | None) -> None:
    """All figures; *torch* is a Python that has it."""
    tensorflow()
    random = np.random.default_rng(0)
    crops = random.integers(0, 256, (CROPS, 96, 96, 3), np.uint8)
    labels = np.arange(CROPS) % PEOPLE
    faithful = dataclasses.replace(
        network("classic").presets["faithful"], batch_size=BATCH, max_steps=steps
    )
    print(f"classic network, batches of {BATCH}, {ROUNDS} × {steps} steps, medians")
    before = peer(torch, steps)
    ours: dict[str, float] = {}
    for precision in Precision:
        config = dataclasses.replace(faithful, precision=precision)
        short = dataclasses.replace(config, max_steps=3, augmentation=PLAIN)
        glance = min(our_loop(short, crops, labels))
        if ours and glance > HOPELESS * min(ours.values()):
            print(f"faithful, {precision.value}: {glance:.0f} ms a step; not worth measuring here")
            ours[precision.value] = glance
            continue
        ours[precision.value] = compare(f"faithful, {precision.value}", config, crops, labels)
    compare("normalised, float32", dataclasses.replace(faithful, normalise=True), crops, labels)
    after = peer(torch, steps)
    for precision, ways in before.items():
        both = {way: min(ms, after[precision].get(way, ms)) for way, ms in ways.items()}
        best = min(both, key=lambda way: both[way])
        share = ours[precision] / both[best]
        told = ", ".join(f"{way} {ms:.0f}" for way, ms in both.items())
        print(
            f"PyTorch, {precision}: {told} ms; ours is {share:.2f} of its best ({best}), "
            f"target {OF_PYTORCH}: {'met' if share <= OF_PYTORCH else 'MISSED'}"
        )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak_mb:.0f} MB")


def compare(title: str, config: TrainConfig, crops: np.ndarray, labels: np.ndarray) -> float:
    """One line for *config*: ours with and without augmentation, and the bare loop.

    Returns:
        Milliseconds of our step without augmentation.
    """
    plain = dataclasses.replace(config, augmentation=PLAIN)
    ours, augmented, bare = [], [], []
    for _ in range(ROUNDS):
        bare += keras_loop(plain, crops, labels)
        ours += our_loop(plain, crops, labels)
        augmented += our_loop(config, crops, labels)
    floor_ms, ours_ms, augmented_ms = map(statistics.median, (bare, ours, augmented))
    over, share = ours_ms / floor_ms - 1, augmented_ms / ours_ms - 1
    print(
        f"{title}: bare Keras {floor_ms:.0f} ms a step; ours {ours_ms:.0f} ms ({over:+.1%}, "
        f"target {OVER_BARE:+.0%}: {'met' if over <= OVER_BARE else 'MISSED'}); "
        f"with augmentation {augmented_ms:.0f} ms ({share:+.1%}, target {AUGMENTING:+.0%}: "
        f"{'met' if share <= AUGMENTING else 'MISSED'})"
    )
    return float(ours_ms)


def peer(python: Path | None, steps: int) -> dict[str, dict[str, float]]:
    """Milliseconds a step of PyTorch by precision and way to run; nothing without one."""
    if python is None:
        return {}
    script = Path(__file__).with_name("peers") / "torch_train.py"
    done = subprocess.run(
        [str(python), str(script), *map(str, (BATCH, steps, PEOPLE, ROUNDS))],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


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
