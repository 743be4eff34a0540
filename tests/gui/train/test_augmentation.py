"""The controls of augmentation: presets, every operation, reset, and the sentence about it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QWidget
from pytestqt.qtbot import QtBot

from facegui.domain.training import Augmentation
from facegui.gui.train.augmentation import AugmentationPanel
from facegui.gui.train.augmentation_rows import AmountRow, FactorRow
from facegui.gui.train.augmentation_words import augmentation_in_words
from facegui.services.learning.augmentation import NONE, STRONG, augmentation_presets
from facegui.services.learning.networks import network_choices

OWN = replace(NONE, shift=0.1234567, contrast=(0.333, 1.777), hue=1 / 30)


@pytest.fixture
def panel(qtbot: QtBot) -> AugmentationPanel:
    made = AugmentationPanel(OWN)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(panel: AugmentationPanel, title: str) -> None:
    """As the owner does: only then is ``activated`` emitted."""
    place = panel.preset.findText(title)
    panel.preset.setCurrentIndex(place)
    panel.preset.activated.emit(place)


def amount(panel: AugmentationPanel, field: str) -> AmountRow:
    row = panel.rows[field]
    assert isinstance(row, AmountRow)
    return row


def factor(panel: AugmentationPanel, field: str) -> FactorRow:
    row = panel.rows[field]
    assert isinstance(row, FactorRow)
    return row


def test_every_operation_has_a_control(panel: AugmentationPanel) -> None:
    assert {*panel.rows, "flip"} == {field.name for field in fields(Augmentation)}


def test_every_control_has_a_name_and_can_be_reached(panel: AugmentationPanel) -> None:
    controls: list[QWidget] = [panel.preset, panel.flip, panel.reset]
    for row in panel.rows.values():
        controls += [row.slider, row.box] if isinstance(row, AmountRow) else [row.low, row.high]
        label, *_ = row.widgets
        assert label.buddy() is not None  # type: ignore[attr-defined]
    for control in controls:
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    for control in controls[3:]:
        assert control.accessibleName()
        assert control.toolTip()


@pytest.mark.parametrize("choice", network_choices(), ids=lambda choice: choice.title)
def test_what_a_network_does_of_its_own_fits_the_controls(qtbot: QtBot, choice: object) -> None:
    own = choice.config.augmentation  # type: ignore[attr-defined]
    panel = AugmentationPanel(own)
    qtbot.addWidget(panel)
    assert panel.settings() == own
    for field, row in panel.rows.items():
        value = getattr(own, field)
        if isinstance(row, AmountRow):
            assert row.box.value() == pytest.approx(value * row.amount.per_unit, abs=0.05)
        else:
            assert (row.low.value(), row.high.value()) == pytest.approx(value, abs=0.005)


def test_settings_are_kept_to_the_last_digit(qtbot: QtBot, panel: AugmentationPanel) -> None:
    """What the boxes cannot show stays as it was until the owner moves that very control."""
    assert panel.settings() == OWN
    amount(panel, "blur").box.setValue(2.0)
    assert panel.settings() == replace(OWN, blur=2.0)


def test_showing_settings_says_nothing(qtbot: QtBot, panel: AugmentationPanel) -> None:
    with qtbot.assertNotEmitted(panel.changed):
        panel.set_settings(STRONG)
    assert panel.settings() == STRONG


@pytest.mark.parametrize("preset", augmentation_presets(), ids=lambda preset: preset.name)
def test_a_preset_sets_everything(qtbot: QtBot, panel: AugmentationPanel, preset: object) -> None:
    with qtbot.waitSignal(panel.changed) as heard:
        choose(panel, preset.title)  # type: ignore[attr-defined]
    wanted = preset.settings  # type: ignore[attr-defined]
    assert heard.args == [wanted]
    assert panel.settings() == wanted
    assert panel.flip.isChecked() is wanted.flip
    assert amount(panel, "rotation").box.value() == wanted.rotation
    assert factor(panel, "contrast").high.value() == wanted.contrast[1]


def test_a_moved_control_makes_the_preset_own(qtbot: QtBot, panel: AugmentationPanel) -> None:
    choose(panel, "Strong")
    assert panel.preset.currentText() == "Strong"
    amount(panel, "rotation").slider.setValue(250)
    assert panel.preset.currentText() == "Own"
    assert panel.settings() == replace(STRONG, rotation=25.0)
    amount(panel, "rotation").box.setValue(STRONG.rotation)
    assert panel.preset.currentText() == "Strong", "back where a preset has it"


def test_own_brings_back_what_was_own(qtbot: QtBot, panel: AugmentationPanel) -> None:
    mine = replace(OWN, blur=3.0)
    amount(panel, "blur").box.setValue(3.0)
    choose(panel, "None")
    assert panel.settings() == NONE
    choose(panel, "Own")
    assert panel.settings() == mine


def test_reset_leads_back_to_the_network(qtbot: QtBot, panel: AugmentationPanel) -> None:
    assert not panel.reset.isEnabled()
    choose(panel, "Strong")
    assert panel.reset.isEnabled()
    with qtbot.waitSignal(panel.changed) as heard:
        panel.reset.click()
    assert heard.args == [OWN]
    assert panel.settings() == OWN
    assert not panel.reset.isEnabled()


@pytest.mark.parametrize(
    ("field", "shown", "value"),
    [
        ("shift", 12, 0.12),
        ("zoom", 20, 0.2),
        ("rotation", 7.5, 7.5),
        ("shear", 5, 5.0),
        ("brightness", 35, 0.35),
        ("hue", 14.4, 0.04),
        ("blur", 0.7, 0.7),
        ("cutout", 40, 0.4),
    ],
)
def test_each_amount_is_heard_from_slider_and_box(
    qtbot: QtBot, panel: AugmentationPanel, field: str, shown: float, value: float
) -> None:
    panel.set_settings(NONE)
    row = amount(panel, field)
    with qtbot.waitSignal(panel.changed) as heard:
        row.slider.setValue(round(shown * 10))
    assert heard.args == [replace(NONE, **{field: value})]
    assert row.box.value() == pytest.approx(shown)
    row.box.setValue(0)
    assert row.slider.value() == 0
    row.box.setValue(shown)
    assert row.slider.value() == round(shown * 10)
    assert panel.settings() == replace(NONE, **{field: value})


@pytest.mark.parametrize("field", ["contrast", "saturation"])
def test_each_factor_is_heard(qtbot: QtBot, panel: AugmentationPanel, field: str) -> None:
    panel.set_settings(NONE)
    row = factor(panel, field)
    row.low.setValue(0.45)
    with qtbot.waitSignal(panel.changed) as heard:
        row.high.setValue(2.5)
    assert heard.args == [replace(NONE, **{field: (0.45, 2.5)})]
    row.low.setValue(1.5)
    row.high.setValue(0.5)
    assert panel.settings() == replace(NONE, **{field: (1.0, 1.0)}), "1 is always between them"


def test_flip_is_heard(qtbot: QtBot, panel: AugmentationPanel) -> None:
    with qtbot.waitSignal(panel.changed) as heard:
        panel.flip.click()
    assert heard.args == [replace(OWN, flip=True)]


def test_numbers_show_no_empty_digits(panel: AugmentationPanel) -> None:
    panel.set_settings(replace(NONE, rotation=15.0, hue=0.04, blur=1.5, contrast=(0.5, 1.75)))
    boxes: list[QDoubleSpinBox] = [
        *(amount(panel, field).box for field in ("rotation", "hue", "blur")),
        factor(panel, "contrast").low,
        factor(panel, "contrast").high,
    ]
    assert [box.text() for box in boxes] == ["15°", "14.4°", "1.5 px", "× 0.5", "× 1.75"]


def test_the_panel_fits_the_place_it_has(panel: AugmentationPanel) -> None:
    assert panel.minimumSizeHint().width() <= 356
    assert panel.minimumSizeHint().height() <= 470


# In words


def test_nothing_in_words() -> None:
    assert augmentation_in_words(NONE) == "Faces are learned from as they are."


def test_in_words() -> None:
    told = augmentation_in_words(Augmentation(brightness=0.5, contrast=(0.2, 2.0), hue=0.08))
    assert told == (
        "Faces are changed at random: mirrored, brightness ±50 %, hue ±28.8°, contrast × 0.2–2."
    )


def test_every_operation_has_words() -> None:
    for field in fields(Augmentation):
        one = replace(NONE, **{field.name: getattr(STRONG, field.name)})
        assert augmentation_in_words(one) != augmentation_in_words(NONE), field.name
        assert augmentation_in_words(one).count(",") == 0
    assert augmentation_in_words(STRONG).count(",") == len(fields(Augmentation)) - 1
