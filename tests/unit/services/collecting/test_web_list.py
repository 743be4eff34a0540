"""Downloading lists into a library: caps, resuming, quarantine, regions, and what is known."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from facegui.collect.download import Limits
from facegui.collect.folders import walk
from facegui.domain.control import NullControl
from facegui.domain.entities import PhotoStatus, Region, RegionSource
from facegui.domain.errors import LibraryError, OwnerError
from facegui.domain.geometry import Box
from facegui.domain.web_list import FetchResult
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.collecting.web_list import (
    ALLOWED_KEY,
    DownloadNews,
    DownloadReport,
    DownloadRequest,
    download_list,
    last_request,
)
from facegui.services.collecting.web_list_survey import PersonUrls, export_failures, survey_lists
from facegui.services.libraries import Library, create_library, open_library
from tests.fakes.control import RecordingControl
from tests.fakes.photo_server import OWN_ADDRESS, PhotoServer, jpeg, photo_server

ROOT = Path(__file__).parents[3]
LIMITS = Limits(backoff_s=0.01, give_up_after=1000, per_host=8, silence_s=20.0)


@pytest.fixture
def server() -> Iterator[PhotoServer]:
    with photo_server() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with create_library(tmp_path / "Mine.facegui") as made:
        made.set_setting(ALLOWED_KEY, [OWN_ADDRESS])
        yield made


class Lists:
    """Writes list files."""

    def __init__(self, folder: Path, server: PhotoServer) -> None:
        self._folder = folder
        self._server = server

    def pubfig(self, *rows: tuple[str, str, str], name: str = "list.txt") -> Path:
        """Rows of person, path on the server, and MD5."""
        file = self._folder / name
        lines = [
            f"{person}\t{n}\t{self._server.url}{path}\t10,20,30,40\t{md5}"
            for n, (person, path, md5) in enumerate(rows)
        ]
        file.write_text("# a list\n" + "\n".join(lines))
        return file

    def csv(self, *rows: tuple[str, str], name: str = "list.csv") -> Path:
        """Rows of person and path on the server."""
        file = self._folder / name
        file.write_text("\n".join(f"{person},{self._server.url}{path}" for person, path in rows))
        return file


@pytest.fixture
def lists(tmp_path: Path, server: PhotoServer) -> Lists:
    return Lists(tmp_path, server)


def md5(seed: int) -> str:
    return hashlib.md5(jpeg(seed)).hexdigest()


def download(library: Library, *lists: Path, **asked: object) -> DownloadReport:
    request = DownloadRequest(lists, limits=LIMITS, **asked)  # type: ignore[arg-type]
    return download_list(library, request, NullControl())


def photo_files(library: Library) -> list[str]:
    return sorted(f.relative_to(library.path).as_posix() for f in library.photos_dir.rglob("*.*"))


def test_photos_come_into_folders_by_person_and_into_the_library(
    library: Library, lists: Lists
) -> None:
    listing = lists.pubfig(("Ann Bee", "photo/1", md5(1)), ("../Zoë", "photo/2", md5(2)))
    report = download(library, listing)
    assert report.results == {FetchResult.DONE: 2}
    assert (report.failures, report.known, report.stopped) == ((), 0, False)
    photos = library.photos(library.photo_ids())
    assert {photo.id for photo in photos} == set(report.added_ids)
    by_hint = {photo.person_hint: photo for photo in photos}
    assert set(by_hint) == {"Ann Bee", "../Zoë"}
    for photo, seed in ((by_hint["Ann Bee"], 1), (by_hint["../Zoë"], 2)):
        assert Path(photo.path).read_bytes() == jpeg(seed)
        assert Path(photo.path).is_relative_to(library.photos_dir)
        assert photo.status is PhotoStatus.PENDING
        region = Region(Box(10, 20, 30, 40), photo.person_hint, RegionSource.LIST)
        assert library.regions([photo.id]) == {photo.id: (region,)}
    assert not list(library.cache_dir.glob("downloads"))


def test_a_second_download_asks_nobody(library: Library, lists: Lists, server: PhotoServer) -> None:
    listing = lists.csv(("Ann", "photo/1"), ("Ann", "404"), ("Ben", "photo/2"))
    download(library, listing)
    asked = server.asked.total()
    report = download(library, listing)
    assert server.asked.total() == asked == 3
    assert (report.results, report.known) == ({}, 2)
    assert [photo.result for photo in survey_lists(library, (listing,)).failures] == [
        FetchResult.GONE
    ]


def test_what_may_have_passed_is_tried_again_and_the_rest_when_asked(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    listing = lists.csv(("Ann", "503"), ("Ann", "404"))
    download(library, listing)
    assert (server.asked["/503"], server.asked["/404"]) == (3, 1)
    download(library, listing)
    assert (server.asked["/503"], server.asked["/404"]) == (6, 1)
    download(library, listing, again=frozenset())
    assert (server.asked["/503"], server.asked["/404"]) == (6, 1)
    download(library, listing, again=frozenset({FetchResult.GONE}))
    assert (server.asked["/503"], server.asked["/404"]) == (6, 2)
    assert len(survey_lists(library, (listing,)).failures) == 2


def test_the_wrong_picture_is_quarantined_and_not_used(library: Library, lists: Lists) -> None:
    listing = lists.pubfig(("Ann", "photo/1", md5(1)), ("Ann", "photo/2", md5(99)))
    report = download(library, listing)
    (wrong,) = report.failures
    assert wrong.result is FetchResult.QUARANTINED
    assert (library.path / wrong.file).read_bytes() == jpeg(2)
    assert wrong.file.startswith("quarantine/Ann/")
    assert library.counts().photos == 1
    assert len(photo_files(library)) == 1
    assert survey_lists(library, (listing,)).people == (PersonUrls("Ann", 2, 1, 1),)


def test_only_the_chosen_people_and_no_more_than_the_cap(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    rows = [(name, f"photo/{10 * n + i}") for n, name in enumerate("ABC") for i in range(6)]
    listing = lists.csv(*rows)
    download(library, listing, people=frozenset("AC"), cap=2)
    hints = sorted(str(photo.person_hint) for photo in library.photos(library.photo_ids()))
    assert hints == ["A", "A", "C", "C"]
    assert server.asked.total() == 4
    download(library, listing, cap=3)
    assert library.counts().photos == 9
    assert server.asked.total() == 9


def test_failures_are_made_up_for_within_the_cap(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    listing = lists.csv(
        ("A", "404"), ("A", "410"), ("A", "photo/1"), ("A", "photo/2"), ("A", "photo/3")
    )
    report = download(library, listing, cap=2)
    assert report.results == {FetchResult.GONE: 2, FetchResult.DONE: 2}
    assert server.asked["/photo/3"] == 0


def test_one_photo_of_two_people_is_fetched_once_and_shows_both(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    listing = lists.pubfig(("Ann", "photo/1", md5(1)), ("Ben", "photo/1", md5(1)))
    download(library, listing)
    (photo_id,) = library.photo_ids()
    names = [region.name for region in library.regions([photo_id])[photo_id]]
    assert sorted(map(str, names)) == ["Ann", "Ben"]
    assert server.asked.total() == 1


def test_a_person_who_is_wanted_later_is_added_to_the_photo_that_is_there(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    listing = lists.pubfig(("Ann", "photo/1", md5(1)), ("Ben", "photo/1", md5(1)))
    download(library, listing, people=frozenset({"Ann"}))
    (photo_id,) = library.photo_ids()
    for _ in range(2):
        download(library, listing, people=frozenset({"Ben"}))
        regions = library.regions([photo_id])[photo_id]
        assert [region.name for region in regions] == ["Ann", "Ben"]
    assert server.asked.total() == 1
    Path(library.photos([photo_id])[0].path).unlink()
    download(library, listing)  # the owner took it away: so be it
    assert server.asked.total() == 1


def test_malformed_rows_are_reported_and_the_others_fetched(
    library: Library, lists: Lists, tmp_path: Path
) -> None:
    listing = lists.csv(("Ann", "photo/1"))
    listing.write_text("nonsense\n" + listing.read_text() + "\nAnn\t1\n")
    report = download(library, listing)
    assert [(row.list_name, row.line) for row in report.bad_rows] == [
        ("list.csv", 1),
        ("list.csv", 3),
    ]
    assert report.bad_count == 2
    assert report.results == {FetchResult.DONE: 1}


def test_stop_keeps_what_has_come_and_a_resume_fetches_the_rest(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    server.pause_s = 0.05
    listing = lists.csv(*[("Ann", f"photo/{n}") for n in range(40)])
    control = RecordingControl(lambda seen: bool(seen.partials))
    request = DownloadRequest((listing,), limits=LIMITS)
    report = download_list(library, request, control)
    assert report.stopped
    kept = report.results[FetchResult.DONE]
    assert 0 < kept < 40
    news = [part for part in control.partials if isinstance(part, DownloadNews)]
    assert sum(len(part.photos) for part in news) == kept
    assert tuple(i for part in news for i in part.added_ids) == report.added_ids
    assert control.progress[-1].total == 40

    server.pause_s = 0
    rest = download(library, listing)
    assert (rest.known, rest.results) == (kept, {FetchResult.DONE: 40 - kept})
    assert library.counts().photos == len(photo_files(library)) == 40


def test_a_photo_that_came_before_it_could_be_noted_is_not_fetched_again(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    listing = lists.csv(("Ann", "photo/1"))
    download(library, listing)
    (library.path / "downloads.jsonl").unlink()
    report = download(library, listing)
    assert report.results == {FetchResult.DONE: 1}
    assert server.asked.total() == 1
    assert library.counts().photos == 1


def test_a_photo_that_its_own_library_holds_does_not_confuse_an_import(
    library: Library, lists: Lists, tmp_path: Path
) -> None:
    download(library, lists.csv(("Ann", "photo/1")))
    found = [entry.path for entry in walk(tmp_path)]
    assert found
    assert not any(path.startswith(str(library.path)) for path in found)
    request = ImportRequest((library.photos_dir,))
    report = import_photos(library, request, NullControl())
    assert (report.added_ids, report.known) == ((), 1)


def test_nothing_to_download_is_told_with_a_remedy(library: Library, lists: Lists) -> None:
    listing = lists.csv(("Ann", "photo/1"))
    with pytest.raises(OwnerError, match=r"list\.csv") as error:
        download(library, listing, people=frozenset({"Nobody"}))
    assert error.value.remedy
    assert last_request(library) is None


def test_a_library_for_viewing_asks_nobody(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    library.close()
    with (
        Library.open(library.path, read_only=True) as viewed,
        pytest.raises(LibraryError),
    ):
        download(viewed, lists.csv(("Ann", "photo/1")))
    assert not server.asked


def test_this_machine_is_refused_unless_the_library_allows_it(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    library.set_setting(ALLOWED_KEY, [])
    report = download(library, lists.csv(("Ann", "photo/1")))
    assert report.results == {FetchResult.REFUSED: 1}
    assert not server.asked


def test_what_was_asked_last_is_remembered(library: Library, lists: Lists) -> None:
    listing = lists.csv(("Ann", "photo/1"), ("Ben", "photo/2"))
    download(library, listing, people=frozenset({"Ann"}), cap=7)
    assert last_request(library) == DownloadRequest((listing,), frozenset({"Ann"}), 7)
    download(library, listing)
    assert last_request(library) == DownloadRequest((listing,))


def test_failures_go_into_a_csv_that_no_spreadsheet_runs(
    library: Library, lists: Lists, tmp_path: Path
) -> None:
    download(library, lists.csv(("=cmd()", "404"), ("Zoë", "html-as-jpeg"), ("Ann", "good")))
    out = tmp_path / "failures.csv"
    export_failures(library, out)
    with out.open(newline="", encoding="utf-8") as file:
        heading, *rows = list(csv.reader(file))
    assert heading == ["person", "url", "result", "reason", "file"]
    found = {row[0]: row[2] for row in rows}
    assert found == {"'=cmd()": "gone", "Zoë": "not_a_picture"}


def test_a_download_that_is_killed_goes_on_where_it_was(
    library: Library, lists: Lists, server: PhotoServer
) -> None:
    server.pause_s = 0.1
    count = 40
    listing = lists.csv(*[("Ann", f"photo/{n}") for n in range(count)], ("Ann", "404"))
    library.close()
    path = library.path
    command = [sys.executable, "-m", "facegui", "download", str(path), str(listing)]
    killed = 0
    for wanted in (5, 15, 25):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 120
            while len(list(path.glob("photos/Ann/*.jpg"))) < wanted:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.kill()
        killed += 1
        there = {jpeg_number(file) for file in path.glob("photos/Ann/*.jpg")}
        once = {n: server.asked[f"/photo/{n}"] for n in there}
    asked_before = dict(server.asked)

    server.pause_s = 0
    with open_library(path) as reopened:
        report = download(reopened, listing)
        assert not report.stopped
        reopened.check()
        counts = reopened.counts()
        files = photo_files(reopened)
    assert counts.photos == len(files) == count
    # what lay there when it was killed was not asked for again
    for number, times in once.items():
        assert server.asked[f"/photo/{number}"] == times == asked_before[f"/photo/{number}"]
    assert max(server.asked[f"/photo/{n}"] for n in range(count)) <= killed + 1


_SEEDS = {hashlib.md5(jpeg(n)).hexdigest(): n for n in range(40)}


def jpeg_number(file: Path) -> int:
    return _SEEDS[hashlib.md5(file.read_bytes()).hexdigest()]


@pytest.mark.photos
def test_the_real_pubfig_lists_are_surveyed(library: Library, photos: Path) -> None:
    folder = photos / "pubfig_urls"
    found = survey_lists(library, (folder / "dev_urls.txt", folder / "eval_urls.txt"))
    assert len(found.people) == 68
    assert sum(person.urls for person in found.people) > 18_000
    assert found.bad_count == 1
