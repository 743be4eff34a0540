"""Takes the screenshots: the real window, offscreen, on the ORL sample.

Run: ``python docs/screenshots.py`` for the README's, in docs/images; with ``--views`` for those of
every view in two sizes, light and dark, in docs/views. ``--to FOLDER`` puts them elsewhere.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("FACEGUI_LANGUAGE", "en")

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.recognise.page import RecognisePage
from facegui.gui.settings import AppSettings
from facegui.gui.theme import Appearance, set_appearance
from facegui.gui.train.page import TrainPage
from facegui.services.collecting.sample import fill_sample
from facegui.services.libraries import create_library
from facegui.services.runs.records import list_runs
from facegui.weights.store import FOLDER_VARIABLE, default_folder

SIZES_PX = ((1280, 800), (1920, 1080))
PATIENCE_S = 600.0
SETTLE_S = 1.0
RECOGNISED = 12
QUALITY = 82


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--views", action="store_true", help="every view, four times")
    parser.add_argument("--to", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    folder = given.to or Path(__file__).parent / ("views" if given.views else "images")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ[FOLDER_VARIABLE] = str(default_folder())
        # recent libraries are nobody's business, and the sample is to be made anew
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = place
        app = make_application()
        tools = make_tools()
        context = AppContext(tools, app)
        window = MainWindow(context, AppSettings())
        window.resize(*SIZES_PX[0])
        window.show()
        camera = Camera(window, folder, everything=given.views)
        try:
            _tour(window, context, Path(place) / "Sample faces.facegui", camera)
        finally:
            window.close()
            tools.close()


class Camera:
    """Takes the window as it is, or in every size and theme."""

    def __init__(self, window: MainWindow, folder: Path, *, everything: bool) -> None:
        self.everything = everything
        self._window = window
        self._folder = folder

    def shoot(self, name: str) -> None:
        """Save what the window shows as *name*."""
        if not self.everything:
            self._take(f"{name}.png")
            return
        for width, height in SIZES_PX:
            self._window.resize(width, height)
            for appearance in (Appearance.DARK, Appearance.LIGHT):
                set_appearance(appearance)
                self._take(f"{name}-{width}-{appearance.value}.webp")
        self._window.resize(*SIZES_PX[0])

    def _take(self, name: str) -> None:
        _wait(lambda: not self._window.commands.busy)
        _settle()
        path = self._folder / name
        if not self._window.grab().save(str(path), quality=QUALITY if self.everything else -1):
            sys.exit(f"{path} cannot be written.")
        print(path)


def _tour(window: MainWindow, context: AppContext, place: Path, camera: Camera) -> None:
    camera.shoot("start")
    library = create_library(place)
    fill_sample(library, context.tools, NullControl())
    context.set_library(library)
    window.commands.scan()
    _wait(lambda: not library.counts().pending)
    camera.shoot("review")
    if camera.everything:
        _closer(camera)
    for name in ("collect", "rules", "people", "duplicates"):
        window.go_to(name)
        camera.shoot(name)
    train = next(page for page in window.pages if isinstance(page, TrainPage))
    window.go_to("train")
    _wait(lambda: train.watch is not None)
    camera.shoot("train-before")
    train.train()
    _wait(lambda: bool(list_runs(library)))
    camera.shoot("train")
    if camera.everything:
        for number in range(train.body.tabs.count()):
            train.body.tabs.setCurrentIndex(number)
            camera.shoot(f"train-{train.body.tabs.tabText(number).lower()}")
    recognise = next(page for page in window.pages if isinstance(page, RecognisePage))
    window.go_to("recognise")
    _settle()
    photos = [Path(photo.path) for photo in library.photos(library.photo_ids())]
    recognise.recognise(photos[:: len(photos) // RECOGNISED])
    _wait(lambda: not recognise.busy)
    camera.shoot("recognise")
    context.set_library(None)


def _closer(camera: Camera) -> None:
    """What the keys of Review open: one photo whole, and the fast review."""
    for key, name in ((Qt.Key.Key_P, "photo"), (Qt.Key.Key_R, "fast-review")):
        _press(key)
        camera.shoot(name)
        _press(Qt.Key.Key_Escape)


def _press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    if focused is None:
        sys.exit("Nothing has the focus; no key can be pressed.")
    QTest.keyClick(focused, key)
    _settle()


def _settle() -> None:
    """Let pictures that are still being loaded arrive."""
    end = time.monotonic() + SETTLE_S
    _wait(lambda: time.monotonic() > end)


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.01)
        if time.monotonic() > deadline:
            sys.exit("The window is still busy; nothing more is shot.")


if __name__ == "__main__":
    main()
