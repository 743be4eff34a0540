"""Names in files that travel: any script, one line, nothing that disguises it."""

from __future__ import annotations

import pytest

from facegui.domain.names import MOST_CHARACTERS, is_plain_name


@pytest.mark.parametrize(
    "name", ["Ada", "Çelik O'Neil", "김민지", "محمد", "אדה\u200f", "👩‍👩‍👧", "x" * MOST_CHARACTERS]
)
def test_names_of_people(name: str) -> None:
    assert is_plain_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "a\nb", "a\0", "\x1b[31m", "\u202eadA", "\u2066x", "a\u2028b", "\ud800", "x" * 301],
)
def test_what_is_none(name: str) -> None:
    assert not is_plain_name(name)
