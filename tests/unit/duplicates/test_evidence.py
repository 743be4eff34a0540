"""What counts as a copy: nearness by hash, confirmed or contradicted by the faces."""

from __future__ import annotations

import pytest

from facegui.domain.entities import PhotoHashes
from facegui.duplicates.evidence import (
    FACE_COSINE,
    PHOTO_COSINE,
    PHOTO_TURN_DEG,
    SURE_BITS,
    SURE_COSINE,
    SURE_TURN_DEG,
    UNSEEN_BITS,
    FaceRecord,
    PhotoRecord,
    copy_pairs,
    is_telling,
)
from tests.fakes.pictures import BASE, MIRROR, face, hashes, photo, unrelated

Found = list[tuple[int, int, int, bool]]


def found(photos: list[PhotoRecord], distance: int = 8) -> Found:
    pairs = copy_pairs(photos, distance)
    return list(zip(*(column.tolist() for column in pairs), strict=True))


def two(bits: int, one: FaceRecord | None, other: FaceRecord | None) -> list[PhotoRecord]:
    """Two photos whose hashes differ in so many bits, each with a face or none."""
    return [
        photo(0, hashes(), [one] if one else []),
        photo(1, hashes(bits, start=8), [other] if other else []),
    ]


far = unrelated(7)  # the hash of a crop that has nothing to do with hashes()


@pytest.mark.parametrize(
    ("bits", "cosine", "pan", "copies"),
    [
        (0, 0.0, 60.0, True),  # the same hash, whatever the detector made of the face
        (SURE_BITS, SURE_COSINE + 0.01, SURE_TURN_DEG - 0.1, True),
        (SURE_BITS, SURE_COSINE - 0.01, 0.0, False),
        (SURE_BITS, 1.0, SURE_TURN_DEG + 0.1, False),
        (4, PHOTO_COSINE + 0.01, PHOTO_TURN_DEG - 0.1, True),
        (4, PHOTO_COSINE - 0.01, 0.0, False),
        (4, 1.0, PHOTO_TURN_DEG + 0.1, False),
        (8, 1.0, 0.0, True),
        (9, 1.0, 0.0, False),  # beyond the distance asked for
    ],
)
def test_near_photos_need_faces_that_agree(
    bits: int, cosine: float, pan: float, copies: bool
) -> None:
    pair = two(bits, face(), face(near=far, cosine=cosine, pan=pan))
    assert found(pair) == ([(0, 1, bits, False)] if copies else [])


@pytest.mark.parametrize(("tilt", "copies"), [(2.9, True), (-2.9, True), (3.1, False)])
def test_tilt_counts_as_pan_does(tilt: float, copies: bool) -> None:
    assert bool(found(two(6, face(), face(near=far, tilt=tilt)))) is copies


def test_roll_does_not_count() -> None:
    """A picture that was turned by a few degrees is a copy all the same."""
    assert found(two(6, face(), face(near=far, roll=8.0)))


@pytest.mark.parametrize(("bits", "copies"), [(UNSEEN_BITS, True), (UNSEEN_BITS + 2, False)])
@pytest.mark.parametrize("one", [None, face()])
def test_photos_without_a_face_must_be_nearer(
    bits: int, copies: bool, one: FaceRecord | None
) -> None:
    assert bool(found(two(bits, one, None))) is copies


@pytest.mark.parametrize(
    ("bits", "cosine", "pan", "copies"),
    [
        (0, FACE_COSINE + 0.01, 0.0, True),
        (8, FACE_COSINE + 0.01, PHOTO_TURN_DEG - 0.1, True),
        (0, FACE_COSINE - 0.01, 0.0, False),  # somebody who holds the head alike
        (0, 1.0, PHOTO_TURN_DEG + 0.1, False),  # another shot
        (10, 1.0, 0.0, False),
    ],
)
def test_the_face_alone_tells_framed_and_cropped_copies(
    bits: int, cosine: float, pan: float, copies: bool
) -> None:
    pair = [
        photo(0, unrelated(1), [face()]),
        photo(1, unrelated(2), [face(near=hashes(bits), cosine=cosine, pan=pan)]),
    ]
    assert found(pair) == ([(0, 1, bits, False)] if copies else [])


def test_any_two_faces_may_confirm_a_photo() -> None:
    stranger = face(near=unrelated(3), cosine=0.1, pan=20.0)
    pair = two(6, face(), None)
    pair[1] = photo(1, hashes(6, start=8), [stranger, stranger, face(near=far)])
    assert found(pair) == [(0, 1, 6, False)]
    pair[1] = photo(1, hashes(6, start=8), [stranger, stranger])
    assert found(pair) == []


def test_the_nearer_of_photo_and_face_is_told() -> None:
    assert found(two(6, face(), face(near=hashes(2)))) == [(0, 1, 2, False)]
    assert found(two(2, face(), face(near=hashes(6)))) == [(0, 1, 2, False)]


def mirrored(bits: int) -> PhotoHashes:
    turned = hashes(bits, start=8)
    return PhotoHashes(turned.phash_mirror, turned.phash)


def test_mirror_image_by_photo() -> None:
    pair = [
        photo(0, PhotoHashes(BASE, MIRROR), [face(pan=12.0)]),
        photo(1, mirrored(4), [face(near=far, pan=-12.0)]),
    ]
    assert found(pair) == [(0, 1, 4, True)]
    assert found([pair[0], photo(1, mirrored(4), [face(near=far, pan=12.0)])]) == []


def test_mirror_image_by_face() -> None:
    pair = [
        photo(0, unrelated(1), [face(pan=12.0)]),
        photo(1, unrelated(2), [face(near=mirrored(2), pan=-12.0)]),
    ]
    assert found(pair) == [(0, 1, 2, True)]


def test_a_symmetric_picture_is_not_its_own_copy_nor_mirrored() -> None:
    same = PhotoHashes(BASE, BASE)
    assert found([photo(0, same)]) == []
    assert found([photo(0, same), photo(1, same)]) == [(0, 1, 0, False)]


def test_two_faces_of_one_photo_are_no_pair() -> None:
    assert found([photo(0, unrelated(1), [face(), face()])]) == []


@pytest.mark.parametrize("blank", [0, 1, 1 << 63])
def test_blank_pictures_say_nothing(blank: int) -> None:
    plain = PhotoHashes(blank, blank)
    assert not is_telling(plain)
    assert found([photo(0, plain), photo(1, plain)]) == []
    blank_face = face(near=plain)
    assert found([photo(n, unrelated(n), [blank_face]) for n in range(2)]) == []


def test_photos_without_hashes_are_passed_over() -> None:
    assert found([photo(0, None), photo(1, hashes()), photo(2, None), photo(3, hashes(2))]) == [
        (1, 3, 2, False)
    ]


def test_nothing_to_compare() -> None:
    assert found([]) == []
    assert found([photo(0, hashes(), [face()])]) == []


def test_each_pair_once_and_in_order() -> None:
    photos = [photo(n, hashes(n), [face(near=hashes(n))]) for n in (0, 2, 1)]
    assert found(photos) == [(0, 1, 2, False), (0, 2, 1, False), (1, 2, 1, False)]


def test_distance_zero_finds_equal_hashes_only() -> None:
    photos = [photo(0, hashes()), photo(1, hashes()), photo(2, hashes(1))]
    assert found(photos, distance=0) == [(0, 1, 0, False)]
