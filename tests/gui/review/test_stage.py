"""The stage knows what a step is about, whatever it shows; and the menu and details beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Person
from facegui.domain.queries import PhotoFilter
from facegui.domain.rules import Rule
from facegui.gui.context import AppContext
from facegui.gui.review.commands import Command, entries
from facegui.gui.review.details_panel import DetailsPanel
from facegui.gui.review.filters import Mode
from facegui.gui.review.menu import review_menu
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import photo_tiles
from facegui.gui.review.verdicts import Targets
from facegui.services.libraries import Library
from tests.gui.conftest import Settle


def test_in_the_grid_it_is_about_the_current_face(page: ReviewPage) -> None:
    page.stage.sheet.go_to(2)
    assert page.stage.targets() == Targets(faces=(int(page.stage.sheet.tiles.ids[2]),))
    face = page.stage.current_face()
    assert face is not None
    assert face.id == page.stage.sheet.tiles.ids[2]


def test_marks_go_before_the_current_face(page: ReviewPage) -> None:
    sheet = page.stage.sheet
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Right):
        QTest.keyClick(sheet, key)
    assert page.stage.targets() == Targets(faces=tuple(sheet.tiles.ids[:2].tolist()))


def test_among_photos_it_is_about_photos(page: ReviewPage, settle: Settle) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    page.stage.sheet.go_to(1)
    assert page.stage.targets() == Targets(photos=(int(page.stage.sheet.tiles.ids[1]),))
    assert page.stage.current_face() is None


def test_in_a_photo_it_is_about_its_face_also_when_others_are_marked(
    page: ReviewPage, settle: Settle
) -> None:
    sheet = page.stage.sheet
    QTest.keyClick(sheet, Qt.Key.Key_Space)
    sheet.go_to(3)
    page.stage.open_photo()
    settle()
    assert page.stage.targets() == Targets(faces=(int(sheet.tiles.ids[3]),))


def test_where_nothing_is_shown_there_is_nothing_to_step_on(
    page: ReviewPage, settle: Settle, context: AppContext
) -> None:
    page.filter_bar._search.setText("no such file")
    page.filter_bar.filter_changed.emit()
    settle()
    assert page.stage.empty.isVisible()
    assert page.stage.targets() is None
    page.run(Command.REJECT)
    settle()
    assert context.library is not None
    assert context.library.history() == []


def test_a_filter_leaves_the_photo_for_the_grid(page: ReviewPage, settle: Settle) -> None:
    page.stage.open_photo()
    settle()
    assert page.stage.viewing_photo
    page.filter_bar._chips[1][1].click()
    settle()
    assert not page.stage.viewing_photo


def test_news_from_elsewhere_leave_an_open_photo_alone(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    page.stage.open_photo()
    settle()
    photo_id = page.stage.photo_view.photo_id
    context.write("elsewhere", lambda: library.add_person("Zoe"))
    settle()
    assert page.stage.viewing_photo
    assert page.stage.photo_view.photo_id == photo_id
    assert "Zoe" in [person.name for person in page.people_panel.people]


def test_each_mode_has_its_own_zoom(page: ReviewPage, settle: Settle) -> None:
    page._strip.show_zoom(64)
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    assert page._strip._slider.value() == page.stage.sheet.picture_px == 176
    page.filter_bar.set_mode(Mode.FACES)
    settle()
    assert page._strip._slider.value() == page.stage.sheet.picture_px == 64


def test_the_menu_of_a_photo_acts_on_its_faces(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    page.run(Command.IGNORE)
    settle()
    photo = int(page.stage.sheet.tiles.ids[0])
    assert {face.decision.value for face in library.faces_of_photos([photo])[photo]} == {"ignore"}


# the menu


@pytest.fixture
def menu(qtbot: QtBot) -> tuple[QMenu, list[object]]:
    holder = QWidget()
    qtbot.addWidget(holder)
    chosen: list[object] = []
    people = [
        Person(n, f"A & B {n}", "#aa3366", n, key=n + 1 if n < 9 else None) for n in range(12)
    ]
    made = review_menu(holder, people, chosen.append, chosen.append, grouped=True)
    made.holder = holder  # type: ignore[attr-defined] # qtbot keeps none
    return made, chosen


def test_menu_entries_run_their_commands(menu: tuple[QMenu, list[object]]) -> None:
    made, chosen = menu
    texts = {f"{entry.text}\t{entry.key_text}": entry.command for entry in entries()}
    for action in made.actions():
        if action.text() in texts:
            action.trigger()
            assert chosen[-1] is texts[action.text()]
    assert len(chosen) == 10


def test_the_menu_names_people_with_their_numbers(menu: tuple[QMenu, list[object]]) -> None:
    made, chosen = menu
    names = next(action.menu() for action in made.actions() if action.text() == "Name after")
    assert isinstance(names, QMenu)
    texts = [action.text() for action in names.actions()]
    assert texts[0] == "A && B 0\t1"
    assert texts[9] == "A && B 9"
    names.actions()[11].trigger()
    assert chosen == ["A & B 11"]


def test_without_people_there_is_nobody_to_name_after(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    made = review_menu(holder, [], lambda _: None, lambda _: None, grouped=False)
    enabled = {action.text().partition("\t")[0]: action.isEnabled() for action in made.actions()}
    assert "Name after" not in enabled
    assert enabled["Keep"]
    assert not enabled["Mark or unmark the whole group"], "where nothing is grouped"


# the side panel


@pytest.fixture
def details(qtbot: QtBot) -> DetailsPanel:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    return panel


def test_details_show_every_rule_with_value_and_limit(
    details: DetailsPanel, library: Library
) -> None:
    with library:
        photo_id = library.photo_ids()[0]
        tile = photo_tiles(library, [photo_id])[photo_id]
        face = tile.faces[0]
        details.show_photo(tile, face, library.rule_results([face.id])[face.id])
    text = details._text.text()
    assert text.count("✓") == len(Rule)
    for part in ("≤ 20°", "≥ 32 px", "120 px", "800 × 600"):
        assert part in text
    assert tile.photo.sha256 is not None
    assert tile.photo.sha256[:16] in text.replace(" ", "")
    assert f"{face.face.hashes.phash:016x}" in text.replace(" ", "")


def test_details_of_a_broken_photo_tell_the_reason_and_no_face(
    details: DetailsPanel, library: Library
) -> None:
    with library:
        tiles = photo_tiles(library, library.photo_ids(PhotoFilter()))
    broken = next(tile for tile in tiles.values() if tile.photo.reason == "the file is empty")
    details.show_photo(broken, None, ())
    assert "the file is empty" in details._text.text()
    assert "Rules" not in details._text.text()


def test_details_escape_what_files_and_people_are_called(
    details: DetailsPanel, library: Library, qtbot: QtBot
) -> None:
    from dataclasses import replace

    with library:
        photo_id = library.photo_ids()[0]
        tile = photo_tiles(library, [photo_id])[photo_id]
    hostile = replace(tile.photo, path="/x/<img src=y>\udcff.jpg", person_hint="<b>")
    details.show_photo(replace(tile, photo=hostile), None, ())
    text = details._text.text()
    assert "<img" not in text
    assert "&lt;b&gt;" in text
