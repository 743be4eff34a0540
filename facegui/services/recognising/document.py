"""Recognised files as a JSON document: of ``facegui recognize --json``, and of the window's export.

Paths are absolute originals, boxes are upright pixels, every key is always present. The ``name``
of a face is who it is: the owner's word (``said``) where there is one, else the model's ``answer``.
"""

from __future__ import annotations

from facegui.domain.corrections import Truth
from facegui.domain.geometry import Box
from facegui.domain.recognition import Appearance, RecognisedFace, RecognisedPhoto

Json = dict[str, object]

_PIXEL_DIGITS = 2
_SECOND_DIGITS = 3


def recognised_document(photo: RecognisedPhoto) -> Json:
    """One file and everybody in it."""
    return {
        "path": photo.path,
        "width": photo.width,
        "height": photo.height,
        "error": photo.error,
        "seconds": None if photo.duration_s is None else _seconds(photo.duration_s),
        "faces": [_recognised(face) for face in photo.faces],
    }


def _recognised(face: RecognisedFace) -> Json:
    identity = face.identity
    return {
        "box": box_document(face.box),
        "name": face.name,
        "answer": identity.name,
        "said": None if face.said is None else _word(face.said),
        "probability": float(identity.probability),
        "scores": {name: float(score) for name, score in identity.scores.items()},
        "similarity": float(identity.similarity),
        "threshold": float(identity.threshold),
        "seen": None if face.appearance is None else _seen(face.appearance),
    }


def _word(said: Truth) -> Json:
    """What the owner has said; a stranger has no name."""
    return {"verdict": said.verdict.value, "name": said.name}


def _seen(appearance: Appearance) -> Json:
    """When somebody is seen in a video, in seconds from its start; the box is that of *best*."""
    return {
        "first": _seconds(appearance.first_s),
        "last": _seconds(appearance.last_s),
        "best": _seconds(appearance.best_s),
        "frames": len(appearance.moments),
        "agreement": round(appearance.agreement, 4),
    }


def box_document(box: Box) -> list[float]:
    """Left, top, right, bottom."""
    return [round(float(value), _PIXEL_DIGITS) for value in (box.x1, box.y1, box.x2, box.y2)]


def _seconds(value: float) -> float:
    return round(float(value), _SECOND_DIGITS)
