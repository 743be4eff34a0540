"""Training: from kept faces to a calibrated model bundle and the record of its run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np

from facegui.domain.control import Control, Progress, Relay, Stop
from facegui.domain.dataset import DatasetManifest, Split, Subset
from facegui.domain.errors import (
    Cancelled,
    Diverged,
    EngineError,
    FaceGuiError,
    OutOfMemory,
    OwnerError,
)
from facegui.domain.text import tr
from facegui.domain.training import (
    CurvePoint,
    FitRequest,
    FitResult,
    TrainConfig,
)
from facegui.files import file_faults
from facegui.network.bundle import Bundle, save_bundle
from facegui.network.registry import network
from facegui.recognition.recogniser import identities
from facegui.services.learning.begun import REQUEST_NAME, Left, RunBegun, run_folder, write_begun
from facegui.services.learning.pretrained import pretrained_path
from facegui.services.learning.train_data import INPUTS_NAME, TrainData, fit_request, prepare
from facegui.services.learning.watched import WatchedRun
from facegui.services.libraries import Library
from facegui.services.recognising.stranger_faces import calibrated_with_strangers
from facegui.services.runs.models import UNUSED_NAME, Choice, judge, model_path, publish
from facegui.services.runs.records import RunRecord, write_run
from facegui.services.tools import Tools
from facegui.training.assemble import assemble, learned_in
from facegui.training.checkpoint import FILE_NAME as WEIGHTS_NAME
from facegui.training.checkpoint import FROZEN_NAME, has_best
from facegui.training.fit import FINISH_JOB, FIT_JOB
from facegui.training.snapshot import FILE_NAME as SNAPSHOT_NAME


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What to train.

    Attributes:
        config: network and hyper-parameters; the seed is that of the split as well.
        split: how each person's faces are shared out.
        out: also write the bundle here, replacing what is there.
        publish: make the model the one in use if it is not worse than that; otherwise it stays in
            its run's folder.
    """

    config: TrainConfig
    split: Split = field(default_factory=Split)
    out: Path | None = None
    publish: bool = True


@dataclass(frozen=True, slots=True)
class TrainReport:
    """How a training ended.

    Attributes:
        bundle: where the model is: as asked for, or in the library.
        curve: a point for every batch; short if the engine had to be killed.
        choice: whether the model is the one in use now, and why.
    """

    record: RunRecord
    bundle: Path
    curve: tuple[CurvePoint, ...]
    choice: Choice


def train(library: Library, tools: Tools, request: TrainRequest, control: Control) -> TrainReport:
    """Train, calibrate, and keep the model and the record of the run.

    Partial results are the `WatchedRun` first, then tuples of `CurvePoint` and the `Guesses` of
    each epoch. Stop with KEEP ends with the best weights so far; DISCARD, or any stop before the
    first batch, leaves nothing behind. However else it ends after its first epoch, LEAVE included,
    it can be gone on with: see `facegui.services.learning.interrupted`.

    Raises:
        DatasetError: too few people or faces, or no such network.
        OwnerError: the bundle cannot be written where it should go.
        ModelUnavailable: the network starts from a file that cannot be had.
        EngineError: the engine died, ran out of memory, or the loss is no number any more.
        StorageFault: the disk is full.
        Cancelled: stopped with nothing to keep.
    """
    created = datetime.now(UTC).isoformat(timespec="milliseconds")
    config = request.config
    network(config.network)  # or say at once that there is none such
    _require_place(request.out)
    pretrained = pretrained_path(tools, config, control)
    data = prepare(library, config, request.split, control)
    out = None if request.out is None else str(request.out)
    begun = RunBegun(created, config, request.split, out, request.publish, data.warnings)
    with run_folder(library, config.network) as folder:
        asked = fit_request(library, config, data, folder, pretrained)
        write_begun(folder, begun, data.manifest)
        return carry_out(library, tools, begun, data, asked, FIT_JOB, control)


def carry_out(
    library: Library,
    tools: Tools,
    begun: RunBegun,
    data: TrainData,
    asked: FitRequest,
    job: str,
    control: Control,
) -> TrainReport:
    """Have the engine do *job* and keep what comes of it; what fails is noted for the next time.

    Raises:
        EngineError, StorageFault, Cancelled: as `train`.
    """
    folder = Path(asked.run_dir)
    items = data.manifest.items
    control.partial(WatchedRun(begun.config, data.manifest.labels, items, folder, data.crops, None))
    try:
        fitted, curve = _fit(tools, job, asked, control)
    except Cancelled as ended:
        if control.cancelled() is Stop.LEAVE:
            raise Left from ended
        raise
    except FaceGuiError as error:
        told = _explained(error, begun.config)
        diverged = isinstance(error, Diverged)
        write_begun(folder, replace(begun, why=told.message, diverged=diverged))
        raise told from error
    bundle = _assemble(library, asked, fitted, data)
    learned = learned_in(folder, asked.labels, asked.subsets)
    unhurried = Relay(control, stop=_only_discarded)
    bundle = calibrated_with_strangers(library, tools, bundle, learned, folder, unhurried)
    if control.cancelled() is Stop.DISCARD:
        raise Cancelled
    record, choice = _record(begun, data, asked, fitted, bundle), Choice(used=False, reason="")
    if begun.publish:
        choice = judge(library, record)
    if choice.used:
        record = replace(record, bundle=str(model_path(library, record.id)))
    _keep(folder, bundle, record, data.manifest, curve)
    if choice.used:
        publish(library, record)
    out = Path(record.bundle if begun.out is None else begun.out)
    if begun.out is not None:
        save_bundle(out, bundle)
    return TrainReport(record, out, curve, choice)


