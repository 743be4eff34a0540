"""Who was seen when: a list that the owner can turn on, in a folder of the owner's choice.

A visit begins when somebody is recognised, or an unknown person has got a number, and ends when
nobody has seen them for `GAP_S`. Then it becomes a line of ``seen.csv``, with a small picture
beside it. Nothing else is kept and nothing leaves the machine.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from facegui.domain.entities import RgbImage
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.files import file_faults, write_atomic
from facegui.services.csv_text import csv_text
from facegui.services.recognising.live_watch import LiveFrame, SeenFace

GAP_S = 10.0
"""Absence that ends a visit."""

FILE_NAME = "seen.csv"
CROPS_NAME = "seen_faces"
COLUMNS = ("person", "from", "until", "picture")
MOST_SHOWN = 200

_CROP_PX, _CROP_MARGIN = 112, 0.25
_BETTER_BY = 1.2  # a crop replaces one that is so many times worse


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """Somebody was there.

    Attributes:
        person: a name, or *Unknown* and a number, which holds while the program runs.
        crop: the clearest face of it, 112 × 112; None where its picture has gone.
        ended: whether it is over.
    """

    person: str
    since: datetime
    until: datetime
    crop: RgbImage | None
    ended: bool


@dataclass(slots=True)
class _Open:
    """A visit that goes on; *worth* is how good its crop is."""

    visit: Visit
    worth: float


class SeenLog:
    """The log in one folder. Frames come on one thread; everything else may be asked on any."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """A log that is read from *folder* at once, in the background.

        Args:
            folder: where ``seen.csv`` is or will be.
            clock: the time of day, with its zone.
        """
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, _Open] = {}
        self._past: list[Visit] = []
        self._failure: FaceGuiError | None = None
        self._closed = False
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="facegui-seen-log")
        self._submit(self._read)

    @property
    def failure(self) -> FaceGuiError | None:
        """Why a visit could not be written."""
        return self._failure

    def visits(self) -> tuple[Visit, ...]:
        """The newest visits, those that go on first."""
        with self._lock:
            going_on = [entry.visit for entry in self._open.values()]
            return (*reversed(going_on), *reversed(self._past[-MOST_SHOWN:]))

    def see(self, frame: LiveFrame) -> None:
        """Take down who is in *frame*, and end the visits of those who have been away."""
        now = self._clock()
        with self._lock:
            if self._closed:
                return
            for face in frame.faces:
                person = person_of(face)
                if person is not None:
                    self._note(person, face, frame.image, now)
            away = [
                person
                for person, entry in self._open.items()
                if (now - entry.visit.until).total_seconds() > GAP_S
            ]
            for person in away:
                self._end(self._open.pop(person).visit)

    def close(self) -> None:
        """End all visits and wait until they are on the disk."""
        with self._lock:
            self._closed = True
            for entry in self._open.values():
                self._end(entry.visit)
            self._open.clear()
        self._disk.shutdown(wait=True)

    def delete(self) -> None:
        """Remove everything that was ever kept in this folder; visits that go on begin anew."""
        with self._lock:
            self._open.clear()
            self._past.clear()
            self._submit(lambda: delete_log(self._folder))

    def _note(self, person: str, face: SeenFace, image: RgbImage, now: datetime) -> None:
        from facegui.imaging.align import box_crop

        entry = self._open.get(person)
        worth = face.score * face.box.area
        if entry is None:
            crop = box_crop(image, face.box, _CROP_PX, _CROP_MARGIN)
            self._open[person] = _Open(Visit(person, now, now, crop, ended=False), worth)
            return
        entry.visit = replace(entry.visit, until=now)
        if worth > _BETTER_BY * entry.worth:
            crop = box_crop(image, face.box, _CROP_PX, _CROP_MARGIN)
            entry.visit, entry.worth = replace(entry.visit, crop=crop), worth

    def _end(self, visit: Visit) -> None:
        done = replace(visit, ended=True)
        self._past.append(done)
        del self._past[:-MOST_SHOWN]
        self._submit(lambda: _append(self._folder, done))

    def _submit(self, job: Callable[[], object]) -> None:
        self._disk.submit(job).add_done_callback(self._written)

    def _written(self, done: Future[object]) -> None:
        error = done.exception()
        if isinstance(error, FaceGuiError):
            self._failure = error

    def _read(self) -> None:
        earlier = read_log(self._folder)
        with self._lock:
            self._past = [*earlier, *self._past][-MOST_SHOWN:]


def person_of(face: SeenFace) -> str | None:
    """Under which name *face* is taken down; None while nobody can say."""
    if face.identity is None or face.doubted:
        return None
    if face.identity.name is not None:
        return face.identity.name
    return None if face.stranger is None else tr("Unknown {n}", n=face.stranger)


def read_log(folder: Path) -> list[Visit]:
    """The last visits kept in *folder*, oldest first; lines that make no sense are passed over."""
    try:
        text = (folder / FILE_NAME).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    visits = []
    for row in list(csv.reader(io.StringIO(text)))[-MOST_SHOWN:]:
        with suppress(ValueError):
            person, since, until, picture = row
            moments = datetime.fromisoformat(since), datetime.fromisoformat(until)
            crop = _crop(folder / CROPS_NAME / Path(picture).name)
            visits.append(Visit(person, *moments, crop, ended=True))
    return visits


def delete_log(folder: Path) -> None:
    """Remove the log in *folder*, and nothing else that lies there.

    Raises:
        StorageFault: a file cannot be removed.
    """
    crops = folder / CROPS_NAME
    with file_faults(crops):
        for path in crops.glob("seen *.jpg"):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # absent, or something of the owner's lies in it
            crops.rmdir()
    with file_faults(folder / FILE_NAME):
        (folder / FILE_NAME).unlink(missing_ok=True)


def _append(folder: Path, visit: Visit) -> None:
    from facegui.imaging.thumbnail import jpeg_bytes

    crops, file = folder / CROPS_NAME, folder / FILE_NAME
    assert visit.crop is not None
    with file_faults(crops):
        crops.mkdir(parents=True, exist_ok=True)
        name = _free_name(crops, visit.since)
    write_atomic(crops / name, jpeg_bytes(visit.crop), durable=False)
    times = (moment.isoformat(timespec="seconds") for moment in (visit.since, visit.until))
    row = (visit.person, *times, f"{CROPS_NAME}/{name}")
    with file_faults(file):
        new = not file.exists()
        with file.open("a", encoding="utf-8", newline="") as lines:
            lines.write(csv_text([COLUMNS, row] if new else [row]))


def _free_name(crops: Path, moment: datetime) -> str:
    number = 1
    while (crops / (name := f"seen {moment:%Y-%m-%d %H.%M.%S} {number}.jpg")).exists():
        number += 1
    return name


def _crop(path: Path) -> RgbImage | None:
    from facegui.domain.errors import ImageError
    from facegui.imaging.decode import decode

    try:
        return decode(path).image
    except (ImageError, OSError):
        return None
