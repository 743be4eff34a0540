"""A picture as large as fits, with the faces in it; photos and live video both use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from facegui.gui.overlay import Placement, ShownFace, fitted, paint_faces

_STALE_OPACITY = 0.3


class FaceView(QWidget):
    """Shows one picture at a time.

    Signals:
        face_clicked: the number of a face, in the order given.
    """

    face_clicked = Signal(int)

    def __init__(
        self, parent: QWidget | None = None, *, label: Callable[[Any], str] | None = None
    ) -> None:
        """A view; *label* says what stands over a face, as `facegui.gui.overlay.paint_faces`."""
        super().__init__(parent)
        self._label = label
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 180)
        self._image = QImage()
        self._size = QSizeF()
        self._faces: Sequence[ShownFace] = ()
        self._selected: int | None = None
        self._mirrored = False
        self._stale = False

    def show_picture(
        self, image: QImage, faces: Sequence[ShownFace], original: QSize | None = None
    ) -> None:
        """Show *image*; boxes of *faces* are in pixels of *original*, when it was reduced."""
        self._image = image
        self._size = QSizeF(original or image.size())
        self._faces = faces
        self._selected = None
        self._stale = False
        self.update()

    def fade(self) -> None:
        """The picture is not of now any more: keep it, dimmed and without names."""
        self._stale = True
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.show_picture(QImage(), ())

    def select(self, number: int | None) -> None:
        """Mark one face."""
        self._selected = number
        self.update()

    def set_mirrored(self, mirrored: bool) -> None:  # noqa: FBT001 - a slot of a check box
        """Swap left and right, as a mirror does; names stay readable."""
        self._mirrored = mirrored
        self.update()

    @property
    def selected(self) -> int | None:
        """The marked face."""
        return self._selected

    @property
    def faces(self) -> Sequence[ShownFace]:
        """The faces shown."""
        return self._faces

    def placement(self) -> Placement:
        """Where the picture lies now."""
        return Placement(self._size, fitted(self._size, QRectF(self.rect())), self._mirrored)

    def sizeHint(self) -> QSize:
        return QSize(720, 540)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        if self._image.isNull():
            return
        placement = self.placement()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(_STALE_OPACITY if self._stale else 1.0)
        if self._mirrored:
            painter.translate(2 * placement.area.center().x(), 0)
            painter.scale(-1, 1)
        painter.drawImage(placement.area, self._image)
        painter.restore()
        if not self._stale:
            paint_faces(painter, placement, self._faces, selected=self._selected, label=self._label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._image.isNull():
            face = self.placement().face_at(event.position(), self._faces)
            if face is not None:
                self.face_clicked.emit(face)
        super().mousePressEvent(event)
