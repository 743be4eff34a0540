"""The cloud's faces as the photos' own, and both side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from facegui.domain.cloud import CloudAnswer, CloudFace, CloudLabel, Likelihood
from facegui.domain.control import NullControl, Stop
from facegui.domain.entities import Decision, Face, ScannedPhoto
from facegui.domain.geometry import Box, Pose
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.compare import agreement, compare, compare_photo
from facegui.services.cloud.faces import take_cloud_faces
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import Library, create_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from tests.fakes.analysers import SquareAnalyser
from tests.fakes.control import RecordingControl
from tests.fakes.faces import fake_tools, picture

RED, BLUE = (250, 20, 20), (20, 20, 250)
LEFT, RIGHT = Box(10, 20, 50, 60), Box(90, 20, 130, 60)


@pytest.fixture
def tools() -> Iterator[Tools]:
    made = fake_tools(analyser=lambda _options: SquareAnalyser())
    yield made
    made.close()


@pytest.fixture
def library(tmp_path: Path, tools: Tools) -> Iterator[Library]:
    """Ann alone, Ann with Ben, and nobody, scanned by the stand-in for our own detector."""
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(picture((10, 20, RED), side=40)).save(folder / "1 one.png")
    Image.fromarray(picture((10, 20, RED), (90, 20, BLUE), side=40)).save(folder / "2 two.png")
    Image.fromarray(picture((150, 90, RED), side=2)).save(folder / "3 none.png")
    with create_library(tmp_path / "test.facegui") as made:
        import_photos(made, ImportRequest((folder,)), NullControl())
        scan(made, tools, ScanRequest(threads=1), NullControl())
        yield made


def face(box: Box, *, pose: Pose = Pose(1.0, 2.0, 3.0), score: float = 0.8) -> CloudFace:  # noqa: B008
    likely = Likelihood.VERY_UNLIKELY
    return CloudFace(box, None, pose, score, likely, likely, likely, likely, likely, likely, likely)


def answer(
    library: Library, photo_id: int, *faces: CloudFace, labels: tuple[str, ...] = ()
) -> None:
    (photo,) = library.photos([photo_id])
    assert photo.sha256 is not None
    said = CloudAnswer(faces, tuple(CloudLabel(text, 0.9) for text in labels))
    Answers(library).put(photo.sha256, "google-cloud-vision-v1", said)


def faces_of(library: Library, photo_id: int) -> list[Face]:
    return library.faces_of_photos([photo_id])[photo_id]


def take(library: Library, tools: Tools, *photo_ids: int) -> object:
    return take_cloud_faces(library, tools, photo_ids, NullControl())


def test_place_and_pose_are_the_clouds_and_the_rest_is_measured(
    library: Library, tools: Tools
) -> None:
    (before,) = faces_of(library, 1)
    answer(library, 1, face(Box(12, 22, 50, 60), pose=Pose(7.0, -8.0, 9.0)), labels=("Face",))
    report = take_cloud_faces(library, tools, (1, 2, 3), NullControl())
    assert (report.photos, report.faces, report.unmeasured, report.failed) == (1, 1, 0, ())

    (after,) = faces_of(library, 1)
    assert after.box == Box(12, 22, 50, 60)
    assert after.pose == Pose(7.0, -8.0, 9.0)
    assert after.score == 0.8
    assert after.sharpness == before.sharpness
    assert after.hashes == before.hashes
    assert after.detector == f"google-cloud-vision-v1+{before.detector}"
    assert after.id == before.id
    assert len(faces_of(library, 2)) == 2  # no answer, so as it was


def test_a_photo_on_its_side_stays_so_and_its_poses_are_those_of_it_upright(
    library: Library, tools: Tools
) -> None:
    (photo,) = library.photos([1])
    (before,) = faces_of(library, 1)
    lying = ScannedPhoto(
        *(photo.id, photo.status, photo.reason, photo.width, photo.height),
        *(photo.size_bytes, photo.mtime_ns, photo.sha256, photo.hashes, ()),
        rotation=90,
    )
    library.store_scans([lying])
    answer(library, 1, face(LEFT, pose=Pose(-90.0, 0.0, 0.0)))
    (compared,) = compare(library)
    assert compared.pairs[-1].cloud is not None
    assert compared.pairs[-1].cloud.pose.roll == pytest.approx(0, abs=1e-6)
    take(library, tools, 1)
    (after,) = library.photos([1])
    assert (after.rotation, after.hashes) == (90, photo.hashes)
    (taken,) = faces_of(library, 1)
    assert taken.pose.roll == pytest.approx(0, abs=1e-6)
    assert taken.hashes == before.hashes


def test_what_the_owner_said_survives(library: Library, tools: Tools) -> None:
    (before,) = faces_of(library, 1)
    library.assign([before.id], "Ann")
    library.decide([before.id], Decision.REJECT)
    answer(library, 1, face(Box(12, 22, 50, 60)))
    take(library, tools, 1)
    (after,) = faces_of(library, 1)
    assert (after.id, after.person_id, after.decision) == (before.id, 1, Decision.REJECT)


@pytest.mark.parametrize(("labels", "value"), [(("Face",), 0.0), (("Face", "Sunglasses"), 1.0)])
def test_the_label_tells_sunglasses_of_a_lone_face(
    library: Library, tools: Tools, labels: tuple[str, ...], value: float
) -> None:
    answer(library, 1, face(LEFT), labels=labels)
    take(library, tools, 1)
    assert faces_of(library, 1)[0].sunglasses == value


def test_among_several_faces_the_label_tells_nothing(library: Library, tools: Tools) -> None:
    before = [one.sunglasses for one in faces_of(library, 2)]
    answer(library, 2, face(LEFT), face(RIGHT), labels=("Sunglasses",))
    take(library, tools, 2)
    assert [one.sunglasses for one in faces_of(library, 2)] == before


def test_a_face_where_nothing_can_be_measured_is_left_out(library: Library, tools: Tools) -> None:
    answer(library, 1, face(LEFT), face(Box(100, 60, 140, 90)))
    report = take_cloud_faces(library, tools, (1,), NullControl())
    assert (report.faces, report.unmeasured) == (1, 1)
    assert len(faces_of(library, 1)) == 1


def test_boxes_are_cut_at_the_edge(library: Library, tools: Tools) -> None:
    answer(library, 1, face(Box(-30, 20, 50, 60)))
    take(library, tools, 1)
    assert faces_of(library, 1)[0].box == Box(0, 20, 50, 60)


def test_a_photo_that_has_changed_is_left_alone(library: Library, tools: Tools) -> None:
    answer(library, 1, face(LEFT))
    path = Path(library.photos([1])[0].path)
    Image.fromarray(picture((30, 20, BLUE), side=40)).save(path)
    report = take_cloud_faces(library, tools, (1,), NullControl())
    assert report.photos == 0
    ((failed, reason),) = report.failed
    assert failed == str(path)
    assert "changed" in reason
    assert "google" not in faces_of(library, 1)[0].detector


def test_stop_keeps_what_was_taken(library: Library, tools: Tools) -> None:
    answer(library, 1, face(LEFT))
    answer(library, 2, face(LEFT), face(RIGHT))
    control = RecordingControl(lambda one: Stop.KEEP if one.partials else Stop.NO)
    report = take_cloud_faces(library, tools, (1, 2), control)
    assert (report.photos, report.stopped) == (1, True)
    assert control.partials == [(1,)]


# Side by side


def test_faces_are_paired_by_overlap(library: Library) -> None:
    answer(library, 2, face(Box(92, 20, 130, 60)), face(Box(60, 70, 80, 90)), labels=("Crowd",))
    (one,) = compare(library)
    assert one.photo.id == 2
    assert [label.text for label in one.labels] == ["Crowd"]
    both, ours, theirs = one.pairs
    assert both.local is not None
    assert both.local.box == RIGHT
    assert both.iou == pytest.approx(38 / 40)
    assert ours.local is not None
    assert (ours.local.box, ours.cloud, ours.turned) == (LEFT, None, None)
    assert theirs.cloud is not None
    assert (theirs.cloud.box, theirs.local, theirs.turned) == (Box(60, 70, 80, 90), None, None)


def test_agreement_is_the_mean_absolute_difference(library: Library) -> None:
    answer(library, 1, face(LEFT, pose=Pose(2.0, -4.0, 0.0)))
    answer(library, 2, face(LEFT, pose=Pose(-4.0, 4.0, 3.0)))
    answer(library, 3, face(Box(0, 0, 20, 20)))
    result = agreement(compare(library))
    assert (result.photos, result.matched, result.only_local, result.only_cloud) == (3, 2, 1, 1)
    assert result.iou == pytest.approx(1.0)
    assert (result.roll, result.pan, result.tilt) == pytest.approx((3.0, 4.0, 1.5))


def test_angles_differ_the_short_way_round(library: Library) -> None:
    (ours,) = faces_of(library, 1)
    turned = replace(ours, pose=Pose(-175.0, 0.0, 0.0))
    (photo,) = library.photos([1])
    said = CloudAnswer((face(LEFT, pose=Pose(175.0, 0.0, 0.0)),))
    (pair,) = compare_photo(photo, [turned], said).pairs
    assert pair.turned == pytest.approx((-10.0, 0.0, 0.0))


def test_taken_faces_are_not_compared_with_themselves(library: Library, tools: Tools) -> None:
    answer(library, 1, face(LEFT))
    take(library, tools, 1)
    (one,) = compare(library)
    assert one.taken
    result = agreement([one])
    assert (result.photos, result.matched, result.iou, result.roll) == (0, 0, None, None)


def test_nothing_asked_is_nothing_to_compare(library: Library) -> None:
    assert compare(library) == []
    assert agreement([]).matched == 0
