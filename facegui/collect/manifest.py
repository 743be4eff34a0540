"""Lists of photos and who is on them, from other programs or an earlier export.

Three formats, told apart by content: ``path,name,label`` as CSV, COCO's JSON (boxes of many
photos) and labelme's (one file a photo). A list is foreign input: it is read up to a size, every
row is checked, and what is wrong is reported by its place while the rest goes on. The files it
names are only looked at; a later scan decodes them like all others.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath

from facegui.domain.entities import Region
from facegui.domain.errors import OwnerError
from facegui.domain.text import tr

MAX_BYTES = 128 * 2**20
"""Larger lists are refused; a million rows of CSV take about 80 MB."""

SUFFIXES = (".csv", ".tsv", ".txt", ".json")
"""What lists are called; the content decides between COCO and labelme."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a list that cannot be used: *place* is the file and the line or element."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ListedPhoto:
    """A photo that a list names, and that is there.

    Attributes:
        path: absolute.
        person: who the whole photo shows; None where the list has boxes, or says nothing.
        regions: the faces in it, in pixels of the upright picture.
    """

    path: str
    person: str | None
    regions: tuple[Region, ...]
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one or more lists say: each photo once, and what could not be used."""

    photos: tuple[ListedPhoto, ...]
    problems: tuple[Problem, ...]

    @property
    def faces(self) -> int:
        """Boxes in all photos together."""
        return sum(len(photo.regions) for photo in self.photos)


class Unusable(Exception):
    """One row or element that cannot be used; the reader reports it and goes on."""


def read_list(path: Path) -> bytes:
    """The content of a list.

    Raises:
        OwnerError: not a file, unreadable, or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OwnerError(tr("{path} is not a file.", path=path), tr("Choose a list."))
        if status.st_size > MAX_BYTES:
            raise OwnerError(
                tr("{path} is larger than {limit} MB.", path=path, limit=MAX_BYTES // 2**20),
                tr("Split the list into several files."),
            )
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except (OSError, ValueError) as error:
        raise OwnerError(
            tr("{path} cannot be read: {error}.", path=path, error=error),
            tr("Check that the file is there and that you may read it."),
        ) from error


def listed_photo(
    written: str, folder: Path, person: str | None = None, regions: Iterable[Region] = ()
) -> ListedPhoto:
    """The photo that a list in *folder* calls *written*.

    A relative path starts at the list's folder. Lists from Windows are understood too.

    Raises:
        Unusable: an address instead of a path, not there, or not a regular file.
    """
    if not written.strip() or "\0" in written:
        raise Unusable(tr("the path is empty or damaged"))
    if "://" in written or written.startswith(("\\\\", "//")):
        raise Unusable(tr("{path} is an address, not a file on this computer", path=written))
    path = os.path.abspath(folder / written)  # noqa: PTH100 - resolve() would follow links
    if "\\" in written and not os.path.lexists(path):
        path = os.path.abspath(folder / PureWindowsPath(written).as_posix())  # noqa: PTH100
    try:
        path.encode()
        status = os.stat(path)  # noqa: PTH116 - lists have a million rows
    except UnicodeEncodeError as error:
        raise Unusable(tr("the path is not valid Unicode; save the list as UTF-8")) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise Unusable(tr("{path} cannot be used: {why}", path=written, why=why)) from error
    if not stat.S_ISREG(status.st_mode):
        raise Unusable(tr("{path} is not a regular file", path=written))
    return ListedPhoto(path, person, tuple(regions), status.st_size, status.st_mtime_ns)


def merged(photos: Iterable[ListedPhoto]) -> tuple[ListedPhoto, ...]:
    """Each photo once, with all the boxes that are said of it, in order of first mention."""
    found: dict[str, ListedPhoto] = {}
    for photo in photos:
        before = found.get(photo.path)
        if before is None:
            found[photo.path] = photo
        else:
            regions = dict.fromkeys((*before.regions, *photo.regions))
            found[photo.path] = replace(
                before, person=before.person or photo.person, regions=tuple(regions)
            )
    return tuple(found.values())
