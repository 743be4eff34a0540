"""The arrays of a training and the order in which the network sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from facegui.domain.dataset import Subset
from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.domain.training import Balance, FitRequest, TrainConfig
from facegui.network.registry import network

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything of a `FitRequest` that is an array.

    Attributes:
        inputs: memory-mapped, one row for each item.
        labels: int32 (n,).
        train: rows to learn from.
        validation: rows to choose the best weights with.
        test: rows to judge them with at the end; may be empty.
    """

    inputs: NDArray[np.generic]
    labels: NDArray[np.int32]
    train: Rows
    validation: Rows
    test: Rows

    @classmethod
    def load(cls, request: FitRequest) -> TrainingData:
        """Map the inputs and check that they make a training.

        Raises:
            DatasetError: fewer than two people, a person without training items, or nothing to
                validate on.
            ValueError: the request contradicts itself; a bug of the caller.
        """
        inputs = np.load(request.inputs_path, mmap_mode="r", allow_pickle=False)
        labels = np.asarray(request.labels, np.int32)
        wanted = network(request.config.network).input_shape
        if inputs.shape != (len(labels), *wanted) or len(request.subsets) != len(labels):
            raise ValueError(f"inputs {inputs.shape} for {len(labels)} labels of {wanted}")
        data = cls(inputs, labels, *(rows_of(request.subsets, side) for side in Subset))
        data._check(request.class_names)
        return data

    def _check(self, class_names: Sequence[str]) -> None:
        if len(class_names) < 2:  # noqa: PLR2004 - telling apart takes two
            raise DatasetError(
                tr("There are photos of fewer than two people."),
                tr("Add photos of another person."),
            )
        counts = np.bincount(self.labels[self.train], minlength=len(class_names))
        if not counts.all():
            name = class_names[int(counts.argmin())]
            raise DatasetError(
                tr("There is no photo of {name} to learn from.", name=name),
                tr("Add photos of {name}, or keep more of those rejected.", name=name),
            )
        if not len(self.validation):
            raise DatasetError(
                tr("No photos are held back, so nothing could tell how good the network is."),
                tr("Add photos or hold back a larger part."),
            )


def rows_of(subsets: Sequence[Subset], side: Subset) -> Rows:
    """The rows that are on *side*."""
    return np.flatnonzero([subset is side for subset in subsets])


def spread_over_people(labels: NDArray[np.int32], rows: Rows, most: int) -> Rows:
    """Up to *most* of *rows* in order, as evenly from everybody's as their numbers allow."""
    turn = np.zeros(len(rows), np.intp)
    for label in np.unique(labels[rows]):
        own = labels[rows] == label
        turn[own] = np.arange(own.sum())
    return np.sort(rows[np.argsort(turn, kind="stable")[:most]])


class Sampler(Protocol):
    """Endless batches of rows to learn from."""

    def batch(self, size: int) -> Rows:
        """The next *size* rows."""

    def state(self) -> dict[str, Any]:
        """Where it stands, in what JSON can say."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state` of another with the same rows."""


def sampler(data: TrainingData, config: TrainConfig) -> Sampler:
    """The order in which *config* wants the training rows seen; its seed decides the draws."""
    if config.balance is Balance.TURNS:
        return BalancedSampler(data.labels, data.train, config.seed)
    return NaturalSampler(data.train, config.seed)


def class_weights(data: TrainingData) -> NDArray[np.float32]:
    """What each person's faces count: n / (people · their faces), so 1 on average."""
    counts = np.bincount(data.labels[data.train])
    weights: NDArray[np.float32] = (counts.sum() / (len(counts) * counts)).astype(np.float32)
    return weights


class NaturalSampler:
    """Endless batches in which every photo comes equally often, in an order new each time."""

    def __init__(self, rows: Rows, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._rows = rows
        self._waiting: list[int] = []

    def batch(self, size: int) -> Rows:
        """The next *size* rows."""
        while len(self._waiting) < size:
            self._waiting += self._random.permutation(self._rows).tolist()
        taken, self._waiting = self._waiting[:size], self._waiting[size:]
        return np.array(taken, np.intp)

    def state(self) -> dict[str, Any]:
        """Where it stands, in what JSON can say."""
        return {"random": self._random.bit_generator.state, "waiting": self._waiting}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state` of another with the same rows."""
        self._random.bit_generator.state = state["random"]
        self._waiting = state["waiting"]


class BalancedSampler:
    """Endless batches in which every person comes equally often, however many photos they have.

    People take turns in a random order; each one's photos come in a random order without
    repetition until they are used up, then shuffled anew. So photos of a person with few are seen
    more often (and augmented differently each time), and none of a person with many is left out.
    """

    def __init__(self, labels: NDArray[np.int32], rows: Rows, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._photos = [rows[labels[rows] == label] for label in np.unique(labels[rows])]
        self._waiting: list[list[int]] = [[] for _ in self._photos]
        self._turns: list[int] = []

    def batch(self, size: int) -> Rows:
        """The next *size* rows."""
        return np.array([self._next() for _ in range(size)], np.intp)

    def state(self) -> dict[str, Any]:
        """Where it stands, in what JSON can say."""
        return {
            "random": self._random.bit_generator.state,
            "waiting": self._waiting,
            "turns": self._turns,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state` of another with the same rows."""
        self._random.bit_generator.state = state["random"]
        self._waiting, self._turns = state["waiting"], state["turns"]

    def _next(self) -> int:
        if not self._turns:
            self._turns = self._random.permutation(len(self._photos)).tolist()
        person = self._turns.pop()
        if not self._waiting[person]:
            self._waiting[person] = self._random.permutation(self._photos[person]).tolist()
        return self._waiting[person].pop()
