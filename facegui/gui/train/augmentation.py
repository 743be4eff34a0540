"""How training crops are changed at random: a preset, and a control for every operation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.domain.training import Augmentation
from facegui.gui.train.augmentation_rows import Amount, AmountRow, Factor, FactorRow
from facegui.services.learning.augmentation import augmentation_presets

_ROW_GAP_PX = 6
_HEAD_GAP_PX = 8


class AugmentationPanel(QWidget):
    """Shows `Augmentation` and lets the owner change it.

    Signals:
        changed: another `Augmentation`, while a control moves.
    """

    changed = Signal(object)

    def __init__(self, defaults: Augmentation, parent: QWidget | None = None) -> None:
        """Start from *defaults*, the chosen network's own, to which *reset* leads back."""
        super().__init__(parent)
        self._defaults = self._settings = self._own = defaults
        self.preset = QComboBox()
        for preset in augmentation_presets():
            self.preset.addItem(preset.title, preset.settings)
        self.preset.addItem(tr("Own"))
        self.flip = QCheckBox(tr("Mirror half of the faces"))
        self.rows: dict[str, AmountRow | FactorRow] = {}
        self.reset = QPushButton(tr("Reset to the network's own"))
        self.reset.clicked.connect(lambda: self._take(self._defaults))
        self._assemble()
        self.preset.activated.connect(self._choose)
        self.flip.toggled.connect(partial(self._set, "flip"))
        self.set_settings(defaults)

    def settings(self) -> Augmentation:
        """As they stand."""
        return self._settings

    def set_settings(self, settings: Augmentation) -> None:
        """Show *settings*; nothing is emitted."""
        self._settings = settings
        with QSignalBlocker(self.flip):
            self.flip.setChecked(settings.flip)
        for field, row in self.rows.items():
            row.show_value(getattr(settings, field))
        self._show_preset()

    def _show_preset(self) -> None:
        """The preset whose settings these are; what is no preset's is remembered as *own*."""
        last = self.preset.count() - 1
        places = (n for n in range(last) if self.preset.itemData(n) == self._settings)
        place = next(places, last)
        if place == last:
            self._own = self._settings
        self.preset.setCurrentIndex(place)
        self.reset.setEnabled(self._settings != self._defaults)

    def _choose(self, place: int) -> None:
        self._take(self.preset.itemData(place) or self._own)

    def _take(self, settings: Augmentation) -> None:
        different = settings != self._settings
        self.set_settings(settings)
        if different:
            self.changed.emit(settings)

    def _set(self, field: str, value: object) -> None:
        """The owner moved one control; only its field changes, so that others keep every digit."""
        self._settings = replace(self._settings, **{field: value})  # type: ignore[arg-type]
        self._show_preset()
        self.changed.emit(self._settings)

    # Assembly

    def _assemble(self) -> None:
        head = QHBoxLayout()
        label = QLabel(tr("Preset"))
        label.setBuddy(self.preset)
        head.addWidget(label)
        head.addWidget(self.preset, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(self._grid())
        column.addStretch(1)
        column.addWidget(self.reset)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(_ROW_GAP_PX)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_heading(tr("Where things are")), 0, 0, 1, 3)
        grid.addWidget(self.flip, 1, 0, 1, 3)
        line = 2
        for title, specs in (("", _geometry()), (tr("Light and colour"), _colour())):
            if title:
                grid.addWidget(_heading(title), line, 0, 1, 3)
                line += 1
            line = self._add_rows(grid, line, specs)
        grid.addWidget(_heading(tr("What can be made out")), line, 0, 1, 3)
        self._add_rows(grid, line + 1, _detail())
        return grid

    def _add_rows(self, grid: QGridLayout, line: int, specs: list[Amount | Factor]) -> int:
        """Add *specs* from *line* on; the line after them."""
        for place, spec in enumerate(specs, start=line):
            row = AmountRow(spec, self) if isinstance(spec, Amount) else FactorRow(spec, self)
            row.moved.connect(partial(self._set, spec.field))
            self.rows[spec.field] = row
            for column, widget in enumerate(row.widgets):
                grid.addWidget(widget, place, column)
        return line + len(specs)


def _geometry() -> list[Amount | Factor]:
    return [
        Amount("shift", tr("Shift"), tr("Up, down and sideways, at most"), 30, 1, " %", 100),
        Amount("zoom", tr("Zoom"), tr("Larger and smaller, at most"), 50, 1, " %", 100),
        Amount("rotation", tr("Rotation"), tr("Either way, at most"), 45, 1, "°"),
        Amount("shear", tr("Shear"), tr("Uprights lean either way, at most"), 30, 1, "°"),
    ]


def _colour() -> list[Amount | Factor]:
    return [
        Amount("brightness", tr("Brightness"), tr("Lighter and darker"), 100, 5, " %", 100),
        Factor("contrast", tr("Contrast"), tr("Flatter and harsher; 1 is as it is")),
        Amount(
            "hue", tr("Hue"), tr("Turned either way on the circle of colours"), 180, 1, "°", 360
        ),
        Factor("saturation", tr("Saturation"), tr("Paler and more colourful; 0 is grey")),
    ]


def _detail() -> list[Amount | Factor]:
    return [
        Amount("blur", tr("Blur"), tr("In pixels of the crop, at most"), 5, 0.1, " px"),
        Amount(
            "cutout",
            tr("Cut-out"),
            tr("A square of one colour hides a part, its side at most so much of the crop's"),
            80,
            5,
            " %",
            100,
        ),
    ]


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    label.setContentsMargins(0, _HEAD_GAP_PX, 0, 0)
    return label
