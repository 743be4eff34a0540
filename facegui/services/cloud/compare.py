"""The faces that the cloud found beside those found on this machine, on the same photos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from facegui.detection.cloud_vision import VERSION
from facegui.domain.cloud import CloudAnswer, CloudFace, CloudLabel
from facegui.domain.entities import Face, Photo
from facegui.services.cloud.answers import Answers
from facegui.services.libraries import Library
from facegui.storage.scans import match


@dataclass(frozen=True, slots=True)
class FacePair:
    """One face as either side sees it; None where that side did not find it.

    Attributes:
        iou: how far the two boxes agree, intersection over union; 0 for a face of one side.
    """

    local: Face | None
    cloud: CloudFace | None
    iou: float

    @property
    def turned(self) -> tuple[float, float, float] | None:
        """Cloud less local: roll, pan and tilt in degrees, -180 to 180; None for a lone face."""
        if self.local is None or self.cloud is None:
            return None
        ours, theirs = self.local.pose, self.cloud.pose
        return (
            _difference(theirs.roll, ours.roll),
            _difference(theirs.pan, ours.pan),
            _difference(theirs.tilt, ours.tilt),
        )


@dataclass(frozen=True, slots=True)
class PhotoComparison:
    """One photo.

    Attributes:
        pairs: faces that both found, then those of this machine alone, then of the cloud alone.
        labels: what the cloud sees in the photo.
        taken: the faces of this machine are the cloud's own, taken over: nothing to compare.
    """

    photo: Photo
    pairs: tuple[FacePair, ...]
    labels: tuple[CloudLabel, ...]
    taken: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """All photos together, those with taken-over faces left out.

    Attributes:
        matched: faces that both found; *only_local* and *only_cloud* those of one side.
        iou: mean over the matched; None without any, as are the following.
        roll: mean absolute difference in degrees; likewise *pan* and *tilt*.
    """

    photos: int
    matched: int
    only_local: int
    only_cloud: int
    iou: float | None
    roll: float | None
    pan: float | None
    tilt: float | None


def compare(library: Library) -> list[PhotoComparison]:
    """Every photo of the library that the cloud has answered for, in the library's order."""
    answers = Answers(library)
    photos = [photo for photo in library.photos(library.photo_ids()) if answers.has(photo.sha256)]
    faces = library.faces_of_photos([photo.id for photo in photos])
    found = ((photo, answers.get(photo.sha256)) for photo in photos)
    return [
        compare_photo(photo, faces.get(photo.id, []), answer)
        for photo, answer in found
        if answer is not None
    ]


def compare_photo(photo: Photo, faces: Sequence[Face], answer: CloudAnswer) -> PhotoComparison:
    """The faces of one photo, paired by the overlap of their boxes."""
    # The cloud was sent the photo as its file has it; our poses are those of it standing upright.
    seen = [replace(face, pose=face.pose.turned(photo.rotation)) for face in answer.faces]
    pairs = match([face.box for face in faces], [face.box for face in seen])
    matched = [
        FacePair(faces[o], seen[n], faces[o].box.iou(seen[n].box)) for n, o in sorted(pairs.items())
    ]
    ours = [FacePair(f, None, 0.0) for o, f in enumerate(faces) if o not in pairs.values()]
    theirs = [FacePair(None, f, 0.0) for n, f in enumerate(seen) if n not in pairs]
    taken = any(face.detector.startswith(VERSION) for face in faces)
    return PhotoComparison(photo, (*matched, *ours, *theirs), answer.labels, taken)


def agreement(comparisons: Iterable[PhotoComparison]) -> Agreement:
    """How far the two sides agree."""
    photos = [one for one in comparisons if not one.taken]
    pairs = [pair for one in photos for pair in one.pairs]
    turned = [pair.turned for pair in pairs if pair.turned is not None]
    means = [fmean(abs(value) for value in axis) for axis in zip(*turned, strict=True)]
    roll, pan, tilt = means or (None, None, None)
    return Agreement(
        photos=len(photos),
        matched=len(turned),
        only_local=sum(pair.cloud is None for pair in pairs),
        only_cloud=sum(pair.local is None for pair in pairs),
        iou=fmean(pair.iou for pair in pairs if pair.iou) if turned else None,
        roll=roll,
        pan=pan,
        tilt=tilt,
    )


def _difference(theirs: float, ours: float) -> float:
    """From *ours* to *theirs* the short way round."""
    return (theirs - ours + 180) % 360 - 180
