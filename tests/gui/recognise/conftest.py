"""A recognise page with a model that knows people by their colours."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.recognise.page import RecognisePage
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.videos import GREEN, RED


@pytest.fixture
def asked(qtbot: QtBot, context: AppContext, tmp_path: Path) -> RecognisePage:
    """It knows Ruth and Gretel, and has been asked nothing."""
    page = RecognisePage(context)
    qtbot.addWidget(page, before_close_func=RecognisePage.leave)
    page.resize(1000, 650)
    page.show()
    page.activate()
    with qtbot.waitSignal(page.body.models.changed):
        bundle = write_colour_bundle(tmp_path / "people.facebundle", {"Ruth": RED, "Gretel": GREEN})
        page.body.models.open_bundle(bundle)
    return page
