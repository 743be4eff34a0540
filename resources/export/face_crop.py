"""Finds faces in a photo and cuts them out as the model beside this file wants them.

Needs numpy, opencv-python 4.8 or newer, and OpenCV's face detector YuNet:
https://github.com/opencv/opencv_zoo, face_detection_yunet_2023mar.onnx (MIT).
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np

CONTRACT = json.loads((Path(__file__).parent / "model.json").read_text("utf-8"))

# Where the eyes, the nose and the corners of the mouth lie in a crop of 112 x 112.
TEMPLATE = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655),
     (70.7299, 92.2041)]
)  # fmt: skip


YUNET = (
    "face_detection_yunet_2023mar.onnx is OpenCV's face detector: "
    "https://github.com/opencv/opencv_zoo, folder models/face_detection_yunet. "
    "Where FaceGUI is installed, `facegui models list` says where it lies."
)


def asked_for(usage):
    """The photo and the path of YuNet's file, from the command line; ends if they are not there."""
    if not sys.argv[2:]:
        sys.exit(f"Usage: {usage}\n{YUNET}")
    photo, detector = sys.argv[1:3]
    if not Path(photo).is_file():
        sys.exit(f"{photo} is not there.")
    if not Path(detector).is_file():
        sys.exit(f"{detector} is not there. {YUNET}")
    image = cv2.imread(photo)
    if image is None:
        sys.exit(f"{photo} is not a picture that OpenCV can read.")
    return image, detector


def face_crops(image, detector):
    """RGB crops (n, side, side, 3), uint8, of all faces in *image*, BGR as cv2.imread gives it.

    *detector* is the path of YuNet's file.
    """
    height, width = image.shape[:2]
    scale = min(1.0, 640 / max(height, width))
    size = (round(width * scale), round(height * scale))
    found = cv2.FaceDetectorYN.create(str(detector), "", size, 0.6)
    _, faces = found.detect(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    side = CONTRACT["crop"]["side_px"]
    if faces is None:
        return np.zeros((0, side, side, 3), np.uint8)
    faces = faces[:, :14] / scale
    rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    return np.stack([cut(rgb, face[:4], face[4:].reshape(5, 2)) for face in faces])


def cut(rgb, box, landmarks):
    """One face; *box* is x, y, width and height, *landmarks* five points in YuNet's order."""
    crop = CONTRACT["crop"]
    side = crop["side_px"]
    if crop["kind"] == "box":
        matrix = around(box, side, crop["margin"])
    else:
        matrix = upright(landmarks, side, crop["margin"])
    if crop["sampled"] or np.hypot(*matrix[:, 0]) >= 1:
        edge = cv2.BORDER_CONSTANT if crop["sampled"] else cv2.BORDER_REPLICATE
        return cv2.warpAffine(rgb, matrix, (side, side), borderMode=edge)
    twice = matrix * 2  # every pixel the mean of four, so that edges are not jagged
    twice[:, 2] += 0.5
    fine = cv2.warpAffine(rgb, twice, (2 * side, 2 * side), borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)


def upright(landmarks, side, margin):
    """The similarity that brings *landmarks* nearest to `TEMPLATE` (Umeyama, 1991)."""
    unit = side / (112 * (1 + 2 * margin))
    places = (TEMPLATE + margin * 112) @ (1, 1j) * unit
    points = np.asarray(landmarks, float) @ (1, 1j)
    spread = points - points.mean()
    turn = (spread.conj() @ (places - places.mean())) / (spread.conj() @ spread).real
    shift = places.mean() - turn * points.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def around(box, side, margin):
    """The square around the middle of *box*; the face has to stand upright in the photo."""
    x, y, width, height = box
    scale = side / (max(width, height) * (1 + 2 * margin))
    shift = [side / 2 + scale * (0.5 - middle) - 0.5 for middle in (x + width / 2, y + height / 2)]
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
