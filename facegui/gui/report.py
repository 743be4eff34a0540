"""What the owner sees of a bug: one dialog with a report to copy, and the app goes on."""

from __future__ import annotations

import platform
import sys
import traceback
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtWidgets import QApplication, QMessageBox

from facegui import __version__
from facegui.domain.text import tr


def report_text(error: BaseException) -> str:
    """Versions and traceback of *error*; no names, no paths of photos beyond the traceback."""
    head = f"FaceGUI {__version__} · Python {platform.python_version()} · PySide6 {pyside_version}"
    trace = "".join(traceback.format_exception(error))
    return f"{head} · {platform.platform()}\n\n{trace}"


def show_bug(error: BaseException) -> None:
    """Tell the owner that something unexpected happened, with the report to copy."""
    box = QMessageBox(QApplication.activeWindow())
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("Something unexpected happened"))
    box.setText(tr("FaceGUI ran into a fault of its own. Your library is safe and you can go on."))
    box.setInformativeText(tr("If it happens again, please send the report below."))
    box.setDetailedText(report_text(error))
    copy = box.addButton(tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Close)
    box.exec()
    if box.clickedButton() is copy:
        QApplication.clipboard().setText(report_text(error))


def install_excepthook() -> None:
    """Send exceptions that nobody caught to `show_bug`, one dialog at a time."""
    showing = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal showing
        sys.__excepthook__(kind, error, trace)
        if showing or issubclass(kind, KeyboardInterrupt):
            return
        showing = True
        try:
            show_bug(error)
        finally:
            showing = False

    sys.excepthook = hook
