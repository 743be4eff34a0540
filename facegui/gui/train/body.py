"""The Train page's widgets and where they stand; what they do is `page`'s business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.text import tr
from facegui.gui.correct.bar import CorrectionBar
from facegui.gui.theme import icon
from facegui.gui.train.interrupted import InterruptedCard
from facegui.gui.train.people import PeoplePanel
from facegui.gui.train.result import ResultCard, when
from facegui.gui.train.runs import RunsPanel
from facegui.gui.train.settings import NetworkPanel, SettingsPanel
from facegui.gui.train.status import RunStatus
from facegui.services.learning.networks import network_choices
from facegui.services.runs.records import RunRecord

if TYPE_CHECKING:
    from facegui.gui.train.results.tab import ResultsTab  # comes late: it is costly
    from facegui.services.learning.begun import RunBegun

_LEFT_PX = 336
_CHART_MINIMUM_PX = 300
_CHART_LEAST_PX = 240
_FOLD_BELOW_PX = 640
_EMPTY_WIDTH_PX = 460


class TrainBody(QWidget):
    """Left: people, network, settings, the Train button. Right: status, and a tab for each view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: QWidget | None = None
        self.people = PeoplePanel()
        self.networks = NetworkPanel(network_choices())
        self.settings = SettingsPanel(self.networks.choice)
        self.networks.chosen.connect(self.settings.show_choice)
        self.train = QPushButton(tr("Train"))
        self.train.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.train.setMinimumHeight(40)
        self.status = RunStatus()
        self.interrupted = InterruptedCard()
        self.result = ResultCard()
        self.runs = RunsPanel()
        inside = QWidget()
        self._chart_place = QVBoxLayout(inside)
        self._chart_place.setContentsMargins(0, 8, 0, 0)
        self.learning = QScrollArea(widgetResizable=True)  # a small window has no room for all
        self.learning.setFrameShape(QFrame.Shape.NoFrame)
        self.learning.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.learning.setWidget(inside)
        self._chart_place.addWidget(self.result)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.addTab(self.learning, tr("Learning"))
        self.tabs.addTab(self.runs, tr("Runs"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        self._settings = self._left()
        row.addWidget(self._settings)
        row.addLayout(self._right(), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        folded = self.height() < _FOLD_BELOW_PX
        self.result.fold(folded=folded)
        if self._chart is not None:
            self._chart.setMinimumHeight(_CHART_LEAST_PX if folded else _CHART_MINIMUM_PX)

    def place_corrections(self, bar: CorrectionBar) -> None:
        """Say above the tabs what has been corrected."""
        self._news.addWidget(bar)

    def place_chart(self, chart: QWidget) -> None:
        """Put the chart where it belongs; it comes late so that the page opens sooner."""
        self._chart = chart
        chart.setMinimumHeight(_CHART_MINIMUM_PX)
        self._chart_place.addWidget(chart, 1)

    def place_data(self, data: QWidget) -> None:
        """Add the tab of what is learned from, before the others."""
        self.tabs.insertTab(0, data, tr("Data"))

    def place_results(self, results: ResultsTab) -> None:
        """Add the tab of the results, which has the room of settings and status while in front."""
        self.tabs.addTab(results, tr("Results"))

        def make_room() -> None:
            for widget in (self._settings, self.status):
                widget.setVisible(self.tabs.currentWidget() is not results)

        self.tabs.currentChanged.connect(make_room)
        self.result.results_requested.connect(results.choose)
        self.result.results_requested.connect(lambda: self.tabs.setCurrentWidget(results))

    def take_over(self, run: RunRecord | RunBegun) -> None:
        """Choose network, settings and split of *run*."""
        self.networks.choose_network(run.config.network)
        self.settings.show_config(run.config)
        self.settings.show_split(run.split)
        self.settings.seed.setValue(run.config.seed)
        self.status.tell(tr("Set as in the run of {when}; Train begins.", when=when(run.created)))

    def _left(self) -> QWidget:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 8, 0)
        for title, panel in (
            (tr("Who is learned"), self.people),
            (tr("Network"), self.networks),
            (tr("Settings"), self.settings),
        ):
            column.addWidget(_heading(title))
            column.addWidget(panel)
            column.addSpacing(10)
        column.addStretch(1)
        inside = QWidget()
        inside.setLayout(column)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        left = QWidget()
        left.setFixedWidth(_LEFT_PX)
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.train)
        return left

    def _right(self) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.status)
        right.addWidget(self.interrupted)
        self._news = QVBoxLayout()
        right.addLayout(self._news)
        right.addWidget(self.tabs, 1)
        return right


class EmptyTrain(QWidget):
    """Shown while there is nobody to tell apart yet.

    Signals:
        import_requested, review_requested: the two ways on.
    """

    import_requested = Signal()
    review_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = _heading(tr("Two people are needed before a network can learn"))
        title.setWordWrap(True)
        self.found = QLabel(wordWrap=True)
        advice = QLabel(
            tr(
                "Add photos of at least two people, best in a folder for each, named after the "
                "person. Or give the faces that are here a name under Review."
            ),
            wordWrap=True,
        )
        self.add = QPushButton(tr("Add photos…"))
        self.add.setProperty("primary", True)  # noqa: FBT003 - Qt's signature
        self.add.clicked.connect(self.import_requested)
        self.review = QPushButton(icon("review"), tr("Name faces"))
        self.review.clicked.connect(self.review_requested)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.review)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(12)
        for label in (title, self.found, advice):
            column.addWidget(label)
        column.addLayout(buttons)
        holder = QWidget()
        holder.setFixedWidth(_EMPTY_WIDTH_PX)
        holder.setLayout(column)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder)  # without an alignment: it would cut wrapped text off
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addLayout(row)
        page.addStretch(2)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.1)
    label.setFont(font)
    return label
