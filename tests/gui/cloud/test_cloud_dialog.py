"""Google Cloud Vision from the owner's chair: agree, ask, see what left, compare, take back.

The service is a stand-in on this machine behind the real client library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from facegui.domain.cloud import CloudAnswer, CloudFace, Likelihood
from facegui.domain.control import NullControl
from facegui.domain.geometry import Box, Pose
from facegui.gui.cloud.ask_view import connect_for_real
from facegui.gui.cloud.consent import ConsentSheet
from facegui.gui.cloud.dialog import CloudDialog
from facegui.gui.cloud.pair_view import CLOUD_COLOUR, LOCAL_COLOUR, pen_of
from facegui.gui.cloud.words import angles, dollars, says
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.settings import AppSettings
from facegui.services.cloud.consent import give_consent, standing_consent
from facegui.services.cloud.plan import CloudPlan, Scope, choose_photos
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.cloud_server import FakeVision, rest_vision
from tests.fakes.faces import fake_tools, picture
from tests.fakes.service_account import service_account_key

RED, BLUE = (250, 20, 20), (20, 20, 250)
Settle = Callable[[], None]


@pytest.fixture
def service() -> FakeVision:
    return FakeVision()


@pytest.fixture
def context(qapp: object) -> Iterator[AppContext]:
    made = AppContext(fake_tools(analyser=SquareAnalyser))
    yield made
    assert made.lanes.close(timeout_s=30)
    made.set_library(None)
    made.tools.close()
    made.deleteLater()


@pytest.fixture
def library(context: AppContext, tmp_path: Path) -> Library:
    """Two photos with a face in the middle, where the service sees one, and one without."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, colour in enumerate((RED, BLUE)):
        face = picture((60, 36, colour), side=40, width=160, height=112)
        Image.fromarray(face).save(folder / f"{number}.png")
    Image.new("RGB", (160, 112)).save(folder / "2 nobody.png")
    made = create_library(tmp_path / "test.facegui")
    import_photos(made, ImportRequest((folder,)), NullControl())
    scan(made, context.tools, ScanRequest(threads=1), NullControl())
    context.set_library(made)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def dialog(
    qtbot: QtBot,
    context: AppContext,
    library: Library,
    settings: AppSettings,
    service: FakeVision,
) -> Iterator[CloudDialog]:
    with rest_vision(service) as connect:
        made = CloudDialog(context, settings, connect=lambda _key: connect())
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # the test deletes it
        qtbot.addWidget(made)
        made.show()
        qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=60_000)
        yield made
        service.let_go.set()
        qtbot.waitUntil(lambda: not made.ask.busy, timeout=60_000)


@pytest.fixture
def settle(qtbot: QtBot, context: AppContext, dialog: CloudDialog) -> Settle:
    def quiet() -> bool:
        return not (context.lanes.busy() or dialog.ask.busy or dialog.compare.busy)

    return lambda: qtbot.waitUntil(quiet, timeout=60_000)


@pytest.fixture
def key(tmp_path: Path, dialog: CloudDialog, settle: Settle) -> Path:
    path = service_account_key(tmp_path / "finder.json")
    dialog.ask.use_key(path)
    settle()
    return path


def agree(dialog: CloudDialog, *, cap_usd: float = 1.0) -> None:
    """Press the button, read the sheet, tick its box, press its button."""
    dialog.ask.form.send.click()
    sheet = dialog.ask.findChild(ConsentSheet)
    assert sheet is not None
    sheet.set_cap(cap_usd)
    sheet.agree.click()
    sheet.send.click()


def test_it_is_off_and_says_what_to_do_first(dialog: CloudDialog, service: FakeVision) -> None:
    form = dialog.ask.form
    assert not form.send.isEnabled()
    assert "Choose the key file" in form.account.text()
    assert form.consent.text().startswith("Off.")
    assert form.take_back.isHidden()
    assert form.plan.text() == "3 photos. About $0.009."
    assert dialog.ledger.total.text() == "Nothing has left this computer."
    assert not dialog.ledger.export.isEnabled()
    assert service.requests == []


