"""The page of copies on a real library of drawn pictures: look, choose, keep the best, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from facegui.domain.control import NullControl
from facegui.domain.entities import Decision, ScannedPhoto
from facegui.domain.geometry import Box
from facegui.gui.actions import LibraryActions
from facegui.gui.context import AppContext
from facegui.gui.duplicates.compare import CompareMode
from facegui.gui.duplicates.head import Shown
from facegui.gui.duplicates.models import ITEM_ROLE, likeness
from facegui.gui.duplicates.page import DuplicatesPage
from facegui.gui.settings import AppSettings
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.copies.duplicates import is_outdated
from facegui.services.copies.view import CopyGroup, KeeperRule, Member
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.faces import fake_tools, picture
from tests.fakes.proposals import proposal

COLOURS = {"red": (250, 20, 20), "blue": (20, 20, 250)}


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools(analyser=SquareAnalyser))
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    """Two pictures, each with an exact copy; one of them with a second."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, (name, colour) in enumerate(COLOURS.items()):
        image = Image.fromarray(picture((20 + 50 * number, 20, colour), side=40))
        for copy in range(2 + number):
            image.save(folder / f"{name}{copy}.png")
    made = create_library(tmp_path / "Mine.facegui")
    import_photos(made, ImportRequest((folder,), person="Ann"), NullControl())
    scan(made, context.tools, ScanRequest(), NullControl())
    return made


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=20_000)


@pytest.fixture
def page(
    qtbot: QtBot, context: AppContext, library: Library, settle: Callable[[], None]
) -> DuplicatesPage:
    made = DuplicatesPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    QAbstractItemModelTester(made._groups, made)
    QAbstractItemModelTester(made.pane.members, made)
    with qtbot.waitExposed(made):
        made.show()
    context.set_library(library)
    made.activate()
    settle()
    made.activateWindow()
    return made


def current(page: DuplicatesPage) -> CopyGroup:
    group = page._group_list.currentIndex().data(ITEM_ROLE)
    assert isinstance(group, CopyGroup)
    return group


def decided(library: Library) -> int:
    return sum(f.decision is Decision.REJECT for f in library.faces(library.face_ids()))


def test_groups_and_members_are_shown_with_the_keeper_first(page: DuplicatesPage) -> None:
    assert page._groups.rowCount() == 2
    assert "2 groups" in page.head.count.text()
    assert "3 copies" in page.head.count.text()
    members = [
        page.pane.members.index(row).data(ITEM_ROLE) for row in range(page.pane.members.rowCount())
    ]
    assert likeness(members[0]) == "keeper"
    assert set(map(likeness, members[1:])) == {"exact copy"}


def test_the_key_keeps_the_best_and_goes_on(
    qtbot: QtBot, page: DuplicatesPage, library: Library, settle: Callable[[], None]
) -> None:
    first = current(page).key
    qtbot.keyClick(page._group_list, Qt.Key.Key_B)
    settle()
    assert decided(library) == 1 or decided(library) == 2
    assert current(page).key != first

    page._go_to(page._groups.row_of(first) or 0)
    assert current(page).decided
    assert not page.pane.keep.isEnabled()


@pytest.mark.parametrize(
    ("bits", "by_face", "mirrored", "words"),
    [
        (0, False, True, "mirror image"),
        (0, False, False, "looks the same"),
        (1, False, False, "photo 1 bit apart"),
        (0, True, False, "face 0 bits apart"),
        (6, True, True, "face 6 bits apart, mirrored"),
    ],
)
def test_how_a_copy_relates_to_its_keeper_in_words(
    page: DuplicatesPage, *, bits: int, by_face: bool, mirrored: bool, words: str
) -> None:
    copy: Member = page.pane.list.model().index(1, 0).data(ITEM_ROLE)
    changed = replace(copy, distance=bits, by_face=by_face, mirrored=mirrored, same_file=False)
    assert likeness(changed) == words


@pytest.mark.parametrize("width", [1080, 700])
def test_the_keeper_and_its_copy_are_beside_each_other_in_a_small_window_too(
    page: DuplicatesPage, settle: Callable[[], None], width: int
) -> None:
    page.resize(width, 520)
    settle()
    cards = page.pane.list
    places = [cards.visualRect(cards.model().index(row, 0)) for row in range(2)]
    assert places[0].top() == places[1].top()
    assert places[1].right() < cards.viewport().width()


def test_what_was_kept_is_told_with_the_way_back(
    page: DuplicatesPage, context: AppContext, settle: Callable[[], None]
) -> None:
    told: list[str] = []
    context.told.connect(told.append)
    page.head.keep_all.click()
    settle()
    assert told == ["Keep the best of 2 groups of copies. Ctrl+Z takes it back."]


