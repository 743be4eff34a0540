"""The votes beside the picture."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from facegui.domain.recognition import Identity
from facegui.gui.images import to_qimage
from facegui.gui.live.strip import ROW_PX, VoteStrip
from facegui.gui.live.words import face_label, face_name, vote_tip, vote_words
from facegui.gui.overlay import KNOWN_COLOUR, UNKNOWN_COLOUR
from facegui.services.recognising.live_watch import SeenFace
from facegui.services.recognising.votes import Votes
from tests.fakes.faces import picture, square
from tests.fakes.videos import BLUE, RED


def face(number: int, *names: str | None, x: int = 20, stranger: int | None = None) -> SeenFace:
    at, votes = square(x, 30), Votes()
    for name in names:
        similarity = 0.9 if name else 0.0
        votes.cast(Identity(name, name or "Ann", 0.9, {}, similarity, 0.4), 1.0, time.monotonic())
    standing = votes.standing
    return SeenFace(at.box, at.landmarks, 0.9, number, standing.identity, stranger, standing)


@pytest.fixture
def image(qapp: object) -> QImage:
    return to_qimage(picture((20, 30, RED), (100, 30, BLUE)))


@pytest.fixture
def strip(qtbot: QtBot) -> VoteStrip:
    strip = VoteStrip()
    qtbot.addWidget(strip)
    strip.resize(240, 300)
    strip.show()
    return strip


ANN = ("Ann", "Ann", "Bob", "Ann")


def test_words_say_how_the_vote_stands() -> None:
    ann = face(1, *ANN)
    assert (face_name(ann), face_label(ann)) == ("Ann", "Ann  90%")
    assert vote_words(ann) == "3 of 4 looks · 75%"
    assert "Ann: 3, Bob: 1" in vote_tip(ann)


def test_strangers_have_a_number_and_undecided_faces_no_name() -> None:
    assert face_label(face(1, None, None)) == "Unknown"
    assert face_name(face(1, None, None, stranger=3)) == "Unknown 3"
    assert face_name(face(1)) == "Looking…"
    assert (face_label(face(1)), vote_words(face(1))) == ("", "")


def test_rows_keep_the_order_in_which_people_came(
    qtbot: QtBot, strip: VoteStrip, image: QImage
) -> None:
    strip.show_faces(image, [face(7, None, None, x=100), face(2, *ANN)])
    said = strip.accessibleDescription()
    assert said.index("Ann") < said.index("Unknown")
    with qtbot.waitSignal(strip.face_clicked) as clicked:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(30, ROW_PX // 2))
    assert clicked.args == [1]


def test_the_band_has_the_colours_of_the_votes(strip: VoteStrip, image: QImage) -> None:
    strip.show_faces(image, [face(1, *ANN), face(2, None, None, x=100)])
    shot = strip.grab().toImage()
    rows = [
        {shot.pixelColor(x, y).name() for x in range(76, 240) for y in range(top + 54, top + 68)}
        for top in (0, ROW_PX)
    ]
    assert KNOWN_COLOUR.name() in rows[0]
    assert UNKNOWN_COLOUR.name() not in rows[0]
    assert UNKNOWN_COLOUR.name() in rows[1]


def test_the_keys_choose_and_click(qtbot: QtBot, strip: VoteStrip, image: QImage) -> None:
    strip.show_faces(image, [face(1, *ANN), face(2, x=100)])
    for _ in range(3):
        qtbot.keyClick(strip, Qt.Key.Key_Down)
    with qtbot.waitSignal(strip.face_clicked) as clicked:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert clicked.args == [1]


def test_an_empty_strip_has_no_row(qtbot: QtBot, strip: VoteStrip, image: QImage) -> None:
    strip.show_faces(image, [face(1, *ANN)])
    strip.clear()
    assert strip.accessibleDescription() == ""
    strip.grab()
    with qtbot.assertNotEmitted(strip.face_clicked):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(30, ROW_PX // 2))
        qtbot.keyClick(strip, Qt.Key.Key_Return)
