"""Everything an owner can take out of a library for other programs, behind one question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.services.exporting.crops import ExportReport, ExportRequest, export_dataset
from facegui.services.exporting.folders import FoldersRequest, export_folders
from facegui.services.exporting.lists import export_coco, export_csv, export_labelme
from facegui.services.exporting.selection import Exported
from facegui.services.libraries import Library


class ExportFormat(Enum):
    """What to write. The values are the command line's words."""

    CROPS = "crops"
    FOLDERS = "folders"
    CSV = "csv"
    COCO = "coco"
    LABELME = "labelme"

    @property
    def file_suffix(self) -> str | None:
        """The ending of the one file that is written; None where it is a folder."""
        return {ExportFormat.CSV: ".csv", ExportFormat.COCO: ".json"}.get(self)


@dataclass(frozen=True, slots=True)
class TakeOutRequest:
    """What to write, and where.

    Attributes:
        out: a file for lists, which is replaced; otherwise a new or empty folder.
        cut_out: for FOLDERS: faces cut out of the photos, rather than copies of them.
        everything: for COCO: also faces that are not kept.
    """

    format: ExportFormat
    out: Path
    cut_out: bool = False
    everything: bool = False


def take_out(library: Library, request: TakeOutRequest, control: Control) -> Exported:
    """Write the library's faces in the format asked for.

    Raises:
        OwnerError: nothing to export, or the place is not free or not fit.
        DatasetError: too few people for training crops.
        StorageFault: the disk refuses.
        Cancelled: stopped; nothing was written.
    """
    out = request.out
    match request.format:
        case ExportFormat.CROPS:
            return _as_exported(export_dataset(library, ExportRequest(out), control))
        case ExportFormat.FOLDERS:
            return export_folders(library, FoldersRequest(out, request.cut_out), control)
        case ExportFormat.CSV:
            return export_csv(library, out, control)
        case ExportFormat.COCO:
            return export_coco(library, out, control, everything=request.everything)
        case ExportFormat.LABELME:
            return export_labelme(library, out, control)


def _as_exported(report: ExportReport) -> Exported:
    split = tr(
        "{training} crops to train and {validation} to check with.",
        training=f"{report.train:,}",
        validation=f"{report.validation:,}",
    )
    faces: Counter[str | None] = Counter(dict.fromkeys(report.people, 0))
    return Exported(report.out, 0, faces, report.skipped, (split, *report.warnings))
