"""Fetching a container over HTTP into a partial file that the next attempt continues.

pooch, which verifies and places files for the store, neither resumes a download nor gives up on a
source that falls silent, so the transfer itself is here: over HTTP with ``Range``, in small chunks
from a reader thread. Only the caller's thread writes, and it looks at the clock and at the control
ten times a second whatever the network does, DNS included.
"""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from facegui.domain.control import Control, Progress
from facegui.domain.errors import Cancelled

if TYPE_CHECKING:  # imported when something is fetched: a window that fetches nothing starts sooner
    import requests

SILENCE_S = 5.0
"""A source that sends nothing (less than one chunk) for so long is passed over."""

_CHUNK_BYTES = 16_384  # so a drip below 3 kB/s counts as silence too
POLL_S = 0.1
_MAX_REDIRECTS = 5
_HTTP_OK, _HTTP_PARTIAL, _HTTP_RANGE = 200, 206, 416


class SourceFailed(Exception):
    """One source did not deliver; the text says why. The next one is tried."""


def check_stop(control: Control) -> None:
    """Raise Cancelled as soon as the owner wants the job to end; a partial file stays."""
    if control.cancelled():
        raise Cancelled


def from_url(
    url: str,
    part: Path,
    *,
    limit_bytes: int,
    control: Control,
    label: str,
    silence_s: float = SILENCE_S,
) -> None:
    """Continue the partial file *part* until it holds everything that *url* has.

    Raises:
        SourceFailed: refused, too large, silent for *silence_s* seconds, or broken off; what has
            come so far stays in *part* for the next attempt.
        Cancelled: the control asked to stop; likewise.
    """
    have = part.stat().st_size if part.exists() else 0
    reader = _Reader(url, have, silence_s)
    reader.start()
    try:
        status, total = _head(reader, control, silence_s)
        if status == _HTTP_RANGE and have:  # the part is as long as what the source has, or longer
            part.unlink()
            return from_url(
                url,
                part,
                limit_bytes=limit_bytes,
                control=control,
                label=label,
                silence_s=silence_s,
            )
        if status not in {_HTTP_OK, _HTTP_PARTIAL}:
            raise SourceFailed(f"HTTP status {status}")
        have = have if status == _HTTP_PARTIAL else 0
        if total and have + total > limit_bytes:
            raise SourceFailed(f"{have + total} bytes are more than the {limit_bytes} expected")
        with part.open("ab" if have else "wb") as file:
            while (chunk := reader.next(control, silence_s)) is not None:
                have += file.write(chunk)
                if have > limit_bytes:
                    raise SourceFailed(f"more than the {limit_bytes} bytes expected")
                control.report(Progress(have, limit_bytes, label))
    finally:
        reader.stopped.set()


def _head(reader: _Reader, control: Control, silence_s: float) -> tuple[int, int]:
    """Status and announced length (0 where there is none) of the response."""
    head = reader.next(control, silence_s)
    assert head is not None
    status, length = head.split()
    return int(status), int(length)


class _Reader(threading.Thread):
    """Reads a response: first ``b"status length"``, then chunks, then None or the error."""

    def __init__(self, url: str, start: int, silence_s: float) -> None:
        super().__init__(daemon=True, name="model-download")
        self._url = url
        self._start = start
        self._silence_s = silence_s
        self._items: queue.SimpleQueue[bytes | SourceFailed | None] = queue.SimpleQueue()
        self.stopped = threading.Event()

    def next(self, control: Control, silence_s: float) -> bytes | None:
        """The next item; raises SourceFailed (also for silence) and Cancelled."""
        deadline = time.monotonic() + silence_s
        while True:
            check_stop(control)
            try:
                item = self._items.get(timeout=POLL_S)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise SourceFailed(f"silent for {silence_s:g} seconds") from None
                continue
            if isinstance(item, SourceFailed):
                raise item
            return item

    def run(self) -> None:
        """Put everything the URL sends into the queue."""
        import requests

        # identity: a compressed response would make byte ranges and lengths meaningless
        headers = {"Accept-Encoding": "identity"}
        if self._start:
            headers["Range"] = f"bytes={self._start}-"
        try:
            with requests.Session() as session:
                session.max_redirects = _MAX_REDIRECTS
                self._read(session, headers)
        except requests.RequestException as error:
            self._items.put(SourceFailed(_reason(error)))

    def _read(self, session: requests.Session, headers: dict[str, str]) -> None:
        timeout = self._silence_s
        with session.get(self._url, headers=headers, stream=True, timeout=timeout) as response:
            status = response.status_code
            if status == _HTTP_PARTIAL and not _continues(response, self._start):
                self._items.put(SourceFailed("it sent a part that was not asked for"))
                return
            length = response.headers.get("Content-Length", "")
            self._items.put(f"{status} {int(length) if length.isdecimal() else 0}".encode())
            for chunk in response.iter_content(_CHUNK_BYTES):
                if self.stopped.is_set():
                    return
                self._items.put(chunk)
            self._items.put(None)


def _continues(response: requests.Response, start: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def _reason(error: requests.RequestException) -> str:
    """The end of the chain of causes: "Name or service not known", not a pool's repr."""
    cause: BaseException = error
    while (deeper := cause.__cause__ or cause.__context__) is not None:
        cause = deeper
    return getattr(cause, "strerror", None) or str(cause) or type(error).__name__
