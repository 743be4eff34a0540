"""Which pages the window has, and how they are built after the window is there.

The start page needs none of them, so the window shows without waiting: each page is imported and
then made in a turn of the event loop of its own, or all at once when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal

from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.page import Page


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the sidebar, and where its page is.

    Attributes:
        name: what `AppContext.page_requested` calls it; the page is in the room of this name.
        title: shown in the sidebar.
        icon_name: file in ``resources/icons`` without its ending.
        page_class: in ``facegui.gui.<name>.page``.
        needs_library: greyed out while no library is open.
    """

    name: str
    title: str
    icon_name: str
    page_class: str
    needs_library: bool = True

    def load(self) -> Callable[[AppContext], Page]:
        """Import the page's room; its class."""
        made: Callable[[AppContext], Page] = getattr(
            import_module(f"facegui.gui.{self.name}.page"), self.page_class
        )
        return made


def places() -> tuple[Place, ...]:
    """Every place, in the order of the sidebar."""
    return (
        Place("collect", tr("Collect"), "collect", "CollectPage"),
        Place("review", tr("Review"), "review", "ReviewPage"),
        Place("people", tr("People"), "people", "PeoplePage"),
        Place("rules", tr("Rules"), "rules", "RulesPage"),
        Place("duplicates", tr("Copies"), "duplicates", "DuplicatesPage"),
        Place("train", tr("Train"), "train", "TrainPage"),
        Place("recognise", tr("Recognise"), "recognise", "RecognisePage", needs_library=False),
        Place("live", tr("Live"), "live", "LivePage", needs_library=False),
    )


class PageBuilder(QObject):
    """Makes the pages in order and hands each to *place_page* as soon as it is there.

    Signals:
        built: all of them are there.
    """

    built = Signal()

    def __init__(
        self, context: AppContext, place_page: Callable[[Page], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._place_page = place_page
        self._waiting = list(places())
        self._loaded: Callable[[AppContext], Page] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._step)

    def begin(self) -> None:
        """Start building, a step for each turn of the event loop."""
        if self._waiting:
            self._timer.start()

    def finish(self) -> None:
        """Build now what is not there yet."""
        while self._waiting:
            self._step()

    def _step(self) -> None:
        """Import the next page's room, or make the page when that is done."""
        if self._loaded is None:
            self._loaded = self._waiting[0].load()
            return
        make, self._loaded = self._loaded, None
        del self._waiting[0]
        self._place_page(make(self._context))
        if not self._waiting:
            self._timer.stop()
            self.built.emit()
