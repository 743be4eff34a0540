"""The side panel: how the photo was taken, its folder, and what is known of a face's box."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from facegui.domain.entities import NameSource
from facegui.domain.exif import PhotoExif
from facegui.domain.geometry import Box
from facegui.gui.review.details_panel import DetailsPanel
from facegui.gui.review.tiles import FaceTile, PhotoTile, photo_tiles
from facegui.services.libraries import Library

EXIF = PhotoExif(
    "Leica <M>", "Summicron", "2020-01-02 03:04:05", ("1/60 s", "f/2"), (48.2, -16.37123)
)


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def tile(library: Library) -> PhotoTile:
    with library:
        photo_id = library.photo_ids()[0]
        return photo_tiles(library, [photo_id])[photo_id]


def text(panel: DetailsPanel) -> str:
    return panel._text.text().replace("&#8203;", "")


def test_the_camera_is_told_when_it_is_known(panel: DetailsPanel, tile: PhotoTile) -> None:
    panel.show_photo(tile, None, ())
    assert "Camera" not in text(panel)
    panel.show_exif(tile.id, EXIF)
    for part in ("Leica &lt;M&gt;", "Summicron", "2020-01-02 03:04:05", "1/60 s · f/2"):
        assert part in text(panel)


def test_the_place_is_shown_on_a_click_only_and_on_this_photo_only(
    panel: DetailsPanel, tile: PhotoTile
) -> None:
    panel.show_photo(tile, None, ())
    panel.show_exif(tile.id, EXIF)
    assert "48.2" not in text(panel)
    assert "has a place" in text(panel)
    panel._text.linkActivated.emit("place")
    assert "48.20000, -16.37123" in text(panel)
    other = replace(tile, photo=replace(tile.photo, id=tile.id + 1))
    panel.show_photo(other, None, ())
    panel.show_exif(other.id, EXIF)
    assert "48.2" not in text(panel)


def test_what_another_photo_says_comes_too_late(panel: DetailsPanel, tile: PhotoTile) -> None:
    panel.show_photo(tile, None, ())
    panel.show_exif(tile.id + 1, EXIF)
    assert "Leica" not in text(panel)


def test_a_photo_without_exif_has_no_camera(panel: DetailsPanel, tile: PhotoTile) -> None:
    panel.show_photo(tile, None, ())
    panel.show_exif(tile.id, None)
    assert "Camera" not in text(panel)


class Opener(QObject):
    """Stands in for the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


def test_the_folder_opens_in_the_file_manager(panel: DetailsPanel, tile: PhotoTile) -> None:
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    try:
        panel._text.linkActivated.emit("folder")  # nothing is shown yet
        panel.show_photo(tile, None, ())
        panel._text.linkActivated.emit("folder")
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opener.opened == [str(Path(tile.photo.path).parent)]


def about(panel: DetailsPanel, tile: PhotoTile, **changes: object) -> str:
    face = tile.faces[0]
    shown: FaceTile = replace(face, face=replace(face.face, **changes))  # type: ignore[arg-type]
    panel.show_photo(tile, shown, ())
    return text(panel)


def test_who_drew_the_box_and_who_named_the_face_is_told(
    panel: DetailsPanel, tile: PhotoTile
) -> None:
    assert "by you" not in about(panel, tile)
    assert "drawn by you" in about(panel, tile, drawn=True)
    assert "moved by you" in about(panel, tile, drawn=True, found=Box(1, 2, 3, 4))
    assert "the folder" in about(panel, tile)
    assert "a list" in about(panel, tile, name_source=NameSource.LIST)
    assert "Zoë &amp; Co" in about(panel, tile, offer="Zoë & Co")


def test_measures_that_were_not_taken_are_left_out(panel: DetailsPanel, tile: PhotoTile) -> None:
    plain = about(panel, tile)
    assert "Sunglasses" not in plain
    told = about(panel, tile, sunglasses=0.25, smile=0.5, chroma=12.3, chroma_spread=4.0)
    for part in ("Sunglasses", "25%", "Smile", "50%", "12 ± 4"):
        assert part in told


def test_a_box_in_which_no_face_was_made_out_says_so(panel: DetailsPanel, tile: PhotoTile) -> None:
    assert "no face made out" in about(panel, tile, drawn=True, score=0.0)


def test_every_digit_of_the_hashes_is_there(panel: DetailsPanel, tile: PhotoTile) -> None:
    panel.show_photo(tile, tile.faces[0], ())
    assert tile.photo.sha256 is not None
    assert tile.photo.sha256 in text(panel).replace(" ", "")
    assert tile.photo.hashes is not None
    assert f"{tile.photo.hashes.phash_mirror:016x}" in text(panel).replace(" ", "")
