"""What is asked and answered, apart from HTTP: documents in, documents out."""

from __future__ import annotations

import base64
import binascii
import hmac
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import unquote

from facegui.domain.entities import RgbImage
from facegui.domain.errors import Cancelled, EnvironmentFault, ImageError
from facegui.domain.recognition import RecognisedFace
from facegui.domain.text import tr
from facegui.network.strict_json import StrictJsonError, parse

MOST_PHOTOS = 32
AT_ONCE = 4
"""Requests whose photos are looked at at a time; more wait, `WAIT_S` at most."""

WAIT_S = 20.0
VERSION = "1"


class Namer(Protocol):
    """What names faces; `PhotoRecogniser` does."""

    @property
    def people(self) -> Sequence[str]:
        """Everybody it knows."""

    def image(self, image: RgbImage) -> Sequence[RecognisedFace]:
        """All faces in an upright picture, best first."""


@dataclass(frozen=True)
class Refusal(Exception):
    """Why a request gets no answer, and HTTP's number for it."""

    status: HTTPStatus
    why: str


class Api:
    """One model under its name; safe to use from several threads.

    Attributes:
        name: in addresses.
        token: what a client has to know.
        answered: requests so far.
    """

    def __init__(self, namer: Namer, name: str, token: str) -> None:
        self.name = name
        self.token = token
        self.answered = 0
        self._namer = namer
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()

    def allow(self, authorization: str) -> None:
        """Check the header ``Authorization``.

        Raises:
            Refusal: it does not hold the token.
        """
        kind, _, given = authorization.partition(" ")
        # in bytes: other characters than ASCII are refused by the comparison, not an error
        same = hmac.compare_digest(given.strip().encode(), self.token.encode())
        if kind.lower() != "bearer" or not same:
            raise Refusal(HTTPStatus.UNAUTHORIZED, tr("The token is missing or wrong."))

    def status(self, path: str) -> dict[str, object]:
        """The document of ``GET /v1/models/NAME``; of ``/v1/models``, what NAME is.

        Raises:
            Refusal: there is no such model.
        """
        if path == "/v1/models":
            return {"name": self.name}
        self._require_name(path)
        return {
            "model_version_status": [
                {
                    "version": VERSION,
                    "state": "AVAILABLE",
                    "status": {"error_code": "OK", "error_message": ""},
                }
            ],
            "people": list(self._namer.people),
        }

    def predict(self, path: str, body: bytes) -> dict[str, object]:
        """The document of ``POST /v1/models/NAME:predict``: a prediction for each photo, in order.

        Raises:
            Refusal: the request cannot be understood, or there is too much to do.
        """
        if not path.endswith(":predict"):
            raise Refusal(HTTPStatus.NOT_FOUND, tr("There is nothing at this address."))
        self._require_name(path.removesuffix(":predict"))
        photos = [_decoded(data, number) for number, data in enumerate(_photos_in(body))]
        if not self._places.acquire(timeout=WAIT_S):
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, tr("Too much to do; try again."))
        try:
            predictions = [_prediction(photo, self._namer.image(photo)) for photo in photos]
        except (EnvironmentFault, Cancelled) as error:
            why = str(error) or tr("It is ending.")
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, why) from error
        finally:
            self._places.release()
        with self._lock:
            self.answered += 1
        return {"predictions": predictions}

    def _require_name(self, path: str) -> None:
        if unquote(path) != f"/v1/models/{self.name}":
            raise Refusal(HTTPStatus.NOT_FOUND, tr("There is nothing at this address."))


def _photos_in(body: bytes) -> list[bytes]:
    """The files of ``{"instances": [{"b64": "…"}, …]}``."""
    try:
        document = parse(body)
        instances = document["instances"] if isinstance(document, dict) else None
        if not isinstance(instances, list) or not 0 < len(instances) <= MOST_PHOTOS:
            raise Refusal(
                HTTPStatus.BAD_REQUEST,
                tr("“instances” must be a list of 1 to {n} photos.", n=MOST_PHOTOS),
            )
        return [base64.b64decode(each["b64"], validate=True) for each in instances]
    except (StrictJsonError, KeyError, TypeError, binascii.Error, ValueError) as error:
        raise Refusal(
            HTTPStatus.BAD_REQUEST,
            tr("The request must look like {shape}.", shape='{"instances": [{"b64": "…"}]}'),
        ) from error


def _decoded(data: bytes, number: int) -> RgbImage:
    from facegui.imaging.decode import decode_bytes

    try:
        return decode_bytes(data, f"instances[{number}]").image
    except ImageError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, str(error)) from error


def _prediction(photo: RgbImage, faces: Sequence[RecognisedFace]) -> dict[str, object]:
    height, width = photo.shape[:2]
    return {"width": width, "height": height, "faces": [_face(face) for face in faces]}


def _face(face: RecognisedFace) -> dict[str, object]:
    """As ``facegui recognize --json`` tells it, with what *unknown* was decided by."""
    box, who = face.box, face.identity
    return {
        "box": [round(float(value), 2) for value in (box.x1, box.y1, box.x2, box.y2)],
        "name": who.name,
        "candidate": who.candidate,
        "probability": float(who.probability),
        "similarity": float(who.similarity),
        "threshold": float(who.threshold),
        "scores": {name: float(score) for name, score in who.scores.items()},
    }
