"""Training: from kept faces to a calibrated model bundle and the record of its run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np

from facegui.domain.control import Control, Progress, Stop
from facegui.domain.dataset import DatasetManifest, Split, Subset
from facegui.domain.errors import Cancelled, EngineError, ImageError, OwnerError
from facegui.domain.text import tr, trn
from facegui.domain.training import (
    CurvePoint,
    FitRequest,
    FitResult,
    Preprocessing,
    TrainConfig,
)
from facegui.files import file_faults
from facegui.network.bundle import SUFFIX, Bundle, save_bundle
from facegui.network.registry import network
from facegui.recognition.recogniser import identities
from facegui.services.crops import UnreadableFaces, crops_file
from facegui.services.dataset import DatasetRequest, build_dataset
from facegui.services.libraries import Library
from facegui.services.models import model_path, publish
from facegui.services.pretrained import pretrained_path
from facegui.services.runs import RunRecord, run_folder, write_run
from facegui.services.tools import Tools
from facegui.services.watched import WatchedRun
from facegui.training.assemble import assemble
from facegui.training.checkpoint import has_best
from facegui.training.fit import FINISH_JOB, FIT_JOB


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What to train.

    Attributes:
        config: network and hyper-parameters; the seed is that of the split as well.
        split: how each person's faces are shared out.
        out: also write the bundle here, replacing what is there.
        publish: make the model the one in use; otherwise it stays in its run's folder.
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
    """

    record: RunRecord
    bundle: Path
    curve: tuple[CurvePoint, ...]


def train(library: Library, tools: Tools, request: TrainRequest, control: Control) -> TrainReport:
    """Train, calibrate, and keep the model and the record of the run.

    Partial results are the `WatchedRun` first, then tuples of `CurvePoint` and the `Guesses` of
    each epoch. Stop with KEEP ends with the best weights so far;
    DISCARD, or any stop before the first batch, leaves nothing behind.

    Raises:
        DatasetError: too few people or faces, or no such network.
        OwnerError: the bundle cannot be written where it should go.
        ModelUnavailable: the network starts from a file that cannot be had.
        EngineError: the engine died or ran out of memory.
        StorageFault: the disk is full.
        Cancelled: stopped with nothing to keep.
    """
    begun = time.monotonic()
    created = datetime.now(UTC).isoformat(timespec="seconds")
    wanted = network(request.config.network).preprocessing
    _require_place(request.out)
    pretrained = pretrained_path(tools, request.config, control)
    data = _prepare(library, request, wanted, control)
    with run_folder(library, request.config.network) as folder:
        fit_request = _fit_request(library, request, data, folder, pretrained)
        items = data.manifest.items
        control.partial(
            WatchedRun(request.config, data.manifest.labels, items, folder, data.crops, None)
        )
        fitted, curve = _fit(tools, fit_request, control)
        bundle = _assemble(library, fit_request, fitted, data, wanted)
        if control.cancelled() is Stop.DISCARD:
            raise Cancelled
        path = folder / f"model{SUFFIX}"
        if request.publish:
            path = model_path(library, folder.name)
        record = RunRecord(
            id=folder.name,
            created=created,
            config=request.config,
            split=request.split,
            manifest_hash=data.manifest.content_hash,
            people=data.manifest.labels,
            metrics=fitted.metrics,
            accuracy=fitted.metrics.accuracy,
            accuracy_with_unknown=_accuracy_with_unknown(bundle, fit_request, fitted),
            bundle=str(path),
            seconds=time.monotonic() - begun,
            warnings=data.warnings,
        )
        _keep(folder, path, bundle, record, data.manifest, curve)
    if request.publish:
        publish(library, record)
    if request.out is not None:
        save_bundle(request.out, bundle)
    return TrainReport(record, request.out or path, curve)


@dataclass(frozen=True, slots=True)
class _Data:
    """The dataset; *crops* is the array of its crops, or None for a network on embeddings."""

    manifest: DatasetManifest
    warnings: tuple[str, ...]
    crops: Path | None


