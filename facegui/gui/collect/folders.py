"""Where a library's photos came from: its folders, which of them are watched, and looking again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.collect.folders_model import Column, FoldersModel
from facegui.gui.collect.view import CollectView
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.theme import icon
from facegui.services.collecting.folders import (
    Folder,
    FolderState,
    folder_states,
    forget,
    set_live,
    set_person,
)

_REFRESH_AFTER_MS = 300
_EMPTY_WIDTH_PX = 440


class FoldersView(CollectView):
    """A table of folders with what can be done to them."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = FoldersModel(self)
        self.table = QTableView()
        self.add = QPushButton(tr("Add a folder…"))
        self.look = QPushButton(tr("Look for new photos now"))
        self.remove = QPushButton(tr("Remove from the list"))
        self._told = QLabel(wordWrap=True)
        self._stack = QStackedLayout(self)
        self._body = QWidget()
        self._empty = _Empty(context)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._body)
        self._refresh_soon = QTimer(self, interval=_REFRESH_AFTER_MS, singleShot=True)
        self._refresh_soon.timeout.connect(self.refresh)
        self._assemble()
        self._connect()

    # The contract of a view

    def activate(self) -> None:
        self.refresh()

    def leave(self) -> None:
        self._refresh_soon.stop()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            (tr("Space"), tr("Watch the folder, or no more")),
            (tr("F2"), tr("Say who the folder shows")),
            (tr("Delete"), tr("Remove the folder from the list")),
        )

    # Widgets

    def _assemble(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(tr("Folders of this library"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.PATH, QHeaderView.ResizeMode.Stretch)
        intro = QLabel(
            tr(
                "Your files stay where they are. Tick a folder, and new photos in it come into "
                "the library by themselves while it is open, once they have been written."
            ),
            wordWrap=True,
        )
        buttons = QHBoxLayout()
        for button in (self.add, self.look, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(intro)
        column.addWidget(table, 1)
        column.addWidget(self._told)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.model.live_changed.connect(self._set_live)
        self.model.person_changed.connect(self._set_person)
        self.table.selectionModel().selectionChanged.connect(self._offer)
        self.model.modelReset.connect(self._offer)
        self.add.clicked.connect(self.context.import_requested)
        self.look.clicked.connect(self.look_now)
        self.remove.clicked.connect(self.remove_selected)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.remove_selected)
        self.context.rows_changed.connect(self._rows_changed)
        self._offer()

    # What there is

    def refresh(self) -> None:
        """Read the folders and their numbers anew."""
        library = self.context.library
        if library is None:
            return
        task = self.context.lanes.start(
            lambda _control: folder_states(library), tr("Reading the folders"), Lane.QUERY
        )
        task.done.connect(self._show)

    def _show(self, states: object) -> None:
        assert isinstance(states, list)
        chosen = {state.folder.path for state in self.selected()}
        self.model.show(states)
        for row, state in enumerate(states):
            if state.folder.path in chosen:
                self.table.selectRow(row)
        self._stack.setCurrentWidget(self._body if states else self._empty)
        watched = sum(state.folder.live for state in states)
        away = sum(not state.there for state in states)
        parts = [trn("{n} folder is watched", "{n} folders are watched", watched)]
        if away:
            parts.append(trn("{n} cannot be reached now", "{n} cannot be reached now", away))
        self._told.setText(" · ".join(parts) + ".")

    def _rows_changed(self, _change: object) -> None:
        if self.isVisible() and not self._refresh_soon.isActive():
            self._refresh_soon.start()

    def selected(self) -> list[FolderState]:
        """The folders whose rows are selected."""
        rows = self.table.selectionModel().selectedRows()
        return [self.model.state(row) for row in sorted(index.row() for index in rows)]

    def _offer(self) -> None:
        self.remove.setEnabled(bool(self.selected()))

    # What the owner does

    def _set_live(self, path: Path, live: bool) -> None:  # noqa: FBT001 - a signal's argument
        library = self.context.library
        if library is not None:
            label = tr("Watching {path}", path=path)
            self._write(label, lambda: set_live(library, path, live=live))

    def _set_person(self, path: Path, person: str | None) -> None:
        library = self.context.library
        if library is not None:
            label = tr("Naming {path}", path=path)
            self._write(label, lambda: set_person(library, path, person))

    def remove_selected(self) -> None:
        """Take the selected folders off the list; their photos stay in the library."""
        library, paths = self.context.library, [state.folder.path for state in self.selected()]
        if library is not None and paths:

            def act() -> None:
                for path in paths:
                    forget(library, path)

            self._write(tr("Removing folders from the list"), act)

    def _write(self, label: str, act: Callable[[], None]) -> None:
        task = self.context.write(label, act)
        task.done.connect(lambda _: self.context.watching_changed.emit())
        task.ended.connect(self.refresh)

    def look_now(self) -> None:
        """Import what is new in the selected folders, or in all of them, and scan it."""
        library = self.context.library
        rows = self.selected() or [self.model.state(n) for n in range(self.model.rowCount())]
        if library is None or not rows:
            return
        wanted: list[Folder] = [state.folder for state in rows if state.there]

        def job(control: Control) -> int:
            from facegui.services.collecting.photos import ImportRequest, import_photos

            reports = (
                import_photos(library, ImportRequest((folder.path,), folder.person), control)
                for folder in wanted
                if not control.cancelled()
            )
            return sum(len(report.added_ids) for report in reports)

        task = self.context.lanes.start(job, tr("Importing"), Lane.LONG, visible=True)
        task.partial_arrived.connect(
            lambda ids: self.context.rows_changed.emit(Change(None, photo_ids=ids))
        )
        task.done.connect(self._looked)

    def _looked(self, added: object) -> None:
        assert isinstance(added, int)
        self.context.scan_requested.emit()  # changed photos too
        self._told.setText(trn("{n} new photo came in.", "{n} new photos came in.", added))


class _Empty(QWidget):
    """Nothing yet: says what folders are for, with the button that adds one."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        picture.setPixmap(icon("folder-new", 40).pixmap(40, 40))
        title = QLabel(tr("No folders yet"), alignment=Qt.AlignmentFlag.AlignCenter)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        title.setFont(font)
        text = QLabel(
            tr(
                "Add a folder of photos, or drop one here; best one folder for each person, whose "
                "name is taken over. A folder can be watched, so that new photos in it come in by "
                "themselves."
            ),
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
        )
        text.setFixedWidth(_EMPTY_WIDTH_PX)
        self.button = QPushButton(tr("Add a folder…"))
        self.button.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.button.clicked.connect(context.import_requested)
        words = QVBoxLayout()  # no alignment for the text: a wrapped label's height goes by width
        words.setSpacing(12)
        for label in (picture, title, text):
            words.addWidget(label)
        words.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(words)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)
