"""The classic list: headers, quotes, scripts, labels that contradict, rows that are no rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facegui.collect.manifest import Manifest
from facegui.collect.manifest_csv import read_csv
from facegui.services.csv_text import csv_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg", "c, d.jpg", "é.jpg", "sub/e.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    return tmp_path


def read(folder: Path, text: str | bytes) -> Manifest:
    data = text.encode() if isinstance(text, str) else text
    return read_csv(data, folder / "list.csv")


def said(found: Manifest, folder: Path) -> dict[str, str | None]:
    return {Path(p.path).relative_to(folder).as_posix(): p.person for p in found.photos}


@pytest.mark.parametrize(
    "text",
    [
        "a.jpg,Ann,0\nb.jpg,Bob,1\n",
        "path,name,label\na.jpg,Ann,0\nb.jpg,Bob,1\n",
        "\ufeffpath,name\r\na.jpg,Ann\r\nb.jpg,Bob\r\n",
        "\n\na.jpg;Ann;0\n\nb.jpg;Bob;1",
        "a.jpg\tAnn\t0\nb.jpg\tBob\t1",
        '"a.jpg","Ann",""\n"b.jpg","Bob",',
    ],
)
def test_the_list_is_read_however_it_is_laid_out(folder: Path, text: str) -> None:
    found = read(folder, text)
    assert said(found, folder) == {"a.jpg": "Ann", "b.jpg": "Bob"}
    assert found.problems == ()
    assert found.photos[0].size_bytes == 5
    assert found.photos[0].mtime_ns == (folder / "a.jpg").stat().st_mtime_ns


def test_utf_16_is_read_too(folder: Path) -> None:
    assert said(read(folder, "a.jpg\tÅsa\n".encode("utf-16")), folder) == {"a.jpg": "Åsa"}


def test_commas_quotes_and_scripts_in_cells(folder: Path) -> None:
    found = read(folder, '"c, d.jpg","O""Neil, 김민수",0\né.jpg,Zoë,1\nsub/e.jpg,عمر,2\n')
    assert said(found, folder) == {
        "c, d.jpg": 'O"Neil, 김민수',
        "é.jpg": "Zoë",
        "sub/e.jpg": "عمر",
    }


def test_paths_may_be_absolute_climb_or_come_from_windows(folder: Path) -> None:
    found = read(folder / "sub", f"{folder / 'a.jpg'},Ann\n../b.jpg,Bob\n..\\sub\\e.jpg,Eve\n")
    assert said(found, folder) == {"a.jpg": "Ann", "b.jpg": "Bob", "sub/e.jpg": "Eve"}


@pytest.mark.parametrize(
    ("row", "line", "why"),
    [
        ("gone.jpg,Bob,1", 2, "gone.jpg cannot be used: No such file"),
        ("b.jpg", 2, "1 column instead of three"),
        ("b.jpg,Bob,1,x", 2, "put a cell that holds a comma in quotes"),
        ("b.jpg,,1", 2, "there is no name"),
        ("b.jpg,B\x00b,1", 2, "there is no name"),
        ("b.jpg," + "x" * 300, 2, "there is no name"),
        (",Bob,1", 2, "the path is empty"),
        ("b.jpg,Bob,one", 2, "the label one is not a whole number"),
        ("b.jpg,Bob,-1", 2, "the label -1 is not a whole number"),
        ("b.jpg,Bob,0", 2, "the label 0 is Bob's, but Ann's in line 1"),
        ("b.jpg,Ann,1", 2, "Ann has the label 1, but 0 in line 1"),
        ("a.jpg,Bob,1", 2, "the photo is Ann's in line 1, and cannot be Bob's too"),
        ("sub,Bob,1", 2, "sub is not a regular file"),
        ("https://x.org/b.jpg,Bob,1", 2, "is an address"),
        ("//host/share/b.jpg,Bob,1", 2, "is an address"),
        ("\\\\host\\b.jpg,Bob,1", 2, "is an address"),
        ('"b".jpg,Bob,1', 2, "not CSV"),
        ('\n"b.jpg,Bob,1', 3, "not CSV"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(
    folder: Path, row: str, line: int, why: str
) -> None:
    found = read(folder, f"a.jpg,Ann,0\n{row}\n")
    assert said(found, folder) == {"a.jpg": "Ann"}
    (problem,) = found.problems
    assert problem.place == f"list.csv, line {line}"
    assert why in problem.reason


def test_reading_goes_on_behind_a_bad_row(folder: Path) -> None:
    found = read(folder, 'x"y"z,"Q"Q,0\nnone.jpg,Ann,0\nb.jpg,Bob,1\n')
    assert said(found, folder) == {"b.jpg": "Bob"}
    assert len(found.problems) == 2


def test_a_name_that_is_not_utf_8_is_a_problem(folder: Path) -> None:
    found = read(folder, b"a.jpg,Jos\xe9,0\n")
    assert found.photos == ()
    assert "no name, or it is damaged" in found.problems[0].reason


def test_the_same_row_twice_is_one_photo(folder: Path) -> None:
    found = read(folder, "a.jpg,Ann,0\n./a.jpg,Ann,0\n")
    assert len(found.photos) == 1
    assert found.problems == ()


names = st.text(min_size=1, max_size=12).filter(lambda n: n.strip() == n and n.isprintable())


@given(st.lists(names, min_size=1, max_size=4, unique=True))
def test_what_is_written_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, people: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("list")
    rows = []
    for number, name in enumerate(people):
        path = folder / f"{number}.jpg"
        path.touch()
        rows.append((str(path), name, str(number)))
    found = read(folder, csv_text([("path", "name", "label"), *rows]))
    assert [photo.person for photo in found.photos] == people
    assert found.problems == ()


@pytest.mark.parametrize("name", ["=cmd", "+1", "-x", "@you", "'=x", "''@y", "'quoted'"])
def test_what_a_spreadsheet_would_run_is_kept_from_it_and_read_back(
    folder: Path, name: str
) -> None:
    text = csv_text([("a.jpg", name, "0")])
    cell = next(csv.reader(io.StringIO(text)))[1]
    assert not cell.startswith(("=", "+", "-", "@"))
    assert said(read(folder, text), folder) == {"a.jpg": name}


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    found = read(tmp_path_factory.getbasetemp(), data)
    assert all(problem.reason for problem in found.problems)
