"""Reading lists of photos on the web, a line at a time however long the list is.

Two formats, told apart by each line: PubFig's ``person <tab> number <tab> url <tab> x1,y1,x2,y2
<tab> md5`` (http://www.cs.columbia.edu/CAVE/databases/pubfig/), and CSV of ``name,url`` with or
without that heading. Lines that start with ``#`` and empty ones are comments. Text is UTF-8.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from facegui.domain.errors import OwnerError
from facegui.domain.geometry import Box
from facegui.domain.text import tr, trn
from facegui.domain.web_list import BadRow, UrlRow

MAX_LINE_BYTES = 16_384

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HEADING = ["name", "url"]
_PUBFIG_CELLS, _CSV_CELLS = 5, 2
_WHOLE = re.compile(r"[0-9]{1,9}")
_COORDINATE = re.compile(r"-?[0-9]{1,9}")  # a face at the edge may reach beyond it
_MD5 = re.compile(r"[0-9a-f]{32}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_rows(path: Path) -> Iterator[UrlRow | BadRow]:
    """The rows of the list *path* in order; a line that is none comes as a `BadRow`.

    Raises:
        OwnerError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            for line, data in _lines(file):
                try:
                    row = _row(line, data)
                except ValueError as error:
                    yield BadRow(path.name, line, str(error))
                else:
                    if row is not None:
                        yield row
    except OSError as error:
        raise OwnerError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror or error),
            tr("Choose a list of photos: a text file with a person and an address in each line."),
        ) from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; of one that is too long only the start, and one byte too many."""
    line = 0
    while data := file.readline(MAX_LINE_BYTES + 1):
        line += 1
        rest = data
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES)
        yield line, data.removeprefix(_BYTE_ORDER_MARK) if line == 1 else data


def _row(line: int, data: bytes) -> UrlRow | None:
    """The row in a line, None for a comment; ValueError says in words what is wrong with it."""
    if len(data) > MAX_LINE_BYTES:
        raise ValueError(tr("the line is too long"))
    try:
        text = data.decode().strip("\r\n")
    except UnicodeDecodeError as error:
        raise ValueError(tr("the text is not UTF-8")) from error
    if not text.strip() or text.startswith("#"):
        return None
    return _pubfig_row(line, text) if "\t" in text else _csv_row(line, text)


def _columns(cells: Sequence[str], wanted: str) -> str:
    return trn(
        "{n} column instead of {wanted}",
        "{n} columns instead of {wanted}",
        len(cells),
        wanted=wanted,
    )


def _pubfig_row(line: int, text: str) -> UrlRow:
    cells = text.split("\t")
    if len(cells) != _PUBFIG_CELLS:
        raise ValueError(_columns(cells, "person, number, url, rect, md5"))
    person, number, url, rectangle, md5 = (cell.strip() for cell in cells)
    if not _WHOLE.fullmatch(number):
        raise ValueError(tr("“{found}” is not a number", found=_short(number)))
    if not _MD5.fullmatch(md5.lower()):
        raise ValueError(tr("“{found}” is not an MD5 checksum", found=_short(md5)))
    return UrlRow(line, _name(person), _url(url), int(number), _box(rectangle), md5.lower())


def _csv_row(line: int, text: str) -> UrlRow | None:
    try:
        (cells,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError) as error:
        raise ValueError(tr("the quotation marks do not match")) from error
    cells = [cell.strip() for cell in cells]
    if [cell.casefold() for cell in cells] == _HEADING:
        return None
    if len(cells) != _CSV_CELLS:
        raise ValueError(_columns(cells, "name, url"))
    return UrlRow(line, _name(cells[0]), _url(cells[1]))


def _name(text: str) -> str:
    if not text or _CONTROL.search(text):
        raise ValueError(tr("“{found}” is not a name", found=_short(text)))
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = bool(parts.scheme) and not _CONTROL.search(text)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(tr("“{found}” is not an address", found=_short(text)))
    return text


def _box(text: str) -> Box:
    cells = text.split(",")
    if len(cells) != len("xyxy") or not all(_COORDINATE.fullmatch(cell) for cell in cells):
        raise ValueError(tr("“{found}” is not a rectangle x1,y1,x2,y2", found=_short(text)))
    x1, y1, x2, y2 = map(float, cells)
    if x1 >= x2 or y1 >= y2:
        raise ValueError(tr("the rectangle {found} is empty", found=text))
    return Box(x1, y1, x2, y2)


def _short(text: str) -> str:
    most = 60
    return text if len(text) <= most else f"{text[: most - 1]}…"
