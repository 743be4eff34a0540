"""The whole loop unattended, for cron: import, scan, train, and publish what is better."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.dataset import Split
from facegui.domain.errors import BundleError, Cancelled
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.network.bundle import load_bundle
from facegui.services.collect import ImportReport, import_photos, watched
from facegui.services.libraries import Library
from facegui.services.models import active_model, publish
from facegui.services.runs import RunRecord
from facegui.services.scan import ScanReport, ScanRequest, scan
from facegui.services.tools import Tools
from facegui.services.train import TrainReport, TrainRequest, train


@dataclass(frozen=True, slots=True)
class PipelineRequest:
    """How to train and when to publish.

    Attributes:
        config: network and hyper-parameters.
        split: how each person's faces are shared out.
        publish_above: publish only an accuracy above this, 0 to 1.
    """

    config: TrainConfig
    split: Split = field(default_factory=Split)
    publish_above: float | None = None


@dataclass(frozen=True, slots=True)
class PipelineReport:
    """What each stage did.

    Attributes:
        imported: one report for each watched folder.
        published: whether the new model is the one in use now.
        reason: why, or why not, in the owner's language.
        active: the bundle in use now; None while none was ever published.
    """

    imported: tuple[ImportReport, ...]
    scanned: ScanReport
    trained: TrainReport
    published: bool
    reason: str
    active: Path | None


def run_pipeline(
    library: Library, tools: Tools, request: PipelineRequest, control: Control
) -> PipelineReport:
    """Import what is new in the folders imported before, scan it, train, publish if better.

    Raises:
        DatasetError: too few people or faces.
        EngineError, ModelUnavailable, StorageFault: the machine cannot do it now.
        Cancelled: stopped; what was imported and scanned is kept.
    """
    imported = []
    for folder in watched(library):
        imported.append(import_photos(library, folder, control))
        _go_on(control)
    scanned = scan(library, tools, ScanRequest(), control)
    _go_on(control)
    trained = train(
        library, tools, TrainRequest(request.config, request.split, publish=False), control
    )
    published, reason = _judge(library, trained.record, request.publish_above)
    if published:
        publish(library, trained.record)
    return PipelineReport(
        tuple(imported), scanned, trained, published, reason, active_model(library)
    )


def _go_on(control: Control) -> None:
    if control.cancelled():
        raise Cancelled


def _judge(library: Library, new: RunRecord, above: float | None) -> tuple[bool, str]:
    """Whether to publish *new*, and why.

    Of two models that are right equally often, the one that knows more people, or has learned
    from more faces, is better.
    """
    if above is not None and new.accuracy <= above:
        return False, tr(
            "An accuracy of {new} is not above {limit}.",
            new=f"{new.accuracy:.1%}",
            limit=f"{above:.1%}",
        )
    active = active_model(library)
    if active is None:
        return True, tr("It is the first model.")
    try:
        old = load_bundle(active).info
    except BundleError:
        return True, tr("The model that was in use cannot be opened any more.")
    worth = (new.accuracy, len(new.people), new.metrics.train_count)
    before = (old.metrics.accuracy, len(old.labels), old.metrics.train_count)
    accuracies = {"new": f"{new.accuracy:.1%}", "old": f"{before[0]:.1%}"}
    if worth > before:
        return True, tr("It is better: accuracy {new}, before {old}.", **accuracies)
    return False, tr("It is not better: accuracy {new}, in use {old}.", **accuracies)
