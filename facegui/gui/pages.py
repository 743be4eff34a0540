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
        parts: modules of a large room, each imported in a turn of its own before the page.
    """

    name: str
    title: str
    icon_name: str
    page_class: str
    needs_library: bool = True
    parts: tuple[str, ...] = ()

    @property
    def modules(self) -> list[str]:
        """What to import for the page, in order."""
        return [f"facegui.gui.{self.name}.{part}" for part in (*self.parts, "page")]

    def make(self, context: AppContext) -> Page:
        """The page, whose `modules` are imported."""
        made: Callable[[AppContext], Page] = getattr(
            import_module(self.modules[-1]), self.page_class
        )
        return made(context)


_PARTS_OF_REVIEW = ("words", "grid", "sheet", "photo_view", "stage", "filter_bar", "people_panel")


def places() -> tuple[Place, ...]:
    """Every place, in the order of the sidebar."""
    return (
        Place("collect", tr("Collect"), "collect", "CollectPage"),
        Place("review", tr("Review"), "review", "ReviewPage", parts=_PARTS_OF_REVIEW),
        Place("people", tr("People"), "people", "PeoplePage"),
        Place("rules", tr("Rules"), "rules", "RulesPage"),
        Place("duplicates", tr("Copies"), "duplicates", "DuplicatesPage"),
        Place("train", tr("Train"), "train", "TrainPage"),
        Place(
            "recognise",
            tr("Recognise"),
            "recognise",
            "RecognisePage",
            needs_library=False,
            parts=("loader", "results", "body"),
        ),
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
        self._modules: list[str] | None = None
        self._acts: list[Callable[[], object]] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._step)

    def begin(self) -> None:
        """Start building, a step for each turn of the event loop."""
        if self._waiting:
            self._timer.start()

    def then(self, act: Callable[[], object]) -> None:
        """Call *act* once all of them are there; at once if they are."""
        if self._waiting:
            self._acts.append(act)
            self.begin()
        else:
            act()

    def finish(self) -> None:
        """Build now what is not there yet."""
        while self._waiting:
            self._step()

    def _step(self) -> None:
        """Import the next module for the next page, or make the page when all are there."""
        if self._modules is None:
            self._modules = self._waiting[0].modules
        if self._modules:
            import_module(self._modules.pop(0))
            return
        self._modules = None
        self._place_page(self._waiting.pop(0).make(self._context))
        if not self._waiting:
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self.built.emit()
        acts, self._acts = self._acts, []
        for act in acts:
            act()
