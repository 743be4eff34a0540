"""Coached capture: a camera is watched, and good frames of what lacks become files by themselves.

The job's own thread reads frames and hands each over at once, so that the picture moves as the
camera does. One more thread measures the newest frame, as often as it can, and keeps those that the
coach wants. Photos are files as soon as they are taken; the library hears of them when the session
ends, so that until then the owner can throw one away without a trace.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from facegui.domain.control import Control
from facegui.domain.detection import VIDEO
from facegui.domain.entities import FaceProposal, FaceState, Frame, Region, RegionSource, RgbImage
from facegui.domain.errors import VideoEnded
from facegui.domain.geometry import Box
from facegui.domain.ports import FaceAnalyser
from facegui.domain.queries import FaceFilter, NewPhoto
from facegui.domain.rules import Limits, with_overrides
from facegui.files import file_faults, write_atomic
from facegui.services.collecting.capture import (
    Advice,
    Verdict,
    advice,
    judge_frame,
    nearest,
    taken_of,
)
from facegui.services.collecting.pose_map import CaptureState, Place, Taken
from facegui.services.collecting.video_stage import JPEG_QUALITY
from facegui.services.collecting.video_take import PHOTOS_FOLDER
from facegui.services.libraries import Library
from facegui.services.recognising.live_source import camera_frames
from facegui.services.tools import Tools
from facegui.storage.names import safe_name

BURST_S = 0.4
"""How long a wanted pose is looked at before the sharpest of its frames is taken."""

_CROP_PX, _CROP_MARGIN = 112, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo taken in this session.

    Attributes:
        box: around the face, in pixels of the picture.
        crop: a small picture of the face, to show.
    """

    file: Path
    box: Box
    crop: RgbImage
    taken: Taken
    place: Place


@dataclass(frozen=True, slots=True)
class Coaching:
    """What the coach says of a frame.

    Attributes:
        box: the face; None without one.
        advice: what to do next.
        verdict: what this frame is worth.
        here: the pose and light of the face now; None without one.
        counts: photos there are of each pose under each light.
        done: of `facegui.services.collecting.pose_map.GOAL`.
    """

    box: Box | None
    advice: Advice
    verdict: Verdict
    here: Place | None
    counts: Mapping[Place, int]
    done: int


@dataclass(frozen=True, slots=True)
class CaptureFrame:
    """A frame as it came, unmirrored, and the newest word of the coach (None before the first)."""

    image: RgbImage
    coaching: Coaching | None


@dataclass(frozen=True, slots=True)
class CaptureReport:
    """Ids of the photos added, and that a file came to its end where one was the camera."""

    added_ids: tuple[int, ...]
    ended: str | None


class CaptureSession:
    """The photos of one person in one sitting; safe to use from any thread."""

    def __init__(self, library: Library, person: str) -> None:
        self.person = person
        self._library = library
        self._folder = library.path / PHOTOS_FOLDER / safe_name(person)
        self._stem = f"webcam_{date.today().isoformat()}_"  # noqa: DTZ011 - the owner's own day
        self._lock = threading.Lock()
        self._photos: list[Photo] = []
        self._state = CaptureState(Limits())
        self._next = 1

    def begin(self) -> None:
        """Look at what there is of the person already, in the library and in its folder."""
        with self._lock:
            self._state = CaptureState(*_known(self._library, self.person))
            earlier = self._folder.glob(f"{self._stem}*.jpg")
            self._next = 1 + max((_number(file) for file in earlier), default=0)

    def coach(self, faces: Sequence[FaceProposal], frame_side: int) -> Coaching:
        """What to say of a frame with *faces*, whose shorter side is *frame_side* pixels."""
        face = nearest(faces)
        with self._lock:
            state = self._state
            return Coaching(
                box=None if face is None else face.box,
                advice=advice(state, None if face is None else face.brightness),
                verdict=judge_frame(faces, frame_side, state),
                here=None if face is None else state.place(face.pose, face.brightness),
                counts=state.counts,
                done=state.done,
            )

    def take(self, image: RgbImage, face: FaceProposal) -> Photo:
        """Make *image* a file and count it.

        Raises:
            StorageFault: the disk is full.
        """
        from facegui.imaging.align import box_crop
        from facegui.imaging.thumbnail import jpeg_bytes

        file = self._folder / f"{self._stem}{self._next:03}.jpg"
        self._next += 1
        with file_faults(file):
            self._folder.mkdir(parents=True, exist_ok=True)
        write_atomic(file, jpeg_bytes(image, JPEG_QUALITY))
        crop = box_crop(image, face.box, _CROP_PX, _CROP_MARGIN)
        with self._lock:
            taken = taken_of(face)
            self._state.add(taken)
            place = self._state.place(taken.pose, taken.brightness)
            photo = Photo(file, face.box, crop, taken, place)
            self._photos.append(photo)
        return photo

    def remove(self, photo: Photo) -> None:
        """Throw a photo of this session away: its file goes and its pose lacks again.

        Does nothing once the library has it: there it can be rejected.

        Raises:
            StorageFault: the file cannot be deleted.
        """
        with self._lock:
            if not any(other is photo for other in self._photos):
                return
            with file_faults(photo.file):
                photo.file.unlink(missing_ok=True)
            self._photos = [other for other in self._photos if other is not photo]
            self._state.remove(photo.taken)

    def end(self) -> tuple[int, ...]:
        """Give the photos to the library, each with its face and whose it is; ids of the new ones.

        Files of a session that was killed before it could are given too.
        """
        with self._lock:
            regions = {
                photo.file: (Region(photo.box, self.person, RegionSource.MANIFEST),)
                for photo in self._photos
            }
            self._photos = []
            new = []
            for file in sorted(self._folder.glob("webcam_*.jpg")):
                if file not in regions and self._library.photo_by_path(str(file)) is not None:
                    continue
                stamp = file.stat()
                size, mtime, faces = stamp.st_size, stamp.st_mtime_ns, regions.get(file, ())
                new.append(NewPhoto(str(file), self.person, size, mtime, faces))
        return tuple(self._library.add_photos(new).added) if new else ()


