"""What a training would learn from, before it does: counts, faces, and what to know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facegui.domain.control import Control
from facegui.domain.dataset import DatasetItem, Split, Subset
from facegui.domain.text import tr, trn
from facegui.gui.context import AppContext
from facegui.gui.lanes import Lane
from facegui.gui.people.cases import Case
from facegui.gui.train.results.faces import FaceGrid
from facegui.services.learning.dataset import PersonShare, Survey
from facegui.services.libraries import Library

_ROLE = Qt.ItemDataRole.UserRole


class DataTab(QWidget):
    """A row for each person; below, the faces of the one chosen and the side each is on.

    Signals:
        review_requested: the owner wants to mend what is there.
    """

    review_requested = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._survey: Survey | None = None
        self._split, self._seed = Split(), 0
        self.warnings = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._make_table()
        self.faces = FaceGrid(context)
        self.sheet = QPushButton(tr("Contact sheet…"))
        self.sheet.setToolTip(tr("All faces of the training set on pages to print"))
        self.sheet.clicked.connect(self._ask_for_sheet)
        self.review = QPushButton(tr("Review faces"))
        self.review.clicked.connect(self.review_requested)
        buttons = QHBoxLayout()
        buttons.addWidget(self.sheet)
        buttons.addWidget(self.review)
        buttons.addStretch(1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.faces)
        parts.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.addWidget(self.warnings)
        column.addWidget(parts, 1)
        column.addLayout(buttons)

    def set_library(self, library: Library | None) -> None:
        """Faces come from *library* from now on."""
        self._survey = None
        self.table.clear()
        self.faces.set_library(library)

    def show_survey(self, survey: Survey, split: Split, seed: int) -> None:
        """Show what a training with *split* and *seed* would use; the person chosen stays so."""
        chosen = self._chosen()
        self._survey, self._split, self._seed = survey, split, seed
        self.warnings.setText("\n".join(f"⚠ {warning}" for warning in survey.warnings))
        self.warnings.setVisible(bool(survey.warnings))
        self.sheet.setEnabled(survey.manifest is not None)
        self.table.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.table.clear()
        for share in survey.people:
            item = _row(share)
            self.table.addTopLevelItem(item)
            if chosen is not None and share.person.id == chosen.person.id:
                self.table.setCurrentItem(item)
        self.table.blockSignals(False)  # noqa: FBT003
        first = self.table.topLevelItem(0)
        if self.table.currentItem() is None and first is not None:
            self.table.setCurrentItem(first)
        else:
            self._show_faces()

    def write_sheet(self, path: Path) -> None:
        """Write the contact sheet to *path* and show it."""
        library, split, seed = self._context.library, self._split, self._seed
        if library is None:
            return
        from facegui.gui.train.contact_sheet import write_contact_sheet

        def job(control: Control) -> object:
            from facegui.services.learning.contact_sheet import sheet_people

            return write_contact_sheet(sheet_people(library, split, seed, control), path)

        task = self._context.lanes.start(job, tr("Contact sheet"), Lane.POOL, visible=True)
        task.done.connect(self._show_sheet)

    def _make_table(self) -> None:
        self.table = QTreeWidget()
        self.table.setAccessibleName(tr("People to learn from"))
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setHeaderLabels(
            [
                tr("Person"),
                tr("Faces"),
                tr("Pictures"),
                tr("Train"),
                tr("Validate"),
                tr("Test"),
                tr("Weight"),
            ]
        )
        header = self.table.headerItem()
        header.setToolTip(2, tr("Different ones: copies count once"))
        header.setToolTip(6, tr("What each face counts for when people are balanced by weights"))
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        self.table.currentItemChanged.connect(self._show_faces)

    def _chosen(self) -> PersonShare | None:
        item = self.table.currentItem()
        share = None if item is None else item.data(0, _ROLE)
        return share if isinstance(share, PersonShare) else None

    def _show_faces(self) -> None:
        """The faces of the person chosen, those to learn from first."""
        share = self._chosen()
        manifest = None if self._survey is None else self._survey.manifest
        if share is None or manifest is None or share.person.name not in manifest.labels:
            self.faces.show_cases(_why_not(share), [])
            return
        label = manifest.labels.index(share.person.name)
        own = [item for item in manifest.items if item.label == label]
        self.faces.show_cases(
            trn("{name}: {n} face", "{name}: {n} faces", len(own), name=share.person.name),
            _cases(own),
        )

    def _ask_for_sheet(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            tr("Contact sheet"),
            "contact-sheet.pdf",
            tr("PDF (*.pdf);;Pictures (*.png *.jpg)"),
        )
        if path:
            self.write_sheet(Path(path))

    def _show_sheet(self, written: object) -> None:
        assert isinstance(written, list)
        first, *more = written
        told = tr("The contact sheet is in {path}.", path=first)
        if more:
            told = trn(
                "The contact sheet is in {path} and {n} more file.",
                "The contact sheet is in {path} and {n} more files.",
                len(more),
                path=first,
            )
        self._context.notice.emit(told, "")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(first)))


def _why_not(share: PersonShare | None) -> str:
    if share is None:
        return ""
    return tr("{name} is not learned: too few different pictures.", name=share.person.name)


def _cases(items: Sequence[DatasetItem]) -> list[Case]:
    words = {
        Subset.TRAIN: tr("train"),
        Subset.VALIDATION: tr("validate"),
        Subset.TEST: tr("test"),
    }
    order = list(Subset)
    ordered = sorted(items, key=lambda item: order.index(item.subset))
    return [Case(item.face_id, Path(item.path).name, words[item.subset], None) for item in ordered]


def _row(share: PersonShare) -> QTreeWidgetItem:
    numbers = (share.faces, share.pictures, share.train, share.validation, share.test)
    weight = f"{share.weight:.2f}" if share.train else "–"
    item = QTreeWidgetItem([share.person.name, *(f"{n:,}" for n in numbers), weight])
    item.setData(0, _ROLE, share)
    for column in range(1, item.columnCount()):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
    return item
