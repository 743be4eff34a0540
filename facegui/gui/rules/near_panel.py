"""The faces on either side of a limit: what it just keeps and what it just drops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import Decision, FaceState
from facegui.domain.rules import Rule
from facegui.domain.text import tr, trn
from facegui.gui.lanes import Lanes
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.commands import Command, command_for
from facegui.gui.review.paint import box_pen
from facegui.gui.review.pictures import Pictures, Wanted
from facegui.gui.review.tiles import FaceTile, face_tiles
from facegui.gui.review.tool_tips import tool_tip
from facegui.gui.rules import words
from facegui.services.libraries import Library
from facegui.services.reviewing.rule_tally import NearFace, NearLimit

SHOWN = 6
"""Faces on each side."""

_COLUMNS = 3
_GAP_PX = 6
_OTHERS_OPACITY = 0.4
_SIDES_PX = (44, 150)
_DECISIONS = {
    Command.KEEP: Decision.KEEP,
    Command.REJECT: Decision.REJECT,
    Command.IGNORE: Decision.IGNORE,
}


class CropButton(QAbstractButton):
    """One face and its value; a click chooses it, a double click or Enter opens it in Review.

    Attributes:
        face_id: which; None while the place is empty.
        wanted: its picture, once it is known.

    Signals:
        opened: the owner wants to see it in Review.
    """

    opened = Signal()

    def __init__(self, state: FaceState, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.face_id: int | None = None
        self.wanted: Wanted | None = None
        self._state = state
        self._pictures = pictures
        self._side = _SIDES_PX[0]
        self._decisive = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_face(self, face: NearFace, value: str) -> None:
        """Make room for another face; the picture comes with its tile."""
        if face.face_id != self.face_id:
            self.face_id, self.wanted = face.face_id, None
            self.setToolTip("")
        self._decisive = face.decisive
        self.setText(value)
        self._speak("")
        self.show()
        self.update()

    def show_nothing(self) -> None:
        """Stay empty."""
        self.face_id = self.wanted = None
        self.hide()

    def show_tile(self, tile: FaceTile | None) -> None:
        """Take the face's picture and name; None where it has left the library."""
        self.wanted = None if tile is None else Wanted(tile.photo, tile.face)
        self.setToolTip("" if tile is None else tool_tip(tile))
        self._speak("" if tile is None else tile.title)
        self.update()

    def set_side(self, side_px: int) -> None:
        """Side of the picture."""
        self._side = side_px
        self.setFixedSize(side_px, side_px + self.fontMetrics().height() + 2)

    def _speak(self, name: str) -> None:
        state = tr("kept") if self._state is FaceState.KEPT else tr("dropped")
        self.setAccessibleName(", ".join(part for part in (name, self.text(), state) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRect(0, 0, self._side, self._side)
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.AlternateBase))
        pixmap = self._pictures.get(self.wanted) if self.wanted is not None else None
        if pixmap is not None:
            size = pixmap.deviceIndependentSize()
            picture = QRectF(0, 0, size.width(), size.height())
            picture.moveCenter(QRectF(area).center())
            painter.setOpacity(1.0 if self._decisive else _OTHERS_OPACITY)
            painter.drawPixmap(picture.topLeft(), pixmap)
            painter.setOpacity(1.0)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 4))
        else:
            painter.setPen(box_pen(self._state, 2))
        painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        below = QRect(0, self._side + 1, self._side, self.height() - self._side - 1)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.text())
        painter.end()


