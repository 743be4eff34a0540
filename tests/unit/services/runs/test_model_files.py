"""Models come in checked, go out whole, and what was deleted comes back."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from facegui.domain.errors import BundleError, LibraryError
from facegui.domain.training import Calibration
from facegui.network.bundle import Bundle, load_bundle, save_bundle
from facegui.services.libraries import Library
from facegui.services.runs.card_text import card_as_text, model_card
from facegui.services.runs.deleted import KEPT_S
from facegui.services.runs.model_cards import describe_model, model_rows
from facegui.services.runs.model_files import (
    FOLDER,
    ModelIsThere,
    delete_model,
    export_model,
    forget_in_models,
    import_model,
    restore_model,
    suggested_name,
)
from facegui.services.runs.model_titles import read_titles, set_title
from facegui.services.runs.models import active_model, list_models, unused_models, use_model
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import BLUE, GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    fake = FakeLibrary(tmp_path / "L.facegui")
    fake.models_dir.mkdir(parents=True)
    return cast("Library", fake)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_colour_bundle(tmp_path / "friend.facebundle", PEOPLE)


def add(library: Library, name: str, *, used: bool = True) -> Path:
    path = library.models_dir / f"{name}.facebundle"
    if not used:
        path = library.runs_dir / name / "model.facebundle"
        path.parent.mkdir(parents=True)
    return write_colour_bundle(path, {**PEOPLE, name: BLUE})


def test_an_imported_model_is_listed_by_its_file_name(library: Library, file: Path) -> None:
    path = import_model(library, file)
    assert list_models(library) == [path]
    assert load_bundle(path).sha256 == load_bundle(file).sha256
    (row,) = model_rows(library, None)
    assert row.card is not None
    assert (row.card.title, row.published, row.outside) == ("friend", True, False)


def test_one_that_is_there_already_is_refused_by_name(library: Library, file: Path) -> None:
    import_model(library, file)
    with pytest.raises(BundleError, match="as friend"):
        import_model(library, file)
    assert len(list_models(library)) == 1


def test_one_without_a_title_is_named_by_what_it_is(library: Library, file: Path) -> None:
    own = import_model(library, file)
    set_title(library, own, "")
    with pytest.raises(ModelIsThere, match=r"as Face transfer of 2026-11-\d\d") as refused:
        import_model(library, file)
    assert refused.value.model == own


def test_a_damaged_file_is_refused_and_leaves_nothing(library: Library, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BundleError, match="friend"):
        import_model(library, file)
    assert list_models(library) == []
    assert not read_titles(library)


def test_an_exported_model_is_the_same_elsewhere(library: Library, tmp_path: Path) -> None:
    model, out = add(library, "1"), tmp_path / "out.facebundle"
    out.write_bytes(b"an old one")
    export_model(model, out)
    assert describe_model(out).sha256 == describe_model(model).sha256
    model.write_bytes(b"damaged")
    with pytest.raises(BundleError):
        export_model(model, out)
    assert load_bundle(out)


def test_the_file_is_named_after_the_title(library: Library) -> None:
    model = add(library, "1")
    assert suggested_name(describe_model(model)) == "Face transfer 2026-11-22.facebundle"
    set_title(library, model, " our\nfamily\u202e: best " + "x" * 99)
    (row,) = model_rows(library, None)
    assert row.card is not None
    assert row.card.title.startswith("our family : best x")
    assert len(row.card.title) == 80
    assert ":" not in suggested_name(row.card)
    set_title(library, model, "")
    assert not read_titles(library)


def test_models_that_were_never_used_are_listed_and_can_be(library: Library) -> None:
    used, waiting = add(library, "2"), add(library, "1", used=False)
    assert unused_models(library) == [waiting]
    assert [row.published for row in model_rows(library, None)] == [True, False]
    set_title(library, waiting, "the careful one")
    path = use_model(library, waiting)
    assert active_model(library) == path != used
    assert unused_models(library) == []
    titles = {row.card.title for row in model_rows(library, None) if row.card}
    assert titles == {"", "the careful one"}


def test_what_is_deleted_comes_back(library: Library) -> None:
    used, waiting = add(library, "2"), add(library, "1", used=False)
    for path in (used, waiting):
        before = path.read_bytes()
        delete_model(library, path)
        assert path not in {row.path for row in model_rows(library, None)}
        with pytest.raises(LibraryError):
            delete_model(library, path)
        restore_model(library, path)
        assert path.read_bytes() == before
        with pytest.raises(LibraryError, match="for good"):
            restore_model(library, path)


def test_a_used_model_of_a_run_does_not_come_back_as_unused(library: Library) -> None:
    waiting = add(library, "1", used=False)
    path = use_model(library, waiting)
    delete_model(library, path)
    assert model_rows(library, None) == []
    restore_model(library, path)
    assert path.exists()
    assert waiting.exists()


def test_what_was_deleted_long_ago_goes_with_the_next(library: Library) -> None:
    first, second = add(library, "1"), add(library, "2")
    delete_model(library, first)
    old = time.time() - KEPT_S - 9
    os.utime(library.path / FOLDER / "1", (old, old))
    delete_model(library, second)
    assert [folder.name for folder in (library.path / FOLDER).iterdir()] == ["2"]


def test_a_person_who_goes_takes_deleted_models_and_titles_along(library: Library) -> None:
    first, second = add(library, "Ann"), add(library, "Ben")
    set_title(library, second, "with Ann")
    delete_model(library, first)
    delete_model(library, second)
    forget_in_models(library, "Ann")
    assert [folder.name for folder in (library.path / FOLDER).iterdir()] == ["Ben"]
    assert not read_titles(library)


def test_a_damaged_model_is_listed_with_the_reason(library: Library) -> None:
    add(library, "1").write_bytes(b"PK\x03\x04")
    (row,) = model_rows(library, None)
    assert row.card is None
    assert "zip" in row.problem


def test_an_opened_file_stands_first_and_is_used(library: Library, file: Path) -> None:
    add(library, "1")
    rows = model_rows(library, file)
    assert [(row.outside, row.used) for row in rows] == [(True, True), (False, False)]


def test_a_card_says_why_two_counts_of_known_faces_differ(file: Path) -> None:
    bundle = load_bundle(file)
    found = Calibration(bundle.info.thresholds, 159, 4, 157, 1, 0, 0)
    metrics = replace(bundle.info.metrics, test_accuracy=0.9)
    info = replace(bundle.info, calibration=found, metrics=metrics)
    save_bundle(file, Bundle(info, bundle.weights, bundle.prototypes))
    card = card_as_text(model_card(file))
    assert "159 faces" in card
    assert "157 faces\n2 known faces are not in that count, because they look more like" in card
    assert "chosen with other photos than those it was judged by" in card


def test_a_card_tells_what_a_person_wants_to_know(file: Path) -> None:
    card = card_as_text(model_card(file))
    for text in (
        *("Face transfer", "2 people: Gretel, Ruth", "97 % (83–99 %), 30 faces", "70 photos"),
        *("at least 0.95", "not been tested on", "2026-11-22", load_bundle(file).sha256),
        "also chose its weights",
    ):
        assert text in card
    assert "File: friend.facebundle" in card
