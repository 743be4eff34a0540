"""A web server on this machine that behaves as asked: well, slowly, wrongly, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class ModelServer:
    """What is served by path, and which requests came.

    Attributes:
        ranges: the Range header ("" for none) of each request, in order.
        let_go: set to end responses that hang.
    """

    url: str = ""
    routes: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    ranges: list[str] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def serve(self, path: str, data: bytes, *, ranged: bool = True) -> str:
        """Serve *data*, in part where a Range asks for it; returns the URL."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            start = _start(request) if ranged else None
            if start is not None and start >= len(data):
                request.send_response(416)
                request.send_header("Content-Length", "0")
                request.end_headers()
                return
            request.send_response(200 if start is None else 206)
            if start is not None:
                request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            body = data[start or 0 :]
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        return self._route(path, respond)

    def serve_status(self, path: str, status: int, location: str = "") -> str:
        """Serve nothing but a status, and a place to go to instead."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            if location:
                request.send_header("Location", location)
            request.send_header("Content-Length", "0")
            request.end_headers()

        return self._route(path, respond)

    def serve_then_hang(self, path: str, data: bytes, sent: int) -> str:
        """Send the first *sent* bytes of *data* and then nothing, until `let_go`."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data[:sent])
            request.wfile.flush()
            self.let_go.wait()

        return self._route(path, respond)

    def serve_broken_off(self, path: str, data: bytes, sent: int) -> str:
        """Promise all of *data*, send *sent* bytes of it, and hang up."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data[:sent])

        return self._route(path, respond)

    def serve_endless(self, path: str) -> str:
        """Send zeros without a length until the other side has enough."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.end_headers()
            while not self.let_go.is_set():
                request.wfile.write(bytes(65_536))

        return self._route(path, respond)

    def serve_wrong_part(self, path: str, data: bytes) -> str:
        """Answer any Range with the start of the file, marked as a part."""

        def respond(request: BaseHTTPRequestHandler) -> None:
            request.send_response(206)
            request.send_header("Content-Range", f"bytes 0-{len(data) - 1}/{len(data)}")
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)

        return self._route(path, respond)

    def _route(self, path: str, respond: Callable[[BaseHTTPRequestHandler], None]) -> str:
        self.routes["/" + path] = respond
        return self.url + path


def _start(request: BaseHTTPRequestHandler) -> int | None:
    asked = request.headers.get("Range", "")
    return int(asked.removeprefix("bytes=").rstrip("-")) if asked else None


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A server on a free port of 127.0.0.1, gone when the block ends."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.ranges.append(self.headers.get("Range", ""))
            try:
                state.routes[self.path](self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
