"""Lists in and out on a real library: what is shown before, what happens, what is said after."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.gui.collect.manifests import ManifestsView
from facegui.gui.context import AppContext
from facegui.services.exporting.formats import ExportFormat
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.square_library import square_library

WAIT_MS = 60_000


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return square_library(tmp_path)


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=WAIT_MS)


@pytest.fixture
def view(qtbot: QtBot, context: AppContext, library: Library) -> ManifestsView:
    made = ManifestsView(context)
    qtbot.addWidget(made)
    made.resize(900, 520)
    with qtbot.waitExposed(made):
        made.show()
    context.set_library(library)
    made.activate()
    return made


def listing(folder: Path, rows: str) -> Path:
    (folder / "list.csv").write_text(rows, encoding="utf-8")
    return folder / "list.csv"


def shown(view: ManifestsView) -> list[list[str]]:
    table = view.coming.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]  # type: ignore[union-attr]
        for row in range(table.rowCount())
    ]


def test_a_list_is_shown_before_anything_is_imported(
    view: ManifestsView, library: Library, tmp_path: Path, settle: Callable[[], None]
) -> None:
    assert not view.coming.take.isVisible()
    path = listing(tmp_path, "photos/Ann/1.png,Ann,0\ngone.png,Bob,1\n")
    assert view.drop([path])
    settle()
    assert shown(view) == [[str(tmp_path / "photos" / "Ann" / "1.png"), "Ann", "–"]]
    assert view.coming.summary.text() == "list.csv: 1 photo, 1 entry cannot be used."
    problem = view.coming.problems.item(0).text()
    assert problem.startswith("⚠ list.csv, line 2: gone.png cannot be used")
    assert view.coming.take.isVisible()
    assert library.counts().photos == 5


def test_importing_brings_the_photos_in_and_has_them_scanned(
    qtbot: QtBot,
    view: ManifestsView,
    library: Library,
    tmp_path: Path,
    settle: Callable[[], None],
) -> None:
    (tmp_path / "new.png").write_bytes((tmp_path / "photos" / "Ann" / "1.png").read_bytes())
    view.coming.read([listing(tmp_path, "new.png,Zoë,0\nphotos/Ann/1.png,Ann,1\n")])
    settle()
    with qtbot.waitSignal(view.context.scan_requested, timeout=WAIT_MS):
        view.coming.take.click()
    settle()
    assert view.coming.summary.text() == "1 photo came in, 1 was known."
    new = library.photo_by_path(str(tmp_path / "new.png"))
    assert new is not None
    assert new.person_hint == "Zoë"
    assert not view.coming.take.isVisible()


def test_boxes_are_shown_with_their_names(
    view: ManifestsView, tmp_path: Path, settle: Callable[[], None]
) -> None:
    box = {"image_id": 1, "bbox": [1, 1, 20, 20]}
    content = {
        "images": [{"id": 1, "file_name": "photos/Group/both.png"}],
        "categories": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "face"}],
        "annotations": [box | {"category_id": 1}, box | {"category_id": 2}],
    }
    (tmp_path / "faces.json").write_text(json.dumps(content))
    view.coming.read([tmp_path / "faces.json"])
    settle()
    assert shown(view)[0][1:] == ["Ann, nobody", "2"]
    assert view.coming.summary.text() == "faces.json: 1 photo, 2 boxes."


def test_what_is_no_list_is_said_in_the_card(
    view: ManifestsView, tmp_path: Path, settle: Callable[[], None]
) -> None:
    (tmp_path / "x.json").write_text("{}")
    view.coming.read([tmp_path / "x.json"])
    settle()
    assert "neither a COCO nor a labelme file" in view.coming.summary.text()
    assert not view.coming.take.isVisible()


def test_photos_dropped_here_are_imported_as_everywhere(view: ManifestsView) -> None:
    assert not view.drop([Path("a.jpg")])


@pytest.mark.parametrize("known", [f for f in ExportFormat if f is not ExportFormat.CROPS])
def test_each_format_says_what_it_contains_and_is_written(
    view: ManifestsView, tmp_path: Path, settle: Callable[[], None], known: ExportFormat
) -> None:
    card = view.going
    card.choices[known].setChecked(True)
    assert card.format is known
    assert card._contains.text()
    assert card.option.isVisible() is (known in (ExportFormat.FOLDERS, ExportFormat.COCO))
    out = tmp_path / f"out{known.file_suffix or ''}"
    card.export_to(out)
    assert not card.go.isEnabled()
    settle()
    assert out.exists()
    assert f"Written to {out}" in card.result.text()
    assert "6 faces of 5 photos" in card.result.text()
    assert card.go.isEnabled()


def test_training_crops_say_what_they_need(
    view: ManifestsView, tmp_path: Path, settle: Callable[[], None]
) -> None:
    view.going.choices[ExportFormat.CROPS].setChecked(True)
    view.going.export_to(tmp_path / "out")
    settle()
    assert "two different usable pictures" in view.going.result.text()
    assert not (tmp_path / "out").exists()


def test_the_option_cuts_faces_out(
    view: ManifestsView, tmp_path: Path, settle: Callable[[], None]
) -> None:
    view.going.option.setChecked(True)
    view.going.export_to(tmp_path / "out")
    settle()
    assert (tmp_path / "out" / "Ann" / "1.jpg").exists()


def test_a_refusal_is_said_in_the_card(
    view: ManifestsView, tmp_path: Path, settle: Callable[[], None]
) -> None:
    view.going.export_to(tmp_path / "photos")
    settle()
    assert "is not empty" in view.going.result.text()


def test_the_button_asks_where_to(
    view: ManifestsView,
    tmp_path: Path,
    settle: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(tmp_path / "mine"), "")
    )
    view.going.choices[ExportFormat.CSV].setChecked(True)
    view.going.go.click()
    settle()
    assert (tmp_path / "mine.csv").exists()


def test_another_library_forgets_the_list(
    view: ManifestsView, context: AppContext, tmp_path: Path, settle: Callable[[], None]
) -> None:
    view.coming.read([listing(tmp_path, "photos/Ann/1.png,Ann\n")])
    settle()
    context.set_library(None)
    assert not view.coming.take.isVisible()
    assert shown(view) == []
