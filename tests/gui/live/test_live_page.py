"""The live page with real videos and streams and a stand-in for the face models."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from facegui.collect import camera
from facegui.collect.camera import Camera
from facegui.domain.errors import ModelUnavailable
from facegui.gui.context import AppContext
from facegui.gui.live import sources
from facegui.gui.live.page import LivePage
from facegui.gui.settings import AppSettings
from facegui.services.recognising import live_source
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import NoModels, fake_tools
from tests.fakes.videos import GREEN, RED, mjpeg_server, write_avi
from tests.gui.live.conftest import GROUP, close

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


def use_model(qtbot: QtBot, page: LivePage, tmp_path: Path) -> None:
    with qtbot.waitSignal(page.models.changed):
        page.models.open_bundle(write_colour_bundle(tmp_path / "people.facebundle", PEOPLE))


def names(page: LivePage) -> list[str | None]:
    faces = sorted(page.view.faces, key=lambda face: face.box.x1)
    return [face.identity.name if face.identity else "?" for face in faces]


def test_before_it_starts_the_page_says_what_to_do(page: LivePage) -> None:
    assert page.message.isVisible()
    assert page.source_bar.toggle.text() == "Start"
    has_source = bool(page.sources.source)
    assert page.source_bar.toggle.isEnabled() is has_source
    assert ("Press Start" if has_source else "No camera") in page.message.detail.text()


def test_a_video_plays_with_names_and_unknown_faces(
    qtbot: QtBot, page: LivePage, tmp_path: Path, long_video: str
) -> None:
    use_model(qtbot, page, tmp_path)
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: names(page) == ["Ruth", None])
    assert page.message.isHidden()
    assert page.source_bar.toggle.text() == "Stop"
    qtbot.waitUntil(lambda: "2 faces" in page.picture_bar.figures.toolTip())
    assert "frames/s" in page.picture_bar.figures.toolTip()
    assert "ms behind" in page.picture_bar.figures.toolTip()


def test_a_click_on_a_face_tells_of_it_with_its_frame(
    qtbot: QtBot, page: LivePage, tmp_path: Path, long_video: str
) -> None:
    use_model(qtbot, page, tmp_path)
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: names(page) == ["Ruth", None])
    blue = max(page.view.faces, key=lambda face: face.box.x1)
    place = page.view.placement().rect(blue.box).center().toPoint()
    with qtbot.waitSignal(page.face_clicked) as clicked:
        qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=place)
    [face] = clicked.args
    assert face.box.x1 == blue.box.x1
    assert face.identity is not None
    assert face.identity.name is None
    assert face.source == "long.avi"
    x, y = (round(value) for value in face.box.centre)
    assert face.image[y, x, 2] > 150  # the blue one, in the frame that was clicked


def test_without_a_model_there_are_boxes_only(
    qtbot: QtBot, page: LivePage, long_video: str
) -> None:
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: names(page) == ["?", "?"])


def test_another_model_takes_over_while_it_plays(
    qtbot: QtBot, page: LivePage, tmp_path: Path, long_video: str
) -> None:
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: names(page) == ["?", "?"])
    use_model(qtbot, page, tmp_path)
    qtbot.waitUntil(lambda: names(page) == ["Ruth", None])


def test_stop_gives_the_source_back_and_start_begins_again(
    qtbot: QtBot, page: LivePage, long_video: str
) -> None:
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: len(page.view.faces) == 2)
    page.source_bar.toggle.click()
    qtbot.waitUntil(lambda: not page.running)
    assert page.source_bar.toggle.text() == "Start"
    assert page.picture_bar.figures.text() == ""
    assert page.view.faces == ()
    page.source_bar.toggle.click()
    qtbot.waitUntil(lambda: len(page.view.faces) == 2)


def test_the_end_of_a_video_is_told_and_it_can_be_played_again(
    qtbot: QtBot, page: LivePage, tmp_path: Path
) -> None:
    page.sources.add(str(write_avi(tmp_path / "short.avi", [GROUP] * 5, fps=30)))
    qtbot.waitUntil(lambda: not page.running)
    assert page.message.title.text() == "short.avi has ended."
    assert page.message.button.text() == "Replay"
    assert len(page.view.faces) == 2  # the last picture stays, dimmed
    qtbot.mouseClick(page.message.button, Qt.MouseButton.LeftButton)
    assert page.running
    qtbot.waitUntil(lambda: not page.running)


def test_an_absent_camera_is_told_and_tried_again(
    qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.sources.add("97")
    qtbot.waitUntil(lambda: "does not answer" in page.message.title.text())
    assert page.message.isVisible()
    assert "plugged in" in page.message.detail.text()
    assert page.message.button.text() == "Retry now"
    assert page.message.countdown.isVisible()
    assert page.running  # it goes on trying by itself


def test_a_stream_that_drops_is_told_and_comes_back(
    qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_source, "FIRST_RETRY_S", 0.05)
    with mjpeg_server(GROUP) as server:
        page.sources.add(server.url)
        qtbot.waitUntil(lambda: len(page.view.faces) == 2)
        server.dropping.set()
        qtbot.waitUntil(lambda: page.message.isVisible() and bool(page.message.button.text()))
        server.dropping.clear()
        qtbot.waitUntil(page.message.isHidden)
        page.stop()
        qtbot.waitUntil(lambda: not page.running)


def test_a_stream_that_stalls_is_told_and_goes_on(
    qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "STALLED_S", 0.3)
    with mjpeg_server(GROUP) as server:
        page.sources.add(server.url)
        qtbot.waitUntil(lambda: len(page.view.faces) == 2)
        server.stalled.set()
        qtbot.waitUntil(lambda: "no pictures" in page.message.title.text())
        assert page.message.countdown.isHidden()
        server.stalled.clear()
        qtbot.waitUntil(page.message.isHidden)
        page.stop()
        qtbot.waitUntil(lambda: not page.running)


def test_retry_now_does_not_wait_for_the_countdown(
    qtbot: QtBot, page: LivePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_source, "FIRST_RETRY_S", 3600.0)
    monkeypatch.setattr(live_source, "LONGEST_RETRY_S", 3600.0)
    path = tmp_path / "late.avi"
    path.write_bytes(b"not a video yet")
    page.sources.add(str(path))
    qtbot.waitUntil(lambda: page.message.button.text() == "Retry now")
    write_avi(path, [GROUP] * 200)
    page.message.button.click()
    qtbot.waitUntil(lambda: len(page.view.faces) == 2)


def test_mirror_is_a_matter_of_the_view_only(qtbot: QtBot, page: LivePage, long_video: str) -> None:
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: len(page.view.faces) == 2)
    before = page.view.placement().rect(page.view.faces[0].box)
    page.picture_bar.mirror.click()
    after = page.view.placement().rect(page.view.faces[0].box)
    assert after.center().x() == pytest.approx(page.view.width() - before.center().x(), abs=2)


def test_a_model_that_cannot_be_fetched_is_told_in_the_view(qtbot: QtBot) -> None:
    class Nothing(NoModels):
        def path(self, name: str, control: object = None) -> Path:
            raise ModelUnavailable("YuNet is not here.", "Put it into the folder.")

    context = AppContext(fake_tools(models=Nothing()))
    page = LivePage(context)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(context.lanes.task_failed):
        page.sources.add("97")
    qtbot.waitUntil(lambda: not page.running)
    assert page.message.title.text() == "YuNet is not here."
    assert page.message.button.text() == "Retry"
    close(page)


def test_a_dropped_video_is_played_and_other_things_are_imported(
    qtbot: QtBot, page: LivePage, long_video: str, tmp_path: Path
) -> None:
    assert not page.drop([tmp_path])
    assert not page.drop([tmp_path / "photo.jpg"])
    assert not page.running
    assert page.drop([Path(long_video)])
    assert page.running


def test_closing_while_it_plays_ends_in_time(
    qtbot: QtBot, page: LivePage, context: AppContext, long_video: str
) -> None:
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: len(page.view.faces) == 2)
    page.leave()
    assert context.lanes.close(timeout_s=3.0)


class TestSources:
    def labels(self, page: LivePage) -> list[str]:
        return [page.sources.itemText(n) for n in range(page.sources.count())]

    def refresh(
        self, qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch, *cameras: Camera
    ) -> None:
        monkeypatch.setattr(sources, "list_cameras", lambda: cameras)
        page.activate()
        qtbot.waitUntil(lambda: not page.context.lanes.busy())

    def test_cameras_are_found_and_the_first_is_chosen(
        self, qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = (Camera("0", "Built-in"), Camera("2", "On the door"))
        self.refresh(qtbot, page, monkeypatch, *found)
        assert self.labels(page)[:2] == ["Built-in", "On the door"]
        assert page.sources.source == "0"
        assert not page.running

    def test_no_camera_is_said_and_start_asks_for_nothing(
        self, qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.refresh(qtbot, page, monkeypatch)
        assert self.labels(page)[0] == "No camera found"
        page.source_bar.toggle.click()
        assert not page.running

    def test_what_the_owner_added_survives_another_look(
        self, qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch, long_video: str
    ) -> None:
        page.sources.add(long_video)
        monkeypatch.setattr(sources, "list_cameras", lambda: (Camera("0", "Built-in"),))
        page.activate()
        qtbot.waitUntil(lambda: "Built-in" in self.labels(page))
        assert page.sources.source == long_video
        assert page.sources.currentText() == "long.avi"

    def test_a_file_and_an_address_are_asked_for(
        self, page: LivePage, monkeypatch: pytest.MonkeyPatch, long_video: str
    ) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (long_video, ""))
        page.sources._activated(page.sources.findText("Video file…"))
        assert page.sources.source == long_video
        address = " rtsp://me:secret@10.0.0.7/door "
        monkeypatch.setattr(QInputDialog, "getText", lambda *_: (address, True))
        page.sources._activated(page.sources.findText("Stream address…"))
        assert page.sources.source == address.strip()
        assert page.sources.currentText() == "rtsp://10.0.0.7/door"

    def test_asking_and_not_answering_changes_nothing(
        self, page: LivePage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
        page.sources._activated(page.sources.findText("Video file…"))
        assert page.sources.source == ""
        assert not page.running


class TestCameraSize:
    def camera(self, qtbot: QtBot, page: LivePage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sources, "list_cameras", lambda: (Camera("0", "Built-in"),))
        page.activate()
        qtbot.waitUntil(lambda: page.sources.source == "0")

    def choose(self, page: LivePage, text: str) -> None:
        sizes = page.source_bar.sizes
        sizes.setCurrentIndex(sizes.findText(text))
        sizes.activated.emit(sizes.currentIndex())

    def test_a_size_is_asked_of_cameras_and_remembered(
        self,
        qtbot: QtBot,
        page: LivePage,
        settings: AppSettings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.camera(qtbot, page, monkeypatch)
        assert page.source_bar.source == "0"
        self.choose(page, "1280 × 720")
        assert page.source_bar.source == "0@1280x720"
        assert settings.live_size == (1280, 720)
        self.choose(page, "Camera's own size")
        assert (page.source_bar.source, settings.live_size) == ("0", None)

    def test_a_file_has_the_size_it_has(self, page: LivePage, long_video: str) -> None:
        page.sources.add(long_video)
        assert not page.source_bar.sizes.isEnabled()
        assert page.source_bar.source == long_video


def test_mirror_and_size_are_as_they_were_left(
    qtbot: QtBot, page: LivePage, context: AppContext, settings: AppSettings
) -> None:
    page.picture_bar.mirror.click()
    settings.live_size = (640, 480)
    again = LivePage(context, settings=settings)
    qtbot.addWidget(again)
    assert again.picture_bar.mirror.isChecked()
    assert again.view.placement().mirrored
    assert again.source_bar.sizes.currentText() == "640 × 480"
