"""Lists of photos on the web: their rows, and what became of each address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facegui.domain.geometry import Box


@dataclass(frozen=True, slots=True)
class UrlRow:
    """One photo of a list.

    Attributes:
        line: in the list's file, from 1.
        number: the list's own number for the photo; None where it has none.
        box: where the person's face is, in pixels of the photo.
        md5: of the photo's file, 32 lower-case hex digits.
    """

    line: int
    person: str
    url: str
    number: int | None = None
    box: Box | None = None
    md5: str | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is no row, and why, in the owner's language."""

    list_name: str
    line: int
    reason: str


class FetchResult(Enum):
    """What became of an address. The values are stored and part of the CLI's JSON."""

    DONE = "done"
    GONE = "gone"  # the server says that there is no such photo
    REFUSED = "refused"  # not asked, or not followed, for safety
    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"
    QUARANTINED = "quarantined"  # a picture, but not the one that the list's checksum is of
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    BUSY = "busy"  # the server has trouble, or asks for patience


TEMPORARY = frozenset({FetchResult.UNREACHABLE, FetchResult.TIMED_OUT, FetchResult.BUSY})
"""The results where asking again another time may help."""


@dataclass(frozen=True, slots=True)
class WebPhoto:
    """An address of a list and what became of it.

    Attributes:
        reason: why it is not there, in the owner's language; empty when it is.
        file: where it lies, relative to the library's folder; empty when nothing was kept.
    """

    person: str
    url: str
    result: FetchResult
    reason: str
    file: str
