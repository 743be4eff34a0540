"""The live page with stand-ins for the face models and settings of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.live.page import LivePage
from facegui.gui.settings import AppSettings
from tests.fakes.faces import fake_tools, picture
from tests.fakes.videos import BLUE, RED, write_avi

GROUP = picture((20, 40, RED), (100, 40, BLUE))


def close(page: LivePage) -> None:
    """As the window does it."""
    page.leave()
    assert page.context.lanes.close(timeout_s=30)


@pytest.fixture
def context(qapp: object) -> Iterator[AppContext]:
    context = AppContext(fake_tools())
    yield context
    context.tools.close()
    context.deleteLater()


@pytest.fixture
def settings(tmp_path: Path) -> AppSettings:
    return AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, settings: AppSettings) -> LivePage:
    page = LivePage(context, settings=settings)
    qtbot.addWidget(page, before_close_func=close)
    page.resize(900, 600)
    page.show()
    return page


@pytest.fixture
def long_video(tmp_path: Path) -> str:
    return str(write_avi(tmp_path / "long.avi", [GROUP] * 400, fps=30))
