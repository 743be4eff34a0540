"""Faces that look like the one chosen in Review."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.people.page import PeoplePage
from facegui.services.libraries import Library
from tests.fakes.people_library import ANN_UNNAMED, STRANGERS
from tests.gui.conftest import Settle, press
from tests.gui.people.conftest import name_of

Key = Qt.Key


def test_find_similar_opens_with_the_nearest_faces(
    page: PeoplePage, context: AppContext, settle: Settle
) -> None:
    context.similar_requested.emit(1)
    settle()
    assert page.view is page.similar
    cases = page.similar.faces.grid.cases
    assert cases[0].face_id == 1
    assert {case.face_id for case in cases[1:6]} == {2, 3, 4, *ANN_UNNAMED}
    assert {case.title for case in cases[:6]} == {"Ann", "no name"}


def test_escape_leads_from_similar_faces_back_to_review(
    page: PeoplePage, context: AppContext, settle: Settle, qtbot: QtBot
) -> None:
    context.similar_requested.emit(1)
    settle()
    page.similar.take_focus()
    with qtbot.waitSignal(context.page_requested) as asked:
        press(Key.Key_Escape)
    assert asked.args == ["review"]


def test_similar_faces_are_named_where_they_are(
    page: PeoplePage, context: AppContext, library: Library, settle: Settle
) -> None:
    context.similar_requested.emit(STRANGERS[0])
    settle()
    page.similar.take_focus()
    press(Key.Key_Space, Key.Key_Right, Key.Key_Space)
    page.similar.faces.name_field.named.emit("Cleo")
    settle()
    named = {case.face_id for case in page.similar.faces.grid.cases if case.title == "Cleo"}
    assert named == set(page.similar.faces.target_ids()) or len(named) == 2
    assert name_of(library, STRANGERS[0]) == "Cleo"
