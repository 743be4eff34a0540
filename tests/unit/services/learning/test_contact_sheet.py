"""What goes on a contact sheet, and in what order."""

from __future__ import annotations

from pathlib import Path

import pytest

from facegui.domain.control import NullControl, Stop
from facegui.domain.dataset import Split, Subset
from facegui.domain.errors import Cancelled, DatasetError
from facegui.services.learning.contact_sheet import CELL_PX, sheet_people
from tests.fakes.control import RecordingControl
from tests.fakes.training_library import FakeLibrary


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    made = FakeLibrary(tmp_path / "library")
    for name in ("Zoë", "Ada"):
        made.add(name, 10, folder=tmp_path / "photos")
    made.write_photos()
    return made


def test_everybody_those_to_learn_from_first(library: FakeLibrary) -> None:
    control = RecordingControl()
    people = list(sheet_people(library, Split(), 0, control))
    assert [person.name for person in people] == ["Ada", "Zoë"]
    ada = people[0]
    assert [ada.count(side) for side in Subset] == [6, 2, 2]
    sides = [face.item.subset for face in ada.faces]
    assert sides == [Subset.TRAIN] * 6 + [Subset.VALIDATION] * 2 + [Subset.TEST] * 2
    assert all(face.image is not None for face in ada.faces)
    assert max(face.image.shape[0] for face in ada.faces if face.image is not None) <= CELL_PX
    assert control.progress[-1].done == 20


def test_a_photo_that_has_gone_leaves_its_place(library: FakeLibrary) -> None:
    Path(library.photos([1])[0].path).unlink()
    people = list(sheet_people(library, Split(), 0, NullControl()))
    gone = [face for person in people for face in person.faces if face.image is None]
    assert [face.item.photo_id for face in gone] == [1]


def test_stopped(library: FakeLibrary) -> None:
    with pytest.raises(Cancelled):
        list(sheet_people(library, Split(), 0, RecordingControl(lambda _: Stop.KEEP)))


def test_too_few_people(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        list(sheet_people(FakeLibrary(tmp_path), Split(), 0, NullControl()))
