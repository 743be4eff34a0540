"""Boxes and names over a picture: where they lie, how they look, what a click hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity
from facegui.gui.face_view import FaceView
from facegui.gui.overlay import (
    KNOWN_COLOUR,
    UNKNOWN_COLOUR,
    UNNAMED_COLOUR,
    Placement,
    ShownFace,
    fitted,
    label_of,
    paint_faces,
)
from tests.fakes.pixels import count


@dataclass(frozen=True)
class Shown:
    box: Box
    identity: Identity | None = None


def identity(name: str | None) -> Identity:
    return Identity(name, "Anna", 0.974, {"Anna": 0.974, "Ben": 0.026}, 0.61, 0.4)


def painted(
    faces: Sequence[ShownFace], *, selected: int | None = None, mirrored: bool = False
) -> QImage:
    image = QImage(200, 120, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    placement = Placement(QSizeF(400, 240), QRectF(0, 0, 200, 120), mirrored)
    painter = QPainter(image)
    paint_faces(painter, placement, faces, selected=selected)
    painter.end()
    return image


def test_a_picture_is_fitted_in_the_middle() -> None:
    assert fitted(QSizeF(400, 200), QRectF(0, 0, 100, 100)) == QRectF(0, 25, 100, 50)
    assert fitted(QSizeF(10, 40), QRectF(0, 0, 100, 80)) == QRectF(40, 0, 20, 80)


def test_boxes_are_scaled_moved_and_mirrored_with_the_picture() -> None:
    straight = Placement(QSizeF(400, 200), QRectF(10, 20, 200, 100))
    assert straight.rect(Box(40, 20, 80, 60)) == QRectF(30, 30, 20, 20)
    mirrored = Placement(QSizeF(400, 200), QRectF(10, 20, 200, 100), mirrored=True)
    assert mirrored.rect(Box(40, 20, 80, 60)) == QRectF(170, 30, 20, 20)


def test_a_click_finds_the_innermost_face() -> None:
    placement = Placement(QSizeF(100, 100), QRectF(0, 0, 100, 100))
    faces = [Shown(Box(0, 0, 80, 80)), Shown(Box(20, 20, 40, 40))]
    assert placement.face_at(QPointF(30, 30), faces) == 1
    assert placement.face_at(QPointF(60, 60), faces) == 0
    assert placement.face_at(QPointF(90, 90), faces) is None


def test_labels_say_the_name_and_how_sure_or_that_nobody_is_known() -> None:
    assert label_of(identity("Anna")) == "Anna  97%"
    assert label_of(identity(None)) == "Unknown"


@pytest.mark.usefixtures("qapp")
class TestPainting:
    box = Box(100, 80, 200, 180)

    def test_known_unknown_and_unnamed_faces_differ_in_colour(self) -> None:
        known = painted([Shown(self.box, identity("Anna"))])
        unknown = painted([Shown(self.box, identity(None))])
        unnamed = painted([Shown(self.box)])
        assert count(known, KNOWN_COLOUR) > 300
        assert count(known, UNKNOWN_COLOUR) == 0
        assert count(unknown, UNKNOWN_COLOUR) > 200
        assert count(unknown, KNOWN_COLOUR) == 0
        assert 100 < count(unnamed, UNNAMED_COLOUR) < 500  # a box and no label

    def test_an_unknown_face_is_dashed_so_that_colour_is_not_all(self) -> None:
        """Along the lower edge of the box, away from the label."""

        def gaps(image: QImage) -> int:
            colours = [image.pixelColor(x, 90).value() for x in range(54, 97)]
            return sum(value < 100 for value in colours)

        assert gaps(painted([Shown(self.box, identity("Anna"))])) == 0
        assert gaps(painted([Shown(self.box, identity(None))])) > 3

    def test_the_selected_face_has_a_thicker_box(self) -> None:
        faces = [Shown(self.box)]
        plain, chosen = painted(faces), painted(faces, selected=0)
        assert count(chosen, UNNAMED_COLOUR) > 1.5 * count(plain, UNNAMED_COLOUR)

    def test_labels_of_neighbours_do_not_cover_one_another(self) -> None:
        beside = Box(130, 80, 230, 180)
        one = count(painted([Shown(self.box, identity("Anna"))]), KNOWN_COLOUR)
        two = [Shown(self.box, identity("Anna")), Shown(beside, identity("Anna"))]
        assert count(painted(two), KNOWN_COLOUR) > 1.7 * one

    def test_a_label_stays_inside_the_picture(self) -> None:
        corner = painted([Shown(Box(0, 0, 60, 60), identity("Anna"))])
        assert corner.pixelColor(2, 33).green() > 100  # below the box, for want of room above


class TestFaceView:
    @pytest.fixture
    def view(self, qtbot: QtBot) -> FaceView:
        view = FaceView()
        qtbot.addWidget(view)
        view.resize(400, 300)
        return view

    def picture(self, colour: str = "blue") -> QImage:
        image = QImage(200, 100, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        return image

    def test_it_shows_the_picture_as_large_as_fits(self, view: FaceView) -> None:
        view.show_picture(self.picture(), ())
        shown = view.grab().toImage()
        assert shown.pixelColor(200, 150) == QColor("blue")
        assert shown.pixelColor(200, 40) != QColor("blue")
        assert shown.pixelColor(3, 150) == QColor("blue")

    def test_a_click_on_a_face_tells_its_number_and_one_beside_it_nothing(
        self, qtbot: QtBot, view: FaceView
    ) -> None:
        faces = [Shown(Box(0, 0, 40, 40)), Shown(Box(100, 20, 160, 80))]
        view.show_picture(self.picture(), faces)
        with qtbot.waitSignal(view.face_clicked) as clicked:
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(260, 150).toPoint())
        assert clicked.args == [1]
        with qtbot.assertNotEmitted(view.face_clicked):
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(390, 240).toPoint())

    def test_boxes_are_in_pixels_of_the_original_when_the_picture_is_reduced(
        self, qtbot: QtBot, view: FaceView
    ) -> None:
        view.show_picture(self.picture(), [Shown(Box(1000, 200, 1600, 800))], QSize(2000, 1000))
        with qtbot.waitSignal(view.face_clicked):
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(260, 150).toPoint())

    def test_mirroring_swaps_left_and_right_of_picture_and_boxes(self, view: FaceView) -> None:
        image = self.picture()
        for y in range(100):
            for x in range(100):
                image.setPixelColor(x, y, QColor("red"))
        view.show_picture(image, [Shown(Box(0, 0, 20, 20))])
        assert view.grab().toImage().pixelColor(50, 150) == QColor("red")
        view.set_mirrored(True)
        assert view.grab().toImage().pixelColor(50, 150) == QColor("blue")
        assert view.placement().rect(view.faces[0].box).left() == 360

    def test_a_picture_that_is_not_of_now_is_dimmed_and_loses_its_names(
        self, view: FaceView
    ) -> None:
        view.show_picture(self.picture(), [Shown(Box(50, 20, 150, 80), identity("Anna"))])
        view.fade()
        faded = view.grab().toImage()
        assert count(faded, KNOWN_COLOUR) == 0
        assert faded.pixelColor(200, 150) != QColor("blue")
        view.show_picture(self.picture(), ())
        assert view.grab().toImage().pixelColor(200, 150) == QColor("blue")

    def test_nothing_is_shown_after_clear(self, qtbot: QtBot, view: FaceView) -> None:
        view.show_picture(self.picture(), [Shown(Box(0, 0, 200, 100))])
        view.clear()
        assert count(view.grab().toImage(), QColor("blue")) == 0
        with qtbot.assertNotEmitted(view.face_clicked):
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton)
