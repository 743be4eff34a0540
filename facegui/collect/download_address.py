"""Where downloads may go: public addresses only, checked where the connection is made.

A name is resolved once for each connection, its addresses are checked, and the connection goes to
a checked address, not to the name: a name server that answers differently the second time (DNS
rebinding) gains nothing. Certificates are still checked against the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from facegui.domain.text import tr

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Dial = Callable[[str, int], socket.socket]
"""Connects to a host and port, or raises; no other connection is made."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address


class Forbidden(Exception):
    """A host that downloads must not go to; the text says which address it has."""


def resolve(host: str, port: int, allowed: Collection[str]) -> list[str]:
    """The addresses of *host*, each of them public or one of *allowed*.

    Raises:
        OSError: the name is not known.
        Forbidden: one of its addresses is neither.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # an empty label, or one of more than 63 characters
        raise socket.gaierror(socket.EAI_NONAME, tr("not a host name")) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in addresses:
        if text not in allowed and not is_public(ipaddress.ip_address(text)):
            place = text if host in {text, f"[{text}]"} else f"{host} ({text})"
            raise Forbidden(
                tr("{place} is not a public address; lists may name no others", place=place)
            )
    return addresses


def is_public(address: Address) -> bool:
    """Whether *address*, and the IPv4 address that one of version 6 may carry, is on the internet.

    Not so: private, loopback, link-local, multicast, reserved and unspecified ones.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            carried = ipaddress.IPv4Address(address.packed[-4:])
        if carried is not None:
            return is_public(carried)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def session(dial: Dial) -> requests.Session:
    """A session whose every connection is made by *dial*.

    It takes nothing from the environment: a proxy would look names up by itself, and passwords
    from ``.netrc`` are no business of a list's servers.
    """
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(dial))
    return made


class _Adapter(HTTPAdapter):
    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_HttpPool, dial=self._dial),
            "https": partial(_HttpsPool, dial=self._dial),
        }


class _DialledHttp(HTTPConnection):
    def __init__(self, *args: Any, dial: Dial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial(self.host, self.port)


class _DialledHttps(HTTPSConnection):
    def __init__(self, *args: Any, dial: Dial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial(self.host, self.port)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _DialledHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _DialledHttps
