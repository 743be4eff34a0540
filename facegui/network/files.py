"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from facegui.domain.errors import StorageFault
from facegui.domain.text import tr


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Make *content* the whole of the file *path*: written beside it, then renamed over it.

    Any file name will do; its folder must exist. *durable* waits until the content would survive
    a power cut too, not only the end of this process.

    Raises:
        StorageFault: the disk refuses; *path* is as it was.
    """
    temporary = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise StorageFault(
            tr("{path} could not be written: {reason}.", path=path, reason=error.strerror or error),
            tr("Check that the disk is not full and that you may write there, then try again."),
        ) from error
