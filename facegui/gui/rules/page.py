"""The rules page: move a limit, see at once which faces it keeps and drops, and take some back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from facegui.domain.entities import Decision
from facegui.domain.queries import Change
from facegui.domain.rules import PRESETS, SPECS, Limits, Preset, Rule
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.page import Page
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.empty_state import EmptyState, follow, why_empty
from facegui.gui.review.filters import Mode
from facegui.gui.review.verdicts import Targets, Verdicts
from facegui.gui.rules.head import Head
from facegui.gui.rules.near_panel import SHOWN, NearPanel
from facegui.gui.rules.rows import RuleRows
from facegui.gui.rules.snapshot import Snapshot, read_snapshot
from facegui.gui.rules.steps import differing, preset_of, step_label, with_distance
from facegui.services.libraries import Library

_PAUSE_MS = 500
_ROWS_SHARE, _NEAR_SHARE = 5, 3


class RulesPage(Page):
    """Every rule with its limit over a histogram; the limits are one undoable step each time."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._snapshot: Snapshot | None = None
        self._limits = self._committed = Limits()
        self._kept_before: int | None = None
        self._rule = Rule.PAN
        self._person_id: int | None = None
        self._writing = 0
        self._stale = True
        self._asker = Asker(context.lanes, self)
        self._verdicts = Verdicts(context, self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self.head, self.rows = Head(), RuleRows()
        self.near, self.empty = NearPanel(context.lanes), EmptyState()
        self._stack = QStackedWidget()
        self._assemble()
        self._connect()
        self._show_library(context.library)

    def activate(self) -> None:
        if self._stale:
            self._asker.ask_again(self._question)
        self.rows.rows[self._rule].slider.setFocus()

    def leave(self) -> None:
        self._commit()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("← →", tr("Move the limit by a step; Page Up and Page Down by ten")),
            ("K", tr("Keep the face in focus, whatever the rules say")),
            (tr("X or Delete"), tr("Reject the face in focus")),
            (tr("Enter"), tr("Show the face in focus in Review")),
        )

    # assembly

    def _assemble(self) -> None:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rows, _ROWS_SHARE)
        row.addWidget(self.near, _NEAR_SHARE)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(body, 1)
        self._blank = QWidget()
        for widget in (self._blank, full, self.empty):
            self._stack.addWidget(widget)
        self._full = full
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._stack)

    def _connect(self) -> None:
        context, rows = self.context, self.rows
        context.library_changed.connect(self._show_library)
        context.rows_changed.connect(self._follow)
        self._asker.answered.connect(self._take)
        self._pause.timeout.connect(self._commit)
        self._verdicts.told.connect(self.head.tell)
        self.head.person_chosen.connect(self._choose_person)
        self.head.preset_chosen.connect(self._choose_preset)
        rows.moved.connect(self._moved)
        rows.settled.connect(self._commit)
        rows.reset_requested.connect(self._reset)
        rows.chosen.connect(self._choose_rule)
        rows.copies_requested.connect(lambda: context.page_requested.emit("duplicates"))
        rows.rescan_requested.connect(context.rescan_requested)
        self.near.face_opened.connect(self._open_face)
        self.near.face_decided.connect(self._decide)
        self.near.all_requested.connect(self._show_all)
        self.empty.remedy_chosen.connect(lambda remedy: follow(self.context, remedy))

    # following the library

    def _show_library(self, library: Library | None) -> None:
        self._pause.stop()
        self._snapshot, self._person_id, self._stale = None, None, True
        self._limits = self._committed = Limits()
        self._asker.set_library(library)
        self.near.set_library(library)
        self.head.tell("")
        self._stack.setCurrentWidget(self._blank)
        if library is not None and self.isVisible():
            self._asker.ask_again(self._question)

    def _follow(self, change: Change) -> None:
        # New limits alone leave what was measured as it is.
        self._stale = self._stale or not change.limits_changed
        if change.entry is not None and change.entry.undone:
            self.head.tell("")
        if self.isVisible():
            self._asker.ask_again(self._question)
        else:
            self._stale = True

    def _question(self) -> Question:
        known, person_id = self._snapshot, self._person_id
        table = known.table if known is not None and not self._stale else None
        self._stale = False
        return lambda library: read_snapshot(library, person_id, table)

    def _take(self, answer: object) -> None:
        assert isinstance(answer, Snapshot)
        before = self._snapshot
        if answer.person_id != self._person_id:
            if self._person_id in {person.id for person in answer.people}:
                self._stale = True  # somebody else was chosen meanwhile; their answer comes
                return
            self._person_id = None
        self._snapshot = answer
        if not len(answer.table.face_ids):
            self.empty.tell(why_empty(answer.counts, Mode.FACES, narrowed=False))
            self._stack.setCurrentWidget(self.empty)
            return
        same_faces = before is not None and (before.table, before.person_id) == (
            answer.table,
            answer.person_id,
        )
        if self._busy and same_faces:  # what the owner is saying is newer than what was read
            answer.tally.move(self._limits)
        else:
            if not same_faces or self._limits != answer.tally.limits:
                self._kept_before = None
            self._limits = self._committed = answer.tally.limits
        own = {person: len(fields) for person, fields in answer.overrides.items()}
        self.head.show_people(answer.people, own, self._person_id)
        self.rows.show_values(answer.tally)
        self._stack.setCurrentWidget(self._full)
        self._show()

    @property
    def _busy(self) -> bool:
        """Whether limits are on their way to the library."""
        return self.rows.moving or self._pause.isActive() or self._writing > 0

    def _show(self) -> None:
        """Show the limits as they are now, and everything that follows from them."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        tally, personal = snapshot.tally, snapshot.person_id is not None
        base = snapshot.limits if personal else Limits()
        tallies, kept = tally.tallies(), tally.kept
        self.rows.show_limits(self._limits, base, personal=personal)
        self.rows.show_tallies(tallies, tally.count)
        difference = 0 if self._kept_before is None else kept - self._kept_before
        self.head.show_figures(kept, tally.count - kept, difference, tally.decided)
        self.head.show_preset(preset_of(self._limits))
        self._show_near(tallies[self._rule].dropped)

    def _show_near(self, dropped: int) -> None:
        assert self._snapshot is not None
        self.rows.show_chosen(self._rule)
        limit = SPECS[self._rule].limit(self._limits)
        near = self._snapshot.tally.near(self._rule, SHOWN)
        self.near.show_near(self._rule, limit, near, dropped)

    # what the owner does

    def _choose_rule(self, rule: Rule) -> None:
        if rule is not self._rule and self._snapshot is not None:
            self._rule = rule
            self._show_near(self._snapshot.tally.tallies()[rule].dropped)

    def _choose_person(self, person_id: int | None) -> None:
        self._commit()
        self._person_id = person_id
        self._asker.ask_again(self._question)

    def _choose_preset(self, preset: Preset) -> None:
        self._set(with_distance(PRESETS[preset], self._limits))
        self._commit()

    def _reset(self, rule: Rule) -> None:
        if self._snapshot is not None:
            base = Limits() if self._snapshot.person_id is None else self._snapshot.limits
            self._moved(rule, SPECS[rule].limit(base))
            self._commit()

    def _moved(self, rule: Rule, limit: float) -> None:
        self._rule = rule
        self._set(SPECS[rule].moved(self._limits, limit))
        if not self.rows.moving:
            self._pause.start()

    def _set(self, limits: Limits) -> None:
        if self._snapshot is None:
            return
        if self._limits == self._committed:
            self._kept_before = self._snapshot.tally.kept
        self._limits = limits
        self._snapshot.tally.move(limits)
        self._show()

    def _commit(self) -> None:
        """Write the limits down as one step, if they are others than before."""
        self._pause.stop()
        library, snapshot, limits = self.context.library, self._snapshot, self._limits
        if library is None or snapshot is None or limits == self._committed:
            return
        label = step_label(snapshot, self._committed, limits)
        self._committed = limits
        person_id = snapshot.person_id
        if person_id is None:
            self._write(lambda: library.set_limits(limits, label))
        else:
            own = differing(limits, snapshot.limits)
            self._write(lambda: library.set_person_limits(person_id, own, label))

    def _write(self, action: Callable[[], Change]) -> None:
        self._writing += 1
        task = self.context.write(tr("Applying the rules"), action)
        task.done.connect(self._written)
        task.ended.connect(self._write_ended)

    def _written(self, change: object) -> None:
        assert isinstance(change, Change)
        if change.entry is not None:
            self.head.tell(tr("{step}. Ctrl+Z takes it back.", step=change.entry.label))

    def _write_ended(self) -> None:
        self._writing -= 1
        self._asker.ask_again(self._question)

    def _decide(self, face_id: int, decision: Decision) -> None:
        self._verdicts.decide(Targets(faces=(face_id,)), decision)

    def _open_face(self, face_id: int) -> None:
        self.context.page_requested.emit("review")
        self.context.face_requested.emit(face_id)

    def _show_all(self) -> None:
        self.context.page_requested.emit("review")
        self.context.rule_requested.emit(self._rule, self._person_id)
