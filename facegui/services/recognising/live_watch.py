"""The faces of a live video from frame to frame: found, followed, voted on, numbered.

Two things happen side by side. Whoever calls `Watcher.look_at` finds and follows faces, so that
boxes keep up with the picture. One more thread looks at them, a face at a time, those without a
name first; what it says is a ballot. So a slow network or an engine that is still starting delays
names and never the video.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import numpy as np

from facegui.domain.entities import Embedding, Frame, RgbImage
from facegui.domain.geometry import Box, Landmarks
from facegui.domain.ports import FaceFinder, FoundFace
from facegui.domain.recognition import Identity
from facegui.services.collecting.tracks import Track, Tracker
from facegui.services.recognising.live_finding import FrameFinder
from facegui.services.recognising.live_names import Look
from facegui.services.recognising.strangers import StrangerBook
from facegui.services.recognising.votes import Standing, Votes

KEEP_S = 0.5
"""How long a face that is not found keeps its name."""

LOOK_AGAIN_S = 0.2
"""How long after a look a face is looked at again, once it has a name."""

_AT_ONCE = 3  # looks asked for together; of a crowd the others wait

_LOOKS_TO_NUMBER = 3
"""Looks at a stranger before a number is given: one alone may show a blurred or turned face."""

_CHANGED = 0.4
"""Correlation of a face's pixels with those of the frame before, below which it is looked at anew:
a cut, or one person in front of another."""

_SAME_COSINE, _SAME_AFTER_CHANGE_COSINE = 0.2, 0.36
"""Likeness to what was seen of it before, below which a face is somebody else's; turning and blur
cost much, and after a change of its pixels they are no excuse."""

_THUMB_PX = 12
_FLAT = 2.0  # grey steps of deviation: noise correlates with nothing
_FPS_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face in a frame.

    Attributes:
        score: the detector's, 0 to 1.
        number: of its track, from 1; nobody else of this video has it.
        identity: as voted; None until somebody is elected.
        stranger: which of the people whom the model does not know; None for the others, and until
            enough is seen.
        standing: the vote behind *identity*.
        doubted: its pixels have just changed so much that this may be somebody else by now.
    """

    box: Box
    landmarks: Landmarks
    score: float
    number: int
    identity: Identity | None
    stranger: int | None
    standing: Standing
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame with its faces.

    Attributes:
        taken_at: when it arrived in this program, on the clock of `time.monotonic`.
        fps: frames handed over in the last second, per second.
    """

    image: RgbImage
    faces: tuple[SeenFace, ...]
    taken_at: float
    fps: float


class Namer(Protocol):
    """What looks at faces; `facegui.services.recognising.live_names.FaceNamer` does."""

    def prepare(self) -> None:
        """Load what the first look needs."""

    def look(self, image: RgbImage, face: FoundFace) -> Look:
        """Who *face*, found in *image*, is."""


@dataclass(slots=True)
class _Note:
    """What is known of a track.

    Attributes:
        looked_at: when; 0 until then.
        mean: of the embeddings seen, a unit vector.
        thumb: the face's pixels in the last frame, to notice a change.
        changed: they have, since a look was asked for.
    """

    number: int
    votes: Votes = field(default_factory=Votes)
    looked_at: float = 0.0
    looks: int = 0
    mean: Embedding | None = None
    stranger: int | None = None
    thumb: Embedding | None = None
    changed: bool = False

    def is_due(self, now: float) -> bool:
        """Whether it is time for a look: at once without a name, and then every so often."""
        return self.votes.standing.identity is None or now - self.looked_at >= LOOK_AGAIN_S


@dataclass(frozen=True, slots=True)
class _Looking:
    """A look that is being taken; *after_change* says that the face's pixels had just changed."""

    track: Track[_Note]
    note: _Note
    answer: Future[Look]
    after_change: bool


