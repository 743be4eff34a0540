"""Taking the cloud's faces as the photos' faces: found there, measured here.

The place and the pose of each face are the service's, and whether it wears sunglasses where its
labels can tell; everything else (embedding, sharpness, hashes, …) is measured on this machine as
for a face of our own detector. The owner's names and decisions survive as in any scan.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from facegui.detection.cloud_vision import VERSION
from facegui.domain.cloud import CloudAnswer
from facegui.domain.control import Control, NullControl, Progress
from facegui.domain.entities import FaceProposal, Photo, PhotoStatus, RgbImage, ScannedPhoto
from facegui.domain.errors import ImageError
from facegui.domain.ports import FaceAnalyser
from facegui.domain.text import tr
from facegui.imaging.decode import decode
from facegui.services.cloud.answers import Answers
from facegui.services.copies.duplicates import find_duplicates
from facegui.services.libraries import Library
from facegui.services.scanning.detection_settings import detect_options
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True)
class TakenReport:
    """How taking over ended.

    Attributes:
        photos: whose faces are the cloud's now.
        faces: taken; *unmeasured* ones were left out because nothing could be measured there.
        failed: photos that could not be read, or have changed since: path and reason.
    """

    photos: int
    faces: int
    unmeasured: int
    failed: tuple[tuple[str, str], ...]
    stopped: bool


def take_cloud_faces(
    library: Library, tools: Tools, photo_ids: tuple[int, ...], control: Control
) -> TakenReport:
    """Replace the faces of these photos by the cloud's; photos without an answer stay as they are.

    Partial results are tuples of photo ids whose rows are new.

    Raises:
        ModelUnavailable: a network is neither here nor to be fetched.
    """
    answers = Answers(library)
    analyser = tools.analyser(detect_options(library))
    taken = faces = unmeasured = 0
    failed: list[tuple[str, str]] = []
    photos = [photo for photo in library.photos(photo_ids) if answers.has(photo.sha256)]
    for number, photo in enumerate(photos):
        if control.cancelled():
            break
        control.report(Progress(number, len(photos), tr("Taking the cloud's faces")))
        answer = answers.get(photo.sha256)
        if answer is None:
            continue
        try:
            scanned = _scanned(photo, answer, analyser)
        except ImageError as error:
            failed.append((photo.path, error.reason))
            continue
        library.store_scans([scanned])
        control.partial((photo.id,))
        taken += 1
        faces += len(scanned.faces)
        unmeasured += len(answer.faces) - len(scanned.faces)
    if taken:
        find_duplicates(library, None, NullControl() if control.cancelled() else control)
    return TakenReport(taken, faces, unmeasured, tuple(failed), bool(control.cancelled()))


def _scanned(photo: Photo, answer: CloudAnswer, analyser: FaceAnalyser) -> ScannedPhoto:
    """The photo's row with the cloud's faces.

    Raises:
        ImageError: it cannot be read, or is not the file that was asked about.
    """
    decoded = decode(photo.path)
    if decoded.sha256 != photo.sha256:
        raise ImageError(photo.path, tr("the file has changed since; scan it again"))
    status = os.stat(photo.path)  # noqa: PTH116 - as a scan notes it
    found = _measured(decoded.image, photo.rotation, answer, analyser)
    return ScannedPhoto(
        photo_id=photo.id,
        status=PhotoStatus.OK,
        reason=None,
        width=photo.width,
        height=photo.height,
        size_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        sha256=decoded.sha256,
        hashes=photo.hashes,
        faces=tuple(found),
        rotation=photo.rotation,
    )


def _measured(
    image: RgbImage, rotation: int, answer: CloudAnswer, analyser: FaceAnalyser
) -> list[FaceProposal]:
    height, width = image.shape[:2]
    found = []
    for face in answer.faces:
        box = face.box.clipped(width, height)
        measured = analyser.measure_at(image, box)
        if measured is None:
            continue
        own = measured.sunglasses
        found.append(
            replace(
                measured,
                box=box,
                score=face.score,
                pose=face.pose.turned(rotation),
                sunglasses=own if answer.sunglasses is None else answer.sunglasses,
                detector=f"{VERSION}+{measured.detector}",
            )
        )
    return sorted(found, key=lambda face: -face.score)
