"""What narrows the grid: chips, reasons, people, a search, and what another page asks for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from facegui.domain.queries import FaceFilter
from facegui.domain.rules import Rule
from facegui.gui.context import AppContext
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import FaceTile
from facegui.services.libraries import Library
from tests.gui.conftest import Settle, press
from tests.gui.review.conftest import chip, names


def test_chips_say_how_many_there_are(page: ReviewPage, library: Library) -> None:
    counts = library.counts()
    shown = [button.text() for _, button in page.filter_bar._chips]
    assert shown == [
        f"All  {counts.faces}",
        f"To review  {counts.faces}",
        f"Kept  {counts.kept}",
        f"Kept, no name  {counts.unnamed_kept}",
        f"Rejected  {counts.rejected}",
        f"Ignored  {counts.ignored}",
        "Conflict  0",
    ]


def test_rejected_faces_can_be_told_by_their_reason(page: ReviewPage, settle: Settle) -> None:
    chip(page, "Rejected")
    settle()
    reasons = page.filter_bar._reasons
    assert reasons.isVisible()
    everything = page.stage.sheet.tiles.rowCount()
    reasons.setCurrentIndex(reasons.findText("Pan  2"))
    settle()
    assert 0 < page.stage.sheet.tiles.rowCount() < everything
    assert all(
        "pan 31° > 20°" in _verdict(page, n) for n in range(page.stage.sheet.tiles.rowCount())
    )


def _verdict(page: ReviewPage, row: int) -> str:
    tile = page.stage.sheet.tiles.tile(row)
    assert isinstance(tile, FaceTile)
    return tile.verdict


def test_a_person_narrows_the_grid(page: ReviewPage, settle: Settle, library: Library) -> None:
    bob = next(n for n, name in names(library).items() if name == "Bob")
    page.people_panel.choose(bob)
    settle()
    assert page.stage.sheet.tiles.ids.tolist() == library.face_ids(FaceFilter(person_id=bob))
    page.people_panel.choose(None)
    settle()
    assert page.stage.sheet.tiles.rowCount() == library.counts().faces


def test_search_waits_for_the_typing_and_enter_confirms_nothing(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.filter_bar.focus_search()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "group")
    page_sheet = page.stage.sheet.tiles
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.stage.sheet
    settle_search(page, settle)
    assert page_sheet.rowCount() == 2
    assert library.history() == []


def settle_search(page: ReviewPage, settle: Settle) -> None:
    """Let the pause after typing end now."""
    page.filter_bar._pause.stop()
    page.filter_bar.filter_changed.emit()
    settle()


def test_a_search_that_finds_nothing_offers_everything(
    page: ReviewPage, settle: Settle, library: Library
) -> None:
    page.filter_bar._search.setText("zzz")
    settle_search(page, settle)
    assert page.stage.empty.isVisible()
    page.stage.empty._button.click()
    settle()
    assert page.stage.sheet.isVisible()
    assert page.stage.sheet.tiles.rowCount() == library.counts().faces


def test_the_reasons_lead_to_the_faces_and_to_the_rules(
    page: ReviewPage, settle: Settle, context: AppContext, qtbot: QtBot
) -> None:
    actions = page.filter_bar._why.menu().actions()
    assert [action.text() for action in actions[:2]] == ["Faces in photo\t2", "Pan\t2"]
    actions[1].trigger()
    settle()
    assert page.stage.sheet.tiles.rowCount() == 2
    with qtbot.waitSignal(context.page_requested) as asked:
        actions[-1].trigger()
    assert asked.args == ["rules"]


def test_a_face_asked_for_from_elsewhere_is_shown_among_all(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    wanted = library.face_ids(FaceFilter(failing=Rule.PAN))[-1]
    context.face_requested.emit(wanted)
    settle()
    assert page.stage.mode is Mode.FACES
    assert page.stage.sheet.target_ids() == [wanted]
    assert page.stage.sheet.tiles.rowCount() == library.counts().faces


def test_a_rule_asked_for_from_elsewhere_shows_whom_it_rejects(
    page: ReviewPage, settle: Settle, context: AppContext, library: Library
) -> None:
    ann = library.people()[0]
    context.rule_requested.emit(Rule.PAN, ann.id)
    settle()
    (shown,) = library.faces(page.stage.sheet.tiles.ids.tolist())
    assert (shown.person_id, shown.failed) == (ann.id, ("pan",))
    context.rule_requested.emit(Rule.PAN, None)
    settle()
    assert page.stage.sheet.tiles.rowCount() == 2


def test_ctrl_f_goes_to_the_search(page: ReviewPage) -> None:
    press(Qt.Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page.filter_bar._search
