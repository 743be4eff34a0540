"""Documents in, documents out, and every request that cannot be answered refused."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus

import numpy as np
import pytest

from facegui.domain.entities import RgbImage
from facegui.domain.errors import EngineError
from facegui.domain.geometry import Box
from facegui.domain.recognition import Identity, RecognisedFace
from facegui.imaging.thumbnail import jpeg_bytes
from facegui.services.serving.api import MOST_PHOTOS, Api, Refusal
from tests.fakes.faces import square

PREDICT = "/v1/models/my%20friends:predict"
PHOTO = base64.b64encode(jpeg_bytes(np.zeros((40, 60, 3), np.uint8))).decode()


class OneFace:
    """Sees the same face in every photo."""

    people = ("Ann", "Bob")

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def image(self, image: RgbImage) -> tuple[RecognisedFace, ...]:
        if self._error is not None:
            raise self._error
        found = square(0, 0)
        who = Identity(None, "Ann", 0.75, {"Ann": 0.75, "Bob": 0.25}, 0.25, 0.5)
        return (RecognisedFace(Box(1.239, 2, 30, 40), found.landmarks, 0.9, who),)


@pytest.fixture
def api() -> Api:
    return Api(OneFace(), "my friends", "sesame")


def asked(*photos: object) -> bytes:
    return json.dumps({"instances": [{"b64": photo} for photo in photos]}).encode()


def test_a_prediction_for_each_photo(api: Api) -> None:
    found = api.predict(PREDICT, asked(PHOTO, PHOTO))
    face = {
        "box": [1.24, 2.0, 30.0, 40.0],
        "name": None,
        "candidate": "Ann",
        "probability": 0.75,
        "similarity": 0.25,
        "threshold": 0.5,
        "scores": {"Ann": 0.75, "Bob": 0.25},
    }
    photo = {"width": 60, "height": 40, "faces": [face]}
    assert found == {"predictions": [photo, photo]}
    assert api.answered == 1


def test_the_status_says_that_it_is_there(api: Api) -> None:
    assert api.status("/v1/models") == {"name": "my friends"}
    found = api.status("/v1/models/my%20friends")
    assert found["people"] == ["Ann", "Bob"]
    (version,) = found["model_version_status"]  # type: ignore[misc]
    assert version["state"] == "AVAILABLE"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"instances": {}}',
        b'{"instances": []}',
        b'{"instances": [3]}',
        b'{"instances": [{"b64": 3}]}',
        b'{"instances": [{"b64": "%%%"}]}',
        b'{"instances": [{"c": ""}]}',
        b'{"instances": [], "instances": []}',
        b"[" * 100_000,
        asked(""),
        asked(base64.b64encode(b"no picture").decode()),
        asked(*[PHOTO] * (MOST_PHOTOS + 1)),
    ],
)
def test_what_cannot_be_understood_is_refused(api: Api, body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        api.predict(PREDICT, body)
    assert refused.value.status is HTTPStatus.BAD_REQUEST
    assert refused.value.why


@pytest.mark.parametrize("path", ["/", "/v1/models/x:predict", "/v1/models/my%20friends"])
def test_only_this_model_is_there(api: Api, path: str) -> None:
    with pytest.raises(Refusal) as refused:
        api.predict(path, asked(PHOTO))
    assert refused.value.status is HTTPStatus.NOT_FOUND


def test_an_engine_that_died_is_told_of_and_the_next_request_finds_a_place() -> None:
    api = Api(OneFace(EngineError("gone", "again")), "m", "t")
    for _ in range(6):  # more than there are places
        with pytest.raises(Refusal) as refused:
            api.predict("/v1/models/m:predict", asked(PHOTO))
        assert refused.value.status is HTTPStatus.SERVICE_UNAVAILABLE
        assert "gone" in refused.value.why


def test_the_token_has_to_be_right(api: Api) -> None:
    api.allow("Bearer sesame")
    api.allow("bearer  sesame ")
    for wrong in ("", "sesame", "Basic sesame", "Bearer", "Bearer sesam", "Bearer sésame"):
        with pytest.raises(Refusal) as refused:
            api.allow(wrong)
        assert refused.value.status is HTTPStatus.UNAUTHORIZED
