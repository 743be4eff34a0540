"""Building a dataset: who is in, on which side, and what the owner is told."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.domain.dataset import Subset
from facegui.domain.entities import Decision
from facegui.domain.errors import DatasetError
from facegui.services.dataset import DatasetRequest, build_dataset, split_groups, survey
from tests.fakes.training_library import FakeLibrary

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12)), min_size=1, max_size=60)
SHARES = st.floats(0.05, 0.95)


@pytest.fixture
def library() -> FakeLibrary:
    library = FakeLibrary()
    for name in ("Zoë", "Ada"):
        library.add(name, 10)
    return library


def test_labels_items_and_shares(library: FakeLibrary) -> None:
    manifest, warnings = build_dataset(library, DatasetRequest())
    assert warnings == ()
    assert manifest.labels == ("Ada", "Zoë")
    assert [item.label for item in manifest.items] == [0] * 10 + [1] * 10
    assert len(manifest.of(Subset.VALIDATION)) == 6
    ada = manifest.items[0]
    assert (ada.face_id, ada.path, ada.sha256) == (11, "/photos/11.png", f"{11:064x}")


def test_reproducible_from_the_seed(library: FakeLibrary) -> None:
    first, _ = build_dataset(library, DatasetRequest(seed=3))
    again, _ = build_dataset(library, DatasetRequest(seed=3))
    other, _ = build_dataset(library, DatasetRequest(seed=4))
    assert first == again
    assert first.content_hash == again.content_hash
    assert first.content_hash != other.content_hash


def test_only_kept_and_named_faces(library: FakeLibrary) -> None:
    library.change_face(1, decision=Decision.REJECT)
    library.change_face(2, failed=("roll",))
    library.change_face(3, failed=("roll",), decision=Decision.KEEP)
    library.change_face(4, person_id=None)
    manifest, _ = build_dataset(library, DatasetRequest())
    assert {1, 2, 4}.isdisjoint(item.face_id for item in manifest.items)
    assert 3 in {item.face_id for item in manifest.items}


def same_photo(library: FakeLibrary) -> None:
    library.change_face(2, photo_id=1)


def same_file(library: FakeLibrary) -> None:
    library.change_photo(2, sha256=f"{1:064x}")


def duplicate_group(library: FakeLibrary) -> None:
    library.group(1, 2)


def same_shot(library: FakeLibrary) -> None:
    library.set_embedding(2, library.embeddings([1])[0])


@pytest.mark.parametrize("copy", [same_photo, same_file, duplicate_group, same_shot])
def test_copies_share_a_group_and_a_side(library: FakeLibrary, copy: object) -> None:
    copy(library)
    for seed in range(12):
        manifest, _ = build_dataset(library, DatasetRequest(seed=seed))
        one, other = (item for item in manifest.items if item.face_id in (1, 2))
        assert one.group == other.group
        assert one.subset is other.subset
    assert len({item.group for item in manifest.items}) == 19


def test_a_missing_file_hash_joins_nothing(library: FakeLibrary) -> None:
    library.change_photo(1, sha256=None)
    library.change_photo(2, sha256=None)
    manifest, _ = build_dataset(library, DatasetRequest())
    assert len({item.group for item in manifest.items}) == 20


def test_who_has_too_few_pictures_is_left_out_and_named(library: FakeLibrary) -> None:
    library.add("Tom", 1)
    library.add("Eve", 3)
    library.group(22, 23, 24)
    manifest, warnings = build_dataset(library, DatasetRequest())
    assert manifest.labels == ("Ada", "Zoë")
    assert [warning.split()[0] for warning in warnings] == ["Tom", "Eve"]
    assert "1 different usable picture," in warnings[0]


def test_two_pictures_are_one_on_each_side(library: FakeLibrary) -> None:
    library.add("Tom", 2)
    manifest, warnings = build_dataset(library, DatasetRequest(validation=0.1))
    tom = manifest.labels.index("Tom")
    assert sorted(item.subset.value for item in manifest.items if item.label == tom) == [
        "train",
        "validation",
    ]
    assert warnings == ()


@pytest.mark.parametrize(("people", "told"), [(0, "there are 0"), (1, "there is 1")])
def test_fewer_than_two_people(people: int, told: str) -> None:
    library = FakeLibrary()
    for number in range(people):
        library.add(f"person {number}", 5)
    library.add("nobody", 1)
    with pytest.raises(DatasetError) as caught:
        build_dataset(library, DatasetRequest())
    assert told in caught.value.message
    assert "Review" in caught.value.remedy


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, float("nan")])
def test_shares_out_of_range(library: FakeLibrary, share: float) -> None:
    with pytest.raises(DatasetError, match="between 0 and 1"):
        build_dataset(library, DatasetRequest(validation=share))


def test_survey_of_too_few_people_is_no_error() -> None:
    library = FakeLibrary()
    library.add("Ada", 4)
    library.add("Tom", 1)
    found = survey(library, DatasetRequest())
    assert found.manifest is None
    assert [(s.person.name, s.faces, s.pictures, s.train) for s in found.people] == [
        ("Ada", 4, 4, 0),
        ("Tom", 1, 1, 0),
    ]


def test_survey_counts_both_sides(library: FakeLibrary) -> None:
    library.group(1, 2, 3)
    shares = {share.person.name: share for share in survey(library, DatasetRequest()).people}
    assert (shares["Zoë"].faces, shares["Zoë"].pictures) == (10, 8)
    assert (shares["Ada"].train, shares["Ada"].validation) == (7, 3)


def test_pictures_shared_by_everybody_cannot_be_checked() -> None:
    library = FakeLibrary()
    library.add("Ada", 2)
    library.add("Bob", 2)
    library.add("Eve", 2)
    # Each two people share a picture: three people, three groups, two sides.
    for one, other in ((1, 3), (4, 5), (6, 2)):
        library.change_face(other, photo_id=one)
    manifest, warnings = build_dataset(library, DatasetRequest())
    assert {item.label for item in manifest.of(Subset.TRAIN)} == {0, 1, 2}
    assert len(warnings) == 1
    assert "cannot be checked" in warnings[0]


@given(ROWS, SHARES, st.integers(0, 5))
def test_no_group_is_on_both_sides(
    rows: list[tuple[int, int]], validation: float, seed: int
) -> None:
    labels, groups = zip(*rows, strict=True)
    sides = split_groups(labels, groups, validation, seed)
    side_of: dict[int, set[Subset]] = defaultdict(set)
    for group, side in zip(groups, sides, strict=True):
        side_of[group].add(side)
    assert all(len(found) == 1 for found in side_of.values())
    assert {
        label for label, side in zip(labels, sides, strict=True) if side is Subset.TRAIN
    } == set(labels)
    assert sides == split_groups(labels, groups, validation, seed)


@given(ROWS, SHARES, st.integers(0, 5))
def test_everybody_with_two_groups_of_their_own_is_on_both_sides(
    rows: list[tuple[int, int]], validation: float, seed: int
) -> None:
    labels = [label for label, _ in rows]
    groups = [label * 100 + group for label, group in rows]
    sides = split_groups(labels, groups, validation, seed)
    for label in set(labels):
        own = [side for row, side in zip(rows, sides, strict=True) if row[0] == label]
        pictures = {group for other, group in rows if other == label}
        both = {Subset.TRAIN, Subset.VALIDATION}
        assert set(own) == (both if len(pictures) > 1 else {Subset.TRAIN})


@given(st.integers(4, 80), SHARES)
def test_single_pictures_come_as_near_as_can_be(count: int, validation: float) -> None:
    sides = split_groups([0] * count, range(count), validation, 0)
    held_out = sides.count(Subset.VALIDATION)
    exact = min(max(validation * count, 1), count - 1)
    assert abs(held_out - exact) <= 0.5 + 1e-9


def test_different_seeds_hold_out_different_pictures() -> None:
    drawn = {split_groups([0] * 20, range(20), 0.3, seed) for seed in range(5)}
    assert len(drawn) == 5


def test_embeddings_of_the_fake_are_unit_vectors(library: FakeLibrary) -> None:
    """The thresholds above are cosines; a fake with other lengths would try nothing."""
    lengths = np.linalg.norm(library.embeddings([1, 2, 3]), axis=1)
    np.testing.assert_allclose(lengths, 1, rtol=1e-5)
