"""Which faces or photos are shown: what kind, which state, in what order, found by what word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.entities import FaceState
from facegui.domain.queries import FaceFilter, FaceGroup, PhotoFilter
from facegui.domain.rules import Rule
from facegui.domain.text import tr
from facegui.gui.flow import FlowLayout
from facegui.gui.review.filters import Chip, Mode, chips, groups, orders
from facegui.gui.rules.words import rule_word
from facegui.gui.theme import icon

_SEARCH_DELAY_MS = 250
_GAP_PX = 8
_STYLE = """
QPushButton[chip="true"] { padding: 3px 11px; border-radius: 11px; }
QToolButton[switch="true"] { padding: 5px 12px; border: 1px solid palette(mid); border-radius: 6px;
                             background: palette(button); }
QToolButton[menu="true"] { padding: 3px 24px 3px 11px; border-radius: 11px; }
QToolButton::menu-indicator { subcontrol-origin: padding; subcontrol-position: right center;
                              right: 8px; }
QToolButton[switch="true"]:hover { border-color: palette(dark); }
QPushButton[chip="true"]:checked, QToolButton[switch="true"]:checked {
    background: palette(highlight); color: palette(highlighted-text);
    border-color: palette(highlight); }
QPushButton[chip="true"]:focus, QToolButton[switch="true"]:focus {
    border: 2px solid palette(window-text); }
