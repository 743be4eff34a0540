"""The People page: a row of views on names, each read only while it is in front."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from facegui.domain.queries import Change
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.page import Page
from facegui.gui.people.groups_view import GroupsView
from facegui.gui.people.odd_view import OddView
from facegui.gui.people.readiness_view import ReadinessView
from facegui.gui.people.similar_view import SimilarView
from facegui.gui.people.suggestions_view import SuggestionsView
from facegui.gui.people.view import PeopleView
from facegui.services.libraries import Library


class PeoplePage(Page):
    """Suggestions, groups, odd ones out, readiness, and faces like one."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.suggestions, self.groups = SuggestionsView(context), GroupsView(context)
        self.odd, self.ready = OddView(context), ReadinessView(context)
        self.similar = SimilarView(context)
        self._row = QTabBar(drawBase=False, expanding=False)
        self._row.setAccessibleName(tr("Views of people"))
        self._row.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget()
        self._views: list[PeopleView] = []
        for title, view in (
            (tr("Suggestions"), self.suggestions),
            (tr("Groups"), self.groups),
            (tr("Odd ones out"), self.odd),
            (tr("Readiness"), self.ready),
            (tr("Similar"), self.similar),
        ):
            self._row.addTab(title)
            self._stack.addWidget(view)
            self._views.append(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(4)
        self._row.setContentsMargins(16, 0, 16, 0)
        column.addWidget(self._row)
        column.addWidget(self._stack, 1)
        self._row.currentChanged.connect(self._show)
        turn = QShortcut(QKeySequence("Ctrl+Tab"), self)
        turn.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        turn.activated.connect(self._turn)
        context.library_changed.connect(self._show_library)
        context.rows_changed.connect(self._follow)
        context.similar_requested.connect(self._find_similar)
        self._show_library(context.library)

    @property
    def view(self) -> PeopleView:
        """The view in front."""
        return self._views[self._row.currentIndex()]

    def choose(self, view: PeopleView) -> None:
        """Bring *view* to the front."""
        self._row.setCurrentIndex(self._views.index(view))

    def activate(self) -> None:
        self.view.refresh()
        self.view.take_focus()

    def keys(self) -> Sequence[tuple[str, str]]:
        shown = self.view.keys()
        return tuple(chain(((tr("Ctrl+Tab"), tr("Next view")),), shown))

    def _show(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        if self.isVisible():
            self.activate()

    def _turn(self) -> None:
        self._row.setCurrentIndex((self._row.currentIndex() + 1) % self._row.count())

    def _show_library(self, library: Library | None) -> None:
        for view in self._views:
            view.show_library(library)
        if library is not None and self.isVisible():
            self.view.refresh()

    def _follow(self, _change: Change) -> None:
        if self.isVisible():
            self.view.follow()

    def _find_similar(self, face_id: int) -> None:
        self.choose(self.similar)
        self.similar.show_like(face_id)
