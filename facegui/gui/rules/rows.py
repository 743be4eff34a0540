"""The list of all rules under their headings."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.rules import SPECS, Limits, Rule
from facegui.domain.text import tr
from facegui.gui.rules import words
from facegui.gui.rules.limit_row import LimitRow, counts_in_words
from facegui.services.reviewing.rule_tally import RuleTally, Tally

_STYLE = """
#rule { border: 0; border-left: 3px solid transparent; }
#rule[chosen="true"] { border-left-color: palette(highlight); background: palette(alternate-base); }
#rule QDoubleSpinBox { padding: 0; min-height: 0; }
"""


class _CopiesRow(QFrame):
    """What being a copy drops; its limit is moved where copies are compared.

    Signals:
        pressed: the owner wants to go there.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rule")
        name, self.counts = QLabel(words.rule_word(Rule.DUPLICATE)), QLabel()
        name.setToolTip(words.rule_hint(Rule.DUPLICATE))
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        self.counts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.button = QPushButton()
        self.button.clicked.connect(self.pressed)
        head = QHBoxLayout()
        head.addWidget(name)
        head.addStretch(1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 4)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.counts)


class RuleRows(QScrollArea):
    """A row for each rule.

    Attributes:
        rows: those with a limit to move here.

    Signals:
        moved: a `Rule` and its new limit.
        settled: the owner has let go of a limit.
        reset_requested: a `Rule` back to the limit it has without the owner's own.
        chosen: the `Rule` that the owner is busy with.
        copies_requested: to where copies are compared.
        rescan_requested: measure what was not measured.
    """

    moved = Signal(object, float)
    settled = Signal()
    reset_requested = Signal(object)
    chosen = Signal(object)
    copies_requested = Signal()
    rescan_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[Rule, LimitRow] = {}
        self._copies = _CopiesRow()
        self._copies.pressed.connect(self.copies_requested)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(6, 4, 6, 10)
        self._column.setSpacing(2)
        for title, rules in words.groups():
            self._column.addWidget(_heading(title))
            for rule in rules:
                self._add(rule)
        self._column.addStretch(1)
        self.setWidget(holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(_STYLE)

    def show_values(self, tally: Tally) -> None:
        """Draw the histograms of the faces in *tally*."""
        for rule, row in self.rows.items():
            row.slider.show_values(tally.values(rule))

    def show_limits(self, limits: Limits, base: Limits, *, personal: bool) -> None:
        """Show *limits*; each can be reset to *base*, everybody's if they are a person's."""
        for rule, row in self.rows.items():
            spec = SPECS[rule]
            limit, before = spec.limit(limits), spec.limit(base)
            back = tr("Back to {limit}", limit=words.limit_words(rule, before))
            own = limit != before
            row.show_limit(limit, own=own, inherited=personal and not own, back_to=back)
        bits = words.measure(Rule.DUPLICATE, limits.duplicate_distance)
        self._copies.button.setText(tr("Within {bits}: compare…", bits=bits))

    def show_tallies(self, tallies: Mapping[Rule, RuleTally], faces: int) -> None:
        """Say what every limit keeps and drops now of *faces* faces."""
        for rule, row in self.rows.items():
            row.show_tally(tallies[rule], faces)
        self._copies.counts.setText(counts_in_words(tallies[Rule.DUPLICATE]))

    def show_chosen(self, rule: Rule) -> None:
        """Mark the row of *rule*."""
        for each, row in self.rows.items():
            row.show_chosen(chosen=each is rule)

    @property
    def moving(self) -> bool:
        """Whether the mouse holds a limit."""
        return any(row.slider.isSliderDown() for row in self.rows.values())

    def _add(self, rule: Rule) -> None:
        if rule is Rule.DUPLICATE:
            self._column.addWidget(self._copies)
            return
        row = self.rows[rule] = LimitRow(rule)
        row.moved.connect(lambda limit: self.moved.emit(rule, limit))
        row.settled.connect(self.settled)
        row.reset_requested.connect(lambda: self.reset_requested.emit(rule))
        row.chosen.connect(lambda: self.chosen.emit(rule))
        row.rescan_requested.connect(self.rescan_requested)
        self._column.addWidget(row)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.15)
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(10, 8, 0, 2)
    return label
