"""Writes what the owner takes out of a chart: pictures as they are, tables as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facegui.files import write_atomic
from facegui.services.csv_text import csv_text


def write_chart(path: Path, content: bytes | Sequence[Sequence[str]]) -> None:
    """Write a picture's bytes, or a table's rows, to *path*, replacing what is there.

    Raises:
        StorageFault: the disk refuses.
    """
    write_atomic(path, content if isinstance(content, bytes) else csv_text(content).encode())