def test_every_group_at_once_and_back(
    page: DuplicatesPage, context: AppContext, library: Library, settle: Callable[[], None]
) -> None:
    page.head.keep_all.click()
    settle()
    assert decided(library) == 3

    context.write("undo", library.undo)
    settle()
    assert decided(library) == 0
    assert not current(page).decided


def test_another_photo_becomes_the_keeper(
    qtbot: QtBot, page: DuplicatesPage, settle: Callable[[], None]
) -> None:
    key, copy = current(page).key, current(page).members[1].photo.id
    page.pane.list.setCurrentIndex(page.pane.members.index(1))
    assert page.pane.prefer.isEnabled()
    page.pane.prefer.click()
    settle()
    row = page._groups.row_of(key)
    assert row is not None
    assert page._groups.group(row).keeper.photo.id == copy


def test_the_slider_groups_anew(
    page: DuplicatesPage, library: Library, settle: Callable[[], None], qtbot: QtBot
) -> None:
    page.head.distance.setValue(3)
    qtbot.waitUntil(lambda: library.limits().duplicate_distance == 3, timeout=10_000)
    settle()
    assert page.head.distance_words.text() == "3 bits"
    assert page._groups.rowCount() == 2


def test_an_empty_library_says_what_to_do(
    qtbot: QtBot,
    page: DuplicatesPage,
    context: AppContext,
    tmp_path: Path,
    settle: Callable[[], None],
) -> None:
    context.set_library(create_library(tmp_path / "Empty.facegui"))
    settle()
    assert page._stack.currentIndex() == 1
    with qtbot.waitSignal(context.import_requested):
        page._empty_button.click()


def test_what_is_no_duplicate_leaves_the_group_and_comes_back_with_undo(
    qtbot: QtBot,
    page: DuplicatesPage,
    context: AppContext,
    library: Library,
    settle: Callable[[], None],
) -> None:
    page._go_to(next(row for row in range(2) if len(page._groups.group(row).members) == 3))
    key, odd = current(page).key, current(page).members[2].photo.id
    page.pane.list.setCurrentIndex(page.pane.members.index(2))
    qtbot.keyClick(page._group_list, Qt.Key.Key_N)
    settle()
    assert current(page).key == key
    assert odd not in {member.photo.id for member in current(page).members}
    assert len(current(page).members) == 2

    context.write("undo", library.undo)
    settle()
    assert len(current(page).members) == 3


