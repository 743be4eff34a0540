"""Crops that a small network learns in seconds: each person is a coloured shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.domain.dataset import Subset
from facegui.domain.training import FitRequest, TrainConfig

NAMES = ("Circle", "Square", "Stripes")
COLOURS = ((220, 60, 60), (60, 200, 80), (70, 90, 220))


def shape_crops(each: int, seed: int = 0, size: int = 96) -> tuple[NDArray[np.uint8], list[int]]:
    """uint8 (3 × each, size, size, 3) and their labels, *each* of every shape in turn."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size]
    crops, labels = [], []
    for index in range(3 * each):
        label = index % 3
        cx, cy = random.uniform(0.4, 0.6, 2) * size
        radius = random.uniform(0.2, 0.35) * size
        inside = (
            (x - cx) ** 2 + (y - cy) ** 2 < radius**2,
            (abs(x - cx) < radius) & (abs(y - cy) < radius),
            (x - cx).astype(int) // 8 % 2 == 0,
        )[label]
        crop = random.integers(0, 60, (size, size, 3))
        crop[inside] += np.array(COLOURS[label]) * 3 // 4
        crops.append(crop)
        labels.append(label)
    return np.array(crops, np.uint8), labels


def embeddings(each: int, people: int, seed: int = 0) -> tuple[NDArray[np.float32], list[int]]:
    """Unit vectors (people × each, 128) around one direction a person, spread as SFace's are."""
    random = np.random.default_rng(seed)
    labels = [index % people for index in range(people * each)]
    centres = random.normal(size=(people, 128))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    vectors = centres[labels] + random.normal(size=(len(labels), 128)) * 0.9 / np.sqrt(128)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), labels


def _side(turn: int) -> Subset:
    return Subset.VALIDATION if turn % 3 == 2 else Subset.TRAIN


def fit_request(
    folder: Path,
    config: TrainConfig,
    inputs: NDArray[np.generic],
    labels: list[int],
    names: tuple[str, ...] = NAMES,
) -> FitRequest:
    """Every third of a person's inputs is held out."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "inputs.npy", inputs)
    people = len(names)
    return FitRequest(
        config=config,
        inputs_path=str(folder / "inputs.npy"),
        labels=tuple(labels),
        subsets=tuple(_side(index // people) for index in range(len(labels))),
        class_names=names,
        run_dir=str(folder),
    )
