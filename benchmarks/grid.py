"""The review page with 100,000 faces: first paint, scrolling, decisions, memory.

One command::

    python benchmarks/grid.py [FACES] [LIBRARY]

Real widgets on the offscreen platform, a real library and real thumbnail files; each figure stands
beside its target and the ratio to it (below 1 is better), and beside the load of the machine, which
the figures suffer from. With LIBRARY (kept for the next run, made when absent) the filling, which
takes a minute, is done once.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QCoreApplication, QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest

from facegui.domain.entities import Decision, FaceProposal
from facegui.domain.geometry import Pose
from facegui.domain.queries import Change, FaceFilter, NewPhoto
from facegui.gui.app import make_application
from facegui.gui.context import AppContext
from facegui.gui.review.models import Arrangement, TileModel
from facegui.gui.review.page import ReviewPage
from facegui.gui.review.tiles import FaceTile, face_tiles
from facegui.services.libraries import Library, create_library, open_library
from facegui.services.scanning.thumbnails import Thumbnails
from tests.fakes.faces import fake_tools
from tests.fakes.proposals import proposal, scanned
from tests.fakes.review_library import LEFT, write_photo

PICTURES = 64
"""Different photo contents, shared by all photos: every tile loads a file from the cache."""

BATCH = 1000
SIZE_PX = (1090, 740)  # what a window of 1280 × 800 leaves the page
BULK = 10_000
FRAME_S = 1 / 60


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    app = make_application()
    with tempfile.TemporaryDirectory() as place:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place) / "grid.facegui"
        if not path.exists():
            fill(path, Path(place), count)
        print(f"{count:,} faces, window 1280 × 800; load {os.getloadavg()[0]:.1f}")
        context = AppContext(fake_tools())
        page = ReviewPage(context)
        page.resize(*SIZE_PX)
        page.show()
        page.activateWindow()
        app.processEvents()
        library = open_library(path)
        first_paint(context, page, library)
        million(page, library)
        before = memory_mb()
        scrolling(context, page)
        report("memory grown by scrolling", memory_mb() - before, "MB", 150)
        decisions(context, page, library)
        bulk(context, page, library)
        while library.undo():
            pass
        context.lanes.close()
        context.set_library(None)
        context.tools.close()


def report(what: str, figure: float, unit: str, target: float) -> None:
    ratio = f"{figure / target:5.2f} of the target, {target:g} {unit}"
    print(f"{what:52s} {figure:9.1f} {unit:2s}   {ratio}", flush=True)


def fill(path: Path, place: Path, count: int) -> None:
    """A library of *count* photos with a face each, and crops for all of them in the cache."""
    random = np.random.default_rng(0)
    started = time.perf_counter()
    with create_library(path) as library:
        files = [
            NewPhoto(f"/photos/{n // 500:04d}/{n:07d}.jpg", f"Person {n // 500 % 40}", 1, 1)
            for n in range(count)
        ]
        ids = library.add_photos(files).added

        def face(n: int) -> FaceProposal:
            pose = Pose(*(random.normal(size=3) * 12).tolist())
            return proposal(LEFT, seed=n % 997, pose=pose, sharpness=random.uniform(15, 70))

        for start in range(0, count, BATCH):
            batch = range(start, min(start + BATCH, count))
            rows = (scanned(n % PICTURES + 1, [face(n)]) for n in batch)
            library.store_scans(
                [replace(row, photo_id=ids[n]) for n, row in zip(batch, rows, strict=True)]
            )
        keep_crops(library, place)
    print(f"made a library of {count:,} faces in {time.perf_counter() - started:.0f} s")


def keep_crops(library: Library, place: Path) -> None:
    """Fill the cache under the made-up hashes of `scanned`, as a scan of real files would have."""
    thumbnails = Thumbnails(library.cache_dir)
    faces = library.faces(library.face_ids(FaceFilter())[:PICTURES])
    photos = {p.id: p for p in library.photos([face.photo_id for face in faces])}
    by_content = {photos[face.photo_id].sha256: face for face in faces}
    real = write_photo(place / "real.png", (200, 150, 120))
    for sha256, face in by_content.items():
        photo = replace(photos[face.photo_id], path=str(real), sha256=None)
        thumbnails.faces(photo, [face])
        for made in (library.cache_dir / "faces").glob("*/*.jpg"):
            if not made.name.startswith("000"):
                target = library.cache_dir / "faces" / str(sha256)[:2]
                target.mkdir(exist_ok=True)
                made.replace(target / made.name.replace(made.name.partition("_")[0], str(sha256)))


def spin(until: Callable[[], bool], limit_s: float = 30) -> None:
    """Run the event loop until *until*."""
    deadline = time.perf_counter() + limit_s
    while not until():
        QCoreApplication.processEvents()
        if time.perf_counter() > deadline:
            raise TimeoutError(until)
        time.sleep(0.0002)


def idle(context: AppContext) -> None:
    spin(lambda: not context.lanes.busy())
    end = time.perf_counter() + 0.1
    spin(lambda: time.perf_counter() > end)
    spin(lambda: not context.lanes.busy())


def first_paint(context: AppContext, page: ReviewPage, library: Library) -> None:
    started = time.perf_counter()
    context.set_library(library)
    spin(lambda: page.stage.sheet.tiles.rowCount() > 0)
    page.stage.sheet.viewport().repaint()
    report("library opened to first tiles painted", ms_since(started), "ms", 100)
    wanted = page.stage.sheet.visible_rows()
    spin(lambda: all(has_picture(page, row) for row in wanted))
    report("… and all visible pictures there", ms_since(started), "ms", 500)
    idle(context)


def has_picture(page: ReviewPage, row: int) -> bool:
    tile = page.stage.sheet.tiles.tile(row)
    assert isinstance(tile, FaceTile)
    wanted = page.stage.sheet.itemDelegate().wanted(tile)
    return wanted is not None and page.stage.pictures.get(wanted) is not None


def million(page: ReviewPage, library: Library) -> None:
    """The grid alone with ten times the rows, which should cost nothing."""
    model: TileModel = page.stage.sheet.tiles
    ids = model.ids
    for rows, name in ((ids, "paint after a reset, all rows"), (np.tile(ids, 10), "… ten times")):
        model.set_source(lambda wanted: face_tiles(library, wanted))
        started = time.perf_counter()
        model.show(Arrangement(rows))
        page.stage.sheet.viewport().repaint()
        report(f"{name} ({len(rows):,})", ms_since(started), "ms", 100)
    model.show(Arrangement(ids))


def scrolling(context: AppContext, page: ReviewPage) -> None:
    """Frames of a 60 Hz screen: the clock, and the GUI thread's own work in brackets."""
    bar = page.stage.sheet.verticalScrollBar()
    places = np.linspace(0, bar.maximum(), 60).astype(int).tolist()
    for name, values, target in (
        ("scrolling by a third of a tile", range(0, 400 * bar.singleStep(), bar.singleStep()), 8),
        ("scrolling by a page", range(0, 200 * bar.pageStep(), bar.pageStep()), 8),
        ("dragging the bar through it all", places, 33),
    ):
        idle(context)
        times, own = [], []
        for value in values:
            started, worked = time.perf_counter(), time.thread_time()
            bar.setValue(int(value))
            QCoreApplication.processEvents()
            times.append(ms_since(started))
            own.append((time.thread_time() - worked) * 1000)
            end = started + FRAME_S
            spin(lambda end=end: time.perf_counter() > end)
        report(f"{name}, p95 ({percentile(own, 95):.1f})", percentile(times, 95), "ms", target)
        report(f"{name}, slowest ({max(own):.1f})", max(times), "ms", 33)
    bar.setValue(0)


