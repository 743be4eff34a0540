"""What came of a comparison: figures and a list of faces, and the photo as each model sees it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.lanes import Lanes
from facegui.gui.models.both_views import BothViews
from facegui.gui.models.compared_model import FACE, FILE, ONE, OTHER, TRUTH, ComparedModel, Shown
from facegui.gui.models.face_crops import SIDE_PX, FaceCrops
from facegui.gui.models.summary import ComparisonSummary
from facegui.services.recognising.comparing import Comparison

_SIZES_PX = (740, 380)
_WIDTHS_PX = {FACE: SIDE_PX + 12, TRUTH: 110, FILE: 80}


class ComparedView(QSplitter):
    """At the left what was found, at the right the photo of the face that is chosen."""

    def __init__(self, lanes: Lanes) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._found: Comparison | None = None
        self.crops = FaceCrops(lanes, self)
        self.model = ComparedModel(self.crops)
        self.summary = ComparisonSummary()
        self.filter = QComboBox()
        self.filter.setAccessibleName(tr("Which faces are listed"))
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.filter.activated.connect(self._filter_chosen)
        self._wish: Shown | None = None
        self.table = self._make_table()
        self.both = BothViews(lanes)
        self._assemble()

    def show_comparison(self, found: Comparison, one: str, other: str) -> None:
        """Show *found*, of the models called *one* and *other*."""
        self._found = found
        self.summary.show_comparison(found)
        self.both.name(one, other)
        self.model.show(found.faces, Shown.ALL)
        self._offer_filters(known=any(face.truth is not None for face in found.faces))
        self._list()

    def stop(self) -> None:
        """Load no more pictures."""
        self.crops.stop()
        self.both.stop()

    def _offer_filters(self, *, known: bool) -> None:
        """What can be listed, with how many there are; what the owner chose stays chosen."""
        offered = {Shown.DIFFERENT: tr("Only where they differ"), Shown.ALL: tr("All faces")}
        if known:
            offered |= {
                Shown.ONLY_ONE: tr("Only A is right"),
                Shown.ONLY_OTHER: tr("Only B is right"),
                Shown.BOTH_WRONG: tr("Both are wrong"),
            }
        self.filter.clear()
        for shown, title in offered.items():
            self.filter.addItem(f"{title} ({self.model.count(shown):,})", shown)
        first = Shown.DIFFERENT if self.model.count(Shown.DIFFERENT) else Shown.ALL
        wanted = self._wish if self._wish in offered else first
        self.filter.setCurrentIndex(self.filter.findData(wanted))

    def _filter_chosen(self) -> None:
        self._wish = self.filter.currentData()
        self._list()

    def _list(self) -> None:
        if self._found is None:
            return
        self.model.show(self._found.faces, self.filter.currentData())
        some = bool(self.model.faces)
        self.none.setVisible(not some and bool(self._found.faces))
        if some:
            self.table.setCurrentIndex(self.model.index(0, TRUTH))
        else:
            self.both.clear()

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            face = self.model.faces[current.row()]
            self.both.show_face(face, self.model.of_photo(face.path))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("Compared faces"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setIconSize(QSize(SIDE_PX, SIDE_PX))
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(SIDE_PX + 6)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS_PX.items():
            table.setColumnWidth(column, width)
        for column in (ONE, OTHER):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().currentChanged.connect(self._chosen)
        return table

    def _assemble(self) -> None:
        self.none = QLabel(tr("There is no such face."))
        self.none.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.none.hide()
        filters = QHBoxLayout()
        filters.addWidget(QLabel(tr("Show")))
        filters.addWidget(self.filter)
        filters.addWidget(self.none)
        filters.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        column.addWidget(self.summary)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        self.addWidget(left)
        self.addWidget(self.both)
        self.setStretchFactor(0, 1)
        self.setSizes(list(_SIZES_PX))
