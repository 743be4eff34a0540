"""Pictures come visible first, stale wishes are dropped, memory is bounded, failures are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Face, Photo, PhotoStatus, RgbImage
from facegui.domain.errors import ImageError
from facegui.gui.lanes import Lanes
from facegui.gui.review import pictures as module
from facegui.gui.review.pictures import Pictures, Wanted


class FakeThumbnails:
    """Grey pictures; photo 13 is broken; waits at a gate where there is one."""

    def __init__(self) -> None:
        self.loaded: list[tuple[int, int]] = []
        self.rough: dict[int, RgbImage] = {}
        self.glances: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def photo(self, photo: Photo, side_px: int) -> RgbImage:
        self.gate.wait(10)
        self.loaded.append((photo.id, side_px))
        if photo.id == 13:
            raise ImageError(photo.path, "broken")
        return np.full((side_px, side_px, 3), photo.id % 256, np.uint8)

    def glance(self, photo: Photo, side_px: int) -> RgbImage | None:
        self.glances.append(photo.id)
        return self.rough.get(photo.id)

    def faces(self, photo: Photo, faces: Sequence[Face], side_px: int) -> list[RgbImage]:
        raise AssertionError("no faces wanted here")


def wanted(photo_id: int, mtime_ns: int = 1) -> Wanted:
    status = PhotoStatus.PENDING
    path = f"/{photo_id}.jpg"
    return Wanted(
        Photo(photo_id, path, None, status, "new", 0, 0, 1, mtime_ns, None, None, preferred=False)
    )


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    made = Lanes()
    yield made
    assert made.close()


@pytest.fixture
def thumbnails() -> FakeThumbnails:
    return FakeThumbnails()


@pytest.fixture
def pictures(lanes: Lanes, thumbnails: FakeThumbnails) -> Pictures:
    made = Pictures(lanes)
    made.set_source(thumbnails)  # type: ignore[arg-type]
    return made


def test_wanted_pictures_arrive(qtbot: QtBot, pictures: Pictures) -> None:
    pictures.want([wanted(1), wanted(2)], 100, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(2)) is not None)
    pixmap = pictures.get(wanted(1))
    assert pixmap is not None
    assert pixmap.width() == 100
    assert pixmap.toImage().pixelColor(5, 5).red() == 1
    assert pictures.get(wanted(3)) is None
    assert not pictures.failed(wanted(3))


def test_a_rough_picture_is_shown_until_a_better_one_has_come(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    thumbnails.rough[1] = np.full((30, 40, 3), 200, np.uint8)
    thumbnails.gate.clear()
    pictures.want([wanted(1), wanted(2)], 100, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(1)) is not None)
    rough = pictures.get(wanted(1))
    assert rough is not None
    assert (rough.width(), rough.height()) == (100, 75)
    assert rough.toImage().pixelColor(5, 5).red() == 200
    assert pictures.get(wanted(2)) is None

    thumbnails.gate.set()
    qtbot.waitUntil(lambda: pictures.get(wanted(2)) is not None)
    better = pictures.get(wanted(1))
    assert better is not None
    assert better.toImage().pixelColor(5, 5).red() == 1
    assert thumbnails.glances == [1, 2]


def test_a_rough_picture_never_replaces_a_good_one(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    pictures.want([wanted(1)], 100, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(1)) is not None)
    thumbnails.rough[1] = np.full((75, 100, 3), 200, np.uint8)
    pictures.want([wanted(1)], 200, 1.0)
    qtbot.waitUntil(lambda: (1, 200) in thumbnails.loaded)
    good = pictures.get(wanted(1))
    assert good is not None
    assert good.toImage().pixelColor(5, 5).red() == 1
    assert thumbnails.glances == [1]


def test_a_broken_photo_fails_once(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    pictures.want([wanted(13)], 64, 1.0)
    qtbot.waitUntil(lambda: pictures.failed(wanted(13)))
    assert pictures.get(wanted(13)) is None
    pictures.want([wanted(13), wanted(4)], 64, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(4)) is not None)
    assert [photo for photo, _ in thumbnails.loaded].count(13) == 1


def test_scrolling_on_drops_what_has_not_begun(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    thumbnails.gate.clear()
    pictures.want([wanted(n) for n in range(100, 200)], 64, 1.0)
    pictures.want([wanted(1), wanted(2)], 64, 1.0)
    thumbnails.gate.set()
    qtbot.waitUntil(lambda: pictures.get(wanted(2)) is not None)
    loaded = [photo for photo, _ in thumbnails.loaded]
    assert len([n for n in loaded if n >= 100]) <= 2
    assert loaded[-2:] == [1, 2]


def test_scrolling_back_loads_what_was_dropped(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    thumbnails.gate.clear()
    pictures.want([wanted(n) for n in range(20)], 64, 1.0)
    pictures.want([wanted(50)], 64, 1.0)
    pictures.want([wanted(n) for n in range(20) if n != 13], 64, 1.0)
    thumbnails.gate.set()
    qtbot.waitUntil(lambda: all(pictures.get(wanted(n)) for n in range(20) if n != 13))
    assert pictures.get(wanted(50)) is None


def test_zooming_in_loads_a_larger_one_and_shows_the_small_one_meanwhile(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    pictures.want([wanted(1)], 60, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(1)) is not None)
    pictures.want([wanted(1)], 200, 1.0)
    small = pictures.get(wanted(1))
    assert small is not None
    assert small.width() == 60
    qtbot.waitUntil(lambda: (pictures.get(wanted(1)) or small).width() == 200)
    pictures.want([wanted(1)], 200, 1.0)
    assert thumbnails.loaded == [(1, 60), (1, 200)]


def test_a_dense_screen_gets_more_pixels_in_the_same_room(
    qtbot: QtBot, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    pictures.want([wanted(1)], 100, 2.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(1)) is not None)
    pixmap = pictures.get(wanted(1))
    assert pixmap is not None
    assert pixmap.width() == 200
    assert pixmap.deviceIndependentSize().width() == 100


def test_small_faces_are_enlarged_where_nobody_waits_for_it(
    qtbot: QtBot, pictures: Pictures, monkeypatch: pytest.MonkeyPatch, thumbnails: FakeThumbnails
) -> None:
    small = np.zeros((40, 80, 3), np.uint8)
    monkeypatch.setattr(thumbnails, "photo", lambda _photo, _side: small)
    pictures.want([wanted(1)], 160, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(1)) is not None)
    pixmap = pictures.get(wanted(1))
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (160, 80)


def test_a_changed_file_is_another_picture(qtbot: QtBot, pictures: Pictures) -> None:
    pictures.want([wanted(1)], 64, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(1)) is not None)
    assert pictures.get(wanted(1, mtime_ns=2)) is None


def test_memory_is_bounded_and_the_least_recent_goes_first(
    qtbot: QtBot, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUDGET_BYTES", 3 * 64 * 64 * 4)
    for n in (1, 2, 3):
        pictures.want([wanted(n)], 64, 1.0)
        qtbot.waitUntil(lambda n=n: pictures.get(wanted(n)) is not None)
    pictures.get(wanted(1))
    pictures.want([wanted(4)], 64, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(4)) is not None)
    assert [n for n in (1, 2, 3, 4) if pictures.get(wanted(n))] == [1, 3, 4]


def test_pictures_of_a_closed_library_never_show(
    qtbot: QtBot, lanes: Lanes, pictures: Pictures, thumbnails: FakeThumbnails
) -> None:
    thumbnails.gate.clear()
    pictures.want([wanted(1)], 64, 1.0)
    pictures.set_source(None)
    thumbnails.gate.set()
    qtbot.waitUntil(lambda: not lanes.busy())
    assert pictures.get(wanted(1)) is None
    pictures.want([wanted(2)], 64, 1.0)
    assert not lanes.busy()


def test_closing_the_window_does_not_wait_for_pictures(
    qtbot: QtBot, thumbnails: FakeThumbnails
) -> None:
    """Each job that ends has a successor, but not once the lanes close."""
    lanes = Lanes()
    pictures = Pictures(lanes)
    pictures.set_source(thumbnails)  # type: ignore[arg-type]
    pictures.want([wanted(n) for n in range(200)], 64, 1.0)
    assert lanes.close(timeout_s=2.0)
    assert not lanes.busy()
    assert len(thumbnails.loaded) < 200


def test_a_bug_in_loading_is_told_once_and_stops_nothing_else(
    qtbot: QtBot,
    lanes: Lanes,
    pictures: Pictures,
    thumbnails: FakeThumbnails,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []
    lanes.task_failed.connect(lambda *failure: told.append(failure))

    def buggy(photo: Photo, side_px: int) -> RgbImage:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(thumbnails, "photo", buggy)
        pictures.want([wanted(1)], 64, 1.0)
        qtbot.waitUntil(lambda: pictures.failed(wanted(1)))
        qtbot.waitUntil(lambda: not lanes.busy())
    pictures.want([wanted(1), wanted(2)], 64, 1.0)
    qtbot.waitUntil(lambda: pictures.get(wanted(2)) is not None)
    assert len(told) == 1
