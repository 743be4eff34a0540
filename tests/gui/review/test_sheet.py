"""A sheet follows the library, keeps the owner's place, and asks for pictures visible first."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision
from facegui.domain.queries import FaceFilter, FaceOrder
from facegui.gui.context import AppContext
from facegui.gui.review import arranging
from facegui.gui.review.delegates import FaceDelegate
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.gui.review.sheet import Sheet
from facegui.gui.review.tiles import face_tiles
from facegui.services.libraries import Library
from facegui.services.scanning.thumbnails import Thumbnails
from tests.gui.conftest import Settle


@pytest.fixture
def pictures(context: AppContext, library: Library) -> Pictures:
    made = Pictures(context.lanes)
    made.set_source(Thumbnails(library.cache_dir))
    return made


@pytest.fixture
def wishes(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> list[list[Wanted]]:
    """What is asked for, instead of loading it."""
    asked: list[list[Wanted]] = []
    monkeypatch.setattr(pictures, "want", lambda wanted, _side, _scale: asked.append(list(wanted)))
    return asked


@pytest.fixture
def sheet(
    qtbot: QtBot, context: AppContext, library: Library, pictures: Pictures, settle: Settle
) -> Sheet:
    made = Sheet(context.lanes, pictures, FaceDelegate(pictures), face_tiles)
    qtbot.addWidget(made)
    made.resize(500, 360)
    with qtbot.waitExposed(made):
        made.show()
    context.set_library(library)
    made.set_library(library)
    made.ask(lambda asked: arranging.faces(asked, FaceFilter()))
    settle()
    return made


def test_the_answer_is_shown_from_the_top(sheet: Sheet, library: Library) -> None:
    assert sheet.settled
    assert sheet.tiles.ids.tolist() == library.face_ids()
    assert sheet.currentIndex().row() == 0
    assert sheet.target_ids() == [library.face_ids()[0]]


def test_another_order_keeps_the_current_face(
    sheet: Sheet, settle: Settle, library: Library
) -> None:
    sheet.go_to(4)
    face_id = sheet.target_ids()[0]
    turned = FaceFilter(order=FaceOrder.SHARPNESS, descending=True)
    sheet.ask(lambda asked: arranging.faces(asked, turned))
    settle()
    assert sheet.target_ids() == [face_id]
    assert sheet.currentIndex().row() == library.face_ids(turned).index(face_id)
    assert sheet.currentIndex().row() in sheet.visible_rows()


def test_a_filter_without_the_current_face_begins_at_the_top(
    sheet: Sheet, settle: Settle, library: Library
) -> None:
    sheet.go_to(4)
    library.decide([sheet.target_ids()[0]], Decision.IGNORE)
    undecided = FaceFilter(decisions=(Decision.UNDECIDED,))
    sheet.ask(lambda asked: arranging.faces(asked, undecided))
    settle()
    assert sheet.currentIndex().row() == 0
    assert sheet.verticalOffset() == 0


def test_following_merges_and_following_before_an_answer_shows(
    sheet: Sheet, settle: Settle, library: Library
) -> None:
    undecided = FaceFilter(decisions=(Decision.UNDECIDED,))
    sheet.ask(lambda asked: arranging.faces(asked, undecided))
    sheet.follow(None)
    settle()
    ids = sheet.tiles.ids.tolist()
    library.decide(ids[:2], Decision.KEEP)
    sheet.follow(None)
    settle()
    assert sheet.tiles.ids.tolist() == ids
    assert sheet.tiles.stale_count == 2


def test_going_on_passes_what_is_decided(sheet: Sheet, library: Library) -> None:
    ids = sheet.tiles.ids.tolist()
    library.decide([ids[2]], Decision.KEEP)
    sheet.tiles.forget()
    sheet.go_to(0)
    sheet.go_on({ids[0], ids[1]})
    assert sheet.currentIndex().row() == 3


def test_going_on_at_the_end_stays_there(sheet: Sheet) -> None:
    last = sheet.tiles.rowCount() - 1
    sheet.go_to(last)
    sheet.go_on({sheet.target_ids()[0]})
    assert sheet.currentIndex().row() == last


def test_going_on_among_decided_faces_goes_to_the_next_one(sheet: Sheet, library: Library) -> None:
    library.decide(sheet.tiles.ids.tolist(), Decision.KEEP)
    sheet.tiles.forget()
    sheet.go_to(3)
    sheet.go_on(())
    assert sheet.currentIndex().row() == 4


def test_visible_pictures_are_asked_for_first(
    sheet: Sheet, wishes: list[list[Wanted]], settle: Settle
) -> None:
    sheet.visible_changed.emit()
    settle()
    visible = sheet.tiles.ids[sheet.visible_rows().start : sheet.visible_rows().stop].tolist()
    asked = [wanted.face.id for wanted in wishes[-1] if wanted.face]
    assert asked[: len(visible)] == visible
    assert len(asked) > len(visible)


def test_a_hidden_sheet_asks_for_nothing(
    qtbot: QtBot, sheet: Sheet, wishes: list[list[Wanted]]
) -> None:
    sheet.hide()
    wishes.clear()
    sheet.tiles.forget()
    sheet.set_picture_px(200)
    qtbot.waitUntil(lambda: not sheet.fetching)
    assert wishes == []
    sheet.show()
    qtbot.waitUntil(lambda: bool(wishes))


def test_a_shown_id_becomes_current_and_an_unknown_one_does_not(sheet: Sheet) -> None:
    wanted = int(sheet.tiles.ids[7])
    sheet.show_id(wanted)
    assert sheet.target_ids() == [wanted]
    sheet.show_id(987654)
    assert sheet.target_ids() == [wanted]


def test_no_library_no_rows(sheet: Sheet, settle: Settle) -> None:
    sheet.set_library(None)
    sheet.follow(None)
    settle()
    assert sheet.tiles.rowCount() == 0
    assert sheet.current_tile() is None
    assert sheet.target_ids() == []


def test_an_empty_sheet_shows_the_start_of_its_rows_before_them_all(
    qtbot: QtBot, context: AppContext, sheet: Sheet, library: Library, settle: Settle
) -> None:
    sheet.set_library(library)
    counts: list[int] = []
    sheet.refreshed.connect(lambda: counts.append(sheet.tiles.rowCount()))
    few, every = FaceFilter(limit=4), FaceFilter()
    sheet.ask(
        lambda asked: arranging.faces(asked, every),
        first=lambda asked: arranging.faces(asked, few),
    )
    settle()
    qtbot.waitUntil(lambda: counts == [4, 14])
    assert sheet.tiles.ids.tolist() == library.face_ids(every)
    assert sheet.tiles.stale_count == 0
