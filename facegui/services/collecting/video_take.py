"""Taking frames of the people wanted out of a video that has been looked through.

A file lies in ``photos/`` in the library, in a folder of its person, or of its video where it shows
several or somebody without a name, and is called ``<video>_<hhmmss.mmm>_t<track>.jpg``. It is added
with a region around each wanted face, so that the right one is picked among several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.control import Control, Progress
from facegui.domain.entities import Region, RegionSource
from facegui.domain.queries import NewPhoto
from facegui.domain.text import tr
from facegui.files import file_faults, replace_file
from facegui.services.collecting.shots import Shot
from facegui.services.collecting.video import VideoFindings
from facegui.services.collecting.video_stage import VideoStage, clock, milliseconds
from facegui.services.libraries import Library
from facegui.storage.names import safe_name

PHOTOS_FOLDER = "photos"
"""In a library: the pictures that this program made itself."""

_BATCH = 50
_TOLD_TRACKS = 5


@dataclass(frozen=True, slots=True)
class TakeRequest:
    """Which tracks to take.

    Attributes:
        names: who each wanted track is, by number; None where that is not known.
    """

    findings: VideoFindings
    names: Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class TakeReport:
    """What was taken.

    Attributes:
        added_ids: the new photos.
        known: photos that were in the library already.
        shared: photos that show more than one of the people wanted.
    """

    added_ids: tuple[int, ...]
    known: int
    shared: int


def take_tracks(library: Library, request: TakeRequest, control: Control) -> TakeReport:
    """Put the frames of the wanted tracks into the library's ``photos/``; Stop keeps those done.

    Partial results are tuples of ids of new photos.

    Raises:
        StorageFault: the disk is full.
    """
    stage = VideoStage.of(library)
    frames = _wanted_frames(request)
    added: list[int] = []
    known = shared = 0
    for start in range(0, len(frames), _BATCH):
        if control.cancelled():
            break
        batch = [
            _new_photo(library, stage, request.findings.path, at_ms, views)
            for at_ms, views in frames[start : start + _BATCH]
        ]
        put = library.add_photos([photo for photo in batch if photo is not None])
        added += put.added
        known += len(put.known)
        shared += sum(len(views) > 1 for _, views in frames[start : start + _BATCH])
        control.partial(tuple(put.added))
        control.report(Progress(start + len(batch), len(frames), tr("Taking photos")))
    else:
        stage.clear()
    return TakeReport(tuple(added), known, shared)


_View = tuple[int, str | None, Shot]
"""A track's number, its name, and its view."""


def _wanted_frames(request: TakeRequest) -> list[tuple[int, list[_View]]]:
    """Each frame to take once, with everybody wanted in it, in order of time."""
    frames: dict[int, list[_View]] = {}
    for track in request.findings.tracks:
        if track.number in request.names:
            name = request.names[track.number]
            for shot in track.shots:
                frames.setdefault(milliseconds(shot.time_s), []).append((track.number, name, shot))
    return sorted(frames.items())


def _new_photo(
    library: Library, stage: VideoStage, video: Path, at_ms: int, views: Sequence[_View]
) -> NewPhoto | None:
    """Move a frame to its place; None where the owner has emptied the cache meanwhile."""
    names = {name for _, name, _ in views}
    person = names.pop() if len(names) == 1 else None
    folder = library.path / PHOTOS_FOLDER / safe_name(person or video.stem)
    tracks = "".join(f"_t{number}" for number, _, _ in views[:_TOLD_TRACKS])
    stem = f"{safe_name(video.stem)}_{clock(at_ms / 1000)}{tracks}"
    source = stage.file(at_ms)
    if not source.exists():
        return None
    with file_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        target = _free_place(folder, stem, source)
    replace_file(source, target)
    status = target.stat()
    regions = tuple(Region(shot.box, name, RegionSource.MANIFEST) for _, name, shot in views)
    return NewPhoto(str(target), person, status.st_size, status.st_mtime_ns, regions)


def _free_place(folder: Path, stem: str, source: Path) -> Path:
    """A name that is free, or that of the very same picture taken before."""
    target, number = folder / f"{stem}.jpg", 2
    while target.exists() and target.read_bytes() != source.read_bytes():
        target = folder / f"{stem} ({number}).jpg"
        number += 1
    return target
