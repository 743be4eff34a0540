"""Imports in slices, and without PySide's reading of every module's source."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facegui.gui.preload import Preload

_ASK = """
import sys
from PySide6 import QtCore
from facegui.gui.preload import import_plainly
if sys.argv[1] == "plainly":
    import_plainly()
import this_was_imported
from PySide6.support import feature
print("this_was_imported" in feature.pyside_feature_dict)
"""


@pytest.mark.parametrize(("how", "read"), [("as it is", "True"), ("plainly", "False")])
def test_no_source_is_read_for_features(how: str, read: str, tmp_path: Path) -> None:
    (tmp_path / "this_was_imported.py").touch()
    asked = subprocess.run(
        [sys.executable, "-c", _ASK, how],
        env={**os.environ, "PYTHONPATH": f"{Path.cwd()}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == read


def test_modules_are_there_before_anybody_goes_on(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("slice_one", "slice_two"):
        (tmp_path / f"{name}.py").touch()
        monkeypatch.delitem(sys.modules, name, raising=False)
    preload = Preload(["slice_one", "PySide6.QtSvg", "slice_two"], qapp)
    told: list[bool] = []
    preload.then(lambda: told.append({"slice_one", "slice_two"} <= sys.modules.keys()))
    assert preload.awaited
    qtbot.waitUntil(lambda: told == [True])
    assert not preload.awaited
    preload.then(lambda: told.append(True))
    assert told == [True, True]
