"""Which recognised files are listed: what they show, who is in them, their name; the order."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.choice_box import ChoiceBox
from facegui.gui.flow import FlowLayout
from facegui.services.recognising.results import Kind, ResultFilter, ResultOrder, Tally

_SEARCH_DELAY_MS = 150
_STYLE = """
QPushButton[chip="true"] { padding: 3px 11px; border-radius: 11px; }
QPushButton[chip="true"]:checked { background: palette(highlight);
    color: palette(highlighted-text); border-color: palette(highlight); }
QPushButton[chip="true"]:focus { border: 2px solid palette(window-text); }
"""


def _kind_words() -> dict[Kind, tuple[str, str]]:
    """What a chip says, and what it means."""
    return {
        Kind.ALL: (tr("All"), tr("Every file")),
        Kind.KNOWN: (tr("Known"), tr("Files with somebody who has a name")),
        Kind.UNKNOWN: (tr("Unknown"), tr("Files with somebody who has none")),
        Kind.UNSURE: (
            tr("Unsure"),
            tr("A face is near its threshold, or got its name by less than a majority: look."),
        ),
        Kind.NO_FACE: (tr("No face"), tr("Files in which no face was found")),
        Kind.UNREADABLE: (tr("Not read"), tr("Files that could not be read, with the reason")),
    }


class FilterBar(QWidget):
    """Chips with counts, a person, a word, an order.

    Signals:
        changed: another `ResultFilter` is asked for.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = _kind_words()
        self.chips: dict[Kind, QPushButton] = {}
        self.person = ChoiceBox()
        self.person.setAccessibleName(tr("Person"))
        self.person.activated.connect(self._tell)
        self.person.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.order = ChoiceBox()
        self.order.setAccessibleName(tr("Order"))
        for order, text in (
            (ResultOrder.CAME, tr("As they came")),
            (ResultOrder.NAME, tr("By file name")),
            (ResultOrder.PERSON, tr("By person")),
            (ResultOrder.CERTAINTY, tr("Least sure first")),
        ):
            self.order.addItem(text, order)
        self.order.activated.connect(self._tell)
        self.search = QLineEdit(placeholderText=tr("File name"), clearButtonEnabled=True)
        self.search.setAccessibleName(tr("Search by file name"))
        self.search.setFixedWidth(150)
        self._soon = QTimer(self, interval=_SEARCH_DELAY_MS, singleShot=True)
        self._soon.timeout.connect(self._tell)
        self.search.textChanged.connect(lambda _text: self._soon.start())
        self._assemble()
        self.setStyleSheet(_STYLE)
        self.show_tally(Tally())

    def wanted(self) -> ResultFilter:
        """What is asked for."""
        kind = next(kind for kind, chip in self.chips.items() if chip.isChecked())
        return ResultFilter(
            kind, self.person.currentData(), self.search.text().strip(), self.order.currentData()
        )

    def clear(self) -> None:
        """Ask for everything, in the order chosen."""
        with QSignalBlocker(self.search):
            self.search.clear()
        self.chips[Kind.ALL].setChecked(True)
        self.person.setCurrentIndex(0)
        self._tell()

    def show_tally(self, tally: Tally) -> None:
        """Write on every chip, and beside every person, how many files there are."""
        for kind, chip in self.chips.items():
            count = tally.kinds[kind]
            chip.setText(f"{self._words[kind][0]}  {count:,}")
            chip.setEnabled(count > 0 or kind is Kind.ALL or chip.isChecked())
        self._fill_people(tally.people)

    def _fill_people(self, people: Mapping[str, int]) -> None:
        """Everybody in order of their names; who is chosen stays, with nothing left even."""
        chosen = self.person.currentData()
        if self.person.view().isVisible():
            return  # it would move under the pointer; the next count fills it
        self.person.clear()
        self.person.addItem(tr("Everybody"), None)
        names = people if chosen is None or chosen in people else [*people, chosen]
        for name in sorted(names, key=str.casefold):
            self.person.addItem(f"{name}  {people.get(name, 0):,}", name)
        self.person.setCurrentIndex(max(0, self.person.findData(chosen)))

    def _tell(self, *_: object) -> None:
        self._soon.stop()
        self.changed.emit(self.wanted())

    def _assemble(self) -> None:
        line = FlowLayout(6)
        group = QButtonGroup(self)
        for kind, (_text, meaning) in self._words.items():
            chip = self.chips[kind] = QPushButton()
            chip.setCheckable(True)
            chip.setProperty("chip", True)  # noqa: FBT003 - Qt's signature
            chip.setToolTip(meaning)
            chip.setAccessibleDescription(meaning)
            group.addButton(chip)
            chip.clicked.connect(self._tell)
            line.addWidget(chip)
        self.chips[Kind.ALL].setChecked(True)
        for box in (self.person, self.order, self.search):
            line.addWidget(box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
