from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from facegui.detection.landmarks import FaceLandmarker
from facegui.domain.errors import ModelUnavailable
from facegui.domain.geometry import Landmarks, Point
from facegui.domain.ports import ModelStore
from facegui.imaging.align import TEMPLATE

NETWORK = "face_landmarks_detector.tflite"
GEOMETRY = "geometry_pipeline_metadata_landmarks.binarypb"


def on_template(scale: float = 1.0) -> Landmarks:
    return Landmarks(*(Point(x * scale, y * scale) for x, y in TEMPLATE))


@pytest.fixture(scope="module")
def landmarker(models: ModelStore) -> FaceLandmarker:
    return FaceLandmarker(models.path("face-landmarker"))


def test_the_canonical_face_is_read_from_the_file(landmarker: FaceLandmarker) -> None:
    face = landmarker.canonical
    assert face.vertices.shape == (33, 3)
    assert face.weights.shape == face.indices.shape == (33,)
    assert (face.weights > 0).all()
    assert face.indices.max() < 468
    at = dict(zip(face.indices.tolist(), face.vertices, strict=True))
    nose_tip, forehead, right_eye, left_eye = (at[n] for n in (4, 10, 33, 263))
    assert nose_tip[2] == face.vertices[:, 2].min()  # nearest to the camera
    assert forehead[1] == face.vertices[:, 1].min()  # highest in the picture
    assert right_eye == pytest.approx(left_eye * (-1, 1, 1))
    assert left_eye[0] > 0  # the person's left eye is on the right of the picture


def test_a_grey_wall_is_no_face(landmarker: FaceLandmarker) -> None:
    wall = np.full((112, 112, 3), 128, np.uint8)
    mesh = landmarker.measure(wall, on_template())
    assert mesh.points.shape == (478, 3)
    assert np.isfinite(mesh.points).all()
    assert 0 <= mesh.presence < 0.5


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (7, 5)])
def test_no_photo_is_too_small(landmarker: FaceLandmarker, shape: tuple[int, int]) -> None:
    mesh = landmarker.measure(np.zeros((*shape, 3), np.uint8), on_template(0.01))
    assert np.isfinite(mesh.points).all()


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "members",
    [{}, {NETWORK: b"x"}, {NETWORK: b"x", GEOMETRY: bytes(200_000)}, {NETWORK: bytes(9_000_000)}],
    ids=["empty", "one member", "geometry too large", "network too large"],
)
def test_an_archive_of_another_kind_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = archive(tmp_path / "a.task", members)
    with pytest.raises(ModelUnavailable, match=r"a\.task") as caught:
        FaceLandmarker(path)
    assert caught.value.remedy


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.task"
    path.write_bytes(b"not a zip")
    with pytest.raises(ModelUnavailable):
        FaceLandmarker(path)


def test_geometry_that_is_no_message_is_refused(tmp_path: Path) -> None:
    broken = struct.pack("<BB", 0x0F, 3)  # wire type 7 does not exist
    path = archive(tmp_path / "a.task", {NETWORK: b"x", GEOMETRY: broken})
    with pytest.raises(ModelUnavailable):
        FaceLandmarker(path)


def test_a_network_that_is_none_is_refused(models: ModelStore, tmp_path: Path) -> None:
    with zipfile.ZipFile(models.path("face-landmarker")) as real:
        geometry = real.read(GEOMETRY)
    path = archive(tmp_path / "a.task", {NETWORK: b"no model", GEOMETRY: geometry})
    with pytest.raises(ModelUnavailable):
        FaceLandmarker(path)
