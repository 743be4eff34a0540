"""Walking folders: every file is seen, nothing hangs, nothing loops."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from facegui.collect.folders import Found, Skipped, is_library, walk


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(root: Path) -> dict[str, str | None]:
    return {
        Path(item.path).relative_to(root).as_posix(): item.folder_name
        for item in walk(root)
        if isinstance(item, Found)
    }


def skipped(root: Path) -> list[Skipped]:
    return [item for item in walk(root) if isinstance(item, Skipped)]


def test_folders_are_walked_in_name_order_and_give_their_name(tmp_path: Path) -> None:
    put(tmp_path / "Tom Hanks" / "b.jpg")
    put(tmp_path / "Tom Hanks" / "a.jpg")
    put(tmp_path / "Ann" / "deep" / "c.jpg")
    put(tmp_path / "direct.jpg")

    assert found(tmp_path) == {
        "Ann/deep/c.jpg": "deep",
        "Tom Hanks/a.jpg": "Tom Hanks",
        "Tom Hanks/b.jpg": "Tom Hanks",
        "direct.jpg": None,
    }
    assert list(found(tmp_path))[:3] == ["Ann/deep/c.jpg", "Tom Hanks/a.jpg", "Tom Hanks/b.jpg"]


def test_a_single_file_has_no_folder_name(tmp_path: Path) -> None:
    photo = put(tmp_path / "Ann" / "a.jpg", b"12345")

    (item,) = walk(photo)

    assert isinstance(item, Found)
    assert (item.path, item.folder_name, item.size_bytes) == (str(photo), None, 5)
    assert item.mtime_ns == photo.stat().st_mtime_ns


def test_the_folder_name_is_unchanged(tmp_path: Path) -> None:
    put(tmp_path / " Ünï – 김 " / "a.jpg")
    assert found(tmp_path) == {" Ünï – 김 /a.jpg": " Ünï – 김 "}


def test_hidden_files_and_file_managers_leavings_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.jpg", ".git/config", "Thumbs.db", "desktop.ini", "a.jpg"):
        put(tmp_path / name)
    assert list(found(tmp_path)) == ["a.jpg"]
    assert skipped(tmp_path) == []


def test_a_library_inside_the_folder_is_not_walked(tmp_path: Path) -> None:
    put(tmp_path / "Mine.facegui" / "cache" / "thumb.jpg")
    put(tmp_path / "plain" / "library.sqlite3")
    put(tmp_path / "plain" / "cache" / "thumb.jpg")
    put(tmp_path / "a.jpg")

    assert list(found(tmp_path)) == ["a.jpg"]
    assert is_library(tmp_path / "plain")
    assert not is_library(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_special_files_are_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.jpg"))
        items = skipped(tmp_path)
    assert {Path(item.path).name for item in items} == {"pipe.jpg", "s.jpg"}
    assert all("regular" in item.reason for item in items)


def test_links_to_folders_do_not_loop(tmp_path: Path) -> None:
    put(tmp_path / "a" / "a.jpg")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self.jpg").symlink_to(tmp_path / "self.jpg")
    (tmp_path / "copy.jpg").symlink_to(tmp_path / "a" / "a.jpg")

    assert sorted(found(tmp_path)) == ["a/a.jpg", "copy.jpg"]
    assert sorted(Path(item.path).name for item in skipped(tmp_path)) == ["self.jpg", "up"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    (item,) = walk(tmp_path / "absent")
    assert isinstance(item, Skipped)
    assert item.path == str(tmp_path / "absent")


def test_names_that_are_not_unicode_are_reported_readably(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/bad\xff.jpg", os.O_CREAT | os.O_WRONLY))
    (item,) = skipped(tmp_path)
    assert item.path.endswith(r"bad\xff.jpg")
    assert "Unicode" in item.reason
