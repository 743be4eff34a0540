"""One photo on which faces are chosen, and their boxes drawn, moved and resized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from facegui.domain.geometry import Box, Point
from facegui.gui.review.box_edit import LEAST_PX, BoxEdit, Grip, dragged, grip_at, spanned
from facegui.gui.review.box_item import HANDLE_PX, BoxItem
from facegui.gui.review.tiles import PhotoTile
from facegui.gui.review.zoom_view import ZoomView

_CURSORS = {
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
    Grip.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Grip.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Grip.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Grip.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
}


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A drag under way: *grip* of *item* is held, or a new box is drawn (None)."""

    item: BoxItem
    grip: Grip | None
    start: Point
    box: Box


class PhotoCanvas(ZoomView):
    """A photo with its faces; a click chooses one.

    The current face's box is dragged by its inside and by its handles; Ctrl+drag draws a new one,
    and so does the next drag while `arm` is on.

    Attributes:
        boxes_shown: whether the boxes are; likewise *marks_shown*, landmarks and pose.
        armed: whether the next drag draws.
        editable: whether boxes can be drawn and moved at all.

    Signals:
        face_clicked: the id of the face that was clicked.
        box_changed: a `BoxEdit`, once the button is let go.
        armed_changed: whether the next drag draws.
    """

    face_clicked = Signal(int)
    box_changed = Signal(object)
    armed_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tile: PhotoTile | None = None
        self._faces: list[BoxItem] = []
        self._current_id: int | None = None
        self._handles_shown = True
        self._stroke: _Stroke | None = None
        self.boxes_shown, self.marks_shown = True, False
        self.armed = False
        self.editable = True
        self.setMouseTracking(True)

    def show_faces(
        self, tile: PhotoTile, current_id: int | None, waiting: Sequence[BoxEdit]
    ) -> None:
        """Draw the faces of *tile*; *current_id* stands out. *waiting* boxes are being measured."""
        self._stop_stroke()
        for item in self._faces:
            self.scene().removeItem(item)
        self._tile, self._current_id = tile, current_id
        moved = {edit.face_id: edit.box for edit in waiting}
        self._faces = [
            BoxItem(
                face,
                tile.photo.shown_box(moved.get(face.id, face.face.box)),
                waiting=face.id in moved,
            )
            for face in tile.faces
        ]
        new = [edit for edit in waiting if edit.face_id is None]
        self._faces += [BoxItem(None, tile.photo.shown_box(e.box), waiting=True) for e in new]
        for item in self._faces:
            item.show_marks(shown=self.marks_shown)
            item.setVisible(self.boxes_shown)
            self.scene().addItem(item)
        self.show_handles(shown=self._handles_shown)

    def show_handles(self, *, shown: bool) -> None:
        """Let the current face stand out, with handles to drag; or not, while keys hold a box."""
        self._handles_shown = shown
        for item in self._faces:
            is_current = item.tile is not None and item.tile.id == self._current_id
            item.show_current(current=shown and is_current)

    def show_boxes(self, *, shown: bool) -> None:
        """Show or hide the boxes."""
        self.boxes_shown = shown
        for item in self._faces:
            item.setVisible(shown)

    def show_marks(self, *, shown: bool) -> None:
        """Show or hide landmarks and pose."""
        self.marks_shown = shown
        for item in self._faces:
            item.show_marks(shown=shown)

    def arm(self, *, armed: bool) -> None:
        """Let the next drag draw a new box, or not."""
        armed = armed and self.editable
        if armed != self.armed:
            self.armed = armed
            self._stop_stroke()
            self._show_cursor(None)
            self.armed_changed.emit(armed)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._begin(event):
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place(event)
        if self._stroke is not None:
            self._stroke.item.move_to(self._box_at(self._stroke, place))
            return
        if not event.buttons():
            self._show_cursor(self._grip(place))
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._end(stroke, self._place(event))
            return
        super().mouseReleaseEvent(event)
        self._show_cursor(self._grip(self._place(event)))

    def _begin(self, event: QMouseEvent) -> bool:
        """Whether the press begins a stroke; if not, a drag moves the picture."""
        place = self._place(event)
        if self._tile is None:
            return False
        drawing = self.armed or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if drawing and self.editable:
            box = spanned(place, place, self._tile.photo.shown_size)
            item = BoxItem(None, box)
            self.scene().addItem(item)
            self._stroke = _Stroke(item, None, place, box)
            return True
        current, grip = self._current(), self._grip(place)
        if current is not None and grip is not None:
            self._stroke = _Stroke(current, grip, place, current.box)
            return True
        smallest = self._smallest_at(place)
        if smallest is not None and smallest.tile is not None and self.boxes_shown:
            self.face_clicked.emit(smallest.tile.id)
        return False

    def _end(self, stroke: _Stroke, place: Point) -> None:
        box = self._box_at(stroke, place)
        was_click = self._short(stroke.start, place)
        if stroke.grip is None:
            self.scene().removeItem(stroke.item)
            self.arm(armed=False)
        elif was_click:
            stroke.item.move_to(stroke.box)
        if self._tile is None or was_click or min(box.width, box.height) < LEAST_PX:
            return
        photo, tile = self._tile.photo, stroke.item.tile
        face_id = None if tile is None else tile.id
        self.box_changed.emit(BoxEdit(photo, photo.box_of_shown(box), face_id))

    def _stop_stroke(self) -> None:
        """Forget a drag: what it was about is drawn anew."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return
        if stroke.grip is None:
            self.scene().removeItem(stroke.item)
        else:
            stroke.item.move_to(stroke.box)

    def _box_at(self, stroke: _Stroke, place: Point) -> Box:
        assert self._tile is not None
        size = self._tile.photo.shown_size
        if stroke.grip is None:
            return spanned(stroke.start, place, size)
        return dragged(stroke.box, stroke.grip, stroke.start, place, size)

    def _grip(self, place: Point) -> Grip | None:
        """What of the current box is held at *place*, if it is not another one's place."""
        current = self._current()
        if current is None or not self.boxes_shown or not self.editable:
            return None
        grip = grip_at(current.box, place, HANDLE_PX / self.transform().m11())
        if grip is not Grip.INSIDE:
            return grip
        return grip if self._smallest_at(place) is current and not self._fills(current) else None

    def _fills(self, item: BoxItem) -> bool:
        """Whether a box covers all that is in view, so that a drag had better move the picture."""
        view = self.mapToScene(self.viewport().rect()).boundingRect()
        box = item.box
        return (
            box.x1 <= view.left()
            and box.y1 <= view.top()
            and box.x2 >= view.right()
            and box.y2 >= view.bottom()
        )

    def _current(self) -> BoxItem | None:
        return next((item for item in self._faces if item.current), None)

    def _smallest_at(self, place: Point) -> BoxItem | None:
        hit = [item for item in self._faces if grip_at(item.box, place, 0) and item.tile]
        return min(hit, key=lambda item: item.box.area, default=None)

    def _place(self, event: QMouseEvent) -> Point:
        place: QPointF = self.mapToScene(event.position().toPoint())
        return Point(place.x(), place.y())

    def _short(self, start: Point, end: Point) -> bool:
        length = abs(end.x - start.x) + abs(end.y - start.y)
        return length * self.transform().m11() < QApplication.startDragDistance() / 2

    def _show_cursor(self, grip: Grip | None) -> None:
        shape = Qt.CursorShape.CrossCursor if self.armed else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape if grip is None or self.armed else _CURSORS[grip])
