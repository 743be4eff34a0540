"""An engine without a process of its own, for scripts: whoever calls waits, and no window stalls.

A process would import the caller's script again to start, which scripts without
``if __name__ == "__main__"`` do not survive.
"""

from __future__ import annotations

import importlib
import threading

from facegui.domain.control import Control
from facegui.services.engine.supervisor import Engine


class InProcess(Engine):
    """Runs jobs where it is asked to, one at a time. TensorFlow stays until the program ends."""

    def __init__(self) -> None:
        super().__init__("in-process")
        self._one = threading.Lock()

    def run(self, job: str, request: object, control: Control) -> object:
        """Call *job*, ``"module:function"``; what it raises is raised as it is."""
        module, _, name = job.partition(":")
        with self._one:
            return getattr(importlib.import_module(module), name)(request, control)
