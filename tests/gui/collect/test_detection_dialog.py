"""The dialog about how faces are found, over a real library and a stand-in for the detector."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from facegui.domain.control import NullControl
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ModelUnavailable
from facegui.gui.collect.detection_dialog import DetectionDialog
from facegui.gui.collect.detection_form import DetectionForm, cost_words
from facegui.gui.context import AppContext
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import create_library
from facegui.services.scanning.detection_settings import detect_options
from tests.fakes.faces import Square, SquareFinder, fake_tools, picture, square
from tests.fakes.videos import BLUE, GREEN, RED

SCORES = {RED: 0.9, GREEN: 0.6, BLUE: 0.4}


class Scoring(SquareFinder):
    """Surer of red faces than of green and blue ones; waits at the gate before each look."""

    gate = threading.Event()
    made: list[DetectOptions]

    def __init__(self, options: DetectOptions) -> None:
        super().__init__(options)
        self.made.append(options)

    def find(self, image: RgbImage) -> list[Square]:
        assert self.gate.wait(60)
        found = []
        for face in super().find(image):
            x, y = (round(value) for value in face.box.centre)
            score = SCORES[tuple(image[y, x].tolist())]  # type: ignore[index]
            found.append(square(face.box.x1, face.box.y1, face.box.width, score))
        return found


@pytest.fixture
def context(qapp: object, tmp_path: Path) -> Iterator[AppContext]:
    Scoring.gate.set()
    Scoring.made = []
    context = AppContext(fake_tools(finder=Scoring))
    context.set_library(create_library(tmp_path / "test.facegui"))
    yield context
    Scoring.gate.set()
    assert context.lanes.close(timeout_s=30)
    context.set_library(None)
    context.tools.close()
    context.deleteLater()


@pytest.fixture
def photos(context: AppContext, tmp_path: Path) -> None:
    """Three photos: a red face; a red and a green one; three of all colours, the last small."""
    folder = tmp_path / "photos"
    folder.mkdir()
    images = {
        "1.png": picture((10, 10, RED)),
        "2.png": picture((10, 10, RED), (60, 40, GREEN)),
        "3.png": picture((10, 10, RED), (60, 40, GREEN), (110, 40, BLUE)),
    }
    for name, image in images.items():
        Image.fromarray(image).save(folder / name)
    assert context.library is not None
    import_photos(context.library, ImportRequest((folder,)), NullControl())


@pytest.fixture
def dialog(qtbot: QtBot, context: AppContext) -> DetectionDialog:
    dialog = DetectionDialog(context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.form.isEnabled, timeout=60_000)
    return dialog


def settled(qtbot: QtBot, dialog: DetectionDialog, text: str) -> None:
    qtbot.waitUntil(lambda: text in words(dialog), timeout=60_000)


def words(dialog: DetectionDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def button(dialog: DetectionDialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


@pytest.mark.usefixtures("photos")
def test_strictness_counts_at_once_without_another_look(
    qtbot: QtBot, dialog: DetectionDialog
) -> None:
    settled(qtbot, dialog, "3 faces in these 3 photos")
    settled(qtbot, dialog, "Solid boxes count")
    slider = dialog.form.strictness.slider
    slider.setValue(50)
    assert "5 faces in these 3 photos" in words(dialog)
    slider.setValue(30)
    assert "6 faces in these 3 photos" in words(dialog)
    slider.setValue(95)
    assert "0 faces in these 3 photos" in words(dialog)
    assert not dialog._pause.isActive()
    assert len(Scoring.made) == 1
    assert Scoring.made[0].min_score == 0.3


@pytest.mark.usefixtures("photos")
def test_another_smallest_face_is_looked_for_when_the_owner_pauses(
    qtbot: QtBot, dialog: DetectionDialog
) -> None:
    settled(qtbot, dialog, "Solid boxes count")
    slider = dialog.form.smallest.slider
    for value in (15, 20, 30):
        slider.setValue(value)
    assert "0 faces in these 3 photos" in words(dialog)  # the squares have 24 px
    qtbot.waitUntil(lambda: len(Scoring.made) == 2, timeout=60_000)
    assert Scoring.made[1].smallest_face_px == 30
    settled(qtbot, dialog, "Solid boxes count")


@pytest.mark.usefixtures("photos")
def test_the_latest_look_wins(qtbot: QtBot, dialog: DetectionDialog) -> None:
    settled(qtbot, dialog, "Solid boxes count")
    Scoring.gate.clear()
    dialog.form.turned.setChecked(False)
    qtbot.waitUntil(lambda: len(Scoring.made) == 2, timeout=60_000)
    dialog.form.closeness.setCurrentIndex(0)
    qtbot.waitUntil(lambda: len(Scoring.made) == 3, timeout=60_000)
    assert "Looking: 0 of 3" in words(dialog)
    Scoring.gate.set()
    settled(qtbot, dialog, "Solid boxes count")
    assert (Scoring.made[2].turned, Scoring.made[2].closest_px) == (False, 0)
    assert "3 faces in these 3 photos" in words(dialog)


@pytest.mark.usefixtures("photos")
def test_the_owner_steps_through_the_photos(qtbot: QtBot, dialog: DetectionDialog) -> None:
    settled(qtbot, dialog, "2 of 3 · 1 face · 2.png")
    settled(qtbot, dialog, "Solid boxes count")
    qtbot.keyClick(dialog, Qt.Key.Key_D)
    assert "3 of 3 · 1 face · 3.png" in words(dialog)
    assert (len(dialog.picture._counting), len(dialog.picture._others)) == (1, 2)
    dialog.form.strictness.slider.setValue(50)
    assert "3 of 3 · 2 faces · 3.png" in words(dialog)
    assert (len(dialog.picture._counting), len(dialog.picture._others)) == (2, 1)
    qtbot.keyClick(dialog, Qt.Key.Key_D)
    assert "1 of 3" in words(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_A)
    assert "3 of 3" in words(dialog)


@pytest.mark.usefixtures("photos")
def test_boxes_are_painted(qtbot: QtBot, dialog: DetectionDialog) -> None:
    settled(qtbot, dialog, "Solid boxes count")
    dialog.form.strictness.slider.setValue(95)
    without = dialog.picture.grab().toImage()
    dialog.form.strictness.slider.setValue(50)
    assert dialog.picture.grab().toImage() != without


@pytest.mark.usefixtures("photos")
@pytest.mark.parametrize(
    ("text", "rescans"), [("Use for new photos", 0), ("Use and scan all again", 1)]
)
def test_the_settings_are_kept(
    qtbot: QtBot, dialog: DetectionDialog, context: AppContext, text: str, rescans: int
) -> None:
    asked: list[bool] = []
    context.rescan_requested.connect(lambda: asked.append(True))
    dialog.form.strictness.slider.setValue(55)
    dialog.form.turned.setChecked(False)
    with qtbot.waitSignal(dialog.accepted, timeout=60_000):
        button(dialog, text).click()
    assert context.library is not None
    assert detect_options(context.library) == DetectOptions(min_score=0.55, turned=False)
    assert len(asked) == rescans


@pytest.mark.usefixtures("photos")
def test_cancel_keeps_nothing_and_stops_looking(
    qtbot: QtBot, dialog: DetectionDialog, context: AppContext
) -> None:
    Scoring.gate.clear()
    dialog.form.strictness.slider.setValue(55)
    button(dialog, "Cancel").click()
    Scoring.gate.set()
    qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=60_000)
    assert context.library is not None
    assert detect_options(context.library) == DetectOptions()


@pytest.mark.usefixtures("photos")
def test_the_usual_settings_come_back(qtbot: QtBot, dialog: DetectionDialog) -> None:
    dialog.form.smallest.slider.setValue(90)
    dialog.form.closeness.setCurrentIndex(2)
    button(dialog, "Usual settings").click()
    assert dialog.form.options == DetectOptions()
    settled(qtbot, dialog, "Solid boxes count")
    settled(qtbot, dialog, "3 faces in these 3 photos")


def test_without_photos_the_dialog_says_so_and_still_keeps(
    qtbot: QtBot, dialog: DetectionDialog, context: AppContext
) -> None:
    assert "no photos yet" in dialog.picture._message
    dialog.form.strictness.slider.setValue(60)
    with qtbot.waitSignal(dialog.accepted, timeout=60_000):
        button(dialog, "Use for new photos").click()
    assert context.library is not None
    assert detect_options(context.library).min_score == 0.6


@pytest.mark.usefixtures("photos")
def test_a_missing_detector_is_told(qtbot: QtBot, context: AppContext) -> None:
    class Gone:
        def path(self, name: str, control: object = None) -> Path:
            raise ModelUnavailable("The detector is not here.", "Connect to the network.")

    before = context.tools
    context.tools = fake_tools(models=Gone())
    dialog = DetectionDialog(context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "Connect to the network." in dialog.picture._message, timeout=60_000)
    context.tools.close()
    context.tools = before


def test_the_form_tells_only_what_the_owner_changes(qtbot: QtBot) -> None:
    form = DetectionForm()
    qtbot.addWidget(form)
    told: list[DetectOptions] = []
    form.options_changed.connect(told.append)
    wanted = DetectOptions(min_score=0.5, smallest_face_px=40.0, closest_px=0, turned=False)
    form.show_options(wanted)
    assert told == []
    assert form.options == wanted
    assert (form.strictness.slider.value(), form.smallest.slider.value()) == (50, 40)
    form.turned.setChecked(True)
    form.closeness.setCurrentIndex(1)
    assert [(options.turned, options.closest_px) for options in told] == [(True, 0), (True, 2560)]


def test_the_form_says_how_small_faces_of_a_large_photo_may_be(qtbot: QtBot) -> None:
    form = DetectionForm()
    qtbot.addWidget(form)
    assert "28\u00a0px" in form.reach.text()
    form.closeness.setCurrentIndex(0)
    assert "112\u00a0px" in form.reach.text()
    form.smallest.slider.setValue(150)
    assert "150\u00a0px" in form.reach.text()


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 second"), (80, "80 seconds"), (150, "2 minutes")]
)
def test_the_cost_is_told_in_minutes_where_it_is_long(seconds: float, said: str) -> None:
    assert f"in all 500 photos takes about {said}" in cost_words(seconds, 500)
    assert cost_words(0, 500) == ""
