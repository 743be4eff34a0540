"""A box that the owner draws is measured, or kept as it is where no face can be made out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.entities import Photo
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box
from facegui.services.libraries import Library
from facegui.services.reviewing.faces import BoxMeasurer
from facegui.services.scanning.detection_settings import detect_options, keep_detect_options
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import colour_embedding, fake_tools
from tests.fakes.square_library import ALONE, COLOURS, square_library

NOWHERE = Box(100, 10, 140, 60)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with square_library(tmp_path) as made:
        yield made


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools(analyser=SquareAnalyser)
    yield made
    made.close()


@pytest.fixture
def photo(library: Library) -> Photo:
    return next(p for p in library.photos(library.photo_ids()) if p.path.endswith("Ann/1.png"))


def test_a_face_is_measured_in_exactly_the_box_that_was_drawn(
    library: Library, tools: Tools, photo: Photo
) -> None:
    drawn = Box(15, 12, 66, 70)
    measured = BoxMeasurer(library, tools).measure(photo, drawn)
    assert measured.made_out
    assert measured.face.box == drawn
    assert measured.face.landmarks.nose == pytest.approx((40, 44))
    assert measured.face.sharpness == 100.0
    assert measured.face.embedding.tolist() == colour_embedding(COLOURS["Ann"]).tolist()


def test_where_nobody_is_seen_the_box_gets_the_usual_landmarks(
    library: Library, tools: Tools, photo: Photo
) -> None:
    measured = BoxMeasurer(library, tools).measure(photo, NOWHERE)
    assert not measured.made_out
    face = measured.face
    assert (face.box, face.score, face.presence) == (NOWHERE, 0.0, None)
    assert face.brightness == 0.0
    eyes, nose, mouth = face.landmarks.right_eye, face.landmarks.nose, face.landmarks.left_mouth
    assert eyes.y < nose.y < mouth.y
    assert all(100 < x < 140 and 10 < y < 60 for x, y in face.landmarks)
    assert face.detector == "squares-1"


@pytest.mark.parametrize(("rotation", "down"), [(90, (1, 0)), (180, (0, -1)), (270, (-1, 0))])
def test_in_a_photo_that_lies_on_its_side_the_usual_landmarks_do_too(
    library: Library, tools: Tools, photo: Photo, rotation: int, down: tuple[int, int]
) -> None:
    """Turned clockwise by 90 the picture stands, so in the file the mouth is to the right."""
    photo = replace(photo, rotation=rotation)
    face = BoxMeasurer(library, tools).measure(photo, NOWHERE).face
    eyes = np.mean([face.landmarks.right_eye, face.landmarks.left_eye], axis=0)
    mouth = np.mean([face.landmarks.right_mouth, face.landmarks.left_mouth], axis=0)
    assert np.sign(np.round(mouth - eyes, 6)).tolist() == list(down)
    assert all(100 < x < 140 and 10 < y < 60 for x, y in face.landmarks)


def test_a_box_that_reaches_beyond_the_photo_is_cut(
    library: Library, tools: Tools, photo: Photo
) -> None:
    measured = BoxMeasurer(library, tools).measure(photo, Box(-30, -30, 60, 60))
    assert measured.face.box == Box(0, 0, 60, 60)
    with pytest.raises(ImageError, match="outside"):
        BoxMeasurer(library, tools).measure(photo, Box(-30, -30, -10, -10))


def test_a_file_that_is_another_one_now_is_refused(
    library: Library, tools: Tools, photo: Photo
) -> None:
    other = next(p for p in library.photos(library.photo_ids()) if p.path.endswith("Bob/1.png"))
    Path(photo.path).write_bytes(Path(other.path).read_bytes())
    with pytest.raises(ImageError, match="scan it again"):
        BoxMeasurer(library, tools).measure(photo, ALONE)


def test_a_file_that_has_gone_is_told_by_name(library: Library, tools: Tools, photo: Photo) -> None:
    Path(photo.path).unlink()
    with pytest.raises(ImageError, match=r"1\.png.*not there"):
        BoxMeasurer(library, tools).measure(photo, ALONE)


def test_one_analyser_serves_every_box_and_looks_as_hard_as_the_library_says(
    library: Library, photo: Photo
) -> None:
    made: list[SquareAnalyser] = []

    def analyser(options: object) -> SquareAnalyser:
        made.append(SquareAnalyser(options))  # type: ignore[arg-type]
        return made[-1]

    keep_detect_options(library, replace(detect_options(library), min_score=0.5))
    tools = fake_tools(analyser=analyser)
    measurer = BoxMeasurer(library, tools)
    assert made == []
    for _ in range(3):
        measurer.measure(photo, ALONE)
    tools.close()
    (one,) = made
    assert one.options is not None
    assert one.options.min_score == 0.5
