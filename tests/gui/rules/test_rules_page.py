"""The rules page on a real library: limits move, count, and become one undoable step each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, FaceState
from facegui.domain.queries import Change, FaceFilter
from facegui.domain.rules import PRESETS, Limits, Preset, Rule
from facegui.gui.context import AppContext
from facegui.gui.review.empty_state import Remedy
from facegui.gui.rules.near_panel import CropButton
from facegui.gui.rules.page import RulesPage
from facegui.services.libraries import Library, create_library
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import write_photo
from tests.gui.conftest import Settle, press


def shown(crops: list[CropButton]) -> list[int]:
    return [crop.face_id for crop in crops if crop.isVisibleTo(crop.parentWidget())]  # type: ignore[misc]


def turned(library: Library) -> list[int]:
    return library.face_ids(FaceFilter(failing=Rule.PAN))


def undo(context: AppContext, settle: Settle) -> None:
    library = context.library
    assert library is not None
    context.write("undo", library.undo)
    settle()


# what it shows


def test_every_limit_shows_what_it_keeps_and_drops(page: RulesPage) -> None:
    rows = page.rows.rows
    assert rows[Rule.PAN].counts.text() == "keeps 12 · drops 2, 2 by this alone"
    assert rows[Rule.ONE_FACE].counts.text() == "keeps 12 · drops 2, 2 by this alone"
    assert rows[Rule.SIZE].counts.text() == "drops none"
    assert rows[Rule.SMILE].unmeasured.text() == "not measured yet: scan all again"
    assert not rows[Rule.PAN].unmeasured.isVisible()
    assert "<b>10</b> pass" in page.head.figures.text()
    assert "<b>4</b> set aside" in page.head.figures.text()


def test_the_faces_on_either_side_are_beside(page: RulesPage, library: Library) -> None:
    assert shown(page.near.dropped.crops) == turned(library)
    assert len(shown(page.near.kept.crops)) == 6
    crop = page.near.dropped.crops[0]
    assert crop.text() == "31°"
    assert crop.accessibleName() == "Ann, 31°, dropped"
    assert "pan 31° &gt; 20°" in crop.toolTip()
    assert crop.wanted is not None
    assert page.near._pictures.get(crop.wanted) is not None


def test_measures_that_are_partly_missing_are_counted(
    page: RulesPage, library: Library, context: AppContext, settle: Settle, qtbot: QtBot
) -> None:
    photo = library.photos(library.photo_ids())[0]
    library.store_scans([scanned(photo.id, [replace(proposal(), smile=0.5, sunglasses=0.9)])])
    context.rows_changed.emit(Change(None, photo_ids=(photo.id,)))
    settle()
    rows = page.rows.rows
    assert rows[Rule.SMILE].unmeasured.text() == "13 not measured: scan all again"
    assert rows[Rule.SUNGLASSES].counts.text() == "keeps 13 · drops 1, 1 by this alone"
    with qtbot.waitSignal(context.rescan_requested):
        rows[Rule.SMILE].unmeasured.click()


# moving


def test_a_key_moves_the_limit_and_a_pause_writes_it_once(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    assert QApplication.focusWidget() is page.rows.rows[Rule.PAN].slider
    for _ in range(12):
        press(Qt.Key.Key_Right)
    assert page.rows.rows[Rule.PAN].box.value() == 32
    assert "2 faces come back" in page.head.figures.text()
    assert shown(page.near.dropped.crops) == []
    assert library.history() == []
    settle()
    assert library.limits() == Limits(max_pan_deg=32)
    (step,) = library.history()
    assert step.label == "Pan at most 32°"
    assert page.head._step.text() == "Pan at most 32°. Ctrl+Z takes it back."


def test_dragging_counts_at_once_and_writes_when_let_go(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    slider = page.rows.rows[Rule.PAN].slider
    left, right = QPoint(20, 20), QPoint(slider.width() - 60, 20)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=left)
    assert page.rows.rows[Rule.PAN].counts.text() != "drops none"
    QTest.mouseMove(slider, right)
    assert page.rows.rows[Rule.PAN].counts.text() == "drops none"
    assert not page._pause.isActive()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=right)
    settle()
    assert len(library.history()) == 1
    assert 60 < library.limits().max_pan_deg < 90


def test_all_the_way_is_off(page: RulesPage, library: Library, settle: Settle) -> None:
    row = page.rows.rows[Rule.PAN]
    press(Qt.Key.Key_End)
    settle()
    assert library.limits().max_pan_deg == 180
    assert not row.tick.isChecked()
    assert row.box.text() == "off"
    assert library.history()[0].label == "Pan off"


def test_the_tick_turns_a_rule_off_and_on_where_it_was(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    row = page.rows.rows[Rule.TILT]
    row.box.setValue(25)
    row.tick.click()
    settle()
    assert library.limits().max_tilt_deg == 180
    row.tick.click()
    settle()
    assert library.limits().max_tilt_deg == 25


def test_a_rule_that_is_off_at_first_starts_somewhere_sensible(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    for rule in (Rule.DARK, Rule.SMILE, Rule.GREYSCALE):
        page.rows.rows[rule].tick.click()
    settle()
    limits = library.limits()
    assert limits.min_brightness == PRESETS[Preset.STRICT].min_brightness
    assert 0 < limits.max_smile < 1
    assert 0 < limits.min_chroma_spread < 10


@pytest.mark.parametrize(
    ("text", "limit"), [("22.5", 22.5), ("33°", 33.0), ("7,5", 7.5), ("off", 180.0), ("x", 20.0)]
)
def test_an_exact_limit_can_be_typed(
    page: RulesPage, library: Library, settle: Settle, text: str, limit: float
) -> None:
    box = page.rows.rows[Rule.ROLL].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box.lineEdit(), text)
    press(Qt.Key.Key_Return)
    settle()
    assert library.limits().max_roll_deg == limit


def test_shares_are_typed_in_percent(page: RulesPage, library: Library, settle: Settle) -> None:
    box = page.rows.rows[Rule.SUNGLASSES].box
    assert box.text() == "50 %"
    box.setValue(30)
    settle()
    assert library.limits().max_sunglasses == pytest.approx(0.3)


def test_undo_takes_the_limit_back(
    page: RulesPage, library: Library, context: AppContext, settle: Settle
) -> None:
    page.rows.rows[Rule.PAN].box.setValue(40)
    settle()
    undo(context, settle)
    assert library.limits() == Limits()
    assert page.rows.rows[Rule.PAN].box.value() == 20
    assert page.rows.rows[Rule.PAN].slider.value() == 20
    assert page.head._step.text() == ""
    assert "come back" not in page.head.figures.text()


def test_going_on_while_the_last_step_is_written_loses_nothing(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    row = page.rows.rows[Rule.PAN]
    for degrees in (25, 30, 35):
        row.box.setValue(degrees)
        page._commit()
    page.rows.rows[Rule.ROLL].box.setValue(11)
    settle()
    assert library.limits() == Limits(max_pan_deg=35, max_roll_deg=11)
    assert (row.box.value(), page.rows.rows[Rule.ROLL].box.value()) == (35, 11)
    assert len(library.history()) == 4


def test_leaving_writes_what_is_on_its_way(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    page.rows.rows[Rule.PAN].box.setValue(33)
    page.leave()
    settle()
    assert library.limits().max_pan_deg == 33


def test_a_row_goes_back_to_the_classic_limit(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    row = page.rows.rows[Rule.PAN]
    assert not row.reset.isEnabled()
    row.box.setValue(33)
    assert row.reset.toolTip() == "Back to at most 20°"
    row.reset.click()
    settle()
    assert library.limits() == Limits()


# presets and copies


@pytest.mark.parametrize("preset", [Preset.STRICT, Preset.LENIENT])
def test_presets_are_one_step_and_leave_copies_alone(
    page: RulesPage, library: Library, context: AppContext, settle: Settle, preset: Preset
) -> None:
    context.write("copies", lambda: library.set_limits(Limits(duplicate_distance=5)))
    settle()
    page.head.presets[preset].click()
    settle()
    assert library.limits() == replace(PRESETS[preset], duplicate_distance=5)
    assert library.history()[0].label == f"{preset.value.capitalize()} rules"
    assert [button.isChecked() for button in page.head.presets.values()] == [
        each is preset for each in Preset
    ]


def test_copies_lead_to_their_own_page(page: RulesPage, context: AppContext, qtbot: QtBot) -> None:
    assert page.rows._copies.button.text() == "Within 8 bits: compare…"
    with qtbot.waitSignal(context.page_requested) as asked:
        page.rows._copies.button.click()
    assert asked.args == ["duplicates"]


# one person


def choose(page: RulesPage, name: str, settle: Settle) -> None:
    page.head.person.setCurrentIndex(page.head.person.findText(name))
    settle()


def test_a_person_gets_limits_of_their_own(
    page: RulesPage, library: Library, settle: Settle, context: AppContext
) -> None:
    choose(page, "Bob", settle)
    row = page.rows.rows[Rule.PAN]
    assert row.counts.text() == "keeps 5 · drops 1, 1 by this alone"
    assert row.slider.muted
    row.box.setValue(40)
    assert not row.slider.muted
    settle()
    ann, bob = library.people()
    assert library.person_limits() == {bob.id: {"max_pan_deg": 40.0}}
    assert library.limits() == Limits()
    assert library.history()[0].label == "Bob: Pan at most 40°"
    assert page.head.person.currentText() == "Bob (1 limit)"
    assert page._person_id == bob.id
    choose(page, "Ann", settle)
    assert (page._person_id, row.box.value()) == (ann.id, 20)
    choose(page, "Everybody", settle)
    assert row.counts.text() == "keeps 13 · drops 1, 1 by this alone"


def test_a_persons_row_goes_back_to_everybodys_limit(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    page.rows.rows[Rule.PAN].box.setValue(25)
    choose(page, "Bob", settle)
    row = page.rows.rows[Rule.PAN]
    row.box.setValue(40)
    settle()
    assert row.reset.toolTip() == "Back to at most 25°"
    row.reset.click()
    settle()
    assert library.person_limits() == {}
    assert row.box.value() == 25
    assert row.slider.muted


def test_changing_the_person_writes_the_limit_that_was_moving(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    page.rows.rows[Rule.PAN].box.setValue(33)
    choose(page, "Bob", settle)
    assert library.limits().max_pan_deg == 33
    assert library.person_limits() == {}
    assert page.rows.rows[Rule.PAN].box.value() == 33


def test_a_person_who_goes_leaves_everybody(
    page: RulesPage, library: Library, context: AppContext, settle: Settle
) -> None:
    context.write("add", lambda: library.add_person("Zoe"))
    settle()
    choose(page, "Zoe", settle)
    assert page.head.figures.text().startswith("<b>0</b> pass")
    undo(context, settle)
    assert page.head.person.currentText() == "Everybody"
    assert page._person_id is None


# faces


def test_one_key_takes_a_dropped_face_back(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    first, second = turned(library)
    page.near.dropped.crops[0].setFocus()
    press(Qt.Key.Key_K)
    settle()
    (face,) = library.faces([first])
    assert (face.decision, face.state) == (Decision.KEEP, FaceState.KEPT)
    assert shown(page.near.dropped.crops) == [second]
    assert "1 decided by you" in page.head.figures.text()
    assert page.head._step.text() == "Keep 1 face. Ctrl+Z takes it back."


def test_a_kept_face_can_be_rejected_there(
    page: RulesPage, library: Library, settle: Settle
) -> None:
    crop = page.near.kept.crops[2]
    face_id = crop.face_id
    assert face_id is not None
    crop.setFocus()
    press(Qt.Key.Key_X)
    settle()
    assert library.faces([face_id])[0].decision is Decision.REJECT
    press(Qt.Key.Key_F1)
    assert len(library.history()) == 1


def test_a_click_chooses_a_face_and_a_double_click_opens_it_in_review(
    page: RulesPage, context: AppContext, qtbot: QtBot
) -> None:
    crop = page.near.dropped.crops[1]
    with qtbot.waitSignals([context.page_requested, context.face_requested]):
        QTest.mouseDClick(crop, Qt.MouseButton.LeftButton)
    other = page.near.dropped.crops[0]
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    assert page.focusWidget() is other
    crop.setFocus()
    with qtbot.waitSignal(context.face_requested) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [crop.face_id]


def test_all_that_a_rule_drops_open_in_review(
    page: RulesPage, context: AppContext, qtbot: QtBot
) -> None:
    assert page.near._all.text() == "Show all 2 in Review"
    with qtbot.waitSignal(context.rule_requested) as asked:
        page.near._all.click()
    assert asked.args == [Rule.PAN, None]


def test_the_row_in_focus_chooses_the_faces(page: RulesPage, settle: Settle) -> None:
    page.rows.rows[Rule.SHARPNESS].slider.setFocus()
    settle()
    assert page.near._title.text() == "Sharpness: at least 17"
    assert page.near.kept.crops[0].text() == "30"
    assert page.rows.rows[Rule.SHARPNESS].property("chosen")
    assert not page.rows.rows[Rule.PAN].property("chosen")


# empty


def test_without_faces_it_says_what_to_do(
    empty_page: RulesPage, context: AppContext, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    library = create_library(tmp_path / "Empty.facegui")
    context.set_library(library)
    settle()
    assert empty_page.empty.isVisible()
    with qtbot.waitSignal(context.import_requested):
        empty_page.empty._button.click()
    path = write_photo(tmp_path / "a.png")
    (photo_id,) = library.add_photos([(str(path), None, 1, 1)]).added
    context.rows_changed.emit(Change(None, photo_ids=(photo_id,)))
    settle()
    assert empty_page.empty.remedy is Remedy.SCAN
    with qtbot.waitSignal(context.scan_requested):
        empty_page.empty._button.click()
    library.store_scans([scanned(photo_id, [])])
    context.rows_changed.emit(Change(None, photo_ids=(photo_id,)))
    settle()
    with qtbot.waitSignal(context.page_requested):
        empty_page.empty._button.click()
    library.store_scans([scanned(photo_id, [proposal()])])
    context.rows_changed.emit(Change(None, photo_ids=(photo_id,)))
    settle()
    assert not empty_page.empty.isVisible()
    assert page_is_full(empty_page)


def page_is_full(page: RulesPage) -> bool:
    return page.rows.isVisible() and page.near.isVisible()


def test_a_hidden_page_reads_when_it_is_shown(
    page: RulesPage, library: Library, context: AppContext, settle: Settle
) -> None:
    page.hide()
    library.decide(turned(library), Decision.KEEP)
    context.rows_changed.emit(Change(None))
    settle()
    assert page.rows.rows[Rule.PAN].counts.text() != "drops none"
    page.show()
    page.activate()
    settle()
    assert page.rows.rows[Rule.PAN].counts.text() == "drops none"


def test_closing_the_library_empties_the_page(
    page: RulesPage, context: AppContext, settle: Settle
) -> None:
    page.rows.rows[Rule.PAN].box.setValue(40)
    context.set_library(None)
    settle()
    assert not page_is_full(page)
    assert shown(page.near.dropped.crops) == []


@pytest.mark.parametrize("size", [(1100, 740), (732, 540)])
def test_nothing_is_cut_off(page: RulesPage, settle: Settle, size: tuple[int, int]) -> None:
    page.resize(*size)
    settle()
    view = page.rows.viewport()
    assert page.rows.widget().width() <= view.width()
    for row in page.rows.rows.values():
        for widget in (row.tick, row.box, row.reset, row.slider, row.counts):
            assert widget.width() >= widget.minimumSizeHint().width()
            right = widget.mapTo(page.rows.widget(), QPoint(widget.width(), 0)).x()
            assert right <= view.width()
    last = page.near._all
    assert last.mapTo(page.near, QPoint(0, last.height())).y() <= page.near.height()
    assert not page.grab().isNull()


def test_the_sheet_names_its_keys(page: RulesPage) -> None:
    assert dict(page.keys())["K"].startswith("Keep")
