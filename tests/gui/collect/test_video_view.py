"""The video view with real files, coloured squares for faces, and a real library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.domain.queries import PhotoFilter
from facegui.gui.collect.video import VideoView
from facegui.gui.collect.video_rows import minutes
from facegui.gui.context import AppContext
from facegui.services.libraries import Library, create_library
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture
from tests.fakes.videos import BLUE, GREEN, RED, write_avi


@pytest.fixture
def context(qapp: object, tmp_path: Path) -> Iterator[AppContext]:
    context = AppContext(fake_tools(analyser=SquareAnalyser))
    library = create_library(tmp_path / "faces.facegui")
    library.set_limits(replace(library.limits(), min_sharpness=0.0, min_size_px=16))
    context.set_library(library)
    yield context
    library.close()
    context.tools.close()
    context.deleteLater()


@pytest.fixture
def view(qtbot: QtBot, context: AppContext) -> VideoView:
    def close(view: VideoView) -> None:
        view.leave()
        assert view.context.lanes.close(timeout_s=30)

    view = VideoView(context)
    qtbot.addWidget(view, before_close_func=close)
    view.resize(900, 500)
    view.show()
    view.activate()
    return view


@pytest.fixture
def party(tmp_path: Path) -> Path:
    """Red and blue together; red again after a while away."""
    both = [picture((20, 40, RED), (100, 40, BLUE))] * 4
    alone = [picture((100, 40, BLUE))] * 6
    return write_avi(tmp_path / "party.avi", both + alone + both, fps=4)


def look(qtbot: QtBot, view: VideoView, path: Path) -> None:
    view.look_through(path)
    qtbot.waitUntil(lambda: not view.busy, timeout=60_000)


def opened(view: VideoView) -> Library:
    library = view.context.library
    assert library is not None
    return library


def test_empty_it_says_what_to_do_and_has_the_button(
    view: VideoView, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: asked.append(1) or ("", ""))
    assert view.message.isVisible()
    view.message.button.click()
    assert asked == [1]
    assert view.take_them.isHidden()
    assert not view.busy


def test_everybody_has_a_row(qtbot: QtBot, view: VideoView, party: Path) -> None:
    look(qtbot, view, party)
    assert [row.track.number for row in view.rows] == [1, 2, 3]
    assert view.message.isHidden()
    assert view.summary.text().startswith("3 of 3 ticked")
    assert view.take_them.isEnabled()


def test_a_name_goes_to_all_rows_of_the_same_person_unless_the_owner_says_otherwise(
    qtbot: QtBot, view: VideoView, party: Path
) -> None:
    look(qtbot, view, party)
    first, other, again = view.rows
    qtbot.keyClicks(first.name, "Ruth")
    assert [row.given_name() for row in view.rows] == ["Ruth", None, "Ruth"]
    again.name.clear()
    qtbot.keyClicks(again.name, "Rose")
    qtbot.keyClicks(first.name, "!")
    assert [row.given_name() for row in view.rows] == ["Ruth!", None, "Rose"]
    assert other.given_name() is None


def test_what_is_ticked_is_taken_with_its_names_and_scanned(
    qtbot: QtBot, view: VideoView, party: Path
) -> None:
    look(qtbot, view, party)
    qtbot.keyClicks(view.rows[0].name, "Ruth")
    view.rows[1].wanted.setChecked(False)
    assert view.summary.text().startswith("2 of 3 ticked")
    with qtbot.waitSignals([view.context.rows_changed, view.context.scan_requested]):
        view.take_them.click()
    qtbot.waitUntil(lambda: not view.busy)
    library = opened(view)
    photos = library.photos(library.photo_ids(PhotoFilter()))
    assert {photo.person_hint for photo in photos} == {"Ruth"}
    assert view.rows == []
    assert "taken" in view.message.title.text()


def test_nothing_ticked_nothing_to_take(qtbot: QtBot, view: VideoView, party: Path) -> None:
    look(qtbot, view, party)
    for row in view.rows:
        row.wanted.setChecked(False)
    assert not view.take_them.isEnabled()


def test_a_file_that_is_no_video_is_told_in_the_view(
    qtbot: QtBot, view: VideoView, tmp_path: Path
) -> None:
    (tmp_path / "notes.avi").write_text("hello")
    look(qtbot, view, tmp_path / "notes.avi")
    assert "notes.avi" in view.message.title.text()
    assert view.message.isVisible()
    assert view.message.button.isVisible()


def test_a_video_without_faces_is_told(qtbot: QtBot, view: VideoView, tmp_path: Path) -> None:
    look(qtbot, view, write_avi(tmp_path / "dark.avi", [picture()] * 8, fps=4))
    assert "No usable face" in view.message.title.text()


def test_stop_keeps_what_has_been_found(qtbot: QtBot, view: VideoView, tmp_path: Path) -> None:
    path = write_avi(tmp_path / "long.avi", [picture((20, 40, RED))] * 6000, fps=4)
    view.look_through(path)
    qtbot.waitUntil(lambda: len(view.rows) == 1, timeout=60_000)
    assert not view.take_them.isEnabled()  # not before it is known what there is
    view.stop.click()
    qtbot.waitUntil(lambda: not view.busy, timeout=60_000)
    assert "stopped at" in view.summary.text()
    assert view.take_them.isEnabled()


def test_a_dropped_video_is_looked_through_and_other_things_are_imported(
    qtbot: QtBot, view: VideoView, party: Path, tmp_path: Path
) -> None:
    assert not view.drop([tmp_path])
    assert not view.drop([tmp_path / "photo.jpg"])
    assert view.drop([party])
    assert not view.drop([party])  # one at a time
    qtbot.waitUntil(lambda: not view.busy, timeout=60_000)


def test_another_video_and_another_library_clear_the_rows(
    qtbot: QtBot, view: VideoView, party: Path, tmp_path: Path
) -> None:
    look(qtbot, view, party)
    look(qtbot, view, write_avi(tmp_path / "b.avi", [picture((20, 40, GREEN))] * 8, fps=4))
    assert len(view.rows) == 1
    view.context.set_library(None)
    assert view.rows == []
    assert view.message.isVisible()
    assert not view.choose.isEnabled()


@pytest.mark.parametrize(("seconds", "shown"), [(0.9, "0:00"), (62.3, "1:02"), (3661.0, "1:01:01")])
def test_times_are_shown_as_players_do(seconds: float, shown: str) -> None:
    assert minutes(seconds) == shown
