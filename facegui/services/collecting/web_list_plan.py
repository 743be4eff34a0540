"""What is to be fetched of lists: whose photos, how many of each, what has been tried before."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from facegui.collect.url_list import read_rows
from facegui.domain.entities import Region, RegionSource
from facegui.domain.web_list import BadRow, FetchResult, UrlRow, WebPhoto

BAD_ROWS_KEPT = 1000
"""Of the lines that are no rows; all of them are counted."""


@dataclass(slots=True)
class BadRows:
    """The lines that are no rows: the first of them, and how many there are."""

    first: list[BadRow] = field(default_factory=list)
    count: int = 0

    def add(self, row: BadRow) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < BAD_ROWS_KEPT:
            self.first.append(row)


def rows_of(lists: Iterable[Path], bad: BadRows) -> Iterator[UrlRow]:
    """The rows of all *lists*; what is none is added to *bad*.

    Raises:
        OwnerError: a list cannot be read.
    """
    for row in chain.from_iterable(map(read_rows, lists)):
        if isinstance(row, BadRow):
            bad.add(row)
        else:
            yield row


@dataclass(slots=True)
class Address:
    """An address to fetch, with all rows that have it: a photo may show several people.

    The photo is filed under the person of the first row.
    """

    rows: list[UrlRow]

    @property
    def url(self) -> str:
        """The same in each row."""
        return self.rows[0].url

    @property
    def person(self) -> str:
        """Whom it is fetched for."""
        return self.rows[0].person

    @property
    def md5(self) -> str | None:
        """What the file should have, if a row says so."""
        return next((row.md5 for row in self.rows if row.md5), None)

    @property
    def regions(self) -> tuple[Region, ...]:
        """Where the rows say that faces are, one for each person."""
        boxes = {row.person: row.box for row in reversed(self.rows) if row.box is not None}
        return tuple(Region(box, name, RegionSource.LIST) for name, box in boxes.items())


def addresses_of(rows: Iterable[UrlRow], people: Collection[str] | None) -> list[Address]:
    """Each address of *people* (of everybody if None) once, in the lists' order."""
    found: dict[str, Address] = {}
    for row in rows:
        if people is None or row.person in people:
            found.setdefault(row.url, Address([])).rows.append(row)
    return list(found.values())


class Plan:
    """Hands out addresses so that nobody gets more photos than the cap.

    A photo that fails is made up for by the person's next one. What has been tried before comes
    after what has not.

    Attributes:
        done: addresses whose photo was fetched earlier.
    """

    def __init__(
        self,
        addresses: Iterable[Address],
        before: Mapping[str, WebPhoto],
        again: Collection[FetchResult],
        cap: int | None,
        *,
        fresh: bool = True,
    ) -> None:
        """*fresh* takes what has not been tried; *again*, of what has, that which ended so."""
        self._cap = cap
        self._got: Counter[str] = Counter()
        self._running: dict[str, Address] = {}
        self._waiting: defaultdict[str, deque[Address]] = defaultdict(deque)
        self.done: list[Address] = []
        tried: list[Address] = []
        for address in addresses:
            result = before[address.url].result if address.url in before else None
            if result is FetchResult.DONE:
                self._got[address.person] += 1
                self.done.append(address)
            elif result is None:
                if fresh:
                    self._waiting[address.person].append(address)
            elif result in again:
                tried.append(address)
        for address in tried:
            self._waiting[address.person].append(address)
        self._outstanding: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many addresses are being fetched or will be, if no more of them fail."""
        return len(self._running) + sum(
            len(waiting) if self._cap is None else min(self._room(person), len(waiting))
            for person, waiting in self._waiting.items()
        )

    def take(self) -> list[Address]:
        """What may be asked for now, and is from now on being fetched."""
        taken = []
        for person, waiting in self._waiting.items():
            room = self._room(person)
            while waiting and room != 0:
                address = waiting.popleft()
                self._running[address.url] = address
                self._outstanding[person] += 1
                taken.append(address)
                room -= 1
        return taken

    def running(self, url: str) -> Address:
        """What was taken before and has not ended."""
        return self._running[url]

    def ended(self, url: str, result: FetchResult) -> Address:
        """What was taken before has come to *result*."""
        address = self._running.pop(url)
        self._outstanding[address.person] -= 1
        self._got[address.person] += result is FetchResult.DONE
        return address

    def _room(self, person: str) -> int:
        """How many more addresses of *person* may be asked for now; negative for any number."""
        if self._cap is None:
            return -1
        return max(0, self._cap - self._got[person] - self._outstanding[person])
