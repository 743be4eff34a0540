"""Live video through the real page: pictures a second, processing, latency, and time to a name.

Makes an AVI (640 × 480, 30 frames a second) out of photos in ``FACEGUI_TEST_PHOTOS``: two people
side by side who sway and breathe. Every few seconds two others come, half of the time after an
empty picture and half of the time by a cut. Each frame carries its number in a row of blocks at its
lower edge, so that what is on the screen tells which frame of the video it is. The page plays it
offscreen; the figures stand beside their targets, the floor (finding and embedding measured alone
on the same frames) and the processor time spent. One command::

    FACEGUI_TEST_PHOTOS=… python benchmarks/live.py [BUNDLE]...
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QElapsedTimer, QSettings, QTimer

from facegui.__main__ import make_tools
from facegui.domain.detection import VIDEO
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.ports import FaceFinder
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.face_view import FaceView
from facegui.gui.live import page as live_page
from facegui.gui.live.mailbox import ShownFrame
from facegui.gui.live.page import LivePage
from facegui.gui.settings import AppSettings
from facegui.imaging.align import box_crop
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.services.recognising import live as live_service
from facegui.services.recognising.live_watch import LiveFrame, Watcher
from facegui.services.tools import Tools

WIDTH, HEIGHT, FPS = 640, 480, 30
HALF = WIDTH // 2
SEGMENTS = 12
SEGMENT = 3 * FPS
"""Frames until two others come."""

EMPTY = FPS // 2
"""Frames without anybody at the start of every second segment."""

BLOCK_PX, BITS = 8, 12
TICK_MS = 10
WARM_UP = SEGMENT
"""Frames that are not counted: networks are loaded, and an engine may start."""


def main() -> int:
    """Print the figures; 2 when there are no photos."""
    folder = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not folder:
        print("Set FACEGUI_TEST_PHOTOS to a folder with photos.", file=sys.stderr)
        return 2
    bundles = [Path(name) for name in sys.argv[1:]] or [None]
    tools = make_tools()
    app = make_application()
    with tempfile.TemporaryDirectory() as place:
        video = Path(place) / "live.avi"
        frames = list(moving(portraits(Path(folder), tools.finder(VIDEO))))
        write_video(video, frames)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        (find_ms, embed_ms), faces = floor(tools.finder(VIDEO), frames[EMPTY :: FPS // 3])
        print(f"{WIDTH} × {HEIGHT} at {FPS} a second, {faces:.1f} faces a frame")
        print(f"floor, alone: find {find_ms:.1f} ms a frame, embed {embed_ms:.1f} ms a face")
        for bundle in bundles:
            print(f"\n{bundle.name if bundle else 'no model: boxes only'}")
            report(play(app, tools, video, bundle, Path(place)), named=bundle is not None)
    tools.close()
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
    left = right = np.zeros((HEIGHT, HEIGHT, 3), np.uint8)
    for number in range(SEGMENTS * SEGMENT):
        if number % SEGMENT == 0:
            left, right = next(people), next(people)
        frame = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        if shows_faces(number):
            sway = round(20 * np.sin(number / 15))
            for start, person in ((0, left), (HALF, right)):
                first = (HEIGHT - HALF) // 2 + sway * (1 if start else -1)
                frame[:, start : start + HALF] = person[:, first : first + HALF]
        yield with_number(frame, number)


def shows_faces(number: int) -> bool:
    """Whether somebody is in the frame *number*."""
    segment, within = divmod(number, SEGMENT)
    return segment % 2 == 1 or within >= EMPTY


def with_number(frame: RgbImage, number: int) -> RgbImage:
    """*frame* with *number* as black and white blocks at its lower edge, lowest bit first."""
    for bit in range(BITS):
        colour = 255 if number >> bit & 1 else 0
        frame[-BLOCK_PX:, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = colour
    return frame


def number_of(frame: RgbImage) -> int:
    """What `with_number` wrote, after compression."""
    row = frame[-BLOCK_PX // 2, BLOCK_PX // 2 : BITS * BLOCK_PX : BLOCK_PX, 0]
    return sum(1 << bit for bit, value in enumerate(row) if value > 127)


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


@dataclass
class Played:
    """What was measured; times in seconds on the monotonic clock.

    Attributes:
        painted: when each picture was on the screen, and the picture.
        work: wall and processor seconds of finding and following in each frame.
        gaps_ms: by which ticks of the event loop came late.
        cpu_s: processor time of this process from the first counted picture to the last.
    """

    painted: list[tuple[float, ShownFrame]] = field(default_factory=list)
    work: list[tuple[float, float]] = field(default_factory=list)
    gaps_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


def play(app: object, tools: Tools, video: Path, bundle: Path | None, place: Path) -> Played:
    """Play *video* through the real page."""
    played = Played()
    context = AppContext(tools)
    live_page.FaceView = timed_view(played)
    live_service.Watcher = timed_watcher(played)
    settings = AppSettings(QSettings(str(place / "settings.ini"), QSettings.Format.IniFormat))
    page = LivePage(context, settings=settings)
    page.resize(1100, 740)
    page.show()
    if bundle is not None:
        page.models.open_bundle(bundle)
        while context.lanes.busy():
            app.processEvents()
    if bundle is not None and page.models.bundle != bundle:
        print("this bundle was refused: boxes only")
    elif bundle is not None:
        warm_engine(app, page, video)
    watch_event_loop(page, played)
    page.frame_shown.connect(lambda frame: setattr(page.view, "shown", frame))
    page.ended.connect(app.quit)
    started = time.process_time()
    page.sources.add(str(video))
    app.exec()
    played.cpu_s = time.process_time() - started
    page.leave()
    context.lanes.close()
    page.deleteLater()
    return played


def warm_engine(app: object, page: LivePage, video: Path) -> None:
    """Play until the first name: the process of a convolutional network takes seconds to start."""
    page.sources.add(str(video))
    while page.running and not any(face.identity for face in page.view.faces):
        app.processEvents()
    page.stop()
    while page.running:
        app.processEvents()


def timed_view(played: Played) -> type[FaceView]:
    """A view that takes down when it has painted what."""

    class TimedView(FaceView):
        shown: ShownFrame | None = None

        def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
            super().paintEvent(event)
            if self.shown is not None and (
                not played.painted or played.painted[-1][1] is not self.shown
            ):
                played.painted.append((time.monotonic(), self.shown))

    return TimedView


def timed_watcher(played: Played) -> type[Watcher]:
    """A watcher that takes down how long each frame took."""

    class TimedWatcher(Watcher):
        def look_at(self, frame: object) -> LiveFrame:
            wall, cpu = time.perf_counter(), time.thread_time()
            seen = super().look_at(frame)
            played.work.append((time.perf_counter() - wall, time.thread_time() - cpu))
            return seen

    return TimedWatcher


def watch_event_loop(page: LivePage, played: Played) -> None:
    """Take down by how much each tick of a timer comes late."""
    clock = QElapsedTimer()
    clock.start()
    ticker = QTimer(page, interval=TICK_MS)
    ticker.timeout.connect(lambda: played.gaps_ms.append(clock.restart() - TICK_MS))
    ticker.start()


def report(played: Played, *, named: bool) -> None:
    """Print the figures beside their targets."""
    counted = [(at, frame) for at, frame in played.painted if number_of(frame.pixels) >= WARM_UP]
    seconds = counted[-1][0] - counted[0][0]
    latency = 1000 * np.array([at - frame.taken_at for at, frame in counted])
    wall, cpu = 1000 * np.array(played.work[-len(counted) :]).T
    print(f"shown: {(len(counted) - 1) / seconds:.1f} of {FPS} pictures a second (target ≥ 25)")
    print(f"processing a frame: {quantiles(wall)} ms (target p99 < 33); processor {quantiles(cpu)}")
    print(f"from a frame's arrival to its boxes on the screen: {quantiles(latency)} ms (p99 < 80)")
    if named:
        for what, times in naming_times(counted).items():
            print(f"to a name, {what}: {quantiles(np.array(times))} ms of {len(times)} (< 300)")
    print(f"event loop late: {quantiles(np.array(played.gaps_ms))} ms")
    print(f"processor time: {100 * played.cpu_s / (SEGMENTS * SEGMENT / FPS):.0f} % of one core")


def naming_times(counted: Sequence[tuple[float, ShownFrame]]) -> dict[str, list[float]]:
    """Milliseconds from the first picture that shows a face until the name that it ends with."""
    times: dict[str, list[float]] = {"after an empty picture": [], "after a cut": []}
    for segment in range(WARM_UP // SEGMENT, SEGMENTS):
        mine = [
            (at, frame)
            for at, frame in counted
            if number_of(frame.pixels) // SEGMENT == segment
            and shows_faces(number_of(frame.pixels))
        ]
        for side in (0, 1):
            said = [(at, name_at(frame, side)) for at, frame in mine]
            ends_with = Counter(name for _, name in said[-FPS:]).most_common(1)[0][0]
            named = next((at for at, name in said if name == ends_with), None)
            if ends_with is not None and named is not None:
                what = "after a cut" if segment % 2 else "after an empty picture"
                times[what].append(1000 * (named - mine[0][0]))
    return times


def name_at(frame: ShownFrame, side: int) -> str | None:
    """What stands over the face in the left (0) or right (1) half; None while nothing does."""
    for face in frame.faces:
        if (face.box.centre[0] >= HALF) == bool(side) and face.identity is not None:
            return face.identity.name or "unknown"
    return None


def quantiles(values: np.ndarray) -> str:
    """Median, 99th percentile and maximum."""
    if not len(values):
        return "nothing measured"
    p50, p99 = np.percentile(values, [50, 99])
    return f"p50 {p50:.1f}, p99 {p99:.1f}, max {values.max():.1f}"


if __name__ == "__main__":
    sys.exit(main())
