"""478 face landmarks in three dimensions: MediaPipe's Face Landmarker, run in OpenCV.

Attention-free mesh of Kartynnik et al. (arXiv 1907.06724) with irises (arXiv 2006.11341). The
``.task`` file also holds the canonical face that the landmarks are numbered after.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facegui.detection.loading import model_file
from facegui.detection.task_file import load_tflite, read_members
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Landmarks, Point
from facegui.imaging.align import similarity
from facegui.imaging.cv import cv2

_NETWORK = "face_landmarks_detector.tflite"
_GEOMETRY = "geometry_pipeline_metadata_landmarks.binarypb"
_MOST_BYTES = {_NETWORK: 8_000_000, _GEOMETRY: 100_000}

_INPUT_PX = 256
# The network wants the square around the whole mesh made half as large again, the head upright.
# In ArcFace's template that is this much more room on each side, with the middle moved down by
# this fraction of the crop; other margins between 0.1 and 0.3 move pose by a degree or less.
_MARGIN = 0.2
_MIDDLE_DOWN = 0.05

_FIVE = (468, 473, 1, 61, 291)  # both irises, tip of the nose, corners of the mouth

_POINTS = "Identity"
_PRESENCE = "Identity_1"


@dataclass(frozen=True, slots=True)
class CanonicalFace:
    """The frontal face that pose is measured against.

    Attributes:
        indices: (k,) numbers of the landmarks that hold still when a face talks or smiles.
        vertices: (k, 3) their places, in centimetres; x to the right of a picture, y down, z away
            from the camera.
        weights: (k,) how much each counts.
    """

    indices: NDArray[np.intp]
    vertices: NDArray[np.float64]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FaceMesh:
    """One face's landmarks.

    Attributes:
        points: (478, 3) in pixels of the photo; z grows away from the camera, on the same scale.
        presence: 0 to 1, how sure the network is that it was shown a face. Low where a face is
            cut off, in full profile, behind another head, or lost in blur or darkness; of 1,214
            real faces 46 are below 0.5, all of that kind. It is no measure of what covers a
            face: with mask, hand or bar drawn over eyes or mouth 97 of 100 faces stay at 1.0, and
            with all but the forehead hidden still every second one.
    """

    points: NDArray[np.float64]
    presence: float

    @property
    def five(self) -> Landmarks:
        """YuNet's five landmarks, taken from the mesh, where they are several times as steady.

        The crop for hashing is aligned by them: the hashes of a framed or cropped copy then differ
        by 0 to 4 bits, where YuNet's own landmarks gave 0 to 14.
        """
        return Landmarks(*(Point(*self.points[n, :2].tolist()) for n in _FIVE))


class FaceLandmarker:
    """The landmark network. Not thread-safe.

    Attributes:
        canonical: what to fit the landmarks to.
    """

    def __init__(self, task: Path) -> None:
        """Read the ``.task`` file.

        Raises:
            ModelUnavailable: it is not the archive it should be.
        """
        with model_file(task):
            members = read_members(task, _MOST_BYTES)
            self.canonical = _canonical_face(members[_GEOMETRY])
            # The classic engine: the new one hands out only one of a TFLite model's outputs.
            self._net = load_tflite(members[_NETWORK], cv2.dnn.ENGINE_CLASSIC)

    def measure(self, image: RgbImage, landmarks: Landmarks) -> FaceMesh:
        """The mesh of the face whose five *landmarks* are given in pixels of *image*."""
        matrix = similarity(landmarks, _INPUT_PX, _MARGIN)
        matrix[1, 2] -= _MIDDLE_DOWN * _INPUT_PX
        crop = cv2.warpAffine(
            image, matrix, (_INPUT_PX, _INPUT_PX), borderMode=cv2.BORDER_REPLICATE
        )
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1 / 255))
        points, presence = self._net.forward([_POINTS, _PRESENCE])
        mesh = points.reshape(-1, 3).astype(np.float64)
        back = cv2.invertAffineTransform(matrix)
        mesh[:, :2] = mesh[:, :2] @ back[:, :2].T + back[:, 2]
        mesh[:, 2] *= np.hypot(back[0, 0], back[1, 0])
        return FaceMesh(mesh, float(1 / (1 + np.exp(-presence.item()))))


def _canonical_face(metadata: bytes) -> CanonicalFace:
    """Read MediaPipe's ``GeometryPipelineMetadata`` message.

    Field 1 is the mesh, whose field 3 repeats x, y, z, u, v of each vertex (y up, z towards the
    camera); field 2 repeats a landmark's number (1) and its weight (2).
    """
    mesh = b"".join(_fields(metadata, 1))
    numbers = np.frombuffer(b"".join(_fields(mesh, 3)), "<f4").reshape(-1, 5)
    basis = [
        (next(_varints(entry, 1)), struct.unpack("<f", next(_fields(entry, 2)))[0])
        for entry in _fields(metadata, 2)
    ]
    indices = np.array([index for index, _ in basis], np.intp)
    return CanonicalFace(
        indices=indices,
        vertices=numbers[indices, :3].astype(np.float64) * (1, -1, -1),
        weights=np.array([weight for _, weight in basis], np.float64),
    )


def _fields(message: bytes, number: int) -> Iterator[bytes]:
    """The bytes of each field *number* (length-delimited or 32 bits) of a protobuf *message*."""
    return (
        value for found, value in _walk(message) if found == number and isinstance(value, bytes)
    )


def _varints(message: bytes, number: int) -> Iterator[int]:
    return (value for found, value in _walk(message) if found == number and isinstance(value, int))


def _walk(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Field numbers and values in order; the wire format is protobuf.dev/programming-guides."""
    place = 0

    def varint() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
                return value

    def take(count: int) -> bytes:
        nonlocal place
        place += count
        return message[place - count : place]

    while place < len(message):
        key = varint()
        number, wire_type = key >> 3, key & 7
        match wire_type:
            case 0:
                yield number, varint()
            case 1:
                yield number, take(8)
            case 2:
                yield number, take(varint())
            case 5:
                yield number, take(4)
            case _:
                raise ValueError(f"wire type {wire_type}")
