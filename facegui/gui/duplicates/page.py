"""The page of copies: look at each group, keep the best, say what is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.duplicates.delegates import GroupDelegate
from facegui.gui.duplicates.group_pane import GroupPane
from facegui.gui.duplicates.head import Head, Shown
from facegui.gui.duplicates.live_count import LiveCount
from facegui.gui.duplicates.models import ITEM_ROLE, GroupModel
from facegui.gui.lanes import Lane
from facegui.gui.page import Page
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.services.copies.view import CopyGroup, copy_groups, kept_by
from facegui.services.libraries import Library

_PICTURE_PX = 224


class DuplicatesPage(Page):
    """Groups at the left, the members of the current group at the right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._generation = 0
        self._found: list[CopyGroup] = []
        self._pictures = Pictures(context.lanes, self)
        self._groups = GroupModel()
        self._group_list = QListView()
        self.head = Head()
        self.pane = GroupPane(self._pictures, context.lanes)
        self._live = LiveCount(context.lanes, self)
        self._assemble()
        self._connect()
        self._bind_keys()

    def activate(self) -> None:
        self._reload()
        self._group_list.setFocus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("↑ ↓", tr("Previous and next group")),
            ("B", tr("Keep one photo of this group, and go on")),
            ("Shift+B", tr("Keep one photo of every group")),
            ("← →", tr("Choose a photo of the group")),
            ("Enter", tr("Make the chosen photo the keeper")),
            ("N", tr("The chosen photo is not a duplicate")),
            ("Shift+N", tr("None of this group are duplicates")),
            ("C", tr("Compare side by side, flickering, by difference")),
        )

    # Assembly

    def _assemble(self) -> None:
        self._group_list.setModel(self._groups)
        self._group_list.setItemDelegate(GroupDelegate(self._pictures, self._group_list))
        self._group_list.setUniformItemSizes(True)
        self._group_list.setMinimumWidth(200)
        self._group_list.setAccessibleName(tr("Groups of copies"))
        body = QSplitter()
        body.addWidget(self._group_list)
        body.addWidget(self.pane)
        body.setStretchFactor(1, 1)
        body.setSizes([260, 800])
        body.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(body)
        self._stack.addWidget(self._empty())
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 14, 16, 12)
        page.setSpacing(10)
        page.addWidget(self.head)
        page.addWidget(self._stack, 1)

    def _empty(self) -> QWidget:
        self._empty_words = QLabel()
        self._empty_words.setWordWrap(True)
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_button = QPushButton()
        self._empty_button.setProperty("primary", "true")
        self._empty_button.clicked.connect(self._leave_emptiness)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch(1)
        column.addWidget(self._empty_words)
        column.addWidget(self._empty_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return empty

    def _connect(self) -> None:
        self.context.library_changed.connect(self._library_changed)
        self.context.rows_changed.connect(self._rows_changed)
        self._pictures.arrived.connect(lambda _keys: self._repaint())
        self._group_list.selectionModel().currentChanged.connect(lambda *_: self._show_group())
        self._group_list.verticalScrollBar().valueChanged.connect(lambda *_: self._want())
        head, pane = self.head, self.pane
        head.distance_moving.connect(self._live.ask)
        head.distance_chosen.connect(self._regroup)
        head.shown_changed.connect(self._show_groups)
        head.keep_all.clicked.connect(self._keep_every)
        self._live.counted.connect(head.show_count_at)
        pane.member_changed.connect(self._enable)
        pane.list.activated.connect(lambda _index: self._make_keeper())
        pane.keep.clicked.connect(self._keep_this)
        pane.prefer.clicked.connect(self._make_keeper)
        pane.odd.clicked.connect(self._not_a_duplicate)
        pane.none.clicked.connect(self._none_are_duplicates)
        pane.conflict.named.connect(self._name_all)

    def _bind_keys(self) -> None:
        for key, act in (
            ("B", self._keep_this),
            ("Shift+B", self._keep_every),
            ("N", self._not_a_duplicate),
            ("Shift+N", self._none_are_duplicates),
            ("C", self.pane.next_mode),
        ):
            shortcut = QShortcut(QKeySequence(key), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for key, by in (("Left", -1), ("Right", 1)):
            shortcut = QShortcut(QKeySequence(key), self._group_list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=by: self.pane.step(by))
        for key in ("Return", "Enter"):
            shortcut = QShortcut(QKeySequence(key), self._group_list, self._make_keeper)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    # What is shown

    def _library_changed(self, library: Library | None) -> None:
        source = None
        if library is not None:
            from facegui.services.scanning.thumbnails import Thumbnails

            source = Thumbnails(library.cache_dir)
        self._pictures.set_source(source)
        self.pane.compare.set_source(source)
        self._live.set_library(library)
        self._found = []
        self._show_groups()
        if self.isVisible():
            self._reload()

    def _rows_changed(self, _change: object) -> None:
        self._live.set_library(self.context.library)
        if self.isVisible():
            self._reload()

    def _reload(self) -> None:
        """Read the groups off the GUI thread; a newer reading makes an older one worthless."""
        library = self.context.library
        if library is None:
            return
        self._generation += 1
        generation = self._generation
        if not self.head.choosing:
            self.head.show_distance(library.limits().duplicate_distance)

        def job(_control: Control) -> object:
            return copy_groups(library)

        task = self.context.lanes.start(job, tr("Reading the copies"), Lane.QUERY)
        task.done.connect(lambda groups: self._take(generation, groups))

    def _take(self, generation: int, groups: list[CopyGroup]) -> None:
        if generation == self._generation:
            self._found = groups
            self._show_groups()

    def _show_groups(self) -> None:
        """The groups that the owner wants to see, with the keepers that the chosen rule gives."""
        current = self._current_group()
        row = self._group_list.currentIndex().row()
        rule, shown = self.head.keeper_rule, self.head.shown
        groups = [kept_by(group, rule) for group in self._found if shown.has(group)]
        self._groups.set_groups(groups)
        self.head.show_groups(self._found)
        self._stack.setCurrentIndex(0 if groups else 1)
        if not groups:
            self._say_why_empty()
        same = self._groups.row_of(current.key) if current else None
        self._go_to(same if same is not None else max(0, row))
        self._show_group()

    def _go_to(self, row: int) -> None:
        count = self._groups.rowCount()
        if count:
            index = self._groups.index(min(row, count - 1))
            self._group_list.setCurrentIndex(index)

    def _show_group(self) -> None:
        self.pane.show_group(self._current_group(), writable=self._writable())
        self._want()
        self._enable()

    def _want(self) -> None:
        """Pictures of the group that is shown first, then of the rows in sight."""
        group = self._current_group()
        wanted = [Wanted(member.photo) for member in group.members] if group else []
        top = max(0, self._group_list.indexAt(self._group_list.rect().topLeft()).row())
        bottom = min(self._groups.rowCount(), top + 24)
        wanted += [Wanted(self._groups.group(row).keeper.photo) for row in range(top, bottom)]
        self._pictures.want(wanted, _PICTURE_PX, self.devicePixelRatioF())

    def _repaint(self) -> None:
        self._group_list.viewport().update()
        self.pane.list.viewport().update()

    def _enable(self) -> None:
        writable = self._writable()
        self.pane.enable(writable=writable)
        self.head.keep_all.setEnabled(writable and bool(self._found))
        self.head.distance.setEnabled(writable)

    def _say_why_empty(self) -> None:
        library = self.context.library
        counts = library.counts() if library is not None else None
        scanned = counts is not None and counts.photos > 0
        if self._found:
            told, offer = tr("No group is like that."), tr("Show all groups")
        elif scanned:
            told, offer = tr("No photo of this library is a copy of another at this setting."), ""
        else:
            told = tr("Copies show here once photos have been added and scanned.")
            offer = tr("Add a folder of photos…")
        self._empty_words.setText(told)
        self._empty_button.setText(offer)
        self._empty_button.setVisible(bool(offer))

    def _leave_emptiness(self) -> None:
        if self._found:
            self.head.filter.setCurrentIndex(list(Shown).index(Shown.ALL))
        else:
            self.context.import_requested.emit()

    def _current_group(self) -> CopyGroup | None:
        index = self._group_list.currentIndex()
        return index.data(ITEM_ROLE) if index.isValid() else None

    def _writable(self) -> bool:
        return self.context.library is not None and not self.context.library.read_only

    # What the owner does

    def _regroup(self, bits: int) -> None:
        library = self.context.library
        if library is None or bits == library.limits().duplicate_distance:
            return
        from facegui.services.copies.duplicates import set_distance

        self._write(lambda: set_distance(library, bits), tr("Looking for copies"))

    def _keep_this(self) -> None:
        library, group = self.context.library, self._current_group()
        if library is None or group is None or not self.pane.keep.isEnabled():
            return
        from facegui.services.copies.duplicates import keep_best

        found, rule = self._as_found([group]), self.head.keeper_rule
        self._write(lambda: keep_best(library, found, rule), tr("Keeping the best"))
        self._go_to(self._group_list.currentIndex().row() + 1)

    def _keep_every(self) -> None:
        library = self.context.library
        if library is None or not self.head.keep_all.isEnabled():
            return
        from facegui.services.copies.duplicates import keep_best

        shown = [self._groups.group(row) for row in range(self._groups.rowCount())]
        found, rule = self._as_found(shown), self.head.keeper_rule
        self._write(lambda: keep_best(library, found, rule), tr("Keeping the best"))

    def _as_found(self, shown: Sequence[CopyGroup]) -> list[CopyGroup]:
        """The groups as they stand in the library, whatever keepers are shown."""
        keys = {group.key for group in shown}
        return [group for group in self._found if group.key in keys]

    def _make_keeper(self) -> None:
        library, member = self.context.library, self.pane.member
        if library is None or member is None or not self.pane.prefer.isEnabled():
            return
        photo_id = member.photo.id
        self._write(lambda: library.prefer_photo(photo_id), tr("Choosing the keeper"))

    def _not_a_duplicate(self) -> None:
        member = self.pane.member
        if member is not None and self.pane.odd.isEnabled():
            self._set_apart([member.photo.id])

    def _none_are_duplicates(self) -> None:
        group = self._current_group()
        if group is not None and self.pane.none.isEnabled():
            self._set_apart([member.photo.id for member in group.members])

    def _set_apart(self, photo_ids: Sequence[int]) -> None:
        library, group = self.context.library, self._current_group()
        if library is None or group is None:
            return
        from facegui.services.copies.duplicates import not_duplicates

        self._write(
            lambda: not_duplicates(library, group, photo_ids), tr("Remembering what is no copy")
        )

    def _name_all(self, name: str) -> None:
        library, group = self.context.library, self._current_group()
        if library is None or group is None:
            return
        from facegui.services.copies.duplicates import name_group

        self._write(lambda: name_group(library, group, name), tr("Naming the group"))

    def _write(self, action: Callable[[], Change | None], label: str) -> None:
        self.context.write_and_tell(label, action)
