"""The rules' limits: move one and see at once how many faces come back or go."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import Counts
from facegui.domain.rules import Limits, Rule
from facegui.domain.text import tr, trn
from facegui.gui.review import words

_PAUSE_MS = 200
_BOX_PX = 84


class _Limit:
    """A slider and a spin box for one limit, always in step."""

    def __init__(self, field: str, *, highest: float, suffix: str = "") -> None:
        self.field = field
        self.box = QDoubleSpinBox()
        self.box.setDecimals(0)
        self.box.setFixedWidth(_BOX_PX)
        self.box.setMaximum(highest)
        self.box.setSuffix(suffix)
        self.box.setKeyboardTracking(False)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMaximum(round(highest))
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.valueChanged.connect(self.box.setValue)
        self.box.valueChanged.connect(self._follow)

    def show(self, value: float) -> None:
        with QSignalBlocker(self.box):
            self.box.setValue(value)
        self._follow(value)

    def _follow(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value))


class RulesPanel(QFrame):
    """Where the rules draw their lines in this library.

    Signals:
        limits_changed: a `Limits` to judge by, once the owner pauses.
    """

    limits_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet("QDoubleSpinBox { padding: 0; min-height: 0; }")
        self._limits = Limits()
        self._kept_before: int | None = None
        self._kept = 0
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._rows = {
            Rule.ONE_FACE: _Limit("max_faces", highest=20),
            Rule.ROLL: _Limit("max_roll_deg", highest=90, suffix="°"),
            Rule.PAN: _Limit("max_pan_deg", highest=90, suffix="°"),
            Rule.TILT: _Limit("max_tilt_deg", highest=90, suffix="°"),
            Rule.SIZE: _Limit("min_size_px", highest=500, suffix=" px"),
            Rule.SHARPNESS: _Limit("min_sharpness", highest=100),
        }
        self._rows[Rule.ONE_FACE].box.setMinimum(1)
        self._rows[Rule.ONE_FACE].slider.setMinimum(1)
        self._assemble()

    def show_limits(self, limits: Limits) -> None:
        """Show what the library judges by now, unless the owner is moving a limit."""
        self._limits = limits
        if not self._pause.isActive():
            for row in self._rows.values():
                row.show(float(getattr(limits, row.field)))
        bits = words.measure(Rule.DUPLICATE, limits.duplicate_distance)
        self._distance.setText(tr("Photos within {bits} are copies.", bits=bits))

    def show_counts(self, counts: Counts) -> None:
        """Show how many faces pass, and how many more or fewer than before the last move."""
        self._kept = counts.kept
        kept, out = f"{counts.kept:,}", f"{counts.rejected:,}"
        self._result.setText(tr("{kept} kept · {out} rejected", kept=kept, out=out))
        difference = 0 if self._kept_before is None else counts.kept - self._kept_before
        if difference > 0:
            self._difference.setText(trn("{n} face comes back", "{n} faces come back", difference))
        elif difference < 0:
            self._difference.setText(trn("{n} face goes", "{n} faces go", -difference))
        else:
            self._difference.setText("")

    def _assemble(self) -> None:
        title = QLabel(tr("Rules"))
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        hint = QLabel(tr("A face that fails one is set aside. Your own decisions always win."))
        hint.setWordWrap(True)
        self._result, self._difference = QLabel(), QLabel()
        self._result.setWordWrap(True)
        self._difference.setFont(font)
        self._distance = QLabel(wordWrap=True)
        classic = QPushButton(tr("Back to the classic rules"))
        classic.setToolTip(tr("One face, turned by 20° at most, 32 px or more"))
        classic.clicked.connect(self._reset)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for place, (rule, row) in enumerate(self._rows.items()):
            name = QLabel(_limit_word(rule))
            name.setBuddy(row.box)
            row.slider.setAccessibleName(_limit_word(rule))
            grid.addWidget(name, 2 * place, 0)
            grid.addWidget(row.box, 2 * place, 1)
            grid.addWidget(row.slider, 2 * place + 1, 0, 1, 2)
            row.box.valueChanged.connect(lambda _value: self._pause.start())
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        for widget in (title, hint):
            column.addWidget(widget)
        column.addLayout(grid)
        for label in (self._distance, self._result, self._difference):
            column.addWidget(label)
        column.addWidget(classic)
        column.addStretch(1)

    def _reset(self) -> None:
        classic = Limits(duplicate_distance=self._limits.duplicate_distance)
        for row in self._rows.values():
            row.show(float(getattr(classic, row.field)))
        self._tell()

    def _tell(self) -> None:
        def chosen(rule: Rule) -> float:
            return self._rows[rule].box.value()

        limits = replace(
            self._limits,
            max_faces=round(chosen(Rule.ONE_FACE)),
            max_roll_deg=chosen(Rule.ROLL),
            max_pan_deg=chosen(Rule.PAN),
            max_tilt_deg=chosen(Rule.TILT),
            min_size_px=chosen(Rule.SIZE),
            min_sharpness=chosen(Rule.SHARPNESS),
        )
        if limits != self._limits:
            self._kept_before = self._kept
            self._limits = limits
            self.limits_changed.emit(limits)


def _limit_word(rule: Rule) -> str:
    return {
        Rule.ONE_FACE: tr("Faces in photo, at most"),
        Rule.ROLL: tr("Roll, at most"),
        Rule.PAN: tr("Pan, at most"),
        Rule.TILT: tr("Tilt, at most"),
        Rule.SIZE: tr("Size, at least"),
        Rule.SHARPNESS: tr("Sharpness, at least"),
    }[rule]
