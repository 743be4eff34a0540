"""The ORL faces as ordinary photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.domain.control import Control
from facegui.domain.errors import Cancelled, StorageFault
from facegui.weights.sample import ENLARGED, PHOTO_COUNT, ROOM_PX, sample_photos
from facegui.weights.unpack import PGM_HEADER
from tests.fakes.control import RecordingControl


class FakeStore:
    """Has a data set of 400 photos, each of one grey: its number, modulo 200."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "orl_faces.pgm"
        self.file.write_bytes(
            b"".join(PGM_HEADER + bytes([i % 200]) * 10304 for i in range(PHOTO_COUNT))
        )

    def path(self, name: str, control: Control | None = None) -> Path:
        assert name == "orl-faces"
        return self.file


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return FakeStore(tmp_path)


def test_photos_per_person_with_credit(store: FakeStore, tmp_path: Path) -> None:
    control = RecordingControl()
    folder = sample_photos(store, control, tmp_path / "sample")
    assert folder == tmp_path / "sample"
    assert len(list(folder.glob("s*/*.png"))) == PHOTO_COUNT
    assert "AT&T Laboratories Cambridge" in (tmp_path / "CREDIT.txt").read_text("utf-8")
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".png"}
    assert control.progress[-1].done == control.progress[-1].total == PHOTO_COUNT
    with Image.open(folder / "s3" / "10.png") as photo:
        assert photo.size == ((92 + 2 * ROOM_PX) * ENLARGED, (112 + 2 * ROOM_PX) * ENLARGED)
        assert photo.info == {}
        assert np.unique(np.asarray(photo)).tolist() == [29]


def test_second_time_writes_no_photo(store: FakeStore, tmp_path: Path) -> None:
    folder = sample_photos(store, folder=tmp_path / "sample")
    before = {path: path.stat().st_mtime_ns for path in folder.glob("s*/*.png")}
    (folder / "s1" / "1.png").unlink()
    sample_photos(store, folder=folder)
    after = {path: path.stat().st_mtime_ns for path in folder.glob("s*/*.png")}
    assert set(after) == set(before)
    assert [path for path in before if after[path] != before[path]] == [folder / "s1" / "1.png"]


def test_stop_and_go_on(store: FakeStore, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    with pytest.raises(Cancelled):
        sample_photos(store, RecordingControl(lambda it: len(it.progress) == 25), folder)
    assert len(list(folder.glob("s*/*.png"))) == 25
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]
    sample_photos(store, folder=folder)
    assert len(list(folder.glob("s*/*.png"))) == PHOTO_COUNT


def test_folder_in_the_way(store: FakeStore, tmp_path: Path) -> None:
    (tmp_path / "sample").write_text("a file")
    with pytest.raises(StorageFault, match="sample"):
        sample_photos(store, folder=tmp_path / "sample")


def test_default_folder_is_the_users_data(
    store: FakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facegui.weights.sample.data_dir", lambda: tmp_path / "data")
    assert sample_photos(store) == tmp_path / "data" / "sample" / "photos"