def decisions(context: AppContext, page: ReviewPage, library: Library) -> None:
    idle(context)
    shown, durable, gaps, written = [], [], [], []
    real = library.decide

    def decide(*given: Any) -> Change:
        change = real(*given)
        written.append(time.perf_counter())
        return change

    library.decide = decide  # type: ignore[method-assign]
    page.activate()
    page.stage.sheet.go_to(0)
    for _ in range(40):
        row = page.stage.sheet.currentIndex().row()
        face_id = int(page.stage.sheet.tiles.ids[row])
        written.clear()
        started = time.perf_counter()
        QTest.keyClick(page.stage.sheet, Qt.Key.Key_X)
        gaps.append(ms_since(started))
        spin(lambda row=row: decision_of(page, row) is Decision.REJECT)
        page.stage.sheet.viewport().repaint()
        shown.append(ms_since(started))
        durable.append((written[0] - started) * 1000)
        assert library.faces([face_id])[0].decision is Decision.REJECT
        idle(context)
    library.decide = real  # type: ignore[method-assign]
    report("a key to the decision on the screen, median", percentile(shown, 50), "ms", 50)
    report("a key to the decision on the screen, p95", percentile(shown, 95), "ms", 50)
    report("a key to the decision on the disk, p95", percentile(durable, 95), "ms", 100)
    report("a key's own work on the GUI thread, p95", percentile(gaps, 95), "ms", 10)


def decision_of(page: ReviewPage, row: int) -> Decision:
    tile = page.stage.sheet.tiles.tile(row)
    assert isinstance(tile, FaceTile)
    return tile.face.decision


def bulk(context: AppContext, page: ReviewPage, library: Library) -> None:
    idle(context)
    count = min(BULK, page.stage.sheet.tiles.rowCount() - 100)
    page.stage.sheet.go_to(100)
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_Space)
    model = page.stage.sheet.tiles
    span = QItemSelection(model.index(100, 0), model.index(99 + count, 0))
    page.stage.sheet.selectionModel().select(span, QItemSelectionModel.SelectionFlag.Select)
    started = time.perf_counter()
    QTest.keyClick(page.stage.sheet, Qt.Key.Key_X)
    spin(lambda: decision_of(page, 99 + count) is Decision.REJECT)
    report(f"{count:,} faces rejected and shown", ms_since(started), "ms", 1000)
    idle(context)
    started = time.perf_counter()
    context.write("undo", library.undo)
    spin(lambda: decision_of(page, 99 + count) is not Decision.REJECT)
    report(f"{count:,} faces undone and shown", ms_since(started), "ms", 1000)
    idle(context)


def ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def percentile(values: list[float], at: float) -> float:
    return float(np.percentile(values, at))


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
