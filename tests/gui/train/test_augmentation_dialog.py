"""The window of augmentation over real crops: it follows the controls, and says what it cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.training import Augmentation
from facegui.gui.context import AppContext
from facegui.gui.train import augmentation_preview
from facegui.gui.train.augmentation_control import AugmentationControl
from facegui.gui.train.augmentation_dialog import AugmentationDialog
from facegui.gui.train.augmentation_grid import VariantGrid
from facegui.gui.train.augmentation_preview import VARIANTS
from facegui.gui.train.settings import SettingsPanel
from facegui.services.learning.augmentation import NONE, STRONG, crop_to_show, variants
from facegui.services.learning.networks import NetworkChoice, network_choices
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.training_library import FakeLibrary

CLASSIC = next(choice for choice in network_choices() if choice.config.network == "classic")
WAIT_MS = 20_000


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    made = FakeLibrary(tmp_path / "library")
    made.add("Ada", 3, folder=tmp_path / "photos")
    made.add("Zoë", 1, folder=tmp_path / "photos")
    made.write_photos()
    return made


@pytest.fixture
def context(qapp: object, library: FakeLibrary) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    made.library = cast("Library", library)
    yield made
    assert made.lanes.close(timeout_s=30)
    made.tools.close()
    made.deleteLater()


def opened(qtbot: QtBot, context: AppContext, settings: Augmentation) -> AugmentationDialog:
    dialog = AugmentationDialog(context, CLASSIC, settings)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, context: AppContext) -> AugmentationDialog:
    made = opened(qtbot, context, NONE)
    qtbot.waitUntil(lambda: bool(made.preview.grid.images), timeout=WAIT_MS)
    return made


def pixels(image: QImage) -> NDArray[np.uint8]:
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return lines[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def shows(dialog: AugmentationDialog, face_id: int, settings: Augmentation, seed: int = 0) -> bool:
    """Whether exactly the variants that training would make are there."""
    crop = crop_to_show(dialog.preview._library, "classic", face_id)
    wanted = [crop, *variants(crop, settings, VARIANTS, seed)]
    found = dialog.preview.grid.images
    return len(found) == len(wanted) and all(
        np.array_equal(pixels(image), one) for image, one in zip(found, wanted, strict=True)
    )


def test_a_real_face_and_what_becomes_of_it(dialog: AugmentationDialog) -> None:
    assert len(dialog.preview.grid.images) == 1 + VARIANTS
    assert shows(dialog, 1, NONE)
    assert dialog.preview.person.currentText() == "Ada"
    assert dialog.preview.place.text() == "1 of 3"
    assert "Classic CNN" in dialog.windowTitle()


def test_variants_follow_the_controls(qtbot: QtBot, dialog: AugmentationDialog) -> None:
    dialog.panel.rows["rotation"].moved.emit(20.0)
    turned = replace(NONE, rotation=20.0)
    assert dialog.panel.settings() == turned
    qtbot.waitUntil(lambda: shows(dialog, 1, turned), timeout=WAIT_MS)


def test_only_the_latest_settings_count(
    qtbot: QtBot, dialog: AugmentationDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one drawing is under way, a slider may move a hundred times: one more follows."""
    go, asked = threading.Event(), []

    def slow(crop: NDArray[np.uint8], settings: Augmentation, count: int, seed: int) -> object:
        asked.append(settings)
        assert go.wait(60)
        return variants(crop, settings, count, seed)

    monkeypatch.setattr(augmentation_preview, "variants", slow)
    for degrees in range(1, 31):
        dialog.panel.rows["rotation"].moved.emit(float(degrees))
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=WAIT_MS)
    go.set()
    last = replace(NONE, rotation=30.0)
    qtbot.waitUntil(lambda: shows(dialog, 1, last), timeout=WAIT_MS)
    assert asked == [replace(NONE, rotation=1.0), last]


def test_rolling_again_changes_the_draws_and_not_the_settings(
    qtbot: QtBot, context: AppContext
) -> None:
    dialog = opened(qtbot, context, STRONG)
    qtbot.waitUntil(lambda: bool(dialog.preview.grid.images), timeout=WAIT_MS)
    assert shows(dialog, 1, STRONG, seed=0)
    dialog.preview.again.click()
    qtbot.waitUntil(lambda: shows(dialog, 1, STRONG, seed=1), timeout=WAIT_MS)
    assert dialog.panel.settings() == STRONG


def test_faces_of_one_person_in_turn(qtbot: QtBot, dialog: AugmentationDialog) -> None:
    preview = dialog.preview
    for button, face_id, place in (
        (preview.next, 2, "2 of 3"),
        (preview.previous, 1, "1 of 3"),
        (preview.previous, 3, "3 of 3"),
    ):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert preview.place.text() == place
        qtbot.waitUntil(lambda face_id=face_id: shows(dialog, face_id, NONE), timeout=WAIT_MS)


def test_another_person(qtbot: QtBot, dialog: AugmentationDialog) -> None:
    person = dialog.preview.person
    assert [person.itemText(n) for n in range(person.count())] == ["Ada", "Zoë"]
    person.setCurrentIndex(1)
    person.activated.emit(1)
    qtbot.waitUntil(lambda: shows(dialog, 4, NONE), timeout=WAIT_MS)
    assert dialog.preview.place.text() == "1 of 1"
    assert not dialog.preview.next.isEnabled()


