"""A face that was clicked in the live picture: frozen, with the buttons that correct it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QPixmap, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.corrections import Source
from facegui.domain.geometry import Box
from facegui.domain.recognition import RecognisedFace
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.correct.panel import CorrectPanel
from facegui.gui.images import to_qimage
from facegui.gui.live.clicked import ClickedFace
from facegui.gui.theme import icon
from facegui.gui.why.dialog import WhyDialog
from facegui.services.recognising.corrections import AskedFace
from facegui.services.recognising.why import WhyRequest, picture_of_frame

_WIDTH_PX = 300
_EDGE_PX = 28
_CROP_PX = 96
_MARGIN = 0.25  # of the box, on each side of it


class LiveCard(QFrame):
    """Over the lower right corner of *page*, while the video goes on behind it."""

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.setObjectName("card")
        self.setFixedWidth(_WIDTH_PX)
        self.setAutoFillBackground(True)
        self.name = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._crop = QLabel()
        self._crop.setFixedSize(_CROP_PX, _CROP_PX)
        self.panel = CorrectPanel(context)
        self.panel.install(page)
        self.panel.said_changed.connect(self._place)
        self._clicked: tuple[ClickedFace, Path] | None = None
        self.why = QPushButton(tr("Why?"))
        self.why.setToolTip(tr("What this answer rests on (W)"))
        self.why.setShortcut(Qt.Key.Key_W)
        self.why.clicked.connect(self._explain)
        self.reasons = WhyDialog(context, page)
        self.shut = QToolButton(autoRaise=True)
        self.shut.setIcon(icon("close", 14))
        self.shut.setToolTip(tr("Close (Esc)"))
        self.shut.setAccessibleName(tr("Close"))
        self.shut.clicked.connect(self.hide)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), page, self.hide)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.setEnabled(False)
        top = QHBoxLayout()
        top.addWidget(self._crop)
        said = QVBoxLayout()
        said.addWidget(self.name, 1)
        said.addWidget(self.why, 0, Qt.AlignmentFlag.AlignLeft)
        top.addLayout(said, 1)
        top.addWidget(self.shut, 0, Qt.AlignmentFlag.AlignTop)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.addLayout(top)
        column.addWidget(self.panel)
        self.hide()
        page.installEventFilter(self)
        context.library_changed.connect(self._place)

    def show_clicked(self, clicked: ClickedFace, bundle: Path | None) -> None:
        """Offer to correct what the model in *bundle* said of a face."""
        if clicked.identity is None or bundle is None:
            self._context.told.emit(tr("No name for this face yet. Click it again in a moment."))
            return
        self._clicked = clicked, bundle
        self._crop.setPixmap(_crop(clicked, self.devicePixelRatioF()))
        self.name.setText(clicked.identity.name or tr("Unknown"))
        self.panel.show_asked(
            AskedFace(
                Source.LIVE,
                clicked.box,
                clicked.identity,
                bundle,
                frame=clicked.image,
                address=clicked.source,
            )
        )
        self.show()
        self.raise_()
        self._place()

    def _explain(self) -> None:
        if self._clicked is None:
            return
        face, bundle = self._clicked
        assert face.identity is not None
        found = RecognisedFace(face.box, face.landmarks, 1.0, face.identity)
        load = partial(picture_of_frame, face.image)
        self.reasons.explain(WhyRequest(bundle, load, found))

    def _place(self, _library: object = None) -> None:
        """As high as what it says, in the corner."""
        if self.isHidden():
            return
        self._column.activate()
        height = max(self.heightForWidth(_WIDTH_PX), self.minimumSizeHint().height())
        rect = QRect(0, 0, _WIDTH_PX, height)
        rect.moveBottomRight(self._page.rect().bottomRight())
        self.setGeometry(rect.translated(-_EDGE_PX, -_EDGE_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        self._escape.setEnabled(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._escape.setEnabled(False)
        super().hideEvent(event)


def _crop(clicked: ClickedFace, scale: float) -> QPixmap:
    height, width = clicked.image.shape[:2]
    around = _widened(clicked.box).clipped(width, height)
    corner, size = (around.x1, around.y1), (around.width, around.height)
    picture = to_qimage(clicked.image).copy(QRect(*map(round, corner), *map(round, size)))
    side = round(_CROP_PX * scale)
    shown = QPixmap.fromImage(
        picture.scaled(
            QSize(side, side),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    )
    shown.setDevicePixelRatio(scale)
    return shown


def _widened(box: Box) -> Box:
    x, y = _MARGIN * box.width, _MARGIN * box.height
    return Box(box.x1 - x, box.y1 - y, box.x2 + x, box.y2 + y)
