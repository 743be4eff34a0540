"""The whole loop unattended, for cron: import, scan, train, and publish what is not worse."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.dataset import Split
from facegui.domain.errors import Cancelled
from facegui.domain.text import tr
from facegui.domain.training import TrainConfig
from facegui.services.collecting.photos import ImportReport, import_photos, watched
from facegui.services.learning.train import TrainReport, TrainRequest, train
from facegui.services.libraries import Library
from facegui.services.runs.models import Choice, active_model, judge, publish
from facegui.services.runs.records import RunRecord
from facegui.services.scanning.scan import ScanReport, ScanRequest, scan
from facegui.services.tools import Tools


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
        trained: with its `Choice`: whether the new model is the one in use now, and why.
        active: the bundle in use now; None while none was ever published.
    """

    imported: tuple[ImportReport, ...]
    scanned: ScanReport
    trained: TrainReport
    active: Path | None


def run_pipeline(
    library: Library, tools: Tools, request: PipelineRequest, control: Control
) -> PipelineReport:
    """Import what is new in the folders imported before, scan it, train, publish unless worse.

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
    choice = _judge(library, trained.record, request.publish_above)
    if choice.used:
        publish(library, trained.record)
    return PipelineReport(
        imported=tuple(imported),
        scanned=scanned,
        trained=replace(trained, choice=choice),
        active=active_model(library),
    )


def _go_on(control: Control) -> None:
    if control.cancelled():
        raise Cancelled


def _judge(library: Library, new: RunRecord, above: float | None) -> Choice:
    """As `judge`, but only above the bar."""
    if above is not None and new.accuracy <= above:
        return Choice(
            used=False,
            reason=tr(
                "An accuracy of {new} is not above {limit}.",
                new=f"{new.accuracy:.1%}",
                limit=f"{above:.1%}",
            ),
        )
    return judge(library, new)
