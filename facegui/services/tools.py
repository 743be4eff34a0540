"""The tools the use cases work with, wired once by the composition root and handed down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from facegui.domain.detection import DetectOptions
from facegui.domain.ports import FaceAnalyser, FaceFinder, FrameSource, ModelStore
from facegui.services.engine import Engine
from facegui.services.learning.tensorboard import TensorBoard


@dataclass(frozen=True, slots=True)
class Tools:
    """Factories and shared services; building one costs nothing until it is used.

    Attributes:
        models: finds or fetches pretrained files.
        analyser: makes a full analyser for one scanning thread.
        finder: makes a lighter one (find and embed) for recognition and live video.
        frame_source: opens a camera number, video file or stream address.
        trainer: the engine process that trains.
        board: TensorBoard, for the owner's browser.
        inference: a second engine, so that recognition goes on while a training runs.
    """

    models: ModelStore
    analyser: Callable[[DetectOptions], FaceAnalyser]
    finder: Callable[[DetectOptions], FaceFinder]
    frame_source: Callable[[str], FrameSource]
    trainer: Engine
    inference: Engine
    board: TensorBoard = field(default_factory=TensorBoard)

    def close(self) -> None:
        """End all processes within a bound."""
        self.board.close()
        self.trainer.close()
        self.inference.close()
