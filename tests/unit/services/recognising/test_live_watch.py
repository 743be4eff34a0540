"""Faces of a video from frame to frame: followed, named by votes, strangers numbered."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from facegui.domain.entities import Frame, RgbImage
from facegui.domain.errors import CameraError
from facegui.domain.ports import FoundFace
from facegui.domain.recognition import Identity
from facegui.services.recognising import live_watch
from facegui.services.recognising.live_names import Look
from facegui.services.recognising.live_watch import LiveFrame, SeenFace, Watcher
from facegui.services.recognising.strangers import StrangerBook
from tests.fakes.faces import SquareFinder, colour_embedding, picture
from tests.fakes.videos import BLUE, GREEN, RED

PATIENCE_S = 10.0
ONE = picture((20, 30, RED))
TWO = picture((20, 30, RED), (100, 30, BLUE))
NAMES = {RED: "Red", GREEN: "Green"}


class ColourNamer:
    """Knows red and green, nobody else, and takes as long as the test likes."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.asked: list[FoundFace] = []
        self.prepared = False

    def prepare(self) -> None:
        self.prepared = True

    def look(self, image: RgbImage, face: FoundFace) -> Look:
        self.asked.append(face)
        assert self.go.wait(PATIENCE_S)
        x, y = (round(value) for value in face.box.centre)
        r, g, b = (int(value) for value in image[y, x])
        name = NAMES.get((r, g, b))
        sure = 0.9 if name else 0.0
        identity = Identity(name, name or "Red", 0.9, {"Red": 1.0}, sure, 0.4)
        return Look(identity, colour_embedding((r, g, b)))


@pytest.fixture
def namer() -> ColourNamer:
    return ColourNamer()


@pytest.fixture
def watcher(namer: ColourNamer) -> Iterator[Watcher]:
    watcher = Watcher(SquareFinder(), namer)
    yield watcher
    namer.go.set()
    watcher.close()


def look(watcher: Watcher, image: RgbImage) -> LiveFrame:
    return watcher.look_at(Frame(image, time.monotonic()))


def names(frame: LiveFrame) -> list[str | None]:
    return [face.identity.name if face.identity else "?" for face in frame.faces]


def watch_until(
    watcher: Watcher, image: RgbImage, enough: Callable[[tuple[SeenFace, ...]], object]
) -> LiveFrame:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        frame = look(watcher, image)
        if enough(frame.faces):
            return frame
        time.sleep(0.001)
    pytest.fail("waited in vain")


def voted(*wanted: str | None) -> Callable[[tuple[SeenFace, ...]], bool]:
    return lambda faces: (
        [face.identity and face.identity.name for face in faces] == [*wanted]
        and all(face.identity for face in faces)
    )


def test_boxes_do_not_wait_for_names(watcher: Watcher, namer: ColourNamer) -> None:
    namer.go.clear()
    assert names(look(watcher, TWO)) == ["?", "?"]
    assert names(look(watcher, TWO)) == ["?", "?"]
    assert len(namer.asked) <= 1
    namer.go.set()
    watch_until(watcher, TWO, voted("Red", None))
    assert namer.prepared
    assert [face.box.x1 for face in namer.asked[:2]] == [20, 100]  # each once, first of all


def test_a_name_stays_with_its_face_and_goes_with_it(watcher: Watcher) -> None:
    before = watch_until(watcher, ONE, voted("Red"))
    moved = look(watcher, picture((24, 30, RED)))
    assert names(moved) == ["Red"]
    assert moved.faces[0].number == before.faces[0].number
    elsewhere = watch_until(watcher, picture((100, 60, GREEN)), lambda faces: faces)
    assert names(elsewhere) != ["Red"]
    assert elsewhere.faces[0].number != before.faces[0].number


def test_somebody_else_in_the_same_place_is_somebody_new(watcher: Watcher) -> None:
    before = watch_until(watcher, ONE, voted("Red"))
    after = watch_until(watcher, picture((20, 30, GREEN)), voted("Green"))
    assert after.faces[0].number != before.faces[0].number
    assert {ballot.name for ballot in after.faces[0].standing.ballots} == {"Green"}


def test_a_named_face_is_looked_at_again_after_a_while(
    watcher: Watcher, namer: ColourNamer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_watch, "LOOK_AGAIN_S", 3600.0)
    watch_until(watcher, ONE, voted("Red"))
    asked = len(namer.asked)
    for _ in range(5):
        look(watcher, ONE)
    assert len(namer.asked) == asked
    monkeypatch.setattr(live_watch, "LOOK_AGAIN_S", 0.0)
    watch_until(watcher, ONE, lambda _: len(namer.asked) > asked + 2)


def test_a_stranger_has_a_number_and_gets_it_again(namer: ColourNamer) -> None:
    book = StrangerBook()
    for wanted in (1, 1):
        watcher = Watcher(SquareFinder(), namer, book)  # as when the camera is started anew
        blue = picture((60, 30, BLUE))
        frame = watch_until(watcher, blue, lambda faces: faces[0].stranger)
        assert frame.faces[0].stranger == wanted
        watcher.close()


def test_two_strangers_in_one_picture_have_two_numbers(watcher: Watcher) -> None:
    twins = picture((20, 30, BLUE), (100, 30, BLUE))
    frame = watch_until(watcher, twins, lambda faces: all(face.stranger for face in faces))
    assert sorted(face.stranger or 0 for face in frame.faces) == [1, 2]


def test_a_change_of_pixels_asks_for_a_look_at_once(
    watcher: Watcher, namer: ColourNamer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(left: int, right: int) -> RgbImage:
        image = picture((20, 30, RED))
        image[30:54, 20:32], image[30:54, 32:44] = left, right
        return image

    monkeypatch.setattr(live_watch, "LOOK_AGAIN_S", 3600.0)
    watch_until(watcher, half(150, 250), voted(None))
    asked = len(namer.asked)
    look(watcher, half(150, 250))
    look(watcher, half(150, 250))
    assert len(namer.asked) == asked
    watch_until(watcher, half(250, 150), lambda _: len(namer.asked) > asked)


@pytest.mark.parametrize("where", ["prepare", "look"])
def test_a_fault_of_the_model_ends_the_job_and_is_not_lost(where: str) -> None:
    class Broken(ColourNamer):
        def prepare(self) -> None:
            if where == "prepare":
                raise CameraError("stands for any error")

        def look(self, image: RgbImage, face: FoundFace) -> Look:
            raise CameraError("stands for any error")

    watcher = Watcher(SquareFinder(), Broken())
    with pytest.raises(CameraError, match="any error"):
        watch_until(watcher, ONE, lambda _: False)
    watcher.close()


def test_frames_a_second_counts_what_was_shown_lately() -> None:
    watcher = Watcher(SquareFinder(), None)
    assert [round(watcher._fps(10 + 0.05 * n)) for n in range(60)][-1] == 20
    assert watcher._fps(100.0) == 0.0
    watcher.close()


def test_a_watcher_goes_at_once_with_the_networks_that_it_holds(namer: ColourNamer) -> None:
    watcher = Watcher(SquareFinder(), namer)
    watch_until(watcher, TWO, voted("Red", None))
    watcher.close()
    gone = weakref.ref(watcher)
    gc.disable()
    try:
        del watcher
        assert gone() is None
    finally:
        gc.enable()


def test_no_face_is_followed_into_a_picture_of_another_size(watcher: Watcher) -> None:
    watch_until(watcher, TWO, voted("Red", None))
    assert look(watcher, np.zeros((20, 20, 3), np.uint8)).faces == ()
