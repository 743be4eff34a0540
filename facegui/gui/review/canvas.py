"""One photo, zoomed and moved at will, with the boxes and landmarks of its faces."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from facegui.domain.entities import Decision
from facegui.gui.review.paint import box_pen, draw_mark
from facegui.gui.review.tiles import FaceTile, PhotoTile

_MARK_PX = 20.0
_ZOOM_STEP = 1.2
_MOST_ZOOM = 16.0


class FaceItem(QGraphicsItem):
    """A face's box in photo pixels; outline, mark and name keep their size on the screen."""

    def __init__(self, tile: FaceTile) -> None:
        super().__init__()
        self.tile = tile
        self.current = False
        box = tile.photo.shown_box(tile.face.box)
        self._box = QRectF(box.x1, box.y1, box.width, box.height)
        self.setToolTip(tile.title)

    def show_current(self, *, current: bool) -> None:
        """Make it stand out, with its landmarks, or not."""
        self.current = current
        self.setZValue(2 if current else 1)
        self.update()

    def boundingRect(self) -> QRectF:
        # The label is drawn in screen pixels: leave as much room as it can take at any zoom.
        room = max(self._box.width(), self._box.height(), 200.0)
        return self._box.adjusted(-room, -room, room, room)

    def contains_point(self, point: QPointF) -> bool:
        """Whether a place of the photo is inside the box."""
        return self._box.contains(point)

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        scale = painter.worldTransform().m11()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.current:
            painter.setPen(_cosmetic(QColor("#ffffff"), 5))
            painter.drawRect(self._box)
        painter.setPen(box_pen(self.tile.state, 3 if self.current else 2))
        painter.drawRect(self._box)
        if self.current:
            self._paint_landmarks(painter, scale)
        self._paint_label(painter, scale)

    def _paint_landmarks(self, painter: QPainter, scale: float) -> None:
        painter.setPen(_cosmetic(QColor("#1c2128"), 1))
        painter.setBrush(QBrush(QColor("#ffd33d")))
        for x, y in self.tile.photo.shown_landmarks(self.tile.face.landmarks):
            painter.drawEllipse(QPointF(x, y), 3 / scale, 3 / scale)

    def _paint_label(self, painter: QPainter, scale: float) -> None:
        painter.save()
        painter.translate(self._box.topLeft())
        painter.scale(1 / scale, 1 / scale)
        by_owner = self.tile.face.decision is not Decision.UNDECIDED
        mark = QRectF(0, -_MARK_PX - 3, _MARK_PX, _MARK_PX)
        draw_mark(painter, mark, self.tile.state, by_owner=by_owner)
        if self.tile.title:
            metrics = QFontMetricsF(painter.font())
            width = metrics.horizontalAdvance(self.tile.title) + 12
            label = QRectF(_MARK_PX + 3, mark.top(), width, _MARK_PX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(20, 23, 27, 210))
            painter.drawRoundedRect(label, 4, 4)
            painter.setPen(QColor("#ffffff"))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.tile.title)
        painter.restore()


def _cosmetic(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


class PhotoCanvas(QGraphicsView):
    """Shows a photo in its own pixels; the wheel zooms, dragging moves, a click chooses a face.

    Signals:
        face_clicked: the id of the face that was clicked.
    """

    face_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo = QGraphicsPixmapItem()
        self._photo.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._faces: list[FaceItem] = []
        self._fitted = True
        self.boxes_shown = True
        scene = QGraphicsScene(self)
        scene.addItem(self._photo)
        self.setScene(scene)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pixmap(self, pixmap: QPixmap, width: int) -> None:
        """Show *pixmap*, stretched to *width* photo pixels (a reduced one has fewer)."""
        self._photo.setPixmap(pixmap)
        self._photo.setScale(width / pixmap.width() if pixmap.width() else 1.0)
        self.scene().setSceneRect(self._photo.sceneBoundingRect())
        if self._fitted:
            self.fit()

    def show_faces(self, tile: PhotoTile, current_id: int | None) -> None:
        """Draw the faces of *tile*; *current_id* stands out with its landmarks."""
        for item in self._faces:
            self.scene().removeItem(item)
        self._faces = [FaceItem(face) for face in tile.faces]
        for item in self._faces:
            item.show_current(current=item.tile.id == current_id)
            item.setVisible(self.boxes_shown)
            self.scene().addItem(item)

    def show_boxes(self, *, shown: bool) -> None:
        """Show or hide the boxes."""
        self.boxes_shown = shown
        for item in self._faces:
            item.setVisible(shown)

    def fit(self) -> None:
        """As large as fits, with room for the marks."""
        self._fitted = True
        area = self._photo.sceneBoundingRect()
        if not area.isEmpty():
            self.fitInView(area, Qt.AspectRatioMode.KeepAspectRatio)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = _ZOOM_STEP ** (event.angleDelta().y() / 120)
        if self.transform().m11() * factor <= _MOST_ZOOM:
            self._fitted = False
            self.scale(factor, factor)
        if self._smaller_than_view():
            self.fit()
        event.accept()

    def _smaller_than_view(self) -> bool:
        shown = self.transform().mapRect(self._photo.sceneBoundingRect())
        view = self.viewport().rect()
        return shown.width() <= view.width() and shown.height() <= view.height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        place = self.mapToScene(event.position().toPoint())
        hit = [item for item in self._faces if item.contains_point(place)]
        if hit and self.boxes_shown:
            smallest = min(hit, key=lambda item: item.tile.face.box.area)
            self.face_clicked.emit(smallest.tile.id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows choose a face: the view's business, not scrolling
