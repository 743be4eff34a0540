"""Whether there are enough faces of everybody, in words and bars."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from facegui.gui.people.page import PeoplePage
from facegui.gui.people.readiness_view import Row, advice, balance
from facegui.services.libraries import Library
from facegui.services.reviewing.readiness import Gap, Readiness
from tests.gui.conftest import Settle

Key = Qt.Key


def test_everybody_has_a_bar_in_words(page: PeoplePage, settle: Settle) -> None:
    page.choose(page.ready)
    settle()
    assert [row.person.name for row in page.ready.rows] == ["Ann", "Bob"]
    first = page.ready.list.model().index(0, 0).data()
    assert first.startswith("Ann: 5 usable faces · about ")
    assert "turned left" in first
    assert page.ready.balance.text().startswith("Balanced")


def test_a_narrow_window_gives_the_words_more_lines(page: PeoplePage, settle: Settle) -> None:
    page.choose(page.ready)
    settle()
    first = page.ready.list.model().index(0, 0)
    wide = page.ready.list.visualRect(first).height()
    page.resize(480, 500)
    settle()
    assert page.ready.list.visualRect(first).height() > wide


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Readiness(1, 12, 20, 1, (Gap.LEFT, Gap.DARK)),
         "about 8 more, some turned left, some in darker light"),
        (Readiness(1, 12, 20, 1, ()), "about 8 more"),
        (Readiness(1, 30, 20, 1, (Gap.OTHER_DAYS,)),
         "enough; better still with some of another day"),
        (Readiness(1, 30, 20, 1, ()), "enough, and varied"),
    ],
)  # fmt: skip
def test_what_is_missing_in_words(state: Readiness, words: str) -> None:
    assert advice(state) == words


def test_corrections_are_told_of(library: Library) -> None:
    ann = library.people()[0]
    words = Row(ann, Readiness(ann.id, 12, 20, 1, (), corrected=2)).words
    assert words == "12 usable faces, 2 from corrections · about 8 more"
    library.close()


def test_an_uneven_library_says_what_that_does(library: Library) -> None:
    ann, bob = library.people()
    rows = [Row(ann, Readiness(ann.id, 10, 20, 1, ())), Row(bob, Readiness(bob.id, 40, 20, 1, ()))]
    text = balance(rows)
    assert "Ann has 10, Bob has 40" in text
    assert "4.0 times" in text
    library.close()
