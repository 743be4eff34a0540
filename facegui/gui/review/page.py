"""The review page: assembles grid, panels and photo view, and routes keys to the owner's steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QKeyCombination, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import Decision
from facegui.domain.queries import Change, FaceGroup, PhotoFilter
from facegui.domain.rules import Rule
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.page import Page
from facegui.gui.review import arranging
from facegui.gui.review.asker import Asker, Question
from facegui.gui.review.box_editor import BoxEditor
from facegui.gui.review.box_tools import photo_keys
from facegui.gui.review.commands import Command, command_for, key_sheet, person_number
from facegui.gui.review.empty_state import Remedy
from facegui.gui.review.face_drag import FaceDrag
from facegui.gui.review.filter_bar import FilterBar
from facegui.gui.review.filters import Mode
from facegui.gui.review.hover import HoverButtons
from facegui.gui.review.menu import review_menu
from facegui.gui.review.name_field import NameField
from facegui.gui.review.overview import Overview, read_overview
from facegui.gui.review.people_actions import PeopleActions
from facegui.gui.review.people_panel import PeoplePanel
from facegui.gui.review.stage import Stage
from facegui.gui.review.strip import Strip
from facegui.gui.review.verdicts import Targets, Verdicts
from facegui.services.libraries import Library

_PEOPLE_PX = 210
_REFRESH = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_R)
_STEPS = {Command.PREVIOUS_PHOTO: -1, Command.NEXT_PHOTO: 1}
_DECISIONS = {
    Command.KEEP: Decision.KEEP,
    Command.REJECT: Decision.REJECT,
    Command.IGNORE: Decision.IGNORE,
}


class ReviewPage(Page):
    """Every face and photo of the library, judged with keys or mouse.

    Attributes:
        stage: the grids, the photo view and the empty state.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._overview: Overview | None = None
        self._decided: set[int] = set()
        self._verdicts = Verdicts(context, self)
        self._asker, self._counter = Asker(context.lanes, self), Asker(context.lanes, self)
        self.stage = Stage(context.lanes)
        self._boxes = BoxEditor(context, self.stage.photo_view, self)
        self.filter_bar, self.people_panel = FilterBar(), PeoplePanel()
        self._strip = Strip()
        self.name_field = NameField(self)
        self._assemble()
        self._connect()
        self._show_library(context.library)

    # what the window asks

    def activate(self) -> None:
        """Show what fits by now: nothing is under the owner's cursor when they come back."""
        if self.stage.sheet.tiles.stale_count and not self.stage.close_up:
            self._ask()
        self.stage.focus()

    def keys(self) -> Sequence[tuple[str, str]]:
        return [*key_sheet(), *photo_keys()]

    # assembly

    def _assemble(self) -> None:
        self.people_panel.setFixedWidth(_PEOPLE_PX)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.people_panel)
        middle.addWidget(self.stage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter_bar)
        column.addLayout(middle, 1)
        column.addWidget(self._strip)

    def _connect(self) -> None:
        self.context.library_changed.connect(self._show_library)
        self.context.rows_changed.connect(self._follow)
        self.context.face_requested.connect(self._show_face)
        self.context.rule_requested.connect(self._show_rule)
        self._asker.answered.connect(self._show_overview)
        self._counter.answered.connect(self._show_counts)
        self._verdicts.told.connect(self._strip.tell)
        self._boxes.told.connect(self._strip.tell)
        self._strip.zoomed.connect(self._zoom)
        self._strip.fast_requested.connect(lambda: self.run(Command.FAST_REVIEW))
        self.stage.fast_view.chosen.connect(self.run)
        stage, bar, people = self.stage, self.filter_bar, self.people_panel
        stage.refreshed.connect(self._settle)
        stage.selection_changed.connect(self._show_figures)
        stage.zoomed.connect(self._strip.show_zoom)
        stage.menu_requested.connect(self._show_menu)
        stage.empty.remedy_chosen.connect(self._remedy)
        bar.mode_changed.connect(self._change_mode)
        bar.filter_changed.connect(self._ask)
        bar.filter_changed.connect(lambda: self._strip.tell(""))
        self._strip.refresh_requested.connect(self._ask)
        bar.rules_requested.connect(lambda: self.context.page_requested.emit("rules"))
        people.person_chosen.connect(bar.set_person)
        people.left.connect(stage.focus)
        people.person_added.connect(self._verdicts.add_person)
        people.person_renamed.connect(self._verdicts.rename_person)
        people.faces_dropped.connect(self._assign_id)
        PeopleActions(self.context, self._verdicts, people, stage.targets)
        for sheet in stage.sheets.values():
            FaceDrag(sheet)
            HoverButtons(sheet).chosen.connect(self._decide_rows)
        self.name_field.named.connect(self._assign)
        self.name_field.closed.connect(self.stage.focus)

    # following the library

    def _show_library(self, library: Library | None) -> None:
        self._overview = None
        self._decided.clear()
        for asker in (self._asker, self._counter):
            asker.set_library(library)
        self.stage.set_library(library)
        self._strip.tell("")
        self._strip.show_zoom(self.stage.sheet.picture_px)
        if library is not None:
            self._ask()
            self._asker.ask(read_overview)

    def _follow(self, change: Change) -> None:
        """Fetch changed rows again; nothing scrolls, and what no longer fits stays."""
        self._decided.clear()
        if change.entry is not None or change.person_ids:
            self._strip.tell("")  # what it told of is not the last step any more
        every = change.limits_changed or not (change.face_ids or change.photo_ids)
        self.stage.sheet.follow(None if every or change.person_ids else change.photo_ids)
        self._asker.ask_again(lambda: read_overview)
        self._counter.ask_again(self._count)
        if self.stage.viewing_photo:
            self.stage.photo_view.refresh()
        undone = change.entry is not None and change.entry.undone
        self.stage.follow_undo(change.face_ids if undone else ())

    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        counts = overview.counts
        self.people_panel.show_people(overview.people, overview.person_counts, counts.kept)
        self.filter_bar.show_reasons(overview.reasons)
        self._settle()

    def _ask(self, keep_id: int | None = None) -> None:
        """Put the filter's question to the library; *keep_id* shall be current then."""
        if self.stage.close_up:
            self.stage.show_sheet()
        bar = self.filter_bar
        if self.stage.mode is Mode.FACES:
            faces, group = bar.face_filter(), bar.group
            # Likeness takes seconds: what came later is not compared until the owner asks again.
            again = None if group is FaceGroup.SIMILARITY else group
            self.stage.sheet.ask(
                lambda library: arranging.faces(library, faces, group),
                keep_id,
                lambda library: arranging.faces(library, faces, again),
                arranging.start_of(faces) if group is None else None,
            )
        else:
            photos = bar.photo_filter()
            self.stage.sheet.ask(lambda library: arranging.photos(library, photos), keep_id)
        self._counter.ask(self._count())

    def _count(self) -> Question:
        """How many the list has of each chip's kind."""
        mode, faces = self.filter_bar.mode, self.filter_bar.list_filter()
        if mode is Mode.FACES:
            return lambda library: (mode, library.face_counts(faces))
        photos = PhotoFilter(person_id=faces.person_id, search=faces.search)
        return lambda library: (mode, library.photo_counts(photos))

    def _show_counts(self, answer: tuple[Mode, Sequence[int]]) -> None:
        if answer[0] is self.filter_bar.mode:
            self.filter_bar.show_counts(answer[1])

    def _show_face(self, face_id: int) -> None:
        """Show *face_id* among all the others."""
        self._show_everything()
        self.filter_bar.set_mode(Mode.FACES)
        self._ask(face_id)

    def _show_rule(self, rule: Rule, person_id: int | None) -> None:
        """Show the faces that *rule* rejects, one person's or everybody's."""
        self._show_everything()
        self.people_panel.choose(person_id)
        self.filter_bar.choose_rule(rule)

    def _show_everything(self) -> None:
        self.people_panel.choose(None)
        self.filter_bar.clear()

    def _change_mode(self) -> None:
        keep_id = self.stage.set_mode(self.filter_bar.mode)
        self._strip.show_zoom(self.stage.sheet.picture_px)
        self._ask(keep_id)
        self.stage.focus()

    def _zoom(self, side_px: int) -> None:
        self.stage.sheet.set_picture_px(side_px)

    def _settle(self) -> None:
        """Show what the present sheet has come to."""
        self._show_figures()
        self._strip.show_stale(self.stage.sheet.tiles.stale_count)
        counts = self._overview.counts if self._overview else None
        self.stage.settle(counts, narrowed=self.filter_bar.narrowed)

    def _show_figures(self) -> None:
        sheet = self.stage.sheet
        fitting = sheet.tiles.rowCount() - sheet.tiles.stale_count
        self._strip.show_figures(self.stage.mode, fitting, sheet.marked_count())

    def _remedy(self, remedy: Remedy) -> None:
        match remedy:
            case Remedy.IMPORT:
                self.context.import_requested.emit()
            case Remedy.SCAN:
                self.context.scan_requested.emit()
            case Remedy.SHOW_ALL:
                self._show_everything()
            case Remedy.SHOW_PHOTOS:
                self.filter_bar.set_mode(Mode.PHOTOS)

    # keys and steps

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox):
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.stage.focus()
            return
        if event.matches(QKeySequence.StandardKey.Find):
            self.filter_bar.focus_search()
            return
        if event.keyCombination() == _REFRESH:
            self._ask()
            return
        if self.people_panel.take_key(event):
            return
        command, number = command_for(event), person_number(event)
        person = self.people_panel.person_with_key(number) if number is not None else None
        if person is not None:
            self._assign(person.name)
        elif command is not None:
            self.run(command)
        else:
            super().keyPressEvent(event)

    def run(self, command: Command) -> None:
        """Do what a key or a menu entry asks for."""
        stage = self.stage
        match command:
            case Command.TOGGLE_BOXES:
                stage.toggle_boxes()
            case Command.FAST_REVIEW:
                stage.review_fast(self._decided)
            case Command.BACK:
                stage.back()
            case Command.PREVIOUS_PHOTO | Command.NEXT_PHOTO:
                stage.turn_page(_STEPS[command])
            case Command.OPEN:
                stage.open_photo()
            case Command.SIMILAR:
                self._find_similar()
            case Command.MARK_GROUP:
                self._mark_group()
            case Command.CONFIRM if stage.mode is Mode.PHOTOS and not stage.viewing_photo:
                stage.open_photo()
            case _:
                targets = self._seen_targets()
                if targets is not None:
                    self._judge(command, targets)

    def _seen_targets(self) -> Targets | None:
        """What a step is about; None, and the way there, where that is marked but out of sight."""
        if self.stage.show_marks():
            self._strip.tell(
                tr("What is marked was out of sight: the same key again is for it, Esc unmarks.")
            )
            return None
        return self.stage.targets()

    def _mark_group(self) -> None:
        if not self.stage.mark_group():
            self._strip.tell(tr("Nothing is grouped here: choose a grouping above first."))

    def _find_similar(self) -> None:
        face = self.stage.current_face()
        if face is not None:
            self.context.page_requested.emit("people")
            self.context.similar_requested.emit(face.id)

    def _judge(self, command: Command, targets: Targets) -> None:
        match command:
            case Command.NAME:
                self._open_name_field()
                return
            case Command.UNNAME:
                self._verdicts.assign(targets, None)
                return
            case Command.LEAVE_TO_RULES:
                self._verdicts.decide(targets, Decision.UNDECIDED)
                return
            case Command.CONFIRM:
                self._verdicts.confirm(targets)
            case _:
                self._verdicts.decide(targets, _DECISIONS[command])
        self._go_on(targets)

    def _decide_rows(self, command: Command, rows: Sequence[int]) -> None:
        """Decide on tiles of the grid wherever they are; what is current or marked stays so."""
        targets = self.stage.targets_of(self.stage.sheet.tiles.ids[list(rows)].tolist())
        self._verdicts.decide(targets, _DECISIONS[command])
        self._decided.update(targets.faces)

    def _assign(self, name: str) -> None:
        targets = self._seen_targets()
        if targets is not None:
            self._verdicts.assign(targets, name)
            self._go_on(targets)

    def _assign_id(self, person_id: int) -> None:
        self._assign(next(p.name for p in self.people_panel.people if p.id == person_id))

    def _go_on(self, targets: Targets) -> None:
        """To the next face; those just decided count as such before the disk has them."""
        self._decided.update(targets.faces)
        self.stage.fast_view.note_decision()
        self.stage.go_on(self._decided)

    def _open_name_field(self) -> None:
        face = self.stage.current_face()
        offer = ""
        if face is not None:
            offer = face.person.name if face.person else face.offer or ""
        count = 1 if self.stage.viewing_photo else len(self.stage.sheet.selected_rows())
        title = trn("Who is this?", "Who are these {n}?", count)
        place = self.stage.mapTo(self, self.stage.place_below_current())
        self.name_field.open_at(place, title, [p.name for p in self.people_panel.people], offer)

    def _show_menu(self, place: QPoint) -> None:
        if self.stage.targets() is None:
            return
        grouped = bool(self.stage.sheet.section_starts())
        people = self.people_panel.people
        menu = review_menu(self, people, self.run, self._assign, grouped=grouped)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.stage.sheet.viewport().mapToGlobal(place))
