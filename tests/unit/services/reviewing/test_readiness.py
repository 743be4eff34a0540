from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.corrections import Truth, Verdict
from facegui.domain.entities import Decision
from facegui.domain.geometry import Pose
from facegui.network.strict_json import encode
from facegui.services.judging.learning_gain import LearningCurve
from facegui.services.libraries import Library, create_library
from facegui.services.reviewing.readiness import Gap, Readiness, readiness, uneven
from tests.fakes.corrections import provenance
from tests.fakes.gallery import faces_of
from tests.fakes.proposals import proposal, scanned

DAY_NS = 86_400 * 10**9
POSES = (Pose(0, -15, 0), Pose(0, 15, 8), Pose(0, 0, 0))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Test.facegui") as opened:
        yield opened


def fill(
    library: Library,
    name: str,
    number: int,
    count: int,
    *,
    cosine: float = 0.76,
    poses: Sequence[Pose] = POSES,
    days: Sequence[int] = (1, 2),
) -> None:
    """*count* photos of made-up person *number*; every second face is dark."""
    stamps = [days[n % len(days)] * DAY_NS for n in range(count)]
    files = [(f"/photos/{name}/{n}.jpg", name, 1, stamp) for n, stamp in enumerate(stamps)]
    ids = library.add_photos(files).added
    vectors = faces_of(number, count, cosine)
    for n, (photo_id, vector) in enumerate(zip(ids, vectors, strict=True)):
        face = proposal(pose=poses[n % len(poses)])
        face = replace(face, brightness=80.0 + 80 * (n % 2), embedding=vector)
        library.store_scans([replace(scanned(photo_id, [face]), mtime_ns=stamps[n])])


def test_corrections_count(library: Library) -> None:
    fill(library, "Ann", 1, 6)
    first, second, third = library.face_ids()[:3]
    library.correct(first, Truth(Verdict.IS, "Ann"), provenance())
    library.correct(second, Truth(Verdict.IS, "Bea"), provenance())
    library.correct(third, Truth(Verdict.STRANGER), provenance())
    assert (of(library, "Ann").usable, of(library, "Ann").corrected) == (4, 1)
    assert (of(library, "Bea").usable, of(library, "Bea").corrected) == (1, 1)


def of(library: Library, name: str) -> Readiness:
    person_id = next(person.id for person in library.people() if person.name == name)
    return next(one for one in readiness(library) if one.person_id == person_id)


def test_somebody_of_typical_spread_needs_about_twenty(library: Library) -> None:
    fill(library, "Ann", 1, 12)
    ann = of(library, "Ann")
    assert ann.usable == 12
    assert 18 <= ann.needed <= 22
    assert ann.missing == ann.needed - 12
    assert ann.days == 2


def test_somebody_who_looks_different_each_time_needs_more(library: Library) -> None:
    fill(library, "Same", 1, 12, cosine=0.95)
    fill(library, "Varied", 2, 12, cosine=0.6)
    assert of(library, "Same").needed == 10
    assert of(library, "Same").missing == 0
    assert of(library, "Varied").needed > 28


def test_with_too_few_to_tell_the_librarys_spread_stands_for_it(library: Library) -> None:
    fill(library, "Varied", 2, 12, cosine=0.6)
    fill(library, "Few", 1, 2, cosine=0.99)
    assert of(library, "Few").needed == of(library, "Varied").needed


def test_varied_faces_lack_nothing(library: Library) -> None:
    fill(library, "Ann", 1, 12)
    assert of(library, "Ann").gaps == ()


@pytest.mark.parametrize(
    ("poses", "gaps"),
    [
        ((Pose(0, 0, 8),), {Gap.LEFT, Gap.RIGHT}),
        ((Pose(0, -15, 8), Pose(0, 3, 0)), {Gap.RIGHT}),
        ((Pose(0, -15, 0), Pose(0, 15, 0)), {Gap.UP_OR_DOWN}),
    ],
)
def test_poses_that_are_missing_are_named(
    library: Library, poses: Sequence[Pose], gaps: set[Gap]
) -> None:
    fill(library, "Ann", 1, 12, poses=poses)
    assert set(of(library, "Ann").gaps) == gaps


def test_light_is_compared_with_the_whole_library(library: Library) -> None:
    fill(library, "Ann", 1, 12)
    fill(library, "Bright", 2, 2, poses=(Pose(0, -15, 8),))
    library.decide([library.face_ids()[-2]], Decision.REJECT)
    assert Gap.DARK in of(library, "Bright").gaps
    assert Gap.BRIGHT not in of(library, "Bright").gaps


def test_one_day_is_a_gap_where_others_have_more(library: Library) -> None:
    fill(library, "Ann", 1, 6)
    fill(library, "Once", 2, 6, days=(7,))
    assert Gap.OTHER_DAYS in of(library, "Once").gaps
    assert Gap.OTHER_DAYS not in of(library, "Ann").gaps


def test_one_day_for_everybody_is_when_they_were_copied(library: Library) -> None:
    fill(library, "Ann", 1, 6, days=(7,))
    assert Gap.OTHER_DAYS not in of(library, "Ann").gaps


def test_somebody_without_faces_needs_all_and_lacks_nothing_in_particular(library: Library) -> None:
    library.add_person("New")
    new = of(library, "New")
    assert (new.usable, new.missing, new.gaps) == (0, new.needed, ())


def test_an_empty_library_has_nobody(library: Library) -> None:
    assert readiness(library) == []


def test_uneven_is_less_than_half() -> None:
    def person(number: int, usable: int) -> Readiness:
        return Readiness(number, usable, 20, 1, ())

    assert uneven([]) is None
    assert uneven([person(1, 9)]) is None
    assert uneven([person(1, 20), person(2, 40), person(3, 0)]) is None
    assert uneven([person(1, 40), person(2, 9), person(3, 20)]) == (person(2, 9), person(1, 40))


def test_a_learning_curve_says_how_many_are_enough(library: Library) -> None:
    fill(library, "Ann", 1, 12)
    fill(library, "Bob", 2, 12)
    fill(library, "Tom", 3, 12)
    spread = of(library, "Tom").needed
    learned = tuple((size,) * 2 for size in (3, 6, 9, 12))
    right = tuple(  # Ann is always right; of Bob's hundred fewer and fewer are wrong
        (1,) * 100 + (0,) * wrong + (1,) * (100 - wrong) for wrong in (45, 33, 27, 22)
    )
    truth = (0,) * 100 + (1,) * 100
    curve = LearningCurve("face-transfer", ("Ann", "Bob"), (16, 16), learned, truth, (right,))
    run = library.runs_dir / "20261122-1-face-transfer"
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    (run / "learning_curve.json").write_text(encode(curve))
    gains = {gain.name: gain.enough for gain in curve.gains}
    assert gains["Ann"] < gains["Bob"]
    assert of(library, "Ann").needed == min(max(gains["Ann"], 10), 40)
    assert of(library, "Bob").needed == min(gains["Bob"], 40) > spread
    assert of(library, "Tom").needed == spread
    few = replace(curve, truth=(0, 1), right=(((1, 0), (1, 1), (1, 0), (1, 0)),))
    (run / "learning_curve.json").write_text(encode(few))
    assert of(library, "Bob").needed == spread  # one test face cannot tell
