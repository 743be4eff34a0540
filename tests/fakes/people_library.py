"""A real library of made-up people: named ones, some without a name, a wrong name, a stranger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from facegui.domain.queries import NewPhoto
from facegui.services.libraries import Library, create_library
from tests.fakes.gallery import Vectors, faces_of
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import COLOURS, LEFT, write_photo

ANN_UNNAMED, BOB_UNNAMED, SWAPPED = (9, 10), 11, 15
STRANGERS = (12, 13, 14)


def people_library(folder: Path) -> Library:
    """Faces 1 to 4 are Ann's, 5 to 8 Bob's, each alone in a photo of that folder.

    Without a name: 9 and 10, who are Ann, 11, who is Bob, and 12 to 14, who are a third person.
    Face 15 is Bob's, and named after Ann.
    """
    ann, bob, third = faces_of(1, 6), faces_of(2, 6), faces_of(3, 3)
    photos: list[tuple[str | None, Vectors]] = [("Ann", face) for face in ann[:4]]
    photos += [("Bob", face) for face in bob[:4]]
    photos += [(None, face) for face in (*ann[4:], bob[4], *third)]
    photos.append(("Ann", bob[5]))
    files = [
        NewPhoto(str(write_photo(folder / f"{n:02}.png", COLOURS[n % 4])), name, 1, 1)
        for n, (name, _) in enumerate(photos)
    ]
    library = create_library(folder / "People.facegui")
    ids = library.add_photos(files).added
    library.store_scans(
        [
            scanned(photo_id, [replace(proposal(LEFT), embedding=vector)])
            for photo_id, (_, vector) in zip(ids, photos, strict=True)
        ]
    )
    return library
