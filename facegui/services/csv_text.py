"""CSV (RFC 4180) for other programs, whose cells no spreadsheet runs as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from facegui.collect.manifest_csv import FORMULA_STARTS


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """*rows* as CSV, an apostrophe before each cell that a spreadsheet would run as a formula."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [_neutral(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def _neutral(cell: str) -> str:
    """One more apostrophe also where the cell has some of its own, so that it can be taken off."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA_STARTS) else cell
