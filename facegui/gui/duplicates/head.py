"""The two lines above the groups: how alike copies are, which groups show, which photo stays."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QWidget,
)

from facegui.domain.text import tr, trn
from facegui.services.copies.view import CopyGroup, KeeperRule, kept_by

MAX_DISTANCE_BITS = 20
_SETTLE_MS = 250


class Shown(Enum):
    """Which of the groups."""

    ALL = "all"
    UNDECIDED = "undecided"
    CONFLICTS = "conflicts"

    def has(self, group: CopyGroup) -> bool:
        """Whether *group* is among these."""
        match self:
            case Shown.ALL:
                return True
            case Shown.UNDECIDED:
                return not group.decided
            case Shown.CONFLICTS:
                return bool(group.conflict)


class Head(QWidget):
    """Asks; the page answers.

    Signals:
        distance_moving: bits, while the slider moves.
        distance_chosen: bits, once it rests.
        shown_changed: other groups are to be shown, or other keepers.
    """

    distance_moving = Signal(int)
    distance_chosen = Signal(int)
    shown_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = QLabel()
        self.distance = QSlider(Qt.Orientation.Horizontal)
        self.distance_words = QLabel()
        self.filter = QComboBox()
        self.rule = QComboBox()
        self.preview = QLabel()
        self.keep_all = QPushButton(tr("Apply to every group") + "  Shift+B")
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._assemble()
        self._connect()

    @property
    def shown(self) -> Shown:
        """Which groups the owner wants to see."""
        return Shown(self.filter.currentData())

    @property
    def keeper_rule(self) -> KeeperRule:
        """By what the keepers are chosen."""
        return KeeperRule(self.rule.currentData())

    @property
    def choosing(self) -> bool:
        """Whether the owner is moving the distance right now."""
        return self._settle.isActive() or self.distance.isSliderDown()

    def show_distance(self, bits: int) -> None:
        """Put the slider at *bits* without telling anybody."""
        with QSignalBlocker(self.distance):
            self.distance.setValue(bits)
        self.distance_words.setText(trn("{n} bit", "{n} bits", bits))

    def show_count_at(self, bits: int, groups: int) -> None:
        """Say how many groups there would be, while the slider is still there."""
        if bits == self.distance.value():
            words = trn("{n} bit", "{n} bits", bits)
            self.distance_words.setText(f"{words} · {trn('{n} group', '{n} groups', groups)}")

    def show_groups(self, groups: Sequence[CopyGroup]) -> None:
        """Bring all counts up to date with *groups*, which are all there are."""
        copies = sum(len(group.members) - 1 for group in groups)
        self.count.setText(
            f"<b>{trn('{n} group', '{n} groups', len(groups))}</b> · "
            f"{trn('{n} copy', '{n} copies', copies)}"
        )
        for place, shown in enumerate(Shown):
            n = sum(map(shown.has, groups))
            self.filter.setItemText(place, f"{_SHOWN_WORDS[shown]()} ({n})")
        moved = sum(kept_by(group, self.keeper_rule) is not group for group in groups)
        words = trn("changes {n} group", "changes {n} groups", moved) if moved else ""
        self.preview.setText(words)

    def _assemble(self) -> None:
        for shown in Shown:
            self.filter.addItem(_SHOWN_WORDS[shown](), shown.value)
        for rule in KeeperRule:
            self.rule.addItem(_RULE_WORDS[rule](), rule.value)
        self.filter.setAccessibleName(tr("Which groups to show"))
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.rule.setAccessibleName(tr("Which photo of a group to keep"))
        self.distance.setRange(0, MAX_DISTANCE_BITS)
        self.distance.setFixedWidth(150)
        self.distance.setAccessibleName(tr("How different copies may be, in bits"))
        self.distance_words.setMinimumWidth(
            self.distance_words.fontMetrics().horizontalAdvance("20 bits · 9,999 groups")
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.count, 0, 0)
        grid.addLayout(
            _row(QLabel(tr("A copy may differ by")), self.distance, self.distance_words), 0, 1
        )
        grid.addWidget(self.filter, 1, 0, Qt.AlignmentFlag.AlignLeft)
        keep = QLabel(tr("Keep"))
        grid.addLayout(_row(self.preview, keep, self.rule, self.keep_all), 1, 1)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        self.distance.valueChanged.connect(self._moved)
        self.distance.sliderReleased.connect(self._settle.start)
        self._settle.timeout.connect(self._settled)
        for box in (self.filter, self.rule):
            box.currentIndexChanged.connect(lambda _n: self.shown_changed.emit())

    def _moved(self, bits: int) -> None:
        self.distance_words.setText(trn("{n} bit", "{n} bits", bits))
        self.distance_moving.emit(bits)
        self._settle.start()

    def _settled(self) -> None:
        if not self.distance.isSliderDown():
            self.distance_chosen.emit(self.distance.value())


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    return row


_SHOWN_WORDS = {
    Shown.ALL: lambda: tr("All"),
    Shown.UNDECIDED: lambda: tr("Undecided"),
    Shown.CONFLICTS: lambda: tr("Conflicts"),
}
_RULE_WORDS = {
    KeeperRule.BEST: lambda: tr("the best"),
    KeeperRule.LARGEST: lambda: tr("the largest"),
    KeeperRule.SHARPEST: lambda: tr("the sharpest"),
    KeeperRule.FRONTAL: lambda: tr("the most frontal"),
    KeeperRule.OLDEST: lambda: tr("the oldest"),
}
