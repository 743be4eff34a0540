"""What became of each address so far: a file of JSON lines that only grows, the last word counts.

Whatever is killed while writing leaves at most half a line at the end, which is passed over. The
rows behind it are asked for again; their photos, if they had come, are found by their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from facegui.domain.web_list import FetchResult, WebPhoto
from facegui.files import file_faults, write_atomic


class DownloadJournal:
    """The journal in *file*, which need not exist yet."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> dict[str, WebPhoto]:
        """What was last noted of each address, in the order in which they were first noted.

        Raises:
            StorageFault: the file cannot be read.
        """
        found: dict[str, WebPhoto] = {}
        with file_faults(self._file):
            if not self._file.exists():
                return found
            with self._file.open("rb") as lines:
                for line in lines:
                    photo = _photo(line)
                    if photo is not None:
                        found[photo.url] = photo
        return found

    def append(self, photos: Iterable[WebPhoto]) -> None:
        """Note what became of *photos*; safe from a kill when this returns.

        Raises:
            StorageFault: disk full, permission or input/output error.
        """
        lines = [json.dumps({**asdict(photo), "result": photo.result.value}) for photo in photos]
        with file_faults(self._file), self._file.open("ab+") as file:
            if file.tell():
                file.seek(-1, 2)
                if file.read(1) != b"\n":
                    file.write(b"\n")  # after half a line
            file.write("".join(f"{line}\n" for line in lines).encode())

    def forget(self, person: str) -> None:
        """Keep no line on photos of *person*.

        Raises:
            StorageFault: disk full, permission or input/output error; the file is as it was.
        """
        if self._file.exists():
            with file_faults(self._file):
                lines = self._file.read_bytes().splitlines(keepends=True)
            noted = ((line, _photo(line)) for line in lines)
            kept = [line for line, photo in noted if photo and photo.person != person]
            write_atomic(self._file, b"".join(kept))


def _photo(line: bytes) -> WebPhoto | None:
    try:
        values = json.loads(line)
        return WebPhoto(**{**values, "result": FetchResult(values["result"])})
    except (ValueError, TypeError, KeyError):
        return None
