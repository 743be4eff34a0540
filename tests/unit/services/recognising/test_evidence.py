"""What is known of a model's scores, on a library of made-up people with strangers among them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facegui.domain.control import NullControl
from facegui.domain.entities import Decision
from facegui.domain.errors import BundleError, OwnerError
from facegui.domain.queries import NewPhoto
from facegui.domain.training import Thresholds
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.decode import decode
from facegui.network.bundle import Bundle, BundleInfo, load_bundle, save_bundle
from facegui.services.libraries import Library
from facegui.services.recognising.evidence import Evidence, gather
from facegui.services.recognising.stranger_faces import (
    StrangerFaces,
    library_strangers,
    name_stranger_folders,
    stranger_folders,
)
from facegui.services.recognising.stranger_folders import folder_strangers
from facegui.services.recognising.stranger_known import Acquaintances
from facegui.services.recognising.thresholds import set_thresholds
from facegui.services.runs.records import RunRecord
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools
from tests.fakes.finished_run import finished_run
from tests.fakes.people_library import STRANGERS, people_library
from tests.fakes.proposals import scanned
from tests.fakes.review_library import write_photo

NOBODY = NullControl()
NO_ACQUAINTANCES = Acquaintances({}, frozenset(), np.zeros(0, np.uint64), 0)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return people_library(tmp_path)


@pytest.fixture
def record(library: Library) -> RunRecord:
    return finished_run(library)


def evidence_of(library: Library, record: RunRecord) -> Evidence:
    return gather(library, fake_tools(), Path(record.bundle), None, NOBODY)


def test_faces_that_may_be_of_known_people_are_left_out(library: Library) -> None:
    found = library_strangers(library, ("Ann", "Bob"))
    assert {item.face_id for item in found.items} == set(STRANGERS)
    assert (found.unnamed, found.left_out, found.ignored, found.other_people) == (3, 3, 0, 0)


def test_ignored_faces_and_people_it_does_not_know_are_strangers(library: Library) -> None:
    library.decide([STRANGERS[0]], Decision.IGNORE)
    found = library_strangers(library, ("Ann",))
    assert (found.ignored, found.unnamed, found.other_people) == (1, 3, 4)
    assert len(found.items) == len(found.embeddings) == 8
    assert len(found.some(3).items) == 3


def test_a_training_hears_of_the_library_s_strangers(record: RunRecord) -> None:
    calibration = load_bundle(Path(record.bundle)).info.calibration
    assert calibration is not None
    assert calibration.strangers == len(STRANGERS)
    assert calibration.strangers_named == 0
    assert not list(Path(record.bundle).parent.glob("calibrating*"))


def test_every_kind_of_face_is_counted(library: Library, record: RunRecord) -> None:
    evidence = evidence_of(library, record)
    bands = evidence.bands(None)
    assert len(bands.known) == len(bands.impostors) == 8  # one has a wrong name
    assert len(bands.strangers) == 3
    assert all((np.diff(band) >= 0).all() for band in bands)
    nobody, everybody = (replace(evidence.thresholds, overall=line) for line in (1.0, -1.0))
    assert [rate.right for rate in evidence.rates(nobody)] == [0, 0, 0]
    rates = evidence.rates(everybody)
    assert rates.strangers.right == rates.strangers.count == 3
    assert (rates.known.right, rates.known.count) == (8, 9)
    ann, bob = (evidence.bands(name) for name in ("Ann", "Bob"))
    assert len(ann.known) + len(bob.known) == len(bands.known)
    assert evidence.suggested().scoring is evidence.thresholds.scoring


def test_folders_of_strangers_are_counted_too(library: Library, record: RunRecord) -> None:
    own = library_strangers(library, ("Ann", "Bob"))
    more = StrangerFaces(own.items, own.embeddings, in_folders=3)
    evidence = gather(library, fake_tools(), Path(record.bundle), more, NOBODY)
    assert evidence.strangers.in_folders == 3
    assert evidence.rates(evidence.thresholds).strangers.count == 6


def test_without_its_run_a_model_is_judged_by_faces_that_it_has_not_seen(
    library: Library, record: RunRecord
) -> None:
    (library.runs_dir / record.id / "run.json").unlink()
    assert evidence_of(library, record).rates(_of(record)).known.count == 0
    _forget_photos(record)
    assert evidence_of(library, record).rates(_of(record)).known.count == 9


def test_the_owner_s_line_is_kept_beside_the_calibrated_one(
    library: Library, record: RunRecord
) -> None:
    evidence = evidence_of(library, record)
    moved = replace(evidence.thresholds, overall=0.77, per_person={"Ann": 0.5})
    set_thresholds(evidence.path, evidence.sha256, moved)
    again = evidence_of(library, record)
    assert again.thresholds == moved
    assert again.calibrated == evidence.thresholds
    with pytest.raises(BundleError, match="changed"):
        set_thresholds(evidence.path, evidence.sha256, evidence.thresholds)
    assert evidence_of(library, record).thresholds == moved


def test_folders_are_remembered_by_their_path_alone(library: Library, tmp_path: Path) -> None:
    assert stranger_folders(library) == ()
    name_stranger_folders(library, [tmp_path])
    assert stranger_folders(library) == (tmp_path,)


def test_every_face_of_a_folder_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "Strangers"
    folder.mkdir()
    for n in range(3):
        write_photo(folder / f"{n}.png", (200, 30, 40))
    (folder / "list.txt").write_text("no photo")
    control = RecordingControl()
    found = folder_strangers(fake_tools(), [folder], NO_ACQUAINTANCES, control)
    assert (found.photos, found.skipped, found.stopped) == (3, 1, False)
    assert found.left_out == 0
    assert found.faces.in_folders == len(found.faces.items) == len(found.faces.embeddings) >= 3
    assert len({item.face_id for item in found.faces.items}) == len(found.faces.items)


def test_photos_in_folders_of_known_people_show_no_strangers(tmp_path: Path) -> None:
    knows = replace(NO_ACQUAINTANCES, names={"colin powell": "Colin Powell"})
    for folder in ("Colin_Powell", "colin-powell", "Someone Else/Colin Powell", "Someone Else"):
        write_photo(tmp_path / "Strangers" / folder / "1.png", (200, 30, 40))
    found = folder_strangers(fake_tools(), [tmp_path / "Strangers"], knows, NOBODY)
    assert (found.of_known, found.known_names, found.photos) == (3, ("Colin Powell",), 1)
    assert {Path(item.path).parent.name for item in found.faces.items} == {"Someone Else"}
    itself = folder_strangers(
        fake_tools(), [tmp_path / "Strangers" / "Colin_Powell"], knows, NOBODY
    )
    assert (itself.of_known, itself.photos, itself.faces.items) == (1, 0, ())


def test_the_library_s_own_photos_and_their_copies_show_no_strangers(
    library: Library, record: RunRecord, tmp_path: Path
) -> None:
    folder = tmp_path / "Strangers"
    photo = write_photo(folder / "1.png", (200, 30, 40))
    info = load_bundle(Path(record.bundle)).info
    assert _left_out(library, info, folder) == 0
    own = decode(photo)
    assert _left_out(library, replace(info, photo_sha256s=(own.sha256,)), folder) == 1
    near, far = (photo_hashes(own.image).phash_mirror ^ bits for bits in (0b11, 0xFFFFFF))
    assert _left_out(library, replace(info, photo_phashes=(f"{near:016x}",)), folder) == 1
    assert _left_out(library, replace(info, photo_phashes=(f"{far:016x}",)), folder) == 0
    ids = library.add_photos([NewPhoto(str(photo), None, 1, 1)]).added
    scan = replace(scanned(ids[0]), sha256=own.sha256)
    library.store_scans([scan])
    assert _left_out(library, info, folder) == 1


def test_a_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(OwnerError, match="absent"):
        folder_strangers(fake_tools(), [tmp_path / "absent"], NO_ACQUAINTANCES, NOBODY)


def _left_out(library: Library, info: BundleInfo, folder: Path) -> int:
    found = folder_strangers(fake_tools(), [folder], Acquaintances.of(library, info), NOBODY)
    assert found.photos + found.copies == 1
    return found.copies


def _of(record: RunRecord) -> Thresholds:
    return load_bundle(Path(record.bundle)).info.thresholds


def _forget_photos(record: RunRecord) -> None:
    """As if the model had been trained on other photos."""
    bundle = load_bundle(Path(record.bundle))
    info = replace(bundle.info, photo_sha256s=(), photo_phashes=())
    save_bundle(Path(record.bundle), Bundle(info, bundle.weights, bundle.prototypes))
