"""The verbs that fill, judge and export a library: sample, import, scan, duplicates, export."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence

from facegui.cli.documents import DuplicateGroupDocument, duplicates_document, scan_document
from facegui.cli.outcome import Outcome, UsageError
from facegui.domain.control import Control
from facegui.domain.entities import PhotoStatus
from facegui.domain.errors import OwnerError
from facegui.domain.queries import PhotoFilter
from facegui.domain.text import tr, trn
from facegui.services.collecting.manifests import (
    ManifestReport,
    ManifestRequest,
    import_manifest,
    is_manifest,
)
from facegui.services.collecting.photos import ImportReport, ImportRequest, import_photos
from facegui.services.collecting.sample import fill_sample
from facegui.services.copies.duplicates import find_duplicates
from facegui.services.exporting.crops import ExportRequest, export_dataset
from facegui.services.exporting.formats import ExportFormat, TakeOutRequest, take_out
from facegui.services.libraries import Library, open_library
from facegui.services.scanning.scan import ScanReport, ScanRequest
from facegui.services.scanning.scan import scan as scan_library
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
    lists = tuple(path for path in arguments.paths if is_manifest(path) and path.is_file())
    if lists and arguments.person is not None:
        raise UsageError(tr("--person does not go with a list, which names people itself"))
    with open_library(arguments.library, create=True) as library:
        from_lists = import_manifest(library, ManifestRequest(lists), control)
        others = tuple(path for path in arguments.paths if path not in lists)
        request = ImportRequest(others, arguments.person)
        return _imported(library, import_photos(library, request, control), from_lists)


def _imported(
    library: Library, report: ImportReport, from_lists: ManifestReport | None = None
) -> Outcome:
    skipped = [{"path": item.path, "reason": item.reason} for item in report.skipped]
    added, known = len(report.added_ids), report.known
    faces = 0
    if from_lists is not None:
        skipped += [{"path": item.place, "reason": item.reason} for item in from_lists.problems]
        added, known = added + len(from_lists.added_ids), known + from_lists.known
        faces = from_lists.faces
    document = {
        "library": str(library.path),
        "added": added,
        "known": known,
        "faces": faces,
        "skipped": skipped,
    }
    lines = [f"{item['path']}: {item['reason']}" for item in skipped]
    lines.append(
        trn("{n} photo added", "{n} photos added", added)
        + trn(", {n} known already.", ", {n} known already.", known)
    )
    return Outcome(document, "\n".join(lines), failed=bool(skipped))


def scan(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Scan what is new or changed in LIBRARY, or everything; tell about the whole library."""
    with open_library(arguments.library) as library:
        report = scan_library(library, tools, ScanRequest(rescan=arguments.rescan), control)
        document = scan_document(library)
        unusable = library.photos(library.photo_ids(PhotoFilter(statuses=_UNUSABLE)))
        lines = [f"{photo.path}: {photo.reason}" for photo in unusable]
        lines += report.unmeasured
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
    """Write the faces of LIBRARY to OUT in the format asked for."""
    wanted = ExportFormat(arguments.format)
    if wanted is not ExportFormat.CROPS:
        return _taken_out(arguments, wanted, control)
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


def _taken_out(arguments: Namespace, wanted: ExportFormat, control: Control) -> Outcome:
    request = TakeOutRequest(wanted, arguments.out)
    with open_library(arguments.library) as library:
        report = take_out(library, request, control)
    document = {
        "out": str(report.out),
        "format": wanted.value,
        "photos": report.photos,
        "faces": report.faces.total(),
        "people": sorted(name for name in report.faces if name is not None),
        "skipped": [{"path": str(error.path), "reason": error.reason} for error in report.skipped],
    }
    lines = [str(error) for error in report.skipped]
    lines.append(
        tr(
            "{faces} faces of {photos} photos, in {out}.",
            faces=f"{report.faces.total():,}",
            photos=f"{report.photos:,}",
            out=report.out,
        )
    )
    return Outcome(document, "\n".join(lines), failed=bool(report.skipped))
