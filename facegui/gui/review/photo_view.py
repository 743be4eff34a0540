"""One photo by itself: full size with boxes and landmarks, and everything known beside it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.entities import Decision, Photo, PhotoStatus
from facegui.domain.errors import ImageError
from facegui.domain.rules import RuleResult
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.review import words
from facegui.gui.review.canvas import PhotoCanvas
from facegui.gui.review.details_panel import DetailsPanel
from facegui.gui.review.tiles import FaceTile, PhotoTile, photo_tiles
from facegui.gui.theme import icon
from facegui.services.libraries import Library

if TYPE_CHECKING:  # imports cv2, which a window without a library does not need
    from facegui.services.thumbnails import Thumbnails

_SIDE_PX = 1600
_PANEL_PX = 300


class PhotoView(QWidget):
    """Shows one photo of a library and keeps one of its faces current.

    Signals:
        face_chosen: another face is current, or the photo is another one.
        back_requested, previous_requested, next_requested: a button was pressed.
    """

    face_chosen = Signal()
    back_requested = Signal()
    previous_requested = Signal()
    next_requested = Signal()

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._library: Library | None = None
        self._source: Thumbnails | None = None
        self._tile: PhotoTile | None = None
        self._face_id: int | None = None
        self._generation = 0
        self._shown_version: object = None
        self._canvas = PhotoCanvas()
        self._canvas.face_clicked.connect(self.choose_face)
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._details = DetailsPanel()
        self._details.setMinimumWidth(220)
        self._assemble()

    @property
    def photo_id(self) -> int | None:
        """The photo that is shown."""
        return self._tile.id if self._tile else None

    @property
    def face(self) -> FaceTile | None:
        """The current face, if the photo has any."""
        faces = self._tile.faces if self._tile else ()
        return next((face for face in faces if face.id == self._face_id), None)

    def set_library(self, library: Library | None, source: Thumbnails | None) -> None:
        """Show nothing; rows come from *library* and pictures from *source* from now on."""
        self._library, self._source = library, source
        self._generation += 1
        self._tile = None
        self._shown_version = None

    def show_photo(self, photo_id: int, face_id: int | None, place: str) -> None:
        """Show a photo with *face_id* current (its best if None); *place* says which of many."""
        self._place.setText(place)
        self._face_id = face_id
        self._read(photo_id)
        self.face_chosen.emit()
        self._canvas.setFocus()

    def refresh(self) -> None:
        """Read the photo again: something about it has changed."""
        if self._tile is not None:
            self._read(self._tile.id)

    def choose_face(self, face_id: int) -> None:
        """Make a face of the photo current."""
        self._face_id = face_id
        self.refresh()
        self.face_chosen.emit()

    def go_on(self, decided: Collection[int]) -> None:
        """Make the next face current that the owner has not decided on, *decided* aside."""
        for face in self._others():
            if face.face.decision is Decision.UNDECIDED and face.id not in decided:
                self.choose_face(face.id)
                return

    def show_boxes(self, *, shown: bool) -> None:
        """Show or hide the boxes."""
        self._canvas.show_boxes(shown=shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        around = self._others()
        if event.key() in steps and around:
            self.choose_face(around[0 if steps[Qt.Key(event.key())] > 0 else -1].id)
        else:
            super().keyPressEvent(event)

    def _others(self) -> list[FaceTile]:
        """The other faces from left to right, beginning after the current one."""
        faces = sorted(self._tile.faces if self._tile else (), key=lambda f: f.face.box.x1)
        place = next((n for n, face in enumerate(faces) if face.id == self._face_id), -1)
        return faces[place + 1 :] + faces[: max(place, 0)]

    def _read(self, photo_id: int) -> None:
        tile = photo_tiles(self._library, [photo_id]).get(photo_id) if self._library else None
        if tile is None:
            return
        self._tile = tile
        if self.face is None:
            self._face_id = tile.faces[0].id if tile.faces else None
        self._title.setText(words.file_name(tile.photo))
        self._canvas.show_faces(tile, self._face_id)
        self._details.show_photo(tile, self.face, self._rules())
        version = (tile.id, tile.photo.sha256, tile.photo.status)
        if version != self._shown_version:
            self._shown_version = version
            self._load(tile.photo)

    def _rules(self) -> tuple[RuleResult, ...]:
        if self._library is None or self._face_id is None:
            return ()
        return self._library.rule_results([self._face_id]).get(self._face_id, ())

    def _assemble(self) -> None:
        self._title, self._place = QLabel(), QLabel()
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 6)
        head.addWidget(_button("back", tr("Back to the grid (Esc)"), self.back_requested))
        head.addWidget(self._title, 1)
        head.addWidget(self._place)
        head.addWidget(_button("previous", tr("Previous photo (A)"), self.previous_requested))
        head.addWidget(_button("next", tr("Next photo (D)"), self.next_requested))
        stage = QWidget()
        self._stage = QStackedLayout(stage)
        self._stage.addWidget(self._canvas)
        self._stage.addWidget(self._message)
        split = QSplitter()
        split.addWidget(stage)
        split.addWidget(self._details)
        split.setStretchFactor(0, 1)
        split.setSizes([1000, _PANEL_PX])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(split, 1)

    def _load(self, photo: Photo) -> None:
        self._generation += 1
        source = self._source
        if source is None:
            return
        if photo.status not in (PhotoStatus.OK, PhotoStatus.PENDING):
            self._say(photo.reason or words.status_word(photo.status))
            return

        def job(_control: Control) -> object:
            try:
                return to_qimage(source.whole(photo, _SIDE_PX))
            except ImageError as error:
                return error.reason

        task = self._lanes.start(job, tr("Opening the photo"), Lane.POOL)
        task.done.connect(partial(self._take, self._generation, photo.shown_size[0]))

    def _take(self, generation: int, width: int, loaded: object) -> None:
        if generation != self._generation:
            return
        if isinstance(loaded, QImage):
            self._stage.setCurrentWidget(self._canvas)
            self._canvas.show_pixmap(QPixmap.fromImage(loaded), width or loaded.width())
        else:
            self._say(str(loaded))

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._stage.setCurrentWidget(self._message)


def _button(icon_name: str, tip: str, pressed: SignalInstance) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(icon(icon_name, 18))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(pressed)
    return button
