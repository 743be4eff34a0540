"""Reviewing real photos in the real window: scanned while they are looked at, judged, kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.__main__ import make_tools
from facegui.domain.entities import Decision, PhotoStatus
from facegui.domain.ports import ModelStore
from facegui.domain.queries import PhotoFilter
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import FaceTile, PhotoTile
from facegui.gui.settings import AppSettings
from facegui.services.libraries import Library, create_library, open_library

pytestmark = [pytest.mark.photos, pytest.mark.models]

FEW = 14


@pytest.fixture
def folder(photos: Path, tmp_path: Path) -> Path:
    """Some photos of one person, a group picture and every broken file of theirs, copied."""
    source = photos / "messy" / "photos" / "Natalie Portman"
    target = tmp_path / "photos" / "Natalie Portman"
    target.mkdir(parents=True)
    files = sorted(source.iterdir())
    some = [*files[:FEW], *(file for file in files if file.name.startswith(("html_", "empty_")))]
    for file in {*some, *source.glob("dl_94855077.jpg")}:
        shutil.copy(file, target)
    return target.parent


@pytest.fixture
def window(qtbot: QtBot, models: ModelStore, tmp_path: Path) -> Iterator[MainWindow]:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(AppContext(make_tools()), AppSettings(settings))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.context.set_library(create_library(tmp_path / "real.facegui"))
    yield made
    made.close()
    assert not made.context.lanes.busy()


@pytest.fixture
def scanned(qtbot: QtBot, window: MainWindow, folder: Path) -> ReviewPage:
    """The page when everything has been imported and scanned under its eyes."""
    page = next(page for page in window.pages if isinstance(page, ReviewPage))
    library, rows = opened(window), page.stage.sheet.tiles
    window.commands.import_paths([folder])
    qtbot.waitUntil(lambda: not window.commands.busy, timeout=240_000)
    assert library.counts().pending == 0
    qtbot.waitUntil(lambda: rows.rowCount() == library.counts().faces > FEW, timeout=20_000)
    window.activateWindow()
    page.activate()
    return page


def opened(window: MainWindow) -> Library:
    library = window.context.library
    assert library is not None
    return library


def has_picture(page: ReviewPage, row: int) -> Callable[[], bool]:
    def check() -> bool:
        sheet = page.stage.sheet
        tile = sheet.tiles.tile(row)
        wanted = sheet._delegate.wanted(tile) if tile else None
        return wanted is not None and page.stage.pictures.get(wanted) is not None

    return check


def colours(image: QImage) -> int:
    step = max(1, image.width() // 40)
    places = [(x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step)]
    return len({image.pixelColor(x, y).rgb() for x, y in places})


def test_faces_arrive_while_the_page_is_open(
    qtbot: QtBot, scanned: ReviewPage, window: MainWindow
) -> None:
    sheet, library = scanned.stage.sheet, opened(window)
    assert set(sheet.tiles.ids.tolist()) == set(library.face_ids())
    qtbot.waitUntil(has_picture(scanned, 0))
    rect = sheet.visualRect(sheet.tiles.index(0, 0))
    assert colours(sheet.viewport().grab(rect).toImage()) > 100  # a photograph, not a placeholder
    assert list((library.cache_dir / "faces").rglob("*.jpg"))


def test_originals_are_as_they_were(scanned: ReviewPage, folder: Path, photos: Path) -> None:
    source = photos / "messy" / "photos" / "Natalie Portman"
    for file in folder.rglob("*.*"):
        assert file.read_bytes() == (source / file.name).read_bytes()


def test_a_group_picture_shows_all_its_faces_and_broken_files_their_reason(
    qtbot: QtBot, scanned: ReviewPage, window: MainWindow
) -> None:
    scanned.filter_bar.set_mode(Mode.PHOTOS)
    sheet, library = scanned.stage.sheet, opened(window)
    qtbot.waitUntil(lambda: sheet.tiles.rowCount() == library.counts().photos)
    tiles = [sheet.tiles.tile(row) for row in range(sheet.tiles.rowCount())]
    photos_shown = {Path(t.photo.path).name: t for t in tiles if isinstance(t, PhotoTile)}
    group = photos_shown["dl_94855077.jpg"]
    assert len(group.faces) >= 5
    assert all("faces in photo" in face.verdict for face in group.faces)
    broken = [t for t in photos_shown.values() if t.photo.status is PhotoStatus.BROKEN]
    assert broken
    assert all(t.photo.reason for t in broken)
    ids = library.photo_ids(PhotoFilter(statuses=(PhotoStatus.BROKEN,)))
    assert sorted(t.id for t in broken) == sorted(ids)


def test_decisions_survive_the_window_and_can_still_be_undone(
    qtbot: QtBot, scanned: ReviewPage, window: MainWindow
) -> None:
    library = opened(window)
    first, second = scanned.stage.sheet.tiles.ids[:2].tolist()
    for key in (Qt.Key.Key_X, Qt.Key.Key_K):
        target = QApplication.focusWidget()
        assert target is scanned.stage.sheet
        QTest.keyClick(target, key)
    qtbot.waitUntil(lambda: len(library.history()) == 2)
    path = library.path
    qtbot.waitUntil(lambda: not window.context.lanes.busy())
    window.context.set_library(None)
    window.context.set_library(open_library(path))
    library = opened(window)
    decisions = [face.decision for face in library.faces([first, second])]
    assert decisions == [Decision.REJECT, Decision.KEEP]
    window.commands.undo()
    window.commands.undo()
    qtbot.waitUntil(lambda: all(entry.undone for entry in library.history()))
    tiles = scanned.stage.sheet.tiles

    def undecided() -> bool:
        tile = tiles.tile_of(first)
        return isinstance(tile, FaceTile) and tile.face.decision is Decision.UNDECIDED

    qtbot.waitUntil(undecided)


def test_the_photo_opens_with_its_pixels_and_the_rules(
    qtbot: QtBot, scanned: ReviewPage, window: MainWindow
) -> None:
    scanned.stage.open_photo()
    view = scanned.stage.photo_view
    qtbot.waitUntil(lambda: not view._canvas._photo.pixmap().isNull())
    tile = view._tile
    assert tile is not None
    shown = view._canvas._photo.sceneBoundingRect()
    assert round(shown.width()) == tile.photo.width
    assert abs(shown.height() - tile.photo.height) <= 1
    assert view._details._text.text().count("✓") >= 3
    qtbot.waitUntil(lambda: not window.context.lanes.busy())
