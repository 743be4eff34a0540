"""Starting Qt, showing the window, and leaving cleanly."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from facegui import __version__
from facegui.domain.text import resource_path, set_language
from facegui.gui.context import AppContext
from facegui.gui.main_window import MainWindow
from facegui.gui.preload import import_plainly
from facegui.gui.report import install_excepthook
from facegui.gui.settings import AppSettings
from facegui.gui.theme import apply_theme
from facegui.services.runs.model_cards import is_bundle
from facegui.services.tools import Tools


def make_application() -> QApplication:
    """The one `QApplication`, named, dressed and in the owner's language."""
    import_plainly()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("FaceGUI")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("facegui")
    app.setWindowIcon(QIcon(str(resource_path("icons/facegui.svg"))))
    set_language(os.environ.get("FACEGUI_LANGUAGE") or QLocale.system().name())
    apply_theme(app)
    return app


def run(tools: Tools, path: Path | None, *, sample: bool) -> int:
    """Show the window, with the library or model at *path*, until it is closed; exit status."""
    app = make_application()
    install_excepthook()
    context = AppContext(tools, app)
    window = MainWindow(context, AppSettings())
    # Modules and widgets live as long as the program: no collection has to look at them again,
    # which in a large library held the window for up to a third of a second.
    window.pages_built.connect(gc.freeze)
    window.show()
    if sample:
        QTimer.singleShot(0, window.commands.open_sample)
    elif path is not None:
        open_it = window.models.offer if is_bundle(path) else window.commands.open
        QTimer.singleShot(0, lambda: open_it(path))
    _quit_on_interrupt(app, window)
    return app.exec()


def try_window(tools: Tools) -> None:
    """Show the window without a display until its first events are through, and close it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    window = MainWindow(AppContext(tools, app), AppSettings())
    window.show()
    app.processEvents()
    window.close()
    app.processEvents()


def _quit_on_interrupt(app: QApplication, window: MainWindow) -> None:
    """Let Ctrl+C in a terminal close the window; Python runs handlers only between Qt events."""
    signal.signal(signal.SIGINT, lambda *_: window.close())
    tick = QTimer(app, interval=500)
    tick.timeout.connect(lambda: None)
    tick.start()
