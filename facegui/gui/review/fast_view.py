"""Fast review: one face large, its photo, the named faces nearest to it, and one key to decide."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from facegui.domain.entities import Face, Photo, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.text import tr, trn
from facegui.gui.flow import FlowLayout
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lanes
from facegui.gui.review.asker import Asker
from facegui.gui.review.commands import Command, entries
from facegui.gui.review.fast_pace import Pace
from facegui.gui.review.paint import box_pen
from facegui.gui.review.tiles import FaceTile, face_tiles
from facegui.services.libraries import Library

if TYPE_CHECKING:  # imports cv2, which a window without a library does not need
    from facegui.services.reviewing.nearest_named import NearestNamed
    from facegui.services.scanning.thumbnails import Thumbnails

_NEAREST = 6
_NEAR_PX, _NEAR_GAP_PX = 84, 12
_LEAST_PX = 120
_CROP_PX, _PHOTO_PX = 512, 512
_KEYS = (
    Command.CONFIRM,
    Command.KEEP,
    Command.REJECT,
    Command.IGNORE,
    Command.UNNAME,
    Command.NAME,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read for one face; an image is None where its file cannot be read."""

    tile: FaceTile
    crop: QImage | None
    photo: QImage | None
    nearest: tuple[tuple[QImage | None, str, str], ...]
    named: NearestNamed


class FastView(QWidget):
    """Shows the face that is current in the grid.

    Signals:
        chosen: the `Command` of a button that was clicked.
        stepped: how many faces on (or back) the arrow keys ask for.
    """

    chosen = Signal(object)
    stepped = Signal(int)

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pace = Pace()
        self._thumbnails: Thumbnails | None = None
        self._named: NearestNamed | None = None
        self._asker = Asker(lanes, self)
        self._asker.answered.connect(self._show)
        self._place, self._speed, self._who = QLabel(), QLabel(), QLabel()
        self._who.setTextFormat(Qt.TextFormat.PlainText)
        self._who.setWordWrap(True)
        self._who.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._face, self._photo = _Picture(), _Picture()
        self._face.setAccessibleName(tr("The face"))
        self._photo.setAccessibleName(tr("The photo that it is in"))
        self._nearest = _Nearest()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(self._top())
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self._face, 1)
        middle.addWidget(self._photo, 1)
        column.addLayout(middle, 1)
        column.addWidget(self._who)
        column.addWidget(self._nearest)
        column.addLayout(self._buttons())

    def set_source(self, library: Library | None, thumbnails: Thumbnails | None) -> None:
        """Show nothing; everything comes from *library* and *thumbnails* from now on."""
        self._thumbnails = thumbnails
        self._named = None
        self._asker.set_library(library)

    def begin(self) -> None:
        """A new round: the pace starts anew, and faces that were named since are compared with."""
        self.pace, self._named = Pace(), None

    def show_face(self, tile: FaceTile, place: int, count: int) -> None:
        """Show *tile*, the face at *place* (from 1) of *count*."""
        self._place.setText(tr("{n} of {count}", n=f"{place:,}", count=f"{count:,}"))
        pace = self.pace.per_minute
        decided = trn("{n} decided", "{n} decided", self.pace.decided)
        speed = "" if pace is None else " · " + trn("{n} face a minute", "{n} faces a minute", pace)
        self._speed.setText(decided + speed)
        thumbnails, named = self._thumbnails, self._named
        if thumbnails is not None:
            self._asker.ask(lambda library: _read(library, thumbnails, named, tile))

    def note_decision(self) -> None:
        """Count one more face for the pace."""
        self.pace.record(time.monotonic())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            self.stepped.emit(step)
        else:
            event.ignore()

    def _show(self, found: _Found) -> None:
        tile, self._named = found.tile, found.named
        self._who.setText(" · ".join(part for part in (tile.title, *tile.reasons) if part))
        self._face.show_image(found.crop)
        self._photo.show_image(found.photo, tile)
        self._nearest.show_faces(found.nearest)

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        title = QLabel(tr("Fast review"))
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        leave = _button(tr("Back to the grid") + "  Esc", self._tell(Command.BACK))
        words = FlowLayout(16)
        for widget in (title, self._place, self._speed):
            words.addWidget(widget)
        row.addLayout(words, 1)
        row.addWidget(leave)
        return row

    def _buttons(self) -> FlowLayout:
        row = FlowLayout(6, centred=True)
        words = {
            Command.CONFIRM: tr("Confirm"),
            Command.KEEP: tr("Keep"),
            Command.REJECT: tr("Reject"),
            Command.IGNORE: tr("Ignore"),
            Command.UNNAME: tr("Not this person"),
            Command.NAME: tr("Name…"),
        }
        first_keys = {entry.command: entry.key_text.split()[0] for entry in entries()}
        for command in _KEYS:
            row.addWidget(_button(f"{words[command]}  {first_keys[command]}", self._tell(command)))
        return row

    def _tell(self, command: Command) -> partial[None]:
        return partial(self.chosen.emit, command)


