"""One row for each face followed through a video: its best views, when it is seen, and its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import minutes, tr, trn
from facegui.gui.images import to_qimage
from facegui.services.collecting.video import FoundTrack

_CROP_PX, _GAP_PX, _RADIUS_PX = 64, 4, 6
_NAME_WIDTH_PX = 190


class CropStrip(QWidget):
    """Small pictures side by side, as many as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self.setFixedHeight(_CROP_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(2 * _CROP_PX + _GAP_PX)

    def set_images(self, images: Sequence[QImage]) -> None:
        """Show these, first at the left."""
        self._images = list(images)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(len(self._images) * (_CROP_PX + _GAP_PX), _CROP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        fitting = (self.width() + _GAP_PX) // (_CROP_PX + _GAP_PX)
        for number, image in enumerate(self._images[:fitting]):
            place = QRectF(number * (_CROP_PX + _GAP_PX), 0, _CROP_PX, _CROP_PX)
            shape = QPainterPath()
            shape.addRoundedRect(place, _RADIUS_PX, _RADIUS_PX)
            painter.setClipPath(shape)
            painter.drawImage(place, image)


class TrackRow(QFrame):
    """A track to tick and to name.

    Signals:
        changed: it was ticked or unticked.
        named: its owner-given name is another now.
    """

    changed = Signal()
    named = Signal()

    def __init__(self, track: FoundTrack, names: QStringListModel) -> None:
        super().__init__()
        self.setObjectName("card")
        self.track = track
        self.name_is_own = False
        self.wanted = QCheckBox()
        self.wanted.setChecked(True)
        self.wanted.setAccessibleName(tr("Take person {n} of this video", n=track.number))
        self.wanted.toggled.connect(self.changed)
        self.strip = CropStrip()
        self._when, self._count = QLabel(), QLabel()
        self.name = QLineEdit(placeholderText=tr("Who is this?"), clearButtonEnabled=True)
        self.name.setFixedWidth(_NAME_WIDTH_PX)
        self.name.setAccessibleName(tr("Name of person {n} of this video", n=track.number))
        completer = QCompleter(names, self.name)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)
        self.name.textEdited.connect(self._edited)
        completer.activated.connect(self._edited)
        facts = QVBoxLayout()
        facts.setSpacing(2)
        facts.addStretch(1)
        facts.addWidget(self._when)
        facts.addWidget(self._count)
        facts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self.wanted)
        row.addWidget(self.strip, 1)
        row.addLayout(facts)
        row.addWidget(self.name)
        self.show_track(track)

    def show_track(self, track: FoundTrack) -> None:
        """The same track, longer by now."""
        if track.shots != self.track.shots or not self._when.text():
            self.strip.set_images([to_qimage(shot.crop) for shot in track.shots])
        self.track = track
        self._when.setText(f"{minutes(track.first_s)} – {minutes(track.last_s)}")
        photos = trn("{n} photo", "{n} photos", len(track.shots))
        seen = trn("seen in {n} frame", "seen in {n} frames", track.frames)
        self._count.setText(photos)
        self._count.setToolTip(seen)
        self._when.setToolTip(seen)

    def propose(self, name: str) -> None:
        """Fill the name in for the owner, who has not said anything about this one."""
        self.name.setText(name)

    def given_name(self) -> str | None:
        """What stands in the field."""
        return self.name.text().strip() or None

    def _edited(self, *_text: object) -> None:
        self.name_is_own = bool(self.name.text())
        self.named.emit()
