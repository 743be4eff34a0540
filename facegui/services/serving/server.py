"""HTTP around `Api`: who may ask, how much at a time, and for how long.

Only this machine can connect, which a web page in the owner's browser can do too. So every
request must name this machine in ``Host`` (a page that points its own name here cannot: DNS
rebinding), no answer may be read by other pages (no CORS headers), and all but the empty test page
want the token.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from facegui.domain.text import resource_path, tr
from facegui.services.serving.api import Api, Refusal

MOST_BYTES = 48 * 1024 * 1024
"""Of a request; a photo of 36 MB in base64."""

MOST_CONNECTIONS = 32
SILENT_S = 15.0
"""Without a byte from the client, and its connection is closed."""

LONGEST_S = 120.0
"""The same after so long in all."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
}
_JSON = "application/json"
_log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """Listens on a loopback address; a thread for each connection, `MOST_CONNECTIONS` at most.

    Attributes:
        api: what it answers with.
    """

    daemon_threads = True
    block_on_close = False  # a request that is being answered does not keep the end waiting

    def __init__(self, address: str, port: int, api: Api) -> None:
        """Begin to listen.

        Raises:
            OSError: the port is taken.
        """
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.api = api
        self._connections = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__((address, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, or hang up while there are too many."""
        if self._connections.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer on this thread, for a limited time."""
        ending = threading.Timer(LONGEST_S, _hang_up, (request,))
        ending.daemon = True
        ending.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            ending.cancel()
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news; anything else has been told of already."""


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """One request, and then the connection is closed."""

    protocol_version = "HTTP/1.1"  # lets curl send large photos without waiting a second
    timeout = SILENT_S
    server: Server

    def do_GET(self) -> None:
        self._respond(body=b"")

    def do_POST(self) -> None:
        self._respond(body=None)

    def _respond(self, body: bytes | None) -> None:
        """Answer with a document whatever happens; *body* is None for a request that has one."""
        try:
            self._require_own_host()
            path = urlsplit(self.path).path
            if body is not None and path in _PAGES:
                self._send_page(*_PAGES[path])
                return
            self.server.api.allow(self.headers.get("Authorization", ""))
            if body is not None:
                found = self.server.api.status(path)
            else:
                found = self.server.api.predict(path, self._read_body())
            self._send(HTTPStatus.OK, found)
        except Refusal as refusal:
            self._send(refusal.status, {"error": refusal.why})
        except OSError:
            raise  # the client has gone
        except Exception:
            _log.exception("a request failed")
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": tr("An error ended it.")})

    def _require_own_host(self) -> None:
        """Refuse requests that were meant for another name."""
        try:
            named = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
            own = named == "localhost" or ipaddress.ip_address(named).is_loopback
        except ValueError:
            own = False
        if not own:
            raise Refusal(HTTPStatus.FORBIDDEN, tr("“Host” must name this machine: localhost."))

    def _read_body(self) -> bytes:
        told = self.headers.get("Content-Length", "")
        if not told.isascii() or not told.isdigit():
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, tr("“Content-Length” is missing."))
        if len(told) > len(str(MOST_BYTES)) or int(told) > MOST_BYTES:
            limit = MOST_BYTES // 2**20
            why = tr("The request is larger than {limit} MB.", limit=limit)
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why)
        body = self.rfile.read(int(told))
        if len(body) < int(told):
            raise Refusal(HTTPStatus.BAD_REQUEST, tr("The request was cut off."))
        return body

    def _send_page(self, name: str, kind: str) -> None:
        self._send_bytes(HTTPStatus.OK, kind, resource_path(f"serve/{name}").read_bytes())

    def _send(self, status: HTTPStatus, document: object) -> None:
        self._send_bytes(status, _JSON, json.dumps(document, allow_nan=False).encode())

    def _send_bytes(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "Connection": "close",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        if status is HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - its shape
        """What http.server itself refuses, as JSON too."""
        status = HTTPStatus(code)
        self._send(status, {"error": message or status.phrase})

    def version_string(self) -> str:
        """No versions for strangers."""
        return "FaceGUI"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its shape
        """Who asks for what is nobody's business."""
