"""``path,name,label`` as CSV (RFC 4180): the classic list of photos, one row each.

The label is the person's number; it may be left out. A header, semicolons or tabs, and a byte
order mark are understood. An apostrophe that keeps a spreadsheet from running a cell as a formula
is taken off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from facegui.collect.foreign import person_name
from facegui.collect.manifest import ListedPhoto, Manifest, Problem, Unusable, listed_photo, merged
from facegui.domain.text import tr, trn

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet runs."""

_HEADERS = frozenset({"path", "file", "filename", "file_name", "image", "photo"})
_DELIMITERS = ",;\t"
_START_CHARACTERS = 10_000
_COLUMNS = (2, 3)  # path, name, and perhaps the label


def read_csv(data: bytes, path: Path) -> Manifest:
    """The list in *data*; *path* is where it came from, and where relative paths start."""
    labels = _Labels()
    photos: list[ListedPhoto] = []
    problems: list[Problem] = []
    first_name: dict[str, tuple[str, int]] = {}
    for line, row in _rows(_decoded(data)):
        try:
            if isinstance(row, csv.Error):
                raise Unusable(tr("not CSV: {why}", why=row))  # noqa: TRY301 - one way to report
            photo = _photo(row, path.parent, labels, line)
            name, before = first_name.setdefault(photo.path, (str(photo.person), line))
            if name != photo.person:
                _refuse_second(name, before, str(photo.person))
            photos.append(photo)
        except Unusable as why:
            problems.append(Problem(tr("{path}, line {line}", path=path.name, line=line), str(why)))
    return Manifest(merged(photos), tuple(problems))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # "Unicode text", as Excel calls it
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def _rows(text: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Rows with the line they begin on; blank ones and the header are left out."""
    start = text.lstrip()[:_START_CHARACTERS].partition("\n")[0]
    delimiter = max(_DELIMITERS, key=start.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = True
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        header = first and row and row[0].strip().casefold() in _HEADERS
        first = first and not row
        if not header and any(cell.strip() for cell in row):
            yield line, row


def _photo(row: Sequence[str], folder: Path, labels: _Labels, line: int) -> ListedPhoto:
    cells = [_plain(cell) for cell in row]
    if len(cells) not in _COLUMNS:
        raise Unusable(
            trn(
                "{n} column instead of three: path, name, label",
                "{n} columns instead of three: path, name, label",
                len(cells),
            )
            + (
                tr("; put a cell that holds a comma in quotes")
                if len(cells) > max(_COLUMNS)
                else ""
            )
        )
    if cells[1].startswith(("http://", "https://")):
        raise Unusable(tr("this is a list of addresses; fetch it as a web list"))
    name = person_name(cells[1])
    if name is None:
        raise Unusable(tr("there is no name, or it is damaged"))
    if len(cells) == max(_COLUMNS) and cells[2].strip():
        labels.check(name, cells[2].strip(), line)
    return listed_photo(cells[0], folder, name)


def _refuse_second(name: str, line: int, other: str) -> None:
    raise Unusable(
        tr(
            "the photo is {name}'s in line {line}, and cannot be {other}'s too; "
            "a list with boxes (COCO) can tell several people apart",
            name=name,
            line=line,
            other=other,
        )
    )


def _plain(cell: str) -> str:
    """*cell* without the apostrophe that an export put before a formula's first character."""
    guarded = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    return cell[1:] if guarded else cell


class _Labels:
    """One number for each name, and one name for each number."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[int, int]] = {}
        self._name_of: dict[int, tuple[str, int]] = {}

    def check(self, name: str, written: str, line: int) -> None:
        if not (written.isascii() and written.isdigit() and len(written) <= 9):  # noqa: PLR2004
            raise Unusable(tr("the label {label} is not a whole number from 0", label=written))
        number = int(written)
        label, label_line = self._of.setdefault(name, (number, line))
        owner, owner_line = self._name_of.setdefault(number, (name, line))
        if label != number:
            raise Unusable(
                tr(
                    "{name} has the label {label}, but {before} in line {line}",
                    name=name,
                    label=number,
                    before=label,
                    line=label_line,
                )
            )
        if owner != name:
            raise Unusable(
                tr(
                    "the label {label} is {name}'s, but {owner}'s in line {line}",
                    label=number,
                    name=name,
                    owner=owner,
                    line=owner_line,
                )
            )
