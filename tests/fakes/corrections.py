"""Faces of coloured squares that a model was asked about."""

from __future__ import annotations

from pathlib import Path

from facegui.domain.corrections import Answer, Provenance, Source
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity
from facegui.services.recognising.corrections import AskedFace
from tests.fakes.square_library import ALONE

BOB = Identity("Bob", "Bob", 0.8, {"Bob": 0.8, "Ann": 0.2}, 0.61, 0.4)
UNKNOWN = Identity(None, "Bob", 0.6, {"Bob": 0.6, "Ann": 0.4}, 0.31, 0.4)


def asked_in(
    bundle: Path,
    path: Path | None,
    box: Box = ALONE,
    *,
    source: Source = Source.FILE,
    identity: Identity = BOB,
    frame: RgbImage | None = None,
) -> AskedFace:
    """The face at *box*, called Bob unless told otherwise."""
    address = "camera 0" if source is Source.LIVE else ""
    return AskedFace(source, box, identity, bundle, path, 1.5, frame, address)


def provenance(said: str | None = "Bob") -> Provenance:
    """Of a live picture that a model called *said*; None for unknown."""
    answer = Answer(said or "Bob", named=said is not None, score=0.61, threshold=0.4)
    return Provenance(Source.LIVE, "camera 0", "ab" * 32, None, answer)
