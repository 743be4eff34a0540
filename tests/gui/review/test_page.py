"""The review page follows its library, and nothing moves under the cursor."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision
from facegui.domain.queries import Change, FaceFilter, NewPhoto
from facegui.gui.context import AppContext
from facegui.gui.review.commands import Command
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library, create_library
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT
from tests.gui.conftest import Settle, press
from tests.gui.review.conftest import chip, face, row


def test_all_faces_show_with_the_first_current(page: ReviewPage, library: Library) -> None:
    assert page.stage.sheet.tiles.ids.tolist() == library.face_ids(FaceFilter())
    assert row(page) == 0
    assert QApplication.focusWidget() is page.stage.sheet


def test_who_comes_back_to_the_page_sees_what_fits_by_now(
    page: ReviewPage, settle: Settle, library: Library, context: AppContext
) -> None:
    chip(page, "Kept")
    settle()
    ids = page.stage.sheet.tiles.ids.tolist()
    context.write("", lambda: library.decide(ids[:2], Decision.REJECT))
    settle()
    assert page.stage.sheet.tiles.stale_count == 2
    assert page._strip._figures.text() == f"{len(ids) - 2} faces"
    page.activate()
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == ids[2:]
    context.write("", lambda: library.decide(ids[2:4], Decision.REJECT))
    settle()
    press(Qt.Key.Key_R, held=Qt.KeyboardModifier.ControlModifier)
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == ids[4:]


def test_nothing_moves_when_a_face_no_longer_fits(page: ReviewPage, settle: Settle) -> None:
    chip(page, "Kept")
    settle()
    ids, offset = page.stage.sheet.tiles.ids.tolist(), page.stage.sheet.verticalOffset()
    page.stage.sheet.go_to(3)
    press(Qt.Key.Key_X)
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == ids
    assert page.stage.sheet.verticalOffset() == offset
    assert page.stage.sheet.tiles.stale_count == 1
    assert page._strip._refresh.isVisible()
    assert row(page) == 4
    page._strip._refresh.click()
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == ids[:3] + ids[4:]
    assert not page._strip._refresh.isVisible()
    assert int(page.stage.sheet.tiles.ids[row(page)]) == ids[4]


def test_undo_brings_a_stale_face_back(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    chip(page, "Kept")
    settle()
    press(Qt.Key.Key_X)
    settle()
    assert page.stage.sheet.tiles.stale_count == 1
    context.write("undo", library.undo)
    settle()
    assert page.stage.sheet.tiles.stale_count == 0
    assert face(page, 0).decision is Decision.UNDECIDED


def test_a_scans_batch_adds_faces_and_keeps_the_place(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    page.stage.sheet.go_to(5)
    press(Qt.Key.Key_Space)
    count = page.stage.sheet.tiles.rowCount()
    new = library.photo_ids()[-1]
    library.store_scans([scanned(new, [proposal(LEFT, seed=500)])])
    context.rows_changed.emit(Change(None, photo_ids=(new,)))
    settle()
    assert page.stage.sheet.tiles.rowCount() == count + 1
    assert row(page) == 5
    assert page.stage.sheet.selected_rows() == [5]
    assert f"All  {count + 1}" in [button.text() for _, button in page.filter_bar._chips]


def test_people_can_be_added_and_renamed(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    field = page.people_panel._field
    field.setText("Cleo")
    field.returnPressed.emit()
    settle()
    assert [p.name for p in page.people_panel.people] == ["Ann", "Bob", "Cleo"]
    model = page.people_panel._model
    model.setData(model.index(3, 0), "Clio")
    settle()
    assert [p.name for p in library.people()] == ["Ann", "Bob", "Clio"]
    assert model.index(3, 0).data() == "Clio"


def test_closing_the_library_empties_the_page(
    page: ReviewPage, settle: Settle, context: AppContext
) -> None:
    context.set_library(None)
    settle()
    assert page.stage.sheet.tiles.rowCount() == 0
    press(Qt.Key.Key_X)
    page.run(Command.CONFIRM)


def test_another_library_takes_the_place_of_the_first(
    page: ReviewPage, settle: Settle, context: AppContext, tmp_path: Path
) -> None:
    context.set_library(create_library(tmp_path / "other.facegui"))
    settle()
    assert page.stage.sheet.tiles.rowCount() == 0
    assert page.stage.empty.isVisible()
    assert page.stage.empty._title.text() == "No photos yet"


def test_a_name_that_is_being_typed_survives_new_counts(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library, qtbot: QtBot
) -> None:
    people = page.people_panel._list
    people.setFocus(Qt.FocusReason.TabFocusReason)
    people.edit(page.people_panel._model.index(1, 0))
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Anna")
    context.rows_changed.emit(Change(None))
    settle()
    assert QApplication.focusWidget() is editor
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(library.history()) == 1)  # committed from the event loop
    settle()
    assert [person.name for person in page.people_panel.people] == ["Anna", "Bob"]
    assert [entry.label for entry in library.history()] == ["Rename to Anna"]


def test_the_first_batch_of_a_new_library_makes_its_first_face_current(
    qtbot: QtBot, context: AppContext, settle: Settle, tmp_path: Path
) -> None:
    library = create_library(tmp_path / "new.facegui")
    page = ReviewPage(context)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    context.set_library(library)
    settle()
    assert page.stage.empty.isVisible()
    added = library.add_photos([NewPhoto(f"/{n}.jpg", "Ann", 1, 1) for n in range(3)]).added
    library.store_scans([scanned(n, [proposal(LEFT, seed=n)]) for n in added])
    context.rows_changed.emit(Change(None, photo_ids=tuple(added)))
    settle()
    assert page.stage.sheet.isVisible()
    assert row(page) == 0
    assert page.stage.sheet.selected_rows() == [0]
