"""Who is in a video file: every face followed, and the few frames of each that are worth having.

Those are the ones that are usable by the library's own rules and differ most. They wait on the disk
until the owner says whose are wanted; `facegui.services.collecting.video_take` is the second half.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from facegui.collect.video import TimedFrame, VideoReader
from facegui.domain.control import Control, Progress, Stop
from facegui.domain.detection import VIDEO
from facegui.domain.entities import Embedding, FaceProposal, RgbImage
from facegui.domain.errors import Cancelled, VideoEnded
from facegui.domain.ports import FoundFace
from facegui.domain.rules import Limits
from facegui.domain.text import tr
from facegui.services.collecting.shots import BestShots, Shot, failing
from facegui.services.collecting.tracks import Track, Tracker
from facegui.services.collecting.video_stage import VideoStage, milliseconds
from facegui.services.libraries import Library
from facegui.services.tools import Tools

SAME_PERSON_COSINE = 0.5
"""Likeness of two tracks from which on they surely show one person."""

_KEEP_S = 1.0  # a track survives so long a miss
_FEWEST_FRAMES = 2  # what is seen once may be a false find
_LOOK_AGAIN_S = 1.0
_CHANGED_COSINE = 0.95  # a face that looks less like when it was measured is measured again
_SAME_FACE_IOU = 0.5
_TELL_EVERY_S = 0.5
_CROP_PX, _CROP_MARGIN = 112, 0.25


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """What to look through.

    Attributes:
        per_second: frames looked at in each second of the video.
        per_track: views kept of each track at most.
    """

    path: Path
    per_second: float = 4.0
    per_track: int = 12


@dataclass(frozen=True, slots=True, eq=False)
class FoundTrack:
    """A face followed through the video.

    Attributes:
        number: from 1, in order of appearance.
        first_s: when it was seen first, from the start of the video; likewise *last_s*.
        frames: how many of the frames looked at show it.
        shots: the views kept, in order of time.
        embedding: its mean, a unit vector.
    """

    number: int
    first_s: float
    last_s: float
    frames: int
    shots: tuple[Shot, ...]
    embedding: Embedding


@dataclass(frozen=True, slots=True)
class VideoFindings:
    """What a video holds.

    Attributes:
        tracks: those with a usable view.
        unusable: tracks without one, and faces seen only once.
        seconds: of the video that were looked through.
        cut_short: the file ended well before its stated length; it is damaged.
        stopped: by the owner, before the end.
    """

    path: Path
    tracks: tuple[FoundTrack, ...]
    unusable: int
    seconds: float
    cut_short: bool
    stopped: bool


def find_tracks(
    library: Library, tools: Tools, request: VideoRequest, control: Control
) -> VideoFindings:
    """Look through a video; Stop keeps what has been found.

    Partial results are tuples of the `FoundTrack` known by then. One library holds the findings of
    one video: those of the one before can no longer be taken.

    Raises:
        OwnerError: the file is not a video that can be played.
        ModelUnavailable: a network is neither here nor to be fetched.
        StorageFault: the disk is full.
        Cancelled: stopped, with nothing to keep.
    """
    with closing(VideoReader(request.path, 1 / request.per_second)) as reader:
        for name in ("yunet", "sface", "face-landmarker"):
            tools.models.path(name, control)
        stage = VideoStage.new(library)
        watch = _Watch(tools, library.limits(), request.per_track, stage)
        told_at, now = time.monotonic(), 0.0
        for frame in _frames(reader, control):
            watch.look_at(frame)
            now = frame.time_s
            done = Progress(round(now), round(reader.duration_s), tr("Looking through the video"))
            control.report(done)
            if time.monotonic() - told_at >= _TELL_EVERY_S:
                control.partial(watch.tracks())
                told_at = time.monotonic()
        stop = control.cancelled()
        if stop is Stop.DISCARD:
            stage.clear()
            raise Cancelled
        tracks = watch.tracks()
        unusable = len(watch.lives) - len(tracks)
        return VideoFindings(
            request.path, tracks, unusable, now, reader.cut_short, stopped=bool(stop)
        )


def _frames(reader: VideoReader, control: Control) -> Iterator[TimedFrame]:
    while not control.cancelled():
        try:
            frame = reader.read()
        except VideoEnded:
            return
        if frame is not None:
            yield frame


@dataclass(slots=True, eq=False)
class _Life:
    """What is gathered about one track."""

    number: int
    best: BestShots
    first_s: float = 0.0
    frames: int = 0
    track: Track[_Life] | None = None
    measured_at: float | None = None
    measured_as: Embedding | None = None


class _Watch:
    """Follows the faces of one video and keeps their best views."""

    def __init__(self, tools: Tools, limits: Limits, per_track: int, stage: VideoStage) -> None:
        self.lives: list[_Life] = []
        self._finder = tools.finder(VIDEO)
        self._analyser = tools.analyser(VIDEO)
        self._limits = limits
        self._per_track = per_track
        self._stage = stage
        self._tracker = Tracker(self._new_life, _KEEP_S)

    def look_at(self, frame: TimedFrame) -> None:
        """Follow every face into *frame*; measure those worth it, and keep the best."""
        image, now = frame.image, frame.time_s
        faces = self._finder.find(image)
        vectors = [self._finder.embed(image, face) for face in faces]
        promising = []
        for track, vector in zip(self._tracker.follow(faces, now, vectors), vectors, strict=True):
            life = track.note
            life.track = track
            life.first_s = now if not life.frames else life.first_s
            life.frames += 1
            if self._is_promising(image, track, vector):
                life.measured_at, life.measured_as = now, vector
                promising.append(track)
        if promising:
            measured = self._analyser.analyse(image).faces
            for track in promising:
                self._offer(frame, track, measured)

    def tracks(self) -> tuple[FoundTrack, ...]:
        """The tracks that are worth showing now."""
        return tuple(
            FoundTrack(
                number=life.number,
                first_s=life.first_s,
                last_s=life.track.seen_at,
                frames=life.frames,
                shots=tuple(life.best.shots),
                embedding=life.track.mean,
            )
            for life in self.lives
            if life.frames >= _FEWEST_FRAMES
            and life.best.shots
            and life.track is not None
            and life.track.mean is not None
        )

    def _new_life(self) -> _Life:
        life = _Life(len(self.lives) + 1, BestShots(self._per_track))
        self.lives.append(life)
        return life

    def _is_promising(self, image: RgbImage, track: Track[_Life], vector: Embedding) -> bool:
        """Whether the costly measures may bring a view that is not there yet."""
        from facegui.imaging.align import aligned_crop
        from facegui.imaging.quality import measure

        face, life = track.face, track.note
        if min(face.box.width, face.box.height) < self._limits.min_size_px:
            return False
        if life.measured_at is not None and life.measured_as is not None:
            waited = track.seen_at - life.measured_at >= _LOOK_AGAIN_S
            if not waited and float(life.measured_as @ vector) > _CHANGED_COSINE:
                return False
        return measure(aligned_crop(image, face.landmarks)).sharpness >= self._limits.min_sharpness

    def _offer(
        self, frame: TimedFrame, track: Track[_Life], measured: Sequence[FaceProposal]
    ) -> None:
        face = _same_face(track.face, measured)
        if face is None or failing(face, self._limits):
            return
        from facegui.imaging.align import box_crop

        shot = Shot(
            time_s=frame.time_s,
            box=face.box,
            pose=face.pose,
            sharpness=face.sharpness,
            brightness=face.brightness,
            phash=face.hashes.phash,
            crop=box_crop(frame.image, face.box, _CROP_PX, _CROP_MARGIN),
        )
        let_go = track.note.best.offer(shot)
        if shot not in let_go:
            self._stage.hold(milliseconds(shot.time_s), frame.image)
        for old in let_go:
            if old is not shot:
                self._stage.release(milliseconds(old.time_s))


def _same_face(face: FoundFace, measured: Sequence[FaceProposal]) -> FaceProposal | None:
    best = max(measured, key=lambda other: other.box.iou(face.box), default=None)
    return best if best is not None and best.box.iou(face.box) >= _SAME_FACE_IOU else None
