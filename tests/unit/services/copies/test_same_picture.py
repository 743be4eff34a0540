"""Grouping copies: what is one picture, and what only looks alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.entities import PhotoHashes
from facegui.services.copies.same_picture import (
    NEAR_BITS,
    NEAR_COSINE,
    SAME_SHOT_COSINE,
    SESSION_COSINE,
    Picture,
    group_copies,
)

FAR = 0xFFFF_FFFF_0000_0000
AXES = np.eye(128, dtype=np.float32)


def at_cosine(cosine: float) -> np.ndarray:
    """A unit vector with that cosine to the first axis."""
    return (cosine * AXES[0] + (1 - cosine**2) ** 0.5 * AXES[1]).astype(np.float32)


def picture(
    *keys: Hashable, photo: int | None = 0, face: int = 0, mirror: int = FAR, cosine: float = 1.0
) -> Picture:
    hashes = None if photo is None else PhotoHashes(photo, FAR)
    return Picture("Ada", keys, hashes, PhotoHashes(face, mirror), at_cosine(cosine))


def bits(n: int) -> int:
    return (1 << n) - 1


def test_nothing_to_group() -> None:
    assert group_copies([]) == ()


def test_a_shared_key_is_enough() -> None:
    one = picture("photo 1", "file a", face=0)
    other = picture("photo 2", "file a", face=FAR, photo=FAR, cosine=0.0)
    assert group_copies([one, other]) == (0, 0)


def test_groups_chain_and_number_by_first_appearance() -> None:
    rows = [("a",), ("b",), ("c", "b"), ("d",), ("a", "d")]
    pictures = [
        Picture("Ada", keys, None, PhotoHashes(0, 0), AXES[index])
        for index, keys in enumerate(rows)
    ]
    assert group_copies(pictures) == (0, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("distance", "cosine", "together"),
    [
        (NEAR_BITS, NEAR_COSINE + 0.01, True),
        (NEAR_BITS + 1, NEAR_COSINE + 0.01, False),
        (NEAR_BITS, NEAR_COSINE - 0.01, False),
        (40, SAME_SHOT_COSINE + 0.01, True),
        (40, SAME_SHOT_COSINE - 0.01, False),
    ],
)
@pytest.mark.parametrize("which", ["photo", "face"])
def test_near_copies(distance: int, cosine: float, together: bool, which: str) -> None:
    hashes = {"photo": FAR, "face": FAR} | {which: bits(distance)}
    numbers = group_copies([picture(1), picture(2, cosine=cosine, **hashes)])
    assert (numbers[0] == numbers[1]) is together


def test_likeness_is_looked_for_within_a_person_and_keys_across() -> None:
    one, alike, other = picture("a"), picture("b"), picture("b")
    stranger = replace(alike, person="Zoë")
    assert group_copies([one, alike]) == (0, 0)
    assert group_copies([one, stranger]) == (0, 1)
    assert group_copies([one, stranger, other]) == (0, 0, 0)


def test_mirror_images_are_copies() -> None:
    straight = picture(1, face=0, mirror=bits(30), photo=None)
    mirrored = picture(2, face=bits(30), mirror=0, photo=None, cosine=0.85)
    assert group_copies([straight, mirrored]) == (0, 0)


def test_photos_without_hashes_are_not_alike_for_it() -> None:
    one = picture(1, photo=None, face=0)
    other = picture(2, photo=None, face=FAR, cosine=0.85)
    assert group_copies([one, other]) == (0, 1)


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(3)
    vectors = draw.normal(size=(60, 128)).astype(np.float32)
    vectors[40:] = vectors[:20] + draw.normal(size=(20, 128)).astype(np.float32) * 0.05
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pictures = [
        Picture("Ada", (index,), None, PhotoHashes(0, 0), vector)
        for index, vector in enumerate(vectors)
    ]
    whole = group_copies(pictures)
    monkeypatch.setattr("facegui.services.copies.same_picture._BLOCK", 7)
    assert group_copies(pictures) == whole
    assert whole[40:] == whole[:20]
    assert len(set(whole)) == 40


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30))
def test_keys_give_the_connected_components(keys: list[tuple[int, int]]) -> None:
    """Against the slow way: spread the smallest number until nothing changes."""
    pictures = [
        Picture("Ada", (("l", left), ("r", right)), None, PhotoHashes(0, 0), AXES[index])
        for index, (left, right) in enumerate(keys)
    ]
    expected = list(range(len(keys)))
    changed = True
    while changed:
        changed = False
        for i, (left, right) in enumerate(keys):
            for j, (other_left, other_right) in enumerate(keys):
                linked = left == other_left or right == other_right
                if linked and expected[j] > expected[i]:
                    expected[j] = expected[i]
                    changed = True
    order = list(dict.fromkeys(expected))
    assert group_copies(pictures) == tuple(order.index(number) for number in expected)


def session(cosine: float) -> list[Picture]:
    """Three pictures that are alike by the usual bounds, two of them *cosine* apart."""
    third = (0.93 * AXES[0] - 0.3676 * AXES[2]).astype(np.float32)
    return [
        picture("a", cosine=1.0),
        picture("b", cosine=cosine),
        Picture("Ada", ("c",), None, PhotoHashes(0, FAR), third),
    ]


def test_a_person_whose_pictures_are_all_alike_is_looked_at_closely() -> None:
    assert group_copies(session(SESSION_COSINE - 0.01)) == (0, 1, 2)
    assert group_copies(session(SESSION_COSINE + 0.01)) == (0, 0, 1)


def test_two_pictures_are_no_session() -> None:
    assert group_copies(session(0.93)[:2]) == (0, 0)


def test_certain_copies_of_a_session_stay_together() -> None:
    one, other, third = session(0.93)
    assert group_copies([one, replace(other, keys=("a",)), third]) == (0, 0, 1)


def test_somebody_with_a_different_picture_too_is_grouped_as_usual() -> None:
    different = picture("d", photo=FAR, face=FAR, mirror=0, cosine=-1.0)
    assert group_copies([*session(0.93), different]) == (0, 0, 0, 1)


def test_a_session_of_one_does_not_touch_another_person() -> None:
    near, nearer = picture("x"), picture("y", cosine=0.97)
    others = [replace(each, person="Zoë") for each in (near, nearer)]
    assert group_copies([*session(0.93), *others]) == (0, 1, 2, 3, 3)
