"""The journal of downloads: the last word counts, and half a line harms nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facegui.collect.download_journal import DownloadJournal
from facegui.domain.errors import StorageFault
from facegui.domain.web_list import FetchResult, WebPhoto


def photo(url: str, result: FetchResult = FetchResult.DONE, person: str = "Zoë") -> WebPhoto:
    return WebPhoto(person, url, result, "why\nnot", f"photos/{person}/1.jpg")


@pytest.fixture
def journal(tmp_path: Path) -> DownloadJournal:
    return DownloadJournal(tmp_path / "downloads.jsonl")


def test_nothing_is_known_at_first(journal: DownloadJournal) -> None:
    assert journal.read() == {}


def test_the_last_word_counts(journal: DownloadJournal) -> None:
    journal.append([photo("a", FetchResult.BUSY), photo("b")])
    journal.append([photo("a")])
    assert list(journal.read().values()) == [photo("a"), photo("b")]


def test_half_a_line_is_passed_over_and_written_behind(
    journal: DownloadJournal, tmp_path: Path
) -> None:
    journal.append([photo("a"), photo("b")])
    file = tmp_path / "downloads.jsonl"
    whole = file.read_bytes()
    for end in range(len(whole)):
        file.write_bytes(whole[:end])
        before = journal.read()
        assert list(before.values()) == [photo("a"), photo("b")][: len(before)]
        journal.append([photo("c")])
        assert journal.read() == {**before, "c": photo("c")}


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_foreign_bytes_are_passed_over(
    journal: DownloadJournal, tmp_path: Path, junk: bytes
) -> None:
    (tmp_path / "downloads.jsonl").write_bytes(junk)
    journal.append([photo("c")])
    assert journal.read()["c"] == photo("c")


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="downloads"):
        DownloadJournal(tmp_path / "no folder" / "downloads.jsonl").append([photo("a")])
