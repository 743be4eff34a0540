"""Which pages the window has, in the order of the sidebar."""

from __future__ import annotations

from facegui.gui.context import AppContext
from facegui.gui.page import Page


def make_pages(context: AppContext) -> list[Page]:
    """One of each page."""
    from facegui.gui.duplicates.page import DuplicatesPage
    from facegui.gui.live.page import LivePage
    from facegui.gui.recognise.page import RecognisePage
    from facegui.gui.review.page import ReviewPage
    from facegui.gui.train.page import TrainPage

    return [
        ReviewPage(context),
        DuplicatesPage(context),
        TrainPage(context),
        RecognisePage(context),
        LivePage(context),
    ]
