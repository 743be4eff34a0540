"""Where downloaded photos lie in a library, and under which names."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facegui.collect.download_journal import DownloadJournal
from facegui.collect.download_queue import Finished
from facegui.domain.web_list import FetchResult, UrlRow
from facegui.files import file_faults, replace_file
from facegui.services.libraries import Library
from facegui.storage.names import safe_name

QUARANTINE = "quarantine"

_JOURNAL = "downloads.jsonl"
_PARTS = "downloads"
_SUFFIXES = {"JPEG": "jpg", "MPO": "jpg", "TIFF": "tif", "HEIF": "heic"}


def journal_of(library: Library) -> DownloadJournal:
    """The library's journal of what became of each address."""
    return DownloadJournal(library.path / _JOURNAL)


class WebFiles:
    """The files of one library's downloads."""

    def __init__(self, library: Library) -> None:
        self._root = library.path
        self._photos = library.photos_dir
        self._parts = library.cache_dir / _PARTS
        self._present: dict[Path, dict[str, Path]] = {}

    @contextmanager
    def parts(self) -> Iterator[Path]:
        """An empty folder for unfinished files, gone with them when the block ends."""
        shutil.rmtree(self._parts, ignore_errors=True)  # what a killed download left
        with file_faults(self._parts):
            self._parts.mkdir(parents=True)
        try:
            yield self._parts
        finally:
            shutil.rmtree(self._parts, ignore_errors=True)

    def find(self, row: UrlRow) -> Path | None:
        """The photo of *row* if it is there, though nobody may have noted it."""
        folder = self._photos / safe_name(row.person)
        if folder not in self._present:
            with file_faults(folder):
                files = folder.iterdir() if folder.is_dir() else ()
                self._present[folder] = {file.stem: file for file in files}
        return self._present[folder].get(_stem(row))

    def keep(self, row: UrlRow, finished: Finished) -> Path:
        """Move what was fetched for *row* to its place.

        Raises:
            StorageFault: the disk refuses.
        """
        assert finished.file is not None
        good = finished.result is FetchResult.DONE
        folder = (self._photos if good else self._root / QUARANTINE) / safe_name(row.person)
        suffix = _SUFFIXES.get(finished.format, finished.format.lower())
        target = folder / f"{_stem(row)}.{suffix}"
        with file_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        replace_file(finished.file, target)
        return target

    def relative(self, file: Path) -> str:
        """How the journal names *file*, so that the library may be moved."""
        return file.relative_to(self._root).as_posix()


def _stem(row: UrlRow) -> str:
    """A name that stays the same for an address and differs between any two."""
    digest = hashlib.sha256(row.url.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return digest if row.number is None else f"{row.number:05}-{digest}"