"""


class FilterBar(QWidget):
    """The switch, the chips, the order and the search field above the grid.

    Signals:
        mode_changed: faces or photos are shown now.
        filter_changed: another set or order is asked for.
        rules_requested: to where the rules' limits are moved.
    """

    mode_changed = Signal()
    filter_changed = Signal()
    rules_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = Mode.FACES
        self._person_id: int | None = None
        self._descending = {Mode.FACES: False, Mode.PHOTOS: False}
        self._chips: list[tuple[Chip, QPushButton]] = []
        upper, self._lower = QHBoxLayout(), FlowLayout(_GAP_PX)
        for widget in (*self._switch(), self._search_field()):
            upper.addWidget(widget)
        upper.addStretch(1)
        self._group = self._group_box()
        for widget in (self._group, self._order_box(), self._direction_button()):
            upper.addWidget(widget)
        self._reasons = self._reason_box()
        for widget in (self._reasons, self._why_button()):
            self._lower.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(_GAP_PX)
        column.addLayout(upper)
        column.addLayout(self._lower)
        self.setStyleSheet(_STYLE)
        self._set_mode(Mode.FACES)
        self.show_reasons({})

    # what is asked for

    def face_filter(self) -> FaceFilter:
        """The question for the grid of faces."""
        chip = self._chosen()
        return FaceFilter(
            person_id=self._person_id,
            named=chip.named,
            states=chip.states,
            decisions=chip.decisions,
            conflict=chip.conflict,
            failing=self._reasons.currentData() if self._reasons.isVisibleTo(self) else None,
            search=self._search.text().strip(),
            order=self._order.currentData(),
            descending=self._descending[self.mode],
        )

    def list_filter(self) -> FaceFilter:
        """The same without the chip: what the chips choose from."""
        return FaceFilter(person_id=self._person_id, search=self._search.text().strip())

    @property
    def group(self) -> FaceGroup | None:
        """What faces shall stand together by, if by anything."""
        found: FaceGroup | None = self._group.currentData()
        return found

    def photo_filter(self) -> PhotoFilter:
        """The question for the grid of photos."""
        return PhotoFilter(
            statuses=self._chosen().statuses,
            person_id=self._person_id,
            search=self._search.text().strip(),
            order=self._order.currentData(),
            descending=self._descending[self.mode],
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but everything is asked for."""
        return bool(self._chips and not self._chips[0][1].isChecked()) or bool(
            self._search.text().strip() or self._person_id is not None
        )

    def set_mode(self, mode: Mode) -> None:
        """Show *mode* and tell of it."""
        if mode is not self.mode:
            self._set_mode(mode)
            self.mode_changed.emit()

    def set_person(self, person_id: int | None) -> None:
        """Only this person's faces or photos; everybody's for None."""
        if person_id != self._person_id:
            self._person_id = person_id
            self.filter_changed.emit()

    def choose_rule(self, rule: Rule) -> None:
        """Ask for the faces that *rule* rejects."""
        self.set_mode(Mode.FACES)
        next(b for chip, b in self._chips if chip.states == (FaceState.REJECTED,)).setChecked(True)
        with QSignalBlocker(self._reasons):
            self._reasons.setCurrentIndex(self._reasons.findData(rule))
        self._chip_chosen()

    def clear(self) -> None:
        """Ask for everything."""
        with QSignalBlocker(self._search):
            self._search.clear()
        self._person_id = None
        self._chips[0][1].setChecked(True)
        self._chip_chosen()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus()
        self._search.selectAll()

    # what there is

    def show_counts(self, counts: Sequence[int]) -> None:
        """Write on every chip how many it would let through."""
        for (chip, button), n in zip(self._chips, counts, strict=True):
            button.setText(f"{chip.text}  {n:,}")

    def show_reasons(self, reasons: Mapping[Rule, int]) -> None:
        """Say why faces are missing: how many *reasons* has for each rule, most first."""
        for row in range(1, self._reasons.count()):
            rule = self._reasons.itemData(row)
            self._reasons.setItemText(row, f"{rule_word(rule)}  {reasons.get(rule, 0):,}")
        menu = self._why.menu()
        menu.clear()
        for rule in sorted(reasons, key=reasons.__getitem__, reverse=True):
            action = menu.addAction(f"{rule_word(rule)}\t{reasons[rule]:,}")
            action.triggered.connect(lambda _on=False, rule=rule: self.choose_rule(rule))
        if not reasons:
            menu.addAction(tr("No rule rejects a face")).setEnabled(False)
        menu.addSeparator()
        limits = menu.addAction(icon("rules", 16), tr("Move the limits…"))
        limits.triggered.connect(lambda _on=False: self.rules_requested.emit())

    # making

    def _switch(self) -> list[QToolButton]:
        group = QButtonGroup(self)
        buttons = []
        for mode, text, name in (
            (Mode.FACES, tr("Faces"), "face"),
            (Mode.PHOTOS, tr("Photos"), "photos"),
        ):
            button = _tool_button(text, name)
            button.clicked.connect(lambda _on=False, mode=mode: self.set_mode(mode))
            group.addButton(button)
            buttons.append(button)
        self._switch_buttons = dict(zip(Mode, buttons, strict=True))
        return buttons

    def _search_field(self) -> QLineEdit:
        self._search = QLineEdit(clearButtonEnabled=True)
        self._search.setPlaceholderText(tr("Name or file"))
        self._search.setAccessibleName(tr("Search"))
        self._search.setMinimumWidth(110)
        self._search.setMaximumWidth(260)
        loupe = QAction(icon("search", 14), "", self._search)
        self._search.addAction(loupe, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_DELAY_MS)
        self._pause.timeout.connect(self.filter_changed)
        self._search.textChanged.connect(self._pause.start)
        return self._search

    def _order_box(self) -> QComboBox:
        self._order = QComboBox()
        self._order.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._order.setAccessibleName(tr("Sort by"))
        self._order.setToolTip(tr("Sort by"))
        self._order.currentIndexChanged.connect(self.filter_changed)
        return self._order

    def _group_box(self) -> QComboBox:
        box = QComboBox()
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setAccessibleName(tr("Group faces"))
        box.setToolTip(tr("Faces that belong together stand below one heading"))
        for text, group in groups():
            box.addItem(text, group)
        box.currentIndexChanged.connect(self.filter_changed)
        return box

    def _direction_button(self) -> QToolButton:
        self._direction = QToolButton()
        self._direction.setAutoRaise(True)
        self._direction.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._direction.setToolTip(tr("Turn the order round"))
        self._direction.clicked.connect(self._turn_order)
        return self._direction

    def _why_button(self) -> QToolButton:
        self._why = QToolButton()
        self._why.setText(tr("Why are faces missing?"))
        for name in ("switch", "menu"):
            self._why.setProperty(name, True)  # noqa: FBT003 - a Qt property, not an argument
        self._why.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._why.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._why.setMenu(QMenu(self._why))
        return self._why

    def _reason_box(self) -> QComboBox:
        box = QComboBox()
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setAccessibleName(tr("Reason"))
        box.addItem(tr("For any reason"), None)
        for rule in Rule:
            box.addItem(rule_word(rule), rule)
        box.currentIndexChanged.connect(self.filter_changed)
        return box

    # reacting

    def _set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self._switch_buttons[mode].setChecked(True)
        with QSignalBlocker(self._order):
            self._order.clear()
            for text, order in orders(mode):
                self._order.addItem(text, order)
        self._group.setVisible(mode is Mode.FACES)
        self._show_direction()
        self._make_chips()

    def _make_chips(self) -> None:
        for _, button in self._chips:
            self._lower.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._chips = []
        group = QButtonGroup(self)
        for place, chip in enumerate(chips(self.mode)):
            button = QPushButton(chip.text)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("chip", True)  # noqa: FBT003 - a Qt property, not an argument
            button.clicked.connect(self._chip_chosen)
            group.addButton(button)
            self._lower.insertWidget(place, button)
            self._chips.append((chip, button))
        self._chips[0][1].setChecked(True)
        self._show_reasons()

    def _chosen(self) -> Chip:
        return next(chip for chip, button in self._chips if button.isChecked())

    def _chip_chosen(self) -> None:
        self._show_reasons()
        self.filter_changed.emit()

    def _show_reasons(self) -> None:
        rejected = self._chosen().states == (FaceState.REJECTED,)
        self._reasons.setVisible(rejected)
        self._why.setVisible(not rejected)  # it asks what the box answers

    def _turn_order(self) -> None:
        self._descending[self.mode] = not self._descending[self.mode]
        self._show_direction()
        self.filter_changed.emit()

    def _show_direction(self) -> None:
        down = self._descending[self.mode]
        self._direction.setIcon(icon("sort-down" if down else "sort-up", 16))
        self._direction.setAccessibleName(tr("Largest first") if down else tr("Smallest first"))


def _tool_button(text: str, icon_name: str) -> QToolButton:
    """A button that stays pressed, and leaves the keys to the grid when it is clicked."""
    button = QToolButton()
    button.setText(text)
    button.setIcon(icon(icon_name, 16))
    button.setCheckable(True)
    button.setProperty("switch", True)  # noqa: FBT003 - a Qt property, not an argument
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
