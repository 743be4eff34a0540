"""A line on a page: training again is worth it, or the new model should answer again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.services.libraries import Library
from facegui.services.recognising.corrections_due import Due, due


class CorrectionBar(QFrame):
    """Hidden while there is nothing to say; it reads the library only while its page is in front.

    The page calls `follow` when it comes there.

    Args:
        leads_to_train: whether a button leads to the page where trainings begin.
    """

    def __init__(
        self, context: AppContext, *, leads_to_train: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._context = context
        self._offered: Path | None = None
        self._asker = Asker(context.lanes, self)
        self._asker.set_library(context.library)
        self._asker.answered.connect(self._take)
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.train = QPushButton(tr("Go to Train"))
        self.train.clicked.connect(lambda: context.page_requested.emit("train"))
        self.show_list = QPushButton(tr("Corrections…"))
        self.show_list.clicked.connect(lambda: context.corrections_requested.emit(self._offered))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.text, 1)
        row.addWidget(self.show_list)
        row.addWidget(self.train)
        self.train.setVisible(leads_to_train)
        context.library_changed.connect(self._library_changed)
        context.rows_changed.connect(self.follow)
        context.model.looked.connect(self.follow)
        self.hide()

    def offer(self, bundle: Path) -> None:
        """A training has ended with this model: offer to ask it about what was corrected."""
        self._offered = bundle
        self.follow()

    def withdraw(self) -> None:
        """A training begins: what the last one made is no news any more."""
        self._offered = None
        self.follow()

    def follow(self, _change: object = None) -> None:
        """Read again what is to be said, if the page is in front."""
        parent = self.parentWidget()
        if parent is not None and parent.isVisible():
            self._asker.ask_again(lambda: _read)

    def _library_changed(self, library: Library | None) -> None:
        self._offered = None
        self._asker.set_library(library)
        self.hide()
        self.follow()

    def _take(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        found, standing = answer
        assert isinstance(found, Due)
        self.text.setText(self._words(found, standing))
        self.show_list.setVisible(bool(standing))
        self.setVisible(bool(self.text.text()))

    def _words(self, found: Due, standing: int) -> str:
        if self._offered is not None and standing:
            return trn(
                "You have corrected {n} answer of models before. See what this one says.",
                "You have corrected {n} answers of models before. See what this one says.",
                standing,
            )
        return found.words


def _read(library: Library) -> tuple[Due, int]:
    return due(library), sum(one.truth is not None for one in library.corrections())
