"""The window in which the owner chooses how training crops are changed, and sees it happen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.domain.training import Augmentation
from facegui.gui.context import AppContext
from facegui.gui.train.augmentation import AugmentationPanel
from facegui.gui.train.augmentation_preview import AugmentationPreview
from facegui.services.learning.networks import NetworkChoice

_SIZE_PX = (1040, 620)
_MINIMUM_PX = (840, 560)
_PANEL_PX = 356


class AugmentationDialog(QDialog):
    """The controls, beside a face that follows them.

    Signals:
        chosen: the `Augmentation` that the owner wants to train with.
    """

    chosen = Signal(object)

    def __init__(
        self,
        context: AppContext,
        choice: NetworkChoice,
        settings: Augmentation,
        parent: QWidget | None = None,
    ) -> None:
        """For the network of *choice*, starting from *settings*."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Augmentation: {network}", network=choice.title))
        self.setMinimumSize(*_MINIMUM_PX)
        self.resize(*_SIZE_PX)
        self.panel = AugmentationPanel(choice.config.augmentation)
        self.panel.set_settings(settings)
        self.preview = AugmentationPreview(context, choice.config.network, settings)
        self.panel.changed.connect(self.preview.show_settings)
        self.use = QPushButton(tr("Use"))
        self.cancel = QPushButton(tr("Cancel"))
        self.use.setProperty("primary", True)  # noqa: FBT003 - Qt's own
        self.use.setDefault(True)
        self.use.clicked.connect(self._use)
        self.cancel.clicked.connect(self.reject)
        self._assemble()

    def done(self, result: int) -> None:
        self.preview.close_down()
        super().done(result)

    def _use(self) -> None:
        self.chosen.emit(self.panel.settings())
        self.accept()

    def _assemble(self) -> None:
        about = QLabel(
            tr(
                "Every time the network looks at a face to learn from it, the face is changed at "
                "random within these limits. Faces that it is checked with stay as they are."
            ),
            wordWrap=True,
        )
        self.panel.setFixedWidth(_PANEL_PX)
        body = QHBoxLayout()
        body.setSpacing(20)
        body.addWidget(self.panel)
        body.addWidget(self.preview, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(about)
        column.addLayout(body, 1)
        column.addLayout(foot)
