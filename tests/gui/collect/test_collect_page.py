"""The Collect page: views are built when asked for, and hear of coming and going."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QShortcut
from pytestqt.qtbot import QtBot

from facegui.gui.collect import page as page_module
from facegui.gui.collect.page import CollectPage, Source
from facegui.gui.collect.view import CollectView
from facegui.gui.context import AppContext
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools


class Heard(CollectView):
    """Writes down what it hears."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.heard: list[object] = []

    def activate(self) -> None:
        self.heard.append("activate")

    def leave(self) -> None:
        self.heard.append("leave")

    def drop(self, paths: list[Path]) -> bool:
        self.heard.append(paths)
        return True

    def keys(self) -> list[tuple[str, str]]:
        return [("K", "do it")]


class OneView(Source):
    def make(self, context: AppContext) -> CollectView:
        return Heard(context)


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    yield made
    assert made.lanes.close(timeout_s=30)
    made.deleteLater()


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, monkeypatch: pytest.MonkeyPatch) -> CollectPage:
    monkeypatch.setattr(
        page_module, "sources", lambda: (OneView("A", "a", "-"), OneView("B", "b", "-"))
    )
    made = CollectPage(context)
    qtbot.addWidget(made)
    return made


def open_library(page: CollectPage) -> None:
    page.context.library = cast("Library", object())


def heard(view: CollectView) -> list[object]:
    assert isinstance(view, Heard)
    return view.heard


def test_nothing_is_built_before_a_library_is_open(page: CollectPage) -> None:
    page.show()
    page.activate()
    assert page._views == {}
    assert not page.drop([Path("x")])
    assert len(page.keys()) == 1


def test_views_are_built_one_by_one_and_hear_of_coming_and_going(page: CollectPage) -> None:
    open_library(page)
    page.show()
    page.activate()
    first = page.view
    assert len(page._views) == 1
    second = page.choose("b")
    assert heard(first) == ["activate", "leave"]
    assert heard(second) == ["activate"]
    assert page._stack.currentWidget() is second
    assert page.choose("a") is first
    assert heard(second) == ["activate", "leave"]
    assert page.keys()[1:] == (("K", "do it"), ("K", "do it"))


def test_a_hidden_page_lets_its_view_go(page: CollectPage) -> None:
    open_library(page)
    page.show()
    page.activate()
    page.hide()
    assert heard(page.view) == ["activate", "leave"]
    page.show()
    page.activate()
    assert heard(page.view) == ["activate", "leave", "activate"]


def test_a_key_goes_round_the_sources(page: CollectPage, qtbot: QtBot) -> None:
    open_library(page)
    page.show()
    page.activate()
    shown = [page._row.currentIndex()]
    for _ in range(2):
        page.findChild(QShortcut).activated.emit()
        shown.append(page._row.currentIndex())
    assert shown == [0, 1, 0]


def test_drops_go_to_the_view_in_front(page: CollectPage) -> None:
    open_library(page)
    page.show()
    page.activate()
    assert page.drop([Path("x")])
    assert heard(page.view)[-1] == [Path("x")]


def test_every_source_has_its_view(context: AppContext, qtbot: QtBot) -> None:
    for source in page_module.sources():
        view = source.make(context)
        qtbot.addWidget(view)
        assert isinstance(view, CollectView)
