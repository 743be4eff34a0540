"""What is taken out of a chart, written."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.errors import StorageFault
from facegui.services.runs.chart_files import write_chart


def test_pictures_as_they_are_and_tables_as_csv(tmp_path: Path) -> None:
    write_chart(tmp_path / "a.png", b"\x89PNG\r\n")
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG\r\n"
    write_chart(tmp_path / "a.csv", [("run", "loss"), ("=this, one", "0.5")])
    assert (tmp_path / "a.csv").read_text() == 'run,loss\n"\'=this, one",0.5\n'


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match=r"a\.png"):
        write_chart(tmp_path / "gone" / "a.png", b"")
