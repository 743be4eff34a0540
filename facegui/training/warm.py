"""A job that brings the engine up, so that the first training begins at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from facegui.domain.control import Control
from facegui.domain.training import FitRequest
from facegui.network.registry import DEFAULT_NETWORK, network
from facegui.training.board import Board
from facegui.training.learner import Learner


def warm(request: None, control: Control) -> None:  # noqa: ARG001 - the shape of a job
    """Import TensorFlow, Keras and TensorBoard's formats, by a step of a head for two people."""
    spec = network(DEFAULT_NETWORK)
    nobody = FitRequest(spec.defaults, "", labels=(), subsets=(), class_names=("", ""), run_dir="")
    learner = Learner(nobody, parts=1)
    inputs, labels = np.zeros((2, *spec.input_shape), np.float32), np.arange(2, dtype=np.int32)
    learner.step(inputs, labels, np.zeros(2, np.int32), spec.defaults.learning_rate)
    for _ in learner.infer.batches(inputs, np.arange(2)):
        pass
    with tempfile.TemporaryDirectory() as folder:
        board = Board(Path(folder), None)
        board.inside(1, learner.model.weights, None)
        board.close()
