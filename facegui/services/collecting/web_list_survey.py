"""What is known of lists and downloads without asking anybody: who is in them, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.web_list import BadRow, FetchResult, WebPhoto
from facegui.files import write_atomic
from facegui.services.collecting.web_list_files import journal_of
from facegui.services.collecting.web_list_plan import BadRows, rows_of
from facegui.services.csv_text import csv_text
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True)
class PersonUrls:
    """A person of the lists: how many addresses, and what has become of them so far."""

    name: str
    urls: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class ListSurvey:
    """What lists hold, and what has become of it.

    Attributes:
        failures: every address of these lists that gave no photo so far.
        bad_rows: the first of the *bad_count* lines that are no rows.
    """

    people: tuple[PersonUrls, ...]
    failures: tuple[WebPhoto, ...]
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
    seen: set[str] = set()
    for row in rows_of(lists, bad):
        if row.url in seen:  # a photo counts for the person it is filed under
            continue
        seen.add(row.url)
        urls[row.person] += 1
        if row.url in before:
            good = before[row.url].result is FetchResult.DONE
            (done if good else failed)[row.person] += 1
    people = (PersonUrls(name, n, done[name], failed[name]) for name, n in urls.items())
    ours = {url: photo for url, photo in before.items() if url in seen}
    return ListSurvey(tuple(people), _failed(ours), tuple(bad.first), bad.count)


def export_failures(library: Library, out: Path) -> None:
    """Write every address that gave no photo so far to the file *out* as CSV.

    Raises:
        StorageFault: the disk refuses.
    """
    rows = [
        (photo.person, photo.url, photo.result.value, photo.reason, photo.file)
        for photo in _failed(journal_of(library).read())
    ]
    heading = ("person", "url", "result", "reason", "file")
    write_atomic(out, csv_text([heading, *rows]).encode())


def _failed(known: Mapping[str, WebPhoto]) -> tuple[WebPhoto, ...]:
    return tuple(photo for photo in known.values() if photo.result is not FetchResult.DONE)
