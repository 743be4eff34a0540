"""An empty library, and one with a few scanned photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.domain.geometry import Box
from facegui.storage import Library
from tests.fakes.proposals import proposal, scanned


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "Test.facegui") as opened:
        yield opened


@pytest.fixture
def filled(library: Library) -> Library:
    """Six photos: five lone faces of Ann, Ann, Bob, Bob and nobody, and a pair in Bob's folder."""
    hints = ["Ann", "Ann", "Bob", "Bob", None, "Bob"]
    files = [(f"/photos/{hint}/{n}.jpg", hint, 10, 20) for n, hint in enumerate(hints)]
    ids = library.add_photos(files).added
    lone = [scanned(i, [proposal(seed=i)]) for i in ids[:5]]
    pair = [proposal(seed=90), proposal(Box(400, 100, 500, 220), seed=91, score=0.8)]
    library.store_scans([*lone, scanned(ids[5], pair)])
    return library
