"""Recognised files sorted into a folder for each person: copied, never moved, nothing replaced.

A file lies where its bytes are already, under its own name or that name with a number, or it is
copied there. So a run that was stopped, or that is repeated with more files, goes on where the last
one ended.
"""

from __future__ import annotations

import filecmp
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled
from facegui.domain.recognition import RecognisedPhoto
from facegui.domain.text import tr
from facegui.files import file_faults
from facegui.services.recognising.results import people_of
from facegui.storage.names import safe_name

_BLOCK_BYTES = 2**20


class Several(Enum):
    """Where a file goes that shows several people."""

    EACH = "each"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class SortRequest:
    """What to sort.

    Attributes:
        photos: those that could not be read are left out.
        out: the folder that gets the folders.
        several: copied to each of the people, or to a folder of their own.
    """

    photos: Sequence[RecognisedPhoto]
    out: Path
    several: Several = Several.EACH


@dataclass(frozen=True, slots=True)
class SortReport:
    """What was done.

    Attributes:
        copied: copies made, by the name of their folder.
        present: copies that were there already.
        failed: files that could not be copied, and why.
        stopped: by the owner; what was copied stays.
    """

    out: Path
    copied: Counter[str]
    present: int
    failed: tuple[tuple[str, str], ...]
    stopped: bool


def sort_into_folders(request: SortRequest, control: Control) -> SortReport:
    """Copy every file to where it belongs; Stop keeps what is done.

    A file with one person goes to that person, strangers beside them or not; one with strangers
    only to *Unknown*, one without a face to *No face*. A copy is the same bytes, with their time.

    Raises:
        StorageFault: the disk refuses; what was copied stays.
    """
    folders = _Folders(request)
    copied: Counter[str] = Counter()
    present, failed = 0, []
    for number, photo in enumerate(request.photos):
        control.report(Progress(number, len(request.photos), tr("Copying files")))
        if photo.error is not None:
            failed.append((photo.path, photo.error))
            continue
        for folder in folders.of(photo):
            try:
                made = folders.put(Path(photo.path), folder, control)
            except _Unreadable as error:
                failed.append((photo.path, str(error)))
                break
            except Cancelled:
                return SortReport(request.out, copied, present, tuple(failed), stopped=True)
            copied[folder] += made
            present += not made
    return SortReport(request.out, copied, present, tuple(failed), stopped=False)


def special_folders() -> list[str]:
    """Names of the folders that are nobody's: unknown people, no face, several people."""
    names: list[str] = []
    for name in (tr("Unknown"), tr("No face"), tr("Several people")):
        names.append(safe_name(name, names))
    return names


class _Unreadable(Exception):
    """The original cannot be read now; says why."""


class _Taken(Exception):
    """Something else has come to lie there meanwhile."""


class _Folders:
    """The folders of one sorting, and which places in them this run has used."""

    def __init__(self, request: SortRequest) -> None:
        self._out = request.out
        self._several = request.several
        self._taken: set[Path] = set()
        names = special_folders()
        self.unknown, self.no_face, self.together = names
        people = sorted({name for photo in request.photos for name in people_of(photo)})
        self._of: dict[str, str] = {}
        for person in people:  # in an order of their own, so that the next run calls them the same
            names.append(safe_name(person, names))
            self._of[person] = names[-1]

    def of(self, photo: RecognisedPhoto) -> Sequence[str]:
        """Where *photo* belongs."""
        people = sorted(people_of(photo))
        if len(people) > 1 and self._several is Several.APART:
            return [self.together]
        if people:
            return [self._of[person] for person in people]
        return [self.unknown if photo.faces else self.no_face]

    def put(self, original: Path, folder: str, control: Control) -> bool:
        """Copy *original* there; False where the same bytes lie there already.

        Raises:
            _Unreadable: it is gone, or cannot be read.
            StorageFault: the disk refuses.
            Cancelled: stopped.
        """
        if control.cancelled():
            raise Cancelled
        with file_faults(self._out / folder):
            (self._out / folder).mkdir(parents=True, exist_ok=True)
        for target in self._places(original, folder):
            self._taken.add(target)
            try:
                if target.exists():
                    if _same(original, target):
                        return False
                    continue
            except OSError as error:
                raise _Unreadable(error.strerror or str(error)) from error
            with suppress(_Taken):
                _copy(original, target, control)
                return True
        raise AssertionError("numbers do not end")

    def _places(self, original: Path, folder: str) -> Iterator[Path]:
        """The file's own name, then with numbers, without those that this run has used."""
        suffix = safe_name(f"photo{original.suffix}").removeprefix("photo")
        taken: list[str] = []
        while True:
            taken.append(safe_name(original.stem, taken))
            target = self._out / folder / f"{taken[-1]}{suffix}"
            if target not in self._taken:
                yield target


def _same(original: Path, target: Path) -> bool:
    """Whether both hold the same; times tell where they can, else the bytes do."""
    one, other = original.stat(), target.stat()
    if one.st_size != other.st_size:
        return False
    return one.st_mtime_ns == other.st_mtime_ns or filecmp.cmp(original, target, shallow=False)


def _copy(original: Path, target: Path, control: Control) -> None:
    """Copy the bytes and their time; *target* appears whole or not at all, and replaces nothing.

    Raises:
        _Taken: something lies there by now.
        _Unreadable, StorageFault: as they say.
        Cancelled: stopped in the middle.
    """
    unfinished = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with file_faults(target), unfinished.open("xb") as copy:
            for block in _blocks(original):
                if control.cancelled():
                    raise Cancelled
                copy.write(block)
        with file_faults(target):
            shutil.copystat(original, unfinished)
            _place(unfinished, target)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _blocks(original: Path) -> Iterator[bytes]:
    try:
        with original.open("rb") as source:
            while block := source.read(_BLOCK_BYTES):
                yield block
    except OSError as error:
        raise _Unreadable(error.strerror or str(error)) from error


def _place(unfinished: Path, target: Path) -> None:
    """Give the finished file its name, unless somebody else took it meanwhile."""
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise _Taken from None
    except OSError:  # a file system without links
        if target.exists():
            raise _Taken from None
        unfinished.rename(target)
