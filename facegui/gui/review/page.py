"""The review page: assembles grid, panels and photo view, and routes keys to the owner's steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import Decision
from facegui.domain.queries import Change
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.page import Page
from facegui.gui.review.asker import Asker
from facegui.gui.review.commands import Command, command_for, key_sheet, person_number
from facegui.gui.review.delegates import FaceDelegate, PhotoDelegate
from facegui.gui.review.empty_state import EmptyState, Remedy, why_empty
from facegui.gui.review.filter_bar import FilterBar, Mode
from facegui.gui.review.menu import review_menu
from facegui.gui.review.name_field import NameField
from facegui.gui.review.overview import Overview, read_overview
from facegui.gui.review.people_panel import PeoplePanel
from facegui.gui.review.photo_view import PhotoView
from facegui.gui.review.pictures import Pictures
from facegui.gui.review.rules_panel import RulesPanel
from facegui.gui.review.sheet import Sheet
from facegui.gui.review.strip import Strip
from facegui.gui.review.tiles import FaceTile, PhotoTile, face_tiles, photo_tiles
from facegui.gui.review.verdicts import Targets, Verdicts
from facegui.services.libraries import Library

_FACES_PX, _PHOTOS_PX = 128, 176
_PEOPLE_PX, _RULES_PX = 210, 270
_DECISIONS = {
    Command.KEEP: Decision.KEEP,
    Command.REJECT: Decision.REJECT,
    Command.IGNORE: Decision.IGNORE,
}


class ReviewPage(Page):
    """Every face and photo of the library, judged with keys or mouse.

    Attributes:
        sheets: the grid of faces and the grid of photos.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.name, self.title, self.icon_name = "review", tr("Review"), "review"
        self._overview: Overview | None = None
        self._decided: set[int] = set()
        self._boxes_shown = True
        self._pictures = pictures = Pictures(context.lanes, self)
        self._verdicts = Verdicts(context, self)
        self._asker = Asker(context.lanes, self)
        self._photo_delegate = PhotoDelegate(pictures)
        self.sheets = {
            Mode.FACES: Sheet(context.lanes, pictures, FaceDelegate(pictures), face_tiles),
            Mode.PHOTOS: Sheet(context.lanes, pictures, self._photo_delegate, photo_tiles),
        }
        self.sheets[Mode.FACES].set_picture_px(_FACES_PX)
        self.sheets[Mode.PHOTOS].set_picture_px(_PHOTOS_PX)
        self.filter_bar, self.people_panel = FilterBar(), PeoplePanel()
        self.rules_panel, self.photo_view = RulesPanel(), PhotoView(context.lanes)
        self.empty, self._strip, self._stack = EmptyState(), Strip(), QStackedWidget()
        self.name_field = NameField(self)
        self._assemble()
        self._connect()
        self._show_library(context.library)

    # what the window asks

    def activate(self) -> None:
        self._focus_stage()

    def keys(self) -> Sequence[tuple[str, str]]:
        return key_sheet()

    # assembly

    @property
    def mode(self) -> Mode:
        """Faces or photos."""
        return self.filter_bar.mode

    @property
    def sheet(self) -> Sheet:
        """The grid of the present mode."""
        return self.sheets[self.mode]

    @property
    def viewing_photo(self) -> bool:
        """Whether one photo by itself is shown."""
        return self._stack.currentWidget() is self.photo_view

    def _assemble(self) -> None:
        self.people_panel.setFixedWidth(_PEOPLE_PX)
        self.rules_panel.setFixedWidth(_RULES_PX)
        self.rules_panel.hide()
        for widget in (*self.sheets.values(), self.photo_view, self.empty):
            self._stack.addWidget(widget)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.people_panel)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.rules_panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter_bar)
        column.addLayout(middle, 1)
        column.addWidget(self._strip)

    def _connect(self) -> None:
        self.context.library_changed.connect(self._show_library)
        self.context.rows_changed.connect(self._follow)
        self._asker.answered.connect(self._show_overview)
        self._verdicts.told.connect(self._strip.tell)
        self._strip.zoomed.connect(self._zoom)
        for sheet in self.sheets.values():
            sheet.opened.connect(self._open_photo)
            sheet.refreshed.connect(self._show_stage)
            sheet.selection_changed.connect(self._show_figures)
            sheet.zoomed.connect(self._strip.show_zoom)
            sheet.customContextMenuRequested.connect(self._show_menu)
        bar, people = self.filter_bar, self.people_panel
        bar.mode_changed.connect(self._mode_changed)
        bar.filter_changed.connect(self._ask)
        bar.refresh_requested.connect(self._ask)
        bar.rules_toggled.connect(self.rules_panel.setVisible)
        people.person_chosen.connect(bar.set_person)
        people.person_added.connect(self._verdicts.add_person)
        people.person_renamed.connect(self._verdicts.rename_person)
        self.rules_panel.limits_changed.connect(self._verdicts.set_limits)
        self.empty.remedy_chosen.connect(self._remedy)
        view = self.photo_view
        view.back_requested.connect(lambda: self.run(Command.BACK))
        view.previous_requested.connect(lambda: self.run(Command.PREVIOUS_PHOTO))
        view.next_requested.connect(lambda: self.run(Command.NEXT_PHOTO))
        view.face_chosen.connect(self._face_chosen)
        self.name_field.named.connect(self._assign)
        self.name_field.closed.connect(self._focus_stage)

    # following the library

    def _show_library(self, library: Library | None) -> None:
        thumbnails = None
        if library is not None:
            from facegui.services.thumbnails import Thumbnails

            thumbnails = Thumbnails(library.cache_dir)
        self._overview = None
        self._decided.clear()
        self._pictures.set_source(thumbnails)
        self.photo_view.set_library(library, thumbnails)
        self._asker.set_library(library)
        for sheet in self.sheets.values():
            sheet.set_library(library)
        self._strip.tell("")
        self._strip.show_zoom(self.sheet.picture_px)
        self._stack.setCurrentWidget(self.sheet)
        if library is not None:
            self._asker.ask(read_overview)
            self._ask()

    def _follow(self, change: Change) -> None:
        """Fetch changed rows again; nothing scrolls, and what no longer fits stays."""
        self._decided.clear()
        every = change.limits_changed or not (change.face_ids or change.photo_ids)
        photo_ids = None if every or change.person_ids else change.photo_ids
        self.sheet.follow(photo_ids)
        self._asker.ask_again(lambda: read_overview)
        if self.viewing_photo:
            self.photo_view.refresh()

    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        counts = overview.counts
        self.filter_bar.show_counts(counts)
        self.people_panel.show_people(overview.people, overview.person_counts, counts.kept)
        self.rules_panel.show_limits(overview.limits)
        self.rules_panel.show_counts(counts)
        self._show_stage()

    def _ask(self, keep_id: int | None = None) -> None:
        """Put the filter's question to the library; *keep_id* shall be current then."""
        if self.viewing_photo:
            self._stack.setCurrentWidget(self.sheet)
        if self.mode is Mode.FACES:
            faces = self.filter_bar.face_filter()
            self.sheet.ask(lambda library: library.face_ids(faces), keep_id)
        else:
            photos = self.filter_bar.photo_filter()
            self.sheet.ask(lambda library: library.photo_ids(photos), keep_id)

    def _mode_changed(self) -> None:
        """Show the other sheet, at the same photo."""
        left = self.sheets[Mode.PHOTOS if self.mode is Mode.FACES else Mode.FACES].current_tile()
        keep_id = left.photo_id if left is not None else None
        if isinstance(left, PhotoTile):
            keep_id = left.faces[0].id if left.faces else None
        self._stack.setCurrentWidget(self.sheet)
        self._strip.show_zoom(self.sheet.picture_px)
        self._ask(keep_id)
        self._focus_stage()

    def _zoom(self, side_px: int) -> None:
        self.sheet.set_picture_px(side_px)

    def _show_stage(self) -> None:
        """Show the grid, or why it is empty; leave an open photo alone."""
        self._show_figures()
        self.filter_bar.show_stale(self.sheet.tiles.stale_count)
        if self.viewing_photo or not self.sheet.settled:
            return
        if self.sheet.tiles.rowCount() or self._overview is None:
            self._stack.setCurrentWidget(self.sheet)
        else:
            narrowed = self.filter_bar.narrowed
            self.empty.tell(why_empty(self._overview.counts, self.mode, narrowed=narrowed))
            self._stack.setCurrentWidget(self.empty)

    def _show_figures(self) -> None:
        marked = self.sheet.marked_count()
        self._strip.show_figures(self.mode, self.sheet.tiles.rowCount(), marked)

    def _focus_stage(self) -> None:
        stage = self._stack.currentWidget()
        if stage is not None:
            stage.setFocus()

    def _remedy(self, remedy: Remedy) -> None:
        match remedy:
            case Remedy.IMPORT:
                self.context.import_requested.emit()
            case Remedy.SCAN:
                self.context.scan_requested.emit()
            case Remedy.SHOW_ALL:
                self.people_panel.choose(None)
                self.filter_bar.clear()
            case Remedy.SHOW_PHOTOS:
                self.filter_bar.set_mode(Mode.PHOTOS)

    # keys and steps

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus, number = QApplication.focusWidget(), person_number(event)
        if isinstance(focus, QLineEdit | QAbstractSpinBox):
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._focus_stage()
            return
        command = command_for(event)
        if number is not None and number < len(self.people_panel.people):
            self._assign(self.people_panel.people[number].name)
        elif command is not None:
            self.run(command)
        else:
            super().keyPressEvent(event)

    def run(self, command: Command) -> None:
        """Do what a key or a menu entry asks for."""
        match command:
            case Command.TOGGLE_BOXES:
                self._toggle_boxes()
            case Command.BACK:
                self._back()
            case Command.PREVIOUS_PHOTO | Command.NEXT_PHOTO:
                self._turn_page(1 if command is Command.NEXT_PHOTO else -1)
            case Command.OPEN:
                self._open_photo(self.sheet.currentIndex().row())
            case Command.CONFIRM if self.mode is Mode.PHOTOS and not self.viewing_photo:
                self._open_photo(self.sheet.currentIndex().row())
            case _:
                targets = self._targets()
                if targets is not None:
                    self._judge(command, targets)

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

    def _assign(self, name: str) -> None:
        targets = self._targets()
        if targets is not None:
            self._verdicts.assign(targets, name)
            self._go_on(targets)

    def _targets(self) -> Targets | None:
        """The faces that a step is about now."""
        if self.viewing_photo:
            face = self.photo_view.face
            return Targets(faces=(face.id,)) if face else None
        ids = tuple(self.sheet.target_ids()) if self._stack.currentWidget() is self.sheet else ()
        if not ids:
            return None
        return Targets(faces=ids) if self.mode is Mode.FACES else Targets(photos=ids)

    def _go_on(self, targets: Targets) -> None:
        """Make the next undecided face current; marked tiles stay where the owner is."""
        self._decided.update(targets.faces)
        if self.viewing_photo:
            self.photo_view.go_on(self._decided)
        elif self.mode is Mode.FACES and not self.sheet.marking:
            self.sheet.go_on(self._decided)

    def _open_name_field(self) -> None:
        tile = self.photo_view.face if self.viewing_photo else self.sheet.current_tile()
        offer = ""
        if isinstance(tile, FaceTile):
            offer = tile.person.name if tile.person else tile.offer or ""
        if self.viewing_photo:
            place = self.photo_view.mapTo(self, QPoint(40, 60))
        else:
            below = self.sheet.visualRect(self.sheet.currentIndex()).bottomLeft()
            place = self.sheet.viewport().mapTo(self, below)
        count = 1 if self.viewing_photo else len(self.sheet.selected_rows())
        title = trn("Who is this?", "Who are these {n}?", count)
        self.name_field.open_at(place, title, [p.name for p in self.people_panel.people], offer)

    def _show_menu(self, place: QPoint) -> None:
        if self._targets() is None:
            return
        menu = review_menu(self, self.people_panel.people, self.run, self._assign)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.sheet.viewport().mapToGlobal(place))

    # one photo by itself

    def _open_photo(self, row: int) -> None:
        tile = self.sheet.tiles.tile(row) if row >= 0 else None
        if tile is None:
            return
        self.sheet.go_to(row)
        self._stack.setCurrentWidget(self.photo_view)
        place = tr("{n} of {count}", n=f"{row + 1:,}", count=f"{self.sheet.tiles.rowCount():,}")
        face_id = tile.id if isinstance(tile, FaceTile) else None
        self.photo_view.show_photo(tile.photo_id, face_id, place)

    def _turn_page(self, step: int) -> None:
        """Open the next photo of the grid, past other faces of the same one."""
        if not self.viewing_photo:
            return
        tiles, row = self.sheet.tiles, self.sheet.currentIndex().row() + step
        while 0 <= row < tiles.rowCount():
            tile = tiles.tile(row)
            if tile is not None and tile.photo_id != self.photo_view.photo_id:
                self._open_photo(row)
                return
            row += step

    def _face_chosen(self) -> None:
        """Keep the grid's current face on the one in the photo, for when it comes back."""
        face = self.photo_view.face
        if face is not None and self.mode is Mode.FACES:
            self.sheet.show_id(face.id)

    def _back(self) -> None:
        if self.viewing_photo:
            self._stack.setCurrentWidget(self.sheet)
            self._show_stage()
            self.sheet.setFocus()

    def _toggle_boxes(self) -> None:
        self._boxes_shown = not self._boxes_shown
        self._photo_delegate.boxes_shown = self._boxes_shown
        self.photo_view.show_boxes(shown=self._boxes_shown)
        self.sheets[Mode.PHOTOS].viewport().update()
