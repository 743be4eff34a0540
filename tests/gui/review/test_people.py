"""People of the panel on a real library: menu, keys, dragging, merging, and deleting for good."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QMouseEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QDialogButtonBox,
    QInputDialog,
    QLineEdit,
    QMenu,
)
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Person
from facegui.domain.queries import Change, FaceFilter
from facegui.gui.review.forget_dialog import ForgetDialog
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.people_actions import PeopleActions
from facegui.gui.review.people_model import FACES_MIME
from facegui.services.libraries import Library
from tests.gui.review.conftest import Settle

ACTION = Qt.DropAction.MoveAction


def person(library: Library, name: str) -> Person:
    return next(one for one in library.people() if one.name == name)


def names(library: Library) -> list[str]:
    return [one.name for one in library.people()]


def menu_of(page: ReviewPage, name: str) -> QMenu:
    actions = page.people_panel.findChild(PeopleActions)
    assert isinstance(actions, PeopleActions)
    return actions.menu(next(one for one in page.people_panel.people if one.name == name))


def trigger(menu: QMenu, *path: str) -> None:
    """Choose the entry that is called so, without its letter and key, in a menu of a menu."""
    for step in path:
        texts = {a.text().replace("&", "").partition("\t")[0]: a for a in menu.actions()}
        action = texts[step]
        below = action.menu()
        if isinstance(below, QMenu):
            menu = below
        else:
            assert action.isEnabled()
            action.trigger()


def focus_on(page: ReviewPage, name: str) -> None:
    panel = page.people_panel
    panel.choose(next(one.id for one in panel.people if one.name == name))
    panel._list.setFocus(Qt.FocusReason.TabFocusReason)


# the menu


def test_two_people_become_one_and_part_again(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    trigger(menu_of(page, "Bob"), "Merge into", "Ann")
    settle()
    assert names(library) == ["Ann"]
    assert [one.name for one in page.people_panel.people] == ["Ann"]
    assert "Merge Bob into Ann" in page._strip._step.text()
    library.undo()
    assert names(library) == ["Ann", "Bob"]


def test_a_key_is_given_and_names_faces(page: ReviewPage, settle: Settle, library: Library) -> None:
    trigger(menu_of(page, "Bob"), "Key", "7")
    settle()
    assert person(library, "Bob").key == 7
    page.activate()
    face = int(page.stage.sheet.tiles.ids[0])
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_7)
    settle()
    assert library.faces([face])[0].person_id == person(library, "Bob").id
    trigger(menu_of(page, "Bob"), "Key", "None")
    settle()
    assert person(library, "Bob").key is None


def test_the_menu_tells_who_has_a_key_and_what_cannot_be_done(page: ReviewPage) -> None:
    menu = menu_of(page, "Ann")
    keys = next(a.menu() for a in menu.actions() if a.text() == "&Key")
    assert isinstance(keys, QMenu)
    assert [a.text() for a in keys.actions()][:3] == ["&1", "&2\tBob", "&3"]
    assert keys.actions()[0].isChecked()
    enabled = {a.text().replace("&", "").partition("\t")[0]: a.isEnabled() for a in menu.actions()}
    assert not enabled["Move up"]
    assert enabled["Move down"]


def test_the_current_face_becomes_the_cover(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.stage.sheet.go_to(2)
    trigger(menu_of(page, "Ann"), "Current face as cover")
    settle()
    ann = person(library, "Ann")
    assert ann.cover_id == int(page.stage.sheet.tiles.ids[2])
    model = page.people_panel._model
    cover = model.index(1, 0).data(Qt.ItemDataRole.DecorationRole)
    assert isinstance(cover, QPixmap)
    assert cover.toImage().pixelColor(32, 32).red() > 150, "the patch where her face is"
    assert model.index(2, 0).data(Qt.ItemDataRole.DecorationRole) is None
    assert not page.people_panel.grab().isNull()
    library.choose_cover(ann.id, 12345)
    page.context.rows_changed.emit(Change(None))
    settle()
    assert model.index(1, 0).data(Qt.ItemDataRole.DecorationRole) is None, "that face is gone"


def test_selected_faces_become_somebody_new(
    page: ReviewPage, settle: Settle, library: Library, qtbot: QtBot
) -> None:
    face = int(page.stage.sheet.tiles.ids[0])
    trigger(menu_of(page, "Ann"), "Split off the selected faces…")
    dialog = page.people_panel.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("Ann's twin")
    dialog.accept()
    settle()
    twin = person(library, "Ann's twin")
    assert library.face_ids(FaceFilter(person_id=twin.id)) == [face]


def test_a_colour_is_picked(page: ReviewPage, settle: Settle, library: Library) -> None:
    trigger(menu_of(page, "Ann"), "Colour…")
    dialog = page.people_panel.findChild(QColorDialog)
    assert isinstance(dialog, QColorDialog)
    dialog.setCurrentColor("#123456")
    dialog.accept()
    settle()
    assert person(library, "Ann").colour == "#123456"


def test_a_right_click_and_the_menu_key_ask_for_the_menu(page: ReviewPage, qtbot: QtBot) -> None:
    panel, people = page.people_panel, page.people_panel._list
    place = people.visualRect(panel._model.index(2, 0)).center()
    for reason, where in (
        (QContextMenuEvent.Reason.Mouse, place),
        (QContextMenuEvent.Reason.Keyboard, QPoint(0, 0)),
    ):
        with qtbot.waitSignal(panel.menu_requested) as asked:
            event = QContextMenuEvent(reason, where, people.viewport().mapToGlobal(where))
            QApplication.sendEvent(people.viewport(), event)
        assert asked.args is not None
        assert asked.args[0].name == "Bob"
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        popup.close()


# keys and dragging


def click_on(page: ReviewPage, name: str) -> None:
    view = page.people_panel._list
    row = [one.name for one in page.people_panel.people].index(name) + 1
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_gives_the_list_the_keys(page: ReviewPage, settle: Settle) -> None:
    click_on(page, "Bob")
    settle()
    assert page.people_panel._list.hasFocus()
    QTest.keyClick(page.people_panel._list, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "Bob"
    QTest.keyClick(field, Qt.Key.Key_Escape)


def test_enter_in_the_list_goes_to_the_faces_and_decides_nothing(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    click_on(page, "Bob")
    settle()
    QTest.keyClick(page.people_panel._list, Qt.Key.Key_Delete)
    QTest.keyClick(page.people_panel._list, Qt.Key.Key_Return)
    settle()
    assert page.stage.sheet.hasFocus()
    assert library.history() == []


def test_keys_about_the_chosen_person_work_from_the_grid(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.people_panel.choose(person(library, "Bob").id)
    settle()
    page.stage.focus()
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle()
    assert names(library) == ["Bob", "Ann"]
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    settle()
    dialog = page.people_panel.findChild(ForgetDialog)
    assert isinstance(dialog, ForgetDialog)
    dialog.reject()


def test_with_nobody_chosen_such_keys_do_nothing(page: ReviewPage, library: Library) -> None:
    page.people_panel.choose(None)
    page.stage.focus()
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_F2)
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert page.stage.sheet.hasFocus()
    assert page.people_panel.findChild(ForgetDialog) is None


def test_alt_and_an_arrow_move_a_person(page: ReviewPage, settle: Settle, library: Library) -> None:
    focus_on(page, "Bob")
    settle()
    QTest.keyClick(page.people_panel._list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle()
    assert names(library) == ["Bob", "Ann"]
    QTest.keyClick(page.people_panel._list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle()
    assert len(library.history()) == 1


@pytest.mark.parametrize(("before", "order"), [(1, ["Cy", "Ann", "Bob"]), (3, None), (4, None)])
def test_a_person_is_dropped_between_two(
    page: ReviewPage, settle: Settle, library: Library, before: int, order: list[str] | None
) -> None:
    page._verdicts.add_person("Cy")
    settle()
    model = page.people_panel._model
    data = model.mimeData([model.index(3, 0)])
    assert not model.canDropMimeData(data, ACTION, 0, 0, model.index(-1, 0)), "above everyone"
    model.dropMimeData(data, ACTION, before, 0, model.index(-1, 0))
    settle()
    assert names(library) == (order or ["Ann", "Bob", "Cy"])


def test_a_person_dropped_further_down_lands_there(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    model = page.people_panel._model
    model.dropMimeData(model.mimeData([model.index(1, 0)]), ACTION, 3, 0, model.index(-1, 0))
    settle()
    assert names(library) == ["Bob", "Ann"]


def test_faces_dropped_on_a_person_are_theirs(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.stage.sheet.selectAll()
    faces = [int(n) for n in page.stage.sheet.tiles.ids]
    model, data = page.people_panel._model, QMimeData()
    data.setData(FACES_MIME, b"")
    assert not model.canDropMimeData(data, ACTION, -1, -1, model.index(0, 0)), "nobody"
    model.dropMimeData(data, ACTION, -1, -1, model.index(2, 0))
    settle()
    bob = person(library, "Bob").id
    assert {face.person_id for face in library.faces(faces)} == {bob}
    assert len(library.history()) == 1


def mouse(page: ReviewPage, kind: QEvent.Type, place: QPoint) -> None:
    view, left = page.stage.sheet.viewport(), Qt.MouseButton.LeftButton
    where = QPointF(place)
    event = QMouseEvent(
        kind, where, view.mapToGlobal(where), left, left, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


def test_selected_tiles_are_dragged_together_and_stay_selected(
    page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[bool] = []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, _action: dragged.append(drag.mimeData().hasFormat(FACES_MIME))
    )
    sheet = page.stage.sheet
    sheet.selectAll()
    count = sheet.marked_count()
    place = sheet.visualRect(sheet.tiles.index(1, 0)).center()
    mouse(page, QEvent.Type.MouseButtonPress, place)
    mouse(page, QEvent.Type.MouseMove, place + QPoint(2, 0))
    assert dragged == []
    mouse(page, QEvent.Type.MouseMove, place + QPoint(40, 0))
    assert dragged == [True]
    assert sheet.marked_count() == count


def test_a_click_on_one_of_several_selected_tiles_is_still_a_click(page: ReviewPage) -> None:
    sheet = page.stage.sheet
    sheet.selectAll()
    place = sheet.visualRect(sheet.tiles.index(1, 0)).center()
    mouse(page, QEvent.Type.MouseButtonPress, place)
    mouse(page, QEvent.Type.MouseButtonRelease, place)
    assert sheet.selected_rows() == [1]


# deleting


def asked(page: ReviewPage, settle: Settle, name: str) -> ForgetDialog:
    focus_on(page, name)
    settle()
    QTest.keyClick(page.people_panel._list, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    settle()
    dialog = page.people_panel.findChild(ForgetDialog)
    assert isinstance(dialog, ForgetDialog)
    return dialog


def test_deleting_asks_first_and_can_be_called_off(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    dialog = asked(page, settle, "Ann")
    assert "Ann leaves this library for good: 6 faces" in dialog._told.text()
    assert "Your own photo files stay where they are" in dialog._told.text()
    assert not dialog._backups.isVisible()
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert cancel.isDefault()
    assert not dialog.delete_button.isDefault()
    cancel.click()
    settle()
    assert names(library) == ["Ann", "Bob"]


def test_deleting_for_good(page: ReviewPage, settle: Settle, library: Library) -> None:
    library.backup()
    dialog = asked(page, settle, "Ann")
    assert dialog._backups.isVisible()
    assert dialog._backups.isChecked()
    told = []
    page.context.told.connect(told.append)
    dialog.delete_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(dialog.delete_button, Qt.Key.Key_Return)
    settle()
    assert told == ["Ann is deleted for good."]
    assert names(library) == ["Bob"]
    assert library.backups() == []
    assert [one.name for one in page.people_panel.people] == ["Bob"]
    assert page.stage.sheet.tiles.rowCount() == len(library.face_ids())


def test_what_is_told_goes_when_it_is_out_of_date(page: ReviewPage, settle: Settle) -> None:
    trigger(menu_of(page, "Bob"), "Key", "7")
    settle()
    assert page._strip._step.text() != ""
    click_on(page, "Bob")
    assert page._strip._step.text() == ""
