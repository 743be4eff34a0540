"""A web server on this machine that treats a downloader in every bad way there is, and well.

`TORTURE` says for each path what should become of it; `photo_server` serves them all.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

from facegui.domain.web_list import FetchResult

OWN_ADDRESS = "127.0.0.1"
BOMB_BYTES = 512 * 1024 * 1024


def jpeg(seed: int = 0, side: int = 64) -> bytes:
    """A small photo, another one for each *seed*."""
    noise = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=90)
    return file.getvalue()


PHOTO = jpeg()
MD5 = hashlib.md5(PHOTO).hexdigest()
HTML = b"<!DOCTYPE html><html><body>This page has moved.</body></html>"

Respond = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; helpers for well-formed answers."""

    photo_server: PhotoServer
    timeout = 5.0  # a downloader that has gone without reading everything blocks no answer

    def do_GET(self) -> None:
        with self.photo_server.counted(self.path, self.headers):
            try:
                self.photo_server.respond(self)
            except OSError:  # the downloader has hung up, as it should
                self.close_connection = True

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send everything at once; ``Content_Type`` stands for ``Content-Type``."""
        given = {"Content_Type": "image/jpeg", "Content_Length": str(len(body)), **headers}
        self.send_response(status)
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, place: str, status: int = 302) -> None:
        self.answer(b"", status, Location=place)

    def log_message(self, *args: object) -> None:
        """Be quiet."""


@dataclass
class PhotoServer:
    """What came in.

    Attributes:
        url: of the server, with a slash at its end.
        asked: how often each path was asked for.
        at: when each path was asked for, seconds of `time.monotonic`.
        most_at_once: the most requests that were open at the same time.
        agents: the user agents that asked.
        let_go: set to end answers that hang.
        pause_s: how long a good photo takes.
        files: more to serve, by path.
    """

    url: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    at: dict[str, list[float]] = field(default_factory=dict)
    most_at_once: int = 0
    agents: set[str] = field(default_factory=set)
    let_go: threading.Event = field(default_factory=threading.Event)
    pause_s: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def counted(self, path: str, headers: object) -> Iterator[None]:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
            self.asked[path] += 1
            self.at.setdefault(path, []).append(time.monotonic())
            self.agents.add(headers["User-Agent"])  # type: ignore[index]
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def respond(self, request: Request) -> None:
        """``/photo/7`` is photo number 7; other paths are bad in their own ways."""
        kind, _, number = request.path.strip("/").partition("/")
        if kind == "photo":
            self.let_go.wait(self.pause_s)
            request.answer(jpeg(int(number)))
        elif request.path in self.files:
            request.answer(self.files[request.path])
        else:
            _BEHAVIOURS[kind](request)


def _drip(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "image/jpeg")
    request.end_headers()
    while not request.photo_server.let_go.wait(0.05):
        request.wfile.write(b"\xff")


def _drip_head(request: Request) -> None:
    request.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    while not request.photo_server.let_go.wait(0.05):
        request.wfile.write(b"x")


def _hang(request: Request) -> None:
    request.photo_server.let_go.wait()


def _stall(request: Request) -> None:
    request.answer(PHOTO[:100], Content_Length=str(len(PHOTO)))
    request.wfile.flush()
    request.photo_server.let_go.wait()


def _bomb(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "image/jpeg")
    request.send_header("Content-Encoding", "gzip")
    request.end_headers()
    with gzip.GzipFile(fileobj=request.wfile, mode="wb", compresslevel=9) as packed:
        for _ in range(BOMB_BYTES // 2**20):
            packed.write(bytes(2**20))


def _endless(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "image/jpeg")
    request.end_headers()
    while not request.photo_server.let_go.is_set():
        request.wfile.write(bytes(65_536))


def _reset(request: Request) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()  # for real once the handler lets go of it


def _first_time(request: Request, bad: Respond) -> None:
    if request.photo_server.asked[request.path] == 1:
        bad(request)
    else:
        request.answer(PHOTO)


def _hop(request: Request) -> None:
    left = int(request.path.rpartition("/")[2])
    request.redirect(f"/hop/{left - 1}" if left else "/good")


_BEHAVIOURS: dict[str, Respond] = {
    "good": lambda request: request.answer(PHOTO),
    "untyped": lambda request: request.answer(PHOTO, Content_Type="application/octet-stream"),
    "packed": lambda request: request.answer(gzip.compress(PHOTO), Content_Encoding="gzip"),
    "404": lambda request: request.answer(HTML, 404, Content_Type="text/html"),
    "410": lambda request: request.answer(b"", 410),
    "204": lambda request: request.answer(b"", 204),
    "hop": _hop,
    "loop": lambda request: request.redirect("/loop"),
    "to-loopback": lambda request: request.redirect("http://127.0.0.2/secret"),
    "to-mapped": lambda request: request.redirect("http://[::ffff:127.0.0.2]/secret"),
    "to-metadata": lambda request: request.redirect("http://169.254.169.254/latest"),
    "to-file": lambda request: request.redirect("file:///etc/passwd"),
    "nowhere": lambda request: request.redirect("http://[half"),
    "web-page": lambda request: request.answer(HTML, Content_Type="text/html; charset=utf-8"),
    "html-as-jpeg": lambda request: request.answer(HTML),
    "empty": lambda request: request.answer(b""),
    "cut-off": lambda request: request.answer(PHOTO[:-200]),
    "broken-off": lambda request: request.answer(PHOTO[:-200], Content_Length=str(len(PHOTO))),
    "wrong-checksum": lambda request: request.answer(jpeg(99)),
    "announced": lambda request: request.answer(PHOTO, Content_Length="99999999999"),
    "endless": _endless,
    "bomb": _bomb,
    "bad-gzip": lambda request: request.answer(PHOTO, Content_Encoding="gzip"),
    "brotli": lambda request: request.answer(PHOTO, Content_Encoding="gzip, br"),
    "drip": _drip,
    "drip-head": _drip_head,
    "hang": _hang,
    "stall": _stall,
    "reset": _reset,
    "429-once": lambda request: _first_time(
        request, lambda again: again.answer(b"", 429, Retry_After="1")
    ),
    "429-long": lambda request: request.answer(b"", 429, Retry_After="86400"),
    "500-once": lambda request: _first_time(request, lambda again: again.answer(b"", 500)),
    "503": lambda request: request.answer(b"", 503),
    "hang-once": lambda request: _first_time(request, _hang),
    "not-http": lambda request: request.wfile.write(b"220 \x1b[31mmail.example.org ESMTP\r\n\r\n"),
}

_DONE, _REFUSED = FetchResult.DONE, FetchResult.REFUSED
TORTURE: dict[str, tuple[FetchResult, int]] = {
    "good": (_DONE, 1),
    "untyped": (_DONE, 1),
    "packed": (_DONE, 1),
    "hop/4": (_DONE, 1),
    "hop/5": (_REFUSED, 1),
    "loop": (_REFUSED, 6),
    "to-loopback": (_REFUSED, 1),
    "to-mapped": (_REFUSED, 1),
    "to-metadata": (_REFUSED, 1),
    "to-file": (_REFUSED, 1),
    "nowhere": (_REFUSED, 1),
    "404": (FetchResult.GONE, 1),
    "410": (FetchResult.GONE, 1),
    "204": (FetchResult.GONE, 1),
    "web-page": (FetchResult.NOT_A_PICTURE, 1),
    "html-as-jpeg": (FetchResult.NOT_A_PICTURE, 1),
    "empty": (FetchResult.NOT_A_PICTURE, 1),
    "cut-off": (FetchResult.NOT_A_PICTURE, 1),
    "bad-gzip": (FetchResult.NOT_A_PICTURE, 1),
    "brotli": (FetchResult.NOT_A_PICTURE, 1),
    "wrong-checksum": (FetchResult.QUARANTINED, 1),
    "announced": (FetchResult.TOO_LARGE, 1),
    "endless": (FetchResult.TOO_LARGE, 1),
    "bomb": (FetchResult.TOO_LARGE, 1),
    "broken-off": (FetchResult.UNREACHABLE, 1),
    "reset": (FetchResult.UNREACHABLE, 1),
    "not-http": (FetchResult.UNREACHABLE, 1),
    "drip": (FetchResult.TIMED_OUT, 1),
    "drip-head": (FetchResult.TIMED_OUT, 1),
    "hang": (FetchResult.TIMED_OUT, 3),
    "stall": (FetchResult.TIMED_OUT, 3),
    "hang-once": (_DONE, 2),
    "429-once": (_DONE, 2),
    "429-long": (FetchResult.BUSY, 1),
    "500-once": (_DONE, 2),
    "503": (FetchResult.BUSY, 3),
}
"""For each path: what it should come to, and how many requests for it are right."""

ELSEWHERE = (
    "http://127.0.0.2/x.jpg",
    "http://2130706434/x.jpg",  # the same as one number
    "http://[::1]/x.jpg",
    "http://[::ffff:10.0.0.1]/x.jpg",
    "http://10.0.0.1/x.jpg",
    "http://192.168.1.1/x.jpg",
    "http://169.254.169.254/latest/meta-data",
    "http://224.0.0.1/x.jpg",
    "http://0.0.0.0/x.jpg",
    "http://user:secret@127.0.0.3/x.jpg",
    "ftp://example.org/x.jpg",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "http:///x.jpg",
)
"""Addresses that are refused before anything is asked."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64


@contextmanager
def photo_server(address: str = OWN_ADDRESS) -> Iterator[PhotoServer]:
    """A server on a free port of *address*, gone when the block ends."""
    state = PhotoServer()
    handler = type("BoundRequest", (Request,), {"photo_server": state})
    server = _Server((address, 0), handler)
    state.url = f"http://{address}:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
