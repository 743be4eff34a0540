"""The verb that hands a model to other programs: export-model."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from facegui.cli.outcome import Outcome, UsageError
from facegui.domain.control import Control
from facegui.domain.model_export import ModelFormat
from facegui.domain.text import tr
from facegui.services.exporting.model_export import (
    ModelExported,
    ModelExportRequest,
    export_for_programs,
)
from facegui.services.libraries import is_library, open_library
from facegui.services.tools import Tools


def export_model(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Write a bundle as a SavedModel, TFLite or ONNX, checked on faces of a library."""
    bundle: Path = arguments.bundle
    kind = ModelFormat(arguments.format)
    with open_library(arguments.library or _own_library(bundle)) as library:
        request = ModelExportRequest(bundle, kind, arguments.out)
        report = export_for_programs(library, tools, request, control)
    return Outcome(_document(report), _told(report))


def _own_library(bundle: Path) -> Path:
    """The library in whose models *bundle* lies."""
    found = next((folder for folder in bundle.absolute().parents if is_library(folder)), None)
    if found is None:
        raise UsageError(
            tr(
                "{path} lies in no library: say with --library whose faces to compare on",
                path=bundle,
            )
        )
    return found


def _document(report: ModelExported) -> object:
    return {
        "out": str(report.out),
        "format": report.kind.value,
        "crop": {
            "kind": report.crop.kind,
            "side_px": report.crop.size_px,
            "margin": report.crop.margin,
        },
        "agreement": {
            "faces": report.agreement.faces,
            "same_name": report.agreement.same_name,
            "most_off": report.agreement.most_off,
        },
        "size_bytes": report.size_bytes,
    }


def _told(report: ModelExported) -> str:
    return tr(
        "{out}: {size} MB, agrees on {same} of {n} faces, scores within {off}",
        out=report.out,
        size=f"{report.size_bytes / 1e6:.1f}",
        same=report.agreement.same_name,
        n=report.agreement.faces,
        off=f"{report.agreement.most_off:.1e}",
    )
