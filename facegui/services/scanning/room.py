"""Room in memory, shared by threads that need very different amounts of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """So many bytes for all; whoever needs more than is free waits, first come, first served.

    One that needs more than there is at all is let in when nobody else is inside.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Some room, none at first, given back at the end of the block."""
        share = Share(self)
        try:
            yield share
        finally:
            share.resize(0)

    def swap(self, before: int, after: int) -> None:
        """Give *before* bytes back and take *after*; waits while they are not free.

        What is held is given back first, so that two who want more never wait for each other.
        """
        ticket = object()
        with self._changed:
            self._used -= before
            self._changed.notify_all()
            if after:
                self._line.append(ticket)
                self._changed.wait_for(lambda: self._line[0] is ticket and self._fits(after))
                self._line.popleft()
                self._used += after
                self._changed.notify_all()

    def _fits(self, size: int) -> bool:
        return self._used == 0 or self._used + size <= self._size


class Share:
    """What one thread holds of a `Room`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._held = 0

    def resize(self, size: int) -> None:
        """Hold *size* bytes from now on, more or fewer than before."""
        held, self._held = self._held, 0
        self._room.swap(held, size)
        self._held = size
