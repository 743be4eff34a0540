"""List models of the page: the groups there are, and the members of the one that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from facegui.domain.text import tr, trn
from facegui.services.copies.view import CopyGroup, Member

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = int(Qt.ItemDataRole.UserRole)


class GroupModel(QAbstractListModel):
    """One row for each group; `ITEM_ROLE` gives the `CopyGroup`."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[CopyGroup] = []

    def set_groups(self, groups: Sequence[CopyGroup]) -> None:
        """Show *groups*; rows that are the same groups stay selected."""
        if [group.key for group in groups] == [group.key for group in self._groups]:
            self._groups = list(groups)
            if groups:
                self.dataChanged.emit(self.index(0), self.index(len(groups) - 1))
            return
        self.beginResetModel()
        self._groups = list(groups)
        self.endResetModel()

    def group(self, row: int) -> CopyGroup:
        """The group at *row*."""
        return self._groups[row]

    def row_of(self, key: int) -> int | None:
        """Where the group with this key stands."""
        return next((row for row, group in enumerate(self._groups) if group.key == key), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._groups)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        group = self._groups[index.row()]
        if role == ITEM_ROLE:
            return group
        if role == Qt.ItemDataRole.DisplayRole:
            return group.keeper.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{group.keeper.name}, {group_words(group)}"
        return None


class MemberModel(QAbstractListModel):
    """One row for each photo of a group, the keeper first; `ITEM_ROLE` gives the `Member`."""

    def __init__(self) -> None:
        super().__init__()
        self._members: tuple[Member, ...] = ()

    def set_group(self, group: CopyGroup | None) -> None:
        """Show the members of *group*, or none."""
        members = group.members if group else ()
        if [one.photo.id for one in members] == [one.photo.id for one in self._members]:
            self._members = members
            if members:
                self.dataChanged.emit(self.index(0), self.index(len(members) - 1))
            return
        self.beginResetModel()
        self._members = members
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._members)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        member = self._members[index.row()]
        if role == ITEM_ROLE:
            return member
        if role == Qt.ItemDataRole.DisplayRole:
            return member.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return member.photo.path
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{member.name}, {likeness(member)}"
        return None


def group_words(group: CopyGroup) -> str:
    """``2 copies · conflict · decided``."""
    words = [trn("{n} copy", "{n} copies", len(group.members) - 1)]
    if group.conflict:
        words.append(tr("conflict"))
    if group.decided:
        words.append(tr("decided"))
    return " · ".join(words)


def likeness(member: Member) -> str:
    """How a member relates to its keeper: *exact copy*, *mirror image*, *photo 6 bits apart*."""
    if member.is_keeper:
        return tr("keeper")
    if member.distance == 0 and not member.by_face:
        if member.mirrored:
            return tr("mirror image")
        return tr("exact copy") if member.same_file else tr("looks the same")
    if member.by_face:
        words = trn("face {n} bit apart", "face {n} bits apart", member.distance)
    else:
        words = trn("photo {n} bit apart", "photo {n} bits apart", member.distance)
    return f"{words}, {tr('mirrored')}" if member.mirrored else words
