"""Boxes and names as JSON: COCO's detection format, and labelme's one file for each photo.

COCO: ``images``, ``annotations`` with ``bbox`` [left, top, width, height] in pixels, and
``categories``, which are the people (cocodataset.org, format-data). labelme: ``shapes`` with
``points``; rectangles, circles and polygons count by the box around them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from facegui.collect.foreign import person_name
from facegui.collect.manifest import ListedPhoto, Manifest, Problem, Unusable, listed_photo, merged
from facegui.domain.entities import FaceState, Region, RegionSource
from facegui.domain.errors import OwnerError
from facegui.domain.geometry import Box
from facegui.domain.text import tr

T = TypeVar("T")

NOBODY = "face"
"""The category or label of a face without a name."""

_NOBODY = frozenset({NOBODY, "faces", "person", "people", "head", "human", "unknown", "object"})
_NOT_KEPT = frozenset({FaceState.REJECTED.value, FaceState.IGNORED.value})
_MAX_PX = 1e6
_SHAPES = frozenset({"rectangle", "polygon", "circle"})


def read_json(data: bytes, path: Path) -> Manifest:
    """The list in *data*; *path* is where it came from, and where relative paths start.

    Raises:
        OwnerError: not JSON, or neither COCO nor labelme.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise OwnerError(
            tr("{path} is not JSON: {error}.", path=path, error=error),
            tr("Export it again from the program that wrote it."),
        ) from error
    if isinstance(content, dict) and isinstance(content.get("shapes"), list):
        return _labelme(content, path)
    if isinstance(content, dict) and all(
        isinstance(content.get(part), list) for part in ("images", "annotations", "categories")
    ):
        return _coco(content, path)
    raise OwnerError(
        tr("{path} is neither a COCO nor a labelme file.", path=path),
        tr("COCO has images, annotations and categories; labelme has shapes."),
    )


def _refuse_constant(name: str) -> float:
    raise ValueError(tr("{name} is not a number", name=name))


# COCO


def _coco(content: dict[str, Any], path: Path) -> Manifest:
    problems: list[Problem] = []

    def report(part: str, number: int, why: Unusable) -> None:
        place = tr("{path}, {part}[{n}]", path=path.name, part=part, n=number)
        problems.append(Problem(place, str(why)))

    names: dict[int | str, str | None] = {}
    for number, category in enumerate(content["categories"]):
        try:
            names[_id(category, "id")] = _person(_entry(category, "name", str))
        except Unusable as why:
            report("categories", number, why)
    regions: dict[int | str, list[Region]] = {}
    for number, annotation in enumerate(content["annotations"]):
        try:
            image_id = _id(annotation, "image_id")
            regions.setdefault(image_id, []).extend(_annotated(annotation, names))
        except Unusable as why:
            report("annotations", number, why)
    photos: list[ListedPhoto] = []
    for number, image in enumerate(content["images"]):
        try:
            said = regions.pop(_id(image, "id"), [])
            inside = [r for r in said if not _outside(r, image.get("width"), image.get("height"))]
            if len(inside) < len(said):
                report("images", number, Unusable(_outside_text()))
            photos.append(listed_photo(_entry(image, "file_name", str), path.parent, None, inside))
        except Unusable as why:
            report("images", number, why)
    for image_id in regions:
        reason = tr("annotations of an image that is not listed: {id}", id=str(image_id)[:40])
        problems.append(Problem(path.name, reason))
    return Manifest(merged(photos), tuple(problems))


def _annotated(annotation: Any, names: dict[int | str, str | None]) -> Iterator[Region]:
    """The face of one annotation; none for one that its own program did not keep."""
    attributes = annotation.get("attributes")
    if isinstance(attributes, dict) and str(attributes.get("state")) in _NOT_KEPT:
        return
    category = _id(annotation, "category_id")
    if category not in names:
        raise Unusable(tr("there is no category {id}", id=category))
    if annotation.get("iscrowd") not in (None, 0, False):
        raise Unusable(tr("a crowd, not a face"))
    left, top, width, height = _numbers(annotation.get("bbox"), 4)
    yield Region(
        _box(left, top, left + width, top + height), names[category], RegionSource.MANIFEST
    )


