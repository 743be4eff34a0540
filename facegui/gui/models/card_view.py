"""A model's card: read in the background, shown with headings, copied as text."""

from __future__ import annotations

import html
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from facegui.domain.control import Control
from facegui.domain.errors import BundleError
from facegui.domain.text import tr
from facegui.gui.lanes import Lane, Lanes
from facegui.services.runs.card_text import CardSection, card_as_text, model_card

_MOST_SHOWN = 4000


class CardView(QWidget):
    """Shows the card of one model at a time."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._generation = 0
        self._text = ""
        self.view = QTextBrowser()
        self.view.setOpenLinks(False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setAccessibleName(tr("Card of the model"))
        self.copy = QPushButton(tr("Copy card as text"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.clear("")

    def clear(self, words: str) -> None:
        """Show *words* in place of a card."""
        self._generation += 1
        self._tell(words)

    def show_card(self, path: Path) -> None:
        """Show the card of the model at *path*."""
        self._generation += 1
        job = partial(_read, path, self._generation)
        task = self._lanes.start(job, tr("Reading the card"), Lane.QUERY)
        task.done.connect(self._show)

    def _show(self, read: object) -> None:
        assert isinstance(read, tuple)
        generation, found = read
        if generation != self._generation:
            return
        if isinstance(found, str):
            self._tell(found)
            return
        assert isinstance(found, tuple)
        self._text = card_as_text(found)
        self.view.setHtml(_as_html(found))
        self.copy.setEnabled(True)

    def _tell(self, words: str) -> None:
        self._text = ""
        self.view.setPlainText(words)
        self.copy.setEnabled(False)


def _read(
    path: Path, generation: int, _control: Control
) -> tuple[int, tuple[CardSection, ...] | str]:
    """The card, or why there is none, with the number of the wish for it."""
    try:
        return generation, model_card(path)
    except BundleError as error:
        return generation, f"{error.message}\n\n{error.remedy}"


def _as_html(sections: tuple[CardSection, ...]) -> str:
    """Headings, and below each its lines; very long ones are cut, the copied text has them."""
    parts = []
    for section in sections:
        lines = "".join(_line(title, text) for title, text in section.lines)
        parts.append(f"<h4>{html.escape(section.heading)}</h4>{lines}")
    return "".join(parts)


def _line(title: str, text: str) -> str:
    cut = text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"
    head = f"<b>{html.escape(title)}:</b> " if title else "• "
    return f'<p style="margin: 2px 0">{head}{html.escape(cut)}</p>'
