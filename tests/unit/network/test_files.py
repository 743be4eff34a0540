"""Atomic files: whole or as before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from facegui.domain.errors import StorageFault
from facegui.network.files import write_atomic


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("name", ["x", "n" * 255, "ж 한 😀", ".hidden"])
def test_any_name(tmp_path: Path, name: str, durable: bool) -> None:
    write_atomic(tmp_path / name, b"one", durable=durable)
    write_atomic(tmp_path / name, b"two", durable=durable)
    assert (tmp_path / name).read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_a_failed_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFault, match="No space left") as caught:
        write_atomic(path, b"new")
    assert str(path) in caught.value.message
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(StorageFault):
        write_atomic(tmp_path, b"x")
    assert tmp_path.is_dir()
