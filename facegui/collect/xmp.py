"""Face regions that other programs left in or beside a photo, as `Region`s in upright pixels.

Three schemas of XMP (ISO 16684-1) are read: the Metadata Working Group's ``mwg-rs`` (digiKam,
Lightroom, Picasa, Apple), Microsoft's ``MPReg`` (Windows Live Photo Gallery, digiKam) and
ACDSee's ``acdsee-rs``; from the photo's own packet and from the sidecars ``photo.jpg.xmp`` and
``photo.xmp``. Picasa's ``.picasa.ini`` is read by `facegui.collect.picasa`.

The MWG's guidelines (version 2.0, 5.9) say that areas lie on the picture as it is stored, before
EXIF orientation; digiKam and Lightroom do so. Some others write them for the picture as it is
shown. ``AppliedToDimensions`` tells the two apart where orientation swaps the sides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from facegui.collect.foreign import Rect, box_of, person_name, small_file, upright
from facegui.collect.picasa import picasa_regions
from facegui.domain.entities import Region, RegionSource

MAX_PACKET_BYTES = 8 * 2**20
"""Larger packets are passed over; regions of a hundred faces take 60 kB."""

MAX_REGIONS = 500
"""More faces than that on one photo are not read."""

SAME_PLACE_IOU = 0.5
"""Two schemas' rectangles that overlap so much are one region."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_MP = "{http://ns.microsoft.com/photo/1.2/}"
_MPRI = "{http://ns.microsoft.com/photo/1.2/t/RegionInfo#}"
_MPREG = "{http://ns.microsoft.com/photo/1.2/t/Region#}"


@dataclass(frozen=True, slots=True)
class _Schema:
    """The names of one of the two schemas that are built alike: centre and size, 0 to 1."""

    regions: str
    area: str
    dimensions: str
    areas: tuple[str, ...]


_SCHEMAS = (
    _Schema(
        "{http://www.metadataworkinggroup.com/schemas/regions/}",
        "{http://ns.adobe.com/xmp/sType/Area#}",
        "{http://ns.adobe.com/xap/1.0/sType/Dimensions#}",
        ("Area",),
    ),
    _Schema(
        "{http://ns.acdsee.com/regions/}",
        "{http://ns.acdsee.com/sType/Area#}",
        "{http://ns.acdsee.com/sType/Dimensions#}",
        ("DLYArea", "ALGArea"),  # drawn by hand, found by the machine
    ),
)


def regions_of(
    path: Path, packet: bytes | None, width: int, height: int, orientation: int
) -> tuple[Region, ...]:
    """The regions of the photo *path*: in its sidecars, in itself, and in Picasa's file beside it.

    Args:
        path: the photo.
        packet: the XMP packet inside the photo, if any.
        width: of the upright picture, in pixels.
        height: of the upright picture, in pixels.
        orientation: EXIF, 1 to 8, that made the stored picture upright.

    Returns:
        One region for each place; what comes first in the order above wins. Metadata that is
        damaged, hostile or too large counts as absent: the photo itself is still good.
    """
    packets = [*_sidecars(path), packet]
    found = [
        region
        for one in packets
        if one is not None
        for region in regions_in(one, width, height, orientation)
    ]
    found += picasa_regions(path, width, height, orientation)
    return _distinct(found)


