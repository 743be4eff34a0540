"""The recognise page with real files, a real bundle and a stand-in for the face models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from facegui.domain.entities import RgbImage
from facegui.gui.context import AppContext
from facegui.gui.recognise.page import RecognisePage
from facegui.gui.recognise.results import SUMMARY_ROLE
from facegui.services.libraries import Library
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools, picture
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import BLUE, GREEN, RED

PEOPLE = {"Ruth": RED, "Gretel": GREEN}
GROUP = picture((10, 40, RED), (60, 40, BLUE), (110, 40, GREEN))


def close(page: RecognisePage) -> None:
    """As the window does it."""
    page.leave()
    assert page.context.lanes.close(timeout_s=30)


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: object) -> Iterator[None]:
    """What a test copies has to go before Python does: Qt frees it later, and would crash."""
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def context(qapp: object) -> Iterator[AppContext]:
    context = AppContext(fake_tools())
    yield context
    context.tools.close()
    context.deleteLater()


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> RecognisePage:
    """Without a model."""
    page = RecognisePage(context)
    qtbot.addWidget(page, before_close_func=close)
    page.resize(1000, 650)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: not context.lanes.busy())
    return page


@pytest.fixture
def page(qtbot: QtBot, empty_page: RecognisePage, tmp_path: Path) -> RecognisePage:
    """With a model that knows Ruth and Gretel."""
    with qtbot.waitSignal(empty_page.body.models.changed):
        bundle = write_colour_bundle(tmp_path / "people.facebundle", PEOPLE)
        empty_page.body.models.open_bundle(bundle)
    return empty_page


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three photos and a damaged one."""
    folder = tmp_path / "album"
    folder.mkdir()
    save(folder / "1 group.png", GROUP)
    save(folder / "2 ruth.png", picture((10, 40, RED)))
    (folder / "3 broken.jpg").write_bytes(b"\xff\xd8 cut")
    save(folder / "4 sky.png", picture())
    return folder


def save(path: Path, image: RgbImage) -> Path:
    Image.fromarray(image).save(path)
    return path


def recognise(qtbot: QtBot, page: RecognisePage, *paths: Path) -> None:
    assert page.drop(list(paths))
    qtbot.waitUntil(lambda: not page.busy)
    qtbot.waitUntil(lambda: not page.context.lanes.busy())


def rows(page: RecognisePage) -> list[tuple[str, str]]:
    model = page.results
    return [
        (str(model.index(row).data()), str(model.index(row).data(SUMMARY_ROLE)))
        for row in range(model.rowCount())
    ]


def test_without_a_model_the_page_leads_to_training(
    qtbot: QtBot, empty_page: RecognisePage, album: Path
) -> None:
    train = empty_page.body.no_model.buttons[0]
    assert empty_page.body.no_model.isVisible()
    assert train.isHidden()  # nothing to train on without a library
    empty_page.context.library = cast("Library", FakeLibrary(album))
    empty_page.context.library_changed.emit(empty_page.context.library)
    assert train.isVisible()
    with qtbot.waitSignal(empty_page.context.page_requested) as asked:
        train.click()
    assert asked.args == ["train"]
    with qtbot.waitSignal(empty_page.context.notice) as told:
        assert empty_page.drop([album])
    assert "no model" in told.args[0]


def test_a_bundle_file_can_be_opened_instead(
    qtbot: QtBot,
    empty_page: RecognisePage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = write_colour_bundle(tmp_path / "people.facebundle", PEOPLE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bundle), ""))
    with qtbot.waitSignal(empty_page.body.models.changed):
        empty_page.body.no_model.buttons[1].click()
    assert empty_page.body.no_photo.isVisible()
    models = empty_page.body.models
    assert "people.facebundle" in models.chooser.currentText()
    assert "2 people" in models.chooser.currentText()
    assert models.people.text() == "Gretel, Ruth"


def test_everybody_in_a_dropped_photo_is_named(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album / "1 group.png")
    assert rows(page) == [("1 group.png", "Ruth, Gretel, 1 unknown")]
    assert [face.identity and face.identity.name for face in page.body.view.faces] == [
        "Ruth",
        None,
        "Gretel",
    ]
    assert page.body.view.isVisible()


def test_a_dropped_folder_becomes_a_list_with_its_bad_files(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album)
    found = dict(rows(page))
    assert found["2 ruth.png"] == "Ruth"
    assert found["4 sky.png"] == "No face found"
    assert "damaged" in found["3 broken.jpg"] or "header" in found["3 broken.jpg"]


