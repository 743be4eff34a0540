"""Chips that count, and faces that stand together below headings, on a real library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from facegui.domain.entities import Decision
from facegui.domain.queries import FaceFilter, FaceGroup
from facegui.gui.context import AppContext
from facegui.gui.review.commands import Command
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.services.libraries import Library
from tests.gui.conftest import Settle


def chip_texts(page: ReviewPage) -> list[str]:
    return [button.text() for _, button in page.filter_bar._chips]


def test_chips_count_what_the_search_finds_and_follow_decisions(
    page: ReviewPage, context: AppContext, library: Library, settle: Settle
) -> None:
    page.filter_bar._search.setText("bob")
    page._ask()
    settle()
    assert chip_texts(page)[:3] == ["All  6", "To review  6", "Kept  5"]
    faces = library.face_ids(FaceFilter(search="bob"))[:2]
    context.write("test", lambda: library.decide(faces, Decision.IGNORE))
    settle()
    texts = chip_texts(page)
    assert (texts[1], texts[5]) == ("To review  4", "Ignored  2")
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    assert chip_texts(page) == ["All  9", "Read  7", "Unreadable  1", "Not scanned  1"]


def group_by(page: ReviewPage, group: FaceGroup, settle: Settle) -> None:
    box = page.filter_bar._group
    box.setCurrentIndex(box.findData(group))
    settle()


def headings(page: ReviewPage) -> list[tuple[str, int]]:
    sheet = page.stage.sheet
    sections = range(len(sheet.section_starts()))
    return [(sheet.heading(n), len(sheet.grid.section_rows(n))) for n in sections]


def test_faces_stand_together_below_headings(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    group_by(page, FaceGroup.PERSON, settle)
    assert headings(page) == [("Ann", 6), ("Bob", 6), ("No name", 2)]
    group_by(page, FaceGroup.STATE, settle)
    counts = library.counts()
    assert headings(page) == [("Kept", counts.kept), ("Rejected", counts.rejected)]
    group_by(page, FaceGroup.FOLDER, settle)
    assert [(Path(title).name, n) for title, n in headings(page)] == [("Ann", 8), ("Bob", 6)]
    group_by(page, FaceGroup.DAY, settle)
    assert sum(n for _, n in headings(page)) == 14
    group_by(page, FaceGroup.SIMILARITY, settle)
    assert headings(page) == [("Like no other face", 14)]
    assert not page.stage.sheet.grab().isNull()


def test_a_face_that_moves_to_another_group_stays_until_the_owner_asks(
    page: ReviewPage, settle: Settle
) -> None:
    group_by(page, FaceGroup.STATE, settle)
    sheet = page.stage.sheet
    ids, place = sheet.tiles.ids.tolist(), sheet.verticalScrollBar().value()
    page.run(Command.REJECT)
    settle()
    assert sheet.tiles.ids.tolist() == ids
    assert sheet.verticalScrollBar().value() == place
    assert sheet.tiles.stale_count == 1
    page._strip._refresh.click()
    settle()
    assert sheet.tiles.stale_count == 0
    assert sheet.tiles.ids.tolist() != ids


def test_a_click_on_a_heading_marks_its_faces(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    group_by(page, FaceGroup.PERSON, settle)
    sheet = page.stage.sheet
    top = dict(sheet.grid.headings_between(0, sheet.grid.height))
    QTest.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, top[1] + 9))
    assert sheet.selected_rows() == list(range(6, 12))
    page.run(Command.IGNORE)
    settle()
    assert library.counts().ignored == 6
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, shift, QPoint(60, top[0] + 9))
    assert sheet.selected_rows() == list(range(12))


def test_a_key_marks_the_group_of_the_current_face_and_unmarks_it(
    page: ReviewPage, library: Library, settle: Settle
) -> None:
    group_by(page, FaceGroup.PERSON, settle)
    sheet = page.stage.sheet
    sheet.setFocus()
    sheet.go_to(7)
    QTest.keyClick(sheet, Qt.Key.Key_G)
    assert sheet.selected_rows() == list(range(6, 12))
    assert sheet.currentIndex().row() == 7
    QTest.keyClick(sheet, Qt.Key.Key_Home)
    QTest.keyClick(sheet, Qt.Key.Key_Space)
    QTest.keyClick(sheet, Qt.Key.Key_G)
    assert sheet.selected_rows() == list(range(12)), "another group is added"
    QTest.keyClick(sheet, Qt.Key.Key_G)
    assert sheet.selected_rows() == list(range(6, 12))
    page.run(Command.IGNORE)
    settle()
    assert library.counts().ignored == 6


def test_without_groups_the_key_says_what_to_do(page: ReviewPage, settle: Settle) -> None:
    sheet = page.stage.sheet
    QTest.keyClick(sheet, Qt.Key.Key_G)
    assert sheet.marked_count() == 1
    assert "choose a grouping" in page._strip._step.text()
    assert dict(page.keys())["G"] == "Mark or unmark the whole group"
