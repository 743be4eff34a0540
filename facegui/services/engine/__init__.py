"""The engine: one separate process that hosts TensorFlow, supervised from any thread.

`Engine` is the parent's side; `facegui.services.engine.child` is what runs in the process. The
parent never imports TensorFlow, so a window stays small and a crash in a network takes nothing
of the owner's with it.
"""

from facegui.services.engine.supervisor import Engine, RemoteBug

__all__ = ["Engine", "RemoteBug"]
