"""SFace: 128 numbers that stand for a face (Zhong et al., IEEE TIP 2021), in OpenCV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from facegui.detection.loading import model_file
from facegui.domain.entities import Embedding, RgbImage
from facegui.domain.geometry import Landmarks
from facegui.imaging.align import embedder_crop
from facegui.imaging.cv import cv2


class SFace:
    """The embedder. Not thread-safe."""

    def __init__(self, model: Path) -> None:
        """Load the network.

        Raises:
            ModelUnavailable: *model* cannot be loaded.
        """
        with model_file(model):
            self._net = cv2.FaceRecognizerSF.create(str(model), "")

    def embed(self, image: RgbImage, landmarks: Landmarks) -> Embedding:
        """The unit vector of the face with these five *landmarks*, in pixels of *image*.

        Only the small crop is turned into BGR.
        """
        crop = embedder_crop(image, landmarks)
        feature = self._net.feature(cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))[0]
        vector: Embedding = feature / max(float(np.linalg.norm(feature)), np.finfo(np.float32).eps)
        return vector
