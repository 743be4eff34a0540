"""Runs that have begun: their folder, what was asked of them, and whether they are still at work.

``request.json`` and the manifest are there from the start, and a lock as long as the training
lives. So a folder with a request, without a record and without a held lock was interrupted.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from facegui.domain.dataset import DatasetManifest, Split
from facegui.domain.errors import Cancelled, DatasetError
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.files import file_faults, write_atomic
from facegui.network.strict_json import decode, encode
from facegui.services.libraries import Library
from facegui.services.runs.records import MANIFEST_NAME, RECORD_NAME
from facegui.training.checkpoint import has_best
from facegui.training.snapshot import has_snapshot

REQUEST_NAME = "request.json"
_LOCK_NAME = "at-work.lock"
_LOOKED_AT_S = 5.0  # whoever asks whether a run is at work holds its lock for a moment


@dataclass(frozen=True, slots=True)
class RunBegun:
    """What a run is to do, and why it could not when it was interrupted.

    Attributes:
        created: when it began, UTC, ISO 8601.
        split: how people's faces were shared out.
        out: where else the bundle goes, absolute; None for nowhere.
        publish: whether the model becomes the one in use if it is not worse than that.
        warnings: what the owner was told about the dataset.
        why: what ended it, in the owner's words then; empty when nobody was left to say.
        diverged: its loss was no number any more, so that it needs a lower learning rate.
    """

    created: str
    config: TrainConfig
    split: Split
    out: str | None
    publish: bool
    warnings: tuple[str, ...]
    why: str = ""
    diverged: bool = False


class Left(Cancelled):
    """A training was ended for it to go on another time."""


@contextmanager
def run_folder(library: Library, network: str) -> Iterator[Path]:
    """A new folder for a run, named by time and network; see `at_work`.

    Raises:
        StorageFault: it cannot be made.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
    folder = library.runs_dir / f"{stamp}-{network}"
    with file_faults(folder):
        folder.mkdir(parents=True)
    with at_work(folder):
        yield folder


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Holds a run's folder; removes it when it is discarded, or ends with nothing to go on from.

    Raises:
        DatasetError: it is held already.
    """
    from filelock import FileLock, Timeout  # brings asyncio, which a window's start can spare

    lock = FileLock(folder / _LOCK_NAME, timeout=_LOOKED_AT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise DatasetError(tr("This training is going on already.")) from error
    worth_keeping = False
    try:
        yield
        worth_keeping = True
    except Cancelled as ended:
        worth_keeping = isinstance(ended, Left) and can_go_on(folder)
        raise
    except BaseException:
        worth_keeping = (folder / RECORD_NAME).exists() or can_go_on(folder)
        raise
    finally:
        lock.release()
        (folder / _LOCK_NAME).unlink(missing_ok=True)
        if not worth_keeping:
            shutil.rmtree(folder, ignore_errors=True)


def can_go_on(folder: Path) -> bool:
    """Whether a run got far enough to be gone on with, or kept."""
    return has_snapshot(folder) or has_best(folder)


def is_at_work(folder: Path) -> bool:
    """Whether a training holds *folder*, here or in another process."""
    from filelock import FileLock, Timeout

    if not (folder / _LOCK_NAME).exists():
        return False
    try:
        with FileLock(folder / _LOCK_NAME, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False  # a library that may only be read: nobody trains there


def interrupted(runs_dir: Path) -> list[tuple[Path, RunBegun]]:
    """The folders of runs that were interrupted, newest first, and what those were to do."""
    folders = sorted((path.parent for path in runs_dir.glob(f"*/{REQUEST_NAME}")), reverse=True)
    return [
        (folder, begun)
        for folder in folders
        if (begun := read_begun(folder)) is not None
        and not (folder / RECORD_NAME).exists()
        and not is_at_work(folder)
    ]


def write_begun(folder: Path, begun: RunBegun, manifest: DatasetManifest | None = None) -> None:
    """Write what a run is to do, and what it learns from where that is new.

    Raises:
        StorageFault: the disk refuses.
    """
    if manifest is not None:
        write_atomic(folder / MANIFEST_NAME, manifest.canonical_json.encode("ascii"))
    # Names of files need not be Unicode.
    write_atomic(folder / REQUEST_NAME, encode(begun).encode("utf-8", "surrogatepass"))


def read_begun(folder: Path) -> RunBegun | None:
    """What the run in *folder* is to do; None for one that this version does not understand."""
    with contextlib.suppress(OSError, ValueError):
        text = (folder / REQUEST_NAME).read_bytes().decode("utf-8", "surrogatepass")
        return decode(RunBegun, text)
    return None
