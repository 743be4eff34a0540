"""Who is asked next: what waits for each server, within its limit and not before it is ready."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit


@dataclass(eq=False, slots=True)
class _Host:
    """A server. *offered* while it stands in the order of servers to ask."""

    waiting: deque[str] = field(default_factory=deque)
    running: int = 0
    not_before: float = 0.0
    unreached: int = 0
    offered: bool = False


class Hosts:
    """Addresses waiting for their servers; times are seconds on one clock of the caller's."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._hosts: dict[str, _Host] = {}
        self._order: list[tuple[float, int, _Host]] = []  # a heap, by when to ask
        self._turns = count()
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    def add(self, url: str) -> None:
        """Let *url* wait behind the others of its server."""
        host = self._host(url)
        host.waiting.append(url)
        self._waiting += 1
        self._offer(host)

    def take(self, now: float) -> str | None:
        """An address whose server may be asked now; it counts as running until `ended`."""
        while self._order and self._order[0][0] <= now:
            _, _, host = heapq.heappop(self._order)
            host.offered = False
            if host.waiting and host.not_before <= now:
                url = host.waiting.popleft()
                host.running += 1
                self._waiting -= 1
                self._offer(host)
                return url
            self._offer(host)
        return None

    def ended(self, url: str, *, reached: bool) -> int:
        """An address taken before is through; how often its server was not reached, in a row."""
        host = self._host(url)
        host.running -= 1
        host.unreached = 0 if reached else host.unreached + 1
        self._offer(host)
        return host.unreached

    def postpone(self, url: str, until: float) -> None:
        """Ask the server of *url* nothing before *until*."""
        host = self._host(url)
        host.not_before = max(host.not_before, until)

    def give_up(self, url: str) -> list[str]:
        """Everything that waits for the server of *url*, which waits no more."""
        host = self._host(url)
        dropped = list(host.waiting)
        host.waiting.clear()
        self._waiting -= len(dropped)
        return dropped

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(server_of(url), _Host())

    def _offer(self, host: _Host) -> None:
        if host.waiting and host.running < self._per_host and not host.offered:
            heapq.heappush(self._order, (host.not_before, next(self._turns), host))
            host.offered = True


def server_of(url: str) -> str:
    """Host and port of *url* as one word; the same for all addresses of one server."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
