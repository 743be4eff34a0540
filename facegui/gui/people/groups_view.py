"""Groups of faces without a name that look like one person: name, split or ignore one at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.people.cases import Case, CaseList
from facegui.gui.people.faces_sheet import FacesSheet
from facegui.gui.people.order import Order
from facegui.gui.people.queue import no_faces
from facegui.gui.people.view import PeopleView
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.empty_state import EmptyState, Reason, Remedy
from facegui.services.libraries import Library
from facegui.services.reviewing.clusters import Cluster, clusters, tighter
from facegui.services.reviewing.gallery import Gallery

_LIST_PX = 210


class GroupsView(PeopleView):
    """Groups at the left, the faces of the current one at the right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._order = Order()
        self._tightness: dict[int, float] = {}
        self._shown: tuple[int, ...] = ()
        self._asker = Asker(context.lanes, self)
        self._asker.answered.connect(self._take)
        self._splitter = Asker(context.lanes, self)
        self._splitter.answered.connect(self._take_split)
        self.list = CaseList(context.lanes)
        self.list.setFixedWidth(_LIST_PX)
        self.list.case_changed.connect(self._show_group)
        self.faces = FacesSheet(context, all_where_none=True)
        self.faces.decided.connect(self._follow_decided)
        self.faces.add_step(tr("Split the group"), Qt.Key.Key_S, self._split)
        self.hint = QLabel(wordWrap=True)
        self.rejected = QCheckBox(tr("With rejected faces"))
        self.rejected.setToolTip(tr("Also group what rules reject; a name does not keep it"))
        self.rejected.toggled.connect(lambda _on: self.refresh())
        self.empty = EmptyState()
        self.empty.remedy_chosen.connect(self.follow_remedy)
        self._stack = QStackedWidget()
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        right = QVBoxLayout()
        self.hint.setContentsMargins(16, 10, 16, 6)
        right.addWidget(self.hint)
        right.addWidget(self.faces, 1)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        for widget in (QWidget(), body, self.empty):
            self._stack.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        above = QVBoxLayout()
        above.setContentsMargins(16, 6, 16, 2)
        above.addWidget(self.rejected)
        page.addLayout(above)
        page.addWidget(self._stack, 1)

    def show_library(self, library: Library | None) -> None:
        self._tightness, self._shown = {}, ()
        self._asker.set_library(library)
        self._splitter.set_library(library)
        self.list.set_library(library)
        self.faces.grid.set_library(library)
        self._stack.setCurrentIndex(0)

    def refresh(self) -> None:
        self._order = Order()
        self.follow()

    def follow(self) -> None:
        self._asker.ask_again(self._question)

    def take_focus(self) -> None:
        self.list.setFocus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("T", tr("Name the group, or the marked ones")),
            ("S", tr("Split the group into those that look more alike")),
            ("I", tr("Ignore the group, or the marked ones")),
            ("P", tr("Show the current face in Review")),
            (tr("Space"), tr("Mark or unmark")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.faces.press(event):
            super().keyPressEvent(event)

    def _question(self) -> Question:
        tightness, rejected = dict(self._tightness), self.rejected.isChecked()
        order = self._order

        def read(library: Library) -> object:
            gallery = Gallery.read(library, rejected=rejected)
            reason = _why_empty(library, gallery, rejected=rejected)
            found = clusters(gallery, tightness)
            arranged = order.arrange(found, lambda cluster: cluster.face_ids)
            return order, arranged, library.people(), reason

        return read

    def _take(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        order, (found, following), self.faces.people, why = answer
        if order is self._order:  # or the view was left since, and begins anew
            self._order = following
        self.list.show_cases([_case(cluster) for cluster in found])
        self.empty.tell(why)
        self._stack.setCurrentIndex(1 if found else 2)

    def _show_group(self) -> None:
        case = self.list.current
        members = case.subject.face_ids if case and isinstance(case.subject, Cluster) else ()
        if members != self._shown:
            self._shown = members
            self.faces.grid.show_cases([Case(face_id, "", "", None) for face_id in members])
        words = trn("{n} face that may be one person.", "{n} faces that may be one person.",
                    len(members))  # fmt: skip
        words += " " + tr("Mark some with Space to name only those.")
        if self.rejected.isChecked():
            words += " " + tr("A name does not keep what rules reject.")
        self.hint.setText(words)

    def _follow_decided(self, face_ids: object) -> None:
        """Go on to the next group when all of this one has been decided."""
        assert isinstance(face_ids, list)
        if set(face_ids) >= set(self._shown):
            self.list.drop_current()
            self.list.setFocus()

    def _split(self) -> None:
        case = self.list.current
        if case is not None and isinstance(case.subject, Cluster):
            cluster = case.subject
            self._splitter.ask(
                lambda library: tighter(Gallery.read(library, rejected=True), cluster)
            )

    def _take_split(self, tightness: object) -> None:
        assert isinstance(tightness, dict)
        if tightness:
            self._tightness.update(tightness)
            self.follow()
        else:
            self.hint.setText(tr("These look all alike: the group cannot be split."))


def _case(cluster: Cluster) -> Case:
    title = trn("{n} face", "{n} faces", len(cluster.face_ids))
    return Case(cluster.face_ids[0], title, "", cluster)


def _why_empty(library: Library, gallery: Gallery, *, rejected: bool) -> Reason:
    none = no_faces(library)
    if none is not None:
        return none
    unnamed, more = len(gallery.rows_of(0)), len(library.rejected_unnamed_faces())
    if rejected:
        text = tr("No two faces without a name look alike.")
    elif unnamed:
        text = tr("No two faces that are kept without a name look alike.")
    else:
        text = tr("Every face that is kept has a name.")
    if more and not rejected:
        text += " " + trn(
            "Tick above to group the {n} that rules reject, too.",
            "Tick above to group the {n} that rules reject, too.",
            more,
        )
    return Reason(Remedy.SHOW_ALL, "people", tr("No groups"), text, tr("To Review"))
