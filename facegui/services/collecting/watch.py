"""New photos in watched folders, noticed by themselves and told once they have been written.

The system tells that something changed (inotify, FSEvents, ReadDirectoryChangesW, through
watchdog); what changed is found by walking the folder, as an import does. Network drives often
tell nothing, so every folder is walked now and then as well. A file counts as written when its
size and time have stayed the same for a while.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_CREATED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_MOVED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from facegui.collect.folders import LIBRARY_SUFFIX, Found, walk
from facegui.domain.entities import PhotoStatus
from facegui.domain.errors import LibraryError, StorageFault
from facegui.domain.queries import AddedPhotos, NewPhoto
from facegui.services.collecting.folders import Folder, folders
from facegui.services.libraries import Library

SETTLE_S = 2.0
"""How long size and time of a file must have stayed before it is taken."""

WALK_EVERY_S = 60.0
"""How often folders are walked when nothing was told of them."""

_REST = 10  # of the time, at most a tenth goes into walking large folders
_STILL_WRITING = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp", ".opdownload"})
_TELLING = frozenset(
    {EVENT_TYPE_CLOSED, EVENT_TYPE_CREATED, EVENT_TYPE_MODIFIED, EVENT_TYPE_MOVED}
)  # not that somebody, such as our own scan, opened or read a file

logging.getLogger("watchdog").setLevel(logging.ERROR)  # a folder that vanishes is no news


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Files in *folder* that the library does not have as they are now."""

    folder: Folder
    found: tuple[Found, ...]


class Settling:
    """Tells files that have been written from those that are still growing; not thread-safe."""

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._since: dict[str, tuple[int, int, float]] = {}

    def __len__(self) -> int:
        """How many files are still being waited for."""
        return len(self._since)

    def has_settled(self, found: Found, now: float) -> bool:
        """Whether *found* has looked the same since long enough ago; *now* in seconds."""
        size, mtime, since = self._since.get(found.path, (-1, -1, now))
        if (size, mtime) != (found.size_bytes, found.mtime_ns):
            self._since[found.path] = (found.size_bytes, found.mtime_ns, now)
            return False
        if now - since < self._settle_s:
            return False
        del self._since[found.path]
        return True

    def keep_only(self, paths: set[str]) -> None:
        """Stop waiting for files that have gone."""
        for path in self._since.keys() - paths:
            del self._since[path]


class FolderWatch:
    """Watches folders on a thread of its own until it is closed."""

    def __init__(
        self,
        watched: Sequence[Folder],
        is_known: Callable[[Found], bool],
        arrived: Callable[[Arrivals], None],
        *,
        settle_s: float = SETTLE_S,
        walk_every_s: float = WALK_EVERY_S,
    ) -> None:
        """Start watching.

        Args:
            watched: the folders.
            is_known: whether the library has a file as it is; may raise once it is closed.
            arrived: called on the watching thread.
            settle_s: how long a file must have stayed the same.
            walk_every_s: how often to look unasked.
        """
        self._watched = tuple(watched)
        self._is_known = is_known
        self._arrived = arrived
        self._settle_s = settle_s
        self._walk_every_s = walk_every_s
        self._settling = Settling(settle_s)
        self._seen: dict[str, tuple[int, int]] = {}
        self._observed: set[Folder] = set()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="facegui-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching, without waiting: the thread may hang in a network drive for a while."""
        self._closed.set()
        self._wake.set()

    def _run(self) -> None:
        observer = Observer()
        observer.start()
        try:
            while not self._closed.is_set():
                self._observe(observer)
                began = time.monotonic()
                self._look()
                self._closed.wait(self._settle_s / 4 + _REST * (time.monotonic() - began))
                self._wake.wait(self._settle_s if self._settling else self._walk_every_s)
                self._wake.clear()
        except (LibraryError, StorageFault):
            pass  # the library was closed while we looked into it
        finally:
            observer.stop()
            observer.join()

    def _observe(self, observer: BaseObserver) -> None:
        """Ask to be told of each folder that is there; the others are walked until they come."""
        for folder in self._watched:
            if folder not in self._observed and folder.path.is_dir():
                try:
                    observer.schedule(_Waker(self._wake), str(folder.path), recursive=True)
                except OSError:  # no more watches: the walks have to do
                    continue
                self._observed.add(folder)

    def _look(self) -> None:
        present: set[str] = set()
        for folder in self._watched:
            ready = []
            for found in walk(folder.path):
                if self._closed.is_set():
                    return
                if isinstance(found, Found) and self._is_news(found):
                    present.add(found.path)
                    if self._settling.has_settled(found, time.monotonic()):
                        self._seen[found.path] = (found.size_bytes, found.mtime_ns)
                        ready.append(found)
            if ready:
                self._arrived(Arrivals(folder, tuple(ready)))
        self._settling.keep_only(present)

    def _is_news(self, found: Found) -> bool:
        stamp = (found.size_bytes, found.mtime_ns)
        if self._seen.get(found.path) == stamp:
            return False
        if PurePath(found.path).suffix.casefold() in _STILL_WRITING:
            return False
        if self._is_known(found):
            self._seen[found.path] = stamp
            return False
        return True


class _Waker(FileSystemEventHandler):
    """Wakes the watch; what happened is of no interest."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        ours = LIBRARY_SUFFIX in str(event.src_path)  # a library writes all the time
        if event.event_type in _TELLING and not ours:
            self._wake.set()


def watch_library(library: Library, arrived: Callable[[Arrivals], None]) -> FolderWatch | None:
    """Watch the ticked folders of *library*; None when there are none, or it may not be written."""
    live = [folder for folder in folders(library) if folder.live]
    if not live or library.read_only:
        return None

    def is_known(found: Found) -> bool:
        photo = library.photo_by_path(found.path)
        return (
            photo is not None
            and photo.status is not PhotoStatus.MISSING
            and (photo.size_bytes, photo.mtime_ns) == (found.size_bytes, found.mtime_ns)
        )

    return FolderWatch(live, is_known, arrived)


def add_arrivals(library: Library, arrivals: Arrivals) -> AddedPhotos:
    """Put what arrived into the library, as an import of its folder would."""
    return library.add_photos(
        NewPhoto(
            found.path,
            arrivals.folder.person or found.folder_name,
            found.size_bytes,
            found.mtime_ns,
        )
        for found in arrivals.found
    )