def _explained(error: FaceGuiError, config: TrainConfig) -> FaceGuiError:
    """*error*, with the batch to try where memory ran out."""
    if not isinstance(error, OutOfMemory):
        return error
    return OutOfMemory(
        error.message,
        tr(
            "Close other programs and go on, or train again with batches of {less} instead of "
            "{now}.",
            less=max(1, config.batch_size // 2),
            now=config.batch_size,
        ),
    )


def _record(
    begun: RunBegun,
    data: TrainData,
    asked: FitRequest,
    fitted: FitResult,
    bundle: Bundle,
) -> RunRecord:
    """The record of a run whose model lies in its folder."""
    folder = Path(asked.run_dir)
    return RunRecord(
        id=folder.name,
        created=begun.created,
        config=begun.config,
        split=begun.split,
        manifest_hash=data.manifest.content_hash,
        people=data.manifest.labels,
        metrics=fitted.metrics,
        accuracy=fitted.metrics.accuracy,
        accuracy_with_unknown=_accuracy_with_unknown(bundle, asked, fitted),
        bundle=str(folder / UNUSED_NAME),
        seconds=fitted.metrics.seconds,
        warnings=begun.warnings,
    )


def _require_place(out: Path | None) -> None:
    """Refuse a bad place before the training and not after it."""
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise OwnerError(
            tr("The model cannot be written to {path}.", path=out),
            tr("Give the name of a file in a folder that exists."),
        )


def _fit(
    tools: Tools, job: str, request: FitRequest, control: Control
) -> tuple[FitResult, tuple[CurvePoint, ...]]:
    """Run the fit in the engine; one killed because it was slow to stop is finished from disk."""
    control.report(Progress(0, 0, tr("Starting TensorFlow")))
    points: list[CurvePoint] = []

    def hear(value: object) -> None:
        if isinstance(value, tuple):
            points.extend(value)
        control.partial(value)

    try:
        heard = Relay(control, partial=hear, stop=_leave_is_the_end)
        result = cast("FitResult", tools.trainer.run(job, request, heard))
    except EngineError:
        if control.cancelled() is not Stop.KEEP or not has_best(Path(request.run_dir)):
            raise
        unhurried = Relay(control, stop=_keeping)
        result = cast("FitResult", tools.trainer.run(FINISH_JOB, request, unhurried))
        return result, tuple(points)
    return result, result.curve


def _leave_is_the_end(asked: Stop) -> Stop:
    """To the engine, being left for another time is the end as well."""
    return Stop.DISCARD if asked is Stop.LEAVE else asked


def _only_discarded(asked: Stop) -> Stop:
    """What is all but done is done, unless nobody wants it."""
    return asked if asked is Stop.DISCARD else Stop.NO


def _keeping(asked: Stop) -> Stop:
    """What to tell a job that is keeping already: not to hurry, unless it should end."""
    return Stop.DISCARD if asked in (Stop.DISCARD, Stop.LEAVE) else Stop.NO


def _assemble(library: Library, request: FitRequest, fitted: FitResult, data: TrainData) -> Bundle:
    items = data.manifest.items
    photos = library.photos(sorted({item.photo_id for item in items}))
    return assemble(
        request,
        fitted,
        preprocessing=network(request.config.network).preprocessing_for(request.config),
        manifest_hash=data.manifest.content_hash,
        photo_sha256s=[item.sha256 for item in items if item.sha256],
        photo_phashes=[photo.hashes.phash for photo in photos if photo.hashes],
    )


def _accuracy_with_unknown(bundle: Bundle, request: FitRequest, fitted: FitResult) -> float:
    """The fraction of faces to test with that the finished bundle gives the right name.

    Without any, those held out to choose its weights and thresholds stand in.
    """
    side = Subset.TEST if Subset.TEST in request.subsets else Subset.VALIDATION
    held_out = np.array([subset is side for subset in request.subsets])
    features = np.load(fitted.features_path, allow_pickle=False)[held_out]
    probabilities = np.load(fitted.probabilities_path, allow_pickle=False)[held_out]
    truth = np.asarray(request.labels)[held_out]
    named = identities(bundle, features, probabilities)
    right = sum(
        identity.name == request.class_names[label]
        for identity, label in zip(named, truth, strict=True)
    )
    return float(right / len(truth))


def _keep(
    folder: Path,
    bundle: Bundle,
    record: RunRecord,
    manifest: DatasetManifest,
    curve: Sequence[CurvePoint],
) -> None:
    """Write bundle and record; without the record the bundle goes again."""
    path = Path(record.bundle)
    with file_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_bundle(path, bundle)
        try:
            write_run(folder, record, manifest, curve)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        # The bundle and the record have what matters of them.
        for name in (INPUTS_NAME, WEIGHTS_NAME, FROZEN_NAME, SNAPSHOT_NAME, REQUEST_NAME):
            (folder / name).unlink(missing_ok=True)
