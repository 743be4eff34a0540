"""The page of copies: look at each group, keep the best, choose how alike is a copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSlider,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.duplicates.delegates import GroupDelegate, MemberDelegate
from facegui.gui.duplicates.models import ITEM_ROLE, GroupModel, MemberModel
from facegui.gui.lanes import Lane
from facegui.gui.page import Page
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.services.copies_view import CopyGroup, Member, copy_groups
from facegui.services.libraries import Library

MAX_DISTANCE_BITS = 20
_SETTLE_MS = 250
_PICTURE_PX = 224


class DuplicatesPage(Page):
    """Groups at the left, the members of the current group at the right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._generation = 0
        self._pictures = Pictures(context.lanes, self)
        self._groups, self._members = GroupModel(), MemberModel()
        self._group_list, self._member_list = QListView(), QListView()
        self._count = QLabel()
        self._distance = QSlider(Qt.Orientation.Horizontal)
        self._distance_words = QLabel()
        self._keep = QPushButton(tr("Keep the best of this group"))
        self._keep_all = QPushButton(tr("Keep the best of every group"))
        self._prefer = QPushButton(tr("Make this one the keeper"))
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._assemble()
        self._connect()

    def activate(self) -> None:
        self._reload()
        self._group_list.setFocus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("↑ ↓", tr("Previous and next group")),
            ("B", tr("Keep the best of this group, and go on")),
            ("Shift+B", tr("Keep the best of every group")),
            ("← →", tr("Choose a photo of the group")),
            ("Enter", tr("Make the chosen photo the keeper")),
        )

    # Assembly

    def _assemble(self) -> None:
        self._group_list.setModel(self._groups)
        self._group_list.setItemDelegate(GroupDelegate(self._pictures, self._group_list))
        self._group_list.setUniformItemSizes(True)
        self._group_list.setMinimumWidth(240)
        self._group_list.setAccessibleName(tr("Groups of copies"))
        self._member_list.setModel(self._members)
        self._member_list.setItemDelegate(MemberDelegate(self._pictures, self._member_list))
        self._member_list.setViewMode(QListView.ViewMode.IconMode)
        self._member_list.setMovement(QListView.Movement.Static)
        self._member_list.setResizeMode(QListView.ResizeMode.Adjust)
        self._member_list.setUniformItemSizes(True)
        self._member_list.setSpacing(4)
        self._member_list.setAccessibleName(tr("Photos of this group"))
        self._distance.setRange(0, MAX_DISTANCE_BITS)
        self._distance.setFixedWidth(200)
        self._distance.setAccessibleName(tr("How different copies may be, in bits"))
        self._keep.setProperty("primary", "true")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._body())
        self._stack.addWidget(self._empty())
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 14, 16, 12)
        page.setSpacing(10)
        page.addLayout(self._head())
        page.addWidget(self._stack, 1)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(QLabel(tr("A copy may differ by")))
        row.addWidget(self._distance)
        self._distance_words.setMinimumWidth(70)
        row.addWidget(self._distance_words)
        row.addWidget(self._keep_all)
        return row

    def _body(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.addWidget(self._keep)
        buttons.addWidget(self._prefer)
        buttons.addStretch(1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._member_list, 1)
        column.addLayout(buttons)
        body = QSplitter()
        body.addWidget(self._group_list)
        body.addWidget(right)
        body.setStretchFactor(1, 1)
        body.setSizes([280, 800])
        body.setChildrenCollapsible(False)
        return body

    def _empty(self) -> QWidget:
        self._empty_words = QLabel()
        self._empty_words.setWordWrap(True)
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_button = QPushButton(tr("Add a folder of photos…"))
        self._empty_button.setProperty("primary", "true")
        self._empty_button.clicked.connect(self.context.import_requested)
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
        self._member_list.selectionModel().currentChanged.connect(lambda *_: self._enable())
        self._member_list.activated.connect(lambda _index: self._make_keeper())
        self._distance.valueChanged.connect(self._distance_moved)
        self._settle.timeout.connect(self._regroup)
        self._keep.clicked.connect(self._keep_this)
        self._keep_all.clicked.connect(self._keep_every)
        self._prefer.clicked.connect(self._make_keeper)
        for key, act in (("B", self._keep_this), ("Shift+B", self._keep_every)):
            shortcut = QShortcut(QKeySequence(key), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # What is shown

    def _library_changed(self, library: Library | None) -> None:
        source = None
        if library is not None:
            from facegui.services.thumbnails import Thumbnails

            source = Thumbnails(library.cache_dir)
        self._pictures.set_source(source)
        self._groups.set_groups(())
        self._members.set_group(None)
        if self.isVisible():
            self._reload()

    def _rows_changed(self, _change: object) -> None:
        if self.isVisible():
            self._reload()

    def _reload(self) -> None:
        """Read the groups off the GUI thread; a newer reading makes an older one worthless."""
        library = self.context.library
        if library is None:
            return
        self._generation += 1
        generation = self._generation
        if not self._settle.isActive() and not self._distance.isSliderDown():
            self._show_distance(library.limits().duplicate_distance)

        def job(_control: Control) -> object:
            return copy_groups(library)

        task = self.context.lanes.start(job, tr("Reading the copies"), Lane.QUERY)
        task.done.connect(lambda groups: self._take(generation, groups))

    def _take(self, generation: int, groups: list[CopyGroup]) -> None:
        if generation != self._generation:
            return
        current = self._current_group()
        row = self._group_list.currentIndex().row()
        self._groups.set_groups(groups)
        self._stack.setCurrentIndex(0 if groups else 1)
        self._say_count(groups)
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
        group = self._current_group()
        self._members.set_group(group)
        if group is not None and not self._member_list.currentIndex().isValid():
            self._member_list.selectionModel().setCurrentIndex(
                self._members.index(0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
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
        self._member_list.viewport().update()

    def _enable(self) -> None:
        group, member = self._current_group(), self._current_member()
        writable = self.context.library is not None and not self.context.library.read_only
        self._keep.setEnabled(writable and group is not None and not group.decided)
        self._prefer.setEnabled(writable and member is not None and not member.is_keeper)
        self._keep_all.setEnabled(writable and self._groups.rowCount() > 0)
        self._distance.setEnabled(writable)

    def _say_count(self, groups: Sequence[CopyGroup]) -> None:
        copies = sum(len(group.members) - 1 for group in groups)
        self._count.setText(
            f"<b>{trn('{n} group', '{n} groups', len(groups))}</b> · "
            f"{trn('{n} copy', '{n} copies', copies)}"
        )

    def _say_why_empty(self) -> None:
        library = self.context.library
        counts = library.counts() if library is not None else None
        scanned = counts is not None and counts.photos > 0
        self._empty_words.setText(
            tr("No photo of this library is a copy of another at this setting.")
            if scanned
            else tr("Copies show here once photos have been added and scanned.")
        )
        self._empty_button.setVisible(not scanned)

    def _current_group(self) -> CopyGroup | None:
        index = self._group_list.currentIndex()
        return index.data(ITEM_ROLE) if index.isValid() else None

    def _current_member(self) -> Member | None:
        index = self._member_list.currentIndex()
        return index.data(ITEM_ROLE) if index.isValid() else None

    # What the owner does

    def _show_distance(self, bits: int) -> None:
        self._distance.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._distance.setValue(bits)
        self._distance.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._distance_words.setText(trn("{n} bit", "{n} bits", bits))

    def _distance_moved(self, bits: int) -> None:
        self._distance_words.setText(trn("{n} bit", "{n} bits", bits))
        self._settle.start()

    def _regroup(self) -> None:
        library, bits = self.context.library, self._distance.value()
        if library is None or bits == library.limits().duplicate_distance:
            return
        from facegui.services.duplicates import set_distance

        self._write(lambda: set_distance(library, bits), tr("Looking for copies"))

    def _keep_this(self) -> None:
        library, group = self.context.library, self._current_group()
        if library is None or group is None or not self._keep.isEnabled():
            return
        from facegui.services.duplicates import keep_best

        self._write(lambda: keep_best(library, [group]), tr("Keeping the best"))
        self._go_to(self._group_list.currentIndex().row() + 1)

    def _keep_every(self) -> None:
        library = self.context.library
        if library is None or not self._keep_all.isEnabled():
            return
        from facegui.services.duplicates import keep_best

        groups = [self._groups.group(row) for row in range(self._groups.rowCount())]
        self._write(lambda: keep_best(library, groups), tr("Keeping the best"))

    def _make_keeper(self) -> None:
        library, member = self.context.library, self._current_member()
        if library is None or member is None or not self._prefer.isEnabled():
            return
        photo_id = member.photo.id
        self._write(lambda: library.prefer_photo(photo_id), tr("Choosing the keeper"))

    def _write(self, action: Callable[[], Change | None], label: str) -> None:
        self.context.write(label, action)
