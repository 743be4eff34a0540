"""The webcam view with videos for cameras, and a coach that looks at coloured squares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from facegui.domain.queries import PhotoFilter
from facegui.gui.collect.webcam import WebcamView
from facegui.gui.collect.webcam_map import PoseMap
from facegui.gui.collect.webcam_words import instruction, remark
from facegui.gui.context import AppContext
from facegui.services.collecting import webcam
from facegui.services.collecting.capture import Advice, Verdict
from facegui.services.collecting.pose_map import CELLS, STRAIGHT, Cell, Height, Light, Side
from facegui.services.collecting.webcam import Coaching
from facegui.services.libraries import Library, create_library
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture
from tests.fakes.videos import RED, write_avi

ANN = picture((60, 30, RED))


@pytest.fixture
def context(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppContext]:
    monkeypatch.setattr(webcam, "BURST_S", 0.0)
    context = AppContext(fake_tools(analyser=SquareAnalyser))
    library = create_library(tmp_path / "faces.facegui")
    library.set_limits(replace(library.limits(), min_size_px=16))
    context.set_library(library)
    yield context
    if context.library is not None:
        context.library.close()
    context.tools.close()
    context.deleteLater()


@pytest.fixture
def view(qtbot: QtBot, context: AppContext) -> WebcamView:
    def close(view: WebcamView) -> None:
        view.leave()
        assert view.context.lanes.close(timeout_s=30)

    view = WebcamView(context)
    qtbot.addWidget(view, before_close_func=close)
    view.resize(900, 500)
    view.show()
    return view


@pytest.fixture
def long_video(tmp_path: Path) -> str:
    return str(write_avi(tmp_path / "ann.avi", [ANN] * 600, fps=30))


def opened(view: WebcamView) -> Library:
    library = view.context.library
    assert library is not None
    return library


def start(qtbot: QtBot, view: WebcamView, source: str) -> None:
    view.sources.add(source)
    view.name.setText("Ann")
    view.toggle.click()
    qtbot.waitUntil(lambda: view.strip.count == 1, timeout=30_000)


def stop(qtbot: QtBot, view: WebcamView) -> None:
    view.toggle.click()
    qtbot.waitUntil(lambda: not view.running, timeout=30_000)


def test_it_wants_a_name_and_a_camera_before_it_starts(view: WebcamView, long_video: str) -> None:
    assert "No camera was found" in view.message.detail.text()
    view.sources.add(long_video)
    assert "press Start" in view.message.detail.text()
    assert not view.running  # choosing is not starting here
    assert not view.toggle.isEnabled()
    view.name.setText("  ")
    assert not view.toggle.isEnabled()
    view.name.setText("Ann")
    assert view.toggle.isEnabled()


def test_it_takes_by_itself_and_asks_for_more(
    qtbot: QtBot, view: WebcamView, long_video: str
) -> None:
    start(qtbot, view, long_video)
    qtbot.waitUntil(lambda: view.progress.value() == 1)
    assert "Straight again" in view.instruction.text()
    qtbot.waitUntil(lambda: "there already" in view.remark.text())
    assert view.strip.count == 1  # near-copies are refused
    [face] = view.view.faces
    assert view.view.placement().mirrored
    assert face.box.x1 == pytest.approx(60, abs=1)
    assert not view.name.isEnabled()
    stop(qtbot, view)


def test_stopping_puts_the_photos_into_the_library_unmirrored_and_asks_for_a_scan(
    qtbot: QtBot, view: WebcamView, long_video: str
) -> None:
    from facegui.imaging.decode import decode

    start(qtbot, view, long_video)
    with qtbot.waitSignal(view.context.scan_requested):
        stop(qtbot, view)
    library = opened(view)
    [photo] = library.photos(library.photo_ids(PhotoFilter()))
    assert photo.person_hint == "Ann"
    assert decode(photo.path).image[40, 70, 0] > 150  # red where the camera saw it
    assert "1 photo" in view.message.title.text()
    assert view.toggle.text() == "Start"
    assert all(button.isHidden() for button in view.strip.findChildren(QToolButton))


def test_a_photo_can_be_thrown_away_and_lacks_again(
    qtbot: QtBot, view: WebcamView, long_video: str
) -> None:
    start(qtbot, view, long_video)
    [(photo, tile)] = view.strip._tiles.values()
    tile.findChild(QToolButton).click()
    qtbot.waitUntil(lambda: not photo.file.exists(), timeout=30_000)
    qtbot.waitUntil(lambda: id(photo) not in view.strip._tiles, timeout=30_000)
    qtbot.waitUntil(lambda: view.strip.count == 1, timeout=30_000)  # taken anew
    stop(qtbot, view)
    assert len(opened(view).photo_ids(PhotoFilter())) == 1


def test_leaving_the_page_turns_the_camera_off(
    qtbot: QtBot, view: WebcamView, long_video: str
) -> None:
    start(qtbot, view, long_video)
    view.leave()
    qtbot.waitUntil(lambda: not view.running, timeout=30_000)
    assert len(opened(view).photo_ids(PhotoFilter())) == 1


def test_a_camera_that_is_not_there_is_told_and_can_be_stopped(
    qtbot: QtBot, view: WebcamView, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"nothing")
    view.sources.add(str(broken))
    view.name.setText("Ann")
    view.name.setFocus()
    qtbot.keyClick(view.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "broken.avi" in view.message.title.text(), timeout=30_000)
    stop(qtbot, view)
    assert len(opened(view).photo_ids(PhotoFilter())) == 0


def test_names_of_the_library_are_completed(
    qtbot: QtBot, view: WebcamView, context: AppContext
) -> None:
    opened(view).add_person("Ruth")
    view.activate()
    qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=30_000)
    assert view._names.stringList() == ["Ruth"]


def test_no_library_no_start(view: WebcamView, long_video: str) -> None:
    view.sources.add(long_video)
    view.name.setText("Ann")
    opened(view).close()
    view.context.set_library(None)
    assert not view.toggle.isEnabled()


class TestWords:
    def test_each_place_and_light_has_words_of_its_own(self) -> None:
        asked = [Advice(cell) for cell in CELLS]
        asked += [Advice(STRAIGHT, nth=n) for n in range(1, STRAIGHT.wanted)]
        asked += [Advice(None, light=light) for light in Light] + [Advice(None)]
        texts = [instruction(advice, Verdict.TAKE) for advice in asked]
        assert all(texts)
        assert len(set(texts)) == len(texts)

    def test_left_is_the_persons_own(self) -> None:
        for side, height in product(Side, Height):
            text = instruction(Advice(Cell(side, height)), Verdict.TAKE)
            assert ("your left" in text) is (side is Side.LEFT)
            assert ("your right" in text) is (side is Side.RIGHT)

    def test_what_is_wrong_now_comes_before_any_pose(self) -> None:
        assert instruction(Advice(STRAIGHT), Verdict.SEVERAL) == remark(Verdict.SEVERAL)
        assert instruction(Advice(STRAIGHT), Verdict.BLURRED) != remark(Verdict.BLURRED)

    def test_every_refusal_has_a_reason_but_what_is_there(self) -> None:
        silent = {verdict for verdict in Verdict if not remark(verdict)}
        assert silent == {Verdict.TAKE, Verdict.HAVE_IT}


class TestMap:
    def test_it_is_a_mirror_and_fills(self, qtbot: QtBot) -> None:
        shown = PoseMap()
        qtbot.addWidget(shown)
        left = Cell(Side.LEFT, Height.UP)
        right = Cell(Side.RIGHT, Height.UP)
        assert shown.rect_of(left).left() < shown.rect_of(right).left()
        assert shown.rect_of(left).top() < shown.rect_of(STRAIGHT).top()
        empty = shown.grab().toImage()
        counts = {(left, Light.FIRST): 1}
        shown.show_coaching(Coaching(None, Advice(None), Verdict.TAKE, None, counts, 1))
        filled = shown.grab().toImage()
        place = shown.rect_of(left)
        first = (round(place.left() + 12), round(place.center().y()))
        other = (round(place.right() - 12), round(place.center().y()))
        assert filled.pixelColor(*first) != empty.pixelColor(*first)
        assert filled.pixelColor(*other) == empty.pixelColor(*other)
        assert "1 of 24" in shown.accessibleDescription()
