"""The two bars of the live page: what is watched, and what is done with its picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.live.sources import SourcePicker
from facegui.gui.settings import AppSettings
from facegui.services.recognising.live_source import CAMERA_SIZES, is_camera, with_size


class SourceBar(QWidget):
    """Which camera or video, how large its pictures, and Start.

    Signals:
        changed: another source, or another size of it, is to be watched now.
        toggled: Start or Stop was pressed.
    """

    changed = Signal()
    toggled = Signal()

    def __init__(self, sources: SourcePicker, settings: AppSettings) -> None:
        super().__init__()
        self._sources = sources
        self._settings = settings
        self.sizes = QComboBox()
        self.sizes.setAccessibleName(tr("Size of the camera's pictures"))
        self.sizes.setToolTip(tr("A camera without this size gives its nearest."))
        self.sizes.addItem(tr("Camera's own size"))
        self.sizes.addItems([f"{width} × {height}" for width, height in CAMERA_SIZES])
        if settings.live_size in CAMERA_SIZES:
            self.sizes.setCurrentIndex(1 + CAMERA_SIZES.index(settings.live_size))
        self.sizes.activated.connect(self._sized)
        self.toggle = QPushButton()
        self.toggle.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.toggle.setShortcut(Qt.Key.Key_Space)
        self.toggle.clicked.connect(self.toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(sources, 1)
        row.addWidget(self.sizes)
        row.addWidget(self.toggle)
        row.addStretch(1)
        sources.source_chosen.connect(self._chosen)

    @property
    def source(self) -> str:
        """What to watch, with the size of its pictures; empty for nothing yet."""
        source = self._sources.source
        return with_size(source, self._size()) if is_camera(source) else source

    def show_state(self, *, running: bool) -> None:
        """Whether a source is watched now."""
        self.toggle.setText(tr("Stop") if running else tr("Start"))
        self.toggle.setEnabled(running or bool(self._sources.source))
        self.sizes.setEnabled(is_camera(self._sources.source))

    def _size(self) -> tuple[int, int] | None:
        index = self.sizes.currentIndex()
        return CAMERA_SIZES[index - 1] if index > 0 else None

    def _sized(self) -> None:
        size = self._size()
        if size != self._settings.live_size:
            self._settings.live_size = size
            self.changed.emit()

    def _chosen(self) -> None:
        self.sizes.setEnabled(is_camera(self._sources.source))
        self.changed.emit()


class PictureBar(QWidget):
    """Mirror, snapshot and recording, and the figures of the picture."""

    def __init__(self, settings: AppSettings) -> None:
        super().__init__()
        self.mirror = QCheckBox(tr("Mirror"))
        self.mirror.setShortcut(Qt.Key.Key_M)
        self.mirror.setToolTip(
            tr("Show the picture as a mirror does (M). What is saved is never mirrored.")
        )
        self.mirror.setChecked(settings.live_mirror)
        self.snapshot = QPushButton(tr("Snapshot"))
        self.snapshot.setShortcut(Qt.Key.Key_S)
        self.snapshot.setToolTip(tr("Save the picture of now with its boxes and names (S)"))
        self.record = QPushButton()
        self.record.setShortcut(Qt.Key.Key_R)
        self.record.setCheckable(True)
        self.record.setToolTip(tr("Save a video with boxes and names (R)"))
        self.figures = QLabel()
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # Its changing text must not lay the page out anew twice a second.
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.snapshot)
        row.addWidget(self.record)
        row.addWidget(self.mirror)
        row.addWidget(self.figures, 1)

    def show_figures(self, text: str) -> None:
        """Show as much of *text* as there is room for, and all of it as a tip."""
        room = self.figures.width()
        cut = self.figures.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.figures.setText(cut)
        self.figures.setToolTip(text)

    def show_state(self, *, pictures: bool, recording: bool) -> None:
        """Whether there are *pictures* to save, and whether they are being recorded."""
        self.snapshot.setEnabled(pictures)
        self.record.setEnabled(pictures or recording)
        self.record.setChecked(recording)
        text = tr("Stop recording") if recording else tr("Record")
        if self.record.text() != text:
            self.record.setText(text)
            self.record.setShortcut(Qt.Key.Key_R)  # a new text takes the shortcut away
