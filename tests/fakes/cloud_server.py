"""A stand-in for Google Cloud Vision on this machine, spoken to through the real client library.

`FakeVision` is the service; `rest_vision` and `grpc_vision` put it behind either transport and
give a client for it.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from PIL import Image

from facegui.detection.cloud_vision import CloudVision, Patience

PATIENCE = Patience(answer_s=20.0, retry_s=20.0, first_pause_s=0.01)
_GRPC_OF_HTTP = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    503: grpc.StatusCode.UNAVAILABLE,
}


@dataclass
class FakeVision:
    """The service: answers every picture alike, or fails as it is told.

    Attributes:
        failures: HTTP statuses to answer the next requests with.
        errors: for the n-th picture ever seen, from 0: the error it gets in place of an answer.
        labels: what it sees in every picture.
        hang: while set, no answer comes until `let_go`.
        requests: the JPEGs of each request that came, failed ones too.
        features: names of the features asked for with the first picture.
    """

    failures: list[int] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ("Face", "Sunglasses")
    hang: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)
    requests: list[list[bytes]] = field(default_factory=list)
    features: tuple[str, ...] = ()

    @property
    def pictures(self) -> list[bytes]:
        """Every JPEG that came, in order."""
        return [jpeg for request in self.requests for jpeg in request]

    def take(self, request: Any) -> int | None:
        """Note a request; the status it shall fail with, or None."""
        seen = len(self.pictures)
        self.requests.append([one.image.content for one in request.requests])
        self.features = tuple(feature.type_.name for feature in request.requests[0].features)
        self._first = seen
        self.arrived.set()
        if self.hang:
            self.let_go.wait()
        return self.failures.pop(0) if self.failures else None

    def answer(self, request: Any) -> Any:
        """A face a quarter of the picture wide in the middle of each picture."""
        from google.cloud import vision

        return vision.BatchAnnotateImagesResponse(
            responses=[
                self._one(number, one.image.content)
                for number, one in enumerate(request.requests, self._first)
            ]
        )

    def _one(self, number: int, jpeg: bytes) -> Any:
        from google.cloud import vision

        if number in self.errors:
            return vision.AnnotateImageResponse(error={"code": 3, "message": self.errors[number]})
        width, height = Image.open(io.BytesIO(jpeg)).size
        return vision.AnnotateImageResponse(
            face_annotations=[face_annotation(width, height)],
            label_annotations=[
                vision.EntityAnnotation(description=text, score=0.75) for text in self.labels
            ],
        )


def face_annotation(width: int, height: int) -> Any:
    """The face that the fake finds in a picture of this size."""
    from google.cloud import vision

    x1, y1, x2, y2 = width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8
    corners = ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
    points = {
        "LEFT_EYE": (0.3, 0.4),
        "RIGHT_EYE": (0.7, 0.4),
        "NOSE_TIP": (0.5, 0.6),
        "MOUTH_LEFT": (0.35, 0.8),
        "MOUTH_RIGHT": (0.65, 0.8),
        "CHIN_GNATHION": (0.5, 1.0),
    }
    return vision.FaceAnnotation(
        bounding_poly={"vertices": [{"x": x * 9 // 10, "y": y} for x, y in corners]},
        fd_bounding_poly={"vertices": [{"x": x, "y": y} for x, y in corners]},
        landmarks=[
            {
                "type_": name,
                "position": {"x": x1 + u * (x2 - x1), "y": y1 + v * (y2 - y1), "z": 0.1},
            }
            for name, (u, v) in points.items()
        ],
        roll_angle=10.0,
        pan_angle=-20.5,
        tilt_angle=5.25,
        detection_confidence=0.875,
        landmarking_confidence=0.5,
        joy_likelihood="VERY_LIKELY",
        sorrow_likelihood="VERY_UNLIKELY",
        anger_likelihood="UNLIKELY",
        surprise_likelihood="POSSIBLE",
        blurred_likelihood="LIKELY",
        under_exposed_likelihood="VERY_UNLIKELY",
        headwear_likelihood="UNKNOWN",
    )


Connect = Callable[[], CloudVision]


@contextmanager
def rest_vision(service: FakeVision, patience: Patience = PATIENCE) -> Iterator[Connect]:
    """*service* behind HTTP with JSON; gives a function that makes a detector for it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            from google.cloud import vision

            assert self.path.startswith("/v1/images:annotate")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = vision.BatchAnnotateImagesRequest.from_json(body)
            status = service.take(request)
            if status is None:
                status, text = 200, type(answered := service.answer(request)).to_json(answered)
            else:
                text = json.dumps({"error": {"code": status, "message": "not now"}})
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())
            except OSError:  # the client has gone, as a time-out makes it do
                pass

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def connect() -> CloudVision:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import vision

        client = vision.ImageAnnotatorClient(
            transport="rest",
            credentials=AnonymousCredentials(),
            client_options={"api_endpoint": f"http://127.0.0.1:{server.server_port}"},
        )
        return CloudVision(client, patience)

    try:
        yield connect
    finally:
        service.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def grpc_vision(service: FakeVision, patience: Patience = PATIENCE) -> Iterator[Connect]:
    """*service* behind gRPC; gives a function that makes a detector for it."""
    from google.cloud import vision
    from google.cloud.vision_v1.services.image_annotator.transports import (
        ImageAnnotatorGrpcTransport,
    )

    def annotate(request: Any, context: grpc.ServicerContext) -> Any:
        status = service.take(request)
        if status is not None:
            context.abort(_GRPC_OF_HTTP[status], "not now")
        return service.answer(request)

    handler = grpc.unary_unary_rpc_method_handler(
        annotate,
        request_deserializer=vision.BatchAnnotateImagesRequest.deserialize,
        response_serializer=vision.BatchAnnotateImagesResponse.serialize,
    )
    name = "google.cloud.vision.v1.ImageAnnotator"
    pool = ThreadPoolExecutor(4)
    server = grpc.server(pool, options=[("grpc.max_receive_message_length", 20_000_000)])
    methods = {"BatchAnnotateImages": handler}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(name, methods)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    def connect() -> CloudVision:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        transport = ImageAnnotatorGrpcTransport(channel=channel)
        return CloudVision(vision.ImageAnnotatorClient(transport=transport), patience)

    try:
        yield connect
    finally:
        service.let_go.set()
        server.stop(0).wait()
        pool.shutdown()
