"""What the views of the Collect page are."""

from __future__ import annotations

from facegui.gui.page import Page


class CollectView(Page):
    """One kind of source, a page within the page; `facegui.gui.collect.page` lists them.

    A library is open while it is shown. It also leaves when it goes to the back: cameras and timers
    are let go of then.
    """
