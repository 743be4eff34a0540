"""The main window: assembles sidebar, pages, menu and status bar, and routes drops; no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.gui.about import show_about
from facegui.gui.actions import LibraryActions
from facegui.gui.context import AppContext
from facegui.gui.models.actions import ModelActions
from facegui.gui.notice import Notice
from facegui.gui.page import Page
from facegui.gui.pages import PageBuilder, places
from facegui.gui.plain_keys import MenuKeys
from facegui.gui.preload import FOR_CLOUD_WINDOW, Preload
from facegui.gui.report import show_bug
from facegui.gui.settings import AppSettings
from facegui.gui.shortcuts import KeySheet
from facegui.gui.sidebar import Sidebar
from facegui.gui.start_page import StartPage
from facegui.gui.status import StatusBar
from facegui.gui.theme import Appearance, set_appearance
from facegui.gui.unknown.actions import UnknownActions
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import is_bundle

_MINIMUM_SIZE_PX = (900, 600)
_FIRST_SIZE_PX = (1280, 800)
_FRAME_PX = (8, 40)  # what a window manager adds around a window


class MainWindow(QMainWindow):
    """The one window of the app.

    Attributes:
        commands: what the owner can do to a library from anywhere.
        models: likewise, about models.

    Signals:
        pages_built: every page is there, some turns of the event loop after the window.
    """

    pages_built = Signal()

    def __init__(self, context: AppContext, settings: AppSettings) -> None:
        super().__init__()
        self.context = context
        self._places = places()
        self._pages: list[Page] = []
        self._builder = PageBuilder(context, self._place_page, self)
        self.commands = LibraryActions(context, settings, self, self._builder.then)
        self.models = ModelActions(context, self)
        self.unknown = UnknownActions(context, self)
        self._settings = settings
        self._start = StartPage()
        self._sidebar = Sidebar(self._places)
        self._notice = Notice()
        self._stack = QStackedWidget()
        self._status = StatusBar(context.model)
        self._assemble()
        self._fill_menu()
        self._connect()
        self.show_library(None)

    @property
    def pages(self) -> Sequence[Page]:
        """The pages of the sidebar, in order."""
        self._builder.finish()
        return self._pages

    def page(self, name: str) -> Page:
        """The page of the place called *name*."""
        return self.pages[self._index(name)]

    def _index(self, name: str) -> int:
        return [place.name for place in self._places].index(name)

    def show_page(self, index: int) -> None:
        """Bring page *index* to the front; a message belonged to the page before."""
        if self._stack.currentWidget() is not self.pages[index]:
            self._notice.hide()
        self._stack.setCurrentWidget(self.pages[index])
        self._sidebar.mark(index)
        self.pages[index].activate()

    def go_to(self, name: str) -> None:
        """Bring the page of the place called *name* to the front."""
        self.show_page(self._index(name))

    def show_library(self, library: Library | None) -> None:
        """Show that *library* is open, or the start page for None."""
        self._sidebar.show_library(library.path.stem if library else None)
        self.setWindowTitle(f"{library.path.stem} – FaceGUI" if library else "FaceGUI")
        self._notice.hide()
        for action in self._library_actions:
            action.setEnabled(library is not None)
        if library is None:
            self._start.show_recent(self._settings.recent())
            self._stack.setCurrentWidget(self._start)
            self._sidebar.mark(None)
        elif self._stack.currentWidget() is self._start:
            self.go_to("review")

    # Assembly

    def _assemble(self) -> None:
        self.setMinimumSize(*_MINIMUM_SIZE_PX)
        room = self.screen().availableSize() - QSize(*_FRAME_PX)
        self.resize(QSize(*_FIRST_SIZE_PX).boundedTo(room))
        self.restoreGeometry(self._settings.geometry)
        self.setAcceptDrops(True)
        self._stack.addWidget(self._start)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        holder = QWidget()
        notice = QVBoxLayout(holder)
        notice.setContentsMargins(12, 8, 12, 0)
        notice.addWidget(self._notice)
        right.addWidget(holder)
        right.addWidget(self._stack, 1)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._sidebar)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(self._status)

    def _place_page(self, page: Page) -> None:
        self._pages.append(page)
        self._stack.addWidget(page)

    def _connect(self) -> None:
        self._builder.built.connect(self.pages_built)
        self._sidebar.chosen.connect(self.show_page)
        self._start.new_requested.connect(self.commands.choose_new)
        self._start.open_requested.connect(self.commands.choose_open)
        self._start.sample_requested.connect(self.commands.open_sample)
        self._start.recent_chosen.connect(lambda path: self.commands.open(Path(path)))
        self._status.model.clicked.connect(self.models.manage)
        self.context.told.connect(lambda text: self._status.showMessage(text, 8000))
        self.context.library_changing.connect(self._builder.finish)
        self.context.library_changed.connect(self.show_library)
        self.context.notice.connect(self._notice.tell)
        self.context.notice_of_page.connect(self._notice.tell)
        self._notice.page_requested.connect(self.context.page_requested)
        self.context.page_requested.connect(self.go_to)
        self.context.import_requested.connect(self.commands.choose_photos)
        self.context.library_requested.connect(self.commands.choose_open)
        self.context.corrections_requested.connect(self._show_corrections)
        self.context.scan_requested.connect(self.commands.scan)
        self.context.rescan_requested.connect(partial(self.commands.scan, rescan=True))
        self.context.lanes.task_started.connect(self._status.watch)
        self.context.lanes.task_failed.connect(self._task_failed)

    def _task_failed(self, _task: object, error: BaseException) -> None:
        if isinstance(error, FaceGuiError):
            self._notice.tell(error.message, error.remedy)
        else:
            show_bug(error)

    # Menu

    def _fill_menu(self) -> None:
        self._library_actions: list[QAction] = []
        do = self.commands
        library = self.menuBar().addMenu(tr("&Library"))
        self._add(library, tr("&New…"), do.choose_new, QKeySequence.StandardKey.New)
        self._add(library, tr("&Open…"), do.choose_open, QKeySequence.StandardKey.Open)
        recent = library.addMenu(tr("Open &recent"))
        recent.aboutToShow.connect(lambda: self._fill_recent(recent))
        self._add(library, tr("Try the &sample"), do.open_sample)
        library.addSeparator()
        self._needs_library(
            self._add(library, tr("&Close library"), lambda: self.context.set_library(None))
        )
        self._add(library, tr("&Quit"), self.close, QKeySequence.StandardKey.Quit)
        edit = self.menuBar().addMenu(tr("&Edit"))
        self._needs_library(self._add(edit, tr("&Undo"), do.undo, QKeySequence.StandardKey.Undo))
        redo = self._add(edit, tr("&Redo"), do.redo)
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._needs_library(redo)
        self._needs_library(self._add(edit, tr("&History…"), self._show_history, "Ctrl+H"))
        self._needs_library(self._add(edit, tr("&Corrections…"), self._show_corrections))
        photos = self.menuBar().addMenu(tr("&Photos"))
        for text, action, key in (
            (tr("&Add a folder…"), do.choose_photos, "Ctrl+I"),
            (tr("&Scan new and changed"), do.scan, "F5"),
            (tr("Scan &all again"), lambda: do.scan(rescan=True), "Shift+F5"),
        ):
            self._needs_library(self._add(photos, text, action, key))
        photos.addSeparator()
        self._needs_library(self._add(photos, tr("&How faces are found…"), self._show_detection))
        self._needs_library(self._add(photos, tr("Google Cloud &Vision…"), self._show_cloud))
        models = self.menuBar().addMenu(tr("&Models"))
        self._add(models, tr("&Manage models…"), self.models.manage, "Ctrl+M")
        self._add(models, tr("&Compare two models…"), self.models.compare)
        self._add(models, tr("Use in &other programs…"), self.models.give)
        self._fill_appearance(self.menuBar().addMenu(tr("&View")).addMenu(tr("&Appearance")))
        help_menu = self.menuBar().addMenu(tr("&Help"))
        self._add(help_menu, tr("&Keys"), self._show_keys, "F1")
        self._add(help_menu, tr("&About FaceGUI"), lambda: show_about(self))
        MenuKeys(self)

    def _fill_appearance(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for appearance, text in (
            (Appearance.SYSTEM, tr("As the &system")),
            (Appearance.LIGHT, tr("&Light")),
            (Appearance.DARK, tr("&Dark")),
        ):
            action = self._add(menu, text, partial(self._look, appearance))
            action.setCheckable(True)
            action.setChecked(appearance is self._settings.appearance)
            group.addAction(action)
        set_appearance(self._settings.appearance)

    def _look(self, appearance: Appearance) -> None:
        self._settings.appearance = appearance
        set_appearance(appearance)

    def _add(
        self,
        menu: QMenu,
        text: str,
        act: Callable[[], object],
        key: QKeySequence.StandardKey | str | None = None,
    ) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        if key is not None:
            action.setShortcut(QKeySequence(key))
        return action

    def _needs_library(self, action: QAction) -> None:
        self._library_actions.append(action)

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in self._settings.recent():
            self._add(menu, str(path), partial(self.commands.open, path))
        if menu.isEmpty():
            menu.addAction(tr("None yet")).setEnabled(False)

    def _show_history(self) -> None:
        from facegui.gui.history.dock import toggle_history

        toggle_history(self.context, self)

    def _show_corrections(self, bundle: Path | None = None) -> None:
        from facegui.gui.correct.dialog import CorrectionsDialog

        CorrectionsDialog(self.context, bundle, self).open()

    def _show_detection(self) -> None:
        from facegui.gui.collect.detection_dialog import DetectionDialog

        DetectionDialog(self.context, self).open()

    def _show_cloud(self) -> None:
        def shown() -> None:
            from facegui.gui.cloud.dialog import CloudDialog

            CloudDialog(self.context, self._settings, self).open()

        Preload(FOR_CLOUD_WINDOW, self).then(shown)

    def _show_keys(self) -> None:
        everywhere = [
            (action.shortcut().toString(), action.text().replace("&", ""))
            for menu in self.menuBar().findChildren(QMenu)
            for action in menu.actions()
            if not action.shortcut().isEmpty()
        ]
        last = f"Alt+{len(self._places)}"
        everywhere.append((tr("{first} … {last}", first="Alt+1", last=last), tr("Go to a page")))
        groups: list[tuple[str, Sequence[tuple[str, str]]]] = [(tr("Everywhere"), everywhere)]
        for place, page in zip(self._places, self.pages, strict=True):
            if page.keys():
                groups.append((place.title, page.keys()))
        KeySheet(groups, self).exec()

    # Qt events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            self._notice.tell(
                tr("Only files and folders of this computer can be dropped here."),
                tr("Save the picture first, then drop the file."),
            )
            return
        event.acceptProposedAction()
        front = self._stack.currentWidget()
        if len(paths) == 1 and is_bundle(paths[0]):
            self.models.offer(paths[0])
        elif not (isinstance(front, Page) and front.drop(paths)):
            self.commands.import_or_open(paths)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._builder.begin)  # after the first paint

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.geometry = self.saveGeometry()
        self.setEnabled(False)
        self._status.showMessage(tr("Finishing…"))
        self._builder.finish()  # a library that waits for them is closed below
        for page in self._pages:
            page.leave()
        self.context.lanes.close()
        self.context.set_library(None)
        self.context.tools.close()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the message above the page."""
        if event.key() == Qt.Key.Key_Escape and self._notice.isVisible():
            self._notice.hide()
        else:
            super().keyPressEvent(event)
