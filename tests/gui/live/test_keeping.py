"""What the live page keeps when asked: snapshots, recordings, and who was seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from facegui.gui.live.page import LivePage
from facegui.gui.settings import AppSettings
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.services.recognising.seen_log import FILE_NAME
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.videos import GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the owner says that things should go; asked twice is one time too many."""
    folder = tmp_path / "kept"
    asked: list[object] = []

    def ask(*_: object) -> str:
        asked.append(None)
        assert len(asked) == 1
        return str(folder)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", ask)
    return folder


@pytest.fixture
def playing(qtbot: QtBot, page: LivePage, tmp_path: Path, long_video: str) -> LivePage:
    with qtbot.waitSignal(page.models.changed):
        page.models.open_bundle(write_colour_bundle(tmp_path / "people.facebundle", PEOPLE))
    page.sources.add(long_video)
    qtbot.waitUntil(lambda: any(face.identity for face in page.view.faces))
    return page


def files(folder: Path, ending: str) -> list[Path]:
    return sorted(folder.glob(f"FaceGUI*{ending}")) if folder.is_dir() else []


def test_without_pictures_there_is_nothing_to_save(page: LivePage) -> None:
    assert not page.picture_bar.snapshot.isEnabled()
    assert not page.picture_bar.record.isEnabled()


def test_a_snapshot_has_the_picture_with_its_boxes(
    qtbot: QtBot, playing: LivePage, kept: Path, settings: AppSettings
) -> None:
    with qtbot.waitSignal(playing.context.told) as told:
        qtbot.keyClick(playing, Qt.Key.Key_S)
    [path] = files(kept, ".jpg")
    assert str(path) in told.args[0]
    assert settings.live_folder == kept
    image = decode(path).image
    assert image.shape == (96, 160, 3)
    assert image[52, 32, 0] > 150  # the red one
    assert image[38:42, 20:44].max() > 60  # and a line around it, where all was black


def test_nothing_is_saved_when_the_owner_names_no_folder(
    playing: LivePage, monkeypatch: pytest.MonkeyPatch, settings: AppSettings
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    playing.picture_bar.snapshot.click()
    playing.picture_bar.record.click()
    playing.log.switch.click()
    assert settings.live_folder is None
    assert playing.keeping.recorder is None
    assert not playing.picture_bar.record.isChecked()
    assert not playing.log.switch.isChecked()


def test_a_recording_is_a_video_with_names(qtbot: QtBot, playing: LivePage, kept: Path) -> None:
    qtbot.keyClick(playing, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: playing.picture_bar.record.text() == "Stop recording")
    shown: list[object] = []
    playing.frame_shown.connect(shown.append)
    qtbot.waitUntil(lambda: len(shown) > 5)
    with qtbot.waitSignal(playing.context.told):
        qtbot.keyClick(playing, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: playing.picture_bar.record.text() == "Record")
    [path] = [file for file in kept.iterdir() if file.suffix != ".csv"]
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    there, image = capture.read()
    capture.release()
    assert there
    assert np.asarray(image).shape == (96, 160, 3)


def test_stopping_the_camera_ends_the_recording(
    qtbot: QtBot, playing: LivePage, kept: Path
) -> None:
    playing.picture_bar.record.click()
    playing.stop()
    qtbot.waitUntil(lambda: not playing.running)
    qtbot.waitUntil(lambda: playing.keeping.recorder is None)
    assert not playing.picture_bar.record.isChecked()


def test_a_recording_is_whole_when_the_window_closes_meanwhile(
    qtbot: QtBot, playing: LivePage, kept: Path
) -> None:
    playing.picture_bar.record.click()
    shown: list[object] = []
    playing.frame_shown.connect(shown.append)
    qtbot.waitUntil(lambda: len(shown) > 3)
    playing.leave()
    [path] = list(kept.iterdir())
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    assert capture.read()[0]
    capture.release()


def test_the_log_is_off_until_it_is_turned_on_and_says_what_it_keeps(
    qtbot: QtBot, playing: LivePage, kept: Path
) -> None:
    assert playing.keeping.log is None
    assert not playing.log.switch.isChecked()
    assert "Nothing leaves this machine" in playing.log.what.text()
    playing.tabs.setCurrentWidget(playing.log)
    playing.log.switch.click()
    assert str(kept) in playing.log.what.text()
    qtbot.waitUntil(lambda: playing.log.list.count() == 2)
    visits = {playing.log.list.item(n).text() for n in range(2)}
    assert {visit.partition("\n")[0] for visit in visits} == {"Ruth", "Unknown 1"}
    assert all("now" in visit for visit in visits)
    playing.log.switch.click()
    qtbot.waitUntil((kept / FILE_NAME).is_file)
    assert "Ruth" in (kept / FILE_NAME).read_text()


@pytest.mark.parametrize("sure", [True, False])
def test_the_log_is_deleted_when_the_owner_is_sure(
    qtbot: QtBot, page: LivePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    page._settings.live_folder = tmp_path
    page.log.refresh()
    (tmp_path / FILE_NAME).write_text("person,from,until,picture\n")
    answer = QMessageBox.StandardButton.Yes if sure else QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    page.log.delete.click()
    qtbot.waitUntil(lambda: not page.context.lanes.busy())
    assert (tmp_path / FILE_NAME).exists() is not sure


def test_what_cannot_be_written_is_told(
    qtbot: QtBot, playing: LivePage, tmp_path: Path, settings: AppSettings
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.live_folder = tmp_path / "file"
    with qtbot.waitSignal(playing.context.notice):
        playing.picture_bar.snapshot.click()
    with qtbot.waitSignal(playing.context.notice):
        playing.picture_bar.record.click()
    assert playing.keeping.recorder is None
