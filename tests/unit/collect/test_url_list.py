"""Lists of photos: both formats, comments, and every malformed line told by its number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facegui.collect.url_list import MAX_LINE_BYTES, read_rows
from facegui.domain.errors import OwnerError
from facegui.domain.geometry import Box
from facegui.domain.web_list import BadRow, UrlRow

MD5 = "0123456789abcdef" * 2
GOOD = f"Ann Bee\t7\thttp://a.example/x.jpg\t1,2,30,40\t{MD5}"


def read(tmp_path: Path, content: str | bytes) -> list[UrlRow | BadRow]:
    file = tmp_path / "list.txt"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_rows(file))


def test_pubfig(tmp_path: Path) -> None:
    rows = read(tmp_path, f"# PubFig\n#\tperson\timagenum\turl\trect\tmd5sum\n\n{GOOD}\r\n")
    url = "http://a.example/x.jpg"
    assert rows == [UrlRow(4, "Ann Bee", url, 7, Box(1, 2, 30, 40), MD5)]


def test_csv_with_and_without_a_heading(tmp_path: Path) -> None:
    text = 'Name, URL\n"Bee, Ann",https://a.example/x?y=1\n김철수,http://b.example/ü.jpg'
    assert read(tmp_path, "\N{BYTE ORDER MARK}" + text) == [
        UrlRow(2, "Bee, Ann", "https://a.example/x?y=1"),
        UrlRow(3, "김철수", "http://b.example/ü.jpg"),
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("Ann", "1 column instead"),
        ("Ann,http://a/b.jpg,more", "columns"),
        ('"Ann,http://a/b.jpg', "quotation"),
        (",http://a/b.jpg", "name"),
        ("Ann,b.jpg", "address"),
        ("Ann,http://[half", "address"),
        ("Ann\t7\thttp://a/b.jpg", "columns"),
        (GOOD.replace("\t7\t", "\tx\t"), "number"),
        (GOOD.replace("\t7\t", "\t٧\t"), "number"),
        (GOOD.replace("1,2,30,40", "1,2,30"), "rectangle"),
        (GOOD.replace("1,2,30,40", "1,2,x,40"), "rectangle"),
        (GOOD.replace("1,2,30,40", "30,2,1,40"), "empty"),
        (GOOD.replace("1,2,30,40", "nan,nan,nan,nan"), "rectangle"),
        (GOOD[:-3], "MD5"),
        (GOOD.replace("Ann Bee", " "), "name"),
        (GOOD.replace("Ann", "A\0nn"), "name"),
        ("x" * (MAX_LINE_BYTES + 5), "long"),
    ],
)
def test_a_malformed_line_is_told_by_its_number(tmp_path: Path, line: str, word: str) -> None:
    before, bad, after = read(tmp_path, f"{GOOD}\n{line}\n{GOOD}\n")
    assert isinstance(before, UrlRow)
    assert isinstance(after, UrlRow)
    assert after.line == 3
    assert isinstance(bad, BadRow)
    assert (bad.list_name, bad.line) == ("list.txt", 2)
    assert word in bad.reason


def test_text_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (bad,) = read(tmp_path, b"Zo\xeb,http://a/b.jpg\n")
    assert isinstance(bad, BadRow)
    assert "UTF-8" in bad.reason


def test_a_face_may_reach_beyond_the_picture(tmp_path: Path) -> None:
    (row,) = read(tmp_path, GOOD.replace("1,2,", "-1,-2,"))
    assert isinstance(row, UrlRow)
    assert row.box == Box(-1, -2, 30, 40)


def test_a_list_that_is_not_there_is_named_with_a_remedy(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(OwnerError) as error:
            list(read_rows(path))
        assert str(path) in error.value.message
        assert error.value.remedy


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode())))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_rows_or_reasons(tmp_path: Path, content: bytes) -> None:
    check(read(tmp_path, content), content)


CELL = st.one_of(
    st.sampled_from(["Ann", "1", "http://a/b", "1,2,3,4", MD5, '"', "#", "", " ", "ftp:", "\r"]),
    st.text(max_size=8),
)


@given(st.lists(st.tuples(st.sampled_from("\t,"), st.lists(CELL, max_size=6)), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_that_are_nearly_right(tmp_path: Path, rows: list[tuple[str, list[str]]]) -> None:
    content = "\n".join(separator.join(cells) for separator, cells in rows)
    check(read(tmp_path, content), content.encode("utf-8", "surrogatepass"))


def check(rows: list[UrlRow | BadRow], content: bytes) -> None:
    """Each line is told of at most once, in order, and what is a row is whole."""
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= content.count(b"\n") + 1 for line in lines)
    for row in rows:
        if isinstance(row, BadRow):
            assert row.reason
        else:
            assert row.person.strip()
            assert ":" in row.url
            assert row.box is None or (row.box.width > 0 and row.box.height > 0)


_LARGE = """
import sys
from pathlib import Path
from facegui.collect.url_list import read_rows
from tests.fakes.memory import peak_kb
before = peak_kb()
count = sum(1 for _ in read_rows(Path(sys.argv[1])))
print(count, peak_kb() - before)
"""


def test_a_huge_list_is_read_a_line_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "huge.txt"
    with file.open("w") as out:
        for number in range(100_000):
            out.write(GOOD.replace("\t7\t", f"\t{number}\t") + "\n")
        out.write("x" * 60_000_000)  # a line that never ends
    command = [sys.executable, "-c", _LARGE, str(file)]
    output = subprocess.run(
        command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True
    ).stdout
    count, grown_kb = map(int, output.split())
    assert count == 100_001
    assert grown_kb < 10 * 1024


@pytest.mark.photos
def test_the_real_pubfig_lists(photos: Path) -> None:
    dev, evaluation = (
        list(read_rows(photos / "pubfig_urls" / name)) for name in ("dev_urls.txt", "eval_urls.txt")
    )
    assert len(dev) == 16_336
    assert all(isinstance(row, UrlRow) and row.box and row.md5 for row in dev)
    assert len({row.person for row in dev if isinstance(row, UrlRow)}) == 60
    *whole, cut_off = evaluation
    assert len(whole) == 2_301
    assert isinstance(cut_off, BadRow)  # the file ends in the middle of a line
    assert cut_off.line == 2_304
