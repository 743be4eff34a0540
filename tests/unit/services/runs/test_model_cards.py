"""What the model chooser is told, from real bundles in a folder that stands for a library."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from facegui.domain.errors import BundleError
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import describe_model, model_choices
from facegui.services.runs.models import SUFFIX, active_model, use_model
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    fake = FakeLibrary(tmp_path)
    fake.models_dir.mkdir()
    return cast("Library", fake)


def add_model(library: Library, name: str) -> Path:
    return write_colour_bundle(library.models_dir / f"{name}{SUFFIX}", PEOPLE)


def test_a_card_tells_people_kind_date_and_accuracy(tmp_path: Path) -> None:
    card = describe_model(write_colour_bundle(tmp_path / "m", PEOPLE))
    assert card.people == ("Gretel", "Ruth")
    assert card.network == "Face transfer"
    assert (card.score.right, card.score.count) == (29, 30)
    assert card.train_count == 70
    assert card.size_bytes > 1000
    assert card.created.timestamp() == 1795350600  # 2026-11-22 12:30 UTC


def test_a_library_without_models_offers_none(library: Library) -> None:
    choices = model_choices(library, None)
    assert choices.cards == ()
    assert choices.chosen is None
    assert model_choices(None, None).chosen is None


def test_the_newest_model_is_chosen_until_another_one_is(library: Library) -> None:
    old, new = add_model(library, "20261121"), add_model(library, "20261122")
    choices = model_choices(library, None)
    assert [card.path for card in choices.cards] == [new, old]
    assert choices.chosen == new
    use_model(library, old)
    assert model_choices(library, None).chosen == old == active_model(library)


def test_an_opened_file_comes_first_and_is_chosen(library: Library, tmp_path: Path) -> None:
    own = add_model(library, "20261121")
    opened = write_colour_bundle(tmp_path / "friend.facebundle", PEOPLE)
    choices = model_choices(library, opened)
    assert [card.path for card in choices.cards] == [opened, own]
    assert choices.chosen == opened
    assert model_choices(None, opened).chosen == opened


def test_a_file_of_the_library_that_was_opened_by_hand_is_listed_once(library: Library) -> None:
    own = add_model(library, "20261121")
    assert [card.path for card in model_choices(library, own).cards] == [own]


def test_a_damaged_model_is_passed_over_but_refused_when_opened(library: Library) -> None:
    good, bad = add_model(library, "20261121"), add_model(library, "20261122")
    bad.write_bytes(bad.read_bytes()[:-1])
    choices = model_choices(library, None)
    assert [card.path for card in choices.cards] == [good]
    assert choices.chosen == good
    with pytest.raises(BundleError, match="20261122"):
        model_choices(library, bad)
