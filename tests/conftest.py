"""What every test shares: real photos and models or a loud skip, and no leaks of any kind.

- ``@pytest.mark.photos`` or the fixture ``photos``: the folder in ``FACEGUI_TEST_PHOTOS``.
- ``@pytest.mark.models`` or the fixture ``models``: the real, verified pretrained files.
- A test fails when it leaves a thread or a top-level widget behind, or when a warning is logged
  that it did not expect (assert on ``caplog`` and then ``caplog.clear()``). Qt's own warnings
  fail through ``qt_log_level_fail`` in pyproject.toml, Python's through ``filterwarnings``.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from facegui.domain.errors import ModelUnavailable
from facegui.domain.ports import ModelStore

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PHOTOS_VARIABLE = "FACEGUI_TEST_PHOTOS"
LEAK_GRACE_S = 20.0  # a machine of many tenants may stand still for a while
_MODELS = ("yunet", "sface", "face-landmarker", "sunglasses", "orl-faces")


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A marker brings its fixture, and a fixture its marker, so that ``-m`` selects by either."""
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        for need in ("photos", "models"):
            if need in names:
                item.add_marker(need)
            elif item.get_closest_marker(need):
                names.append(need)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line of its own what was not tried for want of photos or models."""
    for need in ("photos", "models"):
        untried = [
            report
            for report in terminalreporter.stats.get("skipped", [])
            if need in report.keywords
        ]
        if untried:
            terminalreporter.section(f"NOT TRIED: {len(untried)} tests need real {need}", red=True)


@pytest.fixture(scope="session")
def photos() -> Path:
    """The folder of real photos; see its README for what lies where."""
    named = os.environ.get(PHOTOS_VARIABLE)
    if not named:
        pytest.skip(f"no real photos: set {PHOTOS_VARIABLE} to the folder that holds them")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.fail(f"{PHOTOS_VARIABLE} is not a folder: {folder}")
    return folder


@pytest.fixture(scope="session")
def models() -> ModelStore:
    """The model store with every pretrained file in place, fetched once per machine."""
    from facegui.weights import Store

    store = Store()
    try:
        for name in _MODELS:
            store.path(name)
    except ModelUnavailable as error:
        pytest.skip(f"no pretrained models: {error}")
    return store


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep settings, recent libraries and the sample of whoever runs the tests out of them.

    The pretrained models stay where they are, so that they are fetched once per machine.
    """
    from facegui.weights.store import FOLDER_VARIABLE, default_folder

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(default_folder()))
        for name in ("CONFIG", "DATA"):
            patch.setenv(f"XDG_{name}_HOME", str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(autouse=True)
def _no_unexpected_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    surprises = [
        f"{record.name}: {record.getMessage()}"
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING
    ]
    if surprises:
        pytest.fail("logged, but not expected:\n" + "\n".join(surprises))


@pytest.fixture(autouse=True)
def _no_leaks() -> Iterator[None]:
    """Whatever a test starts or shows has gone when it ends."""
    threads, widgets = set(threading.enumerate()), _widgets()
    yield
    deadline = time.monotonic() + LEAK_GRACE_S
    while leaked := _left_over(threads, widgets):
        if time.monotonic() > deadline:
            pytest.fail("left behind: " + ", ".join(leaked))
        time.sleep(0.01)


def _left_over(threads: set[threading.Thread], widgets: Sequence[object]) -> list[str]:
    new_widgets = [widget for widget in _widgets() if widget not in widgets]
    if new_widgets:
        gc.collect()
        _delete_deferred()
        new_widgets = [widget for widget in _widgets() if widget not in widgets]
    new_threads = [thread for thread in threading.enumerate() if thread not in threads]
    return [repr(thing) for thing in (*new_threads, *new_widgets)]


def _widgets() -> Sequence[object]:
    """Top-level widgets alive now; none when no test has started Qt's application."""
    qt = sys.modules.get("PySide6.QtWidgets")
    app = qt.QApplication.instance() if qt else None
    return () if app is None else tuple(app.topLevelWidgets())


def _delete_deferred() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
