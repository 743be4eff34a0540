"""What a network is shown of a face: its embedding, or a crop cut as the network wants it.

Training and recognition both come here, so that a bundle sees faces as its network learned them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box, Landmarks
from facegui.domain.ports import FaceFinder, FoundFace
from facegui.domain.training import Preprocessing


def network_input(
    image: RgbImage, face: FoundFace, wanted: Preprocessing, finder: FaceFinder
) -> NDArray[np.generic]:
    """One input: float32 (d,) for embeddings, uint8 (size, size, 3) for crops."""
    if wanted.kind == "embedding":
        return finder.embed(image, face)
    return network_crop(image, face.box, face.landmarks, wanted)


def network_crop(
    image: RgbImage, box: Box, landmarks: Landmarks, wanted: Preprocessing
) -> RgbImage:
    """The crop of one face: ``aligned`` by its landmarks, or the padded ``box``."""
    from facegui.imaging.align import aligned_crop, box_crop, stood_up

    if wanted.kind == "aligned":
        return aligned_crop(image, landmarks, wanted.size_px, wanted.margin)
    crop = box_crop(image, box, wanted.size_px, wanted.margin)
    return stood_up(crop, landmarks)