def regions_in(packet: bytes, width: int, height: int, orientation: int) -> tuple[Region, ...]:
    """The regions in one XMP *packet*; see `regions_of` for the rest."""
    if len(packet) > MAX_PACKET_BYTES:
        return ()
    try:
        root = fromstring(packet.strip(b"\0 \t\r\n"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):  # damaged, hostile, foreign
        return ()
    regions = []
    for name, rect, as_shown in _declared(root, width, height, orientation):
        box = box_of(rect if as_shown else upright(rect, orientation), width, height)
        if box is not None:
            regions.append(Region(box, name, RegionSource.XMP))
        if len(regions) >= MAX_REGIONS:
            break
    return _distinct(regions)


def _declared(
    root: Element, width: int, height: int, orientation: int
) -> Iterator[tuple[str | None, Rect, bool]]:
    """Name, rectangle, and whether it lies on the picture as shown, of every face in *root*."""
    for schema in _SCHEMAS:
        for info in _structs(root, f"{schema.regions}Regions"):
            applied = _fields(info.get(f"{schema.regions}AppliedToDimensions"))
            shown = _is_as_shown(
                _number(applied.get(f"{schema.dimensions}w")),
                _number(applied.get(f"{schema.dimensions}h")),
                (width, height),
                orientation,
            )
            for item in _items(info.get(f"{schema.regions}RegionList")):
                face = _centred_face(_fields(item), schema)
                if face is not None:
                    yield *face, shown
    for info in _structs(root, f"{_MP}RegionInfo"):
        for item in _items(info.get(f"{_MPRI}Regions")):
            fields = _fields(item)
            rect = _corner_rect(_text(fields.get(f"{_MPREG}Rectangle")))
            if rect is not None:
                yield person_name(_text(fields.get(f"{_MPREG}PersonDisplayName"))), rect, False


def _centred_face(fields: _Struct, schema: _Schema) -> tuple[str | None, Rect] | None:
    """Name and rectangle of one region that is a face; None for pets, focus points and damage."""
    kind = _text(fields.get(f"{schema.regions}Type"))
    if kind not in {"", "Face"}:
        return None
    if _text(fields.get(f"{schema.regions}NameAssignType")) == "denied":  # ACDSee: not a face
        return None
    for area_name in schema.areas:
        area = _fields(fields.get(schema.regions + area_name))
        if _text(area.get(f"{schema.area}unit")) not in {"", "normalized"}:
            continue
        x, y, w, h = (_number(area.get(schema.area + key)) for key in "xywh")
        if x is not None and y is not None and w is not None and h is not None:
            rect = Rect(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
            return person_name(_text(fields.get(f"{schema.regions}Name"))), rect
    return None


def _corner_rect(text: str) -> Rect | None:
    """Microsoft's ``left, top, width, height``."""
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) != 4 or any(number is None for number in numbers):  # noqa: PLR2004 - as above
        return None
    x, y, w, h = (number for number in numbers if number is not None)
    return Rect(x, y, x + w, y + h)


# Where the areas lie


def _is_as_shown(
    w: float | None, h: float | None, shown_px: tuple[int, int], orientation: int
) -> bool:
    """Whether a picture of *w* × *h* is the one that is shown and not the one that is stored."""
    if orientation <= 4 or w is None or h is None or min(w, h) < 1:  # noqa: PLR2004 - 5 to 8 swap
        return False
    applied, shown = math.log(w) - math.log(h), math.log(shown_px[0] / shown_px[1])
    return abs(applied - shown) < abs(applied + shown)


def _distinct(regions: list[Region]) -> tuple[Region, ...]:
    """One region for each place, the first one's; it takes a name over where it has none."""
    kept: list[Region] = []
    for region in regions:
        for n, other in enumerate(kept):
            if region.box.iou(other.box) >= SAME_PLACE_IOU:
                if other.name is None and region.name is not None:
                    kept[n] = Region(other.box, region.name, other.source)
                break
        else:
            kept.append(region)
    return tuple(kept)


def _sidecars(path: Path) -> Iterator[bytes]:
    """``photo.jpg.xmp``, as digiKam writes it, or else ``photo.xmp``, as Adobe does."""
    for beside in (path.with_name(f"{path.name}.xmp"), path.with_suffix(".xmp")):
        content = small_file(beside, MAX_PACKET_BYTES)
        if content is not None:
            yield content
            return


# RDF: a structure's fields are attributes, children, or children of an rdf:Description inside

_Value = Element | str | None
_Struct = dict[str, Element | str]


def _structs(root: Element, tag: str) -> Iterator[_Struct]:
    for element in root.iter(tag):
        yield _fields(element)


def _fields(value: _Value) -> _Struct:
    """The fields of a structure by name; none for a plain text."""
    if value is None or isinstance(value, str):
        return {}
    parts = [value, *value.findall(f"{_RDF}Description")]
    found: _Struct = {}
    for part in parts:
        found.update(part.attrib)
        found.update((child.tag, child) for child in part)
    return found


def _items(value: _Value) -> Iterator[Element]:
    """The members of a bag or sequence."""
    if value is not None and not isinstance(value, str):
        yield from value.iterfind(f"*/{_RDF}li")


def _text(value: _Value) -> str:
    text = value if isinstance(value, str) else "" if value is None else value.text
    return (text or "").strip()


def _number(value: _Value) -> float | None:
    try:
        number = float(_text(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
