"""The networks an owner can choose from, each preset as a choice of its own."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network.registry import network, network_names

DEFAULT_PRESET = "default"


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """One entry of the choice on the Train page.

    Attributes:
        title: in the owner's language.
        when: one sentence on when to choose it.
        config: the hyper-parameters to start from.
        takes_crops: whether it looks at pictures, so that augmentation means something.
        pretrained: whether a part of it has learned from other pictures before.
    """

    title: str
    when: str
    config: TrainConfig
    takes_crops: bool
    pretrained: bool


def network_choices() -> tuple[NetworkChoice, ...]:
    """Every network with its defaults, the recommended one first, then its other presets."""
    found = []
    for name in network_names():
        spec = network(name)
        for preset, config in spec.presets.items():
            title, when = spec.title, spec.when
            if preset != DEFAULT_PRESET:
                title, when = _told(preset, spec.title)
            crops, pretrained = spec.preprocessing.size_px > 0, spec.backbone is not None
            found.append(NetworkChoice(title, when, config, crops, pretrained))
    return tuple(found)


def default_config(name: str) -> TrainConfig:
    """The hyper-parameters that the network called *name* starts from.

    Raises:
        DatasetError: there is no such network; the remedy lists those there are.
    """
    return network(name).defaults


def title_of(name: str) -> str:
    """The title of the network called *name*; the name itself when this version has none such."""
    return network(name).title if name in network_names() else name


def _told(preset: str, title: str) -> tuple[str, str]:
    """What to call a preset, and when to choose it."""
    known = {
        "faithful": (
            tr("{network}, faithful", network=title),
            tr("The tutorial's own settings, for comparison: up to 10,000 steps, much slower."),
        )
    }
    return known.get(preset, (f"{title}, {preset}", ""))
