"""Real HTTP on a free port: who may ask, how much, and that it ends."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from facegui.domain.errors import EnvironmentFault, OwnerError
from facegui.services.serving import server as server_module
from facegui.services.serving.api import Api
from facegui.services.serving.serve import loopback_address
from facegui.services.serving.server import MOST_BYTES, Server


class Nobody:
    people = ("Ann", "Bob")

    def image(self, image: object) -> tuple[()]:
        return ()


class Bug(Api):
    def status(self, path: str) -> dict[str, object]:
        raise RuntimeError("secret")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    kind = getattr(request, "param", Api)
    made = Server("127.0.0.1", 0, kind(Nobody(), "m", "sesame"))
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def ask(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
    sent = {"Authorization": "Bearer sesame"} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_the_model_answers(server: Server) -> None:
    status, headers, body = ask(server, "/v1/models/m")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body)["people"] == ["Ann", "Bob"]


@pytest.mark.parametrize("path", ["/", "/page.js", "/page.css"])
def test_the_page_needs_no_token_and_nothing_from_elsewhere(server: Server, path: str) -> None:
    status, headers, body = ask(server, path, Authorization="")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert b"//" not in body.replace(b"<!doctype html>", b"")
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    ("path", "method", "headers", "expected"),
    [
        ("/v1/models/m", "GET", {"Authorization": "Bearer no"}, 401),
        ("/v1/models/m", "GET", {"Host": "evil.example"}, 403),
        ("/", "GET", {"Host": "evil.example:80"}, 403),
        ("/", "GET", {"Host": "[::1"}, 403),
        ("/x", "GET", {}, 404),
        ("/v1/models/m:predict", "PUT", {}, 501),
        ("/v1/models/m:predict", "POST", {"Content-Length": "x"}, 411),
        ("/v1/models/m:predict", "POST", {"Content-Length": str(MOST_BYTES + 1)}, 413),
        ("/v1/models/m:predict", "POST", {"Content-Length": "9" * 5000}, 413),
        ("/v1/models/m:predict", "POST", {"Content-Length": "0"}, 400),
    ],
)
def test_what_is_refused_says_why_as_json(
    server: Server, path: str, method: str, headers: dict[str, str], expected: int
) -> None:
    status, _, body = ask(server, path, method, **headers)
    assert status == expected
    assert json.loads(body)["error"]


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501"])
def test_names_of_this_machine_are_taken(server: Server, host: str) -> None:
    assert ask(server, "/v1/models/m", Host=host)[0] == 200


def test_one_request_and_then_the_connection_is_closed(server: Server) -> None:
    with socket.create_connection(server.server_address) as client:
        client.settimeout(20)
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
        answers = b"".join(iter(lambda: client.recv(65536), b""))
    assert answers.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize("server", [Bug], indirect=True)
def test_a_bug_is_logged_and_not_shown(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    status, _, body = ask(server, "/v1/models/m")
    assert status == 500
    assert b"secret" not in body
    assert "secret" in caplog.text
    caplog.clear()


def test_too_many_connections_are_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(server, "_connections", threading.BoundedSemaphore(1))
    address = server.server_address
    with socket.create_connection(address) as first:
        first.sendall(b"GET ")
        with socket.create_connection(address) as second:
            second.settimeout(20)
            assert second.recv(1) == b""
        first.sendall(b"/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
        first.settimeout(20)
        assert first.recv(12) == b"HTTP/1.1 200"


def test_a_client_that_stays_silent_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(server_module, "LONGEST_S", 0.05)
    with socket.create_connection(server.server_address) as slow:
        slow.sendall(b"POST /v1/models/m:predict HTTP/1.0\r\n")
        slow.settimeout(20)
        assert slow.recv(1000) == b""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_is_a_place_to_listen(host: str) -> None:
    assert loopback_address(host) in ("127.0.0.1", "::1")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "no such host", ""])
def test_other_places_are_refused(host: str) -> None:
    with pytest.raises(OwnerError):
        loopback_address(host)


def test_a_port_that_is_taken_is_named(server: Server) -> None:
    from facegui.services.serving.serve import _listening

    port = server.server_address[1]
    with pytest.raises(EnvironmentFault, match=str(port)):
        _listening("127.0.0.1", port, server.api)
