"""What can be done to a person of the list: its menu, and the small windows that ask for more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QColorDialog, QInputDialog, QMenu

from facegui.domain.entities import Person
from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.review.covers import Covers
from facegui.gui.review.forget_dialog import ForgetDialog
from facegui.gui.review.people_panel import PeoplePanel
from facegui.gui.review.suggested import SuggestedCounts
from facegui.gui.review.verdicts import Targets, Verdicts
from facegui.services.libraries import Library

_SWATCH_PX = 12


class PeopleActions(QObject):
    """Answers the panel's menu, and writes what is chosen from it.

    Args:
        targets: which faces a step would be about now.
    """

    def __init__(
        self,
        context: AppContext,
        verdicts: Verdicts,
        panel: PeoplePanel,
        targets: Callable[[], Targets | None],
    ) -> None:
        super().__init__(panel)
        self._context = context
        self._verdicts = verdicts
        self._panel = panel
        self._targets = targets
        Covers(context, panel)
        SuggestedCounts(context, panel)
        panel.menu_requested.connect(self._show_menu)
        panel.delete_requested.connect(self._delete)
        panel.person_moved.connect(self._move)

    def _show_menu(self, person: Person, place: QPoint) -> None:
        menu = self.menu(person)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def menu(self, person: Person) -> QMenu:
        """Everything that can be done to *person*."""
        menu = QMenu(self._panel)
        _add(menu, tr("&Rename"), self._panel.edit_name, "F2")
        _add(menu, tr("&Colour…"), partial(self._ask_colour, person))
        menu.addMenu(self._key_menu(menu, person))
        place = self._panel.people.index(person)
        up = _add(menu, tr("Move &up"), partial(self._move, person.id, place - 1), "Alt+Up")
        up.setEnabled(place > 0)
        down = _add(menu, tr("Move &down"), partial(self._move, person.id, place + 1), "Alt+Down")
        down.setEnabled(place < len(self._panel.people) - 1)
        menu.addSeparator()
        cover = _add(menu, tr("Current face as co&ver"), partial(self._choose_cover, person))
        split = _add(menu, tr("&Split off the selected faces…"), partial(self._ask_split, person))
        for action in (cover, split):
            action.setEnabled(self._targets() is not None)
        menu.addMenu(self._merge_menu(menu, person))
        menu.addSeparator()
        _add(menu, tr("D&elete for good…"), partial(self._delete, person), "Shift+Delete")
        return menu

    def _key_menu(self, parent: QMenu, person: Person) -> QMenu:
        menu = QMenu(tr("&Key"), parent)
        for key in (*range(1, 10), None):
            holder = self._panel.person_with_key(key) if key else None
            text = tr("None") if key is None else f"&{key}"
            if holder is not None and holder is not person:
                text += f"\t{_plain(holder.name)}"
            action = _add(menu, text, partial(self._give_key, person.id, key))
            action.setCheckable(True)
            action.setChecked(person.key == key)
        return menu

    def _merge_menu(self, parent: QMenu, person: Person) -> QMenu:
        menu = QMenu(tr("&Merge into"), parent)
        for other in self._panel.people:
            if other is not person:
                action = _add(menu, _plain(other.name), partial(self._merge, person.id, other.id))
                swatch = QPixmap(_SWATCH_PX, _SWATCH_PX)
                swatch.fill(QColor(other.colour))
                action.setIcon(QIcon(swatch))
        menu.setEnabled(not menu.isEmpty())
        return menu

    # steps

    def _move(self, person_id: int, place: int) -> None:
        self._verdicts.write(tr("Moving"), lambda lib: lib.move_person(person_id, place))

    def _give_key(self, person_id: int, key: int | None) -> None:
        self._verdicts.write(tr("Giving a key"), lambda lib: lib.assign_key(person_id, key))

    def _merge(self, person_id: int, into: int) -> None:
        self._verdicts.write(tr("Merging"), lambda lib: lib.merge_people([person_id], into))

    def _choose_cover(self, person: Person) -> None:
        targets = self._targets()
        if targets is not None:
            self._verdicts.write(
                tr("Choosing a cover"), lambda library: _cover(library, person.id, targets)
            )

    def _ask_colour(self, person: Person) -> None:
        dialog = QColorDialog(QColor(person.colour), self._panel)
        dialog.setWindowTitle(tr("Colour of {name}", name=person.name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(
            lambda colour: self._verdicts.write(
                tr("Colouring"), lambda lib: lib.colour_person(person.id, colour.name())
            )
        )
        dialog.open()

    def _ask_split(self, person: Person) -> None:
        targets = self._targets()
        if targets is None:
            return
        dialog = QInputDialog(self._panel)
        dialog.setWindowTitle(tr("Split {name}", name=person.name))
        dialog.setLabelText(tr("Who are the selected faces? The name of somebody new:"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(
            lambda name: self._verdicts.write(
                tr("Splitting"), lambda lib: lib.split_person(targets.face_ids(lib), name)
            )
        )
        dialog.open()

    def _delete(self, person: Person) -> None:
        if self._context.library is not None:
            ForgetDialog(self._context, self._context.library, person, self._panel).open()


def _cover(library: Library, person_id: int, targets: Targets) -> Change:
    faces = targets.face_ids(library)
    return library.choose_cover(person_id, faces[0] if faces else None)


def _add(menu: QMenu, text: str, act: Callable[[], object], key: str = "") -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda _on=False: act())
    if key:
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(f"{text}\t{shown}")
    return action


def _plain(name: str) -> str:
    """*name* as a menu shows it: an ampersand would be taken for a key."""
    return name.replace("&", "&&")
