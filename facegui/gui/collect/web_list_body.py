"""The web list's widgets and where they stand; what they do is `web_list`'s business."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.collect.web_list_failures import FailuresPanel
from facegui.gui.collect.web_list_people import PeoplePanel
from facegui.gui.theme import icon

_MAX_CAP = 100_000
_USUAL_CAP = 100
_EMPTY_WIDTH_PX = 480


class WebListBody(QWidget):
    """Above: the lists. Left: people and how many photos of each. Right: failures. Below: state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people = PeoplePanel()
        self.failures = FailuresPanel()
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = QPushButton(tr("Other list…"))
        self.folder = QPushButton(icon("folder"), tr("Open the folder"))
        self.folder.setToolTip(tr("Where the photos go: a folder for each person"))
        self.cap = QSpinBox(maximum=_MAX_CAP, value=_USUAL_CAP, singleStep=10)
        self.cap.setSpecialValueText(tr("all"))
        self.cap.setAccessibleName(tr("Photos of each person at most"))
        self.start = QPushButton(tr("Download"))
        self.start.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.start.setMinimumHeight(36)
        self.state = QLabel(wordWrap=True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(10)
        column.addLayout(self._top())
        column.addWidget(self._middle(), 1)
        column.addLayout(self._bottom())

    def show_lists(self, lists: Sequence[Path]) -> None:
        """Name the list files."""
        self.name.setText(", ".join(path.name for path in lists))
        self.name.setToolTip("\n".join(map(str, lists)))

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        row.addWidget(self.name, 1)
        row.addWidget(self.folder)
        row.addWidget(self.choose)
        return row

    def _middle(self) -> QWidget:
        split = QSplitter(childrenCollapsible=False)
        split.addWidget(self.people)
        split.addWidget(self.failures)
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 5)
        split.setHandleWidth(16)
        return split

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        label = QLabel(tr("Photos of each person at most"))
        label.setBuddy(self.cap)
        progress = QVBoxLayout()
        progress.setSpacing(4)
        progress.addStretch(1)
        progress.addWidget(self.state)
        progress.addWidget(self.bar)
        progress.addStretch(1)
        row.addWidget(label)
        row.addWidget(self.cap)
        row.addLayout(progress, 1)
        row.addWidget(self.start)
        return row


class EmptyWebList(QWidget):
    """Shown while no list has been chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(tr("Download the photos of a list"))
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        title.setFont(font)
        words = QLabel(
            tr(
                "A list is a text file with a person and a web address in each line: PubFig's "
                "dev_urls.txt and eval_urls.txt, or a CSV file with the columns name and url. "
                "You choose whose photos you want, and how many of each."
            ),
            wordWrap=True,
        )
        safety = QLabel(
            tr(
                "Only those addresses are asked, over http and https, and only public ones. What "
                "comes is checked: it must be a picture, and the one that the list's checksum is "
                "of."
            ),
            wordWrap=True,
        )
        self.choose = QPushButton(tr("Choose a list…"))
        self.choose.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        button = QHBoxLayout()
        button.addWidget(self.choose)
        button.addWidget(QLabel(tr("or drop it here")))
        button.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(12)
        for label in (title, words, safety):
            column.addWidget(label)
        column.addLayout(button)
        holder = QFrame()
        holder.setFixedWidth(_EMPTY_WIDTH_PX)
        holder.setLayout(column)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addLayout(row)
        page.addStretch(2)
