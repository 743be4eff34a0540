"""The column beside the photo: who the chosen face is, and what else is to be said or done of it.

A section is a widget with ``show_face``; whoever has one adds it in `RecogniseBody`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from facegui.domain.recognition import RecognisedFace
from facegui.gui.recognise.scores import ScoresPanel

_WIDTH_PX = 280
_SCROLL_BAR_PX = 14


@dataclass(frozen=True, slots=True)
class ChosenFace:
    """The face that the owner looks at.

    Attributes:
        path: the photo or video that it was found in.
        face: its box and landmarks are in upright pixels of that photo, or of the frame.
        bundle: the model that was asked.
        time_s: when the frame is shown, from the start of the video; None in a photo.
        pasted: the file is a picture that was pasted, and goes when the page goes.
    """

    path: Path
    face: RecognisedFace
    bundle: Path
    time_s: float | None = None
    pasted: bool = False


class Section(Protocol):
    """What a widget in the column can do; see `SideColumn.add`."""

    def show_face(self, chosen: ChosenFace | None) -> None:
        """Another face was chosen; None while there is none."""


class SideColumn(QScrollArea):
    """The scores, and below them one section after the other; scrolls where they need more room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_WIDTH_PX - 40)
        self.scores = ScoresPanel()
        self._sections: list[Section] = []
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(12, 0, _SCROLL_BAR_PX, 0)
        self._column.setSpacing(14)
        self._column.addWidget(self.scores)
        self._column.addStretch(1)
        self.setWidget(holder)

    def add(self, section: QWidget) -> None:
        """Put *section*, a `Section`, below all that is there."""
        self._column.insertWidget(self._column.count() - 1, section)
        self._sections.append(cast("Section", section))

    def show_face(
        self, faces: Sequence[RecognisedFace], number: int | None, chosen: ChosenFace | None
    ) -> None:
        """Show face *number* of *faces*, which is *chosen*; or that there is none."""
        self.scores.show_face(faces, number)
        for section in self._sections:
            section.show_face(chosen)
