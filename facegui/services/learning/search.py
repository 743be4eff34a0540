"""Looking for better hyper-parameters of a network on the owner's faces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from facegui.domain.control import Control, Progress, Relay, Stop
from facegui.domain.dataset import Split
from facegui.domain.errors import EngineError
from facegui.domain.search import SearchJob, SearchResult, Trial, Tunable
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network.registry import network
from facegui.network.strict_json import StrictJsonError, decode, encode
from facegui.services.learning.augmentation import augmentation_presets
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.learning.refits import refits
from facegui.services.libraries import Library
from facegui.services.tools import Tools
from facegui.training.search import SEARCH_JOB

_KEY = "search."


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to search.

    Attributes:
        config: to start from; its seed is that of the split as well.
        tunables: what may change.
        seconds: for all trials together.
        trials: at most so many; None for as many as the time allows.
    """

    config: TrainConfig
    split: Split
    tunables: tuple[Tunable, ...]
    seconds: float
    trials: int | None = None


def tunables(network_name: str) -> tuple[Tunable, ...]:
    """What a search can change of a network; augmentation means nothing without crops."""
    crops = network(network_name).preprocessing.size_px > 0
    return tuple(kind for kind in Tunable if crops or kind is not Tunable.AUGMENTATION)


def search(
    library: Library, tools: Tools, request: SearchRequest, control: Control
) -> SearchResult:
    """Train with different settings until the time is over; the best ones are remembered.

    Partial results are `Trial`. Stop with KEEP ends with the trials that are done. The faces to
    test with are not looked at.

    Raises:
        DatasetError: too few people or faces.
        LibraryError: faces have gone meanwhile.
        ImageError: a photo cannot be read any more.
        ModelUnavailable: the network starts from a file that cannot be had.
        EngineError: the engine died, or the settings to start from do not train.
        Cancelled: discarded, or stopped before the first trial was done.
    """
    control.report(Progress(0, 0, tr("Choosing faces")))
    config = request.config
    manifest, _ = build_dataset(library, DatasetRequest(request.split, config.seed))
    with refits(library, tools, config, manifest, request.trials or 0, control) as made:
        presets = {preset.name: preset.settings for preset in augmentation_presets()}
        job = SearchJob(made.asked, request.tunables, presets, request.seconds, request.trials)
        result = _run(tools, job, control)
    library.set_setting(_KEY + config.network, encode(result))
    return result


def _run(tools: Tools, job: SearchJob, control: Control) -> SearchResult:
    """Ask the engine; when it must be ended because it ponders, the trials that are done count."""
    trials: list[Trial] = []

    def hear(value: object) -> None:
        if isinstance(value, Trial):
            trials.append(value)
        control.partial(value)

    try:
        return cast(
            "SearchResult", tools.trainer.run(SEARCH_JOB, job, Relay(control, partial=hear))
        )
    except EngineError:
        if control.cancelled() is not Stop.KEEP or not trials:
            raise
        return SearchResult(tuple(trials))


def last_search(library: Library, network_name: str) -> SearchResult | None:
    """What the last search of a network found; None before any."""
    told = library.setting(_KEY + network_name)
    try:
        return decode(SearchResult, told) if isinstance(told, str) else None
    except StrictJsonError:
        return None  # of another version


def with_best(config: TrainConfig, trial: Trial) -> TrainConfig:
    """The settings of *trial*, stopped by the same rules as *config*."""
    return replace(
        trial.config,
        seed=config.seed,
        max_epochs=config.max_epochs,
        max_steps=config.max_steps,
        max_seconds=config.max_seconds,
        patience=config.patience,
        target_accuracy=config.target_accuracy,
    )
