"""One photo by itself: full size with boxes and landmarks, and everything known beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.entities import Decision, Photo, PhotoStatus
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box
from facegui.domain.rules import RuleResult
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane, Lanes
from facegui.gui.review import words
from facegui.gui.review.box_edit import BoxEdit
from facegui.gui.review.box_keys import BoxKeys
from facegui.gui.review.box_tools import BoxTools, tool_button
from facegui.gui.review.canvas import PhotoCanvas
from facegui.gui.review.details_panel import DetailsPanel
from facegui.gui.review.tiles import FaceTile, PhotoTile, photo_tiles
from facegui.services.libraries import Library

if TYPE_CHECKING:  # imports cv2, which a window without a library does not need
    from facegui.services.scanning.thumbnails import Thumbnails

_SIDE_PX = 1600
_PANEL_PX, _LEAST_PANEL_PX, _PANEL_SHARE = 300, 220, 0.4
_WITH_PICTURE = (PhotoStatus.OK, PhotoStatus.PENDING)


class PhotoView(QWidget):
    """Shows one photo of a library and keeps one of its faces current.

    Attributes:
        tools: the buttons for boxes and zoom.

    Signals:
        face_chosen: another face is current, or the photo is another one.
        box_changed: a `BoxEdit` to measure and to keep.
        delete_requested: the id of a face whose box shall go.
        back_requested, previous_requested, next_requested: a button was pressed.
    """

    face_chosen = Signal()
    box_changed = Signal(object)
    delete_requested = Signal(int)
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
        self._waiting: list[BoxEdit] = []
        self._canvas = PhotoCanvas()
        self._canvas.face_clicked.connect(self.choose_face)
        self._canvas.box_changed.connect(self.box_changed)
        self.tools = BoxTools(self._canvas)
        self._box_keys = BoxKeys(self._canvas)
        self._box_keys.told.connect(self.tools.hint)
        self._canvas.box_changed.connect(self._box_keys.leave)
        self._box_keys.box_changed.connect(self.box_changed)
        self.tools.delete_pressed.connect(self._request_delete)
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._details = DetailsPanel()
        self._details.setMinimumWidth(_LEAST_PANEL_PX)
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
        self._box_keys.leave()
        self._waiting.clear()
        self._shown_version = None

    def show_photo(self, photo_id: int, face_id: int | None, place: str) -> None:
        """Show a photo with *face_id* current (its best if None); *place* says which of many."""
        self._place.setText(place)
        self._canvas.arm(armed=False)
        self._box_keys.leave()
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
        self._box_keys.leave()
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

    def await_box(self, edit: BoxEdit) -> None:
        """Show a box where it is going to be, until `settle_box`."""
        self._waiting.append(edit)
        self.refresh()

    def settle_box(self, edit: BoxEdit, kept: Box | None = None) -> None:
        """*edit* is through; the face whose box is *kept* becomes current."""
        if edit in self._waiting:
            self._waiting.remove(edit)
        if edit.photo.id != self.photo_id:
            return
        self.refresh()
        faces = self._tile.faces if self._tile and edit.face_id is None else ()
        for face in faces:
            if face.face.box == kept:
                self.choose_face(face.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a small window the picture needs the room more than the words do.
        most = max(_LEAST_PANEL_PX, round(_PANEL_SHARE * self.width()))
        panel = min(self._split.sizes()[1] or _PANEL_PX, most)
        self._split.setSizes([self.width() - panel - self._split.handleWidth(), panel])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._tile is not None and self._box_keys.press(event, self._tile.photo, self.face):
            return
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        act = self._key_actions().get(Qt.Key(event.key())) if plain else None
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _key_actions(self) -> dict[Qt.Key, Callable[[], object]]:
        """What keys do now; the others are the page's."""
        key, canvas, around = Qt.Key, self._canvas, self._others()
        actions: dict[Qt.Key, Callable[[], object]] = {
            key.Key_W: self.tools.draw.toggle,
            key.Key_L: self.tools.marks.toggle,
            key.Key_Delete: self._request_delete,
            key.Key_Plus: partial(canvas.zoom_by, 1),
            key.Key_Equal: partial(canvas.zoom_by, 1),
            key.Key_Minus: partial(canvas.zoom_by, -1),
            key.Key_0: canvas.fit,
            key.Key_Z: partial(canvas.zoom_to, 1.0),
        }
        if around:
            actions[key.Key_Right] = partial(self.choose_face, around[0].id)
            actions[key.Key_Left] = partial(self.choose_face, around[-1].id)
        if canvas.armed:
            actions[key.Key_Escape] = partial(canvas.arm, armed=False)
        return actions

    def _request_delete(self) -> None:
        if self.face is not None:
            self.delete_requested.emit(self.face.id)

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
        waiting = [edit for edit in self._waiting if edit.photo.id == tile.id]
        self._canvas.show_faces(tile, self._face_id, waiting)
        self._details.show_photo(tile, self.face, self._rules())
        self.tools.show_possible(
            drawing=tile.photo.status is PhotoStatus.OK, deleting=self.face is not None
        )
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
        head.addWidget(tool_button("back", tr("Back to the grid (Esc)"), self.back_requested))
        head.addWidget(self._title, 1)
        head.addWidget(self.tools)
        head.addSpacing(12)
        head.addWidget(self._place)
        head.addWidget(tool_button("previous", tr("Previous photo (A)"), self.previous_requested))
        head.addWidget(tool_button("next", tr("Next photo (D)"), self.next_requested))
        stage = QWidget()
        self._stage = QStackedLayout(stage)
        self._stage.addWidget(self._canvas)
        self._stage.addWidget(self._message)
        self._split = split = QSplitter()
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
        if photo.status not in _WITH_PICTURE:
            self._say(photo.reason or words.status_word(photo.status))
            return

        def job(control: Control) -> object:
            from facegui.services.collecting.exif import photo_exif

            try:
                picture = to_qimage(source.whole(photo, _SIDE_PX))
            except ImageError as error:
                return error.reason
            control.partial(photo_exif(photo))
            return picture

        task = self._lanes.start(job, tr("Opening the photo"), Lane.POOL)
        task.partial_arrived.connect(partial(self._details.show_exif, photo.id))
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
