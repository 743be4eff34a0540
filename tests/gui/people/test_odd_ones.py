"""Names in doubt: one key leaves a name, takes it away or moves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from facegui.gui.people.page import PeoplePage
from facegui.services.libraries import Library
from tests.fakes.people_library import STRANGERS, SWAPPED
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT, RIGHT
from tests.gui.conftest import Settle, press
from tests.gui.people.conftest import name_of

Key = Qt.Key


def test_a_wrong_name_is_doubted_and_one_key_moves_it(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    page.choose(page.odd)
    settle()
    assert [case.face_id for case in page.odd.list.cases][:1] == [SWAPPED]
    assert page.odd.question.text() == "Is this Ann? It looks more like Bob."
    assert page.odd.move_to.text() == "Move to Bob  M"
    press(Key.Key_M)
    settle()
    assert name_of(library, SWAPPED) == "Bob"
    assert SWAPPED not in {case.face_id for case in page.odd.list.cases}


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_K])
def test_enter_leaves_a_name_and_it_is_not_asked_again(
    page: PeoplePage, library: Library, settle: Settle, key: Qt.Key
) -> None:
    page.choose(page.odd)
    settle()
    press(key)
    settle()
    assert name_of(library, SWAPPED) == "Ann"
    page.odd.refresh()
    settle()
    assert SWAPPED not in {case.face_id for case in page.odd.list.cases}


def test_no_takes_the_name_away(page: PeoplePage, library: Library, settle: Settle) -> None:
    page.choose(page.odd)
    settle()
    press(Key.Key_N)
    settle()
    assert name_of(library, SWAPPED) is None
    assert [answer.face_id for answer in library.answers()] == [SWAPPED]


def test_a_stranger_is_like_nobody_and_enter_takes_no_name_away(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    library.assign([STRANGERS[0]], "Ann")
    library.assign([SWAPPED], "Bob")
    page.choose(page.odd)
    settle()
    assert [case.face_id for case in page.odd.list.cases] == [STRANGERS[0]]
    assert page.odd.question.text() == "Is this Ann?"
    assert page.odd.move_to.isHidden()
    press(Key.Key_M)
    settle()
    assert name_of(library, STRANGERS[0]) == "Ann"
    press(Key.Key_Return)
    settle()
    assert name_of(library, STRANGERS[0]) == "Ann"
    assert page.odd.empty.isVisible()


def test_a_name_twice_in_a_photo_is_asked_about_once_for_each_face(
    page: PeoplePage, library: Library, settle: Settle
) -> None:
    library.assign([SWAPPED], "Bob")
    photo_id = library.faces([1])[0].photo_id
    faces = [replace(proposal(box), embedding=library.embeddings([n])[0])
             for n, box in ((1, LEFT), (2, RIGHT))]  # fmt: skip
    library.store_scans([scanned(photo_id, faces)])
    twins = [face.id for face in library.faces_of_photos([photo_id])[photo_id]]
    library.assign(twins, "Ann")
    page.choose(page.odd)
    settle()
    shown = [case for case in page.odd.list.cases if case.face_id in twins]
    assert [case.note for case in shown] == ["named twice in this photo"] * 2
    press(Key.Key_Return)
    settle()
    assert [case.face_id for case in page.odd.list.cases] == [shown[1].face_id]
    press(Key.Key_Return)
    settle()
    assert page.odd.empty.isVisible()
