"""Pictures into a video file, in the best format that this build of OpenCV can write."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np

from facegui.domain.entities import RgbImage
from facegui.domain.errors import StorageFault
from facegui.domain.text import tr
from facegui.files import file_faults, replace_file
from facegui.imaging.cv import cv2

_FORMATS = ((".mp4", "avc1"), (".mp4", "mp4v"), (".avi", "MJPG"))
"""Endings and codecs, best first: H.264 plays everywhere, motion JPEG is in every build."""

_TRIED_SIZE = (64, 48)


class VideoFile:
    """A video being written; the file appears under its name when it is whole.

    Until then it lies beside it as a hidden ``.part``, which is left behind if the program is
    killed. Not thread-safe.
    """

    def __init__(self, stem: Path, size: tuple[int, int], fps: float) -> None:
        """Begin a file.

        Args:
            stem: the path without an ending, which is the format's.
            size: width and height of the pictures; made even, as codecs want it.
            fps: pictures a second.

        Raises:
            StorageFault: the folder cannot be written, or no format can.
        """
        ending, codec = _best_format()
        self.path = stem.with_name(stem.name + ending)
        self._unfinished = stem.with_name(f".{stem.name}.part{ending}")
        self._size = size[0] // 2 * 2, size[1] // 2 * 2
        with file_faults(self.path):
            self._unfinished.touch()  # OpenCV does not say why it cannot
        fourcc = cv2.VideoWriter.fourcc(*codec)
        self._writer = cv2.VideoWriter(str(self._unfinished), fourcc, fps, self._size)
        if not self._writer.isOpened():
            raise _unwritable(self.path)

    def write(self, picture: RgbImage) -> None:
        """Add *picture*; one of another size is made to fit."""
        if picture.shape[1::-1] != self._size:
            picture = np.asarray(cv2.resize(picture, self._size), np.uint8)
        self._writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))

    def close(self) -> Path:
        """Make the file whole and give it its name.

        Raises:
            StorageFault: the disk is full.
        """
        self._writer.release()
        if not _plays(self._unfinished):
            self._unfinished.unlink(missing_ok=True)
            raise _unwritable(self.path)
        replace_file(self._unfinished, self.path)
        return self.path

    def __enter__(self) -> VideoFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()


def _unwritable(path: Path) -> StorageFault:
    return StorageFault(
        tr("The video {path} could not be written.", path=path),
        tr("Check that the disk is not full and that you may write there, then try again."),
    )


@functools.cache
def _best_format() -> tuple[str, str]:
    """The first of `_FORMATS` that comes back as it was written."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    told = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        return _first_that_plays()
    finally:
        cv2.utils.logging.setLogLevel(told)


def _first_that_plays() -> tuple[str, str]:
    for ending, codec in _FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"try{ending}"
            fourcc = cv2.VideoWriter.fourcc(*codec)
            writer = cv2.VideoWriter(str(path), fourcc, 25.0, _TRIED_SIZE)
            for grey in (0, 120, 240):
                writer.write(np.full((*_TRIED_SIZE[::-1], 3), grey, np.uint8))
            writer.release()
            if _plays(path):
                return ending, codec
    raise StorageFault(tr("This build of OpenCV cannot write videos."))


def _plays(path: Path) -> bool:
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    there, _ = capture.read()
    capture.release()
    return bool(there)
