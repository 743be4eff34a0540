"""The Collect page: a row of sources, and the view of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.collect.view import CollectView
from facegui.gui.context import AppContext
from facegui.gui.page import Page


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of source, and where its view is.

    Attributes:
        module: in this room.
        view_class: in that module.
    """

    title: str
    module: str
    view_class: str

    def make(self, context: AppContext) -> CollectView:
        """Import the view's module and build the view."""
        module = import_module(f"facegui.gui.collect.{self.module}")
        made: Callable[[AppContext], CollectView] = getattr(module, self.view_class)
        return made(context)


def sources() -> tuple[Source, ...]:
    """Every kind of source, in the order of the row."""
    return (
        Source(tr("Folders"), "folders", "FoldersView"),
        Source(tr("Web list"), "web_list", "WebListView"),
        Source(tr("Video"), "video", "VideoView"),
        Source(tr("Webcam"), "webcam", "WebcamView"),
        Source(tr("Lists and exports"), "manifests", "ManifestsView"),
    )


class CollectPage(Page):
    """Builds a view when it is first asked for, so that the window opens without their cost."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._sources = sources()
        self._views: dict[int, CollectView] = {}
        self._shown: CollectView | None = None
        self._row = QTabBar(drawBase=False, expanding=False)
        self._row.setAccessibleName(tr("Where photos come from"))
        self._row.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for source in self._sources:
            self._row.addTab(source.title)
        self._detection = QPushButton(tr("How faces are found…"))
        self._detection.clicked.connect(self._show_detection)
        self._stack = QStackedWidget()
        top = QHBoxLayout()
        top.setContentsMargins(16, 10, 16, 0)
        top.addWidget(self._row)
        top.addStretch(1)
        top.addWidget(self._detection)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        self._row.currentChanged.connect(self._show)
        turn = QShortcut(QKeySequence("Ctrl+Tab"), self)
        turn.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        turn.activated.connect(self._turn)

    @property
    def view(self) -> CollectView:
        """The view in front; built if need be."""
        index = self._row.currentIndex()
        if index not in self._views:
            view = self._views[index] = self._sources[index].make(self.context)
            self._stack.addWidget(view)
        return self._views[index]

    def choose(self, module: str) -> CollectView:
        """Bring the view of the source in *module* to the front."""
        self._row.setCurrentIndex([source.module for source in self._sources].index(module))
        return self.view

    def _show_detection(self) -> None:
        from facegui.gui.collect.detection_dialog import DetectionDialog

        if self.context.library is not None:
            DetectionDialog(self.context, self.window()).open()

    def _turn(self) -> None:
        self._row.setCurrentIndex((self._row.currentIndex() + 1) % self._row.count())

    def _show(self) -> None:
        if self.context.library is None:
            return
        view = self.view
        if self._shown is not None and self._shown is not view:
            self._shown.leave()
            self.context.notice.emit("", "")  # a message was about the view before
            self.context.notice.emit("", "")  # it was about the view before
        self._shown = view
        self._stack.setCurrentWidget(view)
        view.activate()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._shown is not None:
            self._shown.leave()
            self._shown = None

    # The contract of a page

    def activate(self) -> None:
        self._show()

    def leave(self) -> None:
        for view in self._views.values():
            view.leave()

    def drop(self, paths: list[Path]) -> bool:
        return self.context.library is not None and self.view.drop(paths)

    def keys(self) -> Sequence[tuple[str, str]]:
        of_views = (view.keys() for view in self._views.values())
        return ((tr("Ctrl+Tab"), tr("Next source")), *chain.from_iterable(of_views))