def test_a_file_that_is_no_key_says_why(
    dialog: CloudDialog, settle: Settle, tmp_path: Path
) -> None:
    (tmp_path / "notes.json").write_text("{}")
    dialog.ask.use_key(tmp_path / "notes.json")
    settle()
    assert "not the key of a service account" in dialog.ask.form.account.text()
    assert not dialog.ask.form.send.isEnabled()


def test_the_key_file_is_chosen_by_hand_and_remembered(
    dialog: CloudDialog,
    settle: Settle,
    settings: AppSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = service_account_key(tmp_path / "finder.json")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    dialog.ask.form.choose_key.click()
    settle()
    assert settings.cloud_key == path
    assert "finder@example-project" in dialog.ask.form.account.text()
    assert dialog.ask.form.send.isEnabled()
    assert dialog.ask.form.send.text() == "Ask about 3 photos…"


def test_nothing_is_sent_until_the_box_is_ticked(
    dialog: CloudDialog, key: Path, settle: Settle, library: Library, service: FakeVision
) -> None:
    dialog.ask.form.send.click()
    sheet = dialog.ask.findChild(ConsentSheet)
    assert sheet is not None
    words = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for told in ("Google LLC", "Google Cloud Vision API", "1600 × 1200", "3 photos", "$0.009"):
        assert told in words
    assert "$1.50 for 1,000 units, as of 20" in words
    assert not sheet.send.isEnabled()
    sheet.reject()
    settle()
    assert standing_consent(library) is None
    assert service.requests == []


def test_agreeing_asks_and_tells(
    dialog: CloudDialog, key: Path, settle: Settle, library: Library, service: FakeVision
) -> None:
    service.errors[2] = "Bad image data."
    agree(dialog, cap_usd=2.5)
    settle()
    consent = standing_consent(library)
    assert consent is not None
    assert (consent.photos, consent.cap_usd) == (3, 2.5)
    assert len(service.pictures) == 3
    form = dialog.ask.form
    assert form.result.text() == ("2 photos answered, 2 faces, at most $0.009. 1 has no answer:")
    assert form.failures.toPlainText().endswith("2 nobody.png: Bad image data.")
    assert "to send 3 photos to Google Cloud Vision API for at most $2.50" in form.consent.text()
    assert form.send.text() == "Ask about 1 photo…"
    assert not form.send.isHidden()
    assert form.halt.isHidden()


def test_a_consent_that_reaches_is_not_asked_for_again(
    dialog: CloudDialog, key: Path, settle: Settle, library: Library, service: FakeVision
) -> None:
    give_consent(library, 10, cap_usd=1.0)
    dialog.ask.refresh()
    settle()
    assert dialog.ask.form.send.text() == "Ask about 3 photos"
    dialog.ask.form.send.click()
    settle()
    assert dialog.ask.findChild(ConsentSheet) is None
    assert len(service.pictures) == 3
    assert not dialog.ask.form.send.isEnabled()
    assert "3 are answered already and cost nothing." in dialog.ask.form.plan.text()


def test_a_consent_can_be_taken_back(
    dialog: CloudDialog, key: Path, settle: Settle, library: Library
) -> None:
    give_consent(library, 10, cap_usd=1.0)
    dialog.ask.refresh()
    settle()
    dialog.ask.form.take_back.click()
    settle()
    assert standing_consent(library) is None
    assert dialog.ask.form.consent.text().startswith("Off.")


def test_stop_ends_a_run(
    qtbot: QtBot, dialog: CloudDialog, key: Path, settle: Settle, service: FakeVision
) -> None:
    service.hang = True
    agree(dialog)
    qtbot.waitUntil(service.arrived.is_set, timeout=60_000)
    assert not dialog.ask.form.halt.isHidden()
    dialog.ask.form.halt.click()
    settle()
    assert dialog.ask.form.result.text().startswith("Stopped.")
    assert dialog.ask.form.halt.isHidden()


def test_a_refusal_is_told_in_the_window(
    dialog: CloudDialog, key: Path, settle: Settle, service: FakeVision
) -> None:
    service.failures = [403]
    agree(dialog)
    settle()
    told = " ".join(label.text() for label in dialog._notice.findChildren(QLabel))
    assert "refuses this service account" in told
    assert "Switch on the Cloud Vision API" in told
    assert not dialog._notice.isHidden()


def test_fewer_photos_are_asked_about(
    dialog: CloudDialog, key: Path, settle: Settle, library: Library
) -> None:
    dialog.ask.form.choose(Scope.NO_FACE, 5)
    settle()
    assert dialog.ask.form.send.text() == "Ask about 1 photo…"
    dialog.ask.form.choose(Scope.ALL, 2)
    settle()
    assert dialog.ask.form.send.text() == "Ask about 2 photos…"
    assert choose_photos(library, Scope.ALL, 2) == (1, 2)
    assert choose_photos(library, Scope.ALL, 99) == (1, 2, 3)


# What was sent


def test_the_ledger_lists_what_left_newest_first(
    dialog: CloudDialog, key: Path, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = dialog.ledger.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    agree(dialog)
    settle()
    assert model.rowCount() == 3
    assert model.data(model.index(0, 1)) == "2 nobody.png"
    assert model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole).endswith("/2 nobody.png")
    row = [model.data(model.index(0, column)) for column in range(2, model.columnCount())]
    assert (row[0], row[2], row[3]) == ("160 × 112", "$0.003", "answered")
    assert dialog.ledger.total.text().startswith("3 photos, 0.0 MB, at most $0.009 in all.")

    out = tmp_path / "ledger.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    dialog.ledger.export.click()
    settle()
    assert len(out.read_text("utf-8").splitlines()) == 4


# Compare


def test_before_anything_was_asked_it_leads_to_asking(dialog: CloudDialog) -> None:
    dialog.tabs.setCurrentWidget(dialog.compare)
    dialog.compare._empty.buttons[0].click()
    assert dialog.tabs.currentWidget() is dialog.ask


def test_both_sides_stand_beside_each_other(
    qtbot: QtBot, dialog: CloudDialog, key: Path, settle: Settle
) -> None:
    QAbstractItemModelTester(
        dialog.compare.photos, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    agree(dialog)
    settle()
    compare = dialog.compare
    dialog.tabs.setCurrentWidget(compare)
    assert compare.photos.rowCount() == 3
    assert compare.photos.data(compare.photos.index(0)) == "0.png\n1 by both"
    assert compare.photos.data(compare.photos.index(2)) == "2 nobody.png\n1 only cloud"
    assert compare.agreed.text() == (
        "3 photos: 2 faces found by both, 0 only here, 1 only by the cloud. Where both found one, "
        "boxes overlap by 70% and angles differ by 10.0° roll, 20.5° pan, 5.2° tilt on average."
    )
    cells = [compare.table.item(0, column).text() for column in range(compare.table.columnCount())]
    assert cells == [
        "both",
        "70%",
        "+0.0° / +10.0°  (+10.0°)",
        "+0.0° / -20.5°  (-20.5°)",
        "+0.0° / +5.2°  (+5.2°)",
        "joy very likely, surprise possible, blurred likely",
    ]
    assert compare.labels.text() == "The cloud also sees: Face 75%, Sunglasses 75%"


def test_boxes_differ_by_more_than_colour(
    qtbot: QtBot, dialog: CloudDialog, key: Path, settle: Settle
) -> None:
    assert pen_of(cloud=True).style() is not pen_of(cloud=False).style()
    agree(dialog)
    settle()
    dialog.tabs.setCurrentWidget(dialog.compare)
    qtbot.waitUntil(lambda: not dialog.compare.view._image.isNull(), timeout=60_000)
    dialog.compare.table.selectRow(0)
    shot = dialog.compare.view.grab().toImage()
    colours = {
        shot.pixelColor(x, y).name() for x in range(shot.width()) for y in range(shot.height())
    }
    assert {LOCAL_COLOUR.name(), CLOUD_COLOUR.name()} <= colours


def test_the_clouds_faces_can_be_taken(
    dialog: CloudDialog, key: Path, settle: Settle, library: Library
) -> None:
    agree(dialog)
    settle()
    dialog.compare.take_one.click()
    settle()
    faces = library.faces_of_photos([1, 2])
    assert faces[1][0].pose == Pose(10.0, -20.5, 5.25)
    assert faces[1][0].sunglasses == 1.0
    assert faces[2][0].pose == Pose(0.0, 0.0, 0.0)
    assert not dialog.compare.take_one.isEnabled()
    model = dialog.compare.photos
    assert model.data(model.index(0)) == "0.png\nthe cloud's faces are in use"
    told = " ".join(label.text() for label in dialog._notice.findChildren(QLabel))
    assert "1 photo has the cloud's faces now." in told

    dialog.compare.take_all.click()
    settle()
    assert library.faces_of_photos([2])[2][0].detector.startswith("google-cloud-vision-v1+")


# Small things


def test_words() -> None:
    assert [dollars(value) for value in (0, 0.003, 0.0996, 0.1, 12.5, 1234.5)] == [
        "$0.00",
        "$0.003",
        "$0.100",
        "$0.10",
        "$12.50",
        "$1,234.50",
    ]
    assert angles(1.0, None, None) == "+1.0° / –"
    never = Likelihood.VERY_UNLIKELY
    face = CloudFace(Box(0, 0, 1, 1), None, Pose(0, 0, 0), 1.0, *([never] * 7))
    assert says(face) == "nothing in particular"
    assert CloudAnswer((face, face)).sunglasses is None


def test_the_cap_starts_above_what_it_costs(qtbot: QtBot) -> None:
    plan = CloudPlan(2000, 0, 2000, 6.0, 4.0, None, 0, 0)
    sheet = ConsentSheet(plan)
    qtbot.addWidget(sheet)
    assert sheet.cap_usd == pytest.approx(12.0)


def test_the_real_connection_needs_a_real_key(tmp_path: Path) -> None:
    connect_for_real(service_account_key(tmp_path / "key.json")).close()


def test_the_menu_of_the_window_opens_it(
    qtbot: QtBot, context: AppContext, library: Library, settings: AppSettings
) -> None:
    window = MainWindow(context, settings)
    qtbot.addWidget(window)
    window.show_library(library)
    menu = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "&Photos")
    action = next(a for a in menu.actions() if "Google Cloud" in a.text().replace("&", ""))
    action.trigger()
    qtbot.waitUntil(lambda: window.findChild(CloudDialog) is not None, timeout=60_000)
    opened = window.findChild(CloudDialog)
    assert opened.isVisible()
    qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=60_000)
    opened.close()
    qtbot.waitUntil(lambda: window.findChild(CloudDialog) is None, timeout=60_000)
    window.close()


def test_closing_it_in_the_middle_keeps_the_answers(
    qtbot: QtBot,
    context: AppContext,
    library: Library,
    settings: AppSettings,
    service: FakeVision,
    tmp_path: Path,
) -> None:
    settings.cloud_key = service_account_key(tmp_path / "key.json")
    give_consent(library, 10, cap_usd=1.0)
    service.hang = True
    with rest_vision(service) as connect:
        window = MainWindow(context, settings)
        qtbot.addWidget(window)
        dialog = CloudDialog(context, settings, window, connect=lambda _key: connect())
        dialog.show()
        qtbot.waitUntil(dialog.ask.form.send.isEnabled, timeout=60_000)
        dialog.ask.form.send.click()
        qtbot.waitUntil(service.arrived.is_set, timeout=60_000)
        dialog.close()
        qtbot.waitUntil(lambda: window.findChild(CloudDialog) is None, timeout=60_000)
        service.let_go.set()
        qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=60_000)
        assert len(list((library.path / "cloud" / "answers").iterdir())) == 3
        window.close()
