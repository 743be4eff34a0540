"""The web list's view: lists, people, a download that is paused and resumed, failures."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.errors import OwnerError
from facegui.domain.web_list import TEMPORARY, BadRow, FetchResult, WebPhoto
from facegui.gui.collect.web_list import WebListView
from facegui.gui.collect.web_list_failures import FailuresModel, FailuresPanel, words
from facegui.gui.collect.web_list_people import DONE, FAILED, NAME, PeopleModel
from facegui.gui.context import AppContext
from facegui.services.collecting.web_list import ALLOWED_KEY
from facegui.services.collecting.web_list_survey import PersonUrls
from facegui.services.libraries import create_library, open_library
from tests.fakes.faces import fake_tools
from tests.fakes.photo_server import MD5, OWN_ADDRESS, PhotoServer, photo_server

PATIENCE_MS = 60_000


def failed(
    url: str, result: FetchResult = FetchResult.GONE, person: str = "Ann", file: str = ""
) -> WebPhoto:
    return WebPhoto(person, url, result, f"why {url} failed", file)


@pytest.fixture
def server() -> Iterator[PhotoServer]:
    with photo_server() as running:
        yield running


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    library = create_library(tmp_path / "Mine.facegui")
    library.set_setting(ALLOWED_KEY, [OWN_ADDRESS])
    made.set_library(library)
    yield made
    made.lanes.close(30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def view(qtbot: QtBot, context: AppContext) -> WebListView:
    made = WebListView(context)
    qtbot.addWidget(made)
    made.resize(740, 520)
    made.show()
    made.activate()
    return made


@pytest.fixture
def listing(tmp_path: Path, server: PhotoServer) -> Path:
    rows = [
        (name, f"photo/{10 * n + i}") for n, name in enumerate(("Ann", "Ben")) for i in range(4)
    ]
    rows += [("Ben", "404"), ("Ben", "503")]
    file = tmp_path / "list.csv"
    lines = [f"{name},{server.url}{path}" for name, path in rows]
    file.write_text("\n".join([*lines, "malformed"]))
    return file


def settle(qtbot: QtBot, view: WebListView) -> None:
    qtbot.waitUntil(
        lambda: view.task is None and not view.context.lanes.busy(), timeout=PATIENCE_MS
    )


def show(qtbot: QtBot, view: WebListView, *lists: Path) -> None:
    view.show_lists(lists)
    settle(qtbot, view)


def run(qtbot: QtBot, view: WebListView) -> None:
    """Press the button and wait for the end."""
    view.body.start.click()
    qtbot.waitUntil(lambda: view.task is not None, timeout=PATIENCE_MS)
    settle(qtbot, view)


def rows(model: FailuresModel | PeopleModel) -> list[list[str]]:
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


# The whole


def test_without_a_list_it_says_what_to_do(qtbot: QtBot, view: WebListView) -> None:
    settle(qtbot, view)
    assert view.empty.isVisible()
    assert not view.body.isVisible()


def test_a_list_shows_who_is_in_it(qtbot: QtBot, view: WebListView, listing: Path) -> None:
    show(qtbot, view, listing)
    assert view.body.isVisible()
    assert rows(view.body.people.model) == [["Ann", "4", "0", "0"], ["Ben", "6", "0", "0"]]
    assert view.body.people.model.checked == {"Ann", "Ben"}
    assert "1 line" in view.body.state.text()
    ((_, place, reason),) = rows(view.body.failures.model)
    assert place == "list.csv, line 11"
    assert "Malformed" in reason


def test_a_download_fills_the_library_and_the_tables(
    qtbot: QtBot, view: WebListView, listing: Path, context: AppContext
) -> None:
    show(qtbot, view, listing)
    added: list[int] = []
    context.rows_changed.connect(lambda change: added.extend(change.photo_ids))
    with qtbot.waitSignal(context.scan_requested, timeout=PATIENCE_MS):
        view.body.start.click()
    settle(qtbot, view)
    library = context.library
    assert library is not None
    assert sorted(added) == sorted(library.photo_ids())
    assert len(added) == 8
    assert rows(view.body.people.model) == [["Ann", "4", "4", "0"], ["Ben", "6", "4", "2"]]
    counts = view.body.failures.model.counts
    assert (counts[FetchResult.GONE], counts[FetchResult.BUSY]) == (1, 1)
    assert "8 photos" in view.body.state.text()
    assert view.body.start.text() == "Go on"


def test_only_who_is_checked_and_no_more_than_the_cap(
    qtbot: QtBot, view: WebListView, listing: Path, context: AppContext
) -> None:
    show(qtbot, view, listing)
    model = view.body.people.model
    assert model.setData(
        model.index(1, NAME), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole
    )
    view.body.cap.setValue(3)
    run(qtbot, view)
    library = context.library
    assert library is not None
    hints = [photo.person_hint for photo in library.photos(library.photo_ids())]
    assert hints == ["Ann"] * 3


def test_a_pause_keeps_what_has_come_and_the_next_window_goes_on(
    qtbot: QtBot, view: WebListView, listing: Path, context: AppContext, server: PhotoServer
) -> None:
    server.pause_s = 0.3
    listing.write_text("\n".join(f"Ann,{server.url}photo/{n}" for n in range(30)))
    show(qtbot, view, listing)
    view.body.cap.setValue(0)
    view.body.start.click()
    qtbot.waitUntil(lambda: view.task is not None, timeout=PATIENCE_MS)
    assert view.body.start.text() == "Pause"
    model = view.body.people.model
    qtbot.waitUntil(lambda: model.people[0].done > 0, timeout=PATIENCE_MS)
    view.body.start.click()
    settle(qtbot, view)
    kept = model.people[0].done
    assert 0 < kept < 30
    assert "Paused" in view.body.state.text()

    server.pause_s = 0
    library = context.library
    assert library is not None
    context.set_library(None)
    context.set_library(open_library(library.path))
    view.activate()
    settle(qtbot, view)
    assert model.people[0].done == kept
    assert view.body.cap.value() == 0
    assert view.body.start.text() == "Go on"
    run(qtbot, view)
    assert model.people[0].done == 30


def test_try_again_asks_only_for_what_failed_so(
    qtbot: QtBot, view: WebListView, listing: Path, server: PhotoServer
) -> None:
    show(qtbot, view, listing)
    view.body.people.none.click()
    assert not view.body.start.isEnabled()
    view.body.people.model.check([1], on=True)
    run(qtbot, view)
    before = server.asked.total()
    view.body.failures.again.click()
    qtbot.waitUntil(lambda: view.task is not None, timeout=PATIENCE_MS)
    assert not view.body.failures.again.isEnabled()
    settle(qtbot, view)
    assert server.asked["/404"] == 1
    assert server.asked.total() - before == server.asked["/503"] / 2
    assert rows(view.body.people.model)[1] == ["Ben", "6", "4", "2"]


def test_failures_are_saved(qtbot: QtBot, view: WebListView, listing: Path, tmp_path: Path) -> None:
    show(qtbot, view, listing)
    run(qtbot, view)
    out = tmp_path / "out.csv"
    view.export(out)
    settle(qtbot, view)
    with out.open(newline="", encoding="utf-8") as file:
        assert sorted(row[2] for row in csv.reader(file)) == ["busy", "gone", "result"]
    assert "out.csv" in view.body.state.text()


def test_a_quarantined_picture_can_be_looked_at(
    qtbot: QtBot,
    view: WebListView,
    tmp_path: Path,
    server: PhotoServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "facegui.gui.collect.web_list.QDesktopServices.openUrl",
        lambda url: opened.append(url.toLocalFile()),
    )
    listing = tmp_path / "list.txt"
    listing.write_text(f"Ann\t1\t{server.url}photo/5\t1,2,3,4\t{MD5}\n")
    show(qtbot, view, listing)
    run(qtbot, view)
    panel = view.body.failures
    assert not panel.picture.isEnabled()
    panel.table.setCurrentIndex(panel.model.index(0, 0))
    panel.picture.click()
    view.body.folder.click()
    picture, folder = opened
    assert "quarantine" in picture
    assert Path(picture).is_file()
    assert Path(folder).is_dir()


def test_dropped_lists_are_shown_and_photos_are_not_taken(
    qtbot: QtBot, view: WebListView, listing: Path
) -> None:
    assert not view.drop([listing.with_suffix(".jpg")])
    assert not view.drop([])
    assert view.drop([listing])
    settle(qtbot, view)
    assert view.body.name.text() == "list.csv"


def test_a_list_that_is_not_there_is_told(
    qtbot: QtBot, view: WebListView, tmp_path: Path, context: AppContext
) -> None:
    with qtbot.waitSignal(context.lanes.task_failed, timeout=PATIENCE_MS) as failure:
        view.show_lists((tmp_path / "none.txt",))
    assert isinstance(failure.args[1], OwnerError)
    settle(qtbot, view)
    assert view.empty.isVisible()


def test_another_library_ends_the_download(
    qtbot: QtBot, view: WebListView, listing: Path, context: AppContext, server: PhotoServer
) -> None:
    server.pause_s = 0.3
    show(qtbot, view, listing)
    view.body.start.click()
    qtbot.waitUntil(lambda: server.asked.total() > 0, timeout=PATIENCE_MS)
    context.set_library(None)
    settle(qtbot, view)
    assert view.empty.isVisible()


def test_its_texts_are_not_cut_off(qtbot: QtBot, view: WebListView, listing: Path) -> None:
    show(qtbot, view, listing)
    for button in (view.body.start, view.body.choose, view.body.failures.again):
        assert button.width() >= button.sizeHint().width()
    assert view.keys()


# Its parts


def test_the_people_model(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = PeopleModel()
    model.show([PersonUrls("Ann", 1200, 3, 1), PersonUrls("Ben", 2, 0, 0)], {"Ben", "Nobody"})
    qtmodeltester.check(model)
    assert model.checked == {"Ben"}
    assert rows(model)[0] == ["Ann", "1,200", "3", "1"]
    model.count(failed("a", FetchResult.DONE), None)
    model.count(failed("b"), None)
    model.count(failed("c", FetchResult.DONE), FetchResult.BUSY)
    model.count(failed("d", person="Nobody"), None)
    assert (model.people[0].done, model.people[0].failed) == (5, 1)
    assert model.data(model.index(0, DONE), Qt.ItemDataRole.CheckStateRole) is None
    assert not model.setData(model.index(0, FAILED), "x")


def test_all_and_none_mean_those_who_are_found(
    qtbot: QtBot, view: WebListView, listing: Path
) -> None:
    show(qtbot, view, listing)
    people = view.body.people
    people.none.click()
    people.search.setText("be")
    people.all.click()
    assert people.model.checked == {"Ben"}
    assert "1 of 2" in people._chosen.text()


def test_the_failures_model(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = FailuresModel()
    bad = BadRow("list.txt", 7, "no name")
    model.show([failed("a"), failed("b", FetchResult.BUSY)], [bad])
    qtmodeltester.check(model)
    model.take([failed("c"), failed("b", FetchResult.DONE), failed("d", FetchResult.DONE)])
    assert [row[1] for row in rows(model)] == ["a", "c", "list.txt, line 7"]
    assert model.counts[FetchResult.BUSY] == 0
    model.filter(FetchResult.GONE)
    model.take([failed("e"), failed("f", FetchResult.BUSY)])
    assert [row[1] for row in rows(model)] == ["a", "c", "e"]
    model.filter(FetchResult.BUSY)
    model.take([failed("f", FetchResult.TIMED_OUT)])
    assert rows(model) == []
    model.filter(None)
    assert [row[1] for row in rows(model)] == ["a", "c", "e", "f", "list.txt, line 7"]
    assert model.before("f") is FetchResult.TIMED_OUT
    assert model.before("z") is None
    assert model.photo(4) is None


def test_try_again_means_the_reason_shown_or_all_that_may_have_passed(qtbot: QtBot) -> None:
    panel = FailuresPanel()
    qtbot.addWidget(panel)
    assert not panel.again.isEnabled()
    panel.model.show([failed("a"), failed("b", FetchResult.REFUSED)], ())
    assert not panel.again.isEnabled()
    panel.model.take([failed(str(result), result) for result in TEMPORARY])
    assert panel.worth_trying() == TEMPORARY

    def choose(result: FetchResult) -> None:
        panel.reasons.setCurrentIndex(panel.reasons.findData(result))

    choose(FetchResult.GONE)
    assert panel.worth_trying() == {FetchResult.GONE}
    assert panel.reasons.currentText() == "Gone (1)"
    choose(FetchResult.REFUSED)
    assert not panel.again.isEnabled()
    panel.set_idle(idle=False)
    choose(FetchResult.GONE)
    assert not panel.again.isEnabled()


def test_every_result_has_words_of_its_own() -> None:
    assert len({words(result) for result in FetchResult}) == len(FetchResult)
