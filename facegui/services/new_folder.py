"""A folder of results that appears when all is in it, and replaces nothing of the owner's."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from facegui.domain.errors import OwnerError
from facegui.domain.text import tr
from facegui.files import file_faults


@contextmanager
def new_folder(out: Path, *, is_ours: Callable[[Path], bool] | None = None) -> Iterator[Path]:
    """An unfinished folder to fill, which becomes *out* when the block ends well.

    Args:
        out: absolute; must be absent, empty, or what *is_ours* knows as an earlier result.
        is_ours: whether everything in a folder was written by an earlier export, which is
            replaced; None replaces nothing.

    Raises:
        OwnerError: the folder holds something else.
        StorageFault: the disk refuses; *out* is as it was.
    """
    _require_free(out, is_ours)
    with file_faults(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(f".{uuid.uuid4().hex}.part")
        try:
            unfinished.mkdir()
            yield unfinished
            _put_in_place(unfinished, out)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _require_free(out: Path, is_ours: Callable[[Path], bool] | None) -> None:
    """Refuse a place where something of the owner's would be lost."""
    if not out.exists():
        return
    if out.is_dir() and (not any(out.iterdir()) or (is_ours is not None and is_ours(out))):
        return
    raise OwnerError(
        tr("{path} is not empty, and not an earlier export.", path=out),
        tr("Choose a new folder."),
    )


def _put_in_place(finished: Path, out: Path) -> None:
    """Rename *finished* to *out*; an earlier export steps aside first and goes last."""
    aside = out.with_name(f".{uuid.uuid4().hex}.old")
    replaced = out.exists()
    if replaced:
        out.rename(aside)
    try:
        finished.rename(out)
    except OSError:
        if replaced:
            aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)
