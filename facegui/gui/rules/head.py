"""The top of the rules page: whose rules, presets, and what they come to together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.entities import Person
from facegui.domain.rules import Preset
from facegui.domain.text import tr, trn
from facegui.gui.rules import words

_PERSON_PX = 190
_STYLE = "QPushButton:checked { border-color: palette(highlight); color: palette(link); }"


class Head(QWidget):
    """A chooser, three buttons and a line of figures.

    Signals:
        person_chosen: a person's id, or None for everybody.
        preset_chosen: a `Preset`.
    """

    person_chosen = Signal(object)
    preset_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(_STYLE)
        self.person = QComboBox()
        self.person.setFixedWidth(_PERSON_PX)
        self.person.setAccessibleName(tr("Rules for"))
        self.person.currentIndexChanged.connect(
            lambda _row: self.person_chosen.emit(self.person.currentData())
        )
        self.show_people((), {}, None)
        self.presets = {preset: QPushButton(words.preset_word(preset)) for preset in Preset}
        label = QLabel(tr("Rules &for"))
        label.setBuddy(self.person)
        upper = QHBoxLayout()
        upper.setSpacing(8)
        for widget in (label, self.person):
            upper.addWidget(widget)
        upper.addStretch(1)
        for preset, button in self.presets.items():
            button.setCheckable(True)
            button.setToolTip(words.preset_hint(preset))
            button.clicked.connect(lambda _on=False, preset=preset: self.preset_chosen.emit(preset))
            upper.addWidget(button)
        self.figures, self._step = QLabel(), QLabel()
        self.figures.setTextFormat(Qt.TextFormat.RichText)
        self._step.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        lower = QHBoxLayout()
        lower.addWidget(self.figures)
        lower.addStretch(1)
        lower.addWidget(self._step)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 8)
        column.setSpacing(6)
        column.addLayout(upper)
        column.addLayout(lower)

    def show_people(
        self, people: Sequence[Person], own: dict[int, int], chosen: int | None
    ) -> None:
        """List *people*; *own* says how many limits of their own some have."""
        with QSignalBlocker(self.person):
            self.person.clear()
            self.person.addItem(tr("Everybody"), None)
            for person in people:
                count = own.get(person.id, 0)
                extra = trn(" ({n} limit)", " ({n} limits)", count) if count else ""
                self.person.addItem(person.name + extra, person.id)
            row = self.person.findData(chosen) if chosen is not None else 0
            self.person.setCurrentIndex(max(row, 0))

    def show_preset(self, preset: Preset | None) -> None:
        """Mark the preset that is in force, if one is."""
        for each, button in self.presets.items():
            button.setChecked(each is preset)

    def show_figures(self, kept: int, dropped: int, difference: int, decided: int) -> None:
        """Say how many faces pass every rule, and how that differs from before this move."""
        parts = [
            f"<b>{kept:,}</b> {tr('pass')}",
            f"<b>{dropped:,}</b> {tr('set aside')}",
        ]
        if difference > 0:
            back = trn("{n} face comes back", "{n} faces come back", difference)
            parts.append(f"<b>{back}</b>")
        elif difference < 0:
            parts.append(f"<b>{trn('{n} face goes', '{n} faces go', -difference)}</b>")
        if decided:
            parts.append(trn("{n} decided by you", "{n} decided by you", decided))
        self.figures.setText(" · ".join(parts))

    def tell(self, text: str) -> None:
        """Say what the last step was."""
        self._step.setText(text)
