"""TensorFlow in the engine process: imported once, quietly, and settled in."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import tempfile
from collections.abc import Iterator
from types import ModuleType
from typing import cast


@functools.cache
def tensorflow() -> ModuleType:
    """The module, with GPU memory taken as needed instead of all at once."""
    with _quiet_unless_it_fails():
        import tensorflow as tf

        for device in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(device, True)  # noqa: FBT003 - its signature
    return cast("ModuleType", tf)


@contextlib.contextmanager
def _quiet_unless_it_fails() -> Iterator[None]:
    """Hold back standard error: TensorFlow starts with notes on missing GPUs at any log level.

    The notes come from native code, so the file descriptor itself is turned aside; they are
    printed after all when it does not start.
    """
    with tempfile.TemporaryFile() as aside:
        stderr = os.dup(2)
        os.dup2(aside.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(stderr, 2)
            aside.seek(0)
            sys.stderr.write(aside.read().decode(errors="replace"))
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
