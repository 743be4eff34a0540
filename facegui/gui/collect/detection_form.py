"""The settings of face detection: strictness, smallest face, how closely, turned photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSlider, QVBoxLayout, QWidget

from facegui.domain.detection import LARGE_PX, DetectOptions
from facegui.domain.text import tr, trn
from facegui.services.scanning.detection_settings import (
    LEAST_FACE_PX,
    LEAST_SCORE,
    MOST_CLOSEST_PX,
    MOST_FACE_PX,
    MOST_SCORE,
)


class _Scale(QWidget):
    """A named slider with its value and what it means."""

    def __init__(
        self, name: str, about: str, least: int, most: int, words: Callable[[int], str]
    ) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(least, most)
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(about)
        self._head = QLabel()
        self._head.setBuddy(self.slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for widget in (self._head, self.slider, small(about)):
            column.addWidget(widget)

        def tell(value: int) -> None:
            self._head.setText(f"<b>{name}</b>: {words(value)}")

        self.slider.valueChanged.connect(tell)
        tell(least)

    def show_value(self, value: float) -> None:
        self.slider.setValue(round(value))


class DetectionForm(QWidget):
    """Shows `DetectOptions` and lets the owner change them.

    Signals:
        options_changed: other `DetectOptions`, while a slider moves.
    """

    options_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = DetectOptions()
        self._showing = False
        self.strictness = _Scale(
            tr("Strictness"),
            tr("How sure the detector must be. Lower finds more faces, and more that are none."),
            round(100 * LEAST_SCORE),
            round(100 * MOST_SCORE),
            str,
        )
        self.smallest = _Scale(
            tr("Smallest face"),
            tr("In pixels of the photo. Small faces take a closer look at photos that have some."),
            LEAST_FACE_PX,
            MOST_FACE_PX,
            lambda value: tr("{n}\u00a0px", n=value),
        )
        self.closeness = QComboBox()
        self.closeness.setAccessibleName(tr("Groups and large photos"))
        for text, closest in (
            (tr("One look: fastest"), 0),
            (tr("Closely where there are small faces"), LARGE_PX),
            (tr("Very closely: slow"), MOST_CLOSEST_PX),
        ):
            self.closeness.addItem(text, closest)
        self.reach = small("")
        self.turned = QCheckBox(tr("Photos that lie on their side or upside down"))
        self._assemble()
        self.show_options(self._options)
        self.strictness.slider.valueChanged.connect(self._tell)
        self.smallest.slider.valueChanged.connect(self._tell)
        self.closeness.currentIndexChanged.connect(self._tell)
        self.turned.toggled.connect(self._tell)

    @property
    def options(self) -> DetectOptions:
        """What is set now."""
        return self._options

    def show_options(self, options: DetectOptions) -> None:
        """Show *options*; nothing is emitted."""
        self._options = options
        self._showing = True
        self.strictness.show_value(100 * options.min_score)
        self.smallest.show_value(options.smallest_face_px)
        steps = [self.closeness.itemData(n) for n in range(self.closeness.count())]
        nearest = min(steps, key=lambda closest: abs(closest - options.closest_px))
        self.closeness.setCurrentIndex(steps.index(nearest))
        self.turned.setChecked(options.turned)
        self._showing = False
        self._options = options
        self._tell_reach()

    def _tell(self) -> None:
        options = replace(
            self._options,
            min_score=self.strictness.slider.value() / 100,
            smallest_face_px=float(self.smallest.slider.value()),
            closest_px=self.closeness.currentData(),
            turned=self.turned.isChecked(),
        )
        if options != self._options and not self._showing:
            self._options = options
            self._tell_reach()
            self.options_changed.emit(options)

    def _tell_reach(self) -> None:
        reach = tr(
            "In a photo of 12 megapixels: faces from about {n}\u00a0px.",
            n=round(self._options.reach_px(4000)),
        )
        self.reach.setText(reach)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.strictness)
        column.addWidget(self.smallest)
        groups = QVBoxLayout()
        groups.setSpacing(5)
        title = QLabel(f"<b>{tr('Groups and large photos')}</b>")
        title.setBuddy(self.closeness)
        for widget in (title, self.closeness, self.reach):
            groups.addWidget(widget)
        column.addLayout(groups)
        column.addWidget(self.turned)


def small(text: str) -> QLabel:
    """A line of explanation that wraps."""
    label = QLabel(text, wordWrap=True)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    return label


def count_words(faces: int, photos: int) -> str:
    """How many faces there are in how many photos."""
    found = trn("{n} face", "{n} faces", faces)
    return trn("{found} in this photo", "{found} in these {n} photos", photos, found=found)


def cost_words(seconds: float, photos: int) -> str:
    """About how long all *photos* take; nothing while that is not known."""
    if seconds <= 0:
        return ""
    time = (
        trn("{n} minute", "{n} minutes", round(seconds / 60))
        if seconds >= 90  # noqa: PLR2004 - a minute and a half
        else trn("{n} second", "{n} seconds", max(1, round(seconds)))
    )
    return trn(
        "Finding the faces in this photo takes about {time}, measuring them comes on top.",
        "Finding the faces in all {n} photos takes about {time}, measuring them comes on top.",
        photos,
        time=time,
    )