class Watcher:
    """Finds faces in frames, follows them, and has them looked at by a second thread."""

    def __init__(
        self, finder: FaceFinder, namer: Namer | None, strangers: StrangerBook | None = None
    ) -> None:
        self._finder = FrameFinder(finder)
        self._namer = namer
        self._strangers = strangers or StrangerBook()
        numbers = count(1)
        # No method of its own: in a cycle the networks would stay until Python looks for cycles,
        # and each start of a camera would hold 50 MB more.
        self._new_note: Callable[[], _Note] = lambda: _Note(next(numbers))
        self._tracker = Tracker(self._new_note, KEEP_S)
        self._seen: list[Track[_Note]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="facegui-live-names")
        self._looking: list[_Looking] = []
        self._preparing = self._thread.submit(namer.prepare) if namer is not None else None
        self._shown_at: deque[float] = deque()

    def look_at(self, frame: Frame) -> LiveFrame:
        """*frame* with its faces and the names known by now."""
        self._seen = self._tracker.follow(self._finder.find(frame.image), frame.taken_at)
        for track in self._seen:
            _note_change(track, frame.image)
        self._collect()
        self._ask(frame.image)
        seen = tuple(_seen_face(track) for track in self._seen)
        return LiveFrame(frame.image, seen, frame.taken_at, self._fps(time.monotonic()))

    def close(self) -> None:
        """Let the second thread end after what it is at."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _collect(self) -> None:
        """Count the ballots of the looks that have come to their end."""
        if self._preparing is not None and self._preparing.done():
            self._preparing.result()  # a fault of the model ends the job
            self._preparing = None
        while self._looking and self._looking[0].answer.done():
            self._count(self._looking.pop(0))

    def _count(self, looking: _Looking) -> None:
        look, note, now = looking.answer.result(), looking.note, time.monotonic()
        least = _SAME_AFTER_CHANGE_COSINE if looking.after_change else _SAME_COSINE
        if note.mean is not None and float(note.mean @ look.embedding) < least:
            note = looking.track.note = self._new_note()  # somebody else in the same place
        note.votes.cast(look.identity, looking.track.face.score, now)
        note.looked_at, note.looks = 0.0 if note.changed else now, note.looks + 1
        note.mean = _mean(note.mean, look.embedding, note.looks)
        self._number(note, look.embedding, now)

    def _number(self, note: _Note, embedding: Embedding, now: float) -> None:
        identity = note.votes.standing.identity
        if identity is None or identity.name is not None or note.mean is None:
            note.stranger = None
        elif note.stranger is not None:
            self._strangers.see(note.stranger, embedding, now)
        elif note.looks >= _LOOKS_TO_NUMBER:
            others = [track.note.stranger for track in self._seen if track.note.stranger]
            note.stranger = self._strangers.number(note.mean, now, others)

    def _ask(self, image: RgbImage) -> None:
        """Have everybody looked at whose time it is, once the looks before are counted."""
        if self._namer is None or self._looking:
            return
        now = time.monotonic()
        due = [track for track in self._seen if track.note.is_due(now)]
        for track in sorted(due, key=lambda track: track.note.looked_at)[:_AT_ONCE]:
            answer = self._thread.submit(self._namer.look, image, track.face)
            self._looking.append(_Looking(track, track.note, answer, track.note.changed))
            track.note.changed = False

    def _fps(self, now: float) -> float:
        self._shown_at.append(now)
        while now - self._shown_at[0] > _FPS_WINDOW_S:
            self._shown_at.popleft()
        span = now - self._shown_at[0]
        return (len(self._shown_at) - 1) / span if span > 0 else 0.0


def _seen_face(track: Track[_Note]) -> SeenFace:
    note, face = track.note, track.face
    standing = note.votes.standing
    return SeenFace(
        face.box,
        face.landmarks,
        face.score,
        note.number,
        standing.identity,
        note.stranger,
        standing,
        doubted=note.looked_at == 0.0,
    )


def _note_change(track: Track[_Note], image: RgbImage) -> None:
    """Have a face looked at next when its pixels are not what they were a frame ago."""
    thumb = _thumb(image, track.face.box)
    before, track.note.thumb = track.note.thumb, thumb
    if before is None or thumb is None:
        return
    if float(before @ thumb) < _CHANGED:
        track.note.looked_at, track.note.changed = 0.0, True


def _thumb(image: RgbImage, box: Box) -> Embedding | None:
    """A few grey pixels of the face, mean 0 and length 1, to be correlated; None where all flat."""
    from facegui.imaging.align import box_crop

    grey = box_crop(image, box, _THUMB_PX, 0.0).mean(axis=2, dtype=np.float32).ravel()
    grey -= grey.mean()
    length = float(np.linalg.norm(grey))
    return np.asarray(grey / length, np.float32) if length > _FLAT * _THUMB_PX else None


def _mean(mean: Embedding | None, embedding: Embedding, looks: int) -> Embedding:
    """The mean of the first looks, and a running one of the last dozen."""
    if mean is None:
        return embedding
    part = 1 / min(looks, 12)
    blend = (1 - part) * mean + part * embedding
    return np.asarray(blend / max(float(np.linalg.norm(blend)), 1e-9), np.float32)
