"""Answers for other programs of this machine: started, where and with which token, stopped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control, Stop
from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr, trn
from facegui.gui.collect.manifests_parts import note
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.task import Task
from facegui.services.tools import Tools

_PORT_WIDTH_PX = 110
_PORT, _FIRST_PORT, _LAST_PORT = 8501, 1024, 65535


class ServeView(QWidget):
    """A port, a button, and the address once it answers."""

    def __init__(self, context: AppContext, model: Path) -> None:
        super().__init__()
        self._context = context
        self._model = model
        self._task: Task | None = None
        self._page = ""
        self.port = QSpinBox(minimum=_FIRST_PORT, maximum=_LAST_PORT, value=_PORT)
        self.port.setAccessibleName(tr("Port"))
        self.go = QPushButton(tr("Start"))
        self.go.setProperty("primary", True)  # noqa: FBT003 - a Qt property
        self.halt = QPushButton(tr("Stop"))
        self.address = _shown(tr("Address"))
        self.token = _shown(tr("Token"))
        self.try_it = QPushButton(tr("Open the test page"))
        self.copy = QPushButton(tr("Copy as a curl command"))
        self.told = note("")
        self._assemble()
        self.go.clicked.connect(self.start)
        self.halt.clicked.connect(self.stop)
        self.try_it.clicked.connect(self._open_page)
        self.copy.clicked.connect(self._copy)
        self._show_state()

    def _assemble(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.port.setFixedSize(_PORT_WIDTH_PX, self.address.sizeHint().height())
        form.addRow(tr("&Port"), self.port)
        form.addRow(tr("&Address"), self.address)
        form.addRow(tr("&Token"), self.token)
        row = QHBoxLayout()
        for widget in (self.go, self.halt, self.try_it, self.copy):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(
            note(
                tr(
                    "Programs on this computer send whole photos and get the faces in them, with "
                    "names and scores, in the form of TensorFlow Serving. Nobody else can "
                    "connect, and only who knows the token gets an answer. It ends with this "
                    "window."
                )
            )
        )
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self.told)
        column.addStretch(1)

    def start(self) -> None:
        """Answer from now on."""
        if self._task is not None:
            return
        tools, model, port = self._context.tools, self._model, self.port.value()
        task = self._context.lanes.start(
            lambda control: _serve(tools, model, port, control),
            tr("Answering over HTTP"),
            Lane.GIVE,
        )
        task.refused_here = True
        self._task = task
        self.told.setText(tr("Starting…"))
        task.partial_arrived.connect(self._answering)
        task.done.connect(self._done)
        task.failed.connect(self._failed)
        task.cancelled.connect(self.told.clear)
        task.ended.connect(self._ended)
        self._show_state()

    def stop(self) -> None:
        """Answer no more."""
        if self._task is not None:
            self._task.stop(Stop.KEEP)

    def _answering(self, served: object) -> None:
        from facegui.services.serving.serve import Served

        assert isinstance(served, Served)
        self.address.setText(served.address)
        self.token.setText(served.token)
        self._page = served.page
        self.told.setText(tr("It answers."))
        self._show_state()

    def _done(self, answered: object) -> None:
        assert isinstance(answered, int)
        told = trn("{n} request was answered.", "{n} requests were answered.", answered)
        self.told.setText(told)

    def _failed(self, error: object) -> None:
        text = str(error) if isinstance(error, FaceGuiError) else tr("An error ended it.")
        self.told.setText(text)

    def _ended(self) -> None:
        self._task = None
        self._page = ""
        self.address.clear()
        self.token.clear()
        self._show_state()

    def _show_state(self) -> None:
        on = self._task is not None
        self.go.setVisible(not on)
        self.halt.setVisible(on)
        self.port.setEnabled(not on)
        for widget in (self.try_it, self.copy):
            widget.setEnabled(bool(self._page))

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(self._page))

    def _copy(self) -> None:
        command = (
            """printf '{"instances":[{"b64":"%s"}]}' "$(base64 < photo.jpg | tr -d '\\n')" | """
            f"curl -d @- -H 'Authorization: Bearer {self.token.text()}' {self.address.text()}"
        )
        QGuiApplication.clipboard().setText(command)
        self.told.setText(tr("The command is on the clipboard; put a photo's name into it."))


def _shown(name: str) -> QLineEdit:
    """A line to copy from."""
    line = QLineEdit(readOnly=True, placeholderText=tr("once it is started"))
    line.setAccessibleName(name)
    return line


def _serve(tools: Tools, model: Path, port: int, control: Control) -> object:
    from facegui.services.serving.serve import ServeRequest, serve_model

    return serve_model(tools, ServeRequest(model, port=port), control.partial, control)
