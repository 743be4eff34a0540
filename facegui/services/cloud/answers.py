"""Answers that were paid for, kept by the file's content so that none is paid for twice.

``<library>/cloud/answers/<sha256>.json``; boxes are in upright pixels of the original.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from facegui.domain.cloud import CloudAnswer, CloudFace, CloudLabel, Likelihood
from facegui.domain.geometry import Box, Landmarks, Point, Pose
from facegui.files import file_faults, write_atomic
from facegui.services.cloud.ledger import CLOUD_FOLDER
from facegui.services.libraries import Library

_FORMAT = 1
_LIKELIHOODS = ("joy", "sorrow", "anger", "surprise", "blurred", "under_exposed", "headwear")


class Answers:
    """The answers of one library."""

    def __init__(self, library: Library) -> None:
        self._folder = library.path / CLOUD_FOLDER / "answers"

    def has(self, sha256: str | None) -> bool:
        """Whether there is an answer for the file with this content."""
        return sha256 is not None and self._file(sha256).is_file()

    def get(self, sha256: str | None) -> CloudAnswer | None:
        """The answer for the file with this content; None while it was not asked.

        A file that is no answer counts as none: asking again is the way to mend it.
        """
        if sha256 is None or not self.has(sha256):
            return None
        try:
            return _read(json.loads(self._file(sha256).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, sha256: str, version: str, answer: CloudAnswer) -> None:
        """Keep *answer*, which *version* of the service gave.

        Raises:
            StorageFault: disk full or not writable.
        """
        with file_faults(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        content = {"format": _FORMAT, "service": version, **asdict(answer)}
        del content["error"]
        write_atomic(self._file(sha256), json.dumps(content).encode())

    def forget(self, sha256: str) -> None:
        """Delete the answer for the file with this content, if there is one.

        Raises:
            StorageFault: it cannot be deleted.
        """
        with file_faults(self._folder):
            self._file(sha256).unlink(missing_ok=True)

    def _file(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"


def _read(content: dict[str, Any]) -> CloudAnswer:
    return CloudAnswer(
        faces=tuple(_face(face) for face in content["faces"]),
        labels=tuple(CloudLabel(**label) for label in content["labels"]),
    )


def _face(content: dict[str, Any]) -> CloudFace:
    points = content["landmarks"]
    likelihoods = {name: Likelihood(content[name]) for name in _LIKELIHOODS}
    return CloudFace(
        box=Box(**content["box"]),
        landmarks=None if points is None else Landmarks(*(Point(*point) for point in points)),
        pose=Pose(**content["pose"]),
        score=content["score"],
        **likelihoods,
    )
