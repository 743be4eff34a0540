"""The photo view's tools: draw and delete boxes, landmarks, zoom; and their keys for F1."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from facegui.domain.text import tr
from facegui.gui.review.canvas import PhotoCanvas
from facegui.gui.theme import icon

_HINT_GAP_PX = 12


def photo_keys() -> list[tuple[str, str]]:
    """(key, what it does) for F1: what only one photo by itself knows."""
    return [
        ("W", tr("In a photo: draw a missed face (or Ctrl+drag), with the mouse or the arrows")),
        ("E", tr("In a photo: move the box with the arrows, resize it with Shift; Enter keeps it")),
        (tr("Delete"), tr("In a photo: delete the box, or ignore a face that a scan would find")),
        ("L", tr("In a photo: landmarks and pose on or off")),
        ("+ − 0 Z", tr("In a photo: larger, smaller, all of it, pixel for pixel")),
    ]


class BoxTools(QWidget):
    """Buttons that act on a canvas.

    Attributes:
        draw: down while the next drag draws a box.
        marks: down while landmarks and pose are shown.

    Signals:
        delete_pressed: the current box shall go.
    """

    delete_pressed = Signal()

    def __init__(self, canvas: PhotoCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.draw = tool_button("box-draw", tr("Draw a missed face (W, or Ctrl+drag)"))
        self.draw.setCheckable(True)
        self.draw.toggled.connect(self._arm)
        tip = tr("Delete the box; a face that a scan would find is ignored (Delete)")
        self._delete = tool_button("box-delete", tip, self.delete_pressed)
        self.marks = tool_button("landmarks", tr("Landmarks and pose (L)"))
        self.marks.setCheckable(True)
        self.marks.toggled.connect(lambda shown: canvas.show_marks(shown=shown))
        fit = tool_button("zoom-fit", tr("All of the photo (0)"))
        fit.clicked.connect(canvas.fit)
        self._zoom = tool_button(None, tr("Pixel for pixel (Z)"))
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("1600%") + 12)
        self._zoom.clicked.connect(lambda: canvas.zoom_to(1.0))
        self._hint = QLabel(canvas, wordWrap=True)
        self._hint.setObjectName("notice")
        self._hint.setMargin(8)
        self._hint.hide()
        canvas.armed_changed.connect(self._show_armed)
        canvas.zoomed.connect(self._show_zoom)
        self.setStyleSheet("QToolButton:checked { background: palette(highlight); }")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.draw, self._delete, self.marks, fit, self._zoom):
            row.addWidget(button)

    def show_possible(self, *, drawing: bool, deleting: bool) -> None:
        """Offer what can be done with the photo."""
        self.draw.setEnabled(drawing)
        self._delete.setEnabled(deleting)
        self._canvas.editable = drawing

    def _arm(self, armed: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._canvas.arm(armed=armed)
        self.draw.setChecked(self._canvas.armed)  # a key can press a button that is disabled

    def _show_armed(self, armed: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.draw.setChecked(armed)
        drag = tr("Drag a box around the face, or press an arrow. Esc: draw none.")
        self.hint(drag if armed else "")

    def hint(self, text: str) -> None:
        """Say over the photo what can be done now; nothing where *text* is empty."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        room = self._canvas.width() - 2 * _HINT_GAP_PX
        width = min(self._hint.fontMetrics().horizontalAdvance(text) + 2 * _HINT_GAP_PX, room)
        height = self._hint.heightForWidth(width)
        self._hint.setGeometry(_HINT_GAP_PX, _HINT_GAP_PX, width, height)

    def _show_zoom(self, scale: float) -> None:
        self._zoom.setText(f"{scale:.0%}")


def tool_button(
    icon_name: str | None, tip: str, pressed: SignalInstance | None = None
) -> QToolButton:
    """A flat button for a head line: an icon, or text to come where there is none."""
    button = QToolButton()
    button.setAutoRaise(True)
    if icon_name is not None:
        button.setIcon(icon(icon_name, 18))
        button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if pressed is not None:
        button.clicked.connect(pressed)
    return button
