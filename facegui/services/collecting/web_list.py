"""Downloading the photos of lists into a library.

Photos go to ``photos/<person>/`` in the library's folder, under a name made from their address;
pictures that are not those of the list go to ``quarantine/<person>/`` and are not used. A journal
tells what became of each address, so that a download goes on where it was stopped or killed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from facegui.collect.download import Limits
from facegui.collect.download_journal import DownloadJournal
from facegui.collect.download_queue import DownloadQueue, Finished
from facegui.domain.control import Control, Progress
from facegui.domain.entities import Region, RegionSource
from facegui.domain.errors import OwnerError
from facegui.domain.queries import NewPhoto
from facegui.domain.text import tr
from facegui.domain.web_list import TEMPORARY, BadRow, FetchResult, WebPhoto
from facegui.services.collecting.web_list_files import WebFiles, journal_of
from facegui.services.collecting.web_list_plan import Address, BadRows, Plan, addresses_of, rows_of
from facegui.services.libraries import Library

ALLOWED_KEY = "download_private_addresses"
"""A library's setting: addresses that may be asked although they are not public."""

_LAST_KEY = "web_list"
_STORE_EVERY_S = 0.25
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """What to download.

    Attributes:
        people: whose photos, as the lists write them; None for everybody's.
        cap: at most so many photos of a person, earlier downloads included; None for all.
        again: what is tried again of that which failed earlier.
        fresh: whether what has not been tried is fetched; otherwise only *again* is.
    """

    lists: tuple[Path, ...]
    people: frozenset[str] | None = None
    cap: int | None = None
    again: frozenset[FetchResult] = TEMPORARY
    fresh: bool = True
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class DownloadNews:
    """A partial result: what became of some addresses, and the ids of the photos that are new."""

    photos: tuple[WebPhoto, ...]
    added_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DownloadReport:
    """How a download ended.

    Attributes:
        results: how many addresses came to what in this download.
        failures: those that gave no photo.
        known: photos that earlier downloads had brought.
        bad_rows: the first of the lines that are no rows; there are *bad_count*.
    """

    results: Mapping[FetchResult, int]
    failures: tuple[WebPhoto, ...]
    known: int
    bad_rows: tuple[BadRow, ...]
    bad_count: int
    added_ids: tuple[int, ...]
    seconds: float
    stopped: bool


def download_list(library: Library, request: DownloadRequest, control: Control) -> DownloadReport:
    """Fetch what the lists name and add it to the library, unscanned; Stop keeps what has come.

    Partial results are `DownloadNews`.

    Raises:
        OwnerError: a list cannot be read, or none of the people is in it.
        LibraryError: the library is open for viewing only.
        StorageFault: the disk refuses; what has come is kept.
    """
    started = time.monotonic()
    control.report(Progress(0, 0, tr("Reading the list")))
    bad = BadRows()
    addresses = addresses_of(rows_of(request.lists, bad), request.people)
    _require_some(addresses, request)
    if request.fresh:
        _remember(library, request)
    journal = journal_of(library)
    before = journal.read()
    plan = Plan(addresses, before, request.again, request.cap, fresh=request.fresh)
    download = _Download(library, plan, journal, control)
    download.say_more(before)
    allowed = frozenset(library.setting(ALLOWED_KEY, []))
    download.run(replace(request.limits, allowed=request.limits.allowed | allowed))
    return DownloadReport(
        results=download.results,
        failures=tuple(download.failures),
        known=len(plan.done),
        bad_rows=tuple(bad.first),
        bad_count=bad.count,
        added_ids=tuple(download.added_ids),
        seconds=time.monotonic() - started,
        stopped=bool(control.cancelled()),
    )


