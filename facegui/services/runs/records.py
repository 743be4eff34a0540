"""Training runs on disk: ``runs/<id>/`` with what was asked, what was learned from, what came out.

``run.json`` is the record and is written last, so a folder without one is not a run. Beside it lie
``manifest.json``, ``curve.csv``, ``tensorboard/``, the owner's ``notes.txt`` and what the engine
left.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from facegui.domain.dataset import DatasetManifest, Split
from facegui.domain.training import CurvePoint, RunMetrics, TrainConfig
from facegui.files import write_atomic
from facegui.network.bundle import BundleInfo
from facegui.network.strict_json import decode, encode
from facegui.services.libraries import Library

RECORD_NAME = "run.json"
MANIFEST_NAME = "manifest.json"
CURVE_NAME = "curve.csv"
NOTES_NAME = "notes.txt"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One finished training.

    Attributes:
        id: name of its folder; sorts by time.
        created: when it began, UTC, ISO 8601.
        split: how people's faces were shared out.
        manifest_hash: of the dataset it learned from.
        people: names in label order.
        accuracy: of the network's own label on the test set, 0 to 1; on the validation set where
            none was held back to test with.
        accuracy_with_unknown: likewise, but a face below its threshold counts as wrong.
        bundle: absolute path of the model bundle.
        seconds: trained for, pauses and interruptions left out.
        warnings: what the owner was told about the dataset.
    """

    id: str
    created: str
    config: TrainConfig
    split: Split
    manifest_hash: str
    people: tuple[str, ...]
    metrics: RunMetrics
    accuracy: float
    accuracy_with_unknown: float
    bundle: str
    seconds: float
    warnings: tuple[str, ...]


def write_run(
    folder: Path, record: RunRecord, manifest: DatasetManifest, curve: Sequence[CurvePoint]
) -> None:
    """Write the record and what belongs to it; the record last.

    Raises:
        StorageFault: the disk refuses.
    """
    write_atomic(folder / MANIFEST_NAME, manifest.canonical_json.encode("ascii"))
    write_atomic(folder / CURVE_NAME, _curve_csv(curve).encode())
    # Names of files need not be Unicode.
    write_atomic(folder / RECORD_NAME, encode(record).encode("utf-8", "surrogatepass"))


def list_runs(library: Library) -> list[RunRecord]:
    """All finished runs of the library, newest first; folders that are no runs are passed over."""
    folders = sorted(library.runs_dir.glob(f"*/{RECORD_NAME}"), reverse=True)
    records = (_read(path) for path in folders)
    return [record for record in records if record is not None]


def run_of(library: Library, info: BundleInfo) -> RunRecord | None:
    """The run that made a model, wherever the model's file lies now and whatever it is called."""
    made = (info.manifest_hash, info.config, info.metrics)
    return next(
        (run for run in list_runs(library) if made == (run.manifest_hash, run.config, run.metrics)),
        None,
    )


def read_curve(library: Library, run_id: str) -> tuple[CurvePoint, ...]:
    """The learning curve of a run; empty when its file has gone."""
    path = library.runs_dir / run_id / CURVE_NAME
    if not path.is_file():
        return ()
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(_point(row) for row in csv.DictReader(file))


def read_notes(library: Library, run_id: str) -> str:
    """What the owner wrote about a run; mostly nothing."""
    try:
        return (library.runs_dir / run_id / NOTES_NAME).read_text("utf-8")
    except OSError:
        return ""


def write_notes(library: Library, run_id: str, notes: str) -> None:
    """Keep *notes* about a run.

    Raises:
        StorageFault: the disk refuses.
    """
    write_atomic(library.runs_dir / run_id / NOTES_NAME, notes.encode("utf-8", "replace"))


def _read(path: Path) -> RunRecord | None:
    """The record in *path*; None for one that this version does not understand."""
    try:
        return decode(RunRecord, path.read_bytes().decode("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return None


def _curve_csv(curve: Sequence[CurvePoint]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(CurvePoint)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(point) for point in curve)
    return text.getvalue()


def _point(row: dict[str, str]) -> CurvePoint:
    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    return CurvePoint(
        step=int(row["step"]),
        epoch=int(row["epoch"]),
        loss=float(row["loss"]),
        accuracy=float(row["accuracy"]),
        validation_loss=number("validation_loss"),
        validation_accuracy=number("validation_accuracy"),
        seconds=float(row["seconds"]),
        learning_rate=float(row["learning_rate"]),
    )
