"""The faces that a model has learned from and that are most like the one in question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.theme import icon
from facegui.services.recognising.why import SHOWN, NearFace

_COLUMNS = 4
_PICTURE_PX = 54
_PAD_PX = 4
_ROLE = QPalette.ColorRole


class NearestFaces(QWidget):
    """A button for each face, nearest first: its picture, whose it is and how like it is.

    The room for all of them is there from the start, so that nothing moves when they come.

    Signals:
        face_requested: the id of a face, to be shown in Review.
    """

    face_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.buttons = [_FaceButton() for _ in range(SHOWN)]
        for number, button in enumerate(self.buttons):
            grid.addWidget(button, *divmod(number, _COLUMNS))
            button.clicked.connect(partial(self._clicked, button))
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)

    def show_faces(self, faces: Sequence[NearFace]) -> None:
        """Show up to `SHOWN` *faces*; places without one are empty."""
        for number, button in enumerate(self.buttons):
            button.show_face(faces[number] if number < len(faces) else None)

    def _clicked(self, button: _FaceButton) -> None:
        if button.face is not None and button.face.face_id is not None:
            self.face_requested.emit(button.face.face_id)


class _FaceButton(QAbstractButton):
    """One face; it can be pressed while the library has it."""

    def __init__(self) -> None:
        super().__init__()
        self.face: NearFace | None = None
        self._picture = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_PICTURE_PX + 2 * self.fontMetrics().height() + 3 * _PAD_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_face(None)

    def show_face(self, face: NearFace | None) -> None:
        """Show *face*, or an empty place."""
        self.face = face
        told = ""
        if face is not None:
            told = tr("{name}, likeness {value}", name=face.name, value=f"{face.likeness:.2f}")
            gone = face.face_id is None
            told += "\n" + (
                tr("It has left the library since.") if gone else tr("Click to show it in Review.")
            )
        self._picture = QPixmap() if face is None else _picture(face)
        self.setEnabled(face is not None and face.face_id is not None)
        self.setToolTip(told)
        self.setAccessibleName(told)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        palette = self.palette()
        place = QRectF((self.width() - _PICTURE_PX) / 2, _PAD_PX, _PICTURE_PX, _PICTURE_PX)
        if self.face is None:
            painter.fillRect(place, palette.color(_ROLE.Midlight))
            return
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(_ROLE.Midlight))
            painter.drawRoundedRect(QRectF(self.rect()), _PAD_PX, _PAD_PX)
        painter.drawPixmap(place, self._picture, QRectF(self._picture.rect()))
        metrics = self.fontMetrics()
        name = metrics.elidedText(self.face.name, Qt.TextElideMode.ElideRight, self.width() - 4)
        line = QRectF(0, place.bottom() + _PAD_PX, self.width(), metrics.height())
        painter.setPen(palette.color(QPalette.ColorGroup.Active, _ROLE.WindowText))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), name)
        painter.setPen(palette.color(_ROLE.PlaceholderText))
        line.translate(0, metrics.height())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), f"{self.face.likeness:.2f}")
        if self.hasFocus():
            painter.setPen(palette.color(_ROLE.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _PAD_PX, _PAD_PX)


def _picture(face: NearFace) -> QPixmap:
    """The crop; a sign where the photo cannot be read any more."""
    if face.image is None:
        return icon("warning", _PICTURE_PX).pixmap(_PICTURE_PX, _PICTURE_PX)
    return QPixmap.fromImage(to_qimage(face.image))
