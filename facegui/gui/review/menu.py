"""The context menu: every step with its key, and the people to name a face after."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from facegui.domain.entities import Person
from facegui.domain.text import tr
from facegui.gui.review.commands import Command, entries

_OFFERED = 40
_SWATCH_PX = 12
_MENU = (
    (Command.CONFIRM, Command.KEEP, Command.REJECT, Command.IGNORE, Command.LEAVE_TO_RULES),
    (Command.NAME, Command.UNNAME),
    (Command.OPEN, Command.SIMILAR),
    (Command.MARK_GROUP,),
)


def review_menu(
    parent: QWidget,
    people: Sequence[Person],
    run: Callable[[Command], None],
    assign: Callable[[str], None],
    *,
    grouped: bool,
) -> QMenu:
    """A menu that calls *run* with the command chosen, or *assign* with a person's name.

    Only where tiles are *grouped* can a group be marked.
    """
    menu = QMenu(parent)
    known = {entry.command: entry for entry in entries()}
    for group in _MENU:
        for command in group:
            entry = known[command]
            action = menu.addAction(f"{entry.text}\t{entry.key_text}")
            action.triggered.connect(lambda _on=False, command=command: run(command))
            action.setEnabled(grouped or command is not Command.MARK_GROUP)
        if Command.NAME in group and people:
            menu.addMenu(_people_menu(menu, people, assign))
        menu.addSeparator()
    return menu


def _people_menu(parent: QMenu, people: Sequence[Person], assign: Callable[[str], None]) -> QMenu:
    menu = QMenu(tr("Name after"), parent)
    for person in people[:_OFFERED]:
        swatch = QPixmap(_SWATCH_PX, _SWATCH_PX)
        swatch.fill(QColor(person.colour))
        name = person.name.replace("&", "&&")
        text = f"{name}\t{person.key}" if person.key else name
        action = menu.addAction(QIcon(swatch), text)
        action.triggered.connect(lambda _on=False, name=person.name: assign(name))
    return menu
