"""Who was seen when: visits begin, go on, end, are read again and deleted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from facegui.domain.errors import StorageFault
from facegui.domain.recognition import Identity
from facegui.services.recognising.live_watch import LiveFrame, SeenFace
from facegui.services.recognising.seen_log import (
    COLUMNS,
    CROPS_NAME,
    FILE_NAME,
    GAP_S,
    SeenLog,
    delete_log,
    read_log,
)
from facegui.services.recognising.votes import Standing
from tests.fakes.faces import picture, square
from tests.fakes.videos import RED


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def face(name: str | None, *, stranger: int | None = None, doubted: bool = False) -> SeenFace:
    at = square(20, 30)
    identity = Identity(name, name or "Ann", 0.9, {}, 0.9, 0.4)
    return SeenFace(
        at.box, at.landmarks, 0.9, 1, identity, stranger, Standing(identity), doubted=doubted
    )


def frame(*faces: SeenFace) -> LiveFrame:
    return LiveFrame(picture((20, 30, RED)), faces, 0.0, 30.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[SeenLog]:
    log = SeenLog(tmp_path, clock)
    yield log
    log.close()


def rows(folder: Path) -> list[list[str]]:
    with (folder / FILE_NAME).open(newline="") as file:
        return list(csv.reader(file))


def test_a_visit_lasts_from_the_first_to_the_last_time_seen(
    log: SeenLog, clock: Clock, tmp_path: Path
) -> None:
    log.see(frame(face("Ann")))
    clock.later(5)
    log.see(frame(face("Ann")))
    [visit] = log.visits()
    assert not visit.ended
    clock.later(GAP_S + 1)
    log.see(frame())
    [visit] = log.visits()
    assert visit.ended
    assert (visit.until - visit.since).total_seconds() == 5
    log.close()
    header, row = rows(tmp_path)
    assert tuple(header) == COLUMNS
    assert row[:3] == ["Ann", "2026-11-23T12:00:00+00:00", "2026-11-23T12:00:05+00:00"]
    assert (tmp_path / row[3]).is_file()


def test_a_short_absence_does_not_end_a_visit_and_a_long_one_begins_another(
    log: SeenLog, clock: Clock
) -> None:
    for pause in (1, GAP_S - 1, GAP_S + 1):
        log.see(frame(face("Ann")))
        clock.later(pause)
        log.see(frame())
    log.see(frame(face("Ann")))
    assert len(log.visits()) == 2


def test_strangers_are_taken_down_by_number_and_doubtful_faces_not_at_all(log: SeenLog) -> None:
    log.see(frame(face(None, stranger=3), face(None), face("Ann", doubted=True)))
    assert [visit.person for visit in log.visits()] == ["Unknown 3"]


def test_the_log_is_read_again_and_goes_on(tmp_path: Path, clock: Clock) -> None:
    for name in ("Ann", "=Bob()"):
        log = SeenLog(tmp_path, clock)
        log.see(frame(face(name)))
        log.close()
    again = SeenLog(tmp_path, clock)
    again.close()
    assert [visit.person for visit in again.visits()][1] == "Ann"
    assert all(visit.crop is not None for visit in again.visits())
    assert len(rows(tmp_path)) == 3
    assert rows(tmp_path)[2][0] == "'=Bob()"  # no spreadsheet runs it


def test_lines_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(
        "person,from,until,picture\nAnn,yesterday,today,x\nBob\n"
        "Cy,2026-11-23T12:00:00+00:00,2026-11-23T12:00:05+00:00,../../outside.jpg\n"
    )
    [visit] = read_log(tmp_path)
    assert (visit.person, visit.crop) == ("Cy", None)
    assert read_log(tmp_path / "nowhere") == []


def test_deleting_removes_the_log_and_nothing_else(
    log: SeenLog, clock: Clock, tmp_path: Path
) -> None:
    log.see(frame(face("Ann")))
    clock.later(GAP_S + 1)
    log.see(frame())
    (tmp_path / "mine.txt").write_text("stays")
    log.delete()
    log.close()
    assert log.visits() == ()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    delete_log(tmp_path)  # nothing there: nothing happens


def test_a_file_of_the_owner_among_the_pictures_stays(tmp_path: Path) -> None:
    (tmp_path / CROPS_NAME).mkdir()
    (tmp_path / CROPS_NAME / "mine.jpg").write_bytes(b"x")
    delete_log(tmp_path)
    assert (tmp_path / CROPS_NAME / "mine.jpg").exists()


def test_what_cannot_be_written_is_told(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "folder").write_text("in the way")
    log = SeenLog(tmp_path / "folder", clock)
    log.see(frame(face("Ann")))
    log.close()
    assert isinstance(log.failure, StorageFault)
    log.see(frame(face("Ann")))  # a frame that was on its way: nothing happens
