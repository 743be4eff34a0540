"""Before anything is sent: which photos, how many are new, and what that would cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facegui.domain.cloud import CloudAnswer, CloudFace, CloudLabel, Likelihood
from facegui.domain.entities import PhotoStatus
from facegui.domain.geometry import Box, Landmarks, Point, Pose
from facegui.domain.queries import NewPhoto
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.consent import cost_usd, give_consent
from facegui.services.cloud.plan import Scope, choose_photos, plan_cloud
from facegui.services.libraries import Library, create_library
from tests.fakes.proposals import proposal, scanned


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Ten photos: the even ones with a face, the last one broken."""
    with create_library(tmp_path / "test.facegui") as made:
        paths = [NewPhoto(f"/photos/{n:02}.jpg", None, 1, 1) for n in range(1, 11)]
        for photo_id in made.add_photos(paths).added:
            faces = [proposal(seed=photo_id)] if photo_id % 2 == 0 else []
            made.store_scans([scanned(photo_id, faces)])
        broken = replace(
            scanned(10), status=PhotoStatus.BROKEN, reason="cut off", sha256=None, hashes=None
        )
        made.store_scans([broken])
        yield made


def sha256(photo_id: int) -> str:
    return f"{photo_id:064x}"


def test_only_photos_that_can_be_read_are_chosen(library: Library) -> None:
    assert choose_photos(library, Scope.ALL, 100) == tuple(range(1, 10))


def test_fewer_are_spread_evenly(library: Library) -> None:
    assert choose_photos(library, Scope.ALL, 3) == (1, 4, 7)
    assert choose_photos(library, Scope.ALL, 1) == (1,)


def test_photos_without_a_face_are_found(library: Library) -> None:
    assert choose_photos(library, Scope.NO_FACE, 100) == (1, 3, 5, 7, 9)
    assert choose_photos(library, Scope.NO_FACE, 2) == (1, 5)


def test_an_empty_library_has_none(tmp_path: Path) -> None:
    with create_library(tmp_path / "empty.facegui") as library:
        assert choose_photos(library, Scope.ALL, 5) == ()
        plan = plan_cloud(library, ())
        assert (plan.photos, plan.to_send, plan.cost_usd) == (0, 0, 0.0)


def test_a_plan_counts_what_is_new(library: Library) -> None:
    Answers(library).put(sha256(1), "v1", CloudAnswer())
    plan = plan_cloud(library, tuple(range(1, 11)))
    assert (plan.photos, plan.answered, plan.to_send) == (9, 1, 8)
    assert plan.cost_usd == cost_usd(8) == 0.024
    assert (plan.consent, plan.covered, plan.affordable) == (None, 0, 0)


def test_exact_copies_are_sent_once(library: Library) -> None:
    library.store_scans([replace(scanned(2), sha256=sha256(1))])
    plan = plan_cloud(library, (1, 2, 3))
    assert (plan.photos, plan.to_send) == (3, 2)


@pytest.mark.parametrize(
    ("cap_usd", "photos"), [(0.0, 0), (0.0029, 0), (0.003, 1), (0.3, 100), (1.0, 333)]
)
def test_the_cap_has_room_for_so_many(library: Library, cap_usd: float, photos: int) -> None:
    consent = give_consent(library, 1000, cap_usd)
    assert consent.affordable(0.0) == photos
    assert consent.affordable(cap_usd) == 0
    assert consent.affordable(cap_usd + 1) == 0
    assert plan_cloud(library, (1,)).affordable == photos


def test_an_answer_comes_back_as_it_was_kept(library: Library) -> None:
    points = Landmarks(*(Point(float(n), n + 0.5) for n in range(5)))
    face = CloudFace(
        box=Box(1.0, 2.0, 30.5, 40.25),
        landmarks=points,
        pose=Pose(1.5, -2.5, 3.5),
        score=0.75,
        joy=Likelihood.VERY_LIKELY,
        sorrow=Likelihood.UNKNOWN,
        anger=Likelihood.UNLIKELY,
        surprise=Likelihood.POSSIBLE,
        blurred=Likelihood.LIKELY,
        under_exposed=Likelihood.VERY_UNLIKELY,
        headwear=Likelihood.POSSIBLE,
    )
    kept = CloudAnswer((face, replace(face, landmarks=None)), (CloudLabel("Brille – ☀", 0.5),))
    Answers(library).put(sha256(1), "v1", kept)
    assert Answers(library).get(sha256(1)) == kept


def test_an_answer_is_scaled_whole(library: Library) -> None:
    likely = Likelihood.LIKELY
    points = Landmarks(*(Point(2.0, 4.0) for _ in range(5)))
    face = CloudFace(Box(0, 2, 4, 8), points, Pose(1, 2, 3), 0.5, *([likely] * 7))
    (scaled,) = CloudAnswer((face,)).scaled(2.5).faces
    assert scaled.box == Box(0, 5, 10, 20)
    assert scaled.landmarks == Landmarks(*(Point(5.0, 10.0) for _ in range(5)))
    assert (scaled.pose, scaled.joy) == (face.pose, likely)
    (without,) = CloudAnswer((replace(face, landmarks=None),)).scaled(2.0).faces
    assert without.landmarks is None
