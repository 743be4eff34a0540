"""The section in a column of its own, over faces that are coloured squares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QImage, QPalette
from pytestqt.qtbot import QtBot

from facegui.domain.recognition import Identity, RecognisedFace
from facegui.gui.context import AppContext
from facegui.gui.recognise.page import RecognisePage
from facegui.gui.recognise.side import ChosenFace, SideColumn
from facegui.gui.settings import AppSettings
from facegui.gui.why.heat import AGAINST, FOR, overlay
from facegui.gui.why.nearest import NearestFaces
from facegui.gui.why.section import WhySection
from facegui.services.recognising.why import NearFace
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import Colour, fake_tools, picture, square
from tests.fakes.videos import BLUE, GREEN, RED
from tests.gui.conftest import Settle, put_on_screen

WAIT_MS = 20_000


@pytest.fixture
def tools() -> Tools:
    return fake_tools(analyser=SquareAnalyser)


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    people = {"Ruth": RED, "Gretel": GREEN, "Bluebeard": BLUE}
    return write_colour_bundle(tmp_path / "people.facebundle", people)


@pytest.fixture
def section(qtbot: QtBot, context: AppContext, settings: AppSettings) -> Iterator[WhySection]:
    made = WhySection(context, settings)
    qtbot.addWidget(made)
    made.resize(280, 1000)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def face_of(bundle: Path, path: Path, colour: Colour) -> ChosenFace:
    """A photo of one face, and that face; its middle says who it is."""
    image = picture((30, 20, (250, 250, 20)), side=60)
    image[40:60, 50:70] = colour
    Image.fromarray(image).save(path)
    found = square(30, 20, 60)
    identity = Identity("Ruth", "Ruth", 0.9, {"Ruth": 1.0}, 0.9, 0.5)
    return ChosenFace(
        path, RecognisedFace(found.box, found.landmarks, found.score, identity), bundle
    )


def explained(qtbot: QtBot, section: WhySection) -> None:
    qtbot.waitUntil(lambda: section.answers.heat.heat is not None, timeout=WAIT_MS)


def test_while_it_is_closed_nothing_is_worked_out(
    section: WhySection, context: AppContext, bundle: Path, tmp_path: Path
) -> None:
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    assert section.answers.isHidden()
    assert not context.lanes.busy()


def test_opened_it_says_why(
    qtbot: QtBot, section: WhySection, bundle: Path, tmp_path: Path
) -> None:
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    section.toggle.click()
    assert section.state.text() == "Looking for reasons…"
    explained(qtbot, section)
    qtbot.waitUntil(lambda: section.state.text() == "")
    answers = section.answers
    assert answers.closeness.text().startswith("Ruth has 1.00 and needs 0.95. Next is")
    assert "size 60 px" in answers.quality.text()
    assert "Open the library" in answers.learned.text()
    assert answers.nearest.isHidden()
    assert "speaks most for Ruth" in answers.heat_told.text()
    assert answers.failed.isHidden()
    assert "Ruth" in answers.scale.accessibleName()
    assert not section.grab().isNull()


def test_it_stays_open_until_it_is_closed(
    qtbot: QtBot, section: WhySection, context: AppContext, settings: AppSettings
) -> None:
    section.toggle.click()
    again = WhySection(context, settings)
    qtbot.addWidget(again)
    assert again.toggle.isChecked()
    again.toggle.click()
    assert not settings.why_open


def test_the_latest_face_wins(
    qtbot: QtBot, section: WhySection, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    section.show_face(face_of(bundle, tmp_path / "gretel.png", GREEN))
    explained(qtbot, section)
    assert section.answers.closeness.text().startswith("Gretel")


def test_the_same_face_is_not_explained_twice(
    qtbot: QtBot, section: WhySection, context: AppContext, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    chosen = face_of(bundle, tmp_path / "ruth.png", RED)
    section.show_face(chosen)
    explained(qtbot, section)
    qtbot.waitUntil(lambda: not context.lanes.busy())
    section.show_face(chosen)
    section.toggle.click()
    section.toggle.click()
    assert not context.lanes.busy()
    assert section.answers.closeness.text()


def test_without_a_face_nothing_is_said(
    qtbot: QtBot, section: WhySection, settle: Settle, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    section.show_face(None)
    settle()
    assert section.answers.closeness.text() == ""
    assert section.answers.heat.heat is None
    assert not section.answers.isEnabled()


def test_out_of_sight_it_waits(
    qtbot: QtBot, section: WhySection, settle: Settle, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.hide()
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    settle()
    assert section.answers.closeness.text() == ""
    section.show()
    explained(qtbot, section)


def test_a_photo_that_has_gone_is_named(
    qtbot: QtBot, section: WhySection, bundle: Path, tmp_path: Path
) -> None:
    chosen = face_of(bundle, tmp_path / "ruth.png", RED)
    chosen.path.unlink()
    section.toggle.click()
    section.show_face(chosen)
    qtbot.waitUntil(section.answers.failed.isVisible, timeout=WAIT_MS)
    assert "ruth.png" in section.answers.failed.text()
    section.show_face(face_of(bundle, tmp_path / "again.png", RED))
    explained(qtbot, section)
    assert section.answers.failed.isHidden()


def test_another_library_begins_anew(
    qtbot: QtBot, section: WhySection, context: AppContext, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    explained(qtbot, section)
    context.library_changed.emit(None)
    assert section.answers.closeness.text() == ""


def test_nothing_moves_while_answers_come(
    qtbot: QtBot, section: WhySection, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.show_face(face_of(bundle, tmp_path / "one.png", RED))
    explained(qtbot, section)
    parts = (section.answers.scale, section.answers.heat, section.answers.learned)
    before = [part.pos() for part in parts]
    section.show_face(face_of(bundle, tmp_path / "two.png", GREEN))
    assert section.answers.heat.heat is None
    qtbot.waitUntil(lambda: "Gretel" in section.answers.closeness.text(), timeout=WAIT_MS)
    assert [part.pos() for part in parts] == before


def test_faces_lead_to_review_while_the_library_has_them(qtbot: QtBot) -> None:
    view = NearestFaces()
    qtbot.addWidget(view)
    image = np.full((96, 96, 3), 90, np.uint8)
    view.show_faces(
        [
            NearFace(7, "Ruth of the long name", 0.81, image),
            NearFace(None, "Rose", 0.5, image),
            NearFace(9, "Rose", 0.4, None),
        ]
    )
    here, gone, unreadable, empty = view.buttons[:4]
    assert here.accessibleName().startswith("Ruth of the long name, likeness 0.81")
    with qtbot.waitSignal(view.face_requested) as asked:
        qtbot.mouseClick(here, Qt.MouseButton.LeftButton)
    assert asked.args == [7]
    assert not gone.isEnabled()
    assert "has left" in gone.toolTip()
    assert unreadable.isEnabled()
    assert not empty.isEnabled()
    assert not view.grab().isNull()


def test_the_map_shows_both_sides_in_their_colours() -> None:
    carried = np.zeros((8, 8), np.float32)
    carried[0, 0], carried[7, 7], carried[4, 4] = 0.4, -0.4, 0.1
    heat = overlay(carried)
    image = heat.image.convertToFormat(QImage.Format.Format_ARGB32)
    speaks, against, little = (image.pixelColor(n, n) for n in (0, 7, 4))
    assert heat.most == pytest.approx(0.4)
    assert (speaks.red(), speaks.blue()) == pytest.approx((FOR.red(), FOR.blue()), abs=2)
    assert (against.red(), against.blue()) == pytest.approx((AGAINST.red(), AGAINST.blue()), abs=2)
    assert 0 < little.alpha() < speaks.alpha() == against.alpha()
    assert image.pixelColor(2, 2).alpha() == 0
    assert overlay(np.zeros((8, 8), np.float32)).most == 0


def test_the_slider_shows_less_of_the_map(
    qtbot: QtBot, section: WhySection, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    explained(qtbot, section)
    answers = section.answers
    answers.strength.setValue(0)
    bare = answers.heat.grab().toImage()
    answers.strength.setValue(100)
    assert answers.heat.grab().toImage() != bare
    middle = bare.pixelColor(bare.height() // 2, bare.height() // 2)
    assert middle.red() > 150 > middle.blue()  # the crop in its own colours


def test_a_change_of_colours_reaches_the_measures(
    qtbot: QtBot, section: WhySection, bundle: Path, tmp_path: Path
) -> None:
    section.toggle.click()
    section.show_face(face_of(bundle, tmp_path / "ruth.png", RED))
    explained(qtbot, section)
    # Its own palette: with a style sheet of the application, that of a parent is not inherited.
    palette = QPalette(section.answers.palette())
    palette.setColor(QPalette.ColorRole.PlaceholderText, Qt.GlobalColor.magenta)
    section.answers.setPalette(palette)
    qtbot.waitUntil(lambda: "#ff00ff" in section.answers.quality.text(), timeout=WAIT_MS)


def test_opened_in_a_column_it_comes_into_sight(
    qtbot: QtBot, context: AppContext, settings: AppSettings
) -> None:
    column = SideColumn()
    section = WhySection(context, settings)
    column.add(section)
    column.resize(300, 300)
    qtbot.addWidget(column)
    with qtbot.waitExposed(column):
        column.show()
    section.toggle.click()
    qtbot.waitUntil(lambda: column.verticalScrollBar().value() > 0)
    top = section.mapTo(column.viewport(), QPoint(0, 0)).y()
    assert top == 0


def test_on_the_recognise_page_its_key_opens_it(
    qtbot: QtBot, context: AppContext, settle: Settle, bundle: Path, tmp_path: Path
) -> None:
    page = RecognisePage(context)
    put_on_screen(qtbot, page)
    with qtbot.waitSignal(page.body.models.changed):
        page.body.models.open_bundle(bundle)
    chosen = face_of(bundle, tmp_path / "ruth.png", RED)
    page.drop([chosen.path])
    qtbot.waitUntil(lambda: page.body.side.scores.name.text() == "Ruth")
    why = page.body.why
    assert "W" in dict(page.keys())
    assert not why.toggle.isChecked()
    qtbot.keyClick(page, Qt.Key.Key_W)
    try:
        explained(qtbot, why)
        assert why.answers.closeness.text().startswith("Ruth")
    finally:
        qtbot.keyClick(page, Qt.Key.Key_W)  # what is remembered is as before
    assert why.answers.isHidden()
    settle()
    page.leave()
