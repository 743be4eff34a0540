"""The widgets of the window about the line, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Progress
from facegui.domain.text import tr, trn
from facegui.gui.flow import FlowLayout
from facegui.gui.notice import Notice
from facegui.gui.unknown import words
from facegui.gui.unknown.chart import ScoreChart
from facegui.gui.unknown.lines import Lines
from facegui.services.learning.networks import title_of
from facegui.services.recognising.evidence import Evidence, Rates
from facegui.services.recognising.stranger_folders import FolderStrangers


class PersonChoice(QComboBox):
    """Everybody, or one of the model's people.

    Signals:
        chosen: a name, or None for everybody.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Whose line"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaximumWidth(260)
        self.activated.connect(lambda _row: self.chosen.emit(self.currentData()))

    def show_people(self, names: Sequence[str]) -> None:
        """Offer everybody, then *names*."""
        self.clear()
        self.addItem(tr("Everybody"), None)
        for name in names:
            self.addItem(name, name)


class UnknownBody(QWidget):
    """Lays itself out in *dialog*."""

    def __init__(self, dialog: QWidget) -> None:
        super().__init__(dialog)
        self.notice = Notice()
        self.title, self.waiting = QLabel(), QLabel(wordWrap=True)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.person, self.chart = PersonChoice(), ScoreChart()
        self.line = QLabel()
        font = self.line.font()
        font.setBold(True)
        self.line.setFont(font)
        self.known, self.strangers, self.impostors = (_words() for _ in range(3))
        self.warnings, self.sources, self.told = _words(), _words(faint=True), _words(faint=True)
        self.shared = QPushButton(tr("As everybody"))
        self.shared.setToolTip(tr("Let this person have everybody's line again"))
        self.calibrated = QPushButton(tr("As calibrated"))
        self.calibrated.setToolTip(tr("Put the line where it was found after the training"))
        self.suggested = QPushButton(tr("Calibrate anew"))
        self.suggested.setToolTip(tr("Put the line where all these faces together say"))
        self.add_folder = QPushButton(tr("Add a folder of strangers…"))
        self.forget_folders = QPushButton(tr("Without folders"))
        self.progress, self.stop = QProgressBar(), QPushButton(tr("Stop"))
        self.progress.setAccessibleName(tr("Progress"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.apply = QPushButton(tr("Apply"))
        self.apply.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.buttons.addButton(self.apply, QDialogButtonBox.ButtonRole.ActionRole)
        self._strangers_known = False
        self._stack = QStackedWidget()
        self._assemble(dialog)
        self.set_busy(busy=False)

    def say(self, text: str) -> None:
        """There is nothing to show yet, and why; what is shown already stays."""
        self.waiting.setText(text)
        self.apply.setEnabled(False)

    def tell(self, text: str) -> None:
        """Say what has just been done."""
        self.told.setText(text)

    def set_busy(self, *, busy: bool) -> None:
        """Whether something runs that can be stopped."""
        self.stop.setVisible(busy)
        self.progress.setVisible(busy)
        self.progress.setRange(0, 0)
        for button in (self.add_folder, self.forget_folders, self.suggested):
            button.setEnabled(not busy)

    def show_progress(self, progress: Progress) -> None:
        """How far it has come."""
        self.progress.setRange(0, progress.total)
        self.progress.setValue(progress.done)

    def show_evidence(
        self, evidence: Evidence, folders: Sequence[Path], found: FolderStrangers | None
    ) -> None:
        """Whose scores these are, and where the strangers come from; *found* in *folders*."""
        self._stack.setCurrentIndex(1)
        people = trn("{n} person", "{n} people", len(evidence.labels))
        self.title.setText(f"{title_of(evidence.info.config.network)} · {people}")
        told = (words.source_words(evidence.strangers), words.left_out_words(found))
        self.sources.setText(" ".join(filter(None, told)))
        self._strangers_known = bool(evidence.strangers.items)
        self.sources.setToolTip("\n".join(map(str, folders)))
        self.calibrated.setEnabled(evidence.calibrated is not None)
        self.forget_folders.setVisible(bool(folders))
        self.sources.setVisible(bool(self.sources.text()))

    def show_rates(
        self, lines: Lines, rates: Rates, warnings: Sequence[str], *, changed: bool
    ) -> None:
        """What the line means for the faces that are known."""
        self.line.setText(tr("From {line} on a face gets the name.", line=f"{lines.line:.3f}"))
        self.shared.setVisible(lines.person is not None)
        self.shared.setEnabled(lines.own)
        for label, text in (
            (self.known, words.known_words(rates)),
            (self.strangers, words.stranger_words(rates, known_of=self._strangers_known)),
            (self.impostors, words.impostor_words(rates)),
            (self.warnings, "\n".join(warnings)),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.apply.setEnabled(changed)

    # Assembly

    def _assemble(self, dialog: QWidget) -> None:
        about = _words()
        about.setText(
            tr(
                "A face gets the name of the likeliest person if its score for them reaches the "
                "line; otherwise it is unknown. Drag the line, or move it with the arrow keys: "
                "to the right fewer strangers get a name, to the left fewer known faces lose "
                "theirs."
            )
        )
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self._shown())
        foot = QHBoxLayout()
        foot.addWidget(self.progress)
        foot.addWidget(self.stop)
        foot.addStretch(1)
        foot.addWidget(self.buttons)
        self.progress.setMaximumWidth(220)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.notice)
        column.addWidget(about)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    def _shown(self) -> QWidget:
        shown, head, strangers = QWidget(), QHBoxLayout(), FlowLayout(8)
        label = QLabel(tr("&Line of"))
        label.setBuddy(self.person)
        for widget in (label, self.person, self.shared, self.line):
            head.addWidget(widget)
        head.addStretch(1)
        for button in (self.calibrated, self.suggested):
            head.addWidget(button)
        for button in (self.add_folder, self.forget_folders):
            strangers.addWidget(button)
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(head)
        column.addWidget(self.chart, 1)
        for words_label in (self.known, self.strangers, self.impostors, self.warnings):
            column.addWidget(words_label)
        column.addWidget(self.sources)
        column.addLayout(strangers)
        column.addWidget(self.told)
        return shown


def _words(*, faint: bool = False) -> QLabel:
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    if faint:
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
