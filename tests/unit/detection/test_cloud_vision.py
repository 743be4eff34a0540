"""Google Cloud Vision through its real client library, against a service on this machine."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facegui.detection.cloud_vision import (
    MAX_IMAGES,
    MAX_REQUEST_BYTES,
    CloudVision,
    Patience,
    batch_size,
    check_key,
    connect,
)
from facegui.domain.cloud import CloudLabel, Likelihood
from facegui.domain.errors import CloudError, OwnerError
from facegui.domain.geometry import Box, Point, Pose
from tests.fakes.cloud_server import PATIENCE, Connect, FakeVision, grpc_vision, rest_vision
from tests.fakes.service_account import service_account_key

Serve = Callable[..., AbstractContextManager[Connect]]


@pytest.fixture
def service() -> FakeVision:
    return FakeVision()


@pytest.fixture(params=[rest_vision, grpc_vision])
def serve(request: pytest.FixtureRequest) -> Serve:
    """Either transport."""
    chosen: Serve = request.param
    return chosen


@pytest.fixture
def detector(serve: Serve, service: FakeVision) -> Iterator[CloudVision]:
    with serve(service) as connected, closing(connected()) as made:
        yield made


def jpeg(width: int = 80, height: int = 64, shade: int = 90) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), shade, np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_an_answer_says_everything_of_a_face(detector: CloudVision, service: FakeVision) -> None:
    picture = jpeg(80, 64)
    (answer,) = detector.ask([picture])

    assert service.requests == [[picture]]
    assert service.features == ("FACE_DETECTION", "LABEL_DETECTION")
    assert answer.error is None
    (face,) = answer.faces
    assert face.box == Box(30, 24, 50, 40)  # the tight polygon, not the one around the head
    assert face.pose == Pose(roll=10.0, pan=-20.5, tilt=5.25)
    assert face.score == 0.875
    assert face.joy is Likelihood.VERY_LIKELY
    assert face.sorrow is Likelihood.VERY_UNLIKELY
    assert face.anger is Likelihood.UNLIKELY
    assert face.surprise is Likelihood.POSSIBLE
    assert face.blurred is Likelihood.LIKELY
    assert face.under_exposed is Likelihood.VERY_UNLIKELY
    assert face.headwear is Likelihood.UNKNOWN
    assert answer.labels == (CloudLabel("Face", 0.75), CloudLabel("Sunglasses", 0.75))


def test_the_viewers_left_is_the_persons_right(detector: CloudVision) -> None:
    (answer,) = detector.ask([jpeg(80, 64)])
    landmarks = answer.faces[0].landmarks
    assert landmarks is not None
    assert landmarks.right_eye == pytest.approx(Point(36, 30.4))
    assert landmarks.left_eye == pytest.approx(Point(44, 30.4))
    assert landmarks.nose == pytest.approx(Point(40, 33.6))
    assert landmarks.right_mouth == pytest.approx(Point(37, 36.8))
    assert landmarks.left_mouth == pytest.approx(Point(43, 36.8))


def test_answers_keep_the_order_of_the_pictures(detector: CloudVision) -> None:
    sizes = [(80 + 8 * n, 64) for n in range(MAX_IMAGES)]
    answers = detector.ask([jpeg(width, height) for width, height in sizes])
    assert [answer.faces[0].box.x2 for answer in answers] == [w * 5 // 8 for w, _ in sizes]


def test_an_error_is_of_its_picture_alone(detector: CloudVision, service: FakeVision) -> None:
    service.errors[1] = "Bad image data."
    answers = detector.ask([jpeg(), jpeg(), jpeg()])
    assert [answer.error for answer in answers] == [None, "Bad image data.", None]
    assert [len(answer.faces) for answer in answers] == [1, 0, 1]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(
    detector: CloudVision, service: FakeVision, status: int
) -> None:
    service.failures = [status, status]
    (answer,) = detector.ask([jpeg()])
    assert len(answer.faces) == 1
    assert len(service.requests) == 3


def test_asking_again_has_an_end(serve: Serve, service: FakeVision) -> None:
    service.failures = [429] * 10_000
    hasty = Patience(answer_s=20.0, retry_s=0.2, first_pause_s=0.01)
    with (
        serve(service, hasty) as connected,
        closing(connected()) as detector,
        pytest.raises(CloudError, match="too many requests") as caught,
    ):
        detector.ask([jpeg()])
    assert not caught.value.may_be_charged
    assert len(service.requests) > 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "refuses this service account: .*not now"), (401, "key"), (400, "refuses the request")],
)
def test_a_refusal_is_told_at_once(
    detector: CloudVision, service: FakeVision, status: int, words: str
) -> None:
    service.failures = [status]
    with pytest.raises(CloudError, match=words) as caught:
        detector.ask([jpeg()])
    assert caught.value.remedy
    assert not caught.value.may_be_charged
    assert len(service.requests) == 1


def test_a_silent_service_is_not_paid_twice(serve: Serve, service: FakeVision) -> None:
    """What timed out may have been done, so it is not asked again by itself."""
    service.hang = True
    hasty = Patience(answer_s=0.3, retry_s=20.0, first_pause_s=0.01)
    with serve(service, hasty) as connected, closing(connected()) as detector:
        with pytest.raises(CloudError, match=r"did not answer within 0\.3 s") as caught:
            detector.ask([jpeg()])
        service.let_go.set()
    assert caught.value.may_be_charged
    assert len(service.requests) == 1


def test_nobody_there_is_told(serve: Serve, service: FakeVision) -> None:
    hasty = Patience(answer_s=1.0, retry_s=0.1, first_pause_s=0.01)
    with serve(service, hasty) as connected:
        detector = connected()
    with closing(detector), pytest.raises(CloudError, match="cannot be reached") as caught:
        detector.ask([jpeg()])
    assert not caught.value.may_be_charged


def test_another_number_of_answers_is_no_answer(
    detector: CloudVision, service: FakeVision, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = service.answer

    def short(request: object) -> object:
        answer = whole(request)
        del answer.responses[-1]
        return answer

    monkeypatch.setattr(service, "answer", short)
    with pytest.raises(CloudError, match="another number of photos"):
        detector.ask([jpeg(), jpeg()])


def test_closing_grpc_ends_a_question_that_waits(service: FakeVision) -> None:
    import threading

    service.hang = True
    raised: list[BaseException] = []
    with grpc_vision(service) as connected:
        detector = connected()

        def ask() -> None:
            try:
                detector.ask([jpeg()])
            except CloudError as error:
                raised.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        assert service.arrived.wait(60)
        detector.close()
        asking.join(60)
        assert not asking.is_alive()
    assert isinstance(raised[0], CloudError)
    assert raised[0].may_be_charged


# Sizes of requests


def test_a_request_takes_sixteen_small_pictures() -> None:
    assert batch_size([1000] * 40) == MAX_IMAGES
    assert batch_size([1000] * 3) == 3


def test_large_pictures_go_fewer_at_a_time() -> None:
    size = 2_000_000
    count = batch_size([size] * MAX_IMAGES)
    assert count == 3
    encoded = size * 4 / 3
    assert count * encoded < MAX_REQUEST_BYTES < (count + 1) * encoded


def test_the_real_request_stays_below_the_limit(service: FakeVision) -> None:
    """Measured at the service, as JSON over HTTP: base64, field names and all."""
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1600, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG", quality=88)
    pictures = [buffer.getvalue()] * MAX_IMAGES
    count = batch_size([len(picture) for picture in pictures])
    assert 1 < count < MAX_IMAGES
    with rest_vision(service) as connected, closing(connected()) as detector:
        assert len(detector.ask(pictures[:count])) == count
    from google.cloud import vision  # noqa: TID251 - what the wire carries

    sent = vision.BatchAnnotateImagesRequest(
        requests=[{"image": {"content": picture}} for picture in pictures[:count]]
    )
    assert len(vision.BatchAnnotateImagesRequest.to_json(sent)) < MAX_REQUEST_BYTES


# The key


def test_a_key_makes_a_client_without_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    path = service_account_key(tmp_path / "key.json")
    connect(path, PATIENCE).close()
    assert check_key(path) == "finder@example-project.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[]", "not the key of a service account"),
        (b'{"type": "authorized_user", "client_secret": "s3cret"}', "not the key of a service"),
        (b'{"type": "service_account", "private_key": "s3cret"}', "client_email"),
    ],
)
def test_a_file_that_is_no_key_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content)
    for use in (check_key, connect):
        with pytest.raises(OwnerError, match=words) as caught:
            use(path)
        assert str(path) in caught.value.message
        assert "Service accounts" in caught.value.remedy
        assert "s3cret" not in str(caught.value)


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OwnerError, match="No such file"):
        check_key(tmp_path / "gone.json")


def test_a_damaged_private_key_is_told_without_quoting_it(tmp_path: Path) -> None:
    path = service_account_key(tmp_path / "key.json")
    content = json.loads(path.read_text())
    content["private_key"] = "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n"
    path.write_text(json.dumps(content))
    with pytest.raises(OwnerError, match="private key cannot be read") as caught:
        connect(path)
    assert "s3cret" not in str(caught.value)


def test_a_refused_token_is_about_the_key(service: FakeVision) -> None:
    """gRPC calls it unavailable when the credentials give no token; asking again is no use."""
    from google.api_core import exceptions

    from facegui.detection.cloud_faults import cloud_faults, worth_another_try

    text = "Getting metadata from plugin failed with error: invalid_grant"
    error = exceptions.ServiceUnavailable(text)
    assert not worth_another_try(error)
    with pytest.raises(CloudError, match="does not accept"), cloud_faults(1.0):
        raise error


def test_scanning_never_imports_the_client_library() -> None:
    code = (
        "import sys, facegui.services.scanning.scan, "
        "facegui.services.cloud.ask, facegui.services.cloud.faces;"
        "print([m for m in sys.modules if m.startswith(('google.cloud', 'google.api', 'grpc'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
