"""The verbs that fill, judge and export a library: sample, import, scan, duplicates, export."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence

from facegui.cli.documents import DuplicateGroupDocument, duplicates_document, scan_document
from facegui.cli.outcome import Outcome
from facegui.domain.control import Control
from facegui.domain.entities import PhotoStatus
from facegui.domain.errors import OwnerError
from facegui.domain.queries import PhotoFilter
from facegui.domain.text import tr, trn
from facegui.services.collect import ImportReport, ImportRequest, import_photos
from facegui.services.duplicates import find_duplicates
from facegui.services.export import ExportRequest, export_dataset
from facegui.services.libraries import Library, open_library
from facegui.services.sample import fill_sample
from facegui.services.scan import ScanReport, ScanRequest
from facegui.services.scan import scan as scan_library
from facegui.services.tools import Tools


def sample(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Make LIBRARY out of the ORL sample faces."""
    with open_library(arguments.library, create=True) as library:
        return _imported(library, fill_sample(library, tools, control))


def import_(arguments: Namespace, _tools: Tools, control: Control) -> Outcome:
    """Add photos to LIBRARY, made where there is none."""
    missing = [path for path in arguments.paths if not os.path.lexists(path)]
    if len(missing) == len(arguments.paths):  # a slip of the pen should not leave a library behind
        raise OwnerError(
            tr("There is nothing at {paths}.", paths=", ".join(map(str, missing))),
            tr("Check the spelling; folders and single files can be imported."),
        )
    with open_library(arguments.library, create=True) as library:
        request = ImportRequest(tuple(arguments.paths), arguments.person)
        return _imported(library, import_photos(library, request, control))


def _imported(library: Library, report: ImportReport) -> Outcome:
    document = {
        "library": str(library.path),
        "added": len(report.added_ids),
        "known": report.known,
        "skipped": [{"path": item.path, "reason": item.reason} for item in report.skipped],
    }
    lines = [f"{item.path}: {item.reason}" for item in report.skipped]
    lines.append(
        trn("{n} photo added", "{n} photos added", len(report.added_ids))
        + trn(", {n} known already.", ", {n} known already.", report.known)
    )
    return Outcome(document, "\n".join(lines), failed=bool(report.skipped))


def scan(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Scan what is new or changed in LIBRARY, or everything; tell about the whole library."""
    with open_library(arguments.library) as library:
        report = scan_library(library, tools, ScanRequest(rescan=arguments.rescan), control)
        document = scan_document(library)
        unusable = library.photos(library.photo_ids(PhotoFilter(statuses=_UNUSABLE)))
        lines = [f"{photo.path}: {photo.reason}" for photo in unusable]
        return Outcome(
            document, "\n".join([*lines, _summary(library, report)]), failed=bool(unusable)
        )


_UNUSABLE = (PhotoStatus.BROKEN, PhotoStatus.UNSUPPORTED, PhotoStatus.MISSING)


def _summary(library: Library, report: ScanReport) -> str:
    counts = library.counts()
    parts = [
        trn("{n} photo scanned", "{n} photos scanned", report.scanned),
        trn("{n} in the library", "{n} in the library", counts.photos),
        trn("{n} cannot be used", "{n} cannot be used", counts.unreadable),
        trn("{n} face", "{n} faces", counts.faces),
        trn("{n} kept", "{n} kept", counts.kept),
    ]
    return ", ".join(parts) + "."


def duplicates(arguments: Namespace, _tools: Tools, control: Control) -> Outcome:
    """Group the copies in LIBRARY."""
    with open_library(arguments.library) as library:
        find_duplicates(library, arguments.distance, control)
        document = duplicates_document(library)
        return Outcome(document, "\n".join(_told(document["groups"])))


def _told(groups: Sequence[DuplicateGroupDocument]) -> list[str]:
    """The groups for a person: what to keep, and its copies with their distance below it."""
    lines = []
    for group in groups:
        lines.append(group["keep"])
        lines += [
            f"    {file['distance']:2} {file['path']}"
            for file in group["files"]
            if file["path"] != group["keep"]
        ]
    return [*lines, trn("{n} group of copies.", "{n} groups of copies.", len(groups))]


def export(arguments: Namespace, _tools: Tools, control: Control) -> Outcome:
    """Write the training crops of LIBRARY and their lists to OUT."""
    with open_library(arguments.library) as library:
        report = export_dataset(library, ExportRequest(arguments.out), control)
    document = {
        "out": str(report.out),
        "people": list(report.people),
        "training": report.train,
        "validation": report.validation,
        "skipped": [{"path": str(error.path), "reason": error.reason} for error in report.skipped],
        "warnings": list(report.warnings),
    }
    lines = [*report.warnings, *map(str, report.skipped)]
    lines.append(
        tr(
            "{training} crops to train and {validation} to check with, in {out}.",
            training=f"{report.train:,}",
            validation=f"{report.validation:,}",
            out=report.out,
        )
    )
    return Outcome(document, "\n".join(lines), failed=bool(report.skipped))
