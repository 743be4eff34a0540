"""Live video: frames a second shown by the real page, and what the work on a frame costs.

Makes an AVI (640 × 480, 30 frames a second) out of photos in ``FACEGUI_TEST_PHOTOS``, two people
side by side and moving, plays it through the live page offscreen, and prints the figures beside
their floor: finding and embedding measured alone on the same frames. One command::

    FACEGUI_TEST_PHOTOS=… python benchmarks/live.py [BUNDLE]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QElapsedTimer, QTimer

from facegui.__main__ import make_tools
from facegui.domain.detection import VIDEO
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.ports import FaceFinder
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.live.page import LivePage
from facegui.imaging.align import box_crop
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.services.tools import Tools

WIDTH, HEIGHT, FPS, SECONDS = 640, 480, 30, 15
HALF = WIDTH // 2
PERSON_S = 3
"""Seconds until somebody else comes in."""

TICK_MS = 10


def main() -> int:
    """Print the figures; 2 when there are no photos."""
    folder = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not folder:
        print("Set FACEGUI_TEST_PHOTOS to a folder with photos.", file=sys.stderr)
        return 2
    bundle = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    tools = make_tools()
    with tempfile.TemporaryDirectory() as place:
        video = Path(place) / "live.avi"
        frames = list(moving(portraits(Path(folder), tools.finder(VIDEO))))
        write_video(video, frames)
        floor_ms, faces = floor(tools.finder(VIDEO), frames[:: FPS // 3])
        print(f"frames of {WIDTH}×{HEIGHT} with {faces:.1f} faces on average")
        print(f"floor: find {floor_ms[0]:.1f} ms a frame, embed {floor_ms[1]:.1f} ms a face, alone")
        play(tools, video, bundle)
    return 0


def portraits(folder: Path, finder: FaceFinder) -> Iterator[RgbImage]:
    """Squares around single faces, from folders with a name in turn."""
    for path in sorted(folder.glob("messy/photos/*/00*.jpg"), key=lambda path: path.name):
        try:
            image = decode(path).image
        except ImageError:
            continue
        faces = finder.find(image)
        if len(faces) == 1 and faces[0].box.width >= 60:
            yield box_crop(image, faces[0].box, HEIGHT, 0.5)


def moving(people: Iterator[RgbImage]) -> Iterator[RgbImage]:
    """Two people side by side who sway, and change every few seconds."""
    for number in range(SECONDS * FPS):
        if number % (PERSON_S * FPS) == 0:
            left, right = next(people), next(people)
        sway = round(20 * np.sin(number / 15))
        frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for start, person in ((0, left), (HALF, right)):
            first = (HEIGHT - HALF) // 2 + sway
            frame[:, start : start + HALF] = person[:, first : first + HALF]
        yield frame


def write_video(path: Path, frames: Sequence[RgbImage]) -> None:
    """An AVI of motion JPEGs."""
    fourcc = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), fourcc, FPS, (WIDTH, HEIGHT))
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()


def floor(finder: FaceFinder, frames: Sequence[RgbImage]) -> tuple[tuple[float, float], float]:
    """Milliseconds to find and to embed with nothing else running, and faces a frame."""
    finder.embed(frames[0], finder.find(frames[0])[0])
    started = time.perf_counter()
    found = [finder.find(frame) for frame in frames]
    between = time.perf_counter()
    for frame, faces in zip(frames, found, strict=True):
        for face in faces:
            finder.embed(frame, face)
    count = sum(map(len, found))
    find_ms = 1000 * (between - started) / len(frames)
    embed_ms = 1000 * (time.perf_counter() - between) / max(count, 1)
    return (find_ms, embed_ms), count / len(frames)


def play(tools: Tools, video: Path, bundle: Path | None) -> None:
    """Play *video* through the real page and print what it reached."""
    app = make_application()
    context = AppContext(tools)
    page = LivePage(context)
    page.resize(1280, 800)
    page.show()
    if bundle is not None:
        page.models.open_bundle(bundle)
        while context.lanes.busy():
            app.processEvents()
    gaps = watch_event_loop(page)
    shown: list[tuple[float, float]] = []
    page.frame_shown.connect(lambda frame: shown.append((time.monotonic(), frame.latency_ms)))
    page.ended.connect(app.quit)
    page.sources.add(str(video))
    app.exec()
    seconds = shown[-1][0] - shown[FPS][0]
    latency = np.array([latency for _, latency in shown[FPS:]])
    print(f"shown: {(len(shown) - FPS - 1) / seconds:.1f} of {FPS} frames a second")
    print(f"from a frame to its boxes: {quantiles(latency)} ms")
    print(f"longest gap in the event loop: {max(gaps):.0f} ms")
    page.leave()
    context.lanes.close()
    tools.close()
    page.deleteLater()


def watch_event_loop(page: LivePage) -> list[float]:
    """Milliseconds by which each tick of a timer came late."""
    gaps: list[float] = [0.0]
    clock = QElapsedTimer()
    clock.start()
    ticker = QTimer(page, interval=TICK_MS)
    ticker.timeout.connect(lambda: gaps.append(clock.restart() - TICK_MS))
    ticker.start()
    return gaps


def quantiles(values: np.ndarray) -> str:
    """Median, 99th percentile and maximum."""
    p50, p99 = np.percentile(values, [50, 99])
    return f"p50 {p50:.1f}, p99 {p99:.1f}, max {values.max():.1f}"


if __name__ == "__main__":
    sys.exit(main())
