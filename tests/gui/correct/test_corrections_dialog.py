"""The list of corrections: what was said, what a model says now, and taking one back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.corrections import Truth, Verdict
from facegui.gui.context import AppContext
from facegui.gui.correct.dialog import CorrectionsDialog
from facegui.gui.correct.table import Column
from facegui.services.libraries import Library
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.corrections import provenance
from tests.fakes.square_library import COLOURS, square_library
from tests.gui.conftest import Settle, put_on_screen

ANN, BOB = Truth(Verdict.IS, "Ann"), Truth(Verdict.IS, "Bob")
Show = Callable[[Path | None], CorrectionsDialog]


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    made = square_library(tmp_path)
    context.set_library(made)
    return made


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    people = {name: COLOURS[name] for name in ("Ann", "Bob")}
    return write_colour_bundle(tmp_path / "two.facebundle", people)


@pytest.fixture
def show(qtbot: QtBot, context: AppContext, library: Library, settle: Settle) -> Show:
    window = QWidget()
    put_on_screen(qtbot, window)

    def shown(bundle: Path | None = None) -> CorrectionsDialog:
        dialog = CorrectionsDialog(context, bundle, window)
        dialog.open()
        settle()
        return dialog

    return shown


def faces(library: Library, name: str) -> list[int]:
    who = next(person.id for person in library.people() if person.name == name)
    return [face.id for face in library.faces(library.face_ids()) if face.person_id == who]


def correct(library: Library) -> None:
    """Ann who was called Bob, Bob who was unknown, Ann who was called Ann but is said to be Bob."""
    library.correct(faces(library, "Ann")[0], ANN, provenance("Bob"))
    library.correct(faces(library, "Bob")[0], BOB, provenance(None))
    library.correct(faces(library, "Ann")[1], BOB, provenance("Bob"))


def column(dialog: CorrectionsDialog, which: Column) -> list[str]:
    table = dialog.table
    return [str(table.index(row, which).data()) for row in range(table.rowCount())]


def test_an_empty_list_says_how_to_begin(show: Show) -> None:
    dialog = show(None)
    assert "Nothing has been corrected yet" in dialog.summary.text()
    assert not dialog.ask_again.isEnabled()
    assert not dialog.take_back.isEnabled()


def test_the_newest_stands_first_with_what_was_said(show: Show, library: Library) -> None:
    correct(library)
    dialog = show(None)
    QAbstractItemModelTester(dialog.table)
    assert column(dialog, Column.TRUTH) == ["Bob", "Bob", "Ann"]
    said = column(dialog, Column.BEFORE)
    assert said[0] == "Bob\n0.61 of 0.40"
    assert said[1].startswith("unknown\nmost like Bob")
    assert all("live: camera 0" in text for text in column(dialog, Column.SEEN))
    assert dialog.view.isColumnHidden(Column.OUTCOME)
    assert "3 corrections" in dialog.summary.text()


def test_a_model_is_asked_at_once_and_its_answers_are_told_apart(
    show: Show, library: Library, bundle: Path
) -> None:
    correct(library)
    dialog = show(bundle)
    assert column(dialog, Column.OUTCOME) == ["Newly wrong", "Fixed", "Fixed"]
    assert column(dialog, Column.PROOF)[0] == "not learned from: it counts"
    assert dialog.summary.text().startswith("2 fixed, 0 still wrong, 1 newly wrong")
    chips = [button.text() for button in dialog.filters.buttons()]
    assert chips == ["All  3", "Fixed  2", "Still wrong  0", "Newly wrong  1", "Right as before  0"]
    dialog.filters.button(3).click()
    assert column(dialog, Column.OUTCOME) == ["Newly wrong"]


def test_the_model_in_use_is_asked_when_told(
    qtbot: QtBot, show: Show, context: AppContext, library: Library, settle: Settle
) -> None:
    correct(library)
    dialog = show(None)
    with qtbot.waitSignal(context.lanes.task_failed) as failed:
        dialog.ask_again.click()
    assert "no model" in str(failed.args[1])
    settle()
    assert dialog.ask_again.text() == "Ask the model in use"
    write_colour_bundle(library.models_dir / "a.facebundle", {n: COLOURS[n] for n in COLOURS})
    dialog.ask_again.click()
    settle()
    assert len(column(dialog, Column.OUTCOME)) == 3


def test_one_is_taken_back_and_comes_back_with_undo(
    qtbot: QtBot, show: Show, context: AppContext, library: Library, settle: Settle
) -> None:
    correct(library)
    dialog = show(None)
    dialog.view.selectRow(2)
    with qtbot.waitSignal(context.told) as told:
        dialog.take_back.click()
    settle()
    assert told.args == ["Take back 1 correction. Ctrl+Z takes it back."]
    assert column(dialog, Column.TRUTH) == ["Bob", "Bob"]
    context.write("Undo", library.undo)
    settle()
    assert column(dialog, Column.TRUTH) == ["Bob", "Bob", "Ann"]


def test_what_was_decided_later_is_told(show: Show, library: Library) -> None:
    face_id = faces(library, "Ann")[0]
    library.correct(face_id, ANN, provenance())
    library.assign([face_id], "Bob")
    assert column(show(None), Column.TRUTH) == ["Ann\nsince then: Bob"]


def test_a_face_is_shown_in_review(
    qtbot: QtBot, show: Show, context: AppContext, library: Library
) -> None:
    correct(library)
    dialog = show(None)
    dialog.view.selectRow(0)
    with qtbot.waitSignals([context.page_requested, context.face_requested]):
        dialog.review.click()


def test_closing_stops_what_is_asked(
    show: Show, library: Library, bundle: Path, settle: Settle
) -> None:
    correct(library)
    dialog = show(None)
    dialog.ask()
    task = dialog.task
    assert task is not None
    dialog.reject()
    settle()
    assert not task.running
