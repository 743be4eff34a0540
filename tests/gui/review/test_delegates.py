"""What is painted: state in colour and shape, boxes in the right place, reasons, no overflow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from facegui.domain.entities import Decision, FaceState, PhotoStatus
from facegui.domain.queries import FaceFilter, PhotoFilter
from facegui.gui.review.filters import Mode
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.paint import state_colour
from facegui.gui.review.tool_tips import tool_tip
from facegui.services.libraries import Library
from tests.fakes.review_library import LEFT
from tests.gui.conftest import Settle


def picture_of(page: ReviewPage, row: int) -> QImage:
    index = page.stage.sheet.model().index(row, 0)
    page.stage.sheet.go_to(row)
    return page.stage.sheet.viewport().grab(page.stage.sheet.visualRect(index)).toImage()


def has_colour(image: QImage, colour: QColor, area: QRect | None = None) -> bool:
    area = area or image.rect()
    return any(
        all(abs(a - b) < 12 for a, b in zip(_rgb(image, x, y), _of(colour), strict=True))
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    )


def _rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    return _of(image.pixelColor(x, y))


def _of(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def row_with(page: ReviewPage, library: Library, wanted: FaceFilter) -> int:
    return page.stage.sheet.tiles.row_of(library.face_ids(wanted)[0]) or 0


@pytest.mark.parametrize("state", [FaceState.KEPT, FaceState.REJECTED])
def test_a_face_wears_its_states_colour(
    page: ReviewPage, library: Library, state: FaceState
) -> None:
    image = picture_of(page, row_with(page, library, FaceFilter(states=(state,))))
    others = {FaceState.KEPT, FaceState.REJECTED} - {state}
    assert has_colour(image, state_colour(state))
    assert not any(has_colour(image, state_colour(other)) for other in others)


def test_states_differ_in_shape_too(page: ReviewPage, library: Library, settle: Settle) -> None:
    """In grey the marks of kept, rejected and ignored are still three different pictures."""
    first = page.stage.sheet.tiles.ids[:3].tolist()
    for face_id, decision in zip(
        first, (Decision.KEEP, Decision.REJECT, Decision.IGNORE), strict=True
    ):
        library.decide([face_id], decision)
    page.stage.sheet.follow(None)
    settle()
    corner = QRect(0, 0, 30, 30)
    marks = []
    for row in range(3):
        image = picture_of(page, row).copy(corner).convertToFormat(QImage.Format.Format_Grayscale8)
        marks.append([image.pixelColor(x, y).value() > 200 for x in range(30) for y in range(30)])
    assert marks[0] != marks[1] != marks[2] != marks[0]


def test_the_crop_itself_is_shown(page: ReviewPage, library: Library) -> None:
    """The fake photo has a red patch where the face of its first person is."""
    row = row_with(page, library, FaceFilter(states=(FaceState.KEPT,)))
    image = picture_of(page, row)
    red, green, blue = _rgb(image, image.width() // 2, image.width() // 2)
    assert red > 150
    assert max(green, blue) < 90


def test_boxes_lie_on_the_faces_of_a_photo(page: ReviewPage, settle: Settle) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    image = picture_of(page, 0)
    side = page.stage.sheet.shown_px
    scale = side / 800
    top = 4 + (side - 600 * scale) / 2
    left_edge = round(4 + LEFT.x1 * scale)
    middle = round(top + (LEFT.y1 + LEFT.y2) / 2 * scale)
    around = QRect(left_edge - 3, middle, 6, 1)
    assert has_colour(image, state_colour(FaceState.KEPT), around)
    page.stage.toggle_boxes()
    assert not has_colour(picture_of(page, 0), state_colour(FaceState.KEPT), around)


def test_every_zoom_paints_without_complaint(page: ReviewPage, settle: Settle) -> None:
    for side in (48, 87, 88, 200, 320):
        page.stage.sheet.set_picture_px(side)
        settle()
        assert not picture_of(page, 0).isNull()


def test_a_stale_face_is_dimmed(page: ReviewPage, library: Library, settle: Settle) -> None:
    for chip, button in page.filter_bar._chips:
        if chip.text == "Kept":
            button.click()
    settle()
    page.stage.sheet.go_to(3)
    before = picture_of(page, 0)
    library.decide([int(page.stage.sheet.tiles.ids[0])], Decision.REJECT)
    page.stage.sheet.follow(None)
    settle()
    page.stage.sheet.go_to(3)
    after = picture_of(page, 0)
    middle = before.width() // 2
    assert _rgb(after, middle, middle) > _rgb(before, middle, middle)  # nearer to the white page


def test_tool_tips_tell_values_and_limits(page: ReviewPage, library: Library) -> None:
    row = row_with(page, library, FaceFilter(states=(FaceState.REJECTED,), named=True))
    tile = page.stage.sheet.tiles.tile(row)
    assert tile is not None
    tip = tool_tip(tile)
    assert "✗ pan 31° &gt; 20°" in tip
    assert "005.png" in tip


def test_tool_tips_of_photos_tell_what_is_wrong_and_escape_names(
    page: ReviewPage, library: Library, settle: Settle, qtbot: QtBot
) -> None:
    page.filter_bar.set_mode(Mode.PHOTOS)
    settle()
    broken = library.photo_ids(PhotoFilter(statuses=(PhotoStatus.BROKEN,)))[0]
    tile = page.stage.sheet.tiles.tile_of(broken)
    assert tile is not None
    assert "the file is empty" in tool_tip(tile)
    first = page.stage.sheet.tiles.tile(0)
    assert first is not None
    assert "800 × 600" in tool_tip(first)
    assert "Kept: Ann" in tool_tip(first)
