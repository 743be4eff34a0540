"""One click beside a recognised face corrects it; keys, the name field and undo do as elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.domain.corrections import Correction, Source, Truth, Verdict
from facegui.domain.errors import ImageError
from facegui.gui.context import AppContext
from facegui.gui.overlay import word_of
from facegui.gui.recognise.page import RecognisePage
from facegui.gui.recognise.results import summary
from facegui.services.libraries import Library
from facegui.services.recognising.results import Kind
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import fake_tools
from tests.fakes.square_library import COLOURS, square_library, write_square
from tests.gui.conftest import Settle, press


@pytest.fixture
def tools() -> Tools:
    return fake_tools(analyser=SquareAnalyser)


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    made = square_library(tmp_path)
    context.set_library(made)
    return made


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    people = {name: COLOURS[name] for name in ("Ann", "Bob")}
    return write_colour_bundle(tmp_path / "two.facebundle", people)


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, bundle: Path) -> RecognisePage:
    made = RecognisePage(context)
    qtbot.addWidget(made, before_close_func=close)
    made.resize(1100, 740)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.activate()
    with qtbot.waitSignal(made.body.models.changed):
        made.body.models.open_bundle(bundle)
    return made


def close(page: RecognisePage) -> None:
    """As the window does it."""
    page.leave()
    assert page.context.lanes.close(timeout_s=30)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Ann, whom the model knows, in a photo that is not in the library."""
    return write_square(tmp_path / "elsewhere" / "ann.png", "Ann")


@pytest.fixture
def recognised(
    library: Library, page: RecognisePage, photo: Path, qtbot: QtBot, settle: Settle
) -> RecognisePage:
    page.recognise([photo])
    qtbot.waitUntil(lambda: page.body.side.scores.name.text() == "Ann")
    settle()
    return page


def only(library: Library) -> Correction:
    (one,) = library.corrections()
    return one


def shown(page: RecognisePage) -> list[str]:
    """What the visible buttons say."""
    panel = page.body.correct
    buttons = [*panel.choices, panel.other, panel.not_them, panel.stranger]
    return [button.text() for button in buttons if button.isVisible()]


def test_the_likeliest_names_come_with_their_keys(recognised: RecognisePage) -> None:
    assert shown(recognised) == [
        "Ann  1", "Bob  2", "Somebody else…  T", "Not Ann  N", "A stranger  I",
    ]  # fmt: skip
    assert recognised.body.correct.said.text() == ""


def test_one_click_says_who_it_is_and_the_status_bar_what_takes_it_back(
    qtbot: QtBot, recognised: RecognisePage, library: Library, photo: Path, settle: Settle
) -> None:
    panel, context = recognised.body.correct, recognised.context
    with qtbot.waitSignal(context.told) as told:
        panel.choices[1].click()
    settle()
    assert told.args == ["Correct a face: it is Bob. Ctrl+Z takes it back."]
    one = only(library)
    assert (one.truth, one.path) == (Truth(Verdict.IS, "Bob"), str(photo))
    assert one.provenance.answer.name == "Ann"
    assert panel.said.text() == "You said: it is Bob."
    with qtbot.waitSignal(context.rows_changed):
        context.write("Undo", library.undo)
    settle()
    assert panel.said.text() == ""
    assert library.corrections() == []


@pytest.mark.parametrize(
    ("key", "truth"),
    [
        (Qt.Key.Key_2, Truth(Verdict.IS, "Bob")),
        (Qt.Key.Key_N, Truth(Verdict.NOT, "Ann")),
        (Qt.Key.Key_I, Truth(Verdict.STRANGER)),
    ],
)
def test_keys_say_the_same(
    recognised: RecognisePage, library: Library, settle: Settle, key: Qt.Key, truth: Truth
) -> None:
    recognised.setFocus()
    press(key)
    settle()
    assert only(library).truth == truth


def test_a_key_that_nobody_has_says_nothing(
    recognised: RecognisePage, library: Library, settle: Settle
) -> None:
    recognised.setFocus()
    press(Qt.Key.Key_9)
    settle()
    assert library.corrections() == []


def test_the_name_field_takes_somebody_new_and_gives_the_keys_back(
    recognised: RecognisePage, library: Library, settle: Settle
) -> None:
    recognised.body.rows.setFocus()
    press(Qt.Key.Key_T)
    QTest.keyClicks(QApplication.focusWidget(), "Cid 2nd")
    press(Qt.Key.Key_Return)
    settle()
    assert only(library).truth == Truth(Verdict.IS, "Cid 2nd")
    assert QApplication.focusWidget() is recognised.body.rows
    assert "Cid 2nd" in {person.name for person in library.people()}


def test_what_was_said_shows_when_the_photo_is_looked_at_again(
    qtbot: QtBot, recognised: RecognisePage, photo: Path, settle: Settle
) -> None:
    recognised.body.correct.stranger.click()
    settle()
    recognised.clear()
    recognised.recognise([photo])
    qtbot.waitUntil(lambda: "stranger" in recognised.body.correct.said.text())


