"""Real models on 12-megapixel photos: decoded only as finely as needed, they measure the same."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.detection.analyser import LocalAnalyser
from facegui.domain.entities import FaceProposal, PhotoHashes
from facegui.domain.ports import ModelStore
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import decode, decode_bytes
from facegui.imaging.picture import PhotoPicture

pytestmark = [pytest.mark.models, pytest.mark.photos]

WIDTH, HEIGHT = 4000, 3000


@pytest.fixture(scope="module")
def analyser(models: ModelStore) -> LocalAnalyser:
    return LocalAnalyser(models, hash_crop=photo_hashes)


@pytest.fixture(scope="module")
def originals(photos: Path) -> list[Path]:
    truth = json.loads((photos / "messy/truth.json").read_text("utf-8"))
    kept = (name for name, entry in sorted(truth.items()) if entry["kind"] == "original")
    return [photos / "messy/photos" / name for name in kept]


def side_by_side(files: list[Path], across: int) -> bytes:
    """A 12-megapixel JPEG of *across* × *across* photos."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), (90, 110, 120))
    cell = WIDTH // across, HEIGHT // across
    for n, file in enumerate(files[: across**2]):
        photo = Image.fromarray(decode(file).image)
        scale = min(cell[0] / photo.width, cell[1] / photo.height)
        size = (int(photo.width * scale), int(photo.height * scale))
        canvas.paste(photo.resize(size), (n % across * cell[0], n // across * cell[1]))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@dataclass(frozen=True)
class Pair:
    """One face, measured with all pixels and with as many as it needs."""

    whole: FaceProposal
    lazy: FaceProposal

    @property
    def box_moved(self) -> float:
        """The side that moved most, as a share of the box's width."""
        one, other = self.whole.box, self.lazy.box
        sides = ((one.x1, other.x1), (one.y1, other.y1), (one.x2, other.x2), (one.y2, other.y2))
        return max(abs(a - b) for a, b in sides) / one.width

    @property
    def likeness(self) -> float:
        return float(self.whole.embedding @ self.lazy.embedding)

    @property
    def pose_moved(self) -> float:
        one, other = self.whole.pose, self.lazy.pose
        return max(
            abs(a - b)
            for a, b in ((one.roll, other.roll), (one.pan, other.pan), (one.tilt, other.tilt))
        )


def both_ways(analyser: LocalAnalyser, data: bytes) -> tuple[list[Pair], PhotoPicture]:
    whole = analyser.analyse(decode_bytes(data, "whole.jpg").image).faces
    picture = PhotoPicture(data, "lazy.jpg")
    lazy = analyser.analyse(picture).faces
    assert len(whole) == len(lazy) > 0
    pairs = [Pair(face, max(lazy, key=lambda other: face.box.iou(other.box))) for face in whole]
    assert all(pair.whole.box.iou(pair.lazy.box) > 0.9 for pair in pairs)
    return pairs, picture


def test_a_portrait_is_never_decoded_whole_and_measures_the_same(
    analyser: LocalAnalyser, originals: list[Path]
) -> None:
    pairs: list[Pair] = []
    reduced = 0
    for file in originals[::45]:
        found, picture = both_ways(analyser, side_by_side([file], 1))
        large = [pair for pair in found if pair.whole.box.width > 900]
        pairs += large
        reduced += picture.at_least(0.3).shape[1] < WIDTH
    assert len(pairs) >= 4
    assert reduced >= 4
    assert max(pair.box_moved for pair in pairs) < 0.01
    assert min(pair.likeness for pair in pairs) > 0.98
    assert max(pair.pose_moved for pair in pairs) < 2
    sharper = [pair.lazy.sharpness - pair.whole.sharpness for pair in pairs]
    assert max(abs(difference) for difference in sharper) < 4  # as between sizes of one photo


def test_small_faces_have_the_photo_decoded_whole_and_measure_the_same(
    analyser: LocalAnalyser, originals: list[Path]
) -> None:
    pairs: list[Pair] = []
    for first in (0, 90):
        found, picture = both_ways(analyser, side_by_side(originals[first::9][:9], 3))
        pairs += found
        assert picture.at_least(1).shape == (HEIGHT, WIDTH, 3)
    assert len(pairs) >= 16
    assert np.percentile([pair.box_moved for pair in pairs], 90) < 0.015
    assert np.percentile([pair.likeness for pair in pairs], 10) > 0.98
    assert max(pair.pose_moved for pair in pairs) < 2


def test_the_hash_of_a_reduced_photo_is_that_of_the_whole_one_to_a_bit_or_two(
    originals: list[Path],
) -> None:
    def bits(one: PhotoHashes, other: PhotoHashes) -> int:
        return (one.phash ^ other.phash).bit_count()

    apart = []
    for file in originals[::30]:
        data = side_by_side([file], 1)
        reduced = PhotoPicture(data, file).first
        assert reduced.scale < 1
        apart.append(
            bits(photo_hashes(reduced.image), photo_hashes(decode_bytes(data, file).image))
        )
    assert max(apart) <= 2
