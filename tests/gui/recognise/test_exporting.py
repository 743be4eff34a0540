"""Results taken out of the window: tables, documents, copies with names, folders by person."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.gui.overlay import KNOWN_COLOUR
from facegui.gui.recognise.drawing import with_names
from facegui.gui.recognise.exporting import _tell_sorted
from facegui.gui.recognise.page import RecognisePage
from facegui.services.recognising.results import Kind
from facegui.services.recognising.sorting import SortReport
from tests.fakes.faces import picture
from tests.fakes.recognised import face
from tests.fakes.videos import BLUE, GREEN, RED


@pytest.fixture
def results(qtbot: QtBot, asked: RecognisePage, tmp_path: Path) -> RecognisePage:
    album = tmp_path / "album"
    album.mkdir()
    for name, faces in (
        ("both", [(10, 40, RED), (60, 40, GREEN)]),
        ("ruth", [(10, 40, RED)]),
        ("stranger", [(10, 40, BLUE)]),
        ("sky", []),
    ):
        Image.fromarray(picture(*faces)).save(album / f"{name}.png")
    asked.drop([album])
    qtbot.waitUntil(lambda: len(asked.results.photos) == 4, timeout=20_000)
    qtbot.waitUntil(lambda: not asked.busy)
    return asked


def tree(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def names(results: RecognisePage) -> list[str]:
    return [Path(photo.path).stem for photo in results.to_export()[0]]


def test_it_is_about_what_is_marked_else_about_what_is_listed(results: RecognisePage) -> None:
    menu = results.export
    assert names(results) == ["both", "ruth", "sky", "stranger"]
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "All 4 files that are listed"
    results.body.filters.chips[Kind.KNOWN].click()
    assert names(results) == ["both", "ruth"]
    results.body.rows.selectAll()
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "2 selected files"
    results.body.filters.search.setText("nothing")
    results.body.filters._tell()
    menu.aboutToShow.emit()
    assert not menu.actions_by_name["csv"].isEnabled()
    assert results.body.none_listed.isVisible()
    results.body.none_listed.show_all.click()
    assert len(names(results)) == 4


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_is_written(
    qtbot: QtBot,
    results: RecognisePage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    out = tmp_path / "who"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    with qtbot.waitSignal(results.context.told) as told:
        results.export.actions_by_name[kind].trigger()
    written = out.with_suffix(f".{kind}")
    assert told.args == [f"4 files written to {written}."]
    text = written.read_text("utf-8")
    assert len(json.loads(text)) == 4 if kind == "json" else text.count("\n") == 6


def test_sorting_into_folders_says_what_was_done(
    qtbot: QtBot, results: RecognisePage, tmp_path: Path
) -> None:
    out = tmp_path / "sorted"
    dialog = results.export.sort()
    assert not dialog.go.isEnabled()
    dialog.folder.setText(str(out))
    assert dialog.go.isEnabled()
    dialog.go.click()
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=20_000)
    assert tree(out) == [
        *("Gretel/both.png", "No face/sky.png", "Ruth/both.png", "Ruth/ruth.png"),
        "Unknown/stranger.png",
    ]
    assert "5 copies made." in dialog.outcome.text()
    assert "Ruth: 2" in dialog.outcome.text()
    assert dialog.show_folder.isVisible()
    dialog.go.click()
    qtbot.waitUntil(lambda: "were there already" in dialog.outcome.text(), timeout=20_000)
    dialog.accept()


def test_a_place_that_cannot_be_written_is_told_in_the_dialog(
    qtbot: QtBot, results: RecognisePage, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    dialog = results.export.sort()
    dialog.folder.setText(str(tmp_path / "file"))
    dialog.go.click()
    qtbot.waitUntil(lambda: "could not be written" in dialog.outcome.text(), timeout=20_000)
    assert not dialog.show_folder.isVisible()
    dialog.accept()


def test_copies_with_names_drawn_in(qtbot: QtBot, results: RecognisePage, tmp_path: Path) -> None:
    out = tmp_path / "named"
    dialog = results.export.annotate()
    dialog.folder.setText(str(out))
    dialog.go.click()
    qtbot.waitUntil(lambda: "4 pictures written." in dialog.outcome.text(), timeout=20_000)
    assert tree(out) == ["both.jpg", "ruth.jpg", "sky.jpg", "stranger.jpg"]
    dialog.accept()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("width", [161, 2400])
def test_a_box_is_drawn_where_the_face_is(width: int) -> None:
    image = np.zeros((width * 2 // 3, width, 3), np.uint8)
    one = face("Ann", x=60)
    drawn = with_names(image, [one])
    assert drawn.shape == image.shape
    assert not image.any()  # a copy
    edge = drawn[round(one.box.y1) - 2 : round(one.box.y1) + 3, round(one.box.centre[0])]
    colour = np.array([KNOWN_COLOUR.red(), KNOWN_COLOUR.green(), KNOWN_COLOUR.blue()])
    assert np.abs(edge.astype(int) - colour).sum(axis=1).min() < 60


def test_the_lines_of_a_sorting_add_up() -> None:
    people = {f"Person {n}": 10 - n for n in range(10)}
    copied = Counter(people | {"No face": 1, "Unknown": 20, "Nobody new": 0})
    told = _tell_sorted(SortReport(Path("out"), copied, 0, (), stopped=False)).splitlines()
    assert told[0] == "76 copies made."
    assert told[1] == "Person 0: 10"
    assert told[-3:] == ["2 more folders: 3", "Unknown: 20", "No face: 1"]
    assert sum(int(line.rpartition(" ")[2]) for line in told[1:]) == 76
