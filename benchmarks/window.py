"""How soon the window is there and how much memory it takes, beside a bare Qt window.

Run: ``python benchmarks/window.py``. Each figure is the median of five fresh processes; the time
runs from before the process starts to the window's first paint.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

RUNS = 5
TARGET_S, TARGET_MB = 0.6, 150

_FIRST_PAINT = """
import os, resource, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

def resident_mb():
    line = next(l for l in open("/proc/self/status") if l.startswith("VmRSS"))
    return int(line.split()[1]) / 1024

class FirstPaint(QObject):
    painted = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.painted:
            self.painted = True
            QTimer.singleShot(0, self.note)
        return False

    def note(self):
        self.seconds, self.megabytes = time.time() - float(os.environ["STARTED_AT"]), resident_mb()
        QTimer.singleShot(3000, self.tell)

    def tell(self):
        print(self.seconds, self.megabytes, resident_mb(), flush=True)
        os._exit(0)
"""

OURS = (
    _FIRST_PAINT
    + """
from facegui.__main__ import make_tools
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.settings import AppSettings
app = make_application()
window = MainWindow(AppContext(make_tools(), app), AppSettings())
first = FirstPaint()
window.installEventFilter(first)
window.show()
app.exec()
"""
)
BARE = (
    _FIRST_PAINT
    + """
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
first = FirstPaint()
window.installEventFilter(first)
window.show()
app.exec()
"""
)


def measure(script: str) -> tuple[float, ...]:
    """Seconds to the first paint, resident megabytes then and 3 s later; medians of `RUNS`."""
    rows: list[list[float]] = []
    for _ in range(RUNS + 1):  # the first fills the disk cache and does not count
        environment = os.environ | {
            "STARTED_AT": repr(time.time()),
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        }
        printed = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        rows.append([float(word) for word in printed.split()])
    return tuple(statistics.median(column) for column in zip(*rows[1:], strict=True))


def main() -> None:
    ours, bare = measure(OURS), measure(BARE)
    for what, unit, mine, floor, target in (
        ("window visible", "s", ours[0], bare[0], TARGET_S),
        ("memory then", "MB", ours[1], bare[1], TARGET_MB),
        ("memory idle", "MB", ours[2], bare[2], TARGET_MB),
    ):
        print(
            f"{what:15} {mine:7.2f} {unit:2}  bare Qt window {floor:7.2f} {unit:2}  "
            f"ratio {mine / floor:.2f}  target {target} {unit}"
        )


if __name__ == "__main__":
    main()
