"""Where downloads may go, and that they go to the address that was checked."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from facegui.collect.download import FetchFailed, Limits, Transfer
from facegui.collect.download_address import Forbidden, is_public, resolve
from facegui.domain.web_list import FetchResult

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%1", "fc00::1"),
        *("fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "64:ff9b:1::1"),
    ],
)
def test_what_is_not_on_the_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


class NameServer:
    """Answers a name's questions one after the other; the last answer stays."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(2, 1, 6, "", (address, port)) for address in answer.split()]


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., NameServer]:
    def answering(*answers: str) -> NameServer:
        made = NameServer(*answers)
        monkeypatch.setattr(socket, "getaddrinfo", made)
        return made

    return answering


def test_one_private_address_among_public_ones_is_enough(
    name_server: Callable[..., NameServer],
) -> None:
    name_server(f"{PUBLIC} 10.0.0.1")
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        resolve("two.example", 80, ())
    assert resolve("two.example", 80, {"10.0.0.1"}) == [PUBLIC, "10.0.0.1"]


def test_a_name_that_cannot_be_one(name_server: Callable[..., NameServer]) -> None:
    with pytest.raises(OSError, match="not a host name"):
        resolve("a..b", 80, ())


def test_the_connection_goes_to_the_address_that_was_checked(
    name_server: Callable[..., NameServer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = name_server(PUBLIC, "127.0.0.1")  # the second answer would be the attack
    dialled = []

    def connect(place: tuple[str, int], **_: object) -> socket.socket:
        dialled.append(place)
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    for scheme, port in (("http", 80), ("https", 443)):
        with pytest.raises(FetchFailed) as failed:
            Transfer(f"{scheme}://rebinding.example/x.jpg", Limits()).run(tmp_path / "x")
        if scheme == "http":
            assert failed.value.result is FetchResult.UNREACHABLE
            assert dialled == [(PUBLIC, port)]
        else:  # asked anew, checked anew
            assert failed.value.result is FetchResult.REFUSED
            assert len(dialled) == 1
    assert server.asked == 2


def test_an_unknown_name_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed, match=r"no\.example") as failed:
        Transfer("http://no.example/x.jpg", Limits()).run(tmp_path / "x")
    assert failed.value.result is FetchResult.UNREACHABLE
    assert not failed.value.again
