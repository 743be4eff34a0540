"""The JSON documents of the verbs: the contract with other people's scripts.

Paths are absolute originals, boxes are upright pixels, every key is always present. That of
recognised files is in `facegui.services.recognising.document`, because the window exports it too.
"""

from __future__ import annotations

from typing import TypedDict

from facegui.domain.entities import Face, FaceState, Photo, PhotoStatus
from facegui.domain.rules import RuleResult
from facegui.services.judging.evaluate import Evaluation
from facegui.services.learning.train import TrainReport
from facegui.services.libraries import Library
from facegui.services.pipeline import PipelineReport
from facegui.services.recognising.document import Json, box_document

PIXEL_DIGITS = 2
MEASURE_DIGITS = 4

_MEASURES = (
    *("sharpness", "brightness", "contrast", "chroma", "chroma_spread"),
    *("sunglasses", "smile", "eyes_closed", "mouth_open", "presence"),
)
"""Of a face, as `facegui.domain.entities.Face` names them."""


class DuplicateFile(TypedDict):
    """One copy; *distance* in bits to the keeper."""

    path: str
    distance: int
    mirrored: bool


class DuplicateGroupDocument(TypedDict):
    """A group; the keeper is one of the files."""

    keep: str
    files: list[DuplicateFile]


def scan_document(library: Library) -> Json:
    """Every photo that has been scanned, broken ones included, with its faces and verdicts."""
    photos = library.photos(library.photo_ids())
    faces = library.faces_of_photos([photo.id for photo in photos])
    rules = library.rule_results([face.id for found in faces.values() for face in found])
    return {
        "photos": [
            _photo(photo, [_face(face, rules[face.id]) for face in faces[photo.id]])
            for photo in photos
            if photo.status is not PhotoStatus.PENDING  # the scan was stopped before it
        ]
    }


def _photo(photo: Photo, faces: list[Json]) -> Json:
    return {
        "path": photo.path,
        "status": photo.status.value,
        "reason": photo.reason,
        "faces": faces,
    }


def _face(face: Face, rules: tuple[RuleResult, ...]) -> Json:
    return {
        "box": box_document(face.box),
        "score": round(face.score, MEASURE_DIGITS),
        "pose": {
            "roll": round(face.pose.roll, PIXEL_DIGITS),
            "pan": round(face.pose.pan, PIXEL_DIGITS),
            "tilt": round(face.pose.tilt, PIXEL_DIGITS),
        },
        **{name: _measure(getattr(face, name)) for name in _MEASURES},
        "kept": face.state is FaceState.KEPT,
        "rules": [
            {
                "rule": result.rule.value,
                "value": _measure(result.value),
                "limit": result.limit,
                "passed": result.passed,
            }
            for result in rules
        ],
    }


def _measure(value: float | None) -> float | None:
    """Null where it was not measured."""
    return None if value is None else round(value, MEASURE_DIGITS)


def duplicates_document(library: Library) -> dict[str, list[DuplicateGroupDocument]]:
    """Every group of copies, the photo to keep, and all of its files, that one included."""
    groups = library.duplicate_groups()
    ids = [member.photo_id for group in groups for member in group.members]
    paths = {photo.id: photo.path for photo in library.photos(ids)}
    return {
        "groups": [
            {
                "keep": paths[group.keeper_id],
                "files": [
                    {
                        "path": paths[member.photo_id],
                        "distance": member.distance,
                        "mirrored": member.mirrored,
                    }
                    for member in group.members
                ],
            }
            for group in groups
        ]
    }


def train_document(report: TrainReport) -> Json:
    """A finished training."""
    record, metrics = report.record, report.record.metrics
    return {
        "run": record.id,
        "bundle": str(report.bundle),
        "network": record.config.network,
        "seed": record.config.seed,
        "people": list(record.people),
        "metrics": {
            "accuracy": record.accuracy,
            "accuracy_with_unknown": record.accuracy_with_unknown,
            "loss": metrics.validation_loss,
            "training_faces": metrics.train_count,
            "validation_faces": metrics.validation_count,
            "test_faces": metrics.test_count,
            "best_step": metrics.best_step,
            "steps": metrics.steps,
            "stopped_by": metrics.stopped_by.value,
        },
        "epochs": metrics.epochs,
        "seconds": round(record.seconds, 3),
        "warnings": list(record.warnings),
        "in_use": report.choice.used,
    }


def evaluation_document(found: Evaluation) -> Json:
    """How good a model is; null where nothing could be measured."""
    return {
        "bundle": found.bundle,
        "accuracy": found.accuracy,
        "accuracy_with_unknown": found.accuracy_with_unknown,
        "faces": found.faces,
        "left_out": found.left_out,
        "strangers": found.strangers,
        "strangers_left_out": found.strangers_left_out,
        "strangers_named": found.strangers_named,
        "rejected": found.rejected,
        "misnamed": found.misnamed,
        "people": [
            {
                "name": person.name,
                "precision": person.precision,
                "recall": person.recall,
                "support": person.support,
            }
            for person in found.people
        ],
        "confusion": {
            "rows": list(found.rows),
            "columns": list(found.columns),
            "counts": [list(row) for row in found.confusion],
        },
        "skipped": [{"path": str(error.path), "reason": error.reason} for error in found.skipped],
    }


def pipeline_document(report: PipelineReport) -> Json:
    """One unattended round."""
    return {
        "added": sum(len(folder.added_ids) for folder in report.imported),
        "skipped": [
            {"path": item.path, "reason": item.reason}
            for folder in report.imported
            for item in folder.skipped
        ],
        "scanned": report.scanned.scanned,
        "faces": report.scanned.faces,
        "unreadable": report.scanned.unreadable,
        "missing": report.scanned.missing,
        "training": train_document(report.trained),
        "published": report.trained.choice.used,
        "reason": report.trained.choice.reason,
        "active": None if report.active is None else str(report.active),
    }