def test_the_model_behind_the_list_is_sound(qtbot: QtBot, page: RecognisePage, album: Path) -> None:
    tester = QAbstractItemModelTester(
        page.results, QAbstractItemModelTester.FailureReportingMode.Warning
    )
    recognise(qtbot, page, album)
    recognise(qtbot, page, album / "2 ruth.png")
    page.clear()
    assert tester.model() is page.results


def test_a_bar_for_every_person_and_the_reason_in_words(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album / "1 group.png")
    scores = page.body.side.scores
    assert scores.name.text() == "Ruth"
    assert scores.position.text() == "Face 1 of 3"
    assert [name for name, _ in scores.bars.rows] == ["Ruth", "Gretel"]
    assert sum(p for _, p in scores.bars.rows) == pytest.approx(1)
    assert "needs 0.95" in scores.verdict.text()
    qtbot.keyClick(page, Qt.Key.Key_Right)
    assert scores.name.text() == "Unknown"
    assert "is below the 0.95" in scores.verdict.text()
    assert scores.bars.rows[0][0] in scores.verdict.text()
    assert not scores.bars.grab().isNull()


def test_faces_are_chosen_with_keys_arrows_and_a_click(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album / "1 group.png")
    view, scores = page.body.view, page.body.side.scores
    assert view.selected == 0
    qtbot.keyClick(page, Qt.Key.Key_Left)  # round to the last
    assert (view.selected, scores.name.text()) == (2, "Gretel")
    scores.forth.click()
    assert view.selected == 0
    middle = view.placement().rect(view.faces[1].box).center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle)
    assert (view.selected, scores.name.text()) == (1, "Unknown")


def test_photos_are_stepped_through_with_keys(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album)
    order = []
    for key in (Qt.Key.Key_D, Qt.Key.Key_Down, Qt.Key.Key_D, Qt.Key.Key_D, Qt.Key.Key_A):
        qtbot.keyClick(page, key)
        order.append(page.body.rows.currentIndex().row())
    assert order == [1, 2, 3, 3, 2]
    assert page.body.message.isVisible()
    assert page.body.message.title.text() == "3 broken.jpg"
    assert page.body.view.faces == ()
    qtbot.keyClick(page, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: len(page.body.view.faces) == 1)
    assert page.body.message.isHidden()
    assert page.body.side.scores.position.text() == "One face"


def test_a_photo_without_faces_shows_the_photo_and_no_scores(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album / "1 group.png", album / "4 sky.png")
    qtbot.keyClick(page, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: page.body.view.faces == [])
    assert page.body.side.scores.name.text() == ""
    assert page.body.side.scores.bars.rows == []


