"""The list of networks by name. A new network is one file like `classic` and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.network import classic, face_transfer, inception_v3, mobilenet_v2
from facegui.network.spec import NetworkSpec

DEFAULT_NETWORK = face_transfer.NAME

_SPECS: Mapping[str, Callable[[], NetworkSpec]] = {
    face_transfer.NAME: face_transfer.spec,
    classic.NAME: classic.spec,
    mobilenet_v2.NAME: mobilenet_v2.spec,
    inception_v3.NAME: inception_v3.spec,
}


def network_names() -> tuple[str, ...]:
    """Names that `network` knows, the default first."""
    return tuple(_SPECS)


def network(name: str) -> NetworkSpec:
    """The network called *name*, its texts in the owner's language.

    Raises:
        DatasetError: there is none.
    """
    if name not in _SPECS:
        raise DatasetError(
            tr("There is no network called {name}.", name=name),
            tr("Choose one of: {names}.", names=", ".join(_SPECS)),
        )
    return _SPECS[name]()
