"""The window of the models: what it lists, and what its buttons do to the library."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from facegui.gui.context import AppContext
from facegui.gui.export_model.dialog import OtherProgramsDialog
from facegui.gui.models.dialog import ModelsDialog
from facegui.gui.status import ModelField
from facegui.services.libraries import Library
from facegui.services.runs.model_cards import describe_model
from facegui.services.runs.model_titles import read_titles
from facegui.services.runs.models import active_model, list_models
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.training_library import FakeLibrary
from tests.fakes.videos import BLUE, GREEN, RED
from tests.gui.conftest import Settle

PEOPLE = {"Ruth": RED, "Gretel": GREEN}


@pytest.fixture
def library(tmp_path: Path, context: AppContext) -> Library:
    fake = FakeLibrary(tmp_path / "L.facegui")
    fake.models_dir.mkdir(parents=True)
    write_colour_bundle(fake.models_dir / "1.facebundle", PEOPLE)
    write_colour_bundle(fake.models_dir / "2.facebundle", {**PEOPLE, "Bluebeard": BLUE})
    context.library = cast("Library", fake)
    context.model.refresh()
    return context.library


@pytest.fixture
def dialog(qtbot: QtBot, context: AppContext, library: Library, settle: Settle) -> ModelsDialog:
    return shown(qtbot, context, settle)


def shown(qtbot: QtBot, context: AppContext, settle: Settle) -> ModelsDialog:
    made = ModelsDialog(context)
    qtbot.addWidget(made, before_close_func=lambda _: context.lanes.close())
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    settle()
    return made


@pytest.fixture(autouse=True)
def end(context: AppContext) -> object:
    yield
    context.library = None  # a fake cannot be closed


def texts(dialog: ModelsDialog, column: int) -> list[str]:
    items = (dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount()))
    return [item.text(column) for item in items if item is not None]


def choose(dialog: ModelsDialog, *rows: int) -> None:
    dialog.list.clearSelection()
    for row in rows:
        item = dialog.list.topLevelItem(row)
        assert item is not None
        dialog.list.setCurrentItem(item, 0, dialog.list.selectionModel().SelectionFlag.Select)


def test_all_models_with_the_one_in_use(dialog: ModelsDialog, settle: Settle) -> None:
    assert texts(dialog, 3) == ["3", "2"]
    assert texts(dialog, 5) == ["97 % (83–99 %)"] * 2
    assert texts(dialog, 1) == ["in use", ""]
    settle()
    assert "Bluebeard" in dialog.card.view.toPlainText()
    dialog.card.copy.click()
    assert "Bluebeard" in QGuiApplication.clipboard().text()
    assert not dialog.use.isEnabled()


def test_using_another_one_is_told_everywhere(
    qtbot: QtBot, dialog: ModelsDialog, context: AppContext, library: Library, settle: Settle
) -> None:
    field = ModelField(context.model)
    qtbot.addWidget(field)
    choose(dialog, 1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: active_model(library) == library.models_dir / "1.facebundle")
    settle()
    assert texts(dialog, 1) == ["", "in use"]
    assert "2 people" in field.toolTip()


def test_a_title_is_written_in_the_list_and_shown_everywhere(
    qtbot: QtBot, dialog: ModelsDialog, context: AppContext, library: Library, settle: Settle
) -> None:
    field = ModelField(context.model)
    qtbot.addWidget(field)
    item = dialog.list.topLevelItem(0)
    assert item is not None
    item.setText(0, "Family")
    qtbot.waitUntil(lambda: read_titles(library) == {"2": "Family"})
    settle()
    assert texts(dialog, 0) == ["Family", "Face transfer"]
    assert texts(dialog, 1) == ["Face transfer · in use", ""]
    assert field.text() == "Family"


def test_delete_and_bring_back(
    qtbot: QtBot, dialog: ModelsDialog, context: AppContext, library: Library, settle: Settle
) -> None:
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    settle()
    assert texts(dialog, 3) == ["2"]
    card = context.model.card
    assert card is not None
    assert card.path.name == "1.facebundle"
    assert dialog.notice.isVisible()
    dialog.restore.click()
    settle()
    assert texts(dialog, 3) == ["3", "2"]
    assert not dialog.restore.isVisible()


def test_import_and_export(
    dialog: ModelsDialog,
    library: Library,
    tmp_path: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out.facebundle"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(out), ""))
    dialog.export.click()
    settle()
    assert describe_model(out).people == ("Bluebeard", "Gretel", "Ruth")
    dialog.take.click()
    settle()
    assert len(list_models(library)) == 2  # it was in the library already
    assert dialog.notice.isVisible()
    dialog.delete.click()
    settle()
    dialog.take.click()
    settle()
    assert "out" in texts(dialog, 0)


def drop(dialog: ModelsDialog, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPoint(9, 9), copy, data, left, nothing))


def test_a_dropped_model_is_taken_in(dialog: ModelsDialog, tmp_path: Path, settle: Settle) -> None:
    file = write_colour_bundle(tmp_path / "friend.facebundle", {"Ruth": BLUE, "Gretel": RED})
    drop(dialog, file)
    settle()
    assert "friend" in texts(dialog, 0)


def test_one_that_is_there_already_is_shown_instead(
    dialog: ModelsDialog, library: Library, settle: Settle
) -> None:
    assert [row.path.stem for row in dialog.list.chosen()] == ["2"]
    drop(dialog, library.models_dir / "1.facebundle")
    settle()
    assert [row.path.stem for row in dialog.list.chosen()] == ["1"]
    (told, _) = (label.text() for label in dialog.notice.findChildren(QLabel))
    assert "already, as Face transfer of" in told


def test_a_damaged_model_can_only_be_deleted(
    qtbot: QtBot, context: AppContext, library: Library, settle: Settle
) -> None:
    (library.models_dir / "2.facebundle").write_bytes(b"damaged")
    dialog = shown(qtbot, context, settle)
    choose(dialog, 0)
    settle()
    able = {b.text() for b in dialog._buttons if b.isEnabled() and not b.isHidden()}
    assert able == {"Delete", "Import…"}
    assert "not a FaceGUI bundle" in dialog.card.view.toPlainText()


def test_it_is_no_larger_than_the_window_below(
    qtbot: QtBot, context: AppContext, library: Library, settle: Settle
) -> None:
    window = QWidget()
    window.resize(1000, 620)
    qtbot.addWidget(window, before_close_func=lambda _: context.lanes.close())
    assert ModelsDialog(context, window).size() == window.size()
    settle()


def test_without_models_it_says_what_to_do(
    qtbot: QtBot, context: AppContext, settle: Settle
) -> None:
    dialog = shown(qtbot, context, settle)
    assert dialog._stack.currentIndex() == 0
    assert not dialog.take.isEnabled()


def test_other_programs(dialog: ModelsDialog, settle: Settle) -> None:
    choose(dialog, 1)
    dialog.give.click()
    (other,) = dialog.findChildren(OtherProgramsDialog)
    settle()
    other.close()


def test_closing_it_while_it_reads(
    qtbot: QtBot, context: AppContext, library: Library, settle: Settle
) -> None:
    for _ in range(3):
        made = ModelsDialog(context)
        made.open()
        made.card.show_card(library.models_dir / "1.facebundle")
        made.close()
        QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)
    settle()
