"""Who the chosen face is, in words, and a bar for every person's probability."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from facegui.domain.recognition import Identity, RecognisedFace
from facegui.domain.text import tr, trn
from facegui.gui.overlay import colour_of, word_of

_WIDTH_PX = 240
_LINE_PX = 30
_BAR_PX = 6
_FIRST = 3  # so many people are enough for most questions


def verdict(identity: Identity) -> str:
    """Why this name, or why none, with the similarity beside what it had to reach."""
    figures = {
        "candidate": identity.candidate,
        "similarity": f"{identity.similarity:.2f}",
        "threshold": f"{identity.threshold:.2f}",
    }
    if identity.name is None:
        return tr(
            "Nearest is {candidate}, but a similarity of {similarity} is below the {threshold} "
            "that {candidate} needs.",
            **figures,
        )
    return tr("Similarity {similarity}; {candidate} needs {threshold}.", **figures)


def _overruled(identity: Identity) -> str:
    """What the model had said of a face about which the owner has spoken."""
    said = tr("The model said: {name}.", name=identity.name or tr("Unknown"))
    return f"{said} {verdict(identity)}"


class ProbabilityBars(QWidget):
    """A bar for every person, most probable first; the candidate's in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._identity: Identity | None = None
        self._all: Sequence[tuple[str, float]] = ()
        self._whole = False

    def show_identity(self, identity: Identity | None) -> None:
        """Show the scores of one face; None shows nothing."""
        self._identity = identity
        scores = identity.scores if identity is not None else {}
        self._all = sorted(scores.items(), key=lambda row: (-row[1], row[0]))
        self.setAccessibleDescription(", ".join(f"{name} {p:.1%}" for name, p in self._all[:5]))
        self._lay_out()

    def set_whole(self, whole: bool) -> None:  # noqa: FBT001 - a slot of a button
        """Show everybody, or only the most probable ones."""
        self._whole = whole
        self._lay_out()

    @property
    def people(self) -> int:
        """How many there are in all."""
        return len(self._all)

    @property
    def rows(self) -> Sequence[tuple[str, float]]:
        """Names and probabilities from the top down, as they are shown."""
        return self._all if self._whole else self._all[:_FIRST]

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, _LINE_PX * len(self.rows))

    def _lay_out(self) -> None:
        self.setFixedHeight(_LINE_PX * len(self.rows))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first = max(0, event.rect().top() // _LINE_PX)
        last = min(len(self.rows), event.rect().bottom() // _LINE_PX + 1)
        for number in range(first, last):
            name, probability = self.rows[number]
            self._paint_row(painter, number * _LINE_PX, name, probability)

    def _paint_row(self, painter: QPainter, top: int, name: str, probability: float) -> None:
        assert self._identity is not None
        palette = self.palette()
        metrics = QFontMetrics(self.font())
        percent = f"{probability:.1%}"
        width = self.width() - 4
        text = QRectF(0, top, width, _LINE_PX - _BAR_PX - 4)
        named = text.adjusted(0, 0, -metrics.horizontalAdvance(percent) - 8, 0)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(named.width()))
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(named, int(bottom | Qt.AlignmentFlag.AlignLeft), elided)
        painter.drawText(text, int(bottom | Qt.AlignmentFlag.AlignRight), percent)
        bar = QRectF(0, text.bottom() + 2, width, _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(probability * width, 1.0 if probability else 0.0))
        is_candidate = name == self._identity.candidate
        other = palette.color(QPalette.ColorRole.Dark)
        painter.setBrush(colour_of(self._identity) if is_candidate else other)
        painter.drawRoundedRect(bar, 3, 3)


class ScoresPanel(QWidget):
    """The chosen face of the chosen photo.

    Signals:
        step_requested: go to the next face (1) or the one before (-1).
    """

    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.position = QLabel()
        self.name = QLabel(wordWrap=True)
        font = self.name.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.5)
        self.name.setFont(font)
        self.verdict = QLabel(wordWrap=True)
        for label in (self.name, self.verdict):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bars = ProbabilityBars()
        self.more = QPushButton(flat=True)
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_more)
        self.back = self._arrow(Qt.ArrowType.LeftArrow, tr("Face before (←)"), -1)
        self.forth = self._arrow(Qt.ArrowType.RightArrow, tr("Next face (→)"), 1)
        top = QHBoxLayout()
        top.addWidget(self.position, 1)
        top.addWidget(self.back)
        top.addWidget(self.forth)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.name)
        column.addWidget(self.verdict)
        column.addWidget(self.bars)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_face((), None)

    def show_face(self, faces: Sequence[RecognisedFace], number: int | None) -> None:
        """Show face *number* of *faces*, or that there is none to show."""
        several = len(faces) > 1
        self.back.setVisible(several)
        self.forth.setVisible(several)
        if number is None:
            self.position.clear()
            self.name.clear()
            self.verdict.clear()
            self.bars.show_identity(None)
            self.more.hide()
            return
        face, identity = faces[number], faces[number].identity
        self.position.setText(
            tr("Face {n} of {all}", n=number + 1, all=len(faces)) if several else tr("One face")
        )
        self.name.setText(word_of(face) or face.name or tr("Unknown"))
        self.verdict.setText(verdict(identity) if face.said is None else _overruled(identity))
        self.bars.show_identity(identity)
        self.more.setVisible(self.bars.people > _FIRST)
        self._show_more(self.more.isChecked())

    def _show_more(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.bars.set_whole(on)
        everybody = trn("All {n} person", "All {n} people", self.bars.people)
        self.more.setText(tr("Fewer people") if on else everybody)

    def _arrow(self, arrow: Qt.ArrowType, tip: str, step: int) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setArrowType(arrow)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.step_requested.emit(step))
        return button
