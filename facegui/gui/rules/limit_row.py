"""One rule on the rules page: on or off, its limit, and what the limit does to this library."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPalette, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.rules import PRESETS, SPECS, Preset, Rule
from facegui.domain.text import tr, trn
from facegui.gui.rules import words
from facegui.gui.rules.limit_slider import LimitSlider
from facegui.gui.rules.scale import SCALES
from facegui.gui.theme import icon
from facegui.services.reviewing.rule_tally import RuleTally

_BOX_PX = 100
_TYPED_UP_TO = 9999.0


class LimitBox(QDoubleSpinBox):
    """The exact limit, in the unit that the owner reads; *off* where everything passes."""

    def __init__(self, rule: Rule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scale, self._off = SCALES[rule], SPECS[rule].off * SCALES[rule].factor
        self._suffix = scale.suffix
        bounded = scale.factor != 1 or rule is Rule.BRIGHT
        self.setRange(scale.low * scale.factor, self._off if bounded else _TYPED_UP_TO)
        self.setDecimals(scale.decimals)
        self.setSingleStep(scale.step * scale.factor)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(_BOX_PX)
        self.setAccessibleName(f"{words.rule_word(rule)}, {words.bound_word(rule)}")

    def textFromValue(self, value: float) -> str:
        if value == self._off:
            return tr("off")
        return f"{round(value, self.decimals()):.10g}{self._suffix}"

    def valueFromText(self, text: str) -> float:
        number = self._number(text)
        return self.value() if number is None else number

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        number = self._number(text)
        fits = number is not None and self.minimum() <= number <= self.maximum()
        state = QValidator.State.Acceptable if fits else QValidator.State.Intermediate
        return state, text, place

    def _number(self, text: str) -> float | None:
        """What *text* says, with or without the unit; None while it says nothing."""
        text = text.strip().removesuffix(self._suffix.strip()).strip()
        if text == tr("off"):
            return self._off
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past must not move a limit."""
        event.ignore()