class _Download:
    def __init__(
        self, library: Library, plan: Plan, journal: DownloadJournal, control: Control
    ) -> None:
        self._library = library
        self._plan = plan
        self._journal = journal
        self._control = control
        self._files = WebFiles(library)
        self._ready: list[tuple[Address, WebPhoto]] = []
        self._stored_at = time.monotonic()
        self.results: Counter[FetchResult] = Counter()
        self.failures: list[WebPhoto] = []
        self.added_ids: list[int] = []

    def run(self, limits: Limits) -> None:
        """Fetch everything there is to fetch, or until told to stop."""
        with self._files.parts() as folder:
            queue = DownloadQueue(folder, limits)
            try:
                while len(self._plan) and not self._control.cancelled():
                    self._begin(queue)
                    for finished in queue.poll(_POLL_S) if len(queue) else ():
                        self._end(finished)
                    if time.monotonic() - self._stored_at >= _STORE_EVERY_S:
                        self._store()
            finally:
                queue.close()
        self._store()

    def _begin(self, queue: DownloadQueue) -> None:
        for address in self._plan.take():
            file = self._files.find(address.rows[0])
            if file is None:
                queue.add(address.url, address.md5)
            else:  # it came, but a kill was faster than the journal
                self._note(Finished(address.url, FetchResult.DONE), file)

    def _end(self, finished: Finished) -> None:
        file = None
        if finished.file is not None:
            file = self._files.keep(self._plan.running(finished.url).rows[0], finished)
        self._note(finished, file)

    def _note(self, finished: Finished, file: Path | None) -> None:
        address = self._plan.ended(finished.url, finished.result)
        name = "" if file is None else self._files.relative(file)
        photo = WebPhoto(address.person, address.url, finished.result, finished.reason, name)
        self._ready.append((address, photo))

    def _store(self) -> None:
        """Put what has come into the library, then note it: a kill between the two does no harm."""
        self._stored_at = time.monotonic()
        if not self._ready:
            return
        ready, self._ready = self._ready, []
        added = self._library.add_photos(
            _new_photo(self._library.path / photo.file, address.person, address.regions)
            for address, photo in ready
            if photo.result is FetchResult.DONE
        ).added
        photos = tuple(photo for _, photo in ready)
        self._journal.append(photos)
        self.added_ids += added
        self.results.update(photo.result for photo in photos)
        self.failures += [photo for photo in photos if photo.result is not FetchResult.DONE]
        self._control.partial(DownloadNews(photos, tuple(added)))
        done = self.results.total()
        self._control.report(Progress(done, done + len(self._plan), tr("Downloading")))

    def say_more(self, before: Mapping[str, WebPhoto]) -> None:
        """Tell the library who else is in photos that came for another person."""
        for address in self._plan.done:
            earlier = before[address.url]
            if {row.person for row in address.rows} == {earlier.person}:
                continue
            file = self._library.path / earlier.file
            photo = self._library.photo_by_path(str(file))
            if photo is None or not file.is_file():  # the owner has taken it away
                continue
            regions = self._library.regions([photo.id]).get(photo.id, ())
            said = [region for region in regions if region.source is RegionSource.LIST]
            names = {region.name for region in said}
            news = [region for region in address.regions if region.name not in names]
            if news:
                photos = [_new_photo(file, earlier.person, (*said, *news))]
                self._library.add_photos(photos)


def _new_photo(file: Path, person: str, regions: tuple[Region, ...]) -> NewPhoto:
    status = file.stat()
    return NewPhoto(str(file), person, status.st_size, status.st_mtime_ns, regions)


def _require_some(addresses: list[Address], request: DownloadRequest) -> None:
    if not addresses:
        raise OwnerError(
            tr("There is nothing to download in {lists}.", lists=_names(request.lists)),
            tr("Check that the people are spelt as in the list, and that it has rows."),
        )


def _names(lists: tuple[Path, ...]) -> str:
    return ", ".join(path.name for path in lists)


def last_request(library: Library) -> DownloadRequest | None:
    """What was asked for last in this library, so that it can go on after a restart."""
    kept = library.setting(_LAST_KEY)
    if kept is None:
        return None
    people = None if kept["people"] is None else frozenset(kept["people"])
    return DownloadRequest(tuple(map(Path, kept["lists"])), people, kept["cap"])


def _remember(library: Library, request: DownloadRequest) -> None:
    people = None if request.people is None else sorted(request.people)
    lists = [str(path.absolute()) for path in request.lists]
    library.set_setting(_LAST_KEY, {"lists": lists, "people": people, "cap": request.cap})


def forget_person(library: Library, person: str) -> None:
    """Remember nothing of downloads of *person*; what was fetched stays where it is."""
    journal_of(library).forget(person)
    last = last_request(library)
    if last is not None and _asks_for(last, person):
        people = None if last.people is None else last.people - {person}
        lists = tuple(path for path in last.lists if path.stem != person)
        if lists and people != frozenset():
            _remember(library, replace(last, lists=lists, people=people))
        else:
            library.set_setting(_LAST_KEY, None)


def _asks_for(request: DownloadRequest, person: str) -> bool:
    named = request.people is not None and person in request.people
    return named or any(path.stem == person for path in request.lists)
