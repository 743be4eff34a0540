"""Google Cloud Vision as a detector: the one module that speaks to its client library.

The library is imported when a connection is made and never by a scan. The service account comes
from a file that the caller names; neither the environment nor the machine is searched for another.

Requests and limits: https://cloud.google.com/vision/quotas.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facegui.detection.cloud_faults import cloud_faults, worth_another_try
from facegui.domain.cloud import CloudAnswer, CloudFace, CloudLabel, Likelihood
from facegui.domain.errors import CloudError, OwnerError
from facegui.domain.geometry import Box, Landmarks, Point, Pose
from facegui.domain.text import tr

if TYPE_CHECKING:
    from google.api_core.retry import Retry
    from google.cloud import vision

VERSION = "google-cloud-vision-v1"
FEATURES = ("FACE_DETECTION", "LABEL_DETECTION")
"""What is asked of each photo; each is one paid unit."""

MAX_IMAGES = 16
MAX_REQUEST_BYTES = 10_000_000
"""Of a whole request, pictures in base64 and all."""

_PER_IMAGE_BYTES = 512  # what a request says about each picture
_MAX_FACES = 50
_MAX_LABELS = 50


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the service.

    Attributes:
        answer_s: for the answer to one request. What is not answered then is not asked again by
            itself: the service may have done the work, and would be paid twice.
        retry_s: in all, while the service says that it is too busy or cannot be reached.
        first_pause_s: before the first new attempt; doubles with each, with jitter.
    """

    answer_s: float = 60.0
    retry_s: float = 90.0
    first_pause_s: float = 1.0


class CloudVision:
    """Implements `facegui.domain.cloud.CloudDetector` over a client with any transport."""

    version = VERSION

    def __init__(self, client: vision.ImageAnnotatorClient, patience: Patience | None = None):
        self._client = client
        self._patience = patience or Patience()

    def ask(self, pictures: Sequence[bytes]) -> list[CloudAnswer]:
        """An answer for each JPEG, in order, boxes in its pixels.

        Args:
            pictures: at most `MAX_IMAGES`, together below `MAX_REQUEST_BYTES`; see `batch_size`.

        Raises:
            CloudError: refused, out of reach, or no answer in time.
        """
        from google.api_core.timeout import ConstantTimeout
        from google.cloud import vision

        features = [
            vision.Feature(
                type_=name,
                max_results=_MAX_FACES if name == "FACE_DETECTION" else _MAX_LABELS,
            )
            for name in FEATURES
        ]
        requests = [
            vision.AnnotateImageRequest(image=vision.Image(content=jpeg), features=features)
            for jpeg in pictures
        ]
        with cloud_faults(self._patience.answer_s):
            response = self._client.batch_annotate_images(
                requests=requests,
                retry=_retry(self._patience),
                # a plain number would be the time for all attempts together
                timeout=ConstantTimeout(self._patience.answer_s),
            )
        if len(response.responses) != len(pictures):
            raise CloudError(
                tr("Google Cloud Vision answered for another number of photos than was sent."),
                tr("Try again later."),
                may_be_charged=True,
            )
        return [_answer(one) for one in response.responses]

    def close(self) -> None:
        """Close the transport; a gRPC call that still waits is cancelled by it."""
        self._client.transport.close()


def connect(credentials_file: Path, patience: Patience | None = None) -> CloudVision:
    """A detector that identifies itself by a service account's key file.

    Raises:
        OwnerError: the file is not such a key; the message says what it is instead.
    """
    from google.cloud import vision
    from google.oauth2 import service_account

    info = _key(credentials_file)
    try:
        credentials = service_account.Credentials.from_service_account_info(info)
    except ValueError as error:  # its text may quote the key, so ours says nothing of it
        raise _no_key(credentials_file, tr("its private key cannot be read")) from error
    return CloudVision(vision.ImageAnnotatorClient(credentials=credentials), patience)


def check_key(credentials_file: Path) -> str:
    """The service account's address in a key file; opens no connection.

    Raises:
        OwnerError: the file is not a service account's key.
    """
    return str(_key(credentials_file)["client_email"])


def batch_size(sizes: Sequence[int]) -> int:
    """How many of the first pictures, of *sizes* bytes, may go in one request; at least one."""
    used = count = 0
    for size in sizes[:MAX_IMAGES]:
        used += -(-size // 3) * 4 + _PER_IMAGE_BYTES
        if used > MAX_REQUEST_BYTES:
            break
        count += 1
    return max(count, 1)


def _key(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise _no_key(path, error.strerror or type(error).__name__) from error
    except ValueError as error:
        raise _no_key(path, tr("it is not JSON")) from error
    if not isinstance(content, dict) or content.get("type") != "service_account":
        raise _no_key(path, tr("it is not the key of a service account"))
    for name in ("client_email", "private_key", "token_uri"):
        if not isinstance(content.get(name), str):
            raise _no_key(path, tr("its field “{name}” is missing", name=name))
    return content


def _no_key(path: Path, reason: str) -> OwnerError:
    return OwnerError(
        tr("{path} cannot be used: {reason}.", path=path, reason=reason),
        tr(
            "In the Google Cloud console open IAM › Service accounts › Keys, make a new key of "
            "type JSON, and choose the file that is downloaded."
        ),
    )


def _retry(patience: Patience) -> Retry:
    from google.api_core.retry import Retry

    return Retry(
        predicate=worth_another_try,
        initial=patience.first_pause_s,
        multiplier=2.0,
        maximum=20.0,
        timeout=patience.retry_s,
    )


def _answer(response: vision.AnnotateImageResponse) -> CloudAnswer:
    if response.error.code:
        return CloudAnswer(error=response.error.message or str(response.error.code))
    return CloudAnswer(
        faces=tuple(_face(face) for face in response.face_annotations),
        labels=tuple(
            CloudLabel(label.description, label.score) for label in response.label_annotations
        ),
    )


def _face(face: vision.FaceAnnotation) -> CloudFace:
    polygon = face.fd_bounding_poly if face.fd_bounding_poly.vertices else face.bounding_poly
    xs = [vertex.x for vertex in polygon.vertices] or [0]
    ys = [vertex.y for vertex in polygon.vertices] or [0]
    return CloudFace(
        box=Box(min(xs), min(ys), max(xs), max(ys)),
        landmarks=_landmarks(face),
        pose=Pose(roll=face.roll_angle, pan=face.pan_angle, tilt=face.tilt_angle),
        score=face.detection_confidence,
        joy=Likelihood(face.joy_likelihood),
        sorrow=Likelihood(face.sorrow_likelihood),
        anger=Likelihood(face.anger_likelihood),
        surprise=Likelihood(face.surprise_likelihood),
        blurred=Likelihood(face.blurred_likelihood),
        under_exposed=Likelihood(face.under_exposed_likelihood),
        headwear=Likelihood(face.headwear_likelihood),
    )


def _landmarks(face: vision.FaceAnnotation) -> Landmarks | None:
    """The five points; the service's left is the viewer's, ours the person's own."""
    found = {
        landmark.type_.name: Point(landmark.position.x, landmark.position.y)
        for landmark in face.landmarks
    }
    names = ("LEFT_EYE", "RIGHT_EYE", "NOSE_TIP", "MOUTH_LEFT", "MOUTH_RIGHT")
    if any(name not in found for name in names):
        return None
    return Landmarks(*(found[name] for name in names))
