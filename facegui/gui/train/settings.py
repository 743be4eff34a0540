"""Which network, and its hyper-parameters with the defaults one click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.dataset import Split
from facegui.domain.text import tr
from facegui.domain.training import Augmentation, TrainConfig
from facegui.gui.train.augmentation_words import augmentation_in_words
from facegui.services.networks import NetworkChoice

DEFAULT_TARGET = 0.9  # the tutorial's
_SMALLEST_CAP = 2
_MAX_SEED = 2**31 - 1
_INDENT_PX = 22


class NetworkPanel(QWidget):
    """One radio button for each choice, with its sentence below.

    Signals:
        chosen: a `NetworkChoice`.
    """

    chosen = Signal(object)

    def __init__(self, choices: Sequence[NetworkChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for number, choice in enumerate(choices):
            button = QRadioButton(choice.title)
            self._group.addButton(button, number)
            sentence = QLabel(choice.when, wordWrap=True)
            sentence.setContentsMargins(_INDENT_PX, 0, 0, 6)
            sentence.setForegroundRole(sentence.palette().ColorRole.PlaceholderText)
            button.setAccessibleDescription(choice.when)
            layout.addWidget(button)
            layout.addWidget(sentence)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)

    @property
    def choice(self) -> NetworkChoice:
        """What is chosen now."""
        return self._choices[self._group.checkedId()]

    def choose(self, number: int) -> None:
        """Choose as a click would."""
        self._group.button(number).setChecked(True)

    def _toggled(self, number: int, checked: bool) -> None:  # noqa: FBT001 - Qt's signature
        if checked:
            self.chosen.emit(self._choices[number])


class SettingsPanel(QWidget):
    """The hyper-parameters of the chosen network.

    Signals:
        split_changed: shares, cap or seed are others now, and so is the split.
        augmentation_requested: the owner wants to see how crops are changed at random.
    """

    split_changed = Signal()
    augmentation_requested = Signal()

    def __init__(self, choice: NetworkChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._make_fields()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._grid())
        layout.addWidget(self.normalise)
        target = QHBoxLayout()
        target.addWidget(self.target_on)
        target.addWidget(self.target, 1)
        layout.addLayout(target)
        self._augmentation = QLabel(wordWrap=True)
        self._augmentation.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        layout.addWidget(self._augmentation)
        self.augment = QPushButton(tr("Augmentation…"))
        self.augment.setToolTip(tr("How faces are changed at random, tried out on one of yours"))
        self.augment.clicked.connect(self.augmentation_requested)
        layout.addWidget(self.augment)
        reset = QPushButton(tr("Reset"))
        reset.setToolTip(tr("Back to this network's own settings"))
        reset.clicked.connect(self.reset)
        layout.addWidget(reset)
        self._shares_changed()
        self.show_choice(choice)

    @property
    def choice(self) -> NetworkChoice:
        """The network that these are the settings of."""
        return self._choice

    def show_choice(self, choice: NetworkChoice) -> None:
        """Start from the defaults of *choice*; the split stays as it is."""
        self._choice = choice
        config = self._shown = choice.config
        self.epochs.setValue(config.max_epochs or 0)
        self.steps.setValue(config.max_steps or 0)
        self.batch.setValue(config.batch_size)
        self.rate.setValue(config.learning_rate)
        self.dropout.setValue(config.dropout)
        self.patience.setValue(config.patience or 0)
        self.normalise.setChecked(config.normalise)
        self.target_on.setChecked(config.target_accuracy is not None)
        self.target.setValue(round((config.target_accuracy or DEFAULT_TARGET) * 100))
        self.normalise.setVisible(choice.takes_crops)
        for widget in (self._augmentation, self.augment):
            widget.setVisible(choice.takes_crops)
        self.show_augmentation(config.augmentation)

    def show_augmentation(self, settings: Augmentation) -> None:
        """Change crops in this way from now on."""
        self._shown = replace(self._shown, augmentation=settings)
        self._augmentation.setText(augmentation_in_words(settings))

    def reset(self) -> None:
        """The defaults of the chosen network, and of the split."""
        self.show_choice(self._choice)
        self.seed.setValue(0)
        self._show_split(Split())

    def config(self) -> TrainConfig:
        """The settings as they stand."""
        return replace(
            self._shown,
            seed=self.seed.value(),
            batch_size=self.batch.value(),
            learning_rate=self.rate.value(),
            normalise=self.normalise.isChecked(),
            dropout=self.dropout.value(),
            max_epochs=self.epochs.value() or None,
            max_steps=self.steps.value() or None,
            patience=self.patience.value() or None,
            target_accuracy=self.target.value() / 100 if self.target_on.isChecked() else None,
        )

    def split(self) -> Split:
        """How each person's faces are shared out."""
        return Split(
            validation=self.validation.value() / 100,
            test=self.test.value() / 100,
            cap=self.cap.value() if self.cap.value() >= _SMALLEST_CAP else None,
        )

    def _make_fields(self) -> None:
        never, unlimited = tr("never"), tr("no limit")
        self.validation = _spin(10, 45, suffix=" %")
        self.test = _spin(0, 45, suffix=" %", special=tr("none"))
        self.cap = _spin(_SMALLEST_CAP - 1, 100_000, special=unlimited)
        self._show_split(Split())
        self.seed = _spin(0, _MAX_SEED)
        self.epochs = _spin(0, 10_000, special=unlimited)
        self.steps = _spin(0, 1_000_000, special=unlimited)
        self.patience = _spin(0, 1_000, special=never)
        self.batch = _spin(2, 1024)
        self.rate = _decimals(1e-5, 1.0, 5)
        self.rate.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.dropout = _decimals(0.0, 0.9, 2)
        self.dropout.setSingleStep(0.05)
        self.normalise = QCheckBox(tr("Normalise after each convolution"))
        self.normalise.setToolTip(tr("Batch normalisation; learns faster"))
        self.target_on = QCheckBox(tr("Stop at a validation accuracy of"))
        self.target = _spin(50, 100, suffix=" %", value=round(DEFAULT_TARGET * 100))
        self.target.setAccessibleName(tr("Target accuracy"))
        self.target_on.toggled.connect(self.target.setEnabled)
        self.target.setEnabled(False)

    def _show_split(self, split: Split) -> None:
        self.validation.setValue(round(split.validation * 100))
        self.test.setValue(round(split.test * 100))
        self.cap.setValue(split.cap or self.cap.minimum())

    def _shares_changed(self) -> None:
        for field in (self.validation, self.test, self.cap, self.seed):
            field.valueChanged.connect(self.split_changed)

    def _grid(self) -> QGridLayout:
        """The number fields in two columns, each below its label."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for number, (text, field, tip) in enumerate(self._rows()):
            row, column = divmod(number, 2)
            label = QLabel(text)
            label.setBuddy(field)
            for widget in (label, field):
                widget.setToolTip(tip)
            grid.addWidget(label, 2 * row, column)
            grid.addWidget(field, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _rows(self) -> list[tuple[str, QWidget, str]]:
        return [
            (
                tr("Validation"),
                self.validation,
                tr("Faces of each person to choose the best weights with"),
            ),
            (
                tr("Test"),
                self.test,
                tr("Faces of each person that are only looked at in the end, to judge the network"),
            ),
            (
                tr("Most faces"),
                self.cap,
                tr("Of one person, to learn from and choose with; the rest is tested with"),
            ),
            (tr("Seed"), self.seed, tr("The same seed gives the same split and the same run")),
            (tr("Epochs"), self.epochs, tr("At most so many passes over the faces")),
            (tr("Batches"), self.steps, tr("At most so many steps")),
            (
                tr("Patience"),
                self.patience,
                tr("Stop after so many epochs in which validation did not get better"),
            ),
            (tr("Batch size"), self.batch, tr("Faces in each step")),
            (
                tr("Learning rate"),
                self.rate,
                tr("Length of each step; too long a step never settles"),
            ),
            (tr("Dropout"), self.dropout, tr("Share of the last layer switched off in each step")),
        ]


def _spin(
    low: int, high: int, *, suffix: str = "", special: str = "", value: int | None = None
) -> QSpinBox:
    field = QSpinBox(minimum=low, maximum=high, suffix=suffix)
    field.setSpecialValueText(special)
    field.setValue(low if value is None else value)
    return field


def _decimals(low: float, high: float, decimals: int) -> QDoubleSpinBox:
    return QDoubleSpinBox(minimum=low, maximum=high, decimals=decimals)
