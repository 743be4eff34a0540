"""The whole loop in the real window: real photos, real models, the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from facegui.__main__ import make_tools
from facegui.domain.entities import Decision, PhotoStatus
from facegui.domain.ports import ModelStore
from facegui.domain.queries import PhotoFilter
from facegui.gui.context import AppContext
from facegui.gui.duplicates.page import DuplicatesPage
from facegui.gui.main_window import MainWindow
from facegui.gui.recognise.page import RecognisePage
from facegui.gui.review.page import ReviewPage
from facegui.gui.settings import AppSettings
from facegui.gui.train.page import TrainPage
from facegui.services.libraries import Library

pytestmark = [pytest.mark.photos, pytest.mark.models, pytest.mark.engine]

PEOPLE = ("Tom Hanks", "Nicole Kidman", "Will Smith")
SHOWN, UNSEEN = 24, 3
Settle = Callable[[], None]


@pytest.fixture
def folder(photos: Path, tmp_path: Path) -> Path:
    """The first photos of three people with all that was salted in, and some kept aside."""
    source, root = photos / "messy" / "photos", tmp_path / "pulled from the web"
    for person in PEOPLE:
        originals = sorted((source / person).glob("0*.jpg"))
        salted = [file for file in (source / person).iterdir() if not file.name.startswith("0")]
        for file in (*originals[:SHOWN], *salted[:20]):
            (root / person).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, root / person / file.name)
        aside = tmp_path / "aside" / person
        aside.mkdir(parents=True)
        for file in originals[SHOWN : SHOWN + UNSEEN]:
            shutil.copy(file, aside / file.name)
    return root


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, models: ModelStore) -> Iterator[MainWindow]:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(AppContext(make_tools()), AppSettings(settings))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    assert not made.context.lanes.busy()


@pytest.fixture
def settle(qtbot: QtBot, window: MainWindow) -> Settle:
    return lambda: qtbot.waitUntil(lambda: not window.commands.busy, timeout=240_000)


def test_from_a_folder_of_photos_to_named_faces(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path, settle: Settle
) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    window.commands.create(tmp_path / "Mine.facegui")
    settle()
    window.commands.import_paths([folder])
    settle()
    library = window.context.library
    assert library is not None
    scanned(library)
    review(qtbot, window, library, settle)
    copies(window, library, settle)
    train(qtbot, window, settle)
    recognise(window, tmp_path / "aside", settle)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def scanned(library: Library) -> None:
    counts = library.counts()
    assert counts.pending == 0
    assert counts.photos == 3 * (SHOWN + 20)
    assert counts.faces >= 100
    assert {person.name for person in library.people()} == set(PEOPLE)
    broken = library.photos(library.photo_ids(PhotoFilter(statuses=(PhotoStatus.BROKEN,))))
    assert broken
    assert all(photo.reason for photo in broken)


def review(qtbot: QtBot, window: MainWindow, library: Library, settle: Settle) -> None:
    """The first kept face is rejected by its key, and comes back by undo."""
    page = window.page("review")
    assert isinstance(page, ReviewPage)
    window.go_to("review")
    settle()
    rejected = library.counts().rejected
    face = next(
        row for row in range(page.stage.sheet.tiles.rowCount()) if not failing(page, library, row)
    )
    page.stage.sheet.go_to(face)
    page.stage.sheet.setFocus()
    qtbot.keyClick(page.stage.sheet, Qt.Key.Key_X)
    settle()
    assert library.counts().rejected == rejected + 1
    window.commands.undo()
    settle()
    assert library.counts().rejected == rejected


def failing(page: ReviewPage, library: Library, row: int) -> bool:
    tile = page.stage.sheet.tiles.tile(row)
    assert tile is not None
    return bool(library.faces([tile.id])[0].failed)


def copies(window: MainWindow, library: Library, settle: Settle) -> None:
    page = window.page("duplicates")
    assert isinstance(page, DuplicatesPage)
    window.go_to("duplicates")
    settle()
    groups = page._groups.rowCount()
    assert groups >= 15
    page.head.keep_all.click()
    settle()
    rejected = [f for f in library.faces(library.face_ids()) if f.decision is Decision.REJECT]
    assert len(rejected) >= groups // 2


def train(qtbot: QtBot, window: MainWindow, settle: Settle) -> None:
    page = window.page("train")
    assert isinstance(page, TrainPage)
    window.go_to("train")
    qtbot.waitUntil(lambda: page.watch is not None, timeout=60_000)
    settle()
    page.train()
    settle()
    assert page._stack.currentWidget() is page.body
    assert not page.body.result.isHidden()


def recognise(window: MainWindow, aside: Path, settle: Settle) -> None:
    """Photos that no training has seen are named right, nearly all of them."""
    page = window.page("recognise")
    assert isinstance(page, RecognisePage)
    window.go_to("recognise")
    settle()
    assert page.drop([aside])
    settle()
    said = {
        (Path(photo.path).parent.name, face.identity.name)
        for photo in page.results.photos
        for face in photo.faces
    }
    assert len(page.results.photos) == len(PEOPLE) * UNSEEN
    wrong = {pair for pair in said if pair[1] is not None and pair[0] != pair[1]}
    right = {pair for pair in said if pair[0] == pair[1]}
    assert not wrong
    assert {name for name, _ in right} == set(PEOPLE)
