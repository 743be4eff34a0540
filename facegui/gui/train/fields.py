"""One control for each hyper-parameter: what it is called, its range, how it becomes a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QWidget,
)

from facegui.domain.text import tr
from facegui.domain.training import Balance, CropKind, Optimizer, Precision, Schedule, TrainConfig
from facegui.services.learning.networks import NetworkChoice
from facegui.services.runs.words import choice_in_words

_Rule = Callable[[TrainConfig, NetworkChoice], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A control over one field of `TrainConfig`.

    Attributes:
        name: of the field.
        title, tip: for the owner.
        show: puts a value into the widget.
        value: what stands in the widget.
        useful: whether the field means anything beside the others, given the configuration and
            the network.
    """

    name: str
    title: str
    tip: str
    widget: QWidget
    show: Callable[[Any], None]
    value: Callable[[], Any]
    useful: _Rule


def learning_fields() -> Sequence[Field]:
    """How the network learns."""
    return (
        _whole("batch_size", tr("Batch size"), tr("Faces in each step"), 2, 1024),
        _number(
            "learning_rate",
            tr("Learning rate"),
            tr("Length of each step; too long a step never settles"),
            1e-6,
            1.0,
            6,
        ),
        _choice("optimizer", tr("Optimiser"), tr("How a step follows from its gradient"),
                Optimizer),
        _number("momentum", tr("Momentum"), tr("How much of the last step goes on"), 0, 0.999, 3,
                useful=_of_sgd),
        _choice("schedule", tr("Schedule"), tr("How the learning rate goes on"), Schedule),
        _whole("schedule_patience", tr("Lower after"), tr("Epochs without a better validation"),
               1, 1000, useful=_of_plateau),
        _number("schedule_factor", tr("Lower by"), tr("What the learning rate is multiplied with"),
                0.01, 0.99, 2, useful=_of_plateau),
        _whole("warmup_epochs", tr("Warm-up epochs"), tr("The rate climbs from zero first"),
               0, 100),
        _number("weight_decay", tr("Weight decay"), tr("Pulls weights towards zero"), 0, 1, 5),
        _number("label_smoothing", tr("Label smoothing"),
                tr("Share of the truth that is spread over all people"), 0, 0.5, 2),
        _number("dropout", tr("Dropout"), tr("Share of the last layer switched off in each step"),
                0, 0.9, 2),
        _number("weight_average", tr("Averaging"),
                tr("Momentum of the running mean of the weights that is kept; 0 for none"),
                0, 0.9999, 4, useful=_of_crops),
        _choice("precision", tr("Precision"), tr("What the network computes in"),
                Precision, useful=_of_crops),
        _choice("crop", tr("Crops"), tr("How faces are cut out"), (None, *CropKind),
                useful=_of_crops),
        _choice("balance", tr("Balance"), tr("What is done for people with few faces"),
                Balance),
        _whole("fine_tune_blocks", tr("Blocks to tune"),
               tr("Last blocks of the pretrained part that learn too; 0 keeps it as it is"),
               0, 20, useful=_of_pretrained),
        _tick("normalise", tr("Normalise after each convolution"),
              tr("Batch normalisation; learns faster"), useful=_of_crops),
    )  # fmt: skip


def stopping_fields() -> Sequence[Field]:
    """When it is enough; each is off at its lowest value."""
    never, unlimited = tr("never"), tr("no limit")
    return (
        _whole("max_epochs", tr("Epochs"), tr("At most so many passes over the faces"), 0, 10_000,
               off=unlimited),
        _whole("max_steps", tr("Batches"), tr("At most so many steps"), 0, 1_000_000,
               off=unlimited),
        _whole("patience", tr("Patience"),
               tr("Stop after so many epochs in which validation did not get better"), 0, 1000,
               off=never),
        _scaled("target_accuracy", tr("Target"), tr("Stop at such a validation accuracy"),
                49, 100, " %", 0.01, never),
        _scaled("max_seconds", tr("Time"), tr("Stop after so long, and keep the best"),
                0, 10_000, tr(" min"), 60.0, unlimited),
    )  # fmt: skip


def _always(_config: TrainConfig, _choice: NetworkChoice) -> bool:
    return True


def _of_crops(_config: TrainConfig, choice: NetworkChoice) -> bool:
    return choice.takes_crops


def _of_pretrained(_config: TrainConfig, choice: NetworkChoice) -> bool:
    return choice.pretrained


def _of_sgd(config: TrainConfig, _choice: NetworkChoice) -> bool:
    return config.optimizer is Optimizer.SGD


def _of_plateau(config: TrainConfig, _choice: NetworkChoice) -> bool:
    return config.schedule is Schedule.PLATEAU


def _whole(
    name: str, title: str, tip: str, low: int, high: int, *, off: str = "",
    useful: _Rule = _always,
) -> Field:  # fmt: skip
    """Whole numbers; with *off*, the lowest stands for None and reads so."""
    box = QSpinBox(minimum=low, maximum=high)
    box.setSpecialValueText(off)
    return Field(
        name, title, tip, box,
        show=lambda value: box.setValue(low if value is None else value),
        value=lambda: None if off and box.value() == low else box.value(),
        useful=useful,
    )  # fmt: skip


def _scaled(
    name: str, title: str, tip: str, low: int, high: int, unit: str, scale: float, off: str
) -> Field:
    """Whole numbers of *unit*, each *scale* of what the configuration counts; lowest is None."""
    box = QSpinBox(minimum=low, maximum=high, suffix=unit)
    box.setSpecialValueText(off)
    return Field(
        name, title, tip, box,
        show=lambda value: box.setValue(low if value is None else round(value / scale)),
        value=lambda: None if box.value() == low else round(box.value() * scale, 6),
        useful=_always,
    )  # fmt: skip


def _number(
    name: str, title: str, tip: str, low: float, high: float, decimals: int,
    *, useful: _Rule = _always,
) -> Field:  # fmt: skip
    box = _Plain(minimum=low, maximum=high, decimals=decimals)
    box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    return Field(name, title, tip, box, box.setValue, box.value, useful)


class _Plain(QDoubleSpinBox):
    """Without the zeros at the end."""

    def textFromValue(self, value: float) -> str:
        text = self.locale().toString(value, "f", self.decimals())
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


def _choice(
    name: str, title: str, tip: str, choices: Iterable[Any], *, useful: _Rule = _always
) -> Field:
    box = QComboBox()
    kinds = list(choices)
    for kind in kinds:
        box.addItem(choice_in_words(kind), kind)
    return Field(
        name, title, tip, box,
        show=lambda value: box.setCurrentIndex(kinds.index(value)),
        value=lambda: kinds[box.currentIndex()],
        useful=useful,
    )  # fmt: skip


def _tick(name: str, title: str, tip: str, *, useful: _Rule = _always) -> Field:
    box = QCheckBox(title)
    return Field(name, "", tip, box, box.setChecked, box.isChecked, useful)
