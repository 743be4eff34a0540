"""What stands where there is nothing to show: why, and the button that changes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.entities import Counts
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.review.filters import Mode
from facegui.gui.theme import icon

_WIDTH_PX = 420


class Remedy(Enum):
    """What the button does."""

    IMPORT = auto()
    SCAN = auto()
    SHOW_ALL = auto()
    SHOW_PHOTOS = auto()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is nothing, in words, and what to do about it."""

    remedy: Remedy
    icon_name: str
    title: str
    text: str
    button: str


class EmptyState(QWidget):
    """A picture, a sentence and one button.

    Signals:
        remedy_chosen: the button was pressed; the `Remedy`.
    """

    remedy_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remedy = Remedy.SHOW_ALL
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        self._title.setFont(font)
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._button = QPushButton()
        self._button.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self._button.clicked.connect(lambda: self.remedy_chosen.emit(self.remedy))
        words = QVBoxLayout()
        words.setSpacing(12)
        for label in (self._icon, self._title, self._text):
            words.addWidget(label)
        words.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._text.setFixedWidth(_WIDTH_PX)
        row = QHBoxLayout()  # no alignment here: a wrapped label's height is asked by width then
        row.addStretch(1)
        row.addLayout(words)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def tell(self, reason: Reason) -> None:
        """Say why it is empty and what the button does about it."""
        self.remedy = reason.remedy
        self._icon.setPixmap(icon(reason.icon_name, 40).pixmap(40, 40))
        self._title.setText(reason.title)
        self._text.setText(reason.text)
        self._button.setText(reason.button)


def why_empty(counts: Counts, mode: Mode, *, narrowed: bool) -> Reason:
    """Why a grid shows nothing, from what the library has and what is asked for."""
    if counts.photos == 0:
        return Reason(
            Remedy.IMPORT,
            "folder-new",
            tr("No photos yet"),
            tr(
                "Drop folders of photos here, best one folder for each person: the folder's name "
                "is offered as the name. Your files stay where they are."
            ),
            tr("Add a folder…"),
        )
    if narrowed:
        return Reason(
            Remedy.SHOW_ALL,
            "search",
            tr("Nothing fits"),
            tr("No face or photo fits this filter."),
            tr("Show all"),
        )
    if mode is Mode.FACES and counts.pending:
        return Reason(
            Remedy.SCAN,
            "scan",
            tr("No faces yet"),
            trn(
                "{n} photo has not been scanned.",
                "{n} photos have not been scanned.",
                counts.pending,
            ),
            tr("Scan now"),
        )
    return Reason(
        Remedy.SHOW_PHOTOS,
        "face",
        tr("No faces found"),
        trn("There is none in {n} photo.", "There is none in {n} photos.", counts.photos),
        tr("Show the photos"),
    )


def follow(context: AppContext, remedy: Remedy) -> None:
    """Do what the button of an empty view says, on a page other than Review."""
    match remedy:
        case Remedy.IMPORT:
            context.import_requested.emit()
        case Remedy.SCAN:
            context.scan_requested.emit()
        case _:
            context.page_requested.emit("review")
