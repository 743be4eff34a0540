"""One photo on its way: what is hashed of it is the picture standing upright."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import NullControl
from facegui.domain.entities import Analysis, PhotoStatus, RgbImage, ScannedPhoto
from facegui.domain.geometry import Box
from facegui.domain.ports import Picture
from facegui.duplicates.hashing import photo_hashes
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import create_library
from facegui.services.scanning.room import Room
from facegui.services.scanning.scan_photo import read_photo, scan_photo


class Turned:
    """An analyser that finds no face, but which way is up."""

    version = "turned-1"

    def __init__(self, rotation: int) -> None:
        self.rotation = rotation

    def analyse(self, image: RgbImage | Picture) -> Analysis:
        return Analysis((), self.rotation)

    def measure_at(self, image: RgbImage, box: Box) -> None:
        raise AssertionError("no region was given")


def scanned(folder: Path, image: RgbImage, rotation: int) -> ScannedPhoto:
    Image.fromarray(image).save(folder / "it.png")
    with create_library(folder / "Mine.facegui") as library:
        import_photos(library, ImportRequest((folder / "it.png",)), NullControl())
        (photo,) = library.photos(library.photo_ids())
        return scan_photo(photo, lambda: read_photo(photo), Turned(rotation), Room(1 << 30), ())


@pytest.mark.parametrize(("rotation", "quarters"), [(0, 0), (90, 1), (180, 2), (270, 3)])
def test_a_picture_on_its_side_is_hashed_as_it_stands(
    tmp_path: Path, rotation: int, quarters: int
) -> None:
    rng = np.random.default_rng(2)
    small = Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    image = np.asarray(small.resize((400, 300), Image.Resampling.BICUBIC))
    lying = np.ascontiguousarray(np.rot90(image, quarters))

    found = scanned(tmp_path, lying, rotation)

    assert found.status is PhotoStatus.OK
    assert found.rotation == rotation
    assert found.hashes == photo_hashes(image)
    assert (found.width, found.height) == lying.shape[1::-1]
