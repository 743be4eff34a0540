"""Which recognised files are asked for, in what order, and how many there are of each kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facegui.domain.corrections import Truth, Verdict
from facegui.domain.recognition import RecognisedPhoto
from facegui.services.recognising.results import (
    Kind,
    ResultFilter,
    ResultOrder,
    Tally,
    faces_at,
    kinds_of,
    order_key,
)
from tests.fakes.recognised import face, photo, seen, unreadable, video

ANN, BOB, STRANGER = face("Ann"), face("Bob"), face(None, "Ann")
NEARLY = face("Ann", similarity=0.43)
TORN = face("Bob", probability=0.45)
ALBUM = (
    photo("img10.jpg", ANN, STRANGER),
    photo("img2.jpg", BOB),
    photo("sky.jpg"),
    unreadable("broken.jpg"),
    photo("Near.jpg", NEARLY),
    photo("crowd.jpg", STRANGER),
)


def names(wanted: ResultFilter) -> list[str]:
    return [one.path.rpartition("/")[2] for one in ALBUM if wanted.admits(one)]


def ordered(order: ResultOrder) -> list[str]:
    key = order_key(order)
    assert key is not None
    return [one.path.rpartition("/")[2] for one in sorted(ALBUM, key=key)]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Kind.ALL, [one.path.rpartition("/")[2] for one in ALBUM]),
        (Kind.KNOWN, ["img10.jpg", "img2.jpg", "Near.jpg"]),
        (Kind.UNKNOWN, ["img10.jpg", "crowd.jpg"]),
        (Kind.UNSURE, ["Near.jpg"]),
        (Kind.NO_FACE, ["sky.jpg"]),
        (Kind.UNREADABLE, ["broken.jpg"]),
    ],
)
def test_kinds(kind: Kind, found: list[str]) -> None:
    assert names(ResultFilter(kind)) == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Kind.ALL, ["img10.jpg", "Near.jpg"]),
        (Kind.UNKNOWN, ["img10.jpg", "crowd.jpg"]),  # strangers most like her
        (Kind.UNSURE, ["Near.jpg"]),
        (Kind.NO_FACE, []),
    ],
)
def test_a_person(kind: Kind, found: list[str]) -> None:
    assert names(ResultFilter(kind, person="Ann")) == found


def test_search_is_in_the_name_in_any_case() -> None:
    assert names(ResultFilter(search="IMG")) == ["img10.jpg", "img2.jpg"]
    assert names(ResultFilter(search="img", person="Bob")) == ["img2.jpg"]
    assert names(ResultFilter(search="album")) == []  # a folder's


def test_unsure_is_near_the_threshold_or_without_a_majority() -> None:
    assert [one.identity.unsure for one in (ANN, STRANGER, NEARLY, TORN)] == [
        *(False, False, True, True)
    ]
    assert face(None, similarity=0.37).identity.unsure


def test_orders() -> None:
    assert order_key(ResultOrder.CAME) is None
    assert ordered(ResultOrder.NAME) == [
        *("broken.jpg", "crowd.jpg", "img2.jpg", "img10.jpg", "Near.jpg", "sky.jpg")
    ]
    assert ordered(ResultOrder.PERSON)[:3] == ["img10.jpg", "Near.jpg", "img2.jpg"]
    assert ordered(ResultOrder.CERTAINTY)[0] == "Near.jpg"
    assert set(ordered(ResultOrder.CERTAINTY)[-2:]) == {"sky.jpg", "broken.jpg"}


def test_counts_follow_what_comes_and_what_changes() -> None:
    tally = Tally()
    for one in ALBUM:
        tally.add(one)
    assert tally.kinds[Kind.ALL] == 6
    assert tally.people == {"Ann": 2, "Bob": 1}
    tally.remove(ALBUM[1])
    tally.add(photo("img2.jpg", ANN))
    assert tally.people == {"Ann": 3}
    assert tally.kinds[Kind.KNOWN] == 3


def test_each_file_is_of_some_kind() -> None:
    both: RecognisedPhoto = photo("a.jpg", ANN, TORN, STRANGER)
    assert kinds_of(both) == {Kind.ALL, Kind.KNOWN, Kind.UNKNOWN, Kind.UNSURE}


def test_boxes_of_a_frame_are_those_of_its_moment() -> None:
    film = video("film.avi", seen(ANN, 1.0, 1.25), seen(STRANGER, 1.25, 1.5))
    both = faces_at(film, 1.25)
    assert {number: one.box.x1 for number, one in both.items()} == {
        0: ANN.box.x1 + 5,
        1: STRANGER.box.x1,
    }
    assert faces_at(film, 1.3) == {}


def test_the_owners_word_counts_not_the_models() -> None:
    tally = Tally()
    named = replace(STRANGER, said=Truth(Verdict.IS, "Cid"))
    stranger = replace(NEARLY, said=Truth(Verdict.STRANGER))
    tally.add(photo("one.jpg", named))
    tally.add(photo("two.jpg", stranger))
    assert tally.people == {"Cid": 1}
    assert (tally.kinds[Kind.KNOWN], tally.kinds[Kind.UNKNOWN]) == (1, 1)
    assert tally.kinds[Kind.UNSURE] == 0
    assert ResultFilter(Kind.KNOWN, "Cid").admits(photo("one.jpg", named))
    assert not ResultFilter(Kind.ALL, "Ann").admits(photo("two.jpg", stranger))
