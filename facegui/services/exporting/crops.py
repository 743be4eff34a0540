"""Exporting the dataset for other programs: crops in ``training/`` and ``validate/``, and lists.

Each list, ``training_file.txt`` and ``validate_file.txt``, has one line a crop: absolute path, the
person's name, the label's number from 0. It is CSV (RFC 4180) in UTF-8.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem, DatasetManifest, Split, Subset
from facegui.domain.errors import ImageError
from facegui.imaging.thumbnail import jpeg_bytes
from facegui.network.registry import network
from facegui.services.csv_text import csv_text
from facegui.services.learning.crops import cut
from facegui.services.learning.dataset import DatasetRequest, build_dataset
from facegui.services.libraries import Library
from facegui.services.new_folder import new_folder
from facegui.storage.names import safe_name

FOLDERS = {Subset.TRAIN: "training", Subset.VALIDATION: "validate"}
LISTS = {Subset.TRAIN: "training_file.txt", Subset.VALIDATION: "validate_file.txt"}

_LIKE_CLASSIC = "classic"
_QUALITY = 95


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Where to; the folder must be new, empty, or an earlier export, which is replaced."""

    out: Path
    validation: float = 0.3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, what could not be read (path and reason), and what to know."""

    out: Path
    people: tuple[str, ...]
    train: int
    validation: int
    skipped: tuple[ImageError, ...]
    warnings: tuple[str, ...]


def export_dataset(library: Library, request: ExportRequest, control: Control) -> ExportReport:
    """Write the crops and their lists; the folder appears when all is in it.

    Raises:
        OwnerError: the folder holds something else.
        DatasetError: too few people.
        StorageFault: the disk refuses.
        Cancelled: stopped; nothing was written.
    """
    out = request.out.resolve()
    with new_folder(out, is_ours=_is_export) as unfinished:
        manifest, warnings = build_dataset(
            library, DatasetRequest(Split(request.validation, test=0.0), request.seed)
        )
        written, skipped = _write(unfinished, out, manifest, control)
    sides = Counter(item.subset for item in written)
    return ExportReport(
        out=out,
        people=manifest.labels,
        train=sides[Subset.TRAIN],
        validation=sides[Subset.VALIDATION],
        skipped=skipped,
        warnings=warnings,
    )


def _write(
    folder: Path, out: Path, manifest: DatasetManifest, control: Control
) -> tuple[list[DatasetItem], tuple[ImageError, ...]]:
    """Fill *folder*, which will be renamed to *out*."""
    for name in FOLDERS.values():
        (folder / name).mkdir(parents=True)
    names = _file_names(manifest)
    unreadable: dict[str, ImageError] = {}
    written = []
    for item, crop in cut(manifest.items, network(_LIKE_CLASSIC).preprocessing, control):
        if isinstance(crop, ImageError):
            unreadable[item.path] = crop
            continue
        (folder / FOLDERS[item.subset] / names[item.face_id]).write_bytes(
            jpeg_bytes(crop, _QUALITY)
        )
        written.append(item)
    written.sort(key=lambda item: names[item.face_id])
    for subset, list_name in LISTS.items():
        rows = (
            (str(out / FOLDERS[subset] / names[item.face_id]), item.label)
            for item in written
            if item.subset is subset
        )
        text = csv_text((path, manifest.labels[label], str(label)) for path, label in rows)
        (folder / list_name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return written, tuple(unreadable.values())


def _file_names(manifest: DatasetManifest) -> dict[int, str]:
    """A file name for each face: the person's name made safe, and a number."""
    stems: list[str] = []
    for label in manifest.labels:
        stems.append(safe_name(label, stems))
    return {
        item.face_id: f"{stems[item.label]}_{number:05}.jpg"
        for number, item in enumerate(manifest.items)
    }


def _is_export(out: Path) -> bool:
    """Whether everything in *out* was written by an export: the lists name every file."""
    if {entry.name for entry in out.iterdir()} != {*FOLDERS.values(), *LISTS.values()}:
        return False
    for subset, name in FOLDERS.items():
        folder, listing = out / name, out / LISTS[subset]
        if not folder.is_dir() or not listing.is_file():
            return False
        with listing.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
            listed = {Path(row[0]).name for row in csv.reader(file) if row}
        if any(not entry.is_file() or entry.name not in listed for entry in folder.iterdir()):
            return False
    return True
