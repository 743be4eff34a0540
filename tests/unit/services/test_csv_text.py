"""CSV that comes back as it was written, and that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.services.csv_text import csv_text

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_is_neutralised(start: str) -> None:
    assert csv_text([[start + "cmd()"]]) == f"'{start}cmd()\n"


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_everything_else_comes_back(rows: list[tuple[str, str]]) -> None:
    text = csv_text([[f"x{cell}" for cell in row] for row in rows])
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found == [[f"x{cell}" for cell in row] for row in rows]
