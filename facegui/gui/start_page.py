"""The first thing a newcomer sees: what FaceGUI does and the three ways to begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCommandLinkButton,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import resource_path, tr
from facegui.gui.theme import icon

_COLUMN_WIDTH_PX = 560


class StartPage(QWidget):
    """Shown while no library is open.

    Signals:
        new_requested, open_requested, sample_requested: a way to begin was chosen.
        recent_chosen: the path of a library opened before.
    """

    new_requested = Signal()
    open_requested = Signal()
    sample_requested = Signal()
    recent_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self._head(), *self._choices(), *self._recents()):
            column.addWidget(widget)
        holder = QWidget()
        holder.setFixedWidth(_COLUMN_WIDTH_PX)
        holder.setLayout(column)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addWidget(holder, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(2)

    def show_recent(self, paths: list[Path]) -> None:
        """List the libraries opened before, newest first."""
        self._list.clear()
        for path in paths:
            item = QListWidgetItem(icon("folder"), f"{path.stem}\n{path.parent}")
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            item.setSizeHint(QSize(0, 44))
            self._list.addItem(item)
        self._list.setVisible(bool(paths))
        self._list.setFixedHeight(min(len(paths), 5) * 44 + 6)
        self._recent_title.setVisible(bool(paths))

    def _head(self) -> QWidget:
        mark = QLabel()
        mark.setPixmap(QIcon(str(resource_path("icons/facegui.svg"))).pixmap(56, 56))
        mark.setFixedSize(56, 56)
        title = QLabel(tr("Teach your computer the faces you know"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        title.setFont(font)
        title.setWordWrap(True)
        body = QLabel(
            tr(
                "Give FaceGUI a folder of photos. It finds the faces, sets bad pictures and copies "
                "aside, lets you check the rest, trains a network and then names people in "
                "photos and on your webcam. Everything stays on this computer."
            )
        )
        body.setWordWrap(True)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(10)
        for label in (mark, title, body):
            column.addWidget(label)
        # A layout around it would give wrapped text the height of a narrower column.
        head.setMinimumHeight(head.heightForWidth(_COLUMN_WIDTH_PX))
        return head

    def _choices(self) -> list[QWidget]:
        return [
            self._choice(
                "folder-new",
                tr("New library…"),
                tr("Choose where to keep your work, then add folders. Or drop a folder here."),
                self.new_requested,
            ),
            self._choice(
                "folder",
                tr("Open library…"),
                tr("Go on where you stopped."),
                self.open_requested,
            ),
            self._choice(
                "sample",
                tr("Try the sample"),
                tr("400 small photos of 40 people (AT&&T Laboratories Cambridge)."),
                self.sample_requested,
            ),
        ]

    def _choice(
        self, icon_name: str, title: str, text: str, signal: SignalInstance
    ) -> QCommandLinkButton:
        button = QCommandLinkButton(title, text)
        button.setIcon(icon(icon_name, 24))
        button.setIconSize(QSize(24, 24))
        button.clicked.connect(signal)
        return button

    def _recents(self) -> list[QWidget]:
        self._recent_title = QLabel(tr("Recent libraries"))
        self._recent_title.setContentsMargins(0, 12, 0, 0)
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Recent libraries"))
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.itemActivated.connect(self._chosen)
        self._list.itemClicked.connect(self._chosen)
        self.show_recent([])
        return [self._recent_title, self._list]

    def _chosen(self, item: QListWidgetItem) -> None:
        self.recent_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
