"""A correction becomes a face of the library, wherever it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.corrections import Correction, Source, Truth, Verdict
from facegui.domain.entities import Decision, Face
from facegui.domain.errors import BundleError, ImageError, LibraryError
from facegui.domain.geometry import Box
from facegui.services.libraries import Library
from facegui.services.recognising.corrections import correction_of, kept_pictures, sweep
from facegui.services.recognising.corrections_write import Corrector
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.corrections import UNKNOWN, asked_in
from tests.fakes.faces import colour_embedding, fake_tools, picture
from tests.fakes.square_library import ALONE, COLOURS, RIGHT, square_library, write_square
from tests.fakes.videos import write_avi

CID = Truth(Verdict.IS, "Cid")
NOT_ANN = Truth(Verdict.NOT, "Ann")
STRANGER = Truth(Verdict.STRANGER)
FRAME = picture((20, 20, COLOURS["Cid"]), side=40)


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


@pytest.fixture
def party(tmp_path: Path) -> Path:
    """A photo of Cid that is not in the library."""
    return write_square(tmp_path / "elsewhere" / "party.png", "Cid")


def only(library: Library) -> Correction:
    (one,) = library.corrections()
    return one


def face_of(library: Library, one: Correction) -> Face:
    (face,) = library.faces([one.face_id])
    return face


def test_a_photo_that_is_new_comes_into_the_library_where_it_lies(
    library: Library, corrector: Corrector, bundle: Path, party: Path
) -> None:
    content = party.read_bytes()
    asked = asked_in(bundle, party)
    assert correction_of(library, asked) is None
    corrector.correct(asked, CID)
    one = only(library)
    assert one == correction_of(library, asked)
    assert (one.path, one.truth, one.provenance.source) == (str(party), CID, Source.FILE)
    assert (one.provenance.answer.name, one.provenance.run) == ("Bob", None)
    assert len(one.provenance.model) == 64
    face = face_of(library, one)
    assert (face.decision, face.drawn, face.box) == (Decision.KEEP, False, ALONE)
    assert library.embeddings([face.id])[0] == pytest.approx(colour_embedding(COLOURS["Cid"]))
    assert kept_pictures(library) == []
    assert party.read_bytes() == content
    library.undo()
    assert correction_of(library, asked) is None
    assert library.photo_by_path(str(party)) is None


def test_a_photo_of_the_library_gives_its_own_face(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path
) -> None:
    known = tmp_path / "photos" / "Ann" / "1.png"
    before = len(library.face_ids())
    corrector.correct(asked_in(bundle, known, Box(22, 18, 61, 60)), NOT_ANN)
    assert only(library).path == str(known)
    assert face_of(library, only(library)).person_id is None
    assert len(library.face_ids()) == before


def test_only_the_face_that_was_meant_is_named(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path
) -> None:
    both = write_square(tmp_path / "elsewhere" / "both.png", "Ann", "Cid")
    corrector.correct(asked_in(bundle, both, RIGHT), CID)
    photo = library.photo_by_path(str(both))
    assert photo is not None
    names = {person.id: person.name for person in library.people()}
    found = library.faces_of_photos([photo.id])[photo.id]
    named = {face.box.x1: names.get(face.person_id or 0) for face in found}
    assert named == {10: None, 90: "Cid"}


def test_a_face_that_the_scan_does_not_find_is_kept_as_drawn(
    library: Library, corrector: Corrector, bundle: Path, party: Path
) -> None:
    corrector.correct(asked_in(bundle, party, Box(100, 10, 140, 60)), STRANGER)
    face = face_of(library, only(library))
    assert (face.drawn, face.decision) == (True, Decision.IGNORE)


@pytest.mark.parametrize("source", [Source.PASTE, Source.LIVE, Source.VIDEO])
def test_what_is_no_file_of_the_owners_is_kept_once_in_the_library(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path, source: Source
) -> None:
    path = {
        Source.PASTE: lambda: write_square(tmp_path / "tmp" / "Pasted picture 1.png", "Cid"),
        Source.LIVE: lambda: None,
        Source.VIDEO: lambda: write_avi(tmp_path / "Cid.avi", [FRAME] * 60, fps=15),
    }[source]()
    asked = asked_in(bundle, path, source=source, frame=FRAME, identity=UNKNOWN)
    for truth in (STRANGER, CID):
        corrector.correct(asked, truth)
        assert correction_of(library, asked) == only(library)
    (kept,) = kept_pictures(library)
    assert kept.name.startswith(f"{source.value}_")
    one = only(library)
    assert (one.path, one.truth) == (str(kept), CID)
    origin = {Source.PASTE: "", Source.LIVE: "camera 0", Source.VIDEO: str(path)}[source]
    assert (one.provenance.source, one.provenance.origin) == (source, origin)
    assert (one.provenance.answer.name, one.provenance.answer.candidate) == (None, "Bob")
    seen = library.embeddings([one.face_id])[0]
    assert float(np.dot(seen, colour_embedding(COLOURS["Cid"]))) > 0.98


def test_a_kept_picture_goes_once_its_correction_cannot_be_done_again(
    library: Library, corrector: Corrector, bundle: Path, party: Path
) -> None:
    asked = asked_in(bundle, None, source=Source.LIVE, frame=FRAME)
    corrector.correct(asked, CID)
    library.undo()
    sweep(library, kept_pictures(library))
    assert len(kept_pictures(library)) == 1
    library.redo()
    assert only(library).truth == CID
    library.undo()
    corrector.correct(asked_in(bundle, party), STRANGER)
    assert kept_pictures(library) == []


def test_a_photo_that_changed_since_its_scan_is_looked_at_again(
    library: Library, corrector: Corrector, bundle: Path, tmp_path: Path
) -> None:
    known = write_square(tmp_path / "photos" / "Ann" / "1.png", "Ann", "Cid")
    corrector.correct(asked_in(bundle, known, RIGHT), CID)
    assert face_of(library, only(library)).box == RIGHT


def test_what_cannot_be_read_is_told_and_changes_nothing(
    library: Library, corrector: Corrector, bundle: Path, party: Path, tmp_path: Path
) -> None:
    with pytest.raises(ImageError, match="not there"):
        corrector.correct(asked_in(bundle, tmp_path / "gone.png"), CID)
    party.write_bytes(b"no picture")
    with pytest.raises(ImageError, match=r"party\.png"):
        corrector.correct(asked_in(bundle, party), CID)
    with pytest.raises(BundleError):
        corrector.correct(asked_in(tmp_path / "gone.facebundle", party), CID)
    assert library.corrections() == []
    assert library.photo_by_path(str(party)) is None


def test_a_library_for_viewing_takes_none_and_gets_no_file(
    library: Library, tools: Tools, bundle: Path, party: Path
) -> None:
    with Library.open(library.path, read_only=True) as viewed:
        corrector = Corrector(viewed, tools)
        for asked in (
            asked_in(bundle, party),
            asked_in(bundle, None, source=Source.LIVE, frame=FRAME),
        ):
            with pytest.raises(LibraryError, match="viewing only"):
                corrector.correct(asked, CID)
    assert kept_pictures(library) == []
