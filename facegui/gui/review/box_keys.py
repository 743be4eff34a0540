"""A box on the photo that keys move and resize: what a drag does, without a mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from facegui.domain.entities import Photo
from facegui.domain.geometry import Box, Point
from facegui.domain.text import tr
from facegui.gui.review.box_edit import BoxEdit, Grip, dragged
from facegui.gui.review.box_item import BoxItem
from facegui.gui.review.canvas import PhotoCanvas
from facegui.gui.review.tiles import FaceTile

_STEP_PX = 5.0  # on the screen: steps are finer in a larger picture
_NEW_SHARE, _NEW_HEIGHT = 0.25, 1.25
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
_ZOOMS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_Z)
_ALLOWED = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class _Held:
    """The box under the keys; *face* is None for a new one. It is drawn over the faces."""

    photo: Photo
    face: FaceTile | None
    item: BoxItem


class BoxKeys(QObject):
    """Holds at most one box of a canvas until it is kept, left, or another key is pressed.

    Keys that zoom leave it in the hand: the larger the photo, the finer the steps.

    Signals:
        box_changed: a `BoxEdit`, when the owner keeps the box.
        told: what the keys do now; empty when no box is held any more.
    """

    box_changed = Signal(object)
    told = Signal(str)

    def __init__(self, canvas: PhotoCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._held: _Held | None = None

    def press(self, event: QKeyEvent, photo: Photo, face: FaceTile | None) -> bool:
        """Do what a key says of the current *face* of *photo*; False where it says nothing here."""
        key = Qt.Key(event.key())
        if key in (*_MODIFIERS, *_ZOOMS) or event.modifiers() & ~_ALLOWED:
            return False
        if self._held is not None:
            return self._steer(self._held, event)
        if not self._canvas.editable:
            return False
        if key == Qt.Key.Key_E and face is not None:
            self._canvas.arm(armed=False)
            self._hold(_Held(photo, face, BoxItem(None, photo.shown_box(face.face.box))))
            return True
        if key in _ARROWS and self._canvas.armed:
            self._canvas.arm(armed=False)
            self._hold(_Held(photo, None, BoxItem(None, self._new_box(photo))))
            return True
        return False

    def leave(self) -> None:
        """Forget the box that is held: nothing has changed."""
        held, self._held = self._held, None
        if held is not None:
            self._canvas.scene().removeItem(held.item)
            self._canvas.show_handles(shown=True)
            self.told.emit("")

    def _hold(self, held: _Held) -> None:
        self._held = held
        self._canvas.show_handles(shown=False)
        held.item.show_current(current=True)
        held.item.setZValue(3)
        self._canvas.scene().addItem(held.item)
        self.told.emit(tr("Arrows move the box, Shift+arrows resize it. Enter: keep. Esc: leave."))

    def _steer(self, held: _Held, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            resize = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(held, Point(*_ARROWS[key]), resize=resize)
        elif key in _ENTER:
            self._keep(held)
        else:
            self.leave()
            return key == Qt.Key.Key_Escape
        return True

    def _nudge(self, held: _Held, to: Point, *, resize: bool) -> None:
        step = max(1.0, _STEP_PX / self._canvas.transform().m11())
        by, grip = Point(to.x * step, to.y * step), Grip.BOTTOM_RIGHT if resize else Grip.INSIDE
        box = dragged(held.item.box, grip, Point(0, 0), by, held.photo.shown_size)
        held.item.move_to(box)
        self._canvas.ensureVisible(QRectF(box.x1, box.y1, box.width, box.height))

    def _keep(self, held: _Held) -> None:
        self.leave()
        photo, face, box = held.photo, held.face, held.item.box
        if face is None or box != photo.shown_box(face.face.box):
            face_id = None if face is None else face.id
            self.box_changed.emit(BoxEdit(photo, photo.box_of_shown(box), face_id))

    def _new_box(self, photo: Photo) -> Box:
        """In the middle of what is in view, a quarter as large."""
        canvas = self._canvas
        view = canvas.mapToScene(canvas.viewport().rect()).boundingRect() & canvas.sceneRect()
        width = _NEW_SHARE * min(view.width(), view.height())
        height = _NEW_HEIGHT * width
        x, y = view.center().x() - width / 2, view.center().y() - height / 2
        return Box(x, y, x + width, y + height).clipped(*photo.shown_size)
