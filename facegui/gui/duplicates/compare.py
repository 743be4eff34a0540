"""Two copies laid over each other: side by side, flickering in one place, or what differs."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from facegui.domain.control import Control
from facegui.domain.text import tr
from facegui.gui.duplicates.models import likeness
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes
from facegui.services.copies.view import Member

if TYPE_CHECKING:  # imports cv2, which a window without a library does not need
    from facegui.services.scanning.thumbnails import Thumbnails

FLICKER_MS = 600
_SIDE_PX = 900
_CAPTION_PX = 26
_GAP_PX = 8
_VEIL = QColor(0, 0, 0, 170)


class CompareMode(Enum):
    """How the two are shown."""

    SIDE = "side"
    FLICKER = "flicker"
    DIFFERENCE = "difference"


Pair = tuple[Member, Member]
_Images = tuple[QImage, QImage, QImage]


class CompareView(QWidget):
    """Shows a pair; the pictures are made off the GUI thread, the newest pair's only."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._source: Thumbnails | None = None
        self._pair: Pair | None = None
        self._images: _Images | None = None
        self._failed = False
        self._second_shown = False
        self._mode = CompareMode.SIDE
        self._timer = QTimer(self, interval=FLICKER_MS)
        self._timer.timeout.connect(self._flick)
        self.setMinimumSize(200, 160)

    def set_source(self, source: Thumbnails | None) -> None:
        """Read photos through *source*; forgets the pair."""
        self._source = source
        self._pair, self._images = None, None
        self.update()

    def show_pair(self, pair: Pair | None, mode: CompareMode) -> None:
        """Show *pair*, the photo that stays first."""
        if pair is None or self._pair is None or _ids(pair) != _ids(self._pair):
            self._images, self._failed = None, False
            self._pair = pair
            self._load()
        self._pair, self._mode, self._second_shown = pair, mode, False
        if mode is CompareMode.FLICKER:
            self._timer.start()
        else:
            self._timer.stop()
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(self.palette().text().color())
        if self._images is None or self._pair is None:
            told = tr("cannot be read") if self._failed else tr("Loading…")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, told if self._pair else "")
            return
        one, other, difference = self._images
        first, second = self._pair
        match self._mode:
            case CompareMode.SIDE:
                half = QRect(0, 0, (self.width() - _GAP_PX) // 2, self.height())
                _draw(painter, half, one, _caption(first))
                half.moveRight(self.width() - 1)
                _draw(painter, half, other, _caption(second))
            case CompareMode.FLICKER:
                shown, member = (other, second) if self._second_shown else (one, first)
                _draw(painter, self.rect(), shown, _caption(member))
            case CompareMode.DIFFERENCE:
                told = tr("{name}: bright where it differs", name=second.name)
                _draw(painter, self.rect(), difference, told)

    def hideEvent(self, _event: object) -> None:
        self._timer.stop()

    def _describe(self) -> None:
        if self._pair is not None:
            first, second = (member.name for member in self._pair)
            self.setAccessibleName(tr("{one} beside {other}", one=first, other=second))

    def _flick(self) -> None:
        self._second_shown = not self._second_shown
        self.update()

    def _load(self) -> None:
        source, pair = self._source, self._pair
        if source is None or pair is None:
            return

        def job(_control: Control) -> _Images:
            from facegui.services.copies.compare import overlay

            made = overlay(source, *pair, _SIDE_PX)
            return to_qimage(made.one), to_qimage(made.other), to_qimage(made.difference)

        task = self._lanes.start(job, tr("Comparing copies"), Lane.POOL)
        task.done.connect(lambda images: self._take(pair, images))
        task.failed.connect(lambda _error: self._take(pair, None))

    def _take(self, pair: Pair, images: _Images | None) -> None:
        if self._pair is None or _ids(pair) != _ids(self._pair):
            return  # another pair is shown by now
        self._images, self._failed = images, images is None
        self.update()


def _ids(pair: Pair) -> tuple[int, int]:
    return pair[0].photo.id, pair[1].photo.id


def _caption(member: Member) -> str:
    return f"{member.name} · {likeness(member)}"


def _draw(painter: QPainter, area: QRect, image: QImage, caption: str) -> None:
    """The picture inside *area*, its caption on a dark band at its foot."""
    size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(area.topLeft(), size)
    target.moveCenter(area.center())
    painter.drawImage(target, image)
    band = QRect(target.left(), target.bottom() - _CAPTION_PX + 1, target.width(), _CAPTION_PX)
    painter.fillRect(band, _VEIL)
    painter.save()
    painter.setPen(Qt.GlobalColor.white)
    text = band.adjusted(6, 0, -6, 0)
    elided = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideMiddle, text.width())
    painter.drawText(text, Qt.AlignmentFlag.AlignCenter, elided)
    painter.restore()
