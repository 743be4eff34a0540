"""The Results tab: a run judged, wrong names mended by a key, checks begun with a button."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.domain.control import Stop
from facegui.domain.entities import FaceState
from facegui.domain.queries import Answer
from facegui.domain.training import TrainConfig
from facegui.gui.context import AppContext
from facegui.gui.review.empty_state import Remedy
from facegui.gui.train.results.tab import ResultsTab
from facegui.services.judging.judge import Side, judge, read_manifest, read_results
from facegui.services.judging.judged_faces import judged_faces
from facegui.services.judging.leak import read_leak
from facegui.services.judging.learning_curve import read_learning_curve
from facegui.services.judging.out_of_fold import folds_done
from facegui.services.learning.networks import default_config, title_of
from facegui.services.libraries import Library
from facegui.services.runs.records import RunRecord, write_run
from tests.fakes.finished_run import finished_run
from tests.fakes.people_library import BOB_UNNAMED, SWAPPED
from tests.fakes.trainer import FakeTrainer

Settle = Callable[[], None]
Key = Qt.Key


def show(tab: ResultsTab, title: str) -> None:
    titles = [tab.views.tabText(n) for n in range(tab.views.count())]
    tab.views.setCurrentIndex(titles.index(title))


def choose(tab: ResultsTab, side: Side) -> None:
    tab.side.setCurrentIndex(tab.side.findData(side))
    tab.side.activated.emit(tab.side.currentIndex())


def name_of(library: Library, face_id: int) -> str | None:
    person_id = library.faces([face_id])[0].person_id
    return next((person.name for person in library.people() if person.id == person_id), None)


# Without a run


def test_without_a_run_the_button_leads_to_one(
    qtbot: QtBot, empty_tab: ResultsTab, settle: Settle
) -> None:
    empty_tab.show_runs([])
    settle()
    assert empty_tab._pages.currentWidget() is empty_tab.empty
    with qtbot.waitSignal(empty_tab.train_requested):
        empty_tab.empty.remedy_chosen.emit(Remedy.SHOW_ALL)


def test_a_run_whose_files_have_gone_says_so(
    empty_tab: ResultsTab, library: Library, record: RunRecord, settle: Settle
) -> None:
    (library.runs_dir / record.id / "probabilities.npy").unlink()
    empty_tab.show_runs([record])
    settle()
    assert empty_tab._pages.currentWidget() is empty_tab.empty
    assert "probabilities.npy" in empty_tab.empty._text.text()


def test_it_reads_nothing_while_it_is_not_in_front(
    empty_tab: ResultsTab, record: RunRecord, settle: Settle
) -> None:
    empty_tab.hide()
    empty_tab.show_runs([record])
    settle()
    assert empty_tab._loaded is None
    empty_tab.show()
    settle()
    assert empty_tab._loaded is not None


# A run judged


def test_the_honest_faces_are_judged_first(tab: ResultsTab, library: Library) -> None:
    assert tab.record is not None
    results = read_results(library, tab.record)
    assert tab.side.currentData() is Side.TEST
    assert tab.score.text() == judge(results, Side.TEST).score.words
    choose(tab, Side.TRAIN)
    assert tab.score.text() == judge(results, Side.TRAIN).score.words
    show(tab, "People")
    assert tab.people.people.people[0].count > 0


def test_a_cell_shows_its_faces(qtbot: QtBot, tab: ResultsTab, context: AppContext) -> None:
    QAbstractItemModelTester(tab.confusion.model)
    choose(tab, Side.TRAIN)
    page = tab.confusion
    model = page.model
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Ann"
    count = int(model.data(model.index(1, 1)))
    page.table.setFocus()
    page.table.setCurrentIndex(model.index(1, 1))
    QTest.keyClick(page.table, Key.Key_Return)
    assert len(page.faces.list.cases) == count
    assert page.faces.heading.text() == f"{count} faces of Bob, named right"
    assert {case.title for case in page.faces.list.cases} == {"Bob"}
    with qtbot.waitSignal(context.face_requested) as asked:
        QTest.keyClick(page.faces, Key.Key_Return)
    assert asked.args == [page.faces.list.cases[0].face_id]


def test_a_click_on_a_cell_shows_its_faces(tab: ResultsTab) -> None:
    choose(tab, Side.TRAIN)
    table = tab.confusion.table
    place = table.visualRect(tab.confusion.model.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert {case.title for case in tab.confusion.faces.list.cases} == {"Ann"}


def test_the_worst_cell_is_open_at_once(tab: ResultsTab, library: Library, settle: Settle) -> None:
    path = library.runs_dir / tab.record.id / "probabilities.npy"
    said = np.load(path)
    np.save(path, np.ascontiguousarray(said[:, ::-1]))
    tab.refresh()
    settle()
    assert "called" in tab.confusion.faces.heading.text()
    assert len(tab.confusion.faces.list.cases) > 0
    first = tab.confusion.faces.list.cases[0]
    assert first.note.split(" % ")[1] in {"Ann", "Bob"} - {first.title}
    show(tab, "Mistakes")
    assert len(tab.mistakes.list.cases) >= len(tab.confusion.faces.list.cases)


def test_everybodys_figures_are_sorted(tab: ResultsTab) -> None:
    QAbstractItemModelTester(tab.people.people)
    show(tab, "People")
    model = tab.people.people
    assert [one.name for one in model.people] == ["Ann", "Bob"]
    tab.people.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert [one.name for one in model.people] == ["Bob", "Ann"]
    assert model.data(model.index(0, 2)).endswith(" %")
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Recall"


def test_every_face_is_searched_sorted_and_written(
    tab: ResultsTab, settle: Settle, tmp_path: Path
) -> None:
    page = tab.all_faces
    QAbstractItemModelTester(page.model)
    choose(tab, Side.TRAIN)
    show(tab, "All faces")
    count = page.model.rowCount()

    def column(n: int) -> list[str]:
        return [page.model.data(page.model.index(row, n)) for row in range(page.model.rowCount())]

    page.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    shares = [float(text.removesuffix(" %")) for text in column(4)]
    assert shares == sorted(shares, reverse=True)
    for n in range(6):
        page.table.sortByColumn(n, Qt.SortOrder.AscendingOrder)
    page.search.setText("bob")
    assert 0 < page.model.rowCount() < count
    assert all("Bob" in pair for pair in zip(column(1), column(2), strict=True))
    page.write(tmp_path / "faces.csv")
    settle()
    with (tmp_path / "faces.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == count + 1


def test_a_face_of_the_table_opens_in_review(
    qtbot: QtBot, tab: ResultsTab, context: AppContext
) -> None:
    page = tab.all_faces
    show(tab, "All faces")
    page.table.setCurrentIndex(page.model.index(0, 0))
    with qtbot.waitSignals([context.page_requested, context.face_requested]):
        QTest.keyClick(page.table, Key.Key_Return)


def test_the_calibration_says_what_it_means(tab: ResultsTab) -> None:
    show(tab, "Calibration")
    assert "expected calibration error" in tab.calibration.meaning.text()
    assert tab.calibration.plot.accessibleName() == tab.calibration.meaning.text()
    assert not tab.calibration.plot.grab().isNull()


# Checks


def test_every_face_is_checked_with_a_button(
    tab: ResultsTab, library: Library, trainer: FakeTrainer, settle: Settle
) -> None:
    show(tab, "Checks")
    assert tab.record is not None
    tab.checks.folds.setValue(3)
    assert tab.checks.every_face.time.text().startswith("3 trainings, about ")
    tab.checks.every_face.start.click()
    assert not tab.checks.leak.start.isEnabled()
    settle()
    assert folds_done(library, tab.record) == (3, 3)
    assert len(trainer.requests) == 3
    score = judge(read_results(library, tab.record), Side.OUT_OF_FOLD).score
    assert "–" in score.interval_words
    assert tab.checks.every_face.found.text() == (
        "Every face has been checked, in 3 folds.\n"
        f"Accuracy out of fold: {score.words}. 1 name is likely wrong."
    )
    assert tab.checks.wrong_names.isVisible()
    tab.checks.wrong_names.click()
    assert tab.views.tabText(tab.views.currentIndex()) == "Wrong names"
    settle()
    assert asked_about(tab) == [SWAPPED]
    assert tab.checks.leak.start.isEnabled()
    assert tab.side.findData(Side.OUT_OF_FOLD) >= 0


def test_the_leak_check(tab: ResultsTab, library: Library, settle: Settle) -> None:
    assert tab.record is not None
    assert tab.checks.leak.found.isHidden()
    assert tab.checks.wrong_names.isHidden()
    tab.checks.leak.start.click()
    settle()
    report = read_leak(library, tab.record)
    assert report is not None
    assert report.meaning in tab.checks.leak.found.text()
    assert f"Split by picture: {report.by_picture.words}" in tab.checks.leak.found.text()


def test_the_learning_curve(
    tab: ResultsTab, library: Library, trainer: FakeTrainer, settle: Settle
) -> None:
    show(tab, "Checks")
    assert tab.record is not None
    assert tab.checks.network.count() == 1  # the run is of the fast network itself
    assert tab.checks.plot.isHidden()
    tab.checks.curve.start.click()
    settle()
    curve = read_learning_curve(library, tab.record.id)
    assert curve is not None
    told = zip(tab.checks.gains.text().splitlines(), curve.gains, strict=True)
    assert all(line.startswith(f"{gain.words}. Recall: ") for line, gain in told)
    assert tab.checks.plot.isVisibleTo(tab.checks)
    assert not tab.checks.plot.grab().isNull()
    assert {request.config.network for request in trainer.requests} == {"face-transfer"}


def test_the_learning_curve_of_the_runs_own_network(
    qtbot: QtBot, tab: ResultsTab, record: RunRecord
) -> None:
    assert tab._loaded is not None
    classic = replace(record, config=default_config("classic"))
    tab.checks.show_loaded(replace(tab._loaded, record=classic))
    assert tab.checks.network.count() == 2
    tab.checks.network.setCurrentIndex(1)
    with qtbot.waitSignal(tab.checks.curve_requested) as asked:
        tab.checks.curve.start.click()
    assert isinstance(asked.args[0], TrainConfig)
    assert asked.args[0].network == "classic"
    tab.checks.show_loaded(
        replace(tab._loaded, record=replace(classic, metrics=replace(record.metrics, seconds=59.7)))
    )
    tab.checks.folds.setValue(3)
    assert tab.checks.every_face.time.text() == "3 trainings, about 3 minutes"


def test_a_check_ends_with_its_library(
    qtbot: QtBot, tab: ResultsTab, context: AppContext, trainer: FakeTrainer, settle: Settle
) -> None:
    trainer.steps = 1_000_000
    tab.check_every_face(5)
    qtbot.waitUntil(lambda: bool(trainer.requests), timeout=20_000)
    tab.show_library(None)
    settle()
    assert tab.task is None
    assert tab.record is None


# Wrong names


@pytest.fixture
def doubted(tab: ResultsTab, settle: Settle) -> ResultsTab:
    """Every face is checked, and the swapped one is in question."""
    tab.check_every_face(3)
    settle()
    show(tab, "Wrong names")
    settle()
    tab.wrong_names.take_focus()
    return tab


def press(key: Qt.Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key)


def asked_about(tab: ResultsTab) -> list[int]:
    return [case.face_id for case in tab.wrong_names.list.cases]


def test_before_the_check_the_button_makes_it(
    qtbot: QtBot, tab: ResultsTab, library: Library, settle: Settle
) -> None:
    show(tab, "Wrong names")
    settle()
    assert tab.wrong_names.empty.isVisible()
    tab.wrong_names.empty._button.click()
    settle()
    assert tab.record is not None
    assert folds_done(library, tab.record) == (5, 5)


def test_both_reasons_are_told(doubted: ResultsTab) -> None:
    assert asked_about(doubted) == [SWAPPED]
    view = doubted.wrong_names
    assert view.question.text() == "Named Ann. Is it Bob?"
    assert "Networks that never saw this face give Ann" in view.note.text()
    assert "to Bob" in view.note.text()
    assert view.move_to.text() == "Yes, move  Enter"
    assert view.summary.text() == "1 name that is likely wrong"


def test_enter_moves_it_and_undo_brings_it_back(
    doubted: ResultsTab, library: Library, context: AppContext, settle: Settle
) -> None:
    press(Key.Key_Return)
    assert asked_about(doubted) == []
    settle()
    assert name_of(library, SWAPPED) == "Bob"
    assert doubted.pending.text() == (
        "1 label fixed since this run. Train again to see what it changes."
    )
    assert doubted.train.isVisible()
    context.write("Undo", library.undo)
    settle()
    assert asked_about(doubted) == [SWAPPED]
    assert doubted.pending.text() == ""


def test_nothing_moves_when_there_is_news(doubted: ResultsTab, settle: Settle) -> None:
    QApplication.processEvents()
    before = doubted.views.mapTo(doubted, doubted.views.rect().topLeft())
    press(Key.Key_Return)
    settle()
    assert doubted.pending.text()
    QApplication.processEvents()
    assert doubted.views.mapTo(doubted, doubted.views.rect().topLeft()) == before


def test_k_confirms_for_good(doubted: ResultsTab, library: Library, settle: Settle) -> None:
    press(Key.Key_K)
    settle()
    ann = next(person.id for person in library.people() if person.name == "Ann")
    assert library.answers() == [Answer(SWAPPED, ann, same=True)]
    doubted.wrong_names.refresh()
    settle()
    assert asked_about(doubted) == []


def test_x_rejects_the_face(doubted: ResultsTab, library: Library, settle: Settle) -> None:
    press(Key.Key_X)
    settle()
    assert library.faces([SWAPPED])[0].state is FaceState.REJECTED
    assert "1 face taken out since this run" in doubted.pending.text()


def test_the_next_run_shows_what_it_changed(
    doubted: ResultsTab, library: Library, record: RunRecord, settle: Settle
) -> None:
    press(Key.Key_Return)
    settle()
    later = finished_run(library)
    doubted.show_runs([later, record])
    settle()
    assert doubted.record == later
    before, after = (f"{run.accuracy * 100:.0f} %" for run in (record, later))
    judged = judged_faces(library, record, later)
    assert judged.words
    assert doubted.history.text() == (
        f"1 label fixed since the last run: accuracy {before} → {after} ({judged.words})"
    )
    assert doubted.train.isHidden()


def test_the_run_before_of_the_same_network_is_named_where_others_were_between(
    tab: ResultsTab, library: Library, record: RunRecord, settle: Settle
) -> None:
    folder = library.runs_dir / f"{record.id}-other"
    folder.mkdir()
    write_run(
        folder,
        replace(record, id=f"{record.id}-other", config=default_config("classic")),
        read_manifest(library, record.id),
        (),
    )
    library.assign([BOB_UNNAMED], "Bob")
    later = finished_run(library)
    tab.show_runs([later, record])
    settle()
    judged = judged_faces(library, record, later)
    before, after = (f"{run.accuracy * 100:.0f} %" for run in (record, later))
    assert judged.words
    assert tab.history.text() == (
        f"1 face added since the last run of {title_of('face-transfer')}: accuracy "
        f"{before} → {after} ({judged.words})"
    )


def test_a_chosen_run_stays_and_a_newer_one_is_offered(
    tab: ResultsTab, library: Library, record: RunRecord, settle: Settle
) -> None:
    later = finished_run(library)
    tab.show_runs([later, record])
    assert tab.record == later  # nobody had chosen
    assert tab.runs.newer.isHidden()
    tab.runs.box.setCurrentIndex(1)
    tab.runs.box.activated.emit(1)
    settle()
    tab.show_runs([later, record])
    settle()
    assert tab.record == record
    assert tab.runs.newer.isHidden()  # the owner has seen it in the list
    newest = finished_run(library)
    tab.show_runs([newest, later, record])
    settle()
    assert tab.record == record
    assert tab.runs.newer.text() == "A newer run is there: show it"
    assert tab.runs.newer.isVisible()
    tab.runs.newer.click()
    settle()
    assert tab.record == newest
    assert tab._loaded is not None
    assert tab._loaded.record == newest
    assert tab.runs.newer.isHidden()


def test_a_run_that_has_gone_makes_room_for_the_newest(
    tab: ResultsTab, library: Library, record: RunRecord, settle: Settle
) -> None:
    later = finished_run(library)
    tab.show_runs([later, record])
    tab.choose(record)
    tab.show_runs([later])
    settle()
    assert tab.record == later
    newest = finished_run(library)
    tab.show_runs([newest, later])
    assert tab.record == newest


def test_a_run_stays_while_it_is_checked(
    qtbot: QtBot,
    tab: ResultsTab,
    library: Library,
    record: RunRecord,
    trainer: FakeTrainer,
    settle: Settle,
) -> None:
    later = finished_run(library)
    trainer.steps = 1_000_000
    tab.check_every_face(5)
    qtbot.waitUntil(lambda: bool(trainer.requests), timeout=20_000)
    tab.show_runs([later, record])
    assert tab.record == record
    assert tab.runs.newer.isVisible()
    assert tab.task is not None
    tab.task.stop(Stop.DISCARD)
    settle()
    tab.show_runs([later, record])
    assert tab.record == record


def test_a_check_that_is_stopped_says_what_was_kept(
    qtbot: QtBot, tab: ResultsTab, context: AppContext, library: Library, trainer: FakeTrainer,
    settle: Settle,
) -> None:  # fmt: skip
    told: list[str] = []
    context.notice.connect(lambda words, _remedy: told.append(words))

    def stop(_folder: Path) -> None:
        assert tab.task is not None
        tab.task.stop(Stop.KEEP)

    trainer.before_end = stop
    tab.check_every_face(3)
    settle()
    assert told == ["Stopped: 1 of 3 folds are kept, with 3 of 9 faces checked."]
    told.clear()
    tab.checks.leak.start.click()
    settle()
    assert told == ["Leak check: stopped, nothing was kept."]
