"""Names for faces: a bundle's network asked, its answer held against the bundle's thresholds.

The head of Face transfer is two lines of numpy and runs here. A CNN runs in an engine, reached
through the `JobRunner` port; nothing here imports TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from facegui.domain.control import Control, NullControl
from facegui.domain.recognition import Identity
from facegui.domain.training import Preprocessing
from facegui.network.bundle import Bundle, load_bundle
from facegui.network.face_transfer import HEAD_BIAS, HEAD_KERNEL
from facegui.network.infer import JOB, InferRequest
from facegui.network.scoring import scores

Floats = NDArray[np.float32]


class JobRunner(Protocol):
    """An engine, as far as recognition needs one."""

    def run(self, job: str, request: object, control: Control) -> object:
        """Call *job* with *request* in the engine's process."""


class Recogniser:
    """A loaded bundle that can be asked. As thread-safe as the engine behind it.

    Attributes:
        bundle: what it was loaded from.
    """

    def __init__(self, bundle: Bundle, path: Path, engine_factory: Callable[[], JobRunner]) -> None:
        self.bundle = bundle
        self._path = path
        self._engine_factory = engine_factory
        self._engine: JobRunner | None = None

    @classmethod
    def load(cls, path: Path, engine_factory: Callable[[], JobRunner]) -> Recogniser:
        """The bundle at *path*; *engine_factory* is called at the first need, if there is one.

        Raises:
            BundleError: *path* is no bundle, or a damaged one.
        """
        return cls(load_bundle(path), path, engine_factory)

    @property
    def labels(self) -> tuple[str, ...]:
        """People's names in label order."""
        return self.bundle.info.labels

    @property
    def preprocessing(self) -> Preprocessing:
        """How `identify` wants its inputs made."""
        return self.bundle.info.preprocessing

    def identify(
        self, inputs: NDArray[np.generic], control: Control | None = None
    ) -> list[Identity]:
        """Who each face is.

        Args:
            inputs: float32 (n, 128) embeddings, or uint8 (n, size, size, 3) RGB crops, as
                `preprocessing` says.
            control: may stop a long batch.

        Raises:
            EngineError: the engine died.
            Cancelled: told to stop.
        """
        if not len(inputs):
            return []
        return identities(self.bundle, *self.ask(inputs, control))

    def ask(
        self, inputs: NDArray[np.generic], control: Control | None = None
    ) -> tuple[Floats, Floats]:
        """What the network makes of *inputs*, one row at least, before any threshold.

        Returns:
            Unit features (n, d) and softmax probabilities (n, people), float32.

        Raises:
            EngineError, Cancelled: as `identify`.
        """
        if self.preprocessing.kind == "embedding":
            return self._head(np.asarray(inputs, np.float32))
        self._engine = self._engine or self._engine_factory()
        request = InferRequest(str(self._path), self.bundle.sha256, inputs)
        answer = self._engine.run(JOB, request, control or NullControl())
        return cast("tuple[Floats, Floats]", answer)

    def _head(self, embeddings: Floats) -> tuple[Floats, Floats]:
        """The features are the embeddings; the probabilities their softmax after one layer."""
        weights = self.bundle.weights
        logits = embeddings @ weights[HEAD_KERNEL] + weights[HEAD_BIAS]
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        return embeddings, exponents / exponents.sum(axis=1, keepdims=True)


def likenesses(bundle: Bundle, features: Floats, probabilities: Floats) -> Floats:
    """The score (n, people) of each face for each person that thresholds are about, -1 to 1.

    Args:
        bundle: whose prototypes and scoring count.
        features: unit vectors (n, d).
        probabilities: (n, people), rows that sum to 1.
    """
    return scores(bundle.info.thresholds.scoring, features, probabilities, bundle.prototypes)


def identities(bundle: Bundle, features: Floats, probabilities: Floats) -> list[Identity]:
    """The name of each face: the most probable person, if its score for them is high enough.

    Args:
        bundle: whose labels, prototypes and thresholds count.
        features: unit vectors (n, d).
        probabilities: (n, people), rows that sum to 1.
    """
    info = bundle.info
    best = probabilities.argmax(axis=1)
    similarities = likenesses(bundle, features, probabilities)[np.arange(len(best)), best]
    found = []
    for row, label in enumerate(best):
        candidate = info.labels[label]
        threshold = info.thresholds.of(candidate)
        similarity = float(similarities[row])
        found.append(
            Identity(
                name=candidate if similarity >= threshold else None,
                candidate=candidate,
                probability=float(probabilities[row, label]),
                scores=dict(zip(info.labels, map(float, probabilities[row]), strict=True)),
                similarity=similarity,
                threshold=threshold,
            )
        )
    return found
