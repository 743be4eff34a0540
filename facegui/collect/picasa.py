"""Faces in Picasa's ``.picasa.ini``: one file in each folder of photos, never in the photos.

A photo's section holds ``faces=rect64(<hex>),<contact>;…``. The hexadecimal number is four 16-bit
fractions of the sides: left, top, right, bottom, without leading zeros, on the picture as it is
stored. ``[Contacts2]`` gives the contacts' names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from facegui.collect.foreign import Rect, box_of, person_name, small_file, upright
from facegui.domain.entities import Region, RegionSource

FILE_NAME = ".picasa.ini"
MAX_BYTES = 16 * 2**20

_FACE = re.compile(r"rect64\(([0-9a-fA-F]{1,16})\),([0-9a-fA-F]{1,16})")
_FULL = 65535
_MAX_FACES = 500

_Sections = dict[str, dict[str, str]]


def picasa_regions(path: Path, width: int, height: int, orientation: int) -> list[Region]:
    """What Picasa noted about the photo *path*, whose upright picture is *width* × *height*."""
    file = path.with_name(FILE_NAME)
    try:
        stamp = file.stat()
    except (OSError, ValueError):
        return []
    sections = _sections(str(file), stamp.st_size, stamp.st_mtime_ns)
    contacts = sections.get("contacts2", {})
    faces = sections.get(path.name.casefold(), {}).get("faces", "")
    regions = []
    for number, contact in _FACE.findall(faces)[:_MAX_FACES]:
        box = box_of(upright(_rect(number), orientation), width, height)
        if box is not None:
            name = person_name(contacts.get(contact.casefold(), "").partition(";")[0])
            regions.append(Region(box, name, RegionSource.XMP))
    return regions


def _rect(number: str) -> Rect:
    digits = number.zfill(16)
    return Rect(*(int(digits[at : at + 4], 16) / _FULL for at in range(0, 16, 4)))


@lru_cache(maxsize=16)  # photos of one folder are scanned together
def _sections(file: str, _size: int, _mtime_ns: int) -> _Sections:
    """Every section's keys and values; names in lower case, as Windows takes them."""
    content = small_file(Path(file), MAX_BYTES) or b""
    found: _Sections = {}
    current: dict[str, str] = {}
    for line in content.decode("utf-8-sig", "replace").splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            current = found.setdefault(stripped[1:-1].casefold(), {})
        else:
            key, equals, value = stripped.partition("=")
            if equals:
                current[key.strip().casefold()] = value.strip()
    return found