def test_a_pasted_picture_is_kept_in_the_library(
    qtbot: QtBot, recognised: RecognisePage, library: Library, photo: Path, settle: Settle
) -> None:
    QApplication.clipboard().setImage(QImage(str(photo)))
    recognised.clear()
    recognised.paste()
    QApplication.clipboard().clear()
    qtbot.waitUntil(recognised.body.correct.isVisible)
    recognised.body.correct.stranger.click()
    settle()
    one = only(library)
    assert one.provenance.source is Source.PASTE
    assert Path(one.path).is_relative_to(library.path)


def test_without_a_library_the_panel_offers_to_open_one(
    qtbot: QtBot, page: RecognisePage, photo: Path, settle: Settle
) -> None:
    page.recognise([photo])
    panel = page.body.correct
    qtbot.waitUntil(panel.isVisible)
    settle()
    assert shown(page) == []
    page.setFocus()
    press(Qt.Key.Key_I, Qt.Key.Key_N, Qt.Key.Key_1)
    with qtbot.waitSignal(page.context.library_requested):
        panel.open_library.click()


def test_whom_only_the_model_knows_cannot_be_refused_but_named(
    qtbot: QtBot, library: Library, page: RecognisePage, photo: Path, tmp_path: Path, settle: Settle
) -> None:
    elsewhere = {"Zoe & Co": COLOURS["Ann"], "Yan": COLOURS["Bob"]}
    with qtbot.waitSignal(page.body.models.changed):
        page.body.models.open_bundle(write_colour_bundle(tmp_path / "z.facebundle", elsewhere))
    page.recognise([photo])
    qtbot.waitUntil(lambda: page.body.side.scores.name.text() == "Zoe & Co")
    settle()
    assert shown(page) == ["Zoe && Co", "Yan", "Somebody else…  T", "A stranger  I"]
    page.setFocus()
    press(Qt.Key.Key_N)
    settle()
    assert library.corrections() == []


def test_a_photo_that_has_gone_is_told(
    qtbot: QtBot, recognised: RecognisePage, library: Library, photo: Path, settle: Settle
) -> None:
    photo.unlink()
    with qtbot.waitSignal(recognised.context.lanes.task_failed) as failed:
        recognised.body.correct.stranger.click()
    assert isinstance(failed.args[1], ImageError)
    settle()
    assert recognised.body.correct.said.text() == ""


def test_without_a_face_there_is_nothing_to_correct(
    qtbot: QtBot, recognised: RecognisePage, tmp_path: Path, settle: Settle
) -> None:
    recognised.clear()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    recognised.recognise([broken])
    qtbot.waitUntil(lambda: not recognised.busy)
    settle()
    assert not recognised.body.correct.isVisible()


def test_every_key_is_on_the_sheet(page: RecognisePage) -> None:
    keys = [key for key, _ in page.keys()]  # noqa: SIM118 - no dictionary
    assert {"T", "N", "I", "1 … 9"} <= set(keys)


@pytest.mark.parametrize(
    ("key", "title", "row", "label"),
    [
        (Qt.Key.Key_2, "Bob ✓", "Bob", "Bob ✓"),
        (Qt.Key.Key_N, "Not Ann ✓", "Unknown", "Not Ann ✓"),
        (Qt.Key.Key_I, "A stranger ✓", "Unknown", "A stranger ✓"),
    ],
)
def test_the_owners_word_wins_everywhere_until_it_is_taken_back(
    qtbot: QtBot,
    recognised: RecognisePage,
    library: Library,
    settle: Settle,
    key: Qt.Key,
    title: str,
    row: str,
    label: str,
) -> None:
    body, results = recognised.body, recognised.results
    recognised.setFocus()
    press(key)
    qtbot.waitUntil(lambda: body.side.scores.name.text() == title, timeout=20_000)
    settle()
    (photo,) = results.photos
    assert summary(photo) == row
    assert word_of(photo.faces[0]) == label
    assert body.view.faces == list(photo.faces)
    assert body.side.scores.verdict.text().startswith("The model said: Ann.")
    known = row != "Unknown"
    assert (results.tally.kinds[Kind.KNOWN], results.tally.kinds[Kind.UNKNOWN]) == (
        int(known),
        int(not known),
    )
    recognised.context.write("Undo", library.undo)
    qtbot.waitUntil(lambda: body.side.scores.name.text() == "Ann", timeout=20_000)
    settle()
    assert summary(results.photos[0]) == "Ann"


def test_a_photo_that_was_corrected_before_shows_the_owners_word(
    qtbot: QtBot, recognised: RecognisePage, photo: Path, settle: Settle
) -> None:
    recognised.body.correct.choices[1].click()
    settle()
    recognised.clear()
    recognised.recognise([photo])
    qtbot.waitUntil(lambda: recognised.body.side.scores.name.text() == "Bob ✓", timeout=20_000)


def test_what_is_taken_out_has_the_owners_word(
    qtbot: QtBot, recognised: RecognisePage, tmp_path: Path, settle: Settle
) -> None:
    dialog = recognised.export.sort()  # it knows the files as they were
    recognised.body.correct.choices[1].click()
    settle()
    dialog.folder.setText(str(tmp_path / "sorted"))
    dialog.go.click()
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=20_000)
    assert (tmp_path / "sorted" / "Bob" / "ann.png").exists()
    dialog.accept()
