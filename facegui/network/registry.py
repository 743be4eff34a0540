"""The list of networks by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from facegui.domain.errors import DatasetError
from facegui.domain.text import tr
from facegui.network import (
    alexnet,
    classic,
    face_transfer,
    inception_v3,
    mobilenet_v2,
    modern,
    two_layer,
)
from facegui.network.spec import NetworkSpec

DEFAULT_NETWORK = face_transfer.NAME

_NETWORKS = (
    face_transfer,
    modern,
    classic,
    mobilenet_v2,
    inception_v3,
    alexnet,
    two_layer,
)
"""In the order of the choice; a new network is a file beside these and a line here."""

_SPECS: Mapping[str, Callable[[], NetworkSpec]] = {each.NAME: each.spec for each in _NETWORKS}


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
