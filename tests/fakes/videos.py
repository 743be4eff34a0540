"""Stand-ins for cameras that really work: video files, image sequences and an MJPEG server."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from facegui.domain.entities import RgbImage
from facegui.imaging.cv import cv2

RED, GREEN, BLUE = (230, 20, 20), (20, 200, 20), (20, 20, 230)


def plain(colour: tuple[int, int, int], width: int = 64, height: int = 48) -> RgbImage:
    """A picture of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


def write_avi(path: Path, frames: Sequence[RgbImage], fps: float = 25.0) -> Path:
    """An AVI of motion JPEGs, which every build of OpenCV writes and reads."""
    height, width = frames[0].shape[:2]
    fourcc = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), fourcc, fps, (width, height))
    assert writer.isOpened()
    for frame in frames:
        writer.write(frame[:, :, ::-1])
    writer.release()
    return path


def write_sequence(folder: Path, frames: Sequence[RgbImage]) -> str:
    """``seq_0000.jpg`` and so on; returns the pattern that stands for them."""
    for number, frame in enumerate(frames):
        cv2.imwrite(str(folder / f"seq_{number:04d}.jpg"), frame[:, :, ::-1])
    return str(folder / "seq_%04d.jpg")


@dataclass
class MjpegServer:
    """An HTTP camera on 127.0.0.1 that can be told to misbehave.

    Attributes:
        stalled: while set, it stays connected and sends nothing.
        dropping: while set, connections are cut and new ones refused with 503.
        connections: how many clients have come so far.
    """

    picture: RgbImage
    interval_s: float = 0.02
    stalled: threading.Event = field(default_factory=threading.Event)
    dropping: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    connections: int = 0
    url: str = ""

    def parts(self) -> Iterator[bytes]:
        """The bytes of one part after another, at the camera's pace."""
        _, jpeg = cv2.imencode(".jpg", self.picture[:, :, ::-1])
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        while not self.closing.wait(self.interval_s) and not self.dropping.is_set():
            if not self.stalled.is_set():
                yield head.encode() + jpeg.tobytes() + b"\r\n"


@contextmanager
def mjpeg_server(picture: RgbImage) -> Iterator[MjpegServer]:
    """A running `MjpegServer`; every connection has ended when the block ends."""
    camera = MjpegServer(picture)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            camera.connections += 1
            if camera.dropping.is_set():
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=frame")
            self.end_headers()
            try:
                for part in camera.parts():
                    self.wfile.write(part)
            except OSError:
                return  # the client has gone

        def log_message(self, *args: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    camera.url = f"http://127.0.0.1:{server.server_port}/video.mjpg"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield camera
    finally:
        camera.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
