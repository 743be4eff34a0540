"""Crops of a run in a grid, with a heading; Enter or a double click opens one in Review."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case, CaseList
from facegui.services.judging.judge import Judgement, Rows, RunResults
from facegui.services.libraries import Library

_MOST = 2_000
"""Crops that are listed; nobody looks at more, and telling Qt of them takes its time."""


class FaceGrid(QWidget):
    """A heading, and below it the crops."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.heading = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.list = CaseList(context.lanes, grid=True)
        self.list.setAccessibleName(tr("Faces"))
        self.list.setMinimumHeight(120)
        self.list.doubleClicked.connect(lambda _index: self._open())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.list, 1)

    def set_library(self, library: Library | None) -> None:
        """Show nothing; faces come from *library* from now on."""
        self.heading.clear()
        self.list.set_library(library)

    def show_cases(self, heading: str, cases: Iterable[Case]) -> None:
        """Show *cases* below *heading*."""
        self.heading.setText(heading)
        self.list.show_cases(list(cases)[:_MOST])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self.list.current is not None:
            self._context.page_requested.emit("review")
            self._context.face_requested.emit(self.list.current.face_id)


def face_cases(results: RunResults, judgement: Judgement, places: Rows) -> list[Case]:
    """The faces at *places* of *judgement*: who it is, and what it was called how surely."""
    cases = []
    for place in places[:_MOST].tolist():
        item = results.items[judgement.rows[place]]
        said = results.labels[judgement.said[place]]
        sure = f"{judgement.confidence[place]:.0%}".replace("%", " %")
        note = sure if judgement.said[place] == item.label else f"{sure} {said}"
        cases.append(Case(item.face_id, results.labels[item.label], note, None))
    return cases
