"""The longest gap in the window's event loop while the whole workflow runs, phase by phase.

Run: ``FACEGUI_TEST_PHOTOS=… python benchmarks/responsiveness.py``. The real window, real models and
real photos; a timer that should fire every 5 ms tells how long the loop was away.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtTest import QTest

from facegui.__main__ import make_tools
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.settings import AppSettings

TARGET_MS = 100
TICK_MS = 5
PHASE_LIMIT_S = 600


class GapWatch:
    """Remembers the longest time between two ticks of a precise timer."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = time.perf_counter()
        self._timer.start()

    def reset(self) -> None:
        """Forget what was measured so far."""
        self.longest_ms, self._last = 0.0, time.perf_counter()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000 - TICK_MS)
        self._last = now


def wait_until(true: Callable[[], bool], limit_s: float = PHASE_LIMIT_S) -> None:
    """Run the event loop until *true*, asked every 20 ms."""
    loop = QEventLoop()
    ask = QTimer(interval=20)
    ask.timeout.connect(lambda: loop.quit() if true() else None)
    end = QTimer(singleShot=True, interval=int(limit_s * 1000))
    end.timeout.connect(lambda: loop.exit(1))
    ask.start()
    end.start()
    if loop.exec():
        raise TimeoutError("a phase did not end")


@contextmanager
def phase(name: str, watch: GapWatch) -> Iterator[None]:
    """Measure one phase and print its line."""
    began = time.perf_counter()
    watch.reset()
    yield
    seconds, gap = time.perf_counter() - began, watch.longest_ms
    verdict = "ok" if gap <= TARGET_MS else "MISSED"
    print(
        f"{name:28} {seconds:7.1f} s  longest gap {gap:6.1f} ms  "
        f"ratio to {TARGET_MS} ms {gap / TARGET_MS:5.2f}  {verdict}",
        flush=True,
    )


def walk(window: MainWindow, watch: GapWatch, photos: Path, folder: Path) -> None:
    """Import, scan, review, copies, train twice, recognise, live, close."""
    context = window.context
    idle = lambda: not window.commands.busy  # noqa: E731 - a condition with a name
    review, train, recognise = map(window.page, ("review", "train", "recognise"))
    with phase("new library", watch):
        window.commands.create(folder / "Faces.facegui")
        wait_until(lambda: context.library is not None and idle())
    with phase("import and scan", watch):
        window.commands.import_paths([photos / "messy" / "photos"])
        wait_until(lambda: context.library.counts().pending == 0 < context.library.counts().faces)
        wait_until(idle)
    with phase("review: 60 keys", watch):
        window.go_to("review")
        for key in (Qt.Key.Key_Right, Qt.Key.Key_X, Qt.Key.Key_Down) * 20:
            QTest.keyClick(window.focusWidget() or review, key)
            QTest.qWait(20)
        wait_until(idle)
    with phase("copies", watch):
        window.go_to("duplicates")
        wait_until(idle)
    with phase("train page and TensorFlow", watch):
        window.go_to("train")
        wait_until(lambda: train.watch is not None)
        wait_until(idle)
    for network, index in (("face transfer", 0), ("classic CNN", 1)):
        with phase(f"training: {network}", watch):
            train.body.networks.choose(index)
            train.train()
            wait_until(lambda: train.task is None)
        wait_until(idle)
    with phase("recognise 40 photos", watch):
        window.go_to("recognise")
        wait_until(lambda: recognise.body.models.bundle is not None)
        recognise.drop(sorted((photos / "messy" / "photos").rglob("*.jpg"))[:40])
        wait_until(idle)
    with phase("close", watch):
        window.close()


def main() -> int:
    named = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not named:
        print("set FACEGUI_TEST_PHOTOS to the folder of real photos", file=sys.stderr)
        return 2
    app = make_application()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(AppContext(make_tools(), app), AppSettings(settings))
        window.show()
        watch = GapWatch()
        wait_until(lambda: True)
        walk(window, watch, Path(named), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