def _require_place(out: Path | None) -> None:
    """Refuse a bad place before the training and not after it."""
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise OwnerError(
            tr("The model cannot be written to {path}.", path=out),
            tr("Give the name of a file in a folder that exists."),
        )


def _prepare(
    library: Library, request: TrainRequest, wanted: Preprocessing, control: Control
) -> _Data:
    """Dataset and crops; faces whose photo cannot be read any more are left out and told of."""
    left_out: dict[int, ImageError] = {}
    while True:
        control.report(Progress(0, 0, tr("Choosing faces")))
        manifest, warnings = build_dataset(
            library,
            DatasetRequest(request.split, request.config.seed, frozenset(left_out)),
        )
        if wanted.kind == "embedding":
            return _Data(manifest, warnings, None)
        try:
            crops = crops_file(library, manifest.items, wanted, control)
        except UnreadableFaces as found:
            left_out |= found.reasons
        else:
            return _Data(manifest, (*warnings, *_unreadable(list(left_out.values()))), crops)


def _unreadable(errors: Sequence[ImageError]) -> tuple[str, ...]:
    if not errors:
        return ()
    told = trn(
        "{n} face was left out because its photo cannot be read: {first}",
        "{n} faces were left out because their photos cannot be read; the first: {first}",
        len(errors),
        first=errors[0],
    )
    return (told,)


def _fit_request(
    library: Library, request: TrainRequest, data: _Data, folder: Path, pretrained: str | None
) -> FitRequest:
    items = data.manifest.items
    inputs = data.crops
    if inputs is None:
        inputs = folder / "inputs.npy"
        with file_faults(inputs):
            np.save(inputs, library.embeddings([item.face_id for item in items]))
    return FitRequest(
        config=request.config,
        inputs_path=str(inputs),
        labels=tuple(item.label for item in items),
        subsets=tuple(item.subset for item in items),
        class_names=data.manifest.labels,
        run_dir=str(folder),
        pretrained_path=pretrained,
    )


def _fit(
    tools: Tools, request: FitRequest, control: Control
) -> tuple[FitResult, tuple[CurvePoint, ...]]:
    """Run the fit in the engine; one killed because it was slow to stop is finished from disk."""
    control.report(Progress(0, 0, tr("Starting TensorFlow")))
    listener = _Listener(control)
    try:
        result = cast("FitResult", tools.trainer.run(FIT_JOB, request, listener))
    except EngineError:
        if control.cancelled() is not Stop.KEEP or not has_best(Path(request.run_dir)):
            raise
        result = cast("FitResult", tools.trainer.run(FINISH_JOB, request, _Unhurried(control)))
        return result, tuple(listener.points)
    return result, result.curve


class _Listener:
    """Passes everything on, and remembers the curve."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self.points: list[CurvePoint] = []

    def report(self, progress: Progress) -> None:
        self._control.report(progress)

    def partial(self, value: object) -> None:
        if isinstance(value, tuple):
            self.points.extend(value)
        self._control.partial(value)

    def cancelled(self) -> Stop:
        return self._control.cancelled()


class _Unhurried(_Listener):
    """Does not say KEEP again to the job that is keeping already."""

    def cancelled(self) -> Stop:
        stop = self._control.cancelled()
        return stop if stop is Stop.DISCARD else Stop.NO


def _assemble(
    library: Library, request: FitRequest, fitted: FitResult, data: _Data, wanted: Preprocessing
) -> Bundle:
    items = data.manifest.items
    photos = library.photos(sorted({item.photo_id for item in items}))
    return assemble(
        request,
        fitted,
        preprocessing=wanted,
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
    path: Path,
    bundle: Bundle,
    record: RunRecord,
    manifest: DatasetManifest,
    curve: Sequence[CurvePoint],
) -> None:
    """Write bundle and record; without the record the bundle goes again."""
    with file_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_bundle(path, bundle)
        try:
            write_run(folder, record, manifest, curve)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        for name in ("inputs.npy", "weights.safetensors"):  # the bundle has what matters of them
            (folder / name).unlink(missing_ok=True)
