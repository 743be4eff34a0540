"""A face that the owner shows: measured in the box that was drawn, or as well as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from facegui.detection.close_up import usual_landmarks
from facegui.detection.view import Found
from facegui.domain.entities import FaceProposal, Photo, RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box, Pose
from facegui.domain.ports import FaceAnalyser, FaceFinder
from facegui.domain.text import tr
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.align import aligned_crop
from facegui.imaging.decode import decode
from facegui.imaging.quality import measure
from facegui.services.libraries import Library
from facegui.services.scanning.detection_settings import detect_options
from facegui.services.tools import Tools


@dataclass(frozen=True, slots=True)
class MeasuredBox:
    """What is in a box that the owner drew.

    Attributes:
        face: in exactly that box, as far as it lies inside the photo.
        made_out: whether a face was seen there. Otherwise its landmarks are where a face usually
            has them, its pose is that of one that looks straight ahead, and its score is 0.
    """

    face: FaceProposal
    made_out: bool


class BoxMeasurer:
    """Measures boxes in a library's photos; its networks are loaded once. Not thread-safe."""

    def __init__(self, library: Library, tools: Tools) -> None:
        """Look as hard as *library* says, with *tools*."""
        self._options = detect_options(library)
        self._tools = tools

    @cached_property
    def _analyser(self) -> FaceAnalyser:
        return self._tools.analyser(self._options)

    @cached_property
    def _finder(self) -> FaceFinder:
        return self._tools.finder(self._options)

    def measure(self, photo: Photo, box: Box) -> MeasuredBox:
        """The face that the owner says is in *box*, in upright pixels of the original.

        Raises:
            ImageError: the photo cannot be read, or is not the one that was scanned.
            ModelUnavailable: a network is neither here nor to be fetched.
        """
        decoded = decode(photo.path)
        if decoded.sha256 != photo.sha256:
            raise ImageError(photo.path, tr("the file has changed since; scan it again"))
        box = box.clipped(decoded.width, decoded.height)
        if box.area == 0:
            raise ImageError(photo.path, tr("the box lies outside of the picture"))
        seen = self._analyser.measure_at(decoded.image, box)
        if seen is not None:
            return MeasuredBox(replace(seen, box=box), made_out=True)
        return MeasuredBox(self._guessed(decoded.image, photo, box), made_out=False)

    def _guessed(self, image: RgbImage, photo: Photo, box: Box) -> FaceProposal:
        shown = usual_landmarks(photo.shown_box(box))
        landmarks = shown.turned((360 - photo.rotation) % 360, *photo.shown_size)
        crop = aligned_crop(image, landmarks)
        quality = measure(crop)
        return FaceProposal(
            box=box,
            landmarks=landmarks,
            score=0.0,
            pose=Pose(0.0, 0.0, 0.0),
            sharpness=quality.sharpness,
            brightness=quality.brightness,
            contrast=quality.contrast,
            embedding=self._finder.embed(image, Found(box, landmarks, 0.0)),
            hashes=photo_hashes(crop),
            detector=self._analyser.version,
            chroma=quality.chroma,
            chroma_spread=quality.chroma_spread,
        )
