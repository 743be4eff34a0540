"""Which model recognises: always in sight, changed with a click, shared by the pages using it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from facegui.domain.text import tr
from facegui.gui.choice_box import ChoiceBox
from facegui.gui.context import AppContext
from facegui.gui.models.words import listed_names, model_name, some_names
from facegui.services.runs.model_cards import ModelCard

_SHORTEST = 16


class ModelBar(QWidget):
    """A chooser with the models of the library, a file that was opened, and two ways on.

    Signals:
        changed: another model is in use, or the first one, or none, or it answers otherwise now.
    """

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._model = context.model
        self._known = self._model.card
        self.chooser = ChoiceBox()
        self.chooser.setAccessibleName(tr("Model"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setMinimumContentsLength(_SHORTEST)
        self.chooser.activated.connect(self._activated)
        self.people = _CutLabel()
        self.unknown = QPushButton(tr("Unknown…"))
        self.unknown.setToolTip(
            tr("How sure is sure enough: move the line between a name and “unknown”")
        )
        self.unknown.clicked.connect(lambda: context.unknown_requested.emit(self.bundle))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(QLabel(tr("Model")))
        row.addWidget(self.chooser)
        row.addWidget(self.people, 1)
        row.addWidget(self.unknown)
        self._model.looked.connect(self._looked)
        self._fill()

    @property
    def bundle(self) -> Path | None:
        """The model in use; None while there is none."""
        return self._known.path if self._known else None

    @property
    def card(self) -> ModelCard | None:
        """What is known of it."""
        return self._known

    def refresh(self) -> None:
        """Look again at which models there are, in the background."""
        self._model.refresh()

    def open_file(self) -> None:
        """Ask for a bundle and use it."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a model bundle"))
        if path:
            self._model.open(Path(path))

    def open_bundle(self, path: Path) -> None:
        """Use the bundle at *path*; one that cannot be used is refused with the reason."""
        self._model.open(path)

    def _looked(self) -> None:
        before, self._known = self._known, self._model.card
        self._fill()
        if _asked(before) != _asked(self._known):
            self.changed.emit()

    def _fill(self) -> None:
        self.chooser.clear()
        for card in self._model.cards:
            self.chooser.addItem(model_name(card, opened=card.path == self._model.opened))
        if not self._model.cards:
            self.chooser.addItem(tr("None yet"))
        self.chooser.insertSeparator(self.chooser.count())
        self.chooser.addItem(tr("Open bundle file…"))
        self.chooser.addItem(tr("Manage models…"))
        self.chooser.setCurrentIndex(self._row())
        people = self.card.people if self.card else ()
        self.people.setText(some_names(people))
        self.unknown.setVisible(self.bundle is not None)
        self.people.setToolTip(listed_names(people))

    def _row(self) -> int:
        paths = [card.path for card in self._model.cards]
        return paths.index(self.bundle) if self.bundle in paths else 0

    def _activated(self, index: int) -> None:
        manage = self.chooser.count() - 1
        if index >= manage - 1:
            self.chooser.setCurrentIndex(self._row())
            if index == manage:
                self._context.models_requested.emit()
            else:
                self.open_file()
        elif index < len(self._model.cards) and index != self._row():
            self._model.use(self._model.cards[index].path)


class _CutLabel(QWidget):
    """A faint line of text that ends in … where there is no room for more."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def text(self) -> str:
        """All of it."""
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        elided = self.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), elided)


def _asked(card: ModelCard | None) -> tuple[Path, str] | None:
    """What decides the answers: which file, and what is in it."""
    return None if card is None else (card.path, card.sha256)
