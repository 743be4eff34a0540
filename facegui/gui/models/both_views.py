"""One photo twice, side by side: the faces with the names that each of two models gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity
from facegui.gui.face_view import FaceView
from facegui.gui.lanes import Lanes
from facegui.gui.recognise.loader import PictureLoader
from facegui.services.recognising.comparing import ComparedFace


@dataclass(frozen=True, slots=True)
class _Shown:
    """A face as one of the models sees it."""

    box: Box
    identity: Identity


class BothViews(QSplitter):
    """A above B, or beside it where there is more width than height."""

    def __init__(self, lanes: Lanes) -> None:
        super().__init__(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._loader = PictureLoader(lanes, self)
        self._loader.shown.connect(self._came)
        self._faces: Sequence[ComparedFace] = ()
        self._chosen: ComparedFace | None = None
        self.views = (FaceView(), FaceView())
        self.heads = (QLabel(), QLabel())
        for view, head in zip(self.views, self.heads, strict=True):
            head.setTextFormat(Qt.TextFormat.PlainText)
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(head)
            column.addWidget(view, 1)
            self.addWidget(holder)

    def name(self, one: str, other: str) -> None:
        """Say which model is which."""
        for head, letter, words in zip(self.heads, "AB", (one, other), strict=True):
            metrics, mode = head.fontMetrics(), Qt.TextElideMode.ElideMiddle
            head.setText(metrics.elidedText(f"{letter}: {words}", mode, self.width()))
            head.setToolTip(words)

    def show_face(self, face: ComparedFace, faces: Sequence[ComparedFace]) -> None:
        """Show the photo of *face*, with all *faces* that are on it."""
        before, self._chosen, self._faces = self._chosen, face, faces
        if before is not None and before.path == face.path:
            self._mark()
        else:
            self._loader.show(face.path)

    def clear(self) -> None:
        """Show no photo."""
        self._chosen = None
        self._loader.forget()
        for view in self.views:
            view.clear()

    def stop(self) -> None:
        """Load nothing more."""
        self._loader.stop()

    def _came(self, path: str, image: QImage) -> None:
        if self._chosen is None or path != self._chosen.path:
            return
        size = QSize(self._chosen.width, self._chosen.height)
        sides = ([f.one for f in self._faces], [f.other for f in self._faces])
        for view, side in zip(self.views, sides, strict=True):
            shown = [_Shown(f.box, said) for f, said in zip(self._faces, side, strict=True)]
            view.show_picture(image, shown, size)
        self._mark()

    def _mark(self) -> None:
        if self._chosen is not None:
            for view in self.views:
                view.select(list(self._faces).index(self._chosen))