class _Side(QWidget):
    """A heading and the faces on one side of the limit."""

    def __init__(self, state: FaceState, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.heading, self.nothing = QLabel(), QLabel(wordWrap=True)
        self.nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.crops = [CropButton(state, pictures, self) for _ in range(SHOWN)]
        grid = QGridLayout()
        grid.setSpacing(_GAP_PX)
        for n, crop in enumerate(self.crops):
            crop.hide()
            grid.addWidget(crop, n // _COLUMNS, n % _COLUMNS, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(_COLUMNS, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.heading, self.nothing):
            column.addWidget(widget)
        column.addLayout(grid)

    def show_faces(self, rule: Rule, faces: Sequence[NearFace], nothing: str) -> None:
        self.nothing.setText(nothing)
        self.nothing.setVisible(not faces)
        for n, crop in enumerate(self.crops):
            if n < len(faces):
                crop.show_face(faces[n], words.measure(rule, faces[n].value))
            else:
                crop.show_nothing()


class NearPanel(QWidget):
    """Follows one rule's limit; pictures are loaded off the GUI thread, the latest wins.

    Signals:
        face_opened: the owner wants to see a face in Review; its id.
        face_decided: the owner decided on the face in focus: its id and the `Decision`.
        all_requested: show every face that the rule rejects.
    """

    face_opened = Signal(int)
    face_decided = Signal(int, object)
    all_requested = Signal()

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = Pictures(lanes, self)
        self._asker = Asker(lanes, self)
        self._title = QLabel(wordWrap=True)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self.kept = _Side(FaceState.KEPT, self._pictures, self)
        self.dropped = _Side(FaceState.REJECTED, self._pictures, self)
        self.kept.heading.setText(tr("Just kept"))
        self.dropped.heading.setText(tr("Just dropped"))
        self._hint = QLabel(wordWrap=True)
        self._hint.setText(
            tr(
                "K keeps the face in focus; Enter or a double click opens it. Pale ones fail "
                "another rule as well."
            )
        )
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._all = QPushButton()
        self._all.clicked.connect(self.all_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        for widget in (self._title, self.kept, self.dropped, self._hint, self._all):
            column.addWidget(widget)
        column.addStretch(1)
        for crop in self._crops:
            crop.opened.connect(lambda crop=crop: self._open(crop))
        self._asker.answered.connect(self._take)
        self._pictures.arrived.connect(lambda _keys: self.update_crops())

    @property
    def _crops(self) -> list[CropButton]:
        return [*self.kept.crops, *self.dropped.crops]

    def set_library(self, library: Library | None) -> None:
        """Show nothing yet; faces come from *library* from now on."""
        source = None
        if library is not None:
            from facegui.services.scanning.thumbnails import (
                Thumbnails,  # imports cv2: when first needed
            )

            source = Thumbnails(library.cache_dir)
        self._asker.set_library(library)
        self._pictures.set_source(source)
        for crop in self._crops:
            crop.show_nothing()

    def show_near(self, rule: Rule, limit: float, near: NearLimit, dropped: int) -> None:
        """Show the faces *near* the limit of *rule*, which drops so many in all."""
        self._title.setText(f"{words.rule_word(rule)}: {words.limit_words(rule, limit)}")
        self.kept.show_faces(rule, near.kept, tr("No face is on this side."))
        self.dropped.show_faces(rule, near.dropped, tr("No face is on this side."))
        self._hint.setVisible(bool(near.dropped))
        self._all.setVisible(dropped > 0)
        self._all.setText(trn("Show {n} in Review", "Show all {n} in Review", dropped))
        self._asker.ask_again(self._question)

    def update_crops(self) -> None:
        """Paint what has arrived."""
        for crop in self._crops:
            crop.update()

    # loading

    def _question(self) -> Question:
        ids = [crop.face_id for crop in self._crops if crop.face_id is not None]
        return lambda library: face_tiles(library, ids)

    def _take(self, tiles: object) -> None:
        assert isinstance(tiles, Mapping)
        for crop in self._crops:
            if crop.face_id in tiles:
                crop.show_tile(tiles[crop.face_id])
        self._want()

    def _want(self) -> None:
        wanted = [crop.wanted for crop in self._crops if crop.wanted is not None]
        self._pictures.want(wanted, self._side_px(), self.devicePixelRatioF())

    # layout, keys and mouse

    def minimumSizeHint(self) -> QSize:
        return QSize(_COLUMNS * (_SIDES_PX[0] + _GAP_PX) + 24, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for crop in self._crops:
            crop.set_side(self._side_px())
        self._want()

    def _side_px(self) -> int:
        """As large as two rows of crops on each side, their headings and the foot leave room."""
        wide = (self.width() - 24 - _COLUMNS * _GAP_PX) // _COLUMNS
        line = self.fontMetrics().height()
        others = 2 * (line + 8) + 4 * (line + _GAP_PX) + 3 * line + 90
        tall = (self.height() - others) // (2 * SHOWN // _COLUMNS)
        return max(_SIDES_PX[0], min(wide, tall, _SIDES_PX[1]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = command_for(event)
        crop = self.focusWidget()
        decision = _DECISIONS.get(command) if command is not None else None
        if decision is None or not isinstance(crop, CropButton) or crop.face_id is None:
            super().keyPressEvent(event)
            return
        self.face_decided.emit(crop.face_id, decision)

    def _open(self, crop: CropButton) -> None:
        if crop.face_id is not None:
            self.face_opened.emit(crop.face_id)
