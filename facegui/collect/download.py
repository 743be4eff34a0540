"""Fetching one photo from a server that nobody vouches for.

Each attempt is a `Transfer`, run on a thread of its own. What a server may do to it is bounded:
where it leads (`download_address`), how often it redirects, how much it sends (also after
decompression, which is done here in small pieces), and how long it takes in all. The last bound
and the owner's Stop come from another thread through `abort`, which cuts the connection, because
no time-out for each read ends a slow drip.
"""

from __future__ import annotations

import contextlib
import hashlib
import http
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from facegui import __version__
from facegui.domain.text import tr
from facegui.domain.web_list import FetchResult
from facegui.files import file_faults

if TYPE_CHECKING:  # imported when something is fetched: a window that fetches nothing starts sooner
    import requests

USER_AGENT = f"FaceGUI/{__version__}"
MAX_REDIRECTS = 5

_PIECE_BYTES = 16_384
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "image/*", "Accept-Encoding": "identity"}
_MAX_ADDRESSES = 3
_MOST_LETTERS = 300
_SERVER_TROUBLE = 500
_ZLIB_OR_GZIP = 47  # zlib's window bits for "tell the two apart by the header"
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a download may go.

    Attributes:
        max_bytes: of a photo, as sent and as decompressed.
        total_s: for one attempt, from the first connection to the last byte.
        silence_s: without an answer, or without a byte.
        threads: photos at a time; *per_host* of them from one server.
        attempts: at one address, where trying again helps.
        patience_s: how long a server may ask to wait; beyond that its address fails.
        backoff_s: before the second attempt; doubled before each further one.
        give_up_after: failures to reach a server in a row, after which its other photos are not
            tried any more.
        allowed: addresses that may be asked although they are not public, such as the owner's own
            server.
    """

    max_bytes: int = 32 * 1024 * 1024
    total_s: float = 60.0
    silence_s: float = 15.0
    threads: int = 16
    per_host: int = 2
    attempts: int = 3
    patience_s: float = 120.0
    backoff_s: float = 1.0
    give_up_after: int = 6
    allowed: frozenset[str] = frozenset()


class FetchFailed(Exception):
    """An attempt without a photo.

    Attributes:
        result: what to record.
        reason: in the owner's language.
        again: whether another attempt may help now: only for 429, 5xx and time-outs.
        wait_s: how long the server asked to wait before it; None if it did not.
    """

    def __init__(
        self,
        result: FetchResult,
        reason: str,
        *,
        again: bool = False,
        wait_s: float | None = None,
    ) -> None:
        self.result = result
        self.reason = _one_line(reason)  # part of it may be a server's words
        super().__init__(result, self.reason)
        self.again = again
        self.wait_s = wait_s


class Transfer:
    """One attempt at one address."""

    def __init__(self, url: str, limits: Limits) -> None:
        self._url = url
        self._limits = limits
        self._deadline = time.monotonic() + limits.total_s
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._aborted: FetchFailed | None = None

    def end_if_overdue(self) -> None:
        """Abort if it has taken longer than it may; called from another thread now and then."""
        if time.monotonic() > self._deadline:
            reason = tr("not finished after {n} seconds", n=f"{self._limits.total_s:g}")
            self.abort(FetchFailed(FetchResult.TIMED_OUT, reason))

    def abort(self, why: FetchFailed) -> None:
        """End `run`, which then raises *why*; called from another thread."""
        with self._lock:
            self._aborted = self._aborted or why
            self._cut()

    def run(self, target: Path) -> str:
        """Write the photo to the file *target*; returns the MD5 of what came, hex.

        Raises:
            FetchFailed: there is no photo to be had now, or it was aborted.
            StorageFault: the disk refuses.
        """
        import requests
        from urllib3.exceptions import HTTPError

        from facegui.collect.download_address import session

        try:
            with session(self._dial) as opened:
                md5 = self._follow(opened, target)
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise self._aborted or _failure(error) from error
        finally:
            with self._lock:
                self._hang_up()
        if self._aborted is not None:  # a line that was cut looks like the end of a file
            raise self._aborted
        return md5

    def _follow(self, opened: requests.Session, target: Path) -> str:
        url = self._url
        for _ in range(MAX_REDIRECTS + 1):
            _check_scheme(url)
            with opened.get(
                url,
                headers=_HEADERS,
                stream=True,
                allow_redirects=False,
                timeout=self._limits.silence_s,
            ) as response:
                next_place = opened.get_redirect_target(response)
                if next_place is None:
                    _check_head(response, self._limits)
                    return self._store(response, target)
                url = urljoin(url, next_place)
        raise FetchFailed(FetchResult.REFUSED, tr("more than {n} redirections", n=MAX_REDIRECTS))

    def _store(self, response: requests.Response, target: Path) -> str:
        digest = hashlib.md5(usedforsecurity=False)
        size = 0
        with file_faults(target), target.open("wb") as file:
            for piece in _decoded(response):
                size += len(piece)
                if size > self._limits.max_bytes:
                    raise _too_large(self._limits)
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    # The connection

    def _dial(self, host: str, port: int) -> socket.socket:
        """Connect to a checked address of *host*, and keep a handle to cut the line with."""
        from facegui.collect.download_address import Forbidden, resolve

        try:
            addresses = resolve(host, port, self._limits.allowed)
        except Forbidden as error:
            raise FetchFailed(FetchResult.REFUSED, str(error)) from error
        except OSError as error:
            reason = tr("the server {host} is not known", host=host)
            raise FetchFailed(FetchResult.UNREACHABLE, reason) from error
        line = self._connect(addresses[:_MAX_ADDRESSES], host, port)
        with self._lock:
            self._hang_up()
            if self._aborted is not None:
                line.close()
                raise self._aborted
            # TLS takes the socket over; a second handle on the connection still cuts it.
            self._line = line.dup()
        return line

    def _connect(self, addresses: list[str], host: str, port: int) -> socket.socket:
        failure = FetchFailed(FetchResult.UNREACHABLE, tr("{host} has no address", host=host))
        for address in addresses:
            left = self._deadline - time.monotonic()
            try:
                return socket.create_connection(
                    (address, port), timeout=max(0.001, min(left, self._limits.silence_s))
                )
            except TimeoutError:
                failure = _timed_out(tr("{host} does not answer", host=host))
            except OSError as error:
                reason = error.strerror or str(error)
                failure = FetchFailed(
                    FetchResult.UNREACHABLE,
                    tr("{host} cannot be reached: {reason}", host=host, reason=reason),
                )
        raise failure

    def _cut(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):  # the other side was faster
                self._line.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _one_line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:_MOST_LETTERS])
    return " ".join(shown.split())


def _timed_out(reason: str) -> FetchFailed:
    return FetchFailed(FetchResult.TIMED_OUT, reason, again=True)


def _check_scheme(url: str) -> None:
    scheme = urlsplit(url).scheme.lower()
    if scheme not in {"http", "https"}:
        raise FetchFailed(
            FetchResult.REFUSED, tr("only http and https are fetched, not {scheme}:", scheme=scheme)
        )


def _check_head(response: requests.Response, limits: Limits) -> None:
    """Raise unless status, type and announced length are those of a photo."""
    status = response.status_code
    if status != http.HTTPStatus.OK:
        raise _bad_status(response)
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _UNTYPED and not kind.startswith("image/"):
        raise FetchFailed(
            FetchResult.NOT_A_PICTURE, tr("the server sent {kind}, not a picture", kind=kind)
        )
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limits.max_bytes:
        raise _too_large(limits)


def _bad_status(response: requests.Response) -> FetchFailed:
    status = response.status_code
    try:
        words = f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        words = str(status)
    reason = tr("the server answered “{words}”", words=words)
    if status == http.HTTPStatus.REQUEST_TIMEOUT:
        return _timed_out(reason)
    if (
        status == http.HTTPStatus.TOO_MANY_REQUESTS
        or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        wait_s = _retry_after_s(response.headers.get("Retry-After", ""))
        return FetchFailed(FetchResult.BUSY, reason, again=True, wait_s=wait_s)
    return FetchFailed(FetchResult.GONE, reason)


def _retry_after_s(text: str) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date (RFC 9110)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:  # "-0000": UTC, with nothing known of the place
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _decoded(response: requests.Response) -> Iterator[bytes]:
    """The body in small pieces, decompressed where the server compressed it unasked."""
    pieces = response.raw.stream(_PIECE_BYTES, decode_content=False)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        yield from pieces
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchFailed(
            FetchResult.NOT_A_PICTURE, tr("sent in an encoding that was not asked for")
        )
    inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
    try:
        for piece in pieces:
            rest = piece
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _PIECE_BYTES)
                rest = inflater.unconsumed_tail
        yield inflater.flush(_PIECE_BYTES)
    except zlib.error as error:
        raise FetchFailed(FetchResult.NOT_A_PICTURE, tr("the compression is damaged")) from error


def _too_large(limits: Limits) -> FetchFailed:
    size = limits.max_bytes // 2**20
    return FetchFailed(FetchResult.TOO_LARGE, tr("larger than the limit of {size} MB", size=size))


def _failure(error: Exception) -> FetchFailed:
    """What a library's exception means, told by the causes behind it."""
    import ssl

    import requests
    from urllib3.exceptions import IncompleteRead, ReadTimeoutError

    causes: list[BaseException] = [error]
    while (deeper := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(deeper)
    if any(
        isinstance(cause, requests.Timeout | ReadTimeoutError | TimeoutError) for cause in causes
    ):
        return _timed_out(tr("the server fell silent"))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return FetchFailed(
            FetchResult.REFUSED, tr("the connection is not safe: {reason}", reason=causes[-1])
        )
    if isinstance(error, ValueError):  # requests.InvalidURL and its kin are ValueErrors too
        return FetchFailed(FetchResult.REFUSED, tr("the address is not valid"))
    if any(isinstance(cause, IncompleteRead) for cause in causes):
        return FetchFailed(FetchResult.UNREACHABLE, tr("the server sent only a part"))
    reason = getattr(causes[-1], "strerror", None) or causes[-1]
    return FetchFailed(
        FetchResult.UNREACHABLE, tr("the connection broke off: {reason}", reason=reason)
    )