def test_more_photos_join_those_that_are_there(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    page.drop([album / "1 group.png"])
    page.drop([album / "2 ruth.png"])  # while the first is busy
    qtbot.waitUntil(lambda: page.results.rowCount() == 2)
    recognise(qtbot, page, album / "2 ruth.png")  # again: keeps its row
    assert [name for name, _ in rows(page)] == ["1 group.png", "2 ruth.png"]
    assert page.body.rows.currentIndex().row() == 0  # nothing jumps


def test_clear_forgets_photos_and_those_still_on_their_way(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    page.drop([album])
    qtbot.waitUntil(lambda: page.results.rowCount() > 0)
    page.clear()
    qtbot.waitUntil(lambda: not page.context.lanes.busy())
    assert page.results.rowCount() == 0
    assert page.body.no_photo.isVisible()
    assert len(list(album.iterdir())) == 4


def test_another_model_is_asked_about_the_same_photos(
    qtbot: QtBot, page: RecognisePage, album: Path, tmp_path: Path
) -> None:
    recognise(qtbot, page, album)
    page.body.rows.choose(1)
    other = write_colour_bundle(tmp_path / "other.facebundle", {"Bluebeard": BLUE, "Rose": RED})
    page.body.models.open_bundle(other)
    qtbot.waitUntil(lambda: rows(page)[1] == ("2 ruth.png", "Rose"))
    qtbot.waitUntil(lambda: not page.busy)
    assert rows(page)[0] == ("1 group.png", "Rose, Bluebeard, 1 unknown")
    assert page.body.rows.currentIndex().row() == 1
    assert page.body.side.scores.name.text() == "Rose"


def test_a_bundle_that_cannot_be_used_is_refused_and_the_old_one_stays(
    qtbot: QtBot, page: RecognisePage, tmp_path: Path
) -> None:
    before = page.body.models.bundle
    foreign = tmp_path / "model.keras"
    foreign.write_bytes(b"PK\x03\x04 something")
    with qtbot.waitSignal(page.context.lanes.task_failed) as failed:
        page.body.models.open_bundle(foreign)
    assert "model.keras" in str(failed.args[1])
    assert page.body.models.bundle == before
    assert "people.facebundle" in page.body.models.chooser.currentText()


class TestPasting:
    def copied(self, **content: object) -> None:
        data = QMimeData()
        if "urls" in content:
            data.setUrls(content["urls"])
        if "image" in content:
            data.setImageData(content["image"])
        if "text" in content:
            data.setText(content["text"])
        QGuiApplication.clipboard().setMimeData(data)

    def test_a_picture(self, qtbot: QtBot, page: RecognisePage) -> None:
        image = QImage(160, 96, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        for y in range(40, 64):
            for x in range(10, 34):
                image.setPixelColor(x, y, QColor(*GREEN))
        self.copied(image=image)
        qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: rows(page) == [("Pasted picture 1.png", "Gretel")])
        qtbot.waitUntil(lambda: len(page.body.view.faces) == 1)

    def test_files_of_a_file_manager(self, qtbot: QtBot, page: RecognisePage, album: Path) -> None:
        self.copied(urls=[QUrl.fromLocalFile(str(album / "2 ruth.png"))])
        qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: rows(page) == [("2 ruth.png", "Ruth")])

    def test_the_path_of_a_file(self, qtbot: QtBot, page: RecognisePage, album: Path) -> None:
        self.copied(text=f'"{album / "2 ruth.png"}"\n{album / "4 sky.png"}\n')
        page.paste()
        qtbot.waitUntil(lambda: len(rows(page)) == 2)

    def test_something_else_is_told(self, qtbot: QtBot, page: RecognisePage) -> None:
        self.copied(text="hello")
        with qtbot.waitSignal(page.context.notice) as told:
            page.paste()
        assert "not a picture" in told.args[0]


def test_photos_and_folders_can_be_opened_with_dialogs(
    qtbot: QtBot, page: RecognisePage, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [str(album / "2 ruth.png")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (chosen, ""))
    page.body.no_photo.buttons[0].click()
    qtbot.waitUntil(lambda: page.results.rowCount() == 1)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(album))
    page.body.folder_requested.emit()
    qtbot.waitUntil(lambda: page.results.rowCount() == 4)


def test_rows_get_thumbnails(qtbot: QtBot, page: RecognisePage, album: Path) -> None:
    recognise(qtbot, page, album)
    page.grab()
    qtbot.waitUntil(lambda: page.loader.thumbnail(str(album / "2 ruth.png")) is not None)
    shown = page.body.rows.visualRect(page.results.index(1))
    colour = page.body.rows.grab().toImage().pixelColor(shown.topLeft() + QPoint(16, 38))
    assert colour.red() > 150 > colour.green()


def test_a_photo_that_has_gone_meanwhile_is_told(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    recognise(qtbot, page, album)
    (album / "2 ruth.png").unlink()
    qtbot.keyClick(page, Qt.Key.Key_D)
    qtbot.waitUntil(page.body.message.isVisible)
    assert page.body.message.title.text() == "2 ruth.png"


def test_stop_means_what_is_waiting_too_and_keeps_what_is_done(
    qtbot: QtBot, page: RecognisePage, album: Path, tmp_path: Path
) -> None:
    with qtbot.waitSignal(page.context.lanes.task_started) as started:
        page.drop([album])
        page.drop([save(tmp_path / "later.png", GROUP)])
    (task,) = started.args
    qtbot.waitUntil(lambda: page.results.rowCount() > 0)
    task.stop()
    qtbot.waitUntil(lambda: not page.busy)
    names = [name for name, _ in rows(page)]
    assert names[:1] == ["1 group.png"]
    assert ("later.png" in names) == (len(names) == 5)  # all was done before the stop came


def test_an_open_list_of_people_has_the_arrows_for_itself(
    qtbot: QtBot, page: RecognisePage, album: Path
) -> None:
    """Elsewhere on the page they step through files."""
    recognise(qtbot, page, album)
    person = page.body.filters.person
    person.showPopup()
    qtbot.keyClick(person.view(), Qt.Key.Key_Down)
    assert person.view().currentIndex().row() == 1
    assert page.body.rows.currentIndex().row() == 0
    person.hidePopup()
    qtbot.keyClick(page.body.rows, Qt.Key.Key_Down)
    assert page.body.rows.currentIndex().row() == 1


def test_keys_are_listed_for_the_sheet(page: RecognisePage) -> None:
    assert {"A D", "Ctrl+V"} <= set(dict(page.keys()))
