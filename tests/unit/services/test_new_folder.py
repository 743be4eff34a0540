"""A folder that appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.errors import OwnerError, StorageFault
from facegui.services.new_folder import new_folder


def is_ours(folder: Path) -> bool:
    return (folder / "ours").exists()


def test_it_appears_when_the_block_ends(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with new_folder(out) as unfinished:
        (unfinished / "a").touch()
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["a"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_it_does_not_appear_when_the_block_fails(tmp_path: Path) -> None:
    def fill() -> None:
        with new_folder(tmp_path / "out") as unfinished:
            (unfinished / "a").touch()
            raise KeyError

    with pytest.raises(KeyError):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken_and_a_full_one_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with new_folder(out) as unfinished:
        (unfinished / "mine").touch()
    with pytest.raises(OwnerError, match="out is not empty"), new_folder(out):
        pass
    assert (out / "mine").exists()


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OwnerError), new_folder(tmp_path / "out"):
        pass


def test_what_is_known_as_ours_is_replaced(tmp_path: Path) -> None:
    for content in ("old", "new"):
        with new_folder(tmp_path / "out", is_ours=is_ours) as unfinished:
            (unfinished / "ours").touch()
            (unfinished / content).touch()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["new", "ours"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFault), new_folder(tmp_path / "file" / "out"):
        pass
