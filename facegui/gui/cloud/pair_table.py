"""The faces of one photo as a table: angles side by side, and how they differ."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from facegui.domain.text import tr
from facegui.gui.cloud.words import angles, says
from facegui.services.cloud.compare import Agreement, FacePair

_ROWS_SHOWN = 3


def pair_table() -> QTableWidget:
    """An empty table, a few rows high."""
    titles = (
        tr("Found by"),
        tr("Overlap"),
        tr("Roll, here / cloud"),
        tr("Pan, here / cloud"),
        tr("Tilt, here / cloud"),
        tr("The cloud says"),
    )
    table = QTableWidget(0, len(titles))
    table.setHorizontalHeaderLabels(titles)
    table.setAccessibleName(tr("Faces of this photo on both sides"))
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    row = table.verticalHeader().defaultSectionSize()
    table.setFixedHeight(row * _ROWS_SHOWN + header.sizeHint().height() + 4)
    return table


def fill(table: QTableWidget, pairs: Sequence[FacePair]) -> None:
    """Show these faces, a row for each."""
    table.clearSelection()
    table.setRowCount(len(pairs))
    for row, pair in enumerate(pairs):
        for column, text in enumerate(_cells(pair)):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)


def _cells(pair: FacePair) -> tuple[str, ...]:
    ours = None if pair.local is None else pair.local.pose
    theirs = None if pair.cloud is None else pair.cloud.pose
    turned = pair.turned or (None, None, None)
    found = tr("both")
    if pair.cloud is None:
        found = tr("this computer")
    elif pair.local is None:
        found = tr("the cloud")
    return (
        found,
        f"{pair.iou:.0%}" if pair.iou else "–",
        *(
            angles(
                None if ours is None else getattr(ours, name),
                None if theirs is None else getattr(theirs, name),
                difference,
            )
            for name, difference in zip(("roll", "pan", "tilt"), turned, strict=True)
        ),
        "–" if pair.cloud is None else says(pair.cloud),
    )


def agreement_words(result: Agreement) -> str:
    """How far the two sides agree, in a sentence or two."""
    words = [
        tr(
            "{photos} photos: {both} faces found by both, {ours} only here, {theirs} only by the "
            "cloud.",
            photos=f"{result.photos:,}",
            both=f"{result.matched:,}",
            ours=f"{result.only_local:,}",
            theirs=f"{result.only_cloud:,}",
        )
    ]
    if result.iou is not None:
        words.append(
            tr(
                "Where both found one, boxes overlap by {iou} and angles differ by {roll}° roll, "
                "{pan}° pan, {tilt}° tilt on average.",
                iou=f"{result.iou:.0%}",
                roll=f"{result.roll:.1f}",
                pan=f"{result.pan:.1f}",
                tilt=f"{result.tilt:.1f}",
            )
        )
    return " ".join(words)
