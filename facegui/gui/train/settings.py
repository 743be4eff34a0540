"""Which network, and its hyper-parameters with the defaults one click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.dataset import Split
from facegui.domain.text import tr
from facegui.domain.training import Augmentation, TrainConfig
from facegui.gui.train.augmentation_words import augmentation_in_words
from facegui.gui.train.fields import Field, learning_fields, stopping_fields
from facegui.services.learning.networks import NetworkChoice

_SMALLEST_CAP = 2
_MAX_SEED = 2**31 - 1
_INDENT_PX = 22
_SHOWN_AT_ONCE = ("batch_size", "learning_rate")


class NetworkPanel(QWidget):
    """One radio button for each choice, with its sentence below.

    Signals:
        chosen: a `NetworkChoice`.
        measure_requested: the owner wants to know how long each takes here.
    """

    chosen = Signal(object)
    measure_requested = Signal()

    def __init__(self, choices: Sequence[NetworkChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = choices
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._sentences: list[QLabel] = []
        for number, choice in enumerate(choices):
            button = QRadioButton(choice.title)
            self._group.addButton(button, number)
            sentence = QLabel(choice.when, wordWrap=True)
            sentence.setContentsMargins(_INDENT_PX, 0, 0, 6)
            sentence.setForegroundRole(sentence.palette().ColorRole.PlaceholderText)
            button.setAccessibleDescription(choice.when)
            layout.addWidget(button)
            layout.addWidget(sentence)
            self._sentences.append(sentence)
        self.measure = QPushButton(tr("Measure their speed here"))
        self.measure.setToolTip(tr("Times each network for a few seconds"))
        self.measure.clicked.connect(self.measure_requested)
        layout.addWidget(self.measure)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)

    @property
    def choice(self) -> NetworkChoice:
        """What is chosen now."""
        return self.choices[self._group.checkedId()]

    def show_costs(self, told: Sequence[str]) -> None:
        """Say what each choice costs, below its sentence."""
        for choice, sentence, cost in zip(self.choices, self._sentences, told, strict=True):
            sentence.setText(f"{choice.when}\n{cost}" if choice.when else cost)

    def choose(self, number: int) -> None:
        """Choose as a click would."""
        self._group.button(number).setChecked(True)

    def choose_network(self, name: str) -> None:
        """Choose the network called *name*, if there is such a one."""
        names = [choice.config.network for choice in self.choices]
        if name in names:
            self.choose(names.index(name))

    def _toggled(self, number: int, checked: bool) -> None:  # noqa: FBT001 - Qt's signature
        if checked:
            self.chosen.emit(self.choices[number])


class SettingsPanel(QWidget):
    """The hyper-parameters of the chosen network, those that one seldom needs behind a button.

    Signals:
        split_changed: shares, cap or seed are others now, and so is the split.
        search_requested: the owner wants better settings looked for.
        augmentation_requested: the owner wants to see how crops are changed at random.
    """

    split_changed = Signal()
    search_requested = Signal()
    augmentation_requested = Signal()

    def __init__(self, choice: NetworkChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._learning, self._stopping = learning_fields(), stopping_fields()
        self._labels: dict[str, QLabel] = {}
        self._make_split_fields()
        self._make_buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        first = [field for field in self._learning if field.name in _SHOWN_AT_ONCE]
        layout.addLayout(self._grid([*self._split_rows(), *map(_row, (*first, *self._stopping))]))
        layout.addWidget(self._more)
        rest = QVBoxLayout(self._rest)
        rest.setContentsMargins(0, 0, 0, 0)
        seldom = [field for field in self._learning if field not in first]
        rest.addLayout(self._grid([_row(field) for field in seldom if field.title]))
        for field in seldom:
            if not field.title:
                rest.addWidget(field.widget)
        layout.addWidget(self._rest)
        for widget in (self._augmentation, self.augment, self.search, self._reset):
            layout.addWidget(widget)
        self.show_choice(choice)
        for field in self._learning:
            _on_change(field.widget, self._show_useful)

    @property
    def choice(self) -> NetworkChoice:
        """The network that these are the settings of."""
        return self._choice

    def field(self, name: str) -> QWidget:
        """The control of the field of `TrainConfig` called *name*."""
        return next(f.widget for f in (*self._learning, *self._stopping) if f.name == name)

    def show_choice(self, choice: NetworkChoice) -> None:
        """Start from the defaults of *choice*; the split stays as it is."""
        self._choice = choice
        self.show_config(choice.config)
        for widget in (self._augmentation, self.augment):
            widget.setVisible(choice.takes_crops)

    def show_config(self, config: TrainConfig) -> None:
        """Show the settings in *config*, which is of the network chosen."""
        self._shown = config
        for field in (*self._learning, *self._stopping):
            field.show(getattr(config, field.name))
        self.show_augmentation(config.augmentation)
        self._show_useful()

    def show_augmentation(self, settings: Augmentation) -> None:
        """Change crops in this way from now on."""
        self._shown = replace(self._shown, augmentation=settings)
        self._augmentation.setText(augmentation_in_words(settings))

    def show_split(self, split: Split) -> None:
        """Show how faces are shared out."""
        self.validation.setValue(round(split.validation * 100))
        self.test.setValue(round(split.test * 100))
        self.cap.setValue(split.cap or self.cap.minimum())

    def reset(self) -> None:
        """The defaults of the chosen network, and of the split."""
        self.show_choice(self._choice)
        self.show_split(Split())
        self.seed.setValue(0)

    def config(self) -> TrainConfig:
        """The settings as they stand."""
        fields = (*self._learning, *self._stopping)
        chosen = {field.name: field.value() for field in fields}
        return replace(self._shown, seed=self.seed.value(), **chosen)

    def split(self) -> Split:
        """How each person's faces are shared out."""
        return Split(
            validation=self.validation.value() / 100,
            test=self.test.value() / 100,
            cap=self.cap.value() if self.cap.value() >= _SMALLEST_CAP else None,
        )

    def _make_split_fields(self) -> None:
        self.validation = QSpinBox(minimum=10, maximum=45, suffix=" %")
        self.test = QSpinBox(minimum=0, maximum=45, suffix=" %")
        self.test.setSpecialValueText(tr("none"))
        self.cap = QSpinBox(minimum=_SMALLEST_CAP - 1, maximum=100_000)
        self.cap.setSpecialValueText(tr("no limit"))
        self.seed = QSpinBox(maximum=_MAX_SEED)
        self.show_split(Split())
        for field in (self.validation, self.test, self.cap, self.seed):
            field.valueChanged.connect(self.split_changed)

    def _make_buttons(self) -> None:
        self._rest = QWidget()
        self._rest.hide()
        self._more = QToolButton()
        self._more.setText(tr("More settings"))
        self._more.setCheckable(True)
        self._more.setAutoRaise(True)
        self._more.toggled.connect(self._rest.setVisible)
        self._augmentation = QLabel(wordWrap=True)
        self._augmentation.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.augment = QPushButton(tr("Augmentation…"))
        self.augment.setToolTip(tr("How faces are changed at random, tried out on one of yours"))
        self.augment.clicked.connect(self.augmentation_requested)
        self.search = QPushButton(tr("Search settings…"))
        self.search.setToolTip(tr("Look for better ones within a time that you choose"))
        self.search.clicked.connect(self.search_requested)
        self._reset = QPushButton(tr("Reset"))
        self._reset.setToolTip(tr("Back to this network's own settings"))
        self._reset.clicked.connect(self.reset)

    def _show_useful(self) -> None:
        """Open the fields that mean something beside what is chosen in the others."""
        config = self.config()
        for field in self._learning:
            useful = field.useful(config, self._choice)
            field.widget.setEnabled(useful)
            if field.name in self._labels:
                self._labels[field.name].setEnabled(useful)

    def _grid(self, rows: Sequence[tuple[str, str, QWidget, str]]) -> QGridLayout:
        """Fields in two columns, each below its label."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for number, (name, text, widget, tip) in enumerate(rows):
            row, column = divmod(number, 2)
            label = self._labels[name] = QLabel(text)
            label.setBuddy(widget)
            for part in (label, widget):
                part.setToolTip(tip)
            grid.addWidget(label, 2 * row, column)
            grid.addWidget(widget, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _split_rows(self) -> list[tuple[str, str, QWidget, str]]:
        return [
            (
                "validation",
                tr("Validation"),
                self.validation,
                tr("Faces of each person to choose the best weights with"),
            ),
            (
                "test",
                tr("Test"),
                self.test,
                tr("Faces of each person that are only looked at in the end, to judge the network"),
            ),
            (
                "cap",
                tr("Most faces"),
                self.cap,
                tr("Of one person, to learn from and choose with; the rest is tested with"),
            ),
            (
                "seed",
                tr("Seed"),
                self.seed,
                tr("The same seed gives the same split and the same run"),
            ),
        ]


def _row(field: Field) -> tuple[str, str, QWidget, str]:
    return field.name, field.title, field.widget, field.tip


def _on_change(widget: QWidget, slot: object) -> None:
    """Call *slot* when the owner changes *widget*."""
    if isinstance(widget, QComboBox):
        widget.currentIndexChanged.connect(slot)
    elif isinstance(widget, QCheckBox):
        widget.toggled.connect(slot)
    elif isinstance(widget, QSpinBox | QDoubleSpinBox):
        widget.valueChanged.connect(slot)
