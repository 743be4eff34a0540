from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from facegui.domain.entities import (
    Decision,
    FaceProposal,
    FaceState,
    NameSource,
    Region,
    RegionSource,
)
from facegui.domain.errors import LibraryError
from facegui.domain.geometry import Box, Pose
from facegui.domain.queries import FaceCounts, FaceFilter, FaceGroup, FaceOrder, NewPhoto, Section
from facegui.domain.rules import Rule
from facegui.storage import Library
from tests.fakes.proposals import proposal, scanned, unit_vector


def test_a_face_comes_back_as_it_was_measured(library: Library) -> None:
    (photo_id,) = library.add_photos([("/a.jpg", None, 1, 1)]).added
    put = proposal(Box(1.25, 2.5, 101.125, 152.0625), seed=3, pose=Pose(0.1, -0.2, 0.3))
    library.store_scans([scanned(photo_id, [put])])
    (face,) = library.faces(library.face_ids())
    for name in ("box", "landmarks", "score", "pose", "sharpness", "brightness", "contrast"):
        assert getattr(face, name) == getattr(put, name)
    assert (face.hashes, face.detector) == (put.hashes, put.detector)
    assert (face.photo_id, face.person_id, face.name_source) == (photo_id, None, None)
    assert (face.decision, face.failed, face.state) == (Decision.UNDECIDED, (), FaceState.KEPT)


def test_faces_of_photos_are_grouped_best_first(filled: Library) -> None:
    ids = filled.photo_ids()
    found = filled.faces_of_photos([*ids, 9999])
    assert found.pop(9999) == []
    assert sorted(len(faces) for faces in found.values()) == [1, 1, 1, 1, 1, 2]
    pair = next(faces for faces in found.values() if len(faces) == 2)
    assert pair[0].score > pair[1].score


def test_embeddings_are_row_for_row_with_the_ids(filled: Library) -> None:
    ids = filled.face_ids()[::-1]
    vectors = filled.embeddings([*ids, ids[0]])
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(ids) + 1, 128)
    np.testing.assert_array_equal(vectors[0], vectors[-1])
    last_lone = filled.faces_of_photos([5])[5][0].id
    np.testing.assert_array_equal(filled.embeddings([last_lone])[0], unit_vector(5))
    assert filled.embeddings([]).shape == (0, 128)


def test_embeddings_of_a_face_that_is_gone_are_refused(filled: Library) -> None:
    with pytest.raises(LibraryError, match="no longer"):
        filled.embeddings([*filled.face_ids(), 9999])


def test_face_hashes_leave_out_unreadable_photos(filled: Library) -> None:
    photo = filled.photos(filled.photo_ids())[0]
    everyone = filled.face_hashes()
    filled.mark_missing([photo.id])
    assert len(filled.face_hashes().ids) == len(everyone.ids) - 1
    assert everyone.phash.dtype == np.uint64


DAY_NS = 24 * 3600 * 10**9


def varied_face(n: int) -> FaceProposal:
    face = proposal(
        Box(0, 0, 40 + (n * 5) % 8 * 10, 150),
        seed=n,
        score=0.5 + (n * 3) % 8 / 20,
        sharpness=float((n * 7) % 8),
        pose=Pose((n * 5) % 8 - 4.0, 30.0 if n % 2 else 0.0, 4.0 - (n * 3) % 8),
    )
    face = replace(face, brightness=float((n * 3) % 8), contrast=float((n * 5) % 8))
    names = ("smile", "eyes_closed", "mouth_open", "sunglasses", "chroma_spread")
    measures = {name: (n * step) % 8 / 8 for name, step in zip(names, (1, 3, 5, 7, 9), strict=True)}
    return face if n == 7 else replace(face, **measures)


