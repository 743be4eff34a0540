"""A video among the files to recognise: every face followed, so that one name is voted on for it.

A few frames of each second are looked at. How faces are followed is told in
`facegui.services.collecting.tracks`; one that is seen in a single frame is held for a false find.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.collect.video import TimedFrame, VideoReader, is_video
from facegui.domain.entities import Embedding, RgbImage
from facegui.domain.errors import ImageError, VideoEnded
from facegui.domain.ports import FaceFinder
from facegui.domain.recognition import Moment
from facegui.domain.text import tr
from facegui.domain.training import Preprocessing
from facegui.services.collecting.tracks import Tracker
from facegui.services.recognising.file_faces import FileFaces, FoundOnce, shown, stacked

__all__ = [
    "VIDEO_SUFFIXES",
    "called_like_video",
    "frame_at",
    "is_video",
    "looks_like_video",
    "video_faces",
]

VIDEO_SUFFIXES = frozenset(
    {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".wmv"}
)
LOOKS_PER_SECOND = 4.0
MOST_VIEWS = 48
"""Of a face, that are asked about; a face that stays long is asked about more seldom."""

_KEEP_S = 1.0  # a face survives so long a miss
_FEWEST_MOMENTS = 2


def called_like_video(path: Path) -> bool:
    """Whether *path* has the ending of a video."""
    return path.suffix.casefold() in VIDEO_SUFFIXES


def looks_like_video(path: Path) -> bool:
    """Whether *path* is called like a video and begins like one."""
    return called_like_video(path) and is_video(path)


def frame_at(path: Path | str, time_s: float) -> RgbImage:
    """The frame of a video that is shown at *time_s* from its start.

    Raises:
        ImageError: the video ends before.
        OwnerError: it is not a video that can be played.
    """
    with closing(VideoReader(Path(path), 1.0, time_s)) as reader:
        try:
            while True:
                frame = reader.read()
                if frame is not None:
                    return frame.image
        except VideoEnded as ended:
            raise ImageError(path, tr("it ends before that moment")) from ended


def video_faces(
    path: Path,
    finder: FaceFinder,
    wanted: Preprocessing,
    go_on: Callable[[float, float], bool],
) -> FileFaces:
    """Follow every face through the video at *path*, to its end or for as long as wanted.

    Args:
        path: of the video.
        finder: finds and embeds; used on this thread.
        wanted: how the network wants faces cut.
        go_on: asked again and again with the seconds looked through and the seconds in all, 0
            where the file does not tell; False ends it with what there is.

    Raises:
        OwnerError: it is not a video that can be played.
    """
    watch = _Watch(finder, wanted)
    with closing(VideoReader(path, 1 / LOOKS_PER_SECOND)) as reader:
        while go_on(watch.now_s, reader.duration_s):
            try:
                frame = reader.read()
            except VideoEnded:
                break
            if frame is not None:
                watch.look_at(frame)
    return watch.found()


@dataclass(slots=True, eq=False)
class _Life:
    """One face so far; every *stride*-th of its moments is asked about."""

    moments: list[Moment] = field(default_factory=list)
    views: list[Moment] = field(default_factory=list)
    inputs: list[NDArray[np.generic]] = field(default_factory=list)
    stride: int = 1

    @property
    def wants_view(self) -> bool:
        """Whether the moment seen last is one to ask about."""
        return (len(self.moments) - 1) % self.stride == 0

    def add_view(self, moment: Moment, shown: NDArray[np.generic]) -> None:
        """Take it; of too many, every second one goes."""
        self.views.append(moment)
        self.inputs.append(shown)
        if len(self.views) > MOST_VIEWS:
            self.views, self.inputs = self.views[::2], self.inputs[::2]
            self.stride *= 2


class _Watch:
    """Follows the faces of one video.

    Attributes:
        now_s: of the video that has been looked through.
    """

    def __init__(self, finder: FaceFinder, wanted: Preprocessing) -> None:
        self._finder = finder
        self._wanted = wanted
        self._lives: list[_Life] = []
        self._tracker = Tracker(self._new_life, _KEEP_S)
        self._frames = 0
        self._size = 0, 0
        self.now_s = 0.0

    def look_at(self, frame: TimedFrame) -> None:
        """Follow every face into *frame*."""
        image = frame.image
        self._frames += 1
        self._size, self.now_s = image.shape[:2], frame.time_s
        faces = self._finder.find(image)
        vectors = [self._finder.embed(image, face) for face in faces]
        tracks = self._tracker.follow(faces, frame.time_s, vectors)
        for track, vector in zip(tracks, vectors, strict=True):
            face, life = track.face, track.note
            moment = Moment(frame.time_s, face.box, face.landmarks, face.score)
            life.moments.append(moment)
            if life.wants_view:
                life.add_view(moment, self._shown(image, moment, vector))

    def found(self) -> FileFaces:
        """The faces in order of appearance, and what a network is shown of them."""
        fewest = min(_FEWEST_MOMENTS, self._frames)
        lives = [life for life in self._lives if len(life.moments) >= fewest]
        faces = tuple(FoundOnce(tuple(life.views), tuple(life.moments)) for life in lives)
        inputs = stacked([row for life in lives for row in life.inputs])
        height, width = self._size
        return FileFaces(width, height, faces, inputs, self.now_s)

    def _shown(self, image: RgbImage, moment: Moment, vector: Embedding) -> NDArray[np.generic]:
        if self._wanted.kind == "embedding":
            return vector
        from facegui.imaging.picture import WholePicture

        return shown(WholePicture(image), moment, self._wanted, self._finder)

    def _new_life(self) -> _Life:
        self._lives.append(_Life())
        return self._lives[-1]
