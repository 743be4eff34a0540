"""The list of runs: what its buttons ask for, and what comes of it in a library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control
from facegui.domain.errors import EngineError
from facegui.gui.context import AppContext
from facegui.gui.train.compare_dialog import CompareDialog
from facegui.gui.train.result import when
from facegui.gui.train.runs import RunsPanel
from facegui.gui.train.runs_control import RunsControl
from facegui.services.judging.judged_faces import JudgedFaces
from facegui.services.learning.networks import title_of
from facegui.services.libraries import Library
from facegui.services.runs.deleted import deleted_runs
from facegui.services.runs.records import RunRecord, list_runs, read_notes
from facegui.services.runs.rows import RunRow, run_rows
from tests.fakes.faces import fake_tools
from tests.fakes.finished import RECORD
from tests.fakes.runs import kept
from tests.fakes.training_library import FakeLibrary

NOTES = 8


class Board:
    """Stands in for the process of TensorBoard."""

    error: Exception | None = None

    def open(self, _library: object, _control: Control) -> str:
        if self.error is not None:
            raise self.error
        return "http://127.0.0.1:6006/"

    def close(self) -> None:
        pass


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    made = FakeLibrary(tmp_path)
    for seed in (1, 2, 3):
        kept(made, config=replace(RECORD.config, seed=seed))
    return made


@pytest.fixture
def context(qtbot: QtBot, library: FakeLibrary, board: Board) -> Iterator[AppContext]:
    made = AppContext(fake_tools(board=board))
    made.library = cast("Library", library)
    yield made
    assert made.lanes.close(timeout_s=30)
    made.tools.close()
    made.deleteLater()


@pytest.fixture
def panel(qtbot: QtBot, context: AppContext, library: FakeLibrary) -> RunsPanel:
    made = RunsPanel()
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    control = RunsControl(context, made)
    control.changed.connect(lambda: made.show_runs(run_rows(cast("Library", library))))
    control.changed.emit()
    made.resize(800, 300)
    made.show()
    return made


def choose(panel: RunsPanel, *rows: int) -> list[RunRecord]:
    panel.tree.clearSelection()
    for row in rows:
        panel.tree.topLevelItem(row).setSelected(True)
    return panel.chosen()


def row(number: int, **changes: object) -> RunRow:
    plain = RunRow(replace(RECORD, id=f"{number}-classic"), "", used=False, has_model=True)
    return replace(plain, **changes)


def test_rows(panel: RunsPanel) -> None:
    panel.show_runs([row(2, used=True, notes="the best"), row(1)])
    texts = [panel.tree.topLevelItem(0).text(column) for column in range(NOTES + 1)]
    assert texts[1:4] == ["Face transfer", "2", "20"]
    assert texts[4] == "75.0 %"
    assert texts[7:] == ["in use", "the best"]


def test_without_runs(panel: RunsPanel) -> None:
    panel.show_runs([])
    assert panel.tree.isHidden()
    assert panel.empty.isVisible()
    assert not any(button.isEnabled() for button in panel._buttons if button is not panel.restore)


@pytest.mark.parametrize(
    ("changes", "usable"), [({}, True), ({"used": True}, False), ({"has_model": False}, False)]
)
def test_only_other_models_that_are_there_can_be_used(
    panel: RunsPanel, changes: dict[str, bool], usable: bool
) -> None:
    panel.show_runs([row(1, **changes)])
    assert not panel.use.isEnabled()
    choose(panel, 0)
    assert panel.use.isEnabled() is usable


def test_what_can_be_done_with_how_many(panel: RunsPanel) -> None:
    for rows, able in (((0,), (True, False)), ((0, 2), (False, True)), ((0, 1, 2), (False, False))):
        choose(panel, *rows)
        assert (panel.again.isEnabled(), panel.compare.isEnabled()) == able
        assert panel.delete.isEnabled()


def test_a_refresh_keeps_the_chosen_run(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.show_runs([row(2), row(1)])
    with qtbot.waitSignal(panel.run_chosen) as heard:
        choose(panel, 1)
    assert heard.args[0].id == "1-classic"
    with qtbot.assertNotEmitted(panel.run_chosen):
        panel.show_runs([row(3), row(2), row(1)])
    assert [record.id for record in panel.chosen()] == ["1-classic"]


def test_settings_are_taken_over(qtbot: QtBot, panel: RunsPanel) -> None:
    (record,) = choose(panel, 1)
    with qtbot.waitSignal(panel.again_requested) as heard:
        panel.again.click()
    assert heard.args == [record]


def test_notes_are_written_in_the_table(
    qtbot: QtBot, panel: RunsPanel, library: FakeLibrary
) -> None:
    (record,) = choose(panel, 0)
    item = panel.tree.topLevelItem(0)
    panel.tree.setCurrentItem(item)
    qtbot.keyClick(panel.tree, Qt.Key.Key_F2)
    editor = panel.tree.viewport().focusWidget() or panel.tree.focusWidget()
    item.setText(NOTES, "with glasses")
    qtbot.waitUntil(lambda: read_notes(cast("Library", library), record.id) == "with glasses")
    assert editor is not None
    qtbot.waitUntil(lambda: panel.tree.topLevelItem(0).text(NOTES) == "with glasses")


def test_delete_and_bring_back(qtbot: QtBot, panel: RunsPanel, library: FakeLibrary) -> None:
    gone = choose(panel, 0, 2)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == 1)
    assert len(deleted_runs(cast("Library", library))) == 2
    assert panel.restore.isVisible()
    panel.restore.click()
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == 3)
    assert not panel.restore.isVisible()
    assert {record.id for record in gone} <= {r.id for r in list_runs(cast("Library", library))}


def test_another_library_has_nothing_to_bring_back(
    qtbot: QtBot, panel: RunsPanel, context: AppContext
) -> None:
    choose(panel, 0)
    panel.delete.click()
    qtbot.waitUntil(panel.restore.isVisible)
    context.library_changed.emit(context.library)
    assert not panel.restore.isVisible()


def test_comparing(qtbot: QtBot, panel: RunsPanel) -> None:
    newer, older = choose(panel, 0, 1)
    with qtbot.waitSignal(panel.compare_requested) as heard:
        panel.compare.click()
    assert heard.args == [older, newer]
    qtbot.waitUntil(lambda: bool(panel.window().findChildren(CompareDialog)), timeout=20_000)
    (dialog,) = panel.window().findChildren(CompareDialog)
    table = dialog.table
    titles = [table.verticalHeaderItem(line).text() for line in range(table.rowCount())]
    assert titles[0] == "Accuracy"
    seed = titles.index("Seed")
    assert [table.item(seed, column).text() for column in (0, 1)] == ["2", "3"]
    assert "Batch size" not in titles  # the same in both
    assert dialog.caution.isHidden()  # they were judged on the same faces
    heads = [table.horizontalHeaderItem(column).text() for column in (0, 1)]
    assert heads == [when(older.created), when(newer.created)]
    dialog.close()


def test_comparing_says_what_the_runs_do_not_share(qtbot: QtBot, panel: RunsPanel) -> None:
    newer, older = choose(panel, 0, 1)
    other = replace(newer, config=replace(newer.config, network="classic"))
    dialog = CompareDialog(older, other, JudgedFaces(19, 23, 12))
    qtbot.addWidget(dialog)
    assert dialog.caution.text() == (
        "Judged on 19 and on 23 faces, 12 of them the same: the difference may be chance."
    )
    heads = [dialog.table.horizontalHeaderItem(column).text() for column in (0, 1)]
    assert heads == [
        f"{when(run.created)} · {title_of(run.config.network)}" for run in (older, other)
    ]


def test_a_report_is_written_and_shown(
    qtbot: QtBot,
    panel: RunsPanel,
    context: AppContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    (record,) = choose(panel, 0)
    (control,) = panel.findChildren(RunsControl)
    with qtbot.waitSignal(context.notice) as told:
        control.write_report(record, tmp_path / "report.html")
    assert str(tmp_path / "report.html") in told.args[0]
    assert record.id in (tmp_path / "report.html").read_text("utf-8")
    assert [url.toLocalFile() for url in shown] == [str(tmp_path / "report.html")]


def test_tensorboard_opens_in_the_browser(
    qtbot: QtBot, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    panel.board.click()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0].toString() == "http://127.0.0.1:6006/"
    qtbot.waitUntil(panel.board.isEnabled)


def test_a_tensorboard_that_does_not_start(
    qtbot: QtBot, panel: RunsPanel, context: AppContext, board: Board
) -> None:
    board.error = EngineError("no port", "try again")
    with qtbot.waitSignal(context.lanes.task_failed) as failed:
        panel.board.click()
    assert failed.args[1] is board.error
    qtbot.waitUntil(panel.board.isEnabled)
