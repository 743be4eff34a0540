"""Which face of a frame is which of the frames before."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from facegui.domain.entities import Embedding
from facegui.services.collecting.tracks import ELSEWHERE_COSINE, SAME_PLACE_COSINE, Track, Tracker
from tests.fakes.faces import square
from tests.fakes.proposals import unit_vector


def tracker(keep_s: float = 1.0) -> Tracker[int]:
    """One whose notes number the tracks from 1."""
    numbers = count(1)
    return Tracker(lambda: next(numbers), keep_s)


def notes(tracks: list[Track[int]]) -> list[int]:
    return [track.note for track in tracks]


def like(vector: Embedding, cosine: float) -> Embedding:
    """A unit vector with this cosine to *vector*."""
    other = unit_vector(99)
    other = other - (other @ vector) * vector
    other = other / np.linalg.norm(other)
    return np.asarray(cosine * vector + np.sqrt(1 - cosine**2) * other, np.float32)


ANN, BOB = unit_vector(1), unit_vector(2)


class TestByPlaceAlone:
    def test_a_face_that_moves_a_little_stays_the_same(self) -> None:
        following = tracker()
        assert notes(following.follow([square(10, 10), square(80, 10)], 0.0)) == [1, 2]
        after = following.follow([square(83, 12), square(12, 9)], 0.1)
        assert notes(after) == [2, 1]
        assert after[0].face.box.x1 == 83

    def test_a_face_that_appears_elsewhere_is_new(self) -> None:
        following = tracker()
        following.follow([square(10, 10)], 0.0)
        assert notes(following.follow([square(60, 10)], 0.1)) == [2]

    def test_two_faces_never_share_a_track(self) -> None:
        following = tracker()
        following.follow([square(10, 10)], 0.0)
        assert notes(following.follow([square(14, 10), square(11, 10)], 0.1)) == [2, 1]

    def test_a_short_miss_is_survived_and_a_long_one_is_not(self) -> None:
        following = tracker(keep_s=1.0)
        following.follow([square(10, 10)], 0.0)
        assert following.follow([], 0.4) == []
        assert notes(following.follow([square(11, 10)], 0.9)) == [1]
        assert notes(following.follow([square(11, 10)], 2.0)) == [2]


class TestByLikeness:
    def test_somebody_else_in_the_same_place_is_new(self) -> None:
        following = tracker()
        following.follow([square(10, 10)], 0.0, [ANN])
        assert notes(following.follow([square(10, 10)], 0.1, [BOB])) == [2]

    @pytest.mark.parametrize(
        ("cosine", "expected"), [(SAME_PLACE_COSINE + 0.05, 1), (SAME_PLACE_COSINE - 0.05, 2)]
    )
    def test_in_its_place_a_face_may_look_different(self, cosine: float, expected: int) -> None:
        following = tracker()
        following.follow([square(10, 10)], 0.0, [ANN])
        assert notes(following.follow([square(12, 10)], 0.1, [like(ANN, cosine)])) == [expected]

    @pytest.mark.parametrize(
        ("cosine", "expected"), [(ELSEWHERE_COSINE + 0.05, 1), (ELSEWHERE_COSINE - 0.05, 2)]
    )
    def test_elsewhere_it_must_look_the_same(self, cosine: float, expected: int) -> None:
        following = tracker()
        following.follow([square(10, 10)], 0.0, [ANN])
        assert notes(following.follow([square(90, 40)], 0.1, [like(ANN, cosine)])) == [expected]

    def test_two_who_cross_keep_their_tracks(self) -> None:
        """Where they meet, each overlaps the other more than itself; their looks decide."""
        following = tracker()
        for step in range(11):
            left, right = square(10 + 8 * step, 10), square(90 - 8 * step, 10)
            seen = following.follow([left, right], step / 5, [ANN, BOB])
            assert notes(seen) == [1, 2]

    def test_a_track_remembers_more_than_its_last_look(self) -> None:
        """A blurred frame in between does not cost a face its track."""
        following = tracker()
        for step in range(5):
            following.follow([square(10, 10)], step / 5, [ANN])
        blurred = like(ANN, SAME_PLACE_COSINE + 0.02)
        assert notes(following.follow([square(10, 10)], 1.0, [blurred])) == [1]
        assert notes(following.follow([square(10, 10)], 1.2, [ANN])) == [1]
        [track] = following.follow([square(10, 10)], 1.4, [ANN])
        assert track.mean is not None
        assert float(np.linalg.norm(track.mean)) == pytest.approx(1.0, abs=1e-5)
