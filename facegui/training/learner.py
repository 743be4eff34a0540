"""A network made ready to learn, compiled once for all trainings that ask for the same.

Building and compiling takes longer than a small head takes to learn; a check of every face trains
the same network again for every fold. Engine process only.
"""

from __future__ import annotations

from facegui.domain.training import FitRequest
from facegui.network.model import Inference
from facegui.training.bottlenecks import learning_part, whole_model
from facegui.training.step import TrainStep

MOST_KEPT_BYTES = 200_000_000
"""Of a network that waits in an idle engine for the next training; a larger one is built anew."""

_FLOAT_BYTES = 4
_Kind = tuple[object, ...]


class Learner:
    """A new network and what asks and changes it.

    Attributes:
        whole: all of it.
        model: what of it learns.
        infer: asks *model*.
        step: changes it.
    """

    def __init__(self, request: FitRequest, parts: int) -> None:
        self.whole = whole_model(request)
        self.model = learning_part(self.whole, request.config)
        self.infer = Inference(self.model, request.config)
        self.step = TrainStep(self.model, request.config, parts)
        self._first = self.step.variables()

    @property
    def size_bytes(self) -> int:
        """What it takes of memory, about."""
        learned = sum(array.nbytes for array in self._first.values())
        return 2 * learned + _FLOAT_BYTES * int(self.whole.count_params())

    def begin_anew(self) -> None:
        """Forget whatever it has learned."""
        self.step.restore(self._first)


_kept: dict[_Kind, Learner] = {}


def learner_for(request: FitRequest, parts: int) -> Learner:
    """A network that has learned nothing yet; see `TrainStep` for *parts*.

    The one asked for last is kept, and is the same as a new one for another such request.
    """
    kind: _Kind = (request.config, len(request.class_names), request.pretrained_path, parts)
    learner = _kept.pop(kind, None)
    _kept.clear()
    if learner is None:
        learner = Learner(request, parts)
    else:
        learner.begin_anew()
    if learner.size_bytes <= MOST_KEPT_BYTES:
        _kept[kind] = learner
    return learner
