"""The verbs that use what has been trained: recognize; and what a machine needs for it: models."""

from __future__ import annotations

from argparse import Namespace

from facegui.cli.outcome import Outcome, UsageError
from facegui.domain.control import Control
from facegui.domain.errors import ModelUnavailable
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.domain.text import minutes, tr
from facegui.services.recognising.document import recognised_document
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.recognising.results_export import export_csv
from facegui.services.tools import Tools


def recognize(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """Say who is on every photo and in every video at or below the paths."""
    request = RecogniseRequest(arguments.bundle, tuple(arguments.paths))
    photos = recognise_photos(tools, request, control).photos
    if arguments.csv is not None:
        export_csv(photos, arguments.csv)
    return Outcome(
        [recognised_document(photo) for photo in photos],
        "\n".join(_told(photo) for photo in photos),
        failed=any(photo.error is not None for photo in photos),
    )


def _told(photo: RecognisedPhoto) -> str:
    if photo.error is not None:
        return f"{photo.path}: {photo.error}"
    if not photo.faces:
        return f"{photo.path}: " + tr("no face")
    return f"{photo.path}: " + ", ".join(_who(face) for face in photo.faces)


def _who(face: RecognisedFace) -> str:
    identity, seen = face.identity, face.appearance
    when = "" if seen is None else f" {minutes(seen.first_s)}–{minutes(seen.last_s)}"
    if identity.name is not None:
        return f"{identity.name} ({identity.probability:.0%}){when}"
    told = tr(
        "unknown (nearest: {candidate}, similarity {similarity} where {threshold} is needed)",
        candidate=identity.candidate,
        similarity=f"{identity.similarity:.2f}",
        threshold=f"{identity.threshold:.2f}",
    )
    return told + when


def models(arguments: Namespace, tools: Tools, control: Control) -> Outcome:
    """List the pretrained models, having fetched what is missing if asked to."""
    errors: dict[str, ModelUnavailable] = {}
    for name in _to_fetch(arguments, tools):
        try:
            tools.models.path(name, control)
        except ModelUnavailable as error:
            errors[name] = error
    files = tools.models.list()
    document = [
        {
            "name": file.name,
            "title": file.title,
            "file": file.file_name,
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
            "licence": file.licence,
            "credit": file.credit,
            "path": None if file.path is None else str(file.path),
            "error": str(errors[file.name]) if file.name in errors else None,
        }
        for file in files
    ]
    lines = [
        f"{file.name}: {file.title}, {file.size_bytes / 1e6:.1f} MB, {file.licence}, "
        f"{file.credit}: {file.path or tr('not on this machine')}"
        for file in files
    ]
    lines += [str(error) for error in errors.values()]
    return Outcome({"models": document}, "\n".join(lines), failed=bool(errors))


def _to_fetch(arguments: Namespace, tools: Tools) -> list[str]:
    """Those that are named, else all but those that few need."""
    if arguments.action != "fetch":
        return []
    files = tools.models.list()
    unknown = set(arguments.names) - {file.name for file in files}
    if unknown:
        raise UsageError(
            tr(
                "there is no model {name}; choose among: {known}",
                name=min(unknown),
                known=", ".join(file.name for file in files),
            )
        )
    return arguments.names or [file.name for file in files if not file.by_name]
