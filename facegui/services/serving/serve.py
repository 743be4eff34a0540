"""A model behind HTTP on this machine, in the REST shape of TensorFlow Serving, until told to stop.

https://www.tensorflow.org/tfx/serving/api_rest, row format. Unlike an exported model it is given
whole photos: the answer to each is every face in it.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from facegui.domain.control import Control, Stop
from facegui.domain.errors import EnvironmentFault, OwnerError
from facegui.domain.text import tr
from facegui.services.recognising.photo_recogniser import PhotoRecogniser
from facegui.services.recognising.recognise import fetch_models
from facegui.services.serving.api import Api
from facegui.services.serving.server import Server
from facegui.services.tools import Tools

_WAIT_STEP_S = 0.1
_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class ServeRequest:
    """What to serve.

    Attributes:
        host: an address or name of this machine for itself.
        port: 0 for any that is free.
        token: what a client has to know; None for a new one.
    """

    bundle: Path
    host: str = "127.0.0.1"
    port: int = 8501
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is.

    Attributes:
        address: where requests go.
        page: the test page, the token included.
    """

    address: str
    page: str
    token: str


def serve_model(
    tools: Tools, request: ServeRequest, told: Callable[[Served], None], control: Control
) -> int:
    """Answer until *control* says stop; *told* hears where, once it answers.

    Returns:
        How many requests were answered.

    Raises:
        OwnerError: the host is not this machine's own, loopback address.
        BundleError: the model cannot be used.
        ModelUnavailable: the detector is not on this machine and cannot be fetched.
        EnvironmentFault: the port is taken.
    """
    address = loopback_address(request.host)
    fetch_models(tools, control)
    stopping = _Stopping()
    recogniser = PhotoRecogniser(tools, request.bundle, stopping)
    token = request.token or secrets.token_urlsafe(_TOKEN_BYTES)
    api = Api(recogniser, request.bundle.stem, token)
    with _listening(address, request.port, api) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_WAIT_STEP_S,), daemon=True)
        thread.start()
        try:
            told(_where(server, api))
            while not control.cancelled():
                time.sleep(_WAIT_STEP_S)
        finally:
            stopping.stop()
            server.shutdown()
            thread.join()
        return api.answered


def loopback_address(host: str) -> str:
    """The address that *host* means.

    Raises:
        OwnerError: others could reach it too, or it is no address.
    """
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        found = set()
    if not found or not all(ipaddress.ip_address(each).is_loopback for each in found):
        raise OwnerError(
            tr("{host} is not an address of this machine for itself.", host=host),
            tr("Use 127.0.0.1; let others in through a program made for that, such as ssh -L."),
        )
    return str(min(found))


def _listening(address: str, port: int, api: Api) -> Server:
    try:
        return Server(address, port, api)
    except OSError as error:
        raise EnvironmentFault(
            tr("Port {port} cannot be used: {why}.", port=port, why=error.strerror or error),
            tr("Choose another port, or end the program that uses this one."),
        ) from error


def _where(server: Server, api: Api) -> Served:
    host, port = str(server.server_address[0]), server.server_address[1]
    root = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    address = f"{root}/v1/models/{quote(api.name)}:predict"
    return Served(address, f"{root}/#{quote(api.token)}", api.token)


class _Stopping:
    """Ends requests that wait for a network when the server ends."""

    def __init__(self) -> None:
        self._stop = Stop.NO

    def stop(self) -> None:
        self._stop = Stop.DISCARD

    def report(self, progress: object) -> None:
        """Nobody listens."""

    def partial(self, value: object) -> None:
        """Nobody listens."""

    def cancelled(self) -> Stop:
        return self._stop
