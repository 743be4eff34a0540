"""Frames of a video on the disk while the owner looks at who is in it, and how they are named."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from facegui.domain.entities import RgbImage
from facegui.files import file_faults, write_atomic
from facegui.services.libraries import Library

JPEG_QUALITY = 95

_FOLDER = "video"  # in the cache of the library


@dataclass(slots=True)
class VideoStage:
    """Frames in the cache for as long as some track keeps them, one file each, by their time."""

    folder: Path
    held: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library) -> VideoStage:
        """The library's, as it stands."""
        return cls(library.cache_dir / _FOLDER)

    @classmethod
    def new(cls, library: Library) -> VideoStage:
        """An empty one; what was left of another video goes."""
        stage = cls.of(library)
        stage.clear()
        with file_faults(stage.folder):
            stage.folder.mkdir(parents=True)
        return stage

    def file(self, at_ms: int) -> Path:
        """Where the frame is kept, if it is."""
        return self.folder / f"{at_ms}.jpg"

    def hold(self, at_ms: int, image: RgbImage) -> None:
        """Keep a frame for one track more.

        Raises:
            StorageFault: the disk is full.
        """
        if at_ms not in self.held:
            from facegui.imaging.thumbnail import jpeg_bytes

            write_atomic(self.file(at_ms), jpeg_bytes(image, JPEG_QUALITY), durable=False)
        self.held[at_ms] = self.held.get(at_ms, 0) + 1

    def release(self, at_ms: int) -> None:
        """One track needs the frame no longer; without any it goes."""
        self.held[at_ms] -= 1
        if not self.held[at_ms]:
            del self.held[at_ms]
            with suppress(OSError):
                self.file(at_ms).unlink(missing_ok=True)

    def clear(self) -> None:
        """Let go of every frame."""
        shutil.rmtree(self.folder, ignore_errors=True)


def clock(seconds: float) -> str:
    """A time in a video as in a file name: ``000102.345``, hours, minutes, seconds."""
    whole, thousandths = divmod(milliseconds(seconds), 1000)
    return f"{whole // 3600:02}{whole // 60 % 60:02}{whole % 60:02}.{thousandths:03}"


def milliseconds(seconds: float) -> int:
    """What tells the frames of one video apart."""
    return round(seconds * 1000)
