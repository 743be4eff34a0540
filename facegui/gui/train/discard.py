"""A button that asks once more before it throws a training away."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from facegui.domain.text import tr

_WORTH_ASKING_S = 10.0
_ASKS_FOR_MS = 3000


class DiscardButton(QPushButton):
    """Says *Discard*; for longer trainings *Really discard?* for some seconds first.

    Attributes:
        seconds: that have been trained for and would be lost.

    Signals:
        confirmed: discard it.
    """

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seconds = 0.0
        self._asked = QElapsedTimer()
        self._patience = QTimer(self, interval=_ASKS_FOR_MS, singleShot=True)
        self._patience.timeout.connect(self.relax)
        self.clicked.connect(self._pressed)
        self.setText(tr("Really discard?"))
        self.ensurePolished()
        self.setMinimumWidth(self.sizeHint().width())  # it has room for either
        self.relax()

    def relax(self) -> None:
        """Ask no more."""
        self._patience.stop()
        self.setText(tr("Discard"))

    def _pressed(self) -> None:
        if self.seconds < _WORTH_ASKING_S:
            self.confirmed.emit()
        elif not self._patience.isActive():
            self._asked.start()
            self._patience.start()
            self.setText(tr("Really discard?"))
        elif self._asked.elapsed() >= QApplication.doubleClickInterval():  # else it is one press
            self.relax()
            self.confirmed.emit()
