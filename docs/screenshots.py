"""Takes the README's screenshots: the real window, offscreen, on the ORL sample.

Run: ``python docs/screenshots.py [FOLDER]``; without a folder they go to docs/images.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("FACEGUI_LANGUAGE", "en")

from PySide6.QtCore import QCoreApplication, QEventLoop

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.recognise.page import RecognisePage
from facegui.gui.settings import AppSettings
from facegui.gui.train.page import TrainPage
from facegui.services.libraries import create_library
from facegui.services.runs import list_runs
from facegui.services.sample import fill_sample
from facegui.weights.store import FOLDER_VARIABLE, default_folder

SIZE_PX = (1280, 800)
PATIENCE_S = 600.0
SETTLE_S = 1.0
RECOGNISED = 12


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ[FOLDER_VARIABLE] = str(default_folder())
        # recent libraries are nobody's business, and the sample is to be made anew
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = place
        app = make_application()
        tools = make_tools()
        context = AppContext(tools, app)
        window = MainWindow(context, AppSettings())
        window.resize(*SIZE_PX)
        window.show()
        try:
            _tour(window, context, Path(place) / "Sample faces.facegui", folder)
        finally:
            window.close()
            tools.close()


def _tour(window: MainWindow, context: AppContext, place: Path, folder: Path) -> None:
    def shoot(name: str) -> None:
        _wait(lambda: not window.commands.busy)
        _settle()
        window.grab().save(str(folder / f"{name}.png"))
        print(folder / f"{name}.png")

    shoot("start")
    library = create_library(place)
    fill_sample(library, context.tools, NullControl())
    context.set_library(library)
    window.commands.scan()
    _wait(lambda: not library.counts().pending)
    shoot("review")
    window.go_to("collect")
    shoot("collect")
    window.go_to("rules")
    shoot("rules")
    window.go_to("people")
    shoot("people")
    window.go_to("duplicates")
    shoot("duplicates")
    train = next(page for page in window.pages if isinstance(page, TrainPage))
    window.go_to("train")
    _wait(lambda: train.watch is not None)
    shoot("train-before")
    train.train()
    _wait(lambda: bool(list_runs(library)))
    shoot("train")
    recognise = next(page for page in window.pages if isinstance(page, RecognisePage))
    window.go_to("recognise")
    _settle()
    photos = [Path(photo.path) for photo in library.photos(library.photo_ids())]
    recognise.recognise(photos[:: len(photos) // RECOGNISED])
    _wait(lambda: not recognise.busy)
    shoot("recognise")
    context.set_library(None)


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
