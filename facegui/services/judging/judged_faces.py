"""Whether the accuracies of two runs are about the same faces."""

from __future__ import annotations

from dataclasses import dataclass

from facegui.domain.dataset import DatasetManifest, Subset
from facegui.domain.text import tr
from facegui.services.judging.judge import read_manifest
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord


@dataclass(frozen=True, slots=True)
class JudgedFaces:
    """How many faces the accuracy of each of two runs is about, and how many of them are shared."""

    one: int
    other: int
    both: int

    @property
    def words(self) -> str:
        """What to bear in mind when the accuracies are compared; empty for the same faces."""
        if self.one == self.other == self.both:
            return ""
        return tr(
            "judged on {one} and on {other} faces, {both} of them the same: the difference may "
            "be chance",
            one=self.one,
            other=self.other,
            both=self.both,
        )


def judged_faces(library: Library, one: RunRecord, other: RunRecord) -> JudgedFaces:
    """Compare the faces that two runs were judged on.

    Raises:
        DatasetError: the manifest of one has gone.
    """
    first, second = (_judged(read_manifest(library, run.id)) for run in (one, other))
    return JudgedFaces(len(first), len(second), len(first & second))


def _judged(manifest: DatasetManifest) -> set[int]:
    """The faces tested with, or validated with where none were held back to test with."""
    side = Subset.TEST if manifest.of(Subset.TEST) else Subset.VALIDATION
    return {item.face_id for item in manifest.of(side)}