class LimitRow(QFrame):
    """A tick, a number and a slider for one limit, always in step.

    Signals:
        moved: the limit is another one now; it may go on moving.
        settled: the owner has let go of it.
        reset_requested: back to the limit that counts without the owner's own.
        chosen: the owner is busy with this rule.
        rescan_requested: measure what was not measured.
    """

    moved = Signal(float)
    settled = Signal()
    reset_requested = Signal()
    chosen = Signal()
    rescan_requested = Signal()

    def __init__(self, rule: Rule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self._shown: tuple[object, ...] = ()
        self._last_on = _first_limit(rule)
        self.tick = QCheckBox(words.rule_word(rule))
        self.box, self.slider = LimitBox(rule), LimitSlider(rule)
        self.reset = _small_button("undo")
        self.counts, self._bound = QLabel(), QLabel(_bound_words(rule))
        self.unmeasured = QToolButton()
        self.unmeasured.setAutoRaise(True)
        self.unmeasured.setToolTip(tr("Scan all photos again, which measures what is missing"))
        self._assemble()
        self._connect()

    def show_limit(self, limit: float, *, own: bool, inherited: bool, back_to: str) -> None:
        """Put everything at *limit*.

        Args:
            limit: in the rule's own unit.
            own: the owner chose it for those whose faces are shown; it can be reset.
            inherited: it is everybody's, and one person's rules are shown: the row is pale.
            back_to: what resetting does, in words.
        """
        shown = (limit, own, inherited, back_to)
        if shown == self._shown:
            return
        self._shown = shown
        off = limit == SPECS[self.rule].off
        if not off:
            self._last_on = limit
        with QSignalBlocker(self.tick), QSignalBlocker(self.box):
            self.tick.setChecked(not off)
            self.box.setValue(limit * SCALES[self.rule].factor)
        self.slider.muted = inherited
        self.slider.show_limit(limit)
        self.reset.setEnabled(own)
        self.reset.setToolTip(back_to)
        self.reset.setAccessibleName(f"{words.rule_word(self.rule)}: {back_to}")
        self._dress(inherited=inherited)

    def _dress(self, *, inherited: bool) -> None:
        role = QPalette.ColorRole.PlaceholderText if inherited else QPalette.ColorRole.WindowText
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, palette.color(role))
        palette.setColor(QPalette.ColorRole.Text, palette.color(role))
        for widget in (self.tick, self.box):
            widget.setPalette(palette)

    def show_tally(self, tally: RuleTally, faces: int) -> None:
        """Say what the limit keeps and drops of *faces* faces."""
        self.counts.setText(counts_in_words(tally))
        missing = tally.unmeasured
        self.unmeasured.setVisible(missing > 0)
        if missing == faces:
            self.unmeasured.setText(tr("not measured yet: scan all again"))
        else:
            self.unmeasured.setText(
                trn("{n} not measured: scan all again", "{n} not measured: scan all again", missing)
            )

    def show_chosen(self, *, chosen: bool) -> None:
        """Mark the row whose faces are shown beside."""
        if self.property("chosen") == chosen:
            return
        self.setProperty("chosen", chosen)
        self.style().unpolish(self)
        self.style().polish(self)

    # assembly

    def _assemble(self) -> None:
        self.setObjectName("rule")
        self.tick.setToolTip(words.rule_hint(self.rule))
        font = self.tick.font()
        font.setBold(True)
        self.tick.setFont(font)
        for label in (self.counts, self._bound):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.tick)
        head.addStretch(1)
        for widget in (self._bound, self.box, self.reset):
            head.addWidget(widget)
        foot.addWidget(self.counts)
        foot.addStretch(1)
        foot.addWidget(self.unmeasured)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 4)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.slider)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.tick.toggled.connect(self._toggle)
        self.box.valueChanged.connect(self._typed)
        self.slider.valueChanged.connect(lambda _step: self._move(self.slider.limit()))
        self.slider.sliderReleased.connect(self.settled)
        self.reset.clicked.connect(self.reset_requested)
        self.unmeasured.clicked.connect(self.rescan_requested)
        for widget in (self.tick, self.box, self.slider, self.reset):
            widget.installEventFilter(self)

    # what the owner does

    def _move(self, limit: float) -> None:
        if not self._shown or limit != self._shown[0]:
            self.moved.emit(limit)

    def _typed(self, shown: float) -> None:
        self._move(shown / SCALES[self.rule].factor)

    def _toggle(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._move(self._last_on if on else SPECS[self.rule].off)
        self.settled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.MouseButtonPress):
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()
        super().mousePressEvent(event)


def counts_in_words(tally: RuleTally) -> str:
    """``keeps 401 · drops 22, 5 by this alone``."""
    if not tally.dropped:
        return tr("drops none")
    kept, dropped = f"{tally.kept:,}", f"{tally.dropped:,}"
    alone = f"{tally.alone:,}"
    return tr(
        "keeps {kept} · drops {dropped}, {alone} by this alone",
        kept=kept,
        dropped=dropped,
        alone=alone,
    )


def _bound_words(rule: Rule) -> str:
    """*at most*, with what is measured where the rule's name does not say it."""
    measured = words.measured_word(rule)
    if measured == words.rule_word(rule):
        return words.bound_word(rule)
    return f"{measured.lower()} {words.bound_word(rule)}"


def _first_limit(rule: Rule) -> float:
    """Where a rule that is off by default starts when it is turned on."""
    spec = SPECS[rule]
    for preset in (Preset.CLASSIC, Preset.STRICT):
        limit = spec.limit(PRESETS[preset])
        if limit != spec.off:
            return limit
    scale = SCALES[rule]
    return scale.value(scale.steps // 2 if spec.at_most else scale.steps // 10)


def _small_button(icon_name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name, 14))
    button.setAutoRaise(True)
    return button
