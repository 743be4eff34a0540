"""Building a dataset: who is in, on which side, and what the owner is told."""

from __future__ import annotations

import numpy as np
import pytest

from facegui.domain.dataset import Split, Subset
from facegui.domain.entities import Decision
from facegui.domain.errors import DatasetError
from facegui.services.learning.dataset import DatasetRequest, build_dataset, survey
from tests.fakes.training_library import FakeLibrary


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
    assert [len(manifest.of(side)) for side in Subset] == [12, 4, 4]
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
    assert all("only one of their pictures can be used" in warning for warning in warnings)


def test_two_pictures_are_one_on_each_side(library: FakeLibrary) -> None:
    library.add("Tom", 2)
    manifest, warnings = build_dataset(library, DatasetRequest(Split(validation=0.1)))
    tom = manifest.labels.index("Tom")
    assert sorted(item.subset.value for item in manifest.items if item.label == tom) == [
        "train",
        "validation",
    ]
    assert warnings == (
        "Tom has no face to test with: it takes three different pictures.",
        "Tom has 1 face to learn from, others about 7.",
    )


def test_copies_leave_nothing_to_test_with(library: FakeLibrary) -> None:
    faces = library.add("Tom", 6)
    library.group(*faces[1:])
    told = "Tom has no face to test with: its pictures are copies of one another."
    assert told in build_dataset(library, DatasetRequest())[1]
    assert told not in build_dataset(library, DatasetRequest(Split(test=0.0)))[1]


def test_a_single_face_to_test_with_is_told_in_one_line_for_everybody() -> None:
    library = FakeLibrary()
    for name in ("Ada", "Bob", "Cid", "Dan", "Eve"):
        library.add(name, 4)
    single = "single face each to test with, which says little."
    assert build_dataset(library, DatasetRequest())[1] == (
        f"Ada, Bob, Cid and 2 more have a {single}",
    )
    for name in ("Bob", "Cid", "Dan", "Eve"):
        library.add(name, 6)
    told = build_dataset(library, DatasetRequest())[1]
    assert "Ada has a single face to test with, which says little." in told


@pytest.mark.parametrize("name", ["A\nda", "\u202eadA", "x" * 400])
def test_a_name_that_no_model_can_hold(library: FakeLibrary, name: str) -> None:
    library.add(name, 5)
    with pytest.raises(DatasetError, match="cannot hold") as caught:
        build_dataset(library, DatasetRequest())
    assert "Rename" in caught.value.remedy


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
        build_dataset(library, DatasetRequest(Split(validation=share)))


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
    ada, zoe = shares["Ada"], shares["Zoë"]
    assert (ada.train, ada.validation, ada.test) == (6, 2, 2)
    assert zoe.train + zoe.validation + zoe.test == 10
    assert ada.weight * ada.train == pytest.approx(zoe.weight * zoe.train)
    assert (ada.train + zoe.train) == pytest.approx(2 * ada.weight * ada.train)


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
    assert sum("cannot be checked" in warning for warning in warnings) == 1
    assert sum("has no face to test with" in warning for warning in warnings) == 3


def test_a_cap_and_who_has_few(library: FakeLibrary) -> None:
    library.add("Tom", 40)
    found = survey(library, DatasetRequest(Split()))
    assert found.warnings == ()  # the middle of 6, 6 and 24 is 6
    library.add("Eve", 40)
    found = survey(library, DatasetRequest(Split()))
    assert [warning.split()[0] for warning in found.warnings] == ["Zoë", "Ada"]
    assert "6 faces to learn from, others about 24" in found.warnings[0]
    found = survey(library, DatasetRequest(Split(cap=8)))
    assert found.warnings == ()
    shares = {share.person.name: share for share in found.people}
    tom = shares["Tom"]
    assert (tom.train + tom.validation, tom.test) == (8, 32)
    with pytest.raises(DatasetError, match="too few"):
        survey(library, DatasetRequest(Split(cap=1)))


def test_embeddings_of_the_fake_are_unit_vectors(library: FakeLibrary) -> None:
    """The thresholds above are cosines; a fake with other lengths would try nothing."""
    lengths = np.linalg.norm(library.embeddings([1, 2, 3]), axis=1)
    np.testing.assert_allclose(lengths, 1, rtol=1e-5)
