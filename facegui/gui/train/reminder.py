"""Tells an owner who opens a library that a training of it was interrupted."""

from __future__ import annotations

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane


def remind(context: AppContext) -> None:
    """Say it above whatever page is in front, if there is such a training."""
    library = context.library
    if library is None:
        return

    def look(_control: Control) -> object:
        from facegui.services.learning.begun import interrupted

        return bool(interrupted(library.runs_dir))

    def tell(found: object) -> None:
        if found and context.library is library:
            context.notice_of_page.emit(
                tr("A training was interrupted."),
                tr("Go on with it, or keep what it had learned, under Train."),
                "train",
            )

    context.lanes.start(look, tr("Looking for trainings"), Lane.QUERY).done.connect(tell)
