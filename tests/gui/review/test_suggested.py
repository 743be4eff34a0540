"""Counts of suggested names in the list of people: they come when all is quiet, and follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.review.asker import Asker
from facegui.gui.review.people_model import PersonRow
from facegui.gui.review.people_panel import PeoplePanel
from facegui.gui.review.suggested import SuggestedCounts
from facegui.services.libraries import Library
from tests.fakes.people_library import ANN_UNNAMED, STRANGERS, people_library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return people_library(tmp_path)


@pytest.fixture
def panel(qtbot: QtBot, context: AppContext, library: Library) -> PeoplePanel:
    made = PeoplePanel()
    qtbot.addWidget(made)
    context.set_library(library)
    SuggestedCounts(context, made)
    made.show_people(library.people(), library.person_counts(), library.counts().kept)
    return made


def rows(panel: PeoplePanel) -> list[PersonRow]:
    model = panel._model
    return [model.index(n, 0).data(Qt.ItemDataRole.UserRole) for n in range(model.rowCount())]


def suggested(panel: PeoplePanel) -> list[int]:
    return [row.suggested for row in rows(panel)]


def test_counts_arrive_and_follow_what_the_owner_does(
    qtbot: QtBot, panel: PeoplePanel, context: AppContext, library: Library
) -> None:
    assert suggested(panel) == [0, 0, 0]
    panel.show()
    qtbot.waitUntil(lambda: suggested(panel) == [0, 2, 1], timeout=20_000)
    assert [row.note for row in rows(panel)] == ["", "2 suggested", "1 suggested"]
    spoken = panel._model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Ann: 5 kept, 2 suggested, 0 rejected")
    context.write("Naming", lambda: library.assign([ANN_UNNAMED[0]], "Ann"))
    qtbot.waitUntil(lambda: suggested(panel) == [0, 1, 1], timeout=20_000)
    panel.show_people(library.people(), library.person_counts(), library.counts().kept)
    assert suggested(panel) == [0, 1, 1], "other counts do not take these away"
    assert not panel.grab().isNull()


def test_nothing_is_compared_while_the_list_is_out_of_sight(
    qtbot: QtBot, panel: PeoplePanel, context: AppContext, library: Library
) -> None:
    counts = panel.findChild(SuggestedCounts)
    assert isinstance(counts, SuggestedCounts)
    qtbot.waitUntil(lambda: not counts._quiet.isActive(), timeout=20_000)
    asker = counts.findChild(Asker)
    assert isinstance(asker, Asker)
    assert not asker.busy
    assert suggested(panel) == [0, 0, 0]
    panel.show()
    qtbot.waitUntil(lambda: suggested(panel) == [0, 2, 1], timeout=20_000)
    context.write("Ignoring", lambda: library.assign(STRANGERS, "Cy"))
    qtbot.waitUntil(lambda: not context.lanes.busy(), timeout=20_000)
    context.set_library(None)
    assert suggested(panel) == [0, 0, 0], "another library's counts are not shown"
