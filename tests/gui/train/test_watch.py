"""Watching a run: tiles of faces and guesses, feature maps of a chosen one, files, and room."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.errors import EngineError
from facegui.domain.feature_maps import FeatureMaps
from facegui.domain.training import CurvePoint, Guesses, TrainConfig
from facegui.gui.context import AppContext
from facegui.gui.train.chart.series import Side
from facegui.gui.train.watch import WatchPanel
from facegui.gui.train.watch_grid import Face, GuessGrid
from facegui.gui.train.watch_tile import Tile, guess_words
from facegui.services.judging.judge import RunResults
from facegui.services.learning.watched import WatchedRun
from facegui.services.libraries import Library
from facegui.training.look import LOOK_JOB, LookRequest
from tests.fakes.faces import fake_tools
from tests.fakes.finished import RECORD
from tests.fakes.training_library import FakeLibrary

PEOPLE = ("Ada", "Ben", "Zoë")


def guesses(epoch: int, *likely: float) -> Guesses:
    """Of rows 0, 1, …: so likely Ada, the rest for Ben."""
    share = np.array(likely, np.float32)
    probabilities = np.stack([share, 1 - share, np.zeros_like(share)], axis=1)
    return Guesses(epoch * 8, epoch, tuple(range(len(likely))), probabilities)


def picture(shade: int) -> QImage:
    image = QImage(96, 96, QImage.Format.Format_RGB32)
    image.fill(shade)
    return image


# The grid


@pytest.fixture
def grid(qtbot: QtBot) -> GuessGrid:
    made = GuessGrid()
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    faces = [Face(0, "Ada", 0, picture(1)), Face(1, "Ada", 0, None), Face(2, "Ben", 1, picture(2))]
    made.show_faces(faces, PEOPLE)
    return made


def shown(grid: GuessGrid) -> list[Tile]:
    model = grid.view.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]


def test_a_long_name_never_hides_its_share(grid: GuessGrid) -> None:
    metrics = grid.fontMetrics()
    assert guess_words("Ben", "75 %", metrics, 400) == "Ben 75 %"
    words = guess_words("Wolfeschlegelsteinhausen", "75 %", metrics, 100)
    assert words.startswith("Wolf")
    assert words.endswith("… 75 %")
    assert metrics.horizontalAdvance(words) <= 100 + 2


def test_tiles_tell_name_guess_and_whether_it_is_right(grid: GuessGrid) -> None:
    assert shown(grid)[0].told == "Ada: no guess yet"
    grid.show_guesses(guesses(3, 0.9, 0.25, 0.4))
    first, second, third = shown(grid)
    assert first.told == "Ada: taken for Ada, 90.0 %, right"
    assert second.told == "Ada: taken for Ben, 75.0 %, wrong"
    assert third.right
    assert grid.summary.text() == "Epoch 3: 2 of 3 faces right"
    tip = grid.view.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole).splitlines()
    assert tip[1:] == ["Ben  75.0 %", "Ada  25.0 %", "Zoë  0.0 %"]


def test_the_model_keeps_its_contract(qtbot: QtBot, grid: GuessGrid) -> None:
    QAbstractItemModelTester(grid.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    QAbstractItemModelTester(grid.view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    grid.show_guesses(guesses(1, 0.9, 0.2, 0.3))
    grid.worst.setChecked(True)
    grid.show_guesses(guesses(2, 0.1, 0.2, 0.3))
    grid.clear()
    assert "held back" in grid.summary.text()
    assert not grid.worst.isEnabled()


def test_worst_first_on_demand_and_the_selection_stays(grid: GuessGrid) -> None:
    grid.show_guesses(guesses(1, 0.9, 0.25, 0.4))
    grid.view.setCurrentIndex(grid.view.model().index(0, 0))
    grid.worst.click()
    assert [tile.row for tile in shown(grid)] == [1, 2, 0]
    assert grid.view.currentIndex().data(Qt.ItemDataRole.UserRole).row == 0
    grid.show_guesses(guesses(2, 0.1, 0.5, 0.4))
    assert [tile.row for tile in shown(grid)] == [0, 1, 2]
    grid.worst.click()
    assert [tile.row for tile in shown(grid)] == [0, 1, 2]


def test_right_and_wrong_differ_in_more_than_colour(grid: GuessGrid) -> None:
    grid.show_guesses(guesses(1, 0.9, 0.9, 0.9))

    def tile(row: int) -> QImage:
        place = grid.view.visualRect(grid.view.model().index(row, 0))
        grey = QImage.Format.Format_Grayscale8
        return grid.view.viewport().grab(place).toImage().convertToFormat(grey)

    wide, narrow = 84, 10
    right, wrong = tile(0), tile(2)
    corner = [(x, y) for x in range(wide - 16, wide) for y in range(narrow + 10)]
    differ = sum(
        abs(right.pixelColor(*at).value() - wrong.pixelColor(*at).value()) > 60 for at in corner
    )
    assert differ > 10, "a tick is not a cross in grey either"


def test_guesses_of_other_rows_are_left_alone(grid: GuessGrid) -> None:
    grid.model.show_guesses(guesses(1, 0.9), PEOPLE)
    assert shown(grid)[0].told == "Ada: no guess yet"


def test_a_tile_is_chosen_by_mouse_and_by_key(qtbot: QtBot, grid: GuessGrid) -> None:
    place = grid.view.visualRect(grid.view.model().index(2, 0)).center()
    with qtbot.waitSignal(grid.crop_chosen) as chosen:
        qtbot.mouseClick(grid.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [2]
    grid.view.setCurrentIndex(grid.view.model().index(1, 0))
    with qtbot.waitSignal(grid.crop_chosen) as chosen:
        qtbot.keyClick(grid.view, Qt.Key.Key_Return)
    assert chosen.args == [1]


# The panel


class Looker:
    """An engine that answers with maps of its own, when told to."""

    def __init__(self) -> None:
        self.requests: list[LookRequest] = []
        self.go = threading.Event()
        self.go.set()
        self.error: Exception | None = None

    def run(self, job: str, request: object, control: Control) -> object:
        assert job == LOOK_JOB
        assert isinstance(request, LookRequest)
        self.requests.append(request)
        assert self.go.wait(20)
        if self.error is not None:
            raise self.error
        layer = request.layer or "conv1"
        first = layer == "conv1"
        maps = np.zeros((16 if first else 32, 8, 8), np.uint8)
        kernels = np.zeros((16, 3, 3, 3), np.uint8) if first else None
        highest = np.arange(len(maps), dtype=np.float32)
        step = 8 * len(self.requests) if Path(request.weights).is_dir() else None
        return FeatureMaps(("conv1", "conv2"), layer, maps, highest, kernels, step)

    def close(self) -> None:
        pass


@pytest.fixture
def looker() -> Looker:
    return Looker()


@pytest.fixture
def context(qtbot: QtBot, looker: Looker, tmp_path: Path) -> Iterator[AppContext]:
    made = AppContext(replace(fake_tools(), inference=looker))
    made.library = cast("Library", FakeLibrary(tmp_path))
    yield made
    assert made.lanes.close(timeout_s=30)
    made.deleteLater()


@pytest.fixture
def panel(qtbot: QtBot, context: AppContext) -> WatchPanel:
    made = WatchPanel(context)
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    made.resize(900, 500)
    made.show()
    return made


@pytest.fixture
def run(context: AppContext, tmp_path: Path) -> WatchedRun:
    library = cast("FakeLibrary", context.library)
    ids = library.add("Ada", 2) + library.add("Ben", 1)
    items = tuple(
        DatasetItem(
            face.id, face.photo_id, "/p.png", "", face.box, face.landmarks, label, face.id,
            Subset.VALIDATION,
        )
        for face, label in zip(library.faces(ids), (0, 0, 1), strict=True)
    )  # fmt: skip
    folder = tmp_path / "runs" / "now"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").touch()
    np.save(tmp_path / "inputs.npy", np.full((3, 96, 96, 3), [[[[9]]], [[[99]]], [[[199]]]], "u1"))
    return WatchedRun(TrainConfig("classic"), PEOPLE, items, folder, tmp_path / "inputs.npy", None)


def watched(qtbot: QtBot, panel: WatchPanel, run: WatchedRun) -> None:
    panel.hear(run)
    panel.hear(guesses(1, 0.9, 0.25, 0.4))
    qtbot.waitUntil(lambda: panel.grid.model.rowCount() == 3)


def idle(context: AppContext) -> Callable[[], bool]:
    return lambda: not context.lanes.busy()


def test_what_a_training_tells(qtbot: QtBot, panel: WatchPanel, run: WatchedRun) -> None:
    panel.hear((CurvePoint(1, 1, 2.0, 0.5, None, None, 0.1, 0.01),))
    assert panel.chart.count(Side.TRAIN) == 1
    watched(qtbot, panel, run)
    tiles = shown(panel.grid)
    assert [tile.name for tile in tiles] == ["Ada", "Ada", "Ben"]
    assert tiles[1].picture.toImage().pixelColor(5, 5).red() == 99, "the network's own input"
    panel.hear(guesses(2, 0.9, 0.8, 0.1))
    assert panel.grid.summary.text() == "Epoch 2: 3 of 3 faces right"
    panel.clear()
    assert panel.chart.count(Side.TRAIN) == 0
    assert panel.grid.model.rowCount() == 0


def test_faces_of_a_run_that_was_cleared_are_not_shown(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, context: AppContext
) -> None:
    panel.hear(run)
    panel.hear(guesses(1, 0.9, 0.25, 0.4))
    panel.clear()
    qtbot.waitUntil(idle(context))
    assert panel.grid.model.rowCount() == 0


def test_filters_of_a_chosen_face(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker
) -> None:
    watched(qtbot, panel, run)
    panel.grid.crop_chosen.emit(1)
    maps = panel.maps
    qtbot.waitUntil(lambda: maps.maps.count() == 16)
    (asked,) = looker.requests
    assert asked.crop[0, 0].tolist() == [99, 99, 99]
    assert (asked.classes, asked.weights) == (3, str(run.folder))
    assert "Ada" in maps.windowTitle()
    assert "16 filters" in maps.words.text()
    assert "of batch 8" in maps.words.text()
    assert [maps.layer.itemText(n) for n in range(maps.layer.count())] == ["conv1", "conv2"]
    maps.layer.setCurrentIndex(1)
    maps.layer.activated.emit(1)
    qtbot.waitUntil(lambda: maps.maps.count() == 32)
    assert looker.requests[-1].layer == "conv2"
    assert not maps.grab().toImage().isNull()


def test_they_are_looked_at_again_after_an_epoch_but_not_too_often(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker
) -> None:
    watched(qtbot, panel, run)
    panel.grid.crop_chosen.emit(1)
    qtbot.waitUntil(panel.maps._rest.isActive)
    assert panel.maps._rest.interval() <= 10_000
    for epoch in (2, 3, 4):
        panel.hear(guesses(epoch, 0.9, 0.25, 0.4))
    assert len(looker.requests) == 1, "it rests"
    panel.maps._rest.setInterval(0)
    qtbot.waitUntil(lambda: len(looker.requests) == 2)
    qtbot.waitUntil(panel.maps._rest.isActive)
    panel.maps.close()
    panel.hear(guesses(5, 0.9, 0.25, 0.4))
    assert not panel.maps._again, "nobody looks"


def test_a_finished_run_is_looked_at_in_its_model(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker, tmp_path: Path
) -> None:
    watched(qtbot, panel, run)
    panel.run_ended(tmp_path / "a.facebundle")
    panel.grid.crop_chosen.emit(0)
    qtbot.waitUntil(lambda: panel.maps.maps.count() == 16)
    assert looker.requests[0].weights == str(tmp_path / "a.facebundle")
    assert "of batch" not in panel.maps.words.text()


def test_what_went_wrong_is_told_beside_the_face(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker
) -> None:
    looker.error = EngineError("The engine died.", "Try again.")
    watched(qtbot, panel, run)
    panel.grid.crop_chosen.emit(0)
    qtbot.waitUntil(lambda: panel.maps.words.text() == "The engine died. Try again.")


def test_before_the_first_weights_there_is_nothing_to_see(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker
) -> None:
    (run.folder / "weights.safetensors").unlink()
    watched(qtbot, panel, run)
    panel.grid.crop_chosen.emit(0)
    qtbot.waitUntil(lambda: "after its first epoch" in panel.maps.words.text())
    assert looker.requests == []


def test_a_network_without_filters_says_so(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker
) -> None:
    watched(qtbot, panel, replace(run, config=TrainConfig("face-transfer")))
    panel.grid.crop_chosen.emit(0)
    assert "no feature maps" in panel.maps.words.text()
    assert not panel.maps.layer.isEnabled()
    panel.hear(guesses(2, 0.9, 0.25, 0.4))
    assert looker.requests == []


def test_the_window_goes_with_the_run(
    qtbot: QtBot, panel: WatchPanel, run: WatchedRun, looker: Looker, context: AppContext
) -> None:
    watched(qtbot, panel, run)
    looker.go.clear()
    panel.grid.crop_chosen.emit(0)
    qtbot.waitUntil(lambda: len(looker.requests) == 1)
    panel.clear()
    assert not panel.maps.isVisible()
    looker.go.set()
    qtbot.waitUntil(idle(context))


def test_an_earlier_run_without_its_files_has_its_curve(
    qtbot: QtBot, panel: WatchPanel, context: AppContext
) -> None:
    panel.show_run(RECORD, [CurvePoint(1, 1, 2.0, 0.5, None, None, 0.1, 0.01)])
    qtbot.waitUntil(idle(context))
    assert panel.chart.count(Side.TRAIN) == 1
    assert panel.grid.model.rowCount() == 0


@pytest.fixture
def results(run: WatchedRun, monkeypatch: pytest.MonkeyPatch) -> RunResults:
    said = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]], np.float32)
    made = RunResults(RECORD, run.items, np.array([0, 0, 1], np.intp), said, None)
    monkeypatch.setattr("facegui.gui.train.watch.read_results", lambda *_: made)
    return made


def test_an_earlier_run_has_its_last_guesses(
    qtbot: QtBot, panel: WatchPanel, results: RunResults, looker: Looker
) -> None:
    panel.show_run(RECORD, [])
    qtbot.waitUntil(lambda: panel.grid.model.rowCount() == 3)
    assert [tile.right for tile in shown(panel.grid)] == [True, False, True]
    assert "2 of 3 faces right" in panel.grid.summary.text()


def test_an_earlier_run_that_was_left_again_is_not_shown(
    qtbot: QtBot, panel: WatchPanel, results: RunResults, context: AppContext
) -> None:
    panel.show_run(RECORD, [])
    panel.clear()
    qtbot.waitUntil(idle(context))
    assert panel.grid.model.rowCount() == 0
    assert panel._run is None


def test_the_run_that_is_shown_is_not_compared_with_itself(panel: WatchPanel) -> None:
    other = replace(RECORD, id="other", bundle="/lib/models/other.facebundle")

    def offered() -> list[str]:
        model = panel.chart.compare.model
        return [model.item(row).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]

    panel.offer_runs([RECORD, other])
    assert offered() == [RECORD.id, "other"]
    panel.show_run(RECORD, ())
    assert offered() == ["other"]
    panel.clear()
    assert offered() == [RECORD.id, "other"]
    panel.run_ended(Path(other.bundle))
    panel.offer_runs([RECORD, other])
    assert offered() == [RECORD.id]


def test_runs_to_compare_with_are_read_when_they_are_ticked(
    qtbot: QtBot, panel: WatchPanel, context: AppContext
) -> None:
    panel.offer_runs([RECORD])
    item = panel.chart.compare.model.item(0)
    assert "75.0 %" in item.text()
    item.setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(panel.chart.canvas.layers) == 2)


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_the_chart_becomes_a_file(
    qtbot: QtBot,
    panel: WatchPanel,
    context: AppContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "curves"), ""))
    panel.hear((CurvePoint(1, 1, 2.0, 0.5, None, None, 0.1, 0.01),))
    panel.chart._export(kind)
    file = tmp_path / f"curves.{kind}"
    qtbot.waitUntil(lambda: file.exists() and not context.lanes.busy())
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "csv": b"run,batch,epoch"}
    assert file.read_bytes().startswith(begins[kind])


def test_nothing_is_saved_when_the_owner_changes_their_mind(
    panel: WatchPanel, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    panel.chart._export("csv")
    assert not context.lanes.busy()


def test_side_by_side_where_there_is_room(panel: WatchPanel) -> None:
    assert panel.chart.isVisible()
    assert panel.grid.isVisible()
    assert not panel.switch.isVisible()
    panel.resize(400, 400)
    assert panel.chart.isVisible()
    assert not panel.grid.isVisible()
    panel.switch.setCurrentIndex(1)
    assert panel.grid.isVisible()
    assert not panel.chart.isVisible()
