"""Two models compared in the window: chosen, asked, listed, filtered, exported."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.models.compare_dialog import CompareModelsDialog
from facegui.gui.models.compared_model import FACE, ONE, OTHER, TRUTH, Shown
from facegui.services.libraries import Library
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.faces import picture
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import BLUE, GREEN, RED
from tests.gui.conftest import Settle


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    for name, colour in (("Ruth", RED), ("Gretel", GREEN), ("Bluebeard", BLUE)):
        (folder / name).mkdir(parents=True)
        Image.fromarray(picture((10, 40, colour))).save(folder / name / "1.png")
    return folder


@pytest.fixture
def dialog(
    qtbot: QtBot, context: AppContext, tmp_path: Path, settle: Settle
) -> CompareModelsDialog:
    fake = FakeLibrary(tmp_path / "L.facegui")
    fake.models_dir.mkdir(parents=True)
    write_colour_bundle(fake.models_dir / "1.facebundle", {"Ruth": RED, "Gretel": GREEN})
    write_colour_bundle(fake.models_dir / "2.facebundle", {"Ruth": RED, "Bluebeard": BLUE})
    context.library = cast("Library", fake)
    made = CompareModelsDialog(context, [fake.models_dir / "1.facebundle"])
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    with qtbot.waitExposed(made):
        made.show()
    settle()
    return made


@pytest.fixture(autouse=True)
def end(context: AppContext) -> object:
    yield
    context.library = None  # a fake cannot be closed


def shown(dialog: CompareModelsDialog, column: int) -> list[str]:
    model = dialog.view.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def list_only(dialog: CompareModelsDialog, what: Shown) -> None:
    row = dialog.view.filter.findData(what)
    dialog.view.filter.setCurrentIndex(row)
    dialog.view.filter.activated.emit(row)


def test_photos_of_a_folder(
    dialog: CompareModelsDialog, album: Path, settle: Settle, qtbot: QtBot
) -> None:
    assert dialog.one.currentIndex() == 1  # the one that was chosen, the other beside it
    assert dialog.other.currentIndex() == 0
    dialog.compare([album])
    assert dialog.halt.isVisible()
    settle()
    assert not dialog.halt.isVisible()
    # Gretel is A's alone, Bluebeard is B's alone; both are right to call the other unknown.
    assert dialog.view.filter.currentData() is Shown.DIFFERENT
    assert shown(dialog, TRUTH) == ["Bluebeard", "Gretel"]
    assert "same faces" in dialog.view.summary.verdict.text()
    list_only(dialog, Shown.ALL)
    assert shown(dialog, TRUTH) == ["Bluebeard", "Gretel", "Ruth"]
    assert shown(dialog, ONE)[2] == shown(dialog, OTHER)[2] == "✓ Ruth  100 %"
    list_only(dialog, Shown.BOTH_WRONG)
    assert shown(dialog, TRUTH) == []
    assert dialog.view.none.isVisible()


def test_the_chosen_face_is_shown_as_both_see_it(
    dialog: CompareModelsDialog, album: Path, settle: Settle, qtbot: QtBot
) -> None:
    dialog.compare([album])
    settle()
    views = dialog.view.both.views
    qtbot.waitUntil(lambda: all(len(view.faces) == 1 for view in views))
    names = [view.faces[0].identity.name for view in views if view.faces[0].identity]
    assert names == [None, "Bluebeard"]
    dialog.view.table.setFocus()
    qtbot.keyClick(dialog.view.table, Qt.Key.Key_Down)
    qtbot.waitUntil(
        lambda: [v.faces[0].identity.name for v in views if v.faces[0].identity] == ["Gretel", None]
    )
    qtbot.waitUntil(
        lambda: dialog.view.model.index(0, FACE).data(Qt.ItemDataRole.DecorationRole) is not None
    )


def test_export(
    dialog: CompareModelsDialog,
    album: Path,
    tmp_path: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not dialog.export.isEnabled()
    dialog.compare([album])
    settle()
    out = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    dialog.export.click()
    settle()
    assert len(out.read_text("utf-8").splitlines()) == 4
    assert str(out) in dialog.notice._message.text()


def test_a_library_whose_faces_all_were_learned_says_so(
    dialog: CompareModelsDialog, settle: Settle
) -> None:
    dialog.library.click()
    settle()
    assert "every named face" in dialog.view.summary.verdict.text()
    assert shown(dialog, TRUTH) == []


def test_a_model_is_not_compared_with_itself(dialog: CompareModelsDialog) -> None:
    dialog.other.setCurrentIndex(dialog.one.currentIndex())
    dialog.other.activated.emit(dialog.one.currentIndex())
    assert not dialog.folder.isEnabled()
    assert "different" in dialog.told.text()
    dialog.compare([Path("/nowhere")])
    assert not dialog.busy


def test_a_model_that_has_gone_is_told_of(
    dialog: CompareModelsDialog, album: Path, settle: Settle, context: AppContext
) -> None:
    assert context.library is not None
    (context.library.models_dir / "1.facebundle").unlink()
    dialog.compare([album])
    settle()
    assert "1.facebundle" in dialog.notice._message.text()
    assert dialog.folder.isEnabled()


def test_the_table_is_a_sound_model(
    dialog: CompareModelsDialog, album: Path, settle: Settle, qtmodeltester: ModelTester
) -> None:
    dialog.compare([album])
    settle()
    list_only(dialog, Shown.ALL)
    qtmodeltester.check(dialog.view.model)
