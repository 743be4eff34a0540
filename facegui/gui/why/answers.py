"""The parts of an explanation one below the other; each keeps its room while it is on its way."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from facegui.domain.entities import FaceState
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.review.paint import text_colour
from facegui.gui.why import words
from facegui.gui.why.asking import NoAnswer
from facegui.gui.why.heat import Heat, HeatLegend, HeatView
from facegui.gui.why.nearest import NearestFaces
from facegui.gui.why.scale import ClosenessScale
from facegui.services.recognising.why import Closeness, Learned, Quality

_CLOSENESS_LINES, _QUALITY_LINES, _HEAT_LINES, _LEARNED_LINES = 4, 4, 3, 3
_STRENGTH = 75  # of the map, at first


class Answers(QWidget):
    """What is known of one face.

    Signals:
        face_requested: the id of a face that the model has learned from.
    """

    face_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidate = ""
        self._measured = Quality(())
        self.failed = _label()
        self.closeness = _label(lines=_CLOSENESS_LINES)
        self.scale = ClosenessScale()
        self.heat = HeatView()
        self.heat_told = _label(lines=_HEAT_LINES)
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setMaximum(100)
        self.learned = _label(lines=_LEARNED_LINES)
        self.nearest = NearestFaces()
        self.quality = _label(lines=_QUALITY_LINES)
        self.quality.setTextFormat(Qt.TextFormat.RichText)
        self.nearest.face_requested.connect(self.face_requested)
        self.strength.valueChanged.connect(self.heat.set_strength)
        self.strength.setValue(_STRENGTH)
        self.strength.setAccessibleName(tr("How strongly the map is shown"))
        self._assemble()
        self.clear()

    def clear(self) -> None:
        """Nothing is known yet."""
        for label in (self.closeness, self.quality, self.heat_told, self.learned):
            label.clear()
        self.failed.hide()
        self.scale.show_closeness(None)
        self.heat.show_crop(QImage())
        self.nearest.show_faces(())

    def take(self, answer: object) -> None:
        """Show *answer*, one of those that `WhyAsker` gives."""
        match answer:
            case Closeness():
                self._take_closeness(answer)
            case Learned():
                self.learned.setText(words.learned_words(answer))
                self.nearest.show_faces(answer.faces)
                self.nearest.setVisible(not answer.missing)
            case Quality():
                self._measured = answer
                self._show_quality()
            case Heat():
                self.heat.show_heat(answer)
                self.heat_told.setText(words.heat_words(answer, self._candidate))
            case NoAnswer():
                self.failed.setText(f"{answer.message} {answer.remedy}".strip())
                self.failed.show()

    def _take_closeness(self, closeness: Closeness) -> None:
        self._candidate = closeness.identity.candidate
        told = words.closeness_words(closeness)
        self.closeness.setText(told)
        self.scale.show_closeness(closeness, told)
        self.heat.show_crop(to_qimage(closeness.crop))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.quality.text():
            self._show_quality()

    def _show_quality(self) -> None:
        results = self._measured.results
        alarm = text_colour(FaceState.REJECTED, self.palette()).name()
        faint = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        lines = [
            f'<span style="color:{alarm}">⚠ {escape(one)}</span>' for one in words.warnings(results)
        ]
        told = escape(words.quality_words(results))
        self.quality.setText("<br>".join([*lines, f'<span style="color:{faint}">{told}</span>']))

    def _assemble(self) -> None:
        slider = QHBoxLayout()
        slider.addWidget(QLabel(tr("Map")))
        slider.addWidget(self.strength, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for label in (self.failed, self.closeness):
            column.addWidget(label)
        column.addWidget(self.scale)
        column.addWidget(self.quality)
        column.addWidget(self.heat)
        column.addWidget(HeatLegend())
        column.addLayout(slider)
        for label in (self.heat_told, self.learned):
            column.addWidget(label)
        column.addWidget(self.nearest)
        column.addStretch(1)  # texts do not share spare room: it would change with their lengths


def _label(lines: int = 1) -> QLabel:
    """A text with room for *lines* from the start."""
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumHeight(lines * label.fontMetrics().lineSpacing())
    return label
