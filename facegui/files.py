"""Files that are either the old one or the new one, whatever happens in between.

Temporary file beside the target, fsync, rename over it, fsync of the folder: after `write_atomic`
returns the new content survives a power cut, and before that the old content does. The one place
of the program that knows how; just above the domain, so that every room may use it.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from facegui.domain.errors import StorageFault
from facegui.domain.text import tr


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Turns an `OSError` of the block into a `StorageFault` about *path*."""
    try:
        yield
    except OSError as error:
        raise StorageFault(
            tr("{path} could not be written: {reason}.", path=path, reason=error.strerror or error),
            tr("Check that the disk is not full and that you may write there, then try again."),
        ) from error


def sync_folder(folder: Path) -> None:
    """Makes renames in *folder* durable; does nothing where folders cannot be synced (Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(source: Path, target: Path, *, durable: bool = True) -> None:
    """Puts the finished file *source* in the place of *target*; same file system.

    *durable* waits until it would survive a power cut too, not only the end of this process.

    Raises:
        StorageFault: disk full, permission or input/output error; *target* is as it was.
    """
    with file_faults(target):
        if durable:
            with source.open("rb+") as file:
                os.fsync(file.fileno())
        source.replace(target)
        if durable:
            sync_folder(target.parent)


@contextmanager
def open_atomic(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A binary file to write that becomes *path* when the block ends well, and vanishes otherwise.

    Any file name will do; its folder must exist. See `replace_file` for *durable*.

    Raises:
        StorageFault: disk full, permission or input/output error; *path* is as it was.
    """
    with file_faults(path):
        # Not tempfile: its files are private, and the target should be an ordinary new file.
        temporary = path.with_name(f".{uuid.uuid4().hex}.part")
        try:
            with temporary.open("xb") as file:
                yield file
            replace_file(temporary, path, durable=durable)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Makes *content* the whole of the file *path*; see `open_atomic`.

    Raises:
        StorageFault: disk full, permission or input/output error; *path* is as it was.
    """
    with open_atomic(path, durable=durable) as file:
        file.write(content)