def test_a_group_without_duplicates_is_gone(
    qtbot: QtBot, page: DuplicatesPage, library: Library, settle: Callable[[], None]
) -> None:
    key = current(page).key
    qtbot.keyClick(page._group_list, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    settle()
    assert page._groups.rowCount() == 1
    assert page._groups.row_of(key) is None
    assert "1 group" in page.head.count.text()
    assert library.photos_apart()


def test_the_rest_is_grouped_anew_after_that_and_after_its_undo(
    qtbot: QtBot,
    page: DuplicatesPage,
    context: AppContext,
    library: Library,
    tmp_path: Path,
    settle: Callable[[], None],
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    LibraryActions(context, AppSettings(settings), page, lambda act: act())
    qtbot.keyClick(page._group_list, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: page._groups.rowCount() == 1, timeout=20_000)
    settle()
    assert not is_outdated(library)
    assert library.counts().duplicate_groups == 1

    context.write("undo", library.undo)
    qtbot.waitUntil(lambda: page._groups.rowCount() == 2, timeout=20_000)
    settle()
    assert not is_outdated(library)
    assert library.counts().duplicate_groups == 2


def contradict(page: DuplicatesPage, library: Library) -> CopyGroup:
    group = current(page)
    library.assign([group.members[1].faces[0].id], "Bob & Co")
    page.activate()
    return group


def test_a_conflict_is_told_filtered_and_settled(
    qtbot: QtBot, page: DuplicatesPage, library: Library, settle: Callable[[], None]
) -> None:
    assert page.pane.conflict.isHidden()
    group = contradict(page, library)
    settle()
    assert current(page).conflict == ("Ann", "Bob & Co")
    assert page.pane.conflict.isVisible()
    assert page.head.filter.itemText(2) == "Conflicts (1)"
    row = page._group_list.currentIndex()
    assert "conflict" in row.data(Qt.ItemDataRole.AccessibleTextRole)

    page.head.filter.setCurrentIndex(list(Shown).index(Shown.CONFLICTS))
    assert page._groups.rowCount() == 1
    assert current(page).key == group.key

    assert [button.text() for button in page.pane.conflict.buttons] == [
        "All are Ann",
        "All are Bob && Co",
    ]
    page.pane.conflict.buttons[0].click()
    settle()
    assert page._groups.rowCount() == 0
    assert page._stack.currentIndex() == 1
    page._empty_button.click()
    assert page._groups.rowCount() == 2
    assert page.pane.conflict.isHidden()


def test_a_rule_shows_its_keepers_before_it_is_applied(
    page: DuplicatesPage, library: Library, settle: Callable[[], None]
) -> None:
    wanted = library.photos([current(page).members[1].photo.id])[0]
    Path(wanted.path).touch()
    library.store_scans([_older(library, wanted.id)])
    page.activate()
    settle()
    key = current(page).key
    assert current(page).keeper.photo.id != wanted.id

    page.head.rule.setCurrentIndex(list(KeeperRule).index(KeeperRule.OLDEST))
    assert current(page).key == key
    assert current(page).keeper.photo.id == wanted.id
    assert page.head.preview.text().startswith("changes ")
    assert decided(library) == 0, "a preview writes nothing"

    page.head.keep_all.click()
    settle()
    page.head.rule.setCurrentIndex(list(KeeperRule).index(KeeperRule.BEST))
    assert current(page).keeper.photo.id == wanted.id
    assert decided(library) == 3
    library.undo()
    assert decided(library) == 0


def _older(library: Library, photo_id: int) -> ScannedPhoto:
    """The scan of a photo once more, with a file from long ago."""
    (photo,) = library.photos([photo_id])
    return ScannedPhoto(
        photo_id=photo.id,
        status=photo.status,
        reason=None,
        width=photo.width,
        height=photo.height,
        size_bytes=photo.size_bytes,
        mtime_ns=1,
        sha256=photo.sha256,
        hashes=photo.hashes,
        faces=(proposal(Box(0, 0, 30, 30), seed=7),),
    )


def test_the_number_of_groups_is_told_while_the_slider_moves(
    page: DuplicatesPage, library: Library, settle: Callable[[], None], qtbot: QtBot
) -> None:
    before = library.limits()
    page.head.distance.setSliderDown(True)
    page.head.distance.setValue(1)
    page.head.distance.setValue(0)
    qtbot.waitUntil(lambda: "0 bits · 2 groups" in page.head.distance_words.text(), timeout=20_000)
    settle()
    assert library.limits() == before, "nothing is written while the slider is held"

    page.head.distance.setSliderDown(False)
    qtbot.waitUntil(lambda: library.limits().duplicate_distance == 0, timeout=20_000)
    settle()
    assert library.undo() is not None


def test_two_photos_are_laid_over_each_other(
    qtbot: QtBot, page: DuplicatesPage, settle: Callable[[], None]
) -> None:
    compare = page.pane.compare
    for mode in CompareMode:
        qtbot.keyClick(page._group_list, Qt.Key.Key_C)
        settle()
        assert compare._mode is mode
        assert compare._images is not None
        assert compare.isVisible()
        compare.grab()
    differs = compare._images[2].convertToFormat(QImage.Format.Format_Grayscale8)
    assert not any(bytes(differs.constBits())), "an exact copy differs nowhere"

    first = compare._pair
    qtbot.keyClick(page._group_list, Qt.Key.Key_Down)
    settle()
    assert compare._pair != first
    assert compare._images is not None
    qtbot.keyClick(page._group_list, Qt.Key.Key_C)
    assert not compare.isVisible()
    assert not compare._timer.isActive()


def test_flicker_shows_the_two_in_turn(
    qtbot: QtBot, page: DuplicatesPage, settle: Callable[[], None]
) -> None:
    compare = page.pane.compare
    page.pane.next_mode()
    page.pane.next_mode()
    settle()
    assert compare._mode is CompareMode.FLICKER
    assert not compare._second_shown
    qtbot.waitUntil(lambda: compare._second_shown, timeout=20_000)
    qtbot.waitUntil(lambda: not compare._second_shown, timeout=20_000)


def test_a_photo_that_has_gone_cannot_be_compared(
    page: DuplicatesPage, settle: Callable[[], None]
) -> None:
    Path(current(page).members[1].photo.path).unlink()
    page.pane.next_mode()
    settle()
    assert page.pane.compare._failed
    page.pane.compare.grab()


def test_the_keys_of_the_list_choose_among_the_photos(
    qtbot: QtBot, page: DuplicatesPage, settle: Callable[[], None]
) -> None:
    assert page.pane.list.currentIndex().row() == 1
    qtbot.keyClick(page._group_list, Qt.Key.Key_Left)
    assert page.pane.list.currentIndex().row() == 0
    qtbot.keyClick(page._group_list, Qt.Key.Key_Right)
    assert page.pane.list.currentIndex().row() == 1
    copy = current(page).members[1].photo.id
    qtbot.keyClick(page._group_list, Qt.Key.Key_Return)
    settle()
    assert current(page).keeper.photo.id == copy
    page.pane.step(-5)
    assert page.pane.list.currentIndex().row() >= 0
