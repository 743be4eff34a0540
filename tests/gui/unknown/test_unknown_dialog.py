"""The line between a name and unknown: shown over scores, moved, and written into the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.domain.training import Thresholds
from facegui.gui.context import AppContext
from facegui.gui.model_bar import ModelBar
from facegui.gui.unknown.actions import UnknownActions
from facegui.gui.unknown.dialog import UnknownDialog
from facegui.network.bundle import Bundle, load_bundle, save_bundle
from facegui.services.libraries import Library
from facegui.services.recognising.stranger_faces import stranger_folders
from facegui.services.runs.models import model_path
from tests.fakes.finished_run import finished_run
from tests.fakes.people_library import people_library
from tests.fakes.review_library import write_photo

Settle = Callable[[], None]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return people_library(tmp_path)


@pytest.fixture
def model(library: Library, context: AppContext) -> Path:
    record = finished_run(library)
    context.set_library(library)
    return model_path(library, record.id)


@pytest.fixture
def dialog(qtbot: QtBot, context: AppContext, model: Path, settle: Settle) -> UnknownDialog:
    return shown(qtbot, context, model, settle)


def shown(qtbot: QtBot, context: AppContext, model: Path, settle: Settle) -> UnknownDialog:
    made = UnknownDialog(context, model)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    settle()
    return made


def thresholds(model: Path) -> tuple[float, dict[str, float]]:
    found = load_bundle(model).info.thresholds
    return found.overall, dict(found.per_person)


def test_known_faces_impostors_and_strangers_are_counted(dialog: UnknownDialog) -> None:
    body = dialog.body
    assert body.known.text().startswith("1 of 9 known faces would not get their name")
    assert "Of 100 strangers 0 would get a name" in body.strangers.text()
    assert "0 of 8 faces" in body.impostors.text()
    assert "mind the brackets" in body.warnings.text()
    assert "3 faces without a name may be of people it knows" in body.warnings.text()
    assert body.sources.text() == "Strangers' faces: 3 without a name."
    assert body.title.text() == "Face transfer · 2 people"
    assert not body.apply.isEnabled()
    assert not dialog.grab().isNull()


def test_the_line_moves_with_the_keys_and_counts_at_once(dialog: UnknownDialog) -> None:
    chart = dialog.body.chart
    before, text = chart.line(), dialog.body.known.text()
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.line() == pytest.approx(before + 0.005, abs=0.003)
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert dialog.body.known.text() != text
    assert dialog.body.known.text().startswith("9 of 9")
    assert "More than 3 of 100 known faces" in dialog.body.warnings.text()
    assert dialog.body.apply.isEnabled()


def test_the_line_is_dragged(dialog: UnknownDialog) -> None:
    chart = dialog.body.chart
    y = chart.height() // 2
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.width() // 2, y))
    middle = chart.line()
    QTest.mouseMove(chart, QPoint(chart.width() // 4, y))
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.width() // 4, y))
    assert chart.line() < middle
    assert f"{chart.line():.3f}" in dialog.body.line.text()


def test_apply_writes_the_line_and_whoever_uses_the_model_hears(
    qtbot: QtBot, context: AppContext, dialog: UnknownDialog, model: Path, settle: Settle
) -> None:
    bar = ModelBar(context)
    qtbot.addWidget(bar)
    bar.refresh()
    settle()
    calibrated, _ = thresholds(model)
    dialog.body.chart.setFocus()
    QTest.keyClick(dialog.body.chart, Qt.Key.Key_PageUp)
    moved = dialog.body.chart.line()
    with qtbot.waitSignal(bar.changed):
        dialog.body.apply.click()
    settle()
    assert thresholds(model) == (pytest.approx(moved), {})
    calibration = load_bundle(model).info.calibration
    assert calibration is not None
    assert calibration.thresholds.overall == calibrated
    assert not dialog.body.apply.isEnabled()
    dialog.body.calibrated.click()
    assert dialog.body.chart.line() == pytest.approx(calibrated)
    dialog.body.apply.click()
    settle()
    assert thresholds(model)[0] == calibrated


def test_a_person_can_have_a_line_of_their_own(
    dialog: UnknownDialog, model: Path, settle: Settle
) -> None:
    body = dialog.body
    body.person.setCurrentText("Bob")
    body.person.chosen.emit("Bob")
    assert "of 4 known faces" in body.known.text()
    assert not body.shared.isEnabled()
    overall = body.chart.line()
    body.chart.setFocus()
    QTest.keyClick(body.chart, Qt.Key.Key_PageUp)
    assert body.shared.isEnabled()
    body.apply.click()
    settle()
    assert thresholds(model) == (overall, {"Bob": pytest.approx(body.chart.line())})
    body.shared.click()
    assert body.chart.line() == overall
    body.apply.click()
    settle()
    assert thresholds(model) == (overall, {})


def test_a_folder_of_strangers_is_looked_through_and_remembered(
    dialog: UnknownDialog,
    library: Library,
    tmp_path: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "Strangers"
    folder.mkdir()
    for n in range(3):
        write_photo(folder / f"{n}.png", (20 * n, 200, 40))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    dialog.body.add_folder.click()
    settle()
    assert stranger_folders(library) == (folder,)
    assert "in your folders" in dialog.body.sources.text()
    assert "photos of your folders" in dialog.body.told.text()
    dialog.body.suggested.click()
    dialog.body.forget_folders.click()
    settle()
    assert stranger_folders(library) == ()
    assert "in your folders" not in dialog.body.sources.text()


def test_strangers_who_are_no_strangers_are_left_out_and_told_of(
    qtbot: QtBot,
    context: AppContext,
    library: Library,
    model: Path,
    tmp_path: Path,
    settle: Settle,
) -> None:
    for folder in ("ann", "Zed"):
        write_photo(tmp_path / "Strangers" / folder / "1.png", (20, 200, 40))
    library.set_setting("stranger_folders", [str(tmp_path / "Strangers")])
    dialog = shown(qtbot, context, model, settle)
    sources = dialog.body.sources.text()
    assert "1 photo is left out, because its folder is named after" in sources
    assert "(Ann)" in sources
    assert "in 1 photo of your folders" in dialog.body.told.text()


def test_the_heading_and_the_sentence_count_the_same_faces(dialog: UnknownDialog) -> None:
    titles = dialog.body.chart.titles()
    assert titles[0] == "Known faces · 8; 1 that looks more like somebody else is not drawn"
    assert "of 9 known faces" in dialog.body.known.text()
    assert titles[1].endswith("· 8")


def test_a_folder_that_has_gone_is_told_of(
    qtbot: QtBot,
    context: AppContext,
    library: Library,
    model: Path,
    tmp_path: Path,
    settle: Settle,
) -> None:
    library.set_setting("stranger_folders", [str(tmp_path / "gone")])
    dialog = shown(qtbot, context, model, settle)
    assert dialog.body.notice.isVisible()
    assert dialog.body.known.text()


def test_without_a_library_it_says_what_to_do(
    qtbot: QtBot, context: AppContext, model: Path, settle: Settle
) -> None:
    context.set_library(None)
    dialog = shown(qtbot, context, model, settle)
    assert "Open a library first" in dialog.body.waiting.text()
    assert not dialog.body.apply.isEnabled()


def test_a_model_that_changed_meanwhile_is_not_overwritten(
    dialog: UnknownDialog, model: Path, settle: Settle
) -> None:
    bundle = load_bundle(model)
    other = replace(bundle.info, thresholds=Thresholds(0.123))
    save_bundle(model, Bundle(other, bundle.weights, bundle.prototypes))
    dialog.body.chart.setFocus()
    QTest.keyClick(dialog.body.chart, Qt.Key.Key_PageUp)
    dialog.body.apply.click()
    settle()
    assert dialog.body.notice.isVisible()
    assert thresholds(model)[0] == 0.123


def test_the_model_bar_leads_here(
    qtbot: QtBot, context: AppContext, model: Path, settle: Settle
) -> None:
    bar = ModelBar(context)
    qtbot.addWidget(bar)
    actions = UnknownActions(context, bar)
    bar.refresh()
    settle()
    bar.show()
    assert bar.unknown.isVisible()
    bar.unknown.click()
    qtbot.waitUntil(lambda: bool(bar.findChildren(UnknownDialog)), timeout=20_000)
    settle()
    (dialog,) = bar.findChildren(UnknownDialog)
    assert dialog.body.known.text()
    dialog.close()
    assert actions.parent() is bar