class _Nearest(QWidget):
    """The named faces that are most alike, as many as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.places = [(_Picture(_NEAR_PX), QLabel()) for _ in range(_NEAREST)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_NEAR_GAP_PX)
        row.addStretch(1)
        for picture, label in self.places:
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMaximumWidth(_NEAR_PX + _NEAR_GAP_PX)
            row.addLayout(column)
        row.addStretch(1)

    def show_faces(self, nearest: Sequence[tuple[QImage | None, str, str]]) -> None:
        """Show each image with its name, cut where it is too long, and its likeness."""
        shown = [*nearest, *[(None, "", "")] * (_NEAREST - len(nearest))]
        for (picture, label), (image, name, likeness) in zip(self.places, shown, strict=True):
            picture.show_image(image)
            picture.setToolTip(name)
            metrics = label.fontMetrics()
            room = _NEAR_PX - metrics.horizontalAdvance(f" {likeness}")
            cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            label.setText(f"{cut} {likeness}".strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = (event.size().width() + _NEAR_GAP_PX) // (_NEAR_PX + _NEAR_GAP_PX)
        for place, (picture, label) in enumerate(self.places):
            picture.setVisible(place < fitting)
            label.setVisible(place < fitting)


class _Picture(QWidget):
    """An image as large as fits, with the box of one face where it is given.

    Args:
        side_px: fixed side; None to take what room there is.
    """

    def __init__(self, side_px: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._tile: FaceTile | None = None
        if side_px is None:
            self.setMinimumSize(_LEAST_PX, _LEAST_PX)
            policy = QSizePolicy.Policy.Expanding
            self.setSizePolicy(policy, policy)
        else:
            self.setFixedSize(side_px, side_px)

    def show_image(self, image: QImage | None, tile: FaceTile | None = None) -> None:
        """Show *image*, or nothing, with the box of *tile*'s face."""
        self._image, self._tile = image, tile
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size: QSize = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.drawImage(place, self._image)
        if self._tile is not None and self._tile.photo.width:
            photo, face = self._tile.photo, self._tile.face
            box = photo.shown_box(face.box).scaled(place.width() / photo.shown_size[0])
            painter.setPen(box_pen(self._tile.state, 2))
            left, top = place.left() + round(box.x1), place.top() + round(box.y1)
            painter.drawRect(left, top, round(box.width), round(box.height))
        painter.end()


def _button(text: str, clicked: partial[None]) -> QPushButton:
    """A button that leaves the keys to the view when it is clicked."""
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _on=False: clicked())
    return button


def _read(
    library: Library, thumbnails: Thumbnails, named: NearestNamed | None, tile: FaceTile
) -> _Found:
    """Pictures and nearest faces; off the GUI thread."""
    from facegui.services.reviewing.nearest_named import NearestNamed

    named = named or NearestNamed.read(library)
    near = named.find(library, tile.id, _NEAREST)
    tiles = face_tiles(library, [one.face_id for one in near])
    nearest = tuple(
        (
            _face_image(thumbnails, tiles[one.face_id].photo, tiles[one.face_id].face, _NEAR_PX),
            tiles[one.face_id].title,
            f"{one.similarity:.0%}",
        )
        for one in near
        if one.face_id in tiles
    )
    tile = face_tiles(library, [tile.id]).get(tile.id, tile)
    crop = _face_image(thumbnails, tile.photo, tile.face, _CROP_PX)
    return _Found(tile, crop, _photo_image(thumbnails, tile.photo), nearest, named)


def _face_image(thumbnails: Thumbnails, photo: Photo, face: Face, side_px: int) -> QImage | None:
    try:
        crop: RgbImage = thumbnails.faces(photo, [face], side_px)[0]
    except ImageError:
        return None
    return to_qimage(crop)


def _photo_image(thumbnails: Thumbnails, photo: Photo) -> QImage | None:
    try:
        return to_qimage(thumbnails.photo(photo, _PHOTO_PX))
    except ImageError:
        return None
