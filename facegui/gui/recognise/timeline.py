"""When everybody is seen in a video: a line for each name, a bar for each time they are there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.domain.text import minutes, tr
from facegui.gui.overlay import colour_of

_LANE_PX, _BAR_PX, _AXIS_PX = 24, 14, 20
_NAME_PX = 110
_LEAST_PX = 5.0
_MOST_LANES = 6


class Timeline(QWidget):
    """Bars to click; the moment that is shown is marked.

    Signals:
        moment_chosen: the number of a face of the video, and a time in seconds at which it is
            seen.
    """

    moment_chosen = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Who is seen when"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._faces: Sequence[RecognisedFace] = ()
        self._seconds = 0.0
        self._lane_of: dict[str | None, int] = {}
        self._chosen: int | None = None
        self._now_s = 0.0

    def show_video(self, video: RecognisedPhoto) -> None:
        """Show the faces of *video*; those with a name first, and who is there longest."""
        self._faces = [face for face in video.faces if face.appearance is not None]
        self._seconds = max(video.duration_s or 0.0, 0.001)
        seen: dict[str | None, int] = {}
        for face in self._faces:
            assert face.appearance is not None
            name = face.name
            seen[name] = seen.get(name, 0) + len(face.appearance.moments)
        order = sorted(seen, key=lambda name: (name is None, -seen[name]))
        self._lane_of = {name: min(n, _MOST_LANES - 1) for n, name in enumerate(order)}
        self._chosen = None
        self.setAccessibleDescription(", ".join(self.tip(n) for n in range(len(self._faces))))
        self.updateGeometry()
        self.update()

    def mark(self, number: int | None, now_s: float) -> None:
        """Face *number* is chosen, and the frame at *now_s* is shown."""
        self._chosen, self._now_s = number, now_s
        self.update()

    def tip(self, number: int) -> str:
        """What is to be said of a face's bar."""
        face = self._faces[number]
        assert face.appearance is not None
        name = tr("Unknown") if face.name is None else face.name
        seen = face.appearance
        return f"{name} {minutes(seen.first_s)}–{minutes(seen.last_s)}"

    def bar(self, number: int) -> QRectF:
        """Where the bar of a face is."""
        face = self._faces[number]
        assert face.appearance is not None
        left, right = self._x(face.appearance.first_s), self._x(face.appearance.last_s)
        top = self._lane_of[face.name] * _LANE_PX + (_LANE_PX - _BAR_PX) / 2
        return QRectF(left, top, max(right - left, _LEAST_PX), _BAR_PX)

    def sizeHint(self) -> QSize:
        lanes = max(self._lane_of.values(), default=0) + 1
        return QSize(400, lanes * _LANE_PX + _AXIS_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._face_at(event.position())
        if number is not None:
            seen = self._faces[number].appearance
            assert seen is not None
            wanted_s = self._time(event.position().x())
            nearest = min(seen.moments, key=lambda moment: abs(moment.time_s - wanted_s))
            self.moment_chosen.emit(number, nearest.time_s)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            number = self._face_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if number is None else self.tip(number), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        for name, lane in self._lane_of.items():
            place = QRectF(0, lane * _LANE_PX, _NAME_PX - 8, _LANE_PX)
            told = tr("Unknown") if name is None else name
            elided = self.fontMetrics().elidedText(
                told, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), elided)
        for number, face in enumerate(self._faces):
            chosen = number == self._chosen
            line = palette.color(QPalette.ColorRole.Text)
            painter.setPen(QPen(line, 2) if chosen else Qt.PenStyle.NoPen)
            painter.setBrush(colour_of(face.standing))
            painter.drawRoundedRect(self.bar(number), 3, 3)
        self._paint_axis(painter)

    def _paint_axis(self, painter: QPainter) -> None:
        palette = self.palette()
        top = self.height() - _AXIS_PX
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1))
        now = self._x(self._now_s)
        painter.drawLine(QPointF(now, 0), QPointF(now, top))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        place = QRectF(_NAME_PX, top, self.width() - _NAME_PX - 2, _AXIS_PX)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(middle | Qt.AlignmentFlag.AlignLeft), minutes(0))
        painter.drawText(place, int(middle | Qt.AlignmentFlag.AlignHCenter), minutes(self._now_s))
        painter.drawText(place, int(middle | Qt.AlignmentFlag.AlignRight), minutes(self._seconds))

    def _face_at(self, point: QPointF) -> int | None:
        """The bar under *point*; the shortest of those that overlap."""
        hit = [
            (self.bar(number).width(), number)
            for number in range(len(self._faces))
            if self.bar(number).adjusted(-2, -4, 2, 4).contains(point)
        ]
        return min(hit)[1] if hit else None

    def _x(self, time_s: float) -> float:
        return _NAME_PX + time_s / self._seconds * max(1, self.width() - _NAME_PX - 6)

    def _time(self, x: float) -> float:
        return (x - _NAME_PX) * self._seconds / max(1, self.width() - _NAME_PX - 6)
