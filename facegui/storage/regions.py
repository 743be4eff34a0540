"""Faces that lists and manifests say are in photos; kept until a scan has looked for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from facegui.domain.entities import Region, RegionSource
from facegui.domain.geometry import Box
from facegui.storage.rows import clean_text, ids_parameter


def of_photos(
    connection: sqlite3.Connection, photo_ids: Iterable[int]
) -> dict[int, tuple[Region, ...]]:
    """What is said of each photo; photos of which nothing is said are left out."""
    rows = connection.execute(
        "SELECT photo_id, x1, y1, x2, y2, name, source FROM regions "
        "WHERE photo_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_parameter(photo_ids),),
    )
    found: dict[int, tuple[Region, ...]] = {}
    for photo_id, *box, name, source in rows:
        region = Region(Box(*box), name, RegionSource(source))
        found[photo_id] = (*found.get(photo_id, ()), region)
    return found


def say(connection: sqlite3.Connection, photo_id: int, said: Sequence[Region]) -> bool:
    """Keeps what is *said* of a photo, in place of what the same sources said before.

    Returns:
        Whether that is news.
    """
    if not said:
        return False
    said = [replace(region, name=region.name and clean_text(region.name)) for region in said]
    sources = {region.source for region in said}
    before = of_photos(connection, [photo_id]).get(photo_id, ())
    if [region for region in before if region.source in sources] == said:
        return False
    connection.executemany(
        "DELETE FROM regions WHERE photo_id = ? AND source = ?",
        [(photo_id, source.value) for source in sources],
    )
    connection.executemany(
        "INSERT INTO regions (photo_id, x1, y1, x2, y2, name, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                photo_id,
                *(region.box.x1, region.box.y1, region.box.x2, region.box.y2),
                *(region.name, region.source.value),
            )
            for region in said
        ],
    )
    return True
