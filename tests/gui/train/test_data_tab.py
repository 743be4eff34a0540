"""What is learned from: counts, faces, and a sheet of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from facegui.domain.dataset import Split
from facegui.gui.context import AppContext
from facegui.gui.train.data_tab import DataTab
from facegui.services.learning.dataset import DatasetRequest, survey
from facegui.services.libraries import Library
from tests.fakes.faces import fake_tools
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    made = FakeLibrary(tmp_path / "library")
    for name, count in (("Zoë", 10), ("Ada", 30), ("Eve", 30), ("Tom", 1)):
        made.add(name, count, folder=tmp_path / "photos")
    made.write_photos()
    return made


@pytest.fixture
def context(qtbot: QtBot, library: FakeLibrary) -> Iterator[AppContext]:
    made = AppContext(fake_tools())
    made.library = cast("Library", library)
    yield made
    assert made.lanes.close(timeout_s=30)
    made.tools.close()
    made.deleteLater()


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, library: FakeLibrary) -> DataTab:
    made = DataTab(context)
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    made.set_library(context.library)
    show(made, library)
    made.resize(700, 600)
    made.show()
    return made


def show(tab: DataTab, library: FakeLibrary, split: Split | None = None) -> None:
    split = split or Split()
    tab.show_survey(survey(cast("Library", library), DatasetRequest(split)), split, 0)


def choose(tab: DataTab, name: str) -> list[str]:
    """The notes below the faces of the person called *name*."""
    for row in range(tab.table.topLevelItemCount()):
        item = tab.table.topLevelItem(row)
        if item.text(0) == name:
            tab.table.setCurrentItem(item)
    return [case.note for case in tab.faces.list.model().cases]


def test_counts_weights_and_warnings(tab: DataTab) -> None:
    rows = {
        tab.table.topLevelItem(row).text(0): [
            tab.table.topLevelItem(row).text(column) for column in range(1, 7)
        ]
        for row in range(4)
    }
    assert rows["Ada"] == ["30", "30", "18", "6", "6", "0.78"]
    assert rows["Zoë"] == ["10", "10", "6", "2", "2", "2.33"]
    assert rows["Tom"][2:] == ["0", "0", "0", "–"]
    assert "Zoë has 6 faces to learn from, others about 18." in tab.warnings.text()


def test_the_faces_of_a_person(tab: DataTab) -> None:
    assert choose(tab, "Ada") == ["train"] * 18 + ["validate"] * 6 + ["test"] * 6
    assert tab.faces.heading.text() == "Ada: 30 faces"
    assert choose(tab, "Tom") == []
    assert "too few" in tab.faces.heading.text()


def test_another_split_keeps_the_person(tab: DataTab, library: FakeLibrary) -> None:
    choose(tab, "Ada")
    show(tab, library, Split(0.1, 0.0))
    assert tab.faces.heading.text() == "Ada: 30 faces"
    assert [case.note for case in tab.faces.list.model().cases].count("train") == 27


def test_too_few_people(tab: DataTab) -> None:
    show(tab, FakeLibrary())
    assert not tab.sheet.isEnabled()
    assert tab.table.topLevelItemCount() == 0


def test_a_contact_sheet(
    qtbot: QtBot,
    tab: DataTab,
    context: AppContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    with qtbot.waitSignal(context.notice, timeout=20_000) as told:
        tab.write_sheet(tmp_path / "sheet.pdf")
    assert str(tmp_path / "sheet.pdf") in told.args[0]
    assert (tmp_path / "sheet.pdf").stat().st_size > 10_000
    assert [url.toLocalFile() for url in shown] == [str(tmp_path / "sheet.pdf")]