# labelme


def _labelme(content: dict[str, Any], path: Path) -> Manifest:
    problems: list[Problem] = []
    regions: list[Region] = []
    for number, shape in enumerate(content["shapes"]):
        try:
            name = _person(_entry(shape, "label", str))
            region = Region(_shape_box(shape), name, RegionSource.MANIFEST)
            if _outside(region, content.get("imageWidth"), content.get("imageHeight")):
                raise Unusable(_outside_text())  # noqa: TRY301 - one way to report
            regions.append(region)
        except Unusable as why:
            place = tr("{path}, {part}[{n}]", path=path.name, part="shapes", n=number)
            problems.append(Problem(place, str(why)))
    photos = []
    try:
        photos.append(listed_photo(_entry(content, "imagePath", str), path.parent, None, regions))
    except Unusable as why:
        problems.append(Problem(path.name, str(why)))
    return Manifest(tuple(photos), tuple(problems))


def _shape_box(shape: dict[str, Any]) -> Box:
    kind = str(shape.get("shape_type", "polygon"))
    points = shape.get("points")
    if kind not in _SHAPES:
        raise Unusable(tr("a {kind} is no box around a face", kind=kind[:40]))
    if not isinstance(points, list) or len(points) < 2:  # noqa: PLR2004 - a line at least
        raise Unusable(tr("there are too few points"))
    places = [_numbers(point, 2) for point in points]
    if kind == "circle":  # its centre, and a point on it
        (x, y), edge = places[0], places[1]
        radius = math.dist((x, y), edge)
        return _box(x - radius, y - radius, x + radius, y + radius)
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return _box(min(xs), min(ys), max(xs), max(ys))


# Both


def _outside_text() -> str:
    return tr("a box lies outside the picture")


def _outside(region: Region, width: object, height: object) -> bool:
    """Whether nothing of a box is within the size that the list itself states."""
    if not (isinstance(width, int) and isinstance(height, int)) or min(width, height) < 1:
        return False
    return region.box.clipped(min(width, _MAX_PX), min(height, _MAX_PX)).area <= 0


def _box(x1: float, y1: float, x2: float, y2: float) -> Box:
    if not (x2 - x1 >= 1 and y2 - y1 >= 1 and max(map(abs, (x1, y1, x2, y2))) <= _MAX_PX):
        raise Unusable(tr("the box is empty or beyond all bounds"))
    return Box(x1, y1, x2, y2)


def _person(written: str) -> str | None:
    """The name; None for a general word, which only says that a face is there."""
    name = person_name(written)
    if name is None:
        raise Unusable(tr("there is no name, or it is damaged"))
    return None if name.casefold() in _NOBODY else name


def _entry(thing: Any, key: str, kind: type[T]) -> T:
    value = thing.get(key) if isinstance(thing, dict) else None
    if not isinstance(value, kind):
        raise Unusable(tr("{key} is missing or of the wrong type", key=key))
    return value


def _id(thing: Any, key: str) -> int | str:
    """A number by the format's definition; some programs write texts."""
    value = thing.get(key) if isinstance(thing, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Unusable(tr("{key} is missing or of the wrong type", key=key))
    return value


def _numbers(value: Any, n: int) -> list[float]:
    """Exactly *n* finite numbers."""
    if not isinstance(value, list) or len(value) != n:
        raise Unusable(tr("there should be {n} numbers", n=n))
    if any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in value):
        raise Unusable(tr("there should be {n} numbers", n=n))
    numbers = [float(v) if abs(v) <= _MAX_PX else math.inf for v in value]
    if not all(map(math.isfinite, numbers)):
        raise Unusable(tr("a number is beyond all bounds"))
    return numbers
