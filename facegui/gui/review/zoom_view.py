"""A picture that is zoomed with the wheel and moved by dragging."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

_ZOOM_STEP = 1.2
_MOST_ZOOM = 16.0


class ZoomView(QGraphicsView):
    """Shows a picture in its own pixels, as large as fits until the owner zooms.

    Signals:
        zoomed: pixels of the screen for one of the photo.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo = QGraphicsPixmapItem()
        self._photo.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._fitted = True
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

    @property
    def scale_now(self) -> float:
        """Pixels of the screen for one of the photo."""
        return self.transform().m11() * self.devicePixelRatioF()

    def fit(self) -> None:
        """As large as fits, with room for the marks."""
        self._fitted = True
        area = self._photo.sceneBoundingRect()
        if not area.isEmpty():
            self.fitInView(area, Qt.AspectRatioMode.KeepAspectRatio)
            self.zoomed.emit(self.scale_now)

    def zoom_to(self, scale: float) -> None:
        """So many pixels of the screen for one of the photo; smaller than the view, it fits."""
        self._zoom(scale / self.scale_now)

    def zoom_by(self, steps: float) -> None:
        """Larger by so many notches of the wheel, or smaller."""
        self._zoom(_ZOOM_STEP**steps)

    def _zoom(self, factor: float) -> None:
        if self.transform().m11() * factor <= _MOST_ZOOM:
            self._fitted = False
            self.scale(factor, factor)
        if self._smaller_than_view():
            self.fit()
        self.zoomed.emit(self.scale_now)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(event.angleDelta().y() / 120)
        event.accept()

    def _smaller_than_view(self) -> bool:
        shown = self.transform().mapRect(self._photo.sceneBoundingRect())
        view = self.viewport().rect()
        return shown.width() <= view.width() and shown.height() <= view.height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows choose a face: the page's business, not scrolling
