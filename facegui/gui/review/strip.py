"""The strip below the grid: how many tiles and marks, what no longer fits, the last step, zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSlider, QWidget

from facegui.domain.text import tr, trn
from facegui.gui.review.filters import Mode
from facegui.gui.review.tile_view import MAX_TILE_PX, MIN_TILE_PX
from facegui.gui.theme import icon

_SLIDER_PX = 130


class Strip(QWidget):
    """One line of text and a slider.

    Signals:
        zoomed: the picture side in pixels that the slider asks for.
        fast_requested: one face at a time, please.
        refresh_requested: drop what no longer fits the filter.
    """

    zoomed = Signal(int)
    fast_requested = Signal()
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures, self._step = QLabel(), QLabel()
        self._step.setTextFormat(Qt.TextFormat.PlainText)
        self._step.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(MIN_TILE_PX, MAX_TILE_PX)
        self._slider.setPageStep(32)
        self._slider.setFixedWidth(_SLIDER_PX)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.setToolTip(tr("Size of the pictures (Ctrl+wheel)"))
        self._slider.setAccessibleName(tr("Size of the pictures"))
        self._slider.valueChanged.connect(self.zoomed)
        self._fast = fast = QPushButton(tr("Fast review") + "  R")
        fast.setToolTip(tr("One face large at a time, one key to decide"))
        fast.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        fast.clicked.connect(self.fast_requested)
        self._refresh = QPushButton(icon("refresh", 14), "")
        self._refresh.setToolTip(
            tr("Show only what fits the filter now, in its order") + "  Ctrl+R"
        )
        self._refresh.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._refresh.clicked.connect(self.refresh_requested)
        self.show_stale(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(16)
        row.addWidget(self._figures)
        row.addWidget(self._refresh)
        row.addWidget(self._step, 1)
        row.addWidget(fast)
        row.addWidget(self._slider)

    def show_figures(self, mode: Mode, count: int, marked: int) -> None:
        """Say how many tiles the filter lets through, and how many are marked.

        Only faces that there are can be reviewed fast.
        """
        if mode is Mode.FACES:
            text = trn("{n} face", "{n} faces", count)
        else:
            text = trn("{n} photo", "{n} photos", count)
        if marked > 1:
            text += " · " + tr("keys are for the {n} marked", n=f"{marked:,}")
        self._figures.setText(text)
        self._fast.setEnabled(mode is Mode.FACES and count > 0)

    def show_stale(self, count: int) -> None:
        """Offer to drop *count* tiles that no longer fit."""
        self._refresh.setVisible(count > 0)
        self._refresh.setText(tr("Refresh ({n} changed)", n=f"{count:,}"))

    def tell(self, text: str) -> None:
        """Say what the last step was."""
        self._step.setText(text)
        self._step.setToolTip(text)  # a narrow window cuts it

    def show_zoom(self, side_px: int) -> None:
        """Put the slider where the grid's zoom is."""
        self._slider.setValue(side_px)
