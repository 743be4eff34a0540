"""Choosing what to watch: the cameras there are, a video file, or the address of a stream."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QInputDialog, QWidget

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.gui.lanes import Lane, Lanes
from facegui.services.recognising.live_source import Camera, list_cameras
from facegui.services.recognising.video_files import VIDEO_SUFFIXES

__all__ = ["VIDEO_SUFFIXES", "SourcePicker"]


class _Ask(Enum):
    """Entries that are not a source but a question."""

    FILE = "file"
    ADDRESS = "address"


class SourcePicker(QComboBox):
    """Cameras first, then what the owner added, then the two ways to add something.

    Signals:
        source_chosen: another source, as `facegui.collect.camera.open_source` takes it.
        looked: the search for cameras has ended; `source` may be another now.
    """

    source_chosen = Signal(str)
    looked = Signal()

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._cameras: tuple[Camera, ...] | None = None
        self._added: list[Camera] = []
        self._source = ""
        self.setAccessibleName(tr("Camera or video"))
        self.setMinimumContentsLength(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._activated)
        self._fill()

    @property
    def source(self) -> str:
        """What is chosen; empty for nothing yet."""
        return self._source

    def refresh(self) -> None:
        """Look for cameras again, in the background."""
        task = self._lanes.start(_list_cameras, tr("Looking for cameras"), Lane.QUERY)
        task.done.connect(self._found)

    def add(self, spec: str) -> None:
        """Offer *spec* from now on and choose it."""
        if all(spec != known.spec for known in self._added):
            self._added.append(Camera(spec, _name_of(spec)))
        self._choose(spec)

    def _found(self, cameras: tuple[Camera, ...]) -> None:
        self._cameras = cameras
        known = {camera.spec for camera in (*cameras, *self._added)}
        if self._source not in known:
            self._source = cameras[0].spec if cameras else ""
        self._fill()
        self.looked.emit()

    def _fill(self) -> None:
        self.clear()
        for camera in (*(self._cameras or ()), *self._added):
            self.addItem(camera.name, camera.spec)
        if not self.count():
            looking = self._cameras is None
            self.addItem(tr("Looking for cameras…") if looking else tr("No camera found"), "")
        self.insertSeparator(self.count())
        self.addItem(tr("Video file…"), _Ask.FILE)
        self.addItem(tr("Stream address…"), _Ask.ADDRESS)
        self.setCurrentIndex(max(0, self.findData(self._source)))

    def _activated(self, index: int) -> None:
        data = self.itemData(index)
        if isinstance(data, _Ask):
            self.setCurrentIndex(max(0, self.findData(self._source)))
            ask = self._ask_for_file if data is _Ask.FILE else self._ask_for_address
            ask()
        elif data and data != self._source:
            self._choose(data)

    def _choose(self, spec: str) -> None:
        self._source = spec
        self._fill()
        self.source_chosen.emit(spec)

    def _ask_for_file(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES))
        kinds = f"{tr('Videos')} ({patterns});;{tr('All files')} (*)"
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a video"), "", kinds)
        if path:
            self.add(path)

    def _ask_for_address(self) -> None:
        address, agreed = QInputDialog.getText(
            self, tr("Stream address"), tr("Address of the stream (http://, https:// or rtsp://):")
        )
        if agreed and address.strip():
            self.add(address.strip())


def _list_cameras(_control: Control) -> object:
    return list_cameras()


def _name_of(spec: str) -> str:
    """A file by its name; an address without what stands before its host."""
    scheme, separator, rest = spec.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if separator else Path(spec).name
