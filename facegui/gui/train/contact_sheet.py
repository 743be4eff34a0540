"""Paints the training set on pages: a PDF to print, or a picture for each page. On any thread."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMarginsF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageSize, QPainter, QPdfWriter, QPen

from facegui.domain.dataset import Subset
from facegui.domain.errors import StorageFault
from facegui.domain.text import tr
from facegui.gui.images import to_qimage
from facegui.services.learning.contact_sheet import SheetFace, SheetPerson

DPI = 150
PAGE = QSize(1240, 1754)  # A4
_MARGIN, _COLUMNS, _GAP, _HEAD, _CAPTION = 70, 8, 10, 64, 22
_CELL = (PAGE.width() - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) // _COLUMNS
_FAINT = QColor("#666666")
# Apart in grey as well: the letter says the same.
_SIDES = {Subset.TRAIN: "", Subset.VALIDATION: "V", Subset.TEST: "T"}


class _Paper(Protocol):
    """What pages are painted on."""

    painter: QPainter

    def next_page(self) -> None:
        """Begin another page; the first is there already."""

    def finish(self) -> list[Path]:
        """Close all files, and tell which there are."""

    def give_up(self) -> None:
        """Close and delete all files."""


def write_contact_sheet(people: Iterable[SheetPerson], path: Path) -> list[Path]:
    """Paint *people* on pages of A4: a PDF, or for another suffix a picture for each page.

    Pictures but the first have the number of the page in their name.

    Returns:
        The files that were written.

    Raises:
        StorageFault: one cannot be written.
        DatasetError, Cancelled: as making *people* does; nothing is left behind.
    """
    paper = _Pdf(path) if path.suffix.lower() == ".pdf" else _Pictures(path)
    try:
        sheet = _Sheet(paper)
        for person in people:
            sheet.add(person)
        return paper.finish()
    except BaseException:
        paper.give_up()
        raise


class _Sheet:
    """Where on the page the next thing goes."""

    def __init__(self, paper: _Paper) -> None:
        self._paper = paper
        self._y = _MARGIN
        self._write(
            QRect(_MARGIN, PAGE.height() - _MARGIN + 10, PAGE.width() - 2 * _MARGIN, _CAPTION),
            tr("V: to validate with, T: to test with; all others are learned from"),
            7.0,
            colour=_FAINT,
        )

    def add(self, person: SheetPerson) -> None:
        """A heading and rows of faces, on as many pages as that takes."""
        row = _CELL + _CAPTION
        self._need(_HEAD + row)
        width = PAGE.width() - 2 * _MARGIN
        self._write(QRect(_MARGIN, self._y, width, _HEAD - 12), person.name, 13.0, bold=True)
        counts = tr(
            "{train} to train, {validation} to validate, {test} to test",
            train=person.count(Subset.TRAIN),
            validation=person.count(Subset.VALIDATION),
            test=person.count(Subset.TEST),
        )
        right = Qt.AlignmentFlag.AlignRight
        self._write(QRect(_MARGIN, self._y, width, _HEAD - 12), counts, 8.0, right, colour=_FAINT)
        self._y += _HEAD
        for start in range(0, len(person.faces), _COLUMNS):
            self._need(row)
            for column, face in enumerate(person.faces[start : start + _COLUMNS]):
                self._face(face, _MARGIN + column * (_CELL + _GAP))
            self._y += row + _GAP
        self._y += 2 * _GAP

    def _need(self, height: int) -> None:
        if self._y + height > PAGE.height() - _MARGIN:
            self._paper.next_page()
            self._y = _MARGIN

    def _face(self, face: SheetFace, x: int) -> None:
        place = QRect(x, self._y, _CELL, _CELL)
        painter = self._paper.painter
        if face.image is None:
            painter.setPen(QPen(_FAINT, 1, Qt.PenStyle.DashLine))
            painter.drawRect(place)
            self._write(place, tr("cannot be read"), 6.0, Qt.AlignmentFlag.AlignHCenter)
        else:
            painter.drawImage(place, to_qimage(face.image))
        below = QRect(x, self._y + _CELL, _CELL, _CAPTION)
        self._write(below, Path(face.item.path).name, 6.0, colour=_FAINT)
        if letter := _SIDES[face.item.subset]:
            corner = QRect(place.right() - 21, place.top(), 22, 22)
            painter.fillRect(corner, QColor("white"))
            self._write(corner, letter, 8.0, Qt.AlignmentFlag.AlignHCenter, bold=True)

    def _write(
        self,
        place: QRect,
        text: str,
        points: float,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        bold: bool = False,
        colour: QColor | None = None,
    ) -> None:
        painter = self._paper.painter
        font = QFont()
        font.setPixelSize(round(points * DPI / 72))
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(colour or QColor("black"))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, shown)


class _Pdf:
    """One file of many pages (ISO 32000)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.open("wb").close()
        except OSError as error:
            raise _refusal(path) from error
        self._writer = QPdfWriter(str(path))
        self._writer.setResolution(DPI)
        self._writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        self._writer.setPageMargins(QMarginsF())
        self._writer.setTitle(tr("Contact sheet"))
        self._writer.setCreator("FaceGUI")
        self.painter = QPainter()
        self.painter.begin(self._writer)

    def next_page(self) -> None:
        self._writer.newPage()

    def finish(self) -> list[Path]:
        if not self.painter.end():
            raise _refusal(self._path)
        return [self._path]

    def give_up(self) -> None:
        if self.painter.isActive():
            self.painter.end()
        self._path.unlink(missing_ok=True)


class _Pictures:
    """A picture for each page, in the format that the suffix names."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: list[Path] = []
        self._begin()

    def next_page(self) -> None:
        self._save()
        self._begin()

    def finish(self) -> list[Path]:
        self._save()
        return self._written

    def give_up(self) -> None:
        if self.painter.isActive():
            self.painter.end()
        for path in self._written:
            path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._image = QImage(PAGE, QImage.Format.Format_RGB32)
        self._image.fill(QColor("white"))
        self._image.setDotsPerMeterX(round(DPI / 0.0254))
        self._image.setDotsPerMeterY(round(DPI / 0.0254))
        self.painter = QPainter(self._image)
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)

    def _save(self) -> None:
        self.painter.end()
        number = len(self._written) + 1
        stem = self._path.stem if number == 1 else f"{self._path.stem}-{number}"
        path = self._path.with_name(f"{stem}{self._path.suffix}")
        if not self._image.save(str(path)):
            raise _refusal(path)
        self._written.append(path)


def _refusal(path: Path) -> StorageFault:
    return StorageFault(
        tr("{path} cannot be written.", path=path),
        tr("Choose another folder, and a name that ends in .pdf, .png or .jpg."),
    )
