"""The window of other programs: exports with what they gave, and a server that starts and ends."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from facegui.domain.control import Control, Progress
from facegui.domain.errors import BundleError, Cancelled
from facegui.domain.model_export import Agreement, ModelFormat
from facegui.domain.training import Preprocessing
from facegui.gui.context import AppContext
from facegui.gui.export_model.dialog import OtherProgramsDialog
from facegui.services.exporting import model_export
from facegui.services.exporting.model_export import ModelExported, ModelExportRequest
from facegui.services.runs.model_cards import describe_model
from tests.fakes.bundles import write_colour_bundle
from tests.fakes.square_library import square_library
from tests.gui.conftest import Settle

RED, GREEN = (220, 30, 30), (30, 220, 30)
CROP = Preprocessing(kind="aligned", size_px=112, margin=0.0)


@pytest.fixture
def dialog(
    qtbot: QtBot, context: AppContext, tmp_path: Path, settle: Settle
) -> OtherProgramsDialog:
    bundle = write_colour_bundle(tmp_path / "b.facebundle", {"Ann": RED, "Bob": GREEN})
    context.set_library(square_library(tmp_path))
    made = OtherProgramsDialog(context, describe_model(bundle))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    settle()
    return made


Export = Callable[[ModelExportRequest, Control], ModelExported]


def pretend(monkeypatch: pytest.MonkeyPatch, act: Export) -> None:
    monkeypatch.setattr(
        model_export,
        "export_for_programs",
        lambda _library, _tools, request, control: act(request, control),
    )


def write_until_stopped(_request: ModelExportRequest, control: Control) -> ModelExported:
    control.report(Progress(1, 3, "Writing"))
    while not control.cancelled():
        pass
    raise Cancelled


def test_the_result_tells_how_well_it_agrees(
    dialog: OtherProgramsDialog, settle: Settle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[ModelExportRequest] = []

    def act(request: ModelExportRequest, control: Control) -> ModelExported:
        asked.append(request)
        control.report(Progress(1, 3, "Writing the model"))
        return ModelExported(request.out, request.kind, CROP, Agreement(48, 48, 2.4e-7), 38_600_000)

    pretend(monkeypatch, act)
    view = dialog.export
    assert view.format is ModelFormat.SAVED_MODEL
    assert not view.open_folder.isVisible()
    view.choices[ModelFormat.ONNX].setChecked(True)
    view.export_to(tmp_path / "out")
    assert view.halt.isVisible()
    assert not view.go.isVisible()
    settle()
    assert [(each.kind, each.out) for each in asked] == [(ModelFormat.ONNX, tmp_path / "out")]
    assert "48 of 48" in view.result.text()
    assert "38.6 MB" in view.result.text()
    assert view.open_folder.isVisible()
    assert view.go.isVisible()


def test_one_that_does_not_agree_is_told_of(
    dialog: OtherProgramsDialog, settle: Settle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def act(request: ModelExportRequest, control: Control) -> ModelExported:
        raise BundleError("It does not agree.", "Choose another.")

    pretend(monkeypatch, act)
    dialog.export.export_to(tmp_path / "out")
    settle()
    assert dialog.export.result.text() == "It does not agree. Choose another."
    assert not dialog.export.open_folder.isVisible()


def test_stop_ends_it(
    qtbot: QtBot,
    dialog: OtherProgramsDialog,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    pretend(monkeypatch, write_until_stopped)
    dialog.export.export_to(tmp_path / "out")
    qtbot.waitUntil(lambda: dialog.export.result.text() == "Writing…")
    dialog.export.halt.click()
    settle()
    assert dialog.export.result.text() == "Stopped; nothing was written."


def test_without_a_library_there_is_nothing_to_check_on(
    dialog: OtherProgramsDialog, context: AppContext
) -> None:
    context.set_library(None)
    assert not dialog.export.go.isEnabled()
    assert "library" in dialog.export.result.text()


def test_it_answers_until_it_is_stopped(
    qtbot: QtBot, dialog: OtherProgramsDialog, settle: Settle
) -> None:
    view = dialog.serve
    view.port.setMinimum(0)
    view.port.setValue(0)  # any that is free
    view.start()
    qtbot.waitUntil(lambda: bool(view.address.text()), timeout=20_000)
    address = view.address.text().removesuffix(":predict")
    request = urllib.request.Request(
        address, headers={"Authorization": f"Bearer {view.token.text()}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer)["people"] == ["Ann", "Bob"]
    view.copy.click()
    assert view.token.text() in QGuiApplication.clipboard().text()
    view.halt.click()
    settle()
    assert view.address.text() == ""
    assert view.told.text() == "0 requests were answered."
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(request, timeout=20)


def test_a_port_that_is_taken_is_told_of_here_only(
    qtbot: QtBot, dialog: OtherProgramsDialog, context: AppContext, settle: Settle
) -> None:
    elsewhere: list[object] = []
    context.lanes.task_failed.connect(lambda *failed: elsewhere.append(failed))
    view = dialog.serve
    with socket.create_server(("127.0.0.1", 0)) as taken:
        view.port.setValue(taken.getsockname()[1])
        view.start()
        settle()
    assert "Choose another port" in view.told.text()
    assert "--port" not in view.told.text()
    assert not elsewhere
    view.start()
    qtbot.waitUntil(lambda: bool(view.address.text()), timeout=20_000)
    assert view.told.text() == "It answers."


def press_close(dialog: OtherProgramsDialog) -> None:
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    box.button(QDialogButtonBox.StandardButton.Close).click()


CLOSING: dict[str, Callable[[OtherProgramsDialog], object]] = {
    "button": press_close,
    "escape": lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape),
    "title bar": lambda dialog: dialog.close(),
}


@pytest.mark.parametrize("way", CLOSING)
def test_the_window_can_be_closed(
    dialog: OtherProgramsDialog, context: AppContext, way: str
) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    CLOSING[way](dialog)
    assert not dialog.isVisible()
    assert not context.lanes.busy()


@pytest.mark.parametrize("way", CLOSING)
def test_closing_the_window_ends_the_answers(
    qtbot: QtBot, dialog: OtherProgramsDialog, context: AppContext, settle: Settle, way: str
) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.serve.port.setMinimum(0)
    dialog.serve.port.setValue(0)
    dialog.serve.start()
    qtbot.waitUntil(lambda: bool(dialog.serve.address.text()), timeout=20_000)
    CLOSING[way](dialog)
    assert not dialog.isVisible()
    settle()
    assert not context.lanes.busy()


def test_closing_the_window_ends_the_export(
    qtbot: QtBot,
    dialog: OtherProgramsDialog,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    pretend(monkeypatch, write_until_stopped)
    dialog.export.export_to(tmp_path / "out")
    qtbot.waitUntil(lambda: dialog.export.result.text() == "Writing…")
    press_close(dialog)
    assert not dialog.isVisible()
    settle()
    assert dialog.export.result.text() == "Stopped; nothing was written."
