"""Everybody in the live picture: a crop, the name, and the votes of the last seconds as a band.

The band runs from left, long ago, to right, now. Each look is a bar: its height is its weight, its
colour whom it is for. Green is whoever is elected, amber *unknown*, blue anybody else; the words
beside it and the tip say the same without colours.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from facegui.domain.geometry import Box
from facegui.domain.text import tr
from facegui.gui.live.words import face_name, vote_tip, vote_words
from facegui.gui.overlay import KNOWN_COLOUR, UNKNOWN_COLOUR, colour_of
from facegui.services.recognising.live_watch import SeenFace
from facegui.services.recognising.votes import REMEMBERED_S, Ballot

ROW_PX = 76
_CROP_PX = 60
_BAND_PX = 14
_GAP_PX = 8
_MARGIN = 0.25
_OTHER_COLOUR = QColor("#4d8fe0")
_SMALL = 0.85


class VoteStrip(QWidget):
    """One row for each face; put it into a scroll area.

    Signals:
        face_clicked: the number of a face, in the order given.
    """

    face_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._faces: Sequence[SeenFace] = ()
        self._rows: list[int] = []
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(tr("People in the picture"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_faces(self, image: QImage, faces: Sequence[SeenFace]) -> None:
        """Show the *faces* of a picture, in the order in which they came."""
        before = len(self._rows)
        self._image, self._faces = image, faces
        self._rows = sorted(range(len(faces)), key=lambda number: faces[number].number)
        self._current = max(0, min(self._current, len(self._rows) - 1))
        if before != len(self._rows):
            self.updateGeometry()
        self.setAccessibleDescription(
            "; ".join(f"{face_name(faces[row])}, {vote_words(faces[row])}" for row in self._rows)
        )
        self.update()

    def clear(self) -> None:
        """Nobody is there."""
        self.show_faces(QImage(), ())

    def sizeHint(self) -> QSize:
        return QSize(220, ROW_PX * max(1, len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, ROW_PX * max(1, len(self._rows)))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._rows:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            empty = tr("Nobody is in the picture.")
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), empty)
            return
        for place, number in enumerate(self._rows):
            self._paint_row(painter, self._row_rect(place), self._faces[number])
            if place == self._current and self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
                painter.drawRoundedRect(self._row_rect(place).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_row(self, painter: QPainter, row: QRect, face: SeenFace) -> None:
        crop = QRectF(row.left() + _GAP_PX, row.top() + _GAP_PX, _CROP_PX, _CROP_PX)
        painter.drawImage(crop, self._image, _around(face.box, self._image))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colour_of(face.identity))
        painter.drawRect(crop)
        left = round(crop.right()) + _GAP_PX
        text = QRect(left, row.top() + _GAP_PX, row.right() - left - _GAP_PX, _CROP_PX - _BAND_PX)
        self._paint_words(painter, text, face)
        band = QRectF(left, crop.bottom() - _BAND_PX, text.width(), _BAND_PX)
        self._paint_band(painter, band, face)

    def _paint_words(self, painter: QPainter, room: QRect, face: SeenFace) -> None:
        top, bottom = QRect(room), QRect(room)
        top.setHeight(room.height() // 2)
        bottom.setTop(top.bottom())
        bold, small = QFont(self.font()), QFont(self.font())
        bold.setBold(True)
        small.setPointSizeF(small.pointSizeF() * _SMALL)
        for words, place, font, role in (
            (face_name(face), top, bold, QPalette.ColorRole.WindowText),
            (vote_words(face), bottom, small, QPalette.ColorRole.PlaceholderText),
        ):
            painter.setFont(font)
            painter.setPen(self.palette().color(role))
            cut = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), cut)

    def _paint_band(self, painter: QPainter, band: QRectF, face: SeenFace) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(band, 3, 3)
        now = time.monotonic()
        elected = face.identity.name if face.identity else None
        width = max(2.0, band.width() / 40)
        for ballot in face.standing.ballots:
            age = (now - ballot.at) / REMEMBERED_S
            if age >= 1:
                continue
            height = max(2.0, ballot.weight * (band.height() - 2))
            x = band.right() - width - age * (band.width() - width)
            painter.setBrush(_ballot_colour(ballot, elected))
            painter.drawRect(QRectF(x, band.bottom() - 1 - height, width, height))

    # The mouse and the keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place is not None and event.button() is Qt.MouseButton.LeftButton:
            self._current = place
            self.face_clicked.emit(self._rows[place])
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._rows:
            self._current = max(0, min(self._current + step, len(self._rows) - 1))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._rows:
            self.face_clicked.emit(self._rows[self._current])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self._place_at(event.pos())
            if place is not None:
                QToolTip.showText(event.globalPos(), vote_tip(self._faces[self._rows[place]]), self)
                return True
        return super().event(event)

    def _row_rect(self, place: int) -> QRect:
        return QRect(0, place * ROW_PX, self.width(), ROW_PX)

    def _place_at(self, point: QPoint) -> int | None:
        place = point.y() // ROW_PX
        return place if 0 <= place < len(self._rows) else None


def _around(box: Box, image: QImage) -> QRectF:
    """The square around *box* with some room, inside the picture as far as it reaches."""
    side = max(box.width, box.height) * (1 + 2 * _MARGIN)
    side = min(side, float(image.width()), float(image.height()))
    x, y = box.centre
    left = min(max(0.0, x - side / 2), image.width() - side)
    top = min(max(0.0, y - side / 2), image.height() - side)
    return QRectF(left, top, side, side)


def _ballot_colour(ballot: Ballot, elected: str | None) -> QColor:
    if ballot.name is None:
        return UNKNOWN_COLOUR
    return KNOWN_COLOUR if ballot.name == elected else _OTHER_COLOUR
