"""What ten more faces would bring, read off curves that are made to fall as a known power."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.services.judging.learning_gain import AHEAD, Gain, LearningCurve, learning_meaning
from facegui.services.judging.score import Score

SIZES = (5, 10, 15, 20)


def curve(errors: dict[str, tuple[float, ...]], tested: int = 200) -> LearningCurve:
    """Two people or more with so large a share of their *tested* faces wrong at each size."""
    right = [
        [
            int(n >= round(share * tested))
            for share_of in errors.values()
            for n in range(tested)
            for share in (share_of[place],)
        ]
        for place in range(len(SIZES))
    ]
    return LearningCurve(
        network="face-transfer",
        people=tuple(errors),
        kept=(40,) * len(errors),
        learned=tuple((size,) * len(errors) for size in SIZES),
        truth=tuple(n for n in range(len(errors)) for _ in range(tested)),
        right=(tuple(map(tuple, right)),) * 3,
    )


def power(at_all: float, slope: float) -> tuple[float, ...]:
    return tuple(at_all * (size / SIZES[-1]) ** -slope for size in SIZES)


def test_a_power_law_is_found_again() -> None:
    found = curve({"Ada": power(0.2, 0.5), "Tom": power(0.2, 0.5)})
    ada, tom = found.gains
    expected = 0.2 * (1 - (30 / 20) ** -0.5)
    assert ada.gain == pytest.approx(expected, abs=0.004)
    assert 0.005 < ada.spread < expected
    assert (ada.name, tom.name) == ("Ada", "Tom")
    assert (ada.faces, ada.tested) == (20, 200)
    assert ada.right == pytest.approx(160)
    assert ada.telling
    assert ada.words.startswith(f"{AHEAD} more faces of Ada would bring about +4 % (±")


def test_who_is_wrong_more_often_gains_more() -> None:
    ada, tom = curve({"Ada": power(0.05, 0.6), "Tom": power(0.3, 0.6)}).gains
    assert tom.gain > 3 * ada.gain
    assert tom.enough > ada.enough


def test_fewer_test_faces_say_less() -> None:
    many = curve({"Ada": power(0.2, 0.5), "Tom": power(0.2, 0.5)}, tested=400).gains[0]
    few = curve({"Ada": power(0.2, 0.5), "Tom": power(0.2, 0.5)}, tested=15).gains[0]
    assert few.spread > 2 * many.spread


def test_a_flat_curve_promises_nothing() -> None:
    ada, _ = curve({"Ada": (0.2,) * 4, "Tom": (0.2,) * 4}).gains
    assert abs(ada.gain) < 0.005
    assert ada.gain <= ada.spread
    assert "no gain that 200 test faces could show" in ada.words
    assert ada.enough == 2  # of 40 kept where 20 are learned from


def test_all_right_at_every_size() -> None:
    found = curve({"Ada": (0.0,) * 4, "Tom": (0.0,) * 4}, tested=20)
    assert [one.gain for one in found.gains] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.gains[0].telling
    assert found.gains[0].words == "10 more faces of Ada: no gain that 20 test faces could show"
    assert learning_meaning(found).startswith("With all faces, all 40 test faces were named right")


def test_enough_is_where_ten_more_bring_less_than_a_point() -> None:
    ada, _ = curve({"Ada": power(0.2, 0.5), "Tom": power(0.2, 0.5)}).gains
    n = np.arange(1, 500)
    by_hand = 0.2 * (n / 20) ** -0.5 * (1 - ((n + AHEAD) / n) ** -0.5)
    learned = n[by_hand >= 0.01][-1] + 1
    assert ada.enough == pytest.approx(2 * learned, rel=0.05)


def test_the_curve_of_everybody_and_of_one() -> None:
    found = curve({"Ada": (0.4, 0.3, 0.2, 0.1), "Tom": (0.2, 0.2, 0.2, 0.1)}, tested=10)
    assert found.sizes == (5.0, 10.0, 15.0, 20.0)
    assert found.scores == (Score(14, 20), Score(15, 20), Score(16, 20), Score(18, 20))
    assert found.recall(0) == pytest.approx((0.6, 0.7, 0.8, 0.9))
    assert learning_meaning(found).startswith(
        "Having learned from a quarter of the faces it names 70 % right"
    )
    assert "90 % (" in learning_meaning(found)


def test_somebody_without_test_faces_is_left_out() -> None:
    whole = curve({"Ada": power(0.2, 0.5), "Tom": power(0.2, 0.5)})
    found = LearningCurve(
        whole.network,
        (*whole.people, "Zoë"),
        (*whole.kept, 4),
        tuple((*faces, 2) for faces in whole.learned),
        whole.truth,
        whole.right,
    )
    assert [gain.name for gain in found.gains] == ["Ada", "Tom"]
    assert found.recall(2) == ()


def test_a_gain_in_words() -> None:
    assert Gain("Tom", 20, 12, 10.0, 0.021, 0.011, 30).words == (
        "10 more faces of Tom would bring about +2 % (±1)"
    )


def test_two_test_faces_of_which_one_is_wrong_tell_next_to_nothing() -> None:
    found = curve({"Ada": (0.5,) * 4, "Tom": (0.5, 1.0, 0.0, 0.5)}, tested=2)
    for gain in found.gains:
        assert 0 < gain.gain < gain.spread <= 1
        assert not gain.telling
        assert "no gain that 2 test faces could show (±" in gain.words
