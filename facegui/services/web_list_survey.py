"""What is known of lists and downloads without asking anybody: who is in them, and what failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.web_list import BadRow, FetchResult, WebPhoto
from facegui.files import write_atomic
from facegui.services.csv_text import csv_text
from facegui.services.libraries import Library
from facegui.services.web_list_files import journal_of
from facegui.services.web_list_plan import BadRows, addresses_of, rows_of


@dataclass(frozen=True, slots=True)
class PersonUrls:
    """A person of the lists: how many addresses, and what has become of them so far."""

    name: str
    urls: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class ListSurvey:
    """What lists hold; *bad_rows* are the first of the *bad_count* lines that are no rows."""

    people: tuple[PersonUrls, ...]
    bad_rows: tuple[BadRow, ...]
    bad_count: int


def survey_lists(library: Library, lists: tuple[Path, ...]) -> ListSurvey:
    """Who is in the lists, in their order.

    Raises:
        OwnerError: a list cannot be read.
    """
    bad = BadRows()
    before = journal_of(library).read()
    urls: Counter[str] = Counter()
    done: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for address in addresses_of(rows_of(lists, bad), None):
        urls[address.person] += 1
        if address.url in before:
            good = before[address.url].result is FetchResult.DONE
            (done if good else failed)[address.person] += 1
    people = (PersonUrls(name, n, done[name], failed[name]) for name, n in urls.items())
    return ListSurvey(tuple(people), tuple(bad.first), bad.count)


def failures(library: Library) -> tuple[WebPhoto, ...]:
    """Every address that gave no photo so far, of all lists."""
    known = journal_of(library).read()
    return tuple(photo for photo in known.values() if photo.result is not FetchResult.DONE)


def export_failures(library: Library, out: Path) -> None:
    """Write `failures` to the file *out* as CSV.

    Raises:
        StorageFault: the disk refuses.
    """
    rows = [
        (photo.person, photo.url, photo.result.value, photo.reason, photo.file)
        for photo in failures(library)
    ]
    heading = ("person", "url", "result", "reason", "file")
    write_atomic(out, csv_text([heading, *rows]).encode())