@pytest.mark.parametrize(("key", "face_id"), [("D", 2), ("A", 3)])
def test_keys_lead_to_other_faces(
    qtbot: QtBot, dialog: AugmentationDialog, key: str, face_id: int
) -> None:
    qtbot.keyClick(dialog, key)
    qtbot.waitUntil(lambda: shows(dialog, face_id, NONE), timeout=WAIT_MS)


def test_a_face_that_cannot_be_read_says_so_and_others_follow(
    qtbot: QtBot, dialog: AugmentationDialog, library: FakeLibrary
) -> None:
    (photo,) = library.photos([2])
    Path(photo.path).unlink()
    grid = dialog.preview.grid
    dialog.preview.next.click()
    qtbot.waitUntil(lambda: "2.png" in grid.words, timeout=WAIT_MS)
    assert not grid.images
    dialog.panel.rows["rotation"].moved.emit(20.0)
    assert "2.png" in grid.words, "there is nothing to turn"
    dialog.preview.next.click()
    qtbot.waitUntil(lambda: shows(dialog, 3, replace(NONE, rotation=20.0)), timeout=WAIT_MS)


def test_without_faces_it_says_what_is_missing(
    qtbot: QtBot, context: AppContext, tmp_path: Path
) -> None:
    context.library = cast("Library", FakeLibrary(tmp_path / "empty"))
    dialog = opened(qtbot, context, NONE)
    qtbot.waitUntil(lambda: "no face yet" in dialog.preview.grid.words, timeout=WAIT_MS)
    assert not dialog.preview.again.isEnabled()
    dialog.panel.rows["rotation"].moved.emit(20.0)
    assert dialog.panel.settings().rotation == 20.0


def test_use_and_cancel(qtbot: QtBot, context: AppContext) -> None:
    dialog = opened(qtbot, context, NONE)
    dialog.panel.flip.click()
    with qtbot.waitSignal(dialog.chosen) as heard:
        dialog.use.click()
    assert heard.args == [replace(NONE, flip=True)]
    dialog = opened(qtbot, context, NONE)
    dialog.panel.flip.click()
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.cancel.click()


def test_what_arrives_after_it_was_closed_is_left_alone(qtbot: QtBot, context: AppContext) -> None:
    dialog = opened(qtbot, context, STRONG)
    dialog.reject()
    qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=WAIT_MS)


def test_it_fits_a_small_window(dialog: AugmentationDialog) -> None:
    dialog.resize(dialog.minimumSize())
    assert dialog.width() <= 900
    assert dialog.height() <= 600
    for widget in (dialog.use, dialog.panel.reset, dialog.preview.again):
        corner = widget.mapTo(dialog, widget.rect().bottomRight())
        assert dialog.rect().contains(corner)


# The grid by itself


@pytest.mark.parametrize("size", [(600, 360), (320, 500), (1200, 200), (300, 190)])
def test_all_variants_are_seen_whatever_the_shape(qtbot: QtBot, size: tuple[int, int]) -> None:
    grid = VariantGrid()
    qtbot.addWidget(grid)
    grid.resize(*size)
    image = QImage(96, 96, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    grid.show_images([image] * (1 + VARIANTS))
    grid.grab()
    cells = grid._cells()
    assert len(cells) == 1 + VARIANTS
    for cell in cells:
        assert grid.rect().contains(cell)
        assert cell.width() == cell.height()
    assert not any(a.intersects(b) for n, a in enumerate(cells) for b in cells[:n])


def test_words_stand_in_place_of_images(qtbot: QtBot) -> None:
    grid = VariantGrid()
    qtbot.addWidget(grid)
    grid.resize(300, 200)
    blank = grid.grab().toImage()
    grid.say("Nothing to see")
    assert grid.grab().toImage() != blank
    assert (grid.words, list(grid.images)) == ("Nothing to see", [])


# From the settings of the Train page


def test_the_settings_take_what_was_chosen(qtbot: QtBot, context: AppContext) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    settings = SettingsPanel(CLASSIC, window)
    AugmentationControl(context, settings)
    window.show()
    for expected in (CLASSIC.config.augmentation, STRONG):
        settings.augment.click()
        qtbot.waitUntil(lambda: bool(window.findChildren(AugmentationDialog)), timeout=WAIT_MS)
        (dialog,) = window.findChildren(AugmentationDialog)
        assert dialog.panel.settings() == expected
        dialog.panel.set_settings(STRONG)
        dialog.use.click()
        qtbot.waitUntil(lambda: not window.findChildren(AugmentationDialog), timeout=WAIT_MS)
        assert settings.config() == replace(CLASSIC.config, augmentation=STRONG)
        assert "rotation ±15°" in settings._augmentation.text()
    settings.reset()
    assert settings.config() == CLASSIC.config


def test_a_network_on_embeddings_has_no_such_button(qtbot: QtBot) -> None:
    transfer = next(choice for choice in network_choices() if not choice.takes_crops)
    settings = SettingsPanel(transfer)
    qtbot.addWidget(settings)
    settings.show()
    assert not settings.augment.isVisible()
    settings.show_choice(cast("NetworkChoice", CLASSIC))
    assert settings.augment.isVisible()
