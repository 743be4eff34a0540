"""The controls of one augmentation: how far at most, or a factor from and to."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget

from facegui.domain.text import tr

_NOTCHES = 10  # of the slider for one unit of what is shown
_BOX_PX = 92
_MOST_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Amount:
    """One row: from nothing to *most*.

    Attributes:
        field: of `facegui.domain.training.Augmentation`.
        most: in *unit*s, as *step*.
        unit: shown behind the number.
        per_unit: how many units are 1.0 of the field: 100 for per cent.
    """

    field: str
    title: str
    tip: str
    most: float
    step: float
    unit: str
    per_unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Factor:
    """One row: a factor that is drawn between a low one, at most 1, and a high one, at least 1."""

    field: str
    title: str
    tip: str


class _Number(QDoubleSpinBox):
    """Without zeros that say nothing."""

    def __init__(self, low: float, high: float, step: float, decimals: int) -> None:
        super().__init__(minimum=low, maximum=high, singleStep=step, decimals=decimals)
        self.setFixedWidth(_BOX_PX)

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(round(value, self.decimals()), "g", 6)


class AmountRow(QObject):
    """A slider, and the number beside it.

    Signals:
        moved: the field's new value, by the owner.
    """

    moved = Signal(object)

    def __init__(self, amount: Amount, parent: QWidget) -> None:
        super().__init__(parent)
        self.amount = amount
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round(amount.most * _NOTCHES))
        self.slider.setSingleStep(round(amount.step * _NOTCHES))
        self.slider.setPageStep(round(5 * amount.step * _NOTCHES))
        self.box = _Number(0.0, amount.most, amount.step, 1)
        self.box.setSuffix(amount.unit)
        self.label = _label(amount.title, amount.tip, self.box)
        for widget in (self.slider, self.box):
            widget.setAccessibleName(amount.title)
            widget.setAccessibleDescription(amount.tip)
            widget.setToolTip(amount.tip)
        self.slider.valueChanged.connect(lambda notch: self.box.setValue(notch / _NOTCHES))
        self.box.valueChanged.connect(self._changed)

    @property
    def widgets(self) -> tuple[QWidget, QWidget, QWidget]:
        """The row's label, what it is set with, and the number."""
        return self.label, self.slider, self.box

    def show_value(self, value: float) -> None:
        """Show *value* of the field; nothing is emitted."""
        shown = value * self.amount.per_unit
        with QSignalBlocker(self.box):
            self.box.setValue(shown)
        self._slide(shown)

    def _changed(self, shown: float) -> None:
        self._slide(shown)
        self.moved.emit(round(shown / self.amount.per_unit, 6))

    def _slide(self, shown: float) -> None:
        with QSignalBlocker(self.slider):  # which would round what was typed
            self.slider.setValue(round(shown * _NOTCHES))


class FactorRow(QObject):
    """Two numbers.

    Signals:
        moved: the field's new pair, by the owner.
    """

    moved = Signal(object)

    def __init__(self, factor: Factor, parent: QWidget) -> None:
        super().__init__(parent)
        self.low = _Number(0.0, 1.0, 0.05, 2)
        self.high = _Number(1.0, _MOST_FACTOR, 0.05, 2)
        self.label = _label(factor.title, factor.tip, self.low)
        for box, name in (
            (self.low, tr("{what} from", what=factor.title)),
            (self.high, tr("{what} to", what=factor.title)),
        ):
            box.setPrefix("× ")
            box.setAccessibleName(name)
            box.setAccessibleDescription(factor.tip)
            box.setToolTip(factor.tip)
            box.valueChanged.connect(self._changed)
        self._left = QWidget()
        row = QHBoxLayout(self._left)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.low)
        row.addWidget(QLabel("–"))

    @property
    def widgets(self) -> tuple[QWidget, QWidget, QWidget]:
        """The row's label, the lower number, and the higher one."""
        return self.label, self._left, self.high

    def show_value(self, value: tuple[float, float]) -> None:
        """Show *value* of the field; nothing is emitted."""
        for box, shown in zip((self.low, self.high), value, strict=True):
            with QSignalBlocker(box):
                box.setValue(shown)

    def _changed(self) -> None:
        self.moved.emit((round(self.low.value(), 2), round(self.high.value(), 2)))


def _label(title: str, tip: str, buddy: QWidget) -> QLabel:
    label = QLabel(title)
    label.setBuddy(buddy)
    label.setToolTip(tip)
    return label
