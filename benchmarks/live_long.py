"""Whether live video grows: memory, threads and open files of the real page, minute by minute.

Plays the video of ``benchmarks/live.py`` through the live page offscreen for so many minutes, half
of them as a stream of motion JPEGs from another process and half as a file that is opened again
whenever it has ended. With the log of who was seen on, as it is the one thing that could pile up.
Prints a line a minute and, from the second minute on, the straight line through the memory and what
it comes to in two hours (target: under 50 MB). Linux only. One command::

    FACEGUI_TEST_PHOTOS=… python benchmarks/live_long.py [MINUTES] [BUNDLE]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from live import FPS, moving, portraits, write_video
from PySide6.QtCore import QSettings, QTimer

from facegui.__main__ import make_tools
from facegui.domain.detection import VIDEO
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.live.page import LivePage
from facegui.gui.settings import AppSettings
from facegui.imaging.cv import cv2
from facegui.services.tools import Tools

MINUTES = 10.0
TURN_S = 30.0
"""How long the stream is watched, and then the file."""

TWO_HOURS_MIN = 120
TARGET_MB = 50


def main() -> int:
    """Print the growth; 2 when there are no photos."""
    if sys.argv[1:2] == ["--serve"]:
        return serve(Path(sys.argv[2]), Path(sys.argv[3]))
    folder = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not folder:
        print("Set FACEGUI_TEST_PHOTOS to a folder with photos.", file=sys.stderr)
        return 2
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    bundle = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    tools = make_tools()
    with tempfile.TemporaryDirectory() as place:
        video = Path(place) / "live.avi"
        command = [sys.executable, __file__, "--serve", folder, str(video)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            try:
                report(watch(tools, minutes, bundle, [address, str(video)], Path(place)))
            finally:
                server.kill()
    tools.close()
    return 0


def serve(folder: Path, video: Path) -> int:
    """Make *video* and send it over HTTP as motion JPEGs again and again, until killed.

    Prints the address when it is ready. In a process of its own, so that the other one's memory is
    that of the page.
    """
    tools = make_tools()
    write_video(video, list(moving(portraits(folder, tools.finder(VIDEO)))))
    tools.close()
    capture = cv2.VideoCapture(str(video), cv2.CAP_FFMPEG)
    pictures = []
    while (read := capture.read())[0]:
        pictures.append(cv2.imencode(".jpg", read[1])[1].tobytes())
    capture.release()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=frame")
            self.end_headers()
            number = 0
            while True:
                jpeg = pictures[number % len(pictures)]
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                try:
                    self.wfile.write(head.encode() + jpeg + b"\r\n")
                except OSError:
                    return  # the client has gone
                number += 1
                time.sleep(1 / FPS)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}/video.mjpg", flush=True)
    server.serve_forever()
    return 0


def watch(
    tools: Tools, minutes: float, bundle: Path | None, sources: list[str], place: Path
) -> list[tuple[float, float]]:
    """Watch the *sources* in turn; minutes and megabytes at the end of each minute."""
    app = make_application()
    context = AppContext(tools)
    settings = AppSettings(QSettings(str(place / "settings.ini"), QSettings.Format.IniFormat))
    settings.live_folder = place / "kept"
    page = LivePage(context, settings=settings)
    page.resize(1100, 740)
    page.show()
    if bundle is not None:
        page.models.open_bundle(bundle)
        while context.lanes.busy():
            app.processEvents()
    page.keeping.keep_log(on=True)
    shown = [0]
    page.frame_shown.connect(lambda _frame: shown.__setitem__(0, shown[0] + 1))
    page.ended.connect(lambda: QTimer.singleShot(0, page.start))
    turns, samples, started = 0, [], time.monotonic()
    print("minute  memory MB  threads  open files  pictures  times opened")
    while (now := time.monotonic() - started) < 60 * minutes:
        if now >= turns * TURN_S:
            page.sources.add(sources[turns % len(sources)])
            turns += 1
        app.processEvents()
        time.sleep(0.002)
        if now >= 60 * (len(samples) + 1):
            samples.append((now / 60, memory_mb()))
            files = len(list(Path("/proc/self/fd").iterdir()))
            print(
                f"{len(samples):6}  {samples[-1][1]:9.1f}  {threading.active_count():7}"
                f"  {files:10}  {shown[0]:8}  {turns:12}",
                flush=True,
            )
    page.ended.disconnect()
    page.stop()
    page.leave()
    context.lanes.close()
    page.deleteLater()
    return samples


def memory_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def report(samples: list[tuple[float, float]]) -> None:
    """Print the growth from the second minute on, and what it comes to."""
    settled = np.array(samples[1:])
    if len(settled) < 2:
        print("too short to tell of growth")
        return
    slope = float(np.polyfit(settled[:, 0], settled[:, 1], 1)[0])
    half = settled[len(settled) // 2 :]
    late = float(np.polyfit(half[:, 0], half[:, 1], 1)[0]) if len(half) > 1 else slope
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"grown by {settled[-1, 1] - settled[0, 1]:.1f} MB in {len(settled) - 1} minutes")
    print(
        f"straight line: {slope:.2f} MB a minute, {slope * TWO_HOURS_MIN:.0f} MB in two hours;"
        f" of the second half: {late * TWO_HOURS_MIN:.0f} MB (target < {TARGET_MB})"
    )


if __name__ == "__main__":
    sys.exit(main())