def capture(
    tools: Tools,
    source: str,
    session: CaptureSession,
    show: Callable[[CaptureFrame], None],
    control: Control,
) -> CaptureReport:
    """Watch *source* and take what lacks, until stopped; however it ends, the photos are kept.

    Partial results are a `Photo` each, and `LiveProblem` of
    `facegui.services.recognising.live_source`. *show* is called with every frame; it must be quick
    and keep only the newest.

    Raises:
        ModelUnavailable: a network is neither here nor to be fetched.
        StorageFault: the disk is full.
    """
    for name in ("yunet", "sface", "face-landmarker"):
        tools.models.path(name, control)
    ended = None
    session.begin()
    try:
        with (
            closing(_Measuring(tools.analyser(VIDEO), session, control)) as measuring,
            closing(camera_frames(tools, source, control)) as frames,
        ):
            for frame in frames:
                show(CaptureFrame(frame.image, measuring.follow(frame)))
    except VideoEnded as end:
        ended = end.message
    finally:
        added = session.end()
    return CaptureReport(added, ended)


class _Measuring:
    """Measures the newest frame on a thread of its own, and takes what the coach wants."""

    def __init__(self, analyser: FaceAnalyser, session: CaptureSession, control: Control) -> None:
        self._analyser = analyser
        self._session = session
        self._control = control
        self._burst = _Burst()
        self._said: Coaching | None = None
        self._running: Future[Coaching] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="facegui-webcam")

    def follow(self, frame: Frame) -> Coaching | None:
        """What the coach said last; *frame* is measured if nothing else is."""
        if self._running is not None and self._running.done():
            self._said = self._running.result()
            self._running = None
        if self._running is None:
            self._running = self._thread.submit(self._look, frame)
        return self._said

    def close(self) -> None:
        """Wait for the frame that is being measured."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _look(self, frame: Frame) -> Coaching:
        faces = self._analyser.analyse(frame.image).faces
        side = min(frame.image.shape[:2])
        coaching = self._session.coach(faces, side)
        wanted = coaching.here if coaching.verdict is Verdict.TAKE else None
        best = self._burst.offer(frame, nearest(faces), wanted)
        if best is None:
            return coaching
        self._control.partial(self._session.take(*best))
        return self._session.coach(faces, side)


class _Burst:
    """The sharpest frame of a wanted pose while it is held."""

    def __init__(self) -> None:
        self._place: Place | None = None
        self._since = 0.0
        self._best: tuple[RgbImage, FaceProposal] | None = None

    def offer(
        self, frame: Frame, face: FaceProposal | None, wanted: Place | None
    ) -> tuple[RgbImage, FaceProposal] | None:
        """Consider *frame*, of a face in a *wanted* place or None; what to take now."""
        if wanted is None or face is None or wanted != self._place:
            self._place, self._best, self._since = wanted, None, frame.taken_at
        if wanted is None or face is None:
            return None
        if self._best is None or face.sharpness > self._best[1].sharpness:
            self._best = frame.image, face
        if frame.taken_at - self._since < BURST_S:
            return None
        best, self._best, self._place = self._best, None, None
        return best


def _known(library: Library, person: str) -> tuple[Limits, list[Taken]]:
    """The rules for *person*, and what is kept of them already."""
    limits = library.limits()
    ids = [someone.id for someone in library.people() if someone.name == person]
    if not ids:
        return limits, []
    limits = with_overrides(limits, library.person_limits().get(ids[0], {}))
    kept = FaceFilter(person_id=ids[0], states=(FaceState.KEPT,))
    faces = library.faces(library.face_ids(kept))
    return limits, [Taken(face.pose, face.brightness, face.hashes.phash) for face in faces]


def _number(file: Path) -> int:
    digits = file.stem.rpartition("_")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