@pytest.fixture
def varied(library: Library) -> Library:
    """Eight lone faces that differ in everything a filter or an order looks at.

    Of the last one nothing optional could be measured.
    """
    files = [(f"/p/{9 - n}.jpg", ("Ann", "Bob", None)[n % 3], 1, n * DAY_NS) for n in range(8)]
    ids = library.add_photos(files).added
    scans = [
        replace(scanned(photo_id, [varied_face(n)]), mtime_ns=n // 3 * DAY_NS)
        for n, photo_id in enumerate(ids)
    ]
    library.store_scans(scans)
    faces = library.face_ids(FaceFilter(order=FaceOrder.ADDED))
    library.decide(faces[1:2], Decision.KEEP)
    library.decide(faces[2:3], Decision.REJECT)
    library.decide(faces[4:5], Decision.IGNORE)
    library.move_person(next(p.id for p in library.people() if p.name == "Bob"), 0)
    return library


@pytest.mark.parametrize("order", list(FaceOrder))
@pytest.mark.parametrize("descending", [False, True])
def test_every_order(varied: Library, order: FaceOrder, descending: bool) -> None:
    faces = varied.faces(varied.face_ids(FaceFilter(order=order, descending=descending)))
    paths = {photo.id: photo.path for photo in varied.photos(varied.photo_ids())}
    positions = {person.id: person.position for person in varied.people()}
    keys = {
        FaceOrder.PHOTO: lambda f: paths[f.photo_id],
        FaceOrder.PERSON: lambda f: positions.get(f.person_id, 99),
        FaceOrder.SCORE: lambda f: f.score,
        FaceOrder.SHARPNESS: lambda f: f.sharpness,
        FaceOrder.SIZE: lambda f: min(f.box.width, f.box.height),
        FaceOrder.BRIGHTNESS: lambda f: f.brightness,
        FaceOrder.CONTRAST: lambda f: f.contrast,
        FaceOrder.ROLL: lambda f: abs(f.pose.roll),
        FaceOrder.PAN: lambda f: abs(f.pose.pan),
        FaceOrder.TILT: lambda f: abs(f.pose.tilt),
        FaceOrder.SMILE: lambda f: f.smile,
        FaceOrder.EYES_CLOSED: lambda f: f.eyes_closed,
        FaceOrder.MOUTH_OPEN: lambda f: f.mouth_open,
        FaceOrder.SUNGLASSES: lambda f: f.sunglasses,
        FaceOrder.COLOUR: lambda f: f.chroma_spread,
        FaceOrder.ADDED: lambda f: f.id,
    }
    assert len(faces) == 8
    values = [keys[order](face) for face in faces]
    unmeasured = values.count(None)
    assert None not in values[: 8 - unmeasured]
    values = values[: 8 - unmeasured]
    assert values == sorted(values, reverse=descending)
    assert len(set(values)) > 1


CONDITIONS = [
    ({"named": True}, lambda f: f.person_id is not None),
    ({"named": False}, lambda f: f.person_id is None),
    ({"states": (FaceState.KEPT,)}, lambda f: f.state is FaceState.KEPT),
    (
        {"states": (FaceState.REJECTED, FaceState.IGNORED)},
        lambda f: f.state is not FaceState.KEPT,
    ),
    ({"decisions": (Decision.UNDECIDED,)}, lambda f: f.decision is Decision.UNDECIDED),
    ({"failing": Rule.PAN}, lambda f: "pan" in f.failed),
    ({"failing": Rule.ROLL}, lambda f: False),
    ({"person_id": 1}, lambda f: f.person_id == 1),
    ({"photo_id": 3}, lambda f: f.photo_id == 3),
    ({"search": "/p/9"}, lambda f: f.photo_id == 1),
    ({"search": "bob"}, lambda f: f.person_id == 1),
]


def test_filters_alone_and_together(varied: Library) -> None:
    faces = varied.faces(varied.face_ids())
    pairs = itertools.combinations_with_replacement(CONDITIONS, 2)
    for (one, one_holds), (other, other_holds) in pairs:
        if one is other or not one.keys() & other.keys():
            expected = [face.id for face in faces if one_holds(face) and other_holds(face)]
            wanted = FaceFilter(**{**one, **other})  # type: ignore[arg-type]
            assert varied.face_ids(wanted) == expected, wanted


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", [FaceOrder.PHOTO, FaceOrder.SCORE])
def test_the_first_few_are_the_start_of_them_all(
    varied: Library, order: FaceOrder, descending: bool
) -> None:
    wanted = FaceFilter(named=True, order=order, descending=descending)
    assert varied.face_ids(replace(wanted, limit=3)) == varied.face_ids(wanted)[:3]


def test_groups_stand_together_and_are_sorted_inside(varied: Library) -> None:
    wanted = FaceFilter(order=FaceOrder.SCORE, descending=True)
    everyone = set(varied.face_ids())
    for group in set(FaceGroup) - {FaceGroup.SIMILARITY}:
        ids, sections = varied.face_sections(wanted, group)
        assert set(ids) == everyone
        keys = [section.key for section in sections]
        assert len(set(keys)) == len(keys), group
        ends = [section.start for section in sections[1:]] + [len(ids)]
        for (start, _), end in zip(sections, ends, strict=True):
            scores = [face.score for face in varied.faces(ids[start:end])]
            assert scores == sorted(scores, reverse=True)


def keys_of(library: Library, group: FaceGroup) -> list[object]:
    return [section.key for section in library.face_sections(FaceFilter(), group)[1]]


def test_what_the_groups_are_called_and_how_they_follow(varied: Library) -> None:
    ann, bob = (next(p.id for p in varied.people() if p.name == name) for name in ("Ann", "Bob"))
    assert keys_of(varied, FaceGroup.PERSON) == [bob, ann, None]
    assert keys_of(varied, FaceGroup.STATE) == ["kept", "rejected", "ignored"]
    assert keys_of(varied, FaceGroup.FOLDER) == ["/p"]
    days = keys_of(varied, FaceGroup.DAY)
    assert days == sorted(days, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", str(day)) for day in days)
    assert len(days) == 3


def test_folders_follow_one_another_by_name(filled: Library) -> None:
    ids, sections = filled.face_sections(FaceFilter(), FaceGroup.FOLDER)
    assert sections == [
        Section(0, "/photos/Ann"), Section(2, "/photos/Bob"), Section(6, "/photos/None")
    ]  # fmt: skip
    photos = [face.photo_id for face in filled.faces(ids)]
    assert photos == [1, 2, 3, 4, 6, 6, 5]


def test_an_empty_list_has_no_groups(library: Library) -> None:
    assert library.face_sections(FaceFilter(), FaceGroup.DAY) == ([], [])
    assert library.face_counts(FaceFilter()) == FaceCounts(0, 0, 0, 0, 0, 0, 0)


def test_counts_follow_the_filter(varied: Library) -> None:
    for wanted in (FaceFilter(), FaceFilter(search="bob"), FaceFilter(person_id=2)):
        found = varied.face_counts(wanted)
        faces = varied.faces(varied.face_ids(wanted))
        states = [face.state for face in faces]
        assert found.every == len(faces)
        assert (found.kept, found.rejected, found.ignored) == tuple(
            states.count(state) for state in FaceState
        )
        undecided = [face for face in faces if face.decision is Decision.UNDECIDED]
        assert found.undecided == len(undecided)
        nameless = [f for f in faces if f.person_id is None and f.state is FaceState.KEPT]
        assert found.unnamed == len(nameless)


def conflicts(library: Library) -> list[int]:
    found = library.face_ids(FaceFilter(conflict=True))
    assert library.face_counts(FaceFilter()).conflicts == len(found)
    return found


def test_somebody_twice_in_one_photo_is_a_conflict(filled: Library) -> None:
    one, other = (face.id for face in filled.faces_of_photos([6])[6])
    assert conflicts(filled) == []
    filled.assign([one, other], "Bob")
    assert sorted(conflicts(filled)) == sorted([one, other])
    filled.decide([other], Decision.REJECT)
    assert conflicts(filled) == []
    filled.decide([other], Decision.UNDECIDED)
    filled.assign([other], "Ann")
    assert conflicts(filled) == []


def test_another_programs_other_name_is_a_conflict_until_the_owner_speaks(library: Library) -> None:
    (photo,) = library.add_photos([NewPhoto("/p/a.jpg", "Ann", 1, 1)]).added
    region = Region(Box(100, 100, 200, 220), "Bob", RegionSource.XMP)
    library.store_scans([scanned(photo, [replace(proposal(), region=region)])])
    (face,) = library.face_ids()
    assert conflicts(library) == [face]
    library.assign([face], "Ann")
    assert conflicts(library) == []


def test_counts_of_faces(varied: Library) -> None:
    counts = varied.counts()
    faces = varied.faces(varied.face_ids())
    states = [face.state for face in faces]
    assert counts.faces == 8
    assert counts.kept == states.count(FaceState.KEPT)
    assert counts.rejected == states.count(FaceState.REJECTED)
    assert counts.ignored == states.count(FaceState.IGNORED) == 1
    assert counts.unnamed_kept == sum(
        face.person_id is None and face.state is FaceState.KEPT for face in faces
    )
    assert counts.people == 2


def test_counts_per_person_include_people_without_faces(varied: Library) -> None:
    (nobody,) = varied.add_person("Zed").person_ids
    counts = varied.person_counts()
    assert counts.pop(nobody) == (0, 0, 0)
    for person_id, found in counts.items():
        faces = varied.faces(varied.face_ids(FaceFilter(person_id=person_id)))
        states = [face.state for face in faces]
        assert found == tuple(states.count(state) for state in FaceState)
    assert sum(map(sum, counts.values())) == 6


def test_who_gave_a_name_or_took_it_away(filled: Library) -> None:
    named = filled.face_ids(FaceFilter(named=True))
    assert {face.name_source for face in filled.faces(named)} == {NameSource.FOLDER}
    filled.assign(named, None)
    faces = filled.faces(named)
    assert {(face.person_id, face.name_source) for face in faces} == {(None, NameSource.OWNER)}
