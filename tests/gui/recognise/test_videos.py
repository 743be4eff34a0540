"""A video among the results: who is in it when, and the frame of each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.domain.corrections import Truth, Verdict
from facegui.gui.recognise.page import RecognisePage
from tests.fakes.faces import picture
from tests.fakes.videos import BLUE, GREEN, RED, write_avi


@pytest.fixture
def watched(qtbot: QtBot, asked: RecognisePage, tmp_path: Path) -> RecognisePage:
    """Ruth for two seconds, then Gretel and a stranger."""
    frames = [picture((10 + 2 * n, 40, RED)) for n in range(16)]
    frames += [picture((20, 40, GREEN), (100, 40, BLUE)) for _ in range(16)]
    asked.drop([write_avi(tmp_path / "film.avi", frames, 8.0)])
    qtbot.waitUntil(lambda: not asked.busy and bool(asked.results.photos), timeout=20_000)
    qtbot.waitUntil(lambda: len(asked.body.view.faces) == 1)
    return asked


def test_the_best_frame_of_the_first_face_is_shown(watched: RecognisePage) -> None:
    timeline = watched.body.timeline
    assert timeline.isVisible()
    assert watched.body.side.scores.position.text() == "Face 1 of 3"
    assert timeline.tip(0) == "Ruth 0:00–0:01"
    assert "Ruth 0:00–0:01" in timeline.accessibleDescription()
    assert not timeline.grab().isNull()


def test_keys_go_from_one_appearance_to_the_next(qtbot: QtBot, watched: RecognisePage) -> None:
    qtbot.keyClick(watched, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(watched.body.view.faces) == 2)
    names = [face.identity and face.identity.name for face in watched.body.view.faces]
    assert sorted(names, key=str) == ["Gretel", None]
    first = watched.body.side.scores.name.text()
    qtbot.keyClick(watched, Qt.Key.Key_Right)
    assert {first, watched.body.side.scores.name.text()} == {"Gretel", "Unknown"}
    selected = watched.body.view.selected
    assert selected is not None
    shown = watched.body.view.faces[selected].identity
    assert shown is not None
    assert (shown.name or "Unknown") == watched.body.side.scores.name.text()


def test_a_click_on_a_bar_shows_that_frame_with_its_box(
    qtbot: QtBot, watched: RecognisePage
) -> None:
    timeline = watched.body.timeline
    bar = timeline.bar(0)
    for point, x in ((bar.topLeft(), 10), (bar.topRight(), 10 + 2 * 14)):
        place = point.toPoint()
        place.setY(round(bar.center().y()))
        with qtbot.waitSignal(timeline.moment_chosen):
            qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
        qtbot.waitUntil(
            lambda x=x: [face.box.x1 for face in watched.body.view.faces] == [x]  # type: ignore[misc]
        )
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=timeline.rect().bottomRight())
    assert len(watched.body.view.faces) == 1  # beside all bars: nothing


def test_a_correction_leaves_the_frame_that_is_looked_at(
    qtbot: QtBot, watched: RecognisePage
) -> None:
    (film,) = watched.results.photos
    seen = film.faces[0].appearance
    assert seen is not None
    other = next(moment for moment in seen.moments if moment.time_s != seen.best_s)
    watched.body.timeline.moment_chosen.emit(0, other.time_s)
    qtbot.waitUntil(lambda: [face.box for face in watched.body.view.faces] == [other.box])
    said = replace(film.faces[0], said=Truth(Verdict.IS, "Cid"))
    watched.results.correct([(film, replace(film, faces=(said, *film.faces[1:])))])
    assert watched.body.side.scores.name.text() == "Cid ✓"
    assert watched.body.timeline.tip(0) == "Cid 0:00–0:01"
    qtbot.waitUntil(
        lambda: watched.body.view.faces == [replace(said, box=other.box, landmarks=other.landmarks)]
    )


def test_a_click_on_a_face_of_the_frame_chooses_it(qtbot: QtBot, watched: RecognisePage) -> None:
    qtbot.keyClick(watched, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(watched.body.view.faces) == 2)
    view = watched.body.view
    for number, face in enumerate(view.faces):
        place = view.placement().rect(face.box).center().toPoint()
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        assert view.selected == number
        assert face.identity is not None
        assert watched.body.side.scores.name.text() == (face.identity.name or "Unknown")


def test_a_photo_has_no_timeline(qtbot: QtBot, watched: RecognisePage, tmp_path: Path) -> None:
    from PIL import Image

    Image.fromarray(picture((10, 40, GREEN))).save(tmp_path / "g.png")
    watched.drop([tmp_path / "g.png"])
    qtbot.waitUntil(lambda: len(watched.results.photos) == 2, timeout=20_000)
    watched.body.rows.step(1)
    assert not watched.body.timeline.isVisible()
    watched.body.rows.step(-1)
    assert watched.body.timeline.isVisible()
