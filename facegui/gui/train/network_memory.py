"""Remembers for each library which network its owner chose last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from facegui.domain.control import Control
from facegui.domain.errors import LibraryError
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane

if TYPE_CHECKING:
    from facegui.gui.train.settings import NetworkPanel
    from facegui.services.learning.networks import NetworkChoice

_KEY = "train_network"


class NetworkMemory(QObject):
    """Chooses in a panel what was chosen before; goes with the panel."""

    def __init__(self, context: AppContext, panel: NetworkPanel) -> None:
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._generation = 0
        panel.chosen.connect(self._keep)
        context.library_changed.connect(self._recall)
        self._recall()

    def _recall(self, _library: object = None) -> None:
        self._generation += 1
        generation, library = self._generation, self._context.library
        if library is None:
            return

        def read(_control: Control) -> object:
            try:
                return library.setting(_KEY)
            except LibraryError:
                return None  # closed meanwhile

        task = self._context.lanes.start(read, tr("Reading what was chosen"), Lane.QUERY)
        task.done.connect(lambda title: self._choose(title, generation))

    def _choose(self, title: object, generation: int) -> None:
        """Choose *title*, unless another library or network has been chosen meanwhile."""
        titles = [choice.title for choice in self._panel.choices]
        if generation == self._generation and title in titles:
            self._panel.choose(titles.index(str(title)))

    def _keep(self, choice: NetworkChoice) -> None:
        self._generation += 1
        library = self._context.library
        if library is None:
            return

        def write(_control: Control) -> None:
            if library.setting(_KEY) != choice.title:
                library.set_setting(_KEY, choice.title)

        self._context.lanes.start(write, tr("Remembering the network"), Lane.WRITER)
