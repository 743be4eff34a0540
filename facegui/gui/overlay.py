"""Boxes and names drawn over a picture, the same in photos and in live video.

Known people have a solid box, unknown ones a dashed one in another colour, and a face that nobody
has looked at yet a thin one without a label: never told apart by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from facegui.domain.corrections import Verdict
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity, RecognisedFace
from facegui.domain.text import tr

KNOWN_COLOUR = QColor("#2da44e")
UNKNOWN_COLOUR = QColor("#e3a008")
UNNAMED_COLOUR = QColor("#d0d7de")
_SHADOW = QColor(0, 0, 0, 150)
_DARK_TEXT = QColor("#16191d")
_LIGHT_TEXT = QColor("#ffffff")
_LINE_PX = 2.0
_SELECTED_LINE_PX = 4.0
_PAD_X, _PAD_Y = 6.0, 2.0


class ShownFace(Protocol):
    """What can be drawn: `RecognisedFace` of a photo, `SeenFace` of a frame."""

    @property
    def box(self) -> Box:
        """In pixels of the picture."""

    @property
    def identity(self) -> Identity | None:
        """None while nobody has looked."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture of *size* pixels lies in a widget: *area*, perhaps mirrored."""

    size: QSizeF
    area: QRectF
    mirrored: bool = False

    def rect(self, box: Box) -> QRectF:
        """*box* in pixels of the widget."""
        scale_x = self.area.width() / self.size.width()
        scale_y = self.area.height() / self.size.height()
        left = self.size.width() - box.x2 if self.mirrored else box.x1
        return QRectF(
            self.area.left() + left * scale_x,
            self.area.top() + box.y1 * scale_y,
            box.width * scale_x,
            box.height * scale_y,
        )

    def face_at(self, point: QPointF, faces: Sequence[ShownFace]) -> int | None:
        """The smallest face under *point*, so that one inside another can be reached."""
        hit = [
            (face.box.area, number)
            for number, face in enumerate(faces)
            if self.rect(face.box).contains(point)
        ]
        return min(hit)[1] if hit else None


def fitted(size: QSizeF, room: QRectF) -> QRectF:
    """Where a picture of *size* lies in *room*: as large as fits, in the middle."""
    shown = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(QPointF(0, 0), shown)
    place.moveCenter(room.center())
    return place


def label_of(identity: Identity) -> str:
    """What stands over the box: ``Anna 97 %``, or that nobody is near enough."""
    if identity.name is None:
        return tr("Unknown")
    return f"{identity.name}  {identity.probability:.0%}"


def word_of(face: RecognisedFace) -> str | None:
    """The owner's word, with a sign that it is that: ``Anna ✓``; None where the model's counts."""
    if face.said is None:
        return None
    match face.said.verdict:
        case Verdict.NOT if face.name is None:
            return tr("Not {name} ✓", name=face.said.name)
        case Verdict.NOT:
            return None
        case Verdict.STRANGER:
            return tr("A stranger ✓")
    return f"{face.said.name} ✓"


def paint_faces(
    painter: QPainter,
    placement: Placement,
    faces: Sequence[ShownFace],
    *,
    selected: int | None = None,
    label: Callable[[Any], str] | None = None,
) -> None:
    """Draw every face's box, then every label, so that no box crosses a name.

    Args:
        painter: of what the picture lies on.
        placement: where it lies.
        faces: in pixels of the picture.
        selected: the number of the face to mark.
        label: the words over a face that has been looked at, when not the owner's word, or
            `label_of` its identity.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rects = [placement.rect(face.box) for face in faces]
    for number, (face, rect) in enumerate(zip(faces, rects, strict=True)):
        _paint_box(painter, rect, _standing(face), chosen=number == selected)
    taken: list[QRectF] = []
    for face, rect in zip(faces, rects, strict=True):
        identity = _standing(face)
        if identity is not None:
            text = _label(face, identity) if label is None else label(face)
            taken.append(_paint_label(painter, rect, identity, text, placement.area, taken))
    painter.restore()


def colour_of(identity: Identity | None) -> QColor:
    """Green for somebody known, amber for unknown, grey for not looked at yet."""
    if identity is None:
        return UNNAMED_COLOUR
    return UNKNOWN_COLOUR if identity.name is None else KNOWN_COLOUR


def _standing(face: ShownFace) -> Identity | None:
    """Under the owner's name where there is one; live faces have none."""
    return face.standing if isinstance(face, RecognisedFace) else face.identity


def _label(face: ShownFace, identity: Identity) -> str:
    said = word_of(face) if isinstance(face, RecognisedFace) else None
    return label_of(identity) if said is None else said


def _paint_box(painter: QPainter, rect: QRectF, identity: Identity | None, *, chosen: bool) -> None:
    width = _SELECTED_LINE_PX if chosen else _LINE_PX
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_SHADOW, width + 2))  # readable on bright and on dark pictures
    painter.drawRoundedRect(rect, 3, 3)
    pen = QPen(colour_of(identity), width)
    if identity is not None and identity.name is None:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRoundedRect(rect, 3, 3)


def _paint_label(
    painter: QPainter,
    rect: QRectF,
    identity: Identity,
    text: str,
    area: QRectF,
    taken: Sequence[QRectF],
) -> QRectF:
    """Draw a name above its box, or below where there is no room; returns where."""
    metrics = QFontMetricsF(painter.font())
    size = QSizeF(metrics.horizontalAdvance(text) + 2 * _PAD_X, metrics.height() + 2 * _PAD_Y)
    place = _label_place(rect, size, area, taken)
    colour = colour_of(identity)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(place, 4, 4)
    painter.setPen(_LIGHT_TEXT if identity.name is not None else _DARK_TEXT)
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
    return place


def _label_place(rect: QRectF, size: QSizeF, area: QRectF, taken: Sequence[QRectF]) -> QRectF:
    left = min(rect.center().x() - size.width() / 2, area.right() - size.width())
    left = max(left, area.left())
    above = QRectF(QPointF(left, rect.top() - size.height() - 3), size)
    below = QRectF(QPointF(left, rect.bottom() + 3), size)
    for place in (above, below):
        if area.contains(place) and not any(place.intersects(other) for other in taken):
            return place
    return above if above.top() >= area.top() else QRectF(QPointF(left, area.top()), size)
