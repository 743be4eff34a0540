"""Many downloads at a time, politely: a limit in all and for each server, patience, a second try.

Only the caller's thread decides; each worker runs one `Transfer` at a time and checks what came.
Whatever waits (for a worker, for a server's Retry-After, for a second attempt) waits in a queue,
so that no worker ever sleeps and Stop is heard at once.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from facegui.collect.download import FetchFailed, Limits, Transfer
from facegui.collect.download_hosts import Hosts, server_of
from facegui.domain.errors import ImageError
from facegui.domain.text import tr
from facegui.domain.web_list import FetchResult

CLOSE_S = 1.0
"""How long `DownloadQueue.close` waits; a worker still asking a name server ends by itself."""

_DECODERS = 2
_CHECK_SIDE_PX = 64  # a JPEG is read to its end at any size, and fastest at a small one
_NOT_REACHED = frozenset({FetchResult.UNREACHABLE, FetchResult.TIMED_OUT})


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of an address.

    Attributes:
        reason: why there is no photo, or none to use; empty when there is.
        file: the picture, for the caller to move away; with DONE and QUARANTINED only.
        format: of the picture, Pillow's name.
    """

    url: str
    result: FetchResult
    reason: str = ""
    file: Path | None = None
    format: str = ""


class DownloadQueue:
    """Fetches what is added, each server's photos in the order of adding.

    Add addresses, none twice, and `poll` until nothing is left; `close` in any case. All calls
    come from one thread.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        """*folder* is an existing one of its own, for unfinished files."""
        self._limits = limits
        self._hosts = Hosts(limits.per_host)
        self._md5: dict[str, str | None] = {}
        self._attempts: dict[str, int] = {}
        self._running: dict[str, Transfer] = {}
        self._todo: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._news: queue.SimpleQueue[_News] = queue.SimpleQueue()
        worker = _Worker(folder, self._todo, self._news)
        self._threads = [
            threading.Thread(target=worker.run, name=f"facegui-download-{n}", daemon=True)
            for n in range(limits.threads)
        ]
        for thread in self._threads:
            thread.start()

    def __len__(self) -> int:
        """How many addresses wait or are being fetched."""
        return len(self._hosts) + len(self._running)

    def add(self, url: str, md5: str | None) -> None:
        """Fetch *url*; *md5* (hex) is what its file should have, if known."""
        self._md5[url] = md5
        self._attempts[url] = 0
        self._hosts.add(url)

    def poll(self, timeout_s: float) -> list[Finished]:
        """What has ended meanwhile; waits at most *timeout_s* for the first.

        Raises:
            StorageFault: the disk refuses.
        """
        self._dispatch()
        for transfer in tuple(self._running.values()):
            transfer.end_if_overdue()
        finished: list[Finished] = []
        try:
            news = self._news.get(timeout=timeout_s)
            while True:
                finished += self._heard(news)
                news = self._news.get_nowait()
        except queue.Empty:
            self._dispatch()
            return finished

    def close(self) -> None:
        """End everything that runs, within `CLOSE_S`; what is not finished is dropped."""
        stopped = FetchFailed(FetchResult.UNREACHABLE, tr("stopped"))
        for transfer in self._running.values():
            transfer.abort(stopped)
        for _ in self._threads:
            self._todo.put(None)
        deadline = time.monotonic() + CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _dispatch(self) -> None:
        while len(self._running) < self._limits.threads:
            url = self._hosts.take(time.monotonic())
            if url is None:
                return
            self._attempts[url] += 1
            transfer = self._running[url] = Transfer(url, self._limits)
            self._todo.put(_Order(url, self._md5[url], transfer))

    def _heard(self, news: _News) -> list[Finished]:
        """What one worker's news means; empty when the address is to be tried again."""
        url, outcome = news.url, news.outcome
        del self._running[url]
        if not isinstance(outcome, Finished | FetchFailed):
            raise outcome
        unreached = self._hosts.ended(url, reached=outcome.result not in _NOT_REACHED)
        given_up = self._give_up(url) if unreached >= self._limits.give_up_after else []
        if isinstance(outcome, FetchFailed):
            if not given_up and outcome.again and self._again(url, outcome):
                return []
            outcome = Finished(url, outcome.result, outcome.reason)
        return [outcome, *given_up]

    def _again(self, url: str, failed: FetchFailed) -> bool:
        """Put *url* back in its queue if another attempt is worth it."""
        attempt, limits = self._attempts[url], self._limits
        wait_s = limits.backoff_s * 2 ** (attempt - 1) if failed.wait_s is None else failed.wait_s
        if attempt >= limits.attempts or wait_s > limits.patience_s:
            return False
        self._hosts.postpone(url, time.monotonic() + wait_s)
        self._hosts.add(url)
        return True

    def _give_up(self, url: str) -> list[Finished]:
        reason = tr(
            "{host} was not reached {n} times in a row, so this was not tried",
            host=server_of(url),
            n=self._limits.give_up_after,
        )
        return [
            Finished(dropped, FetchResult.UNREACHABLE, reason)
            for dropped in self._hosts.give_up(url)
        ]


@dataclass(frozen=True, slots=True)
class _Order:
    url: str
    md5: str | None
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class _News:
    url: str
    outcome: Finished | FetchFailed | BaseException


class _Worker:
    """What the threads of a queue run; they share the limit on decoding at the same time."""

    def __init__(
        self,
        folder: Path,
        todo: queue.SimpleQueue[_Order | None],
        news: queue.SimpleQueue[_News],
    ) -> None:
        self._folder = folder
        self._todo = todo
        self._news = news
        self._decoding = threading.Semaphore(_DECODERS)

    def run(self) -> None:
        """Carry out orders until there is a None."""
        while (order := self._todo.get()) is not None:
            file = self._folder / uuid.uuid4().hex
            outcome: Finished | BaseException
            try:
                outcome = self._fetch(order, file)
            except BaseException as error:  # raised by whoever polls
                outcome = error
            if not isinstance(outcome, Finished) or outcome.file is None:
                with contextlib.suppress(OSError):  # the folder goes in the end
                    file.unlink(missing_ok=True)
            self._news.put(_News(order.url, outcome))

    def _fetch(self, order: _Order, file: Path) -> Finished:
        from facegui.imaging.decode import decode

        md5 = order.transfer.run(file)
        try:
            with self._decoding:
                decoded = decode(file, min_side=_CHECK_SIDE_PX)
        except ImageError as error:
            return Finished(order.url, FetchResult.NOT_A_PICTURE, error.reason)
        if order.md5 is not None and md5 != order.md5:
            reason = tr("it is not the picture of the list: the checksum differs")
            return Finished(order.url, FetchResult.QUARANTINED, reason, file, decoded.format)
        return Finished(order.url, FetchResult.DONE, "", file, decoded.format)
