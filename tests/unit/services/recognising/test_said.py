"""The owner's word on recognised faces wins over the model's, wherever the face was seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.corrections import Source, Truth, Verdict
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.services.libraries import Library
from facegui.services.recognising.corrections_write import Corrector
from facegui.services.recognising.said import with_said
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.corrections import BOB, asked_in
from tests.fakes.faces import fake_tools, picture
from tests.fakes.recognised import face, seen
from tests.fakes.square_library import (
    ALONE,
    COLOURS,
    LEFT,
    RIGHT,
    square_library,
    write_square,
)
from tests.fakes.videos import write_avi

CID = Truth(Verdict.IS, "Cid")
NOT_BOB = Truth(Verdict.NOT, "Bob")
STRANGER = Truth(Verdict.STRANGER)


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
def corrector(library: Library, tools: Tools) -> Corrector:
    return Corrector(library, tools)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    people = {name: COLOURS[name] for name in ("Ann", "Bob")}
    return write_colour_bundle(tmp_path / "two.facebundle", people)


def as_recognised(path: Path, *faces: RecognisedFace) -> RecognisedPhoto:
    return RecognisedPhoto(str(path), 160, 96, None, faces)


def files(_path: Path) -> bool:
    return False


def pasted(_path: Path) -> bool:
    return True


@pytest.mark.parametrize(
    ("said", "model", "name"),
    [
        (None, "Bob", "Bob"),
        (Truth(Verdict.IS, "Cid"), "Bob", "Cid"),
        (Truth(Verdict.IS, "Cid"), None, "Cid"),
        (STRANGER, "Bob", None),
        (NOT_BOB, "Bob", None),
        (NOT_BOB, "Ann", "Ann"),
    ],
)
def test_the_owner_is_right(said: Truth | None, model: str | None, name: str | None) -> None:
    one = replace(face(model, "Bob", similarity=0.41), said=said)
    assert (one.name, one.standing.name) == (name, name)
    assert one.unsure is (said is None)
    assert one.identity.name == model


def test_the_face_that_was_corrected_says_so_and_no_other(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path
) -> None:
    both = write_square(tmp_path / "elsewhere" / "both.png", "Ann", "Cid")
    left, right = replace(face("Ann"), box=LEFT), replace(face("Bob"), box=RIGHT)
    known = as_recognised(both, left, right)
    untouched = as_recognised(tmp_path / "photos" / "Ann" / "1.png", left)
    assert with_said(library, [known], files)[0] is known
    corrector.correct(asked_in(bundle, both, RIGHT), CID)
    now, same = with_said(library, [known, untouched], files)
    assert [one.said for one in now.faces] == [None, CID]
    assert same is untouched
    library.undo()
    assert with_said(library, [now], files) == [known]


def test_a_pasted_picture(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path
) -> None:
    picture_file = write_square(tmp_path / "pasted.png", "Cid")
    corrector.correct(asked_in(bundle, picture_file, source=Source.PASTE), STRANGER)
    known = as_recognised(picture_file, replace(face("Bob"), box=ALONE))
    (now,) = with_said(library, [known], pasted)
    assert now.faces[0].said == STRANGER
    assert with_said(library, [known], files)[0] is known
    picture_file.unlink()
    assert with_said(library, [known], pasted)[0] is known


def test_a_face_of_a_video_is_whom_one_of_its_frames_was_said_to_be(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path
) -> None:
    frame = picture((20, 20, COLOURS["Cid"]), side=40)
    film = write_avi(tmp_path / "film.avi", [frame] * 60)
    corrector.correct(asked_in(bundle, film, source=Source.VIDEO, identity=BOB), NOT_BOB)
    one = replace(face("Bob"), box=ALONE)
    there, elsewhere = seen(one, 1.5, 2.0), seen(one, 1.75, 2.0)
    known = replace(as_recognised(film, there, elsewhere), duration_s=3.0)
    (now,) = with_said(library, [known], files)
    assert [one.said for one in now.faces] == [NOT_BOB, None]
