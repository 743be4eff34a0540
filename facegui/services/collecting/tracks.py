"""Which face of a frame is which of the frames before; live video and video files both use it.

A face goes on with the track that it overlaps most. Where embeddings are known they have a say:
somebody else in the same place, as after a cut, is a new track, and somebody who moved far between
two frames is not. A track that is not seen for a short while waits for its face to come back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from facegui.domain.entities import Embedding
from facegui.domain.ports import FoundFace

SAME_PLACE_IOU = 0.3
"""Overlap with the last place from which on a face may be the same."""

SAME_PLACE_COSINE = 0.3
"""Likeness that a face must have to its track where it overlaps it; blur and turning cost much."""

ELSEWHERE_COSINE = 0.5
"""Likeness from which on a face is the same wherever it is now."""

_MEMORY = 0.8  # how much of a track's mean embedding stays when another is added

Note = TypeVar("Note")


@dataclass(slots=True, eq=False)
class Track(Generic[Note]):
    """A face followed from frame to frame.

    Attributes:
        face: as it was seen last.
        seen_at: when that was, in the caller's seconds.
        note: whatever the caller keeps about it.
        mean: running mean of its embeddings, a unit vector; None where they are not known.
        last: its last embedding.
    """

    face: FoundFace
    seen_at: float
    note: Note
    mean: Embedding | None = None
    last: Embedding | None = None

    def see(self, face: FoundFace, now: float, embedding: Embedding | None) -> None:
        """It is here now."""
        self.face, self.seen_at = face, now
        if embedding is None:
            return
        self.last = embedding
        if self.mean is None:
            self.mean = embedding
            return
        blend = _MEMORY * self.mean + (1 - _MEMORY) * embedding
        self.mean = np.asarray(blend / max(float(np.linalg.norm(blend)), 1e-9), np.float32)

    def likeness(self, face: FoundFace, embedding: Embedding | None) -> float:
        """How sure *face* is this one; 0 when it cannot be."""
        overlap = self.face.box.iou(face.box)
        near = overlap >= SAME_PLACE_IOU
        if embedding is None or self.mean is None or self.last is None:
            return overlap if near else 0.0
        cosine = max(float(self.mean @ embedding), float(self.last @ embedding))
        same = cosine >= (SAME_PLACE_COSINE if near else ELSEWHERE_COSINE)
        return overlap + cosine if same else 0.0


class Tracker(Generic[Note]):
    """Follows all faces of one video."""

    def __init__(self, new_note: Callable[[], Note], keep_s: float) -> None:
        """A tracker that has seen nothing yet.

        Args:
            new_note: makes the note of a new track.
            keep_s: how long a track that is not seen waits for its face.
        """
        self._new_note = new_note
        self._keep_s = keep_s
        self._tracks: list[Track[Note]] = []

    def follow(
        self,
        faces: Sequence[FoundFace],
        now: float,
        embeddings: Sequence[Embedding] | None = None,
    ) -> list[Track[Note]]:
        """The track of each of *faces*, old or new; no two share one.

        Args:
            faces: of the frame at *now*.
            now: seconds on a clock that never goes back.
            embeddings: of the same faces; without them places alone decide.
        """
        vectors = embeddings if embeddings is not None else [None] * len(faces)
        self._tracks = [track for track in self._tracks if now - track.seen_at <= self._keep_s]
        found = self._matched(faces, vectors)
        seen = []
        for number, (face, embedding) in enumerate(zip(faces, vectors, strict=True)):
            track = found.get(number)
            if track is None:
                track = Track(face, now, self._new_note())
                self._tracks.append(track)
            track.see(face, now, embedding)
            seen.append(track)
        return seen

    def _matched(
        self, faces: Sequence[FoundFace], vectors: Sequence[Embedding | None]
    ) -> dict[int, Track[Note]]:
        """The surest pairs first, each face and each track once."""
        pairs = sorted(
            (
                (track.likeness(face, vector), number, track)
                for number, (face, vector) in enumerate(zip(faces, vectors, strict=True))
                for track in self._tracks
            ),
            key=lambda pair: pair[0],
            reverse=True,
        )
        found: dict[int, Track[Note]] = {}
        taken: set[int] = set()
        for sure, number, track in pairs:
            if sure > 0 and number not in found and id(track) not in taken:
                found[number] = track
                taken.add(id(track))
        return found
