"""The right half of the page: the photos of one group, as cards or two laid over each other."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.duplicates.compare import CompareMode, CompareView
from facegui.gui.duplicates.conflict_bar import ConflictBar
from facegui.gui.duplicates.delegates import MemberDelegate
from facegui.gui.duplicates.models import ITEM_ROLE, MemberModel
from facegui.gui.lanes import Lanes
from facegui.gui.review.pictures import Pictures
from facegui.services.copies.view import CopyGroup, Member

_STYLE = """
QPushButton:checked { background: palette(highlight); color: palette(highlighted-text);
                      border-color: palette(highlight); }
"""


class GroupPane(QWidget):
    """Shows a group and offers what can be done with it; the page does it.

    The first copy is the current photo of a group that has just come: what is asked is whether it
    is one.

    Signals:
        member_changed: another photo is the current one.
    """

    member_changed = Signal()

    def __init__(self, pictures: Pictures, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group: CopyGroup | None = None
        self.members = MemberModel()
        self.list = QListView()
        self.conflict = ConflictBar()
        self.compare = CompareView(lanes)
        self.keep = QPushButton(tr("Keep one of this group") + "  B")
        self.prefer = QPushButton(tr("Make this one the keeper") + "  " + tr("Enter"))
        self.odd = QPushButton(tr("Not a duplicate") + "  N")
        self.none = QPushButton(tr("None are duplicates") + "  Shift+N")
        self._stack = QStackedWidget()
        self._modes = QButtonGroup(self)
        self._assemble(pictures)
        self.setStyleSheet(_STYLE)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._member_moved())
        self._modes.idClicked.connect(lambda _n: self._show_mode())

    @property
    def member(self) -> Member | None:
        """The current photo."""
        index = self.list.currentIndex()
        return index.data(ITEM_ROLE) if index.isValid() else None

    def show_group(self, group: CopyGroup | None, *, writable: bool) -> None:
        """Show *group*, or none."""
        self._group = group
        self.members.set_group(group)
        if group is not None and not self.list.currentIndex().isValid():
            self.list.selectionModel().setCurrentIndex(
                self.members.index(1), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        self.conflict.show_group(group, writable=writable)
        self._show_mode()
        self.enable(writable=writable)

    def enable(self, *, writable: bool) -> None:
        """Offer what makes sense for the current photo."""
        group, member = self._group, self.member
        self.keep.setEnabled(writable and group is not None and not group.decided)
        self.prefer.setEnabled(writable and member is not None and not member.is_keeper)
        self.odd.setEnabled(writable and member is not None)
        self.none.setEnabled(writable and group is not None)

    def next_mode(self) -> None:
        """From the cards on to the next way of looking at two photos, and back."""
        following = (self._modes.checkedId() + 1) % len(self._modes.buttons())
        self._modes.button(following).setChecked(True)
        self._show_mode()

    def step(self, by: int) -> None:
        """Make the photo *by* places on the current one."""
        row = self.list.currentIndex().row() + by
        if 0 <= row < self.members.rowCount():
            self.list.setCurrentIndex(self.members.index(row))

    def _assemble(self, pictures: Pictures) -> None:
        self.list.setModel(self.members)
        self.list.setItemDelegate(MemberDelegate(pictures, self.list))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(4)
        self.list.setAccessibleName(tr("Photos of this group"))
        self.keep.setProperty("primary", "true")
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.compare)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._mode_row())
        column.addWidget(self.conflict)
        column.addWidget(self._stack, 1)
        buttons = QGridLayout()
        for place, button in enumerate((self.keep, self.prefer, self.odd, self.none)):
            buttons.addWidget(button, place // 2, place % 2)
        buttons.setColumnStretch(2, 1)
        column.addLayout(buttons)

    def _mode_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        words = (tr("Cards"), tr("Side by side"), tr("Flicker"), tr("Difference"))
        for number, word in enumerate(words):
            button = QPushButton(word)
            button.setCheckable(True)
            self._modes.addButton(button, number)
            row.addWidget(button)
        self._modes.button(0).setChecked(True)
        row.addStretch(1)
        return row

    def _member_moved(self) -> None:
        self._show_mode()
        self.member_changed.emit()

    def _show_mode(self) -> None:
        number = self._modes.checkedId()
        self._stack.setCurrentIndex(min(number, 1))
        if number == 0:
            self.compare.show_pair(None, CompareMode.SIDE)
        else:
            self.compare.show_pair(self._pair(), list(CompareMode)[number - 1])

    def _pair(self) -> tuple[Member, Member] | None:
        """The keeper and the current photo; the first copy while the keeper is the current one."""
        group, member = self._group, self.member
        if group is None or member is None:
            return None
        return group.keeper, group.members[1] if member.is_keeper else member
