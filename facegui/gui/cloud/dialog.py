"""The window of Photos › Google Cloud Vision: what it is, and its three tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTabWidget, QVBoxLayout, QWidget

from facegui.domain.errors import FaceGuiError
from facegui.domain.text import tr
from facegui.gui.cloud.ask_view import AskView, Connect, connect_for_real
from facegui.gui.cloud.compare_view import CompareView
from facegui.gui.cloud.ledger_view import LedgerView
from facegui.gui.context import AppContext
from facegui.gui.notice import Notice
from facegui.gui.settings import AppSettings

_SIZE_PX = (1000, 660)
_MINIMUM_PX = (860, 560)


class CloudDialog(QDialog):
    """Ask, see what it cost, compare. What runs goes on when the window is closed."""

    def __init__(
        self,
        context: AppContext,
        settings: AppSettings,
        parent: QWidget | None = None,
        *,
        connect: Connect = connect_for_real,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Google Cloud Vision"))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(*_SIZE_PX)
        self.ask = AskView(context, settings, connect)
        self.ledger = LedgerView(context)
        self.compare = CompareView(context)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.ask, tr("&Ask"))
        self.tabs.addTab(self.ledger, tr("What was &sent"))
        self.tabs.addTab(self.compare, tr("&Compare"))
        self._notice = Notice()
        self._assemble()
        self.ask.asked.connect(self._refresh)
        self.compare.ask_requested.connect(lambda: self.tabs.setCurrentWidget(self.ask))
        context.notice.connect(self._notice.tell)
        context.lanes.task_failed.connect(self._failed)
        self.ask.refresh()
        self._refresh()

    def _refresh(self) -> None:
        self.ledger.refresh()
        self.compare.refresh()

    def _failed(self, _task: object, error: BaseException) -> None:
        if isinstance(error, FaceGuiError):
            self._notice.tell(error.message, error.remedy)

    def _assemble(self) -> None:
        about = QLabel(
            tr(
                "Google Cloud Vision is a paid service that finds faces and how they are turned, "
                "as a second opinion to the detector on this computer. No photo goes to Google "
                "before you have agreed to how many, to what is sent of them, and to what it may "
                "cost."
            ),
            wordWrap=True,
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(about)
        column.addWidget(self._notice)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)
