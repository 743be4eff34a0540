from __future__ import annotations

import os
from pathlib import Path

import pytest

from facegui import files
from facegui.domain.errors import StorageFault
from facegui.files import open_atomic, replace_file, write_atomic


def names(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def test_content_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "settings.json"
    write_atomic(target, b"one")
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert names(tmp_path) == ["settings.json"]


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path) -> None:
    target = tmp_path / "export.csv"
    write_atomic(target, b"old")
    with pytest.raises(TypeError), open_atomic(target) as file:
        file.writelines([b"new, but", "half way"])  # type: ignore[list-item]
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["export.csv"]


def test_a_full_disk_is_a_storage_fault_about_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bundle.json"
    write_atomic(target, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(StorageFault, match="No space left") as caught:
        write_atomic(target, b"new")
    assert str(target) in caught.value.message
    assert caught.value.remedy
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["bundle.json"]


def test_the_folder_is_synced_after_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        events.append("fsync")
        real_fsync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        events.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(files.os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    write_atomic(tmp_path / "x", b"x")
    assert events == ["fsync", "rename", "fsync"]


def test_a_new_file_has_ordinary_permissions(tmp_path: Path) -> None:
    write_atomic(tmp_path / "atomic", b"")
    (tmp_path / "plain").touch()
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_missing_folder_is_a_storage_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageFault):
        write_atomic(tmp_path / "absent" / "x", b"")


def test_replace_file_moves_a_finished_file_into_place(tmp_path: Path) -> None:
    source, target = tmp_path / "new", tmp_path / "old"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    replace_file(source, target)
    assert target.read_bytes() == b"new"
    assert not source.exists()


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("name", ["x", "n" * 255, "ж 한 😀", ".hidden"])
def test_any_name(tmp_path: Path, name: str, durable: bool) -> None:
    write_atomic(tmp_path / name, b"one", durable=durable)
    write_atomic(tmp_path / name, b"two", durable=durable)
    assert (tmp_path / name).read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_what_need_not_be_durable_waits_for_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_descriptor: int) -> None:
        pytest.fail("synced")

    monkeypatch.setattr(files.os, "fsync", never)
    write_atomic(tmp_path / "x", b"one", durable=False)
    assert (tmp_path / "x").read_bytes() == b"one"


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(StorageFault):
        write_atomic(tmp_path, b"x")
    assert tmp_path.is_dir()
