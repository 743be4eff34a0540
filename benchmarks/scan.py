"""Scan throughput beside its floor, its memory, and other programs on the same photos.

    python benchmarks/scan.py [FOLDER] [--peers | --memory N]

FOLDER is ``messy/photos`` in the folder that FACEGUI_TEST_PHOTOS names, unless given.

Without an option: the floor is measured first, on one thread: Pillow decodes each file whole, and
the analyser looks at each picture while a clock runs inside the networks only. Its photos a second
are threads ÷ the sum of these times a photo. Then the same photos go through a real scan into a
new library, on one thread and on all cores. All this twice: with FOLDER, and with 12-megapixel
JPEGs that are made of its photos, enlarged or laid side by side.

``--peers``: `deepface` (YuNet and SFace) and `face_recognition` (dlib), in an environment of their
own, find, align and embed the faces of FOLDER's photos on all cores, and so does this program.

``--memory N``: one scan of N files, each a link to a photo of FOLDER or, one in twenty, to a
12-megapixel one; prints the most memory that was held.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from threading import local

import numpy as np
from peers.environment import run_peers
from PIL import Image

from facegui.__main__ import make_tools
from facegui.detection.analyser import LocalFinder
from facegui.domain.control import NullControl
from facegui.domain.detection import VIDEO, DetectOptions
from facegui.domain.errors import ImageError
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode, read_file
from facegui.imaging.picture import PhotoPicture
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.libraries import create_library
from facegui.services.scanning.scan import ScanReport, ScanRequest, scan
from facegui.weights.store import Store

TARGET = 0.85
MEMORY_MB = 600
TIMES_PEERS = 3
LARGE = (4000, 3000)
LARGE_COUNT = 24
ONE_LARGE_IN = 20


class Timed:
    """A network whose passes are timed; everything else is the network's own."""

    def __init__(self, network: object, name: str, spent: Counter[str]) -> None:
        self._network, self._name, self._spent = network, name, spent

    def __getattr__(self, name: str) -> object:
        found = getattr(self._network, name)
        if name not in ("detect", "feature", "forward"):
            return found

        def timed(*given: object) -> object:
            began = time.thread_time()
            result = found(*given)
            self._spent[self._name] += time.thread_time() - began
            return result

        return timed


@contextmanager
def clock_in_networks() -> Iterator[Counter[str]]:
    """Seconds inside each network that is loaded meanwhile, by what it is called."""
    spent: Counter[str] = Counter()

    def timed(load: Callable[..., object], name: str | None = None) -> Callable[..., object]:
        def loaded(*given: object) -> object:
            path = given[0]
            called = name or (Path(path).stem[:20] if isinstance(path, str) else "network")
            return Timed(load(*given), called, spent)

        return loaded

    dnn, whole = cv2.dnn, (cv2.FaceDetectorYN, cv2.FaceRecognizerSF)
    loaders = {name: getattr(dnn, name) for name in dir(dnn) if name.startswith("readNet")}
    for name, load in loaders.items():
        setattr(dnn, name, timed(load))
    cv2.FaceDetectorYN = type("Detector", (), {"create": timed(whole[0].create, "detect")})
    cv2.FaceRecognizerSF = type("Embedder", (), {"create": timed(whole[1].create, "embed")})
    try:
        yield spent
    finally:
        cv2.FaceDetectorYN, cv2.FaceRecognizerSF = whole
        for name, load in loaders.items():
            setattr(dnn, name, load)


def floor(files: Sequence[Path]) -> tuple[Counter[str], int]:
    """Seconds of each bare step over all *files*, and how many faces there are."""
    faces, bare = 0, 0.0
    tools = make_tools()
    with clock_in_networks() as spent:
        analyser = tools.analyser(DetectOptions())
        analyser.analyse(PhotoPicture(read_file(files[0]), files[0]))
        spent.clear()  # a first pass is slower
        for file in files:
            try:
                picture = PhotoPicture(read_file(file), file)
            except ImageError:
                continue
            faces += len(analyser.analyse(picture).faces)
            began = time.thread_time()
            with Image.open(file) as image:
                np.asarray(image.convert("RGB"))
            bare += time.thread_time() - began
    tools.close()
    return Counter({"decode": bare, **spent}), faces


def scanned(folder: Path, threads: int) -> ScanReport:
    """A real scan, the grouping of copies and the database included."""
    tools = make_tools()
    with (
        tempfile.TemporaryDirectory() as temporary,
        create_library(Path(temporary) / "Bench.facegui") as library,
    ):
        import_photos(library, ImportRequest((folder,)), NullControl())
        report = scan(library, tools, ScanRequest(threads=threads), NullControl())
    tools.close()
    return report


def compare_with_floor(title: str, folder: Path) -> None:
    files = files_in(folder)
    steps, faces = floor(files)
    total = sum(steps.values())
    print(f"{title}: {len(files)} files, {faces} faces; milliseconds a file, on one thread:")
    for name, taken in steps.items():
        print(f"  {name:20} {taken / len(files) * 1000:7.2f}")
    for threads in sorted({1, os.cpu_count() or 1}):
        report = scanned(folder, threads)
        ours, ceiling = report.scanned / report.seconds, threads * len(files) / total
        print(
            f"  {threads} thread{'s' if threads > 1 else ' '}: scan {ours:6.2f} photos/s  "
            f"floor {ceiling:6.2f} photos/s  {verdict(ours / ceiling, TARGET)}"
        )
    print(load())


def verdict(ratio: float, target: float) -> str:
    return f"ratio {ratio:.2f}  target {target}  {'ok' if ratio >= target else 'MISSED'}"


def load() -> str:
    """What else the machine is doing."""
    return f"  load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def make_large(files: Sequence[Path], folder: Path, count: int) -> None:
    """12-megapixel JPEGs: one photo enlarged, or 4 or 9 side by side."""
    sources = itertools.cycle(files)
    for number in range(count):
        across = (1, 1, 2, 3)[number % 4]
        canvas = Image.new("RGB", LARGE, (90, 110, 120))
        cell = LARGE[0] // across, LARGE[1] // across
        placed = 0
        while placed < across**2:
            try:
                photo = Image.fromarray(decode(next(sources)).image)
            except ImageError:
                continue
            scale = min(cell[0] / photo.width, cell[1] / photo.height)
            photo = photo.resize((int(photo.width * scale), int(photo.height * scale)))
            canvas.paste(photo, (placed % across * cell[0], placed // across * cell[1]))
            placed += 1
        canvas.save(folder / f"large{number:03d}.jpg", quality=90)


def measure_memory(folder: Path, count: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        large, many = Path(temporary) / "large", Path(temporary) / "many"
        large.mkdir()
        many.mkdir()
        small = files_in(folder)
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # its memory is not the scan's
            apart.submit(make_large, small, large, LARGE_COUNT).result()
        rare, common = itertools.cycle(files_in(large)), itertools.cycle(small)
        for number in range(count):
            source = next(rare if number % ONE_LARGE_IN == 0 else common)
            link(source, many / f"{number:06d}{source.suffix}")
        before = peak_mb()
        report = scanned(many, os.cpu_count() or 1)
    peak = peak_mb()
    print(
        f"{report.scanned} photos, {report.faces} faces in {report.seconds:.0f} s: at most "
        f"{peak:.0f} MB ({before:.0f} before)  target {MEMORY_MB}  "
        f"{'ok' if peak < MEMORY_MB else 'MISSED'}"
    )
    print(load())


def link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # another file system
        shutil.copyfile(source, target)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare_with_peers(folder: Path) -> None:
    files = readable(files_in(folder))
    print(f"{len(files)} photos: find, align and embed every face, on all cores:")
    store = Store()
    weights = [store.path("yunet"), store.path("sface")]
    peers = run_peers("embed.py", [str(file) for file in files], weights)
    best = print_peers(peers)
    for name, speed in (
        ("this, equal work", embedded_per_second(files, store)),
        (
            "this, whole scan",
            (report := scanned(folder, os.cpu_count() or 1)).scanned / report.seconds,
        ),
    ):
        print(f"  {name:18} {speed:6.2f} photos/s  {verdict(speed / best, TIMES_PEERS)}")
    print(load())


def print_peers(peers: Mapping[str, float | str]) -> float:
    """A line for each; the best speed, or no number where none of them ran."""
    for name, speed in peers.items():
        told = f"{speed:6.2f} photos/s" if isinstance(speed, float) else f"did not run: {speed}"
        print(f"  {name:18} {told}")
    return max((speed for speed in peers.values() if isinstance(speed, float)), default=math.nan)


def embedded_per_second(files: Sequence[Path], store: Store) -> float:
    """One look at each photo and an embedding of each face; no other measure, no database."""
    own = local()

    def embed(file: Path) -> None:
        if not hasattr(own, "finder"):
            own.finder = LocalFinder(store, VIDEO)
        image = decode(file).image
        for face in own.finder.find(image):
            own.finder.embed(image, face)

    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(embed, files[: 4 * threads]))  # networks are loaded, as the peers' are
        began = time.perf_counter()
        list(pool.map(embed, files))
        return len(files) / (time.perf_counter() - began)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def readable(files: Sequence[Path]) -> list[Path]:
    """Peers stop at a broken file."""
    found = []
    for file in files:
        try:
            decode(file)
        except ImageError:
            continue
        found.append(file)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast photos are scanned.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--memory", type=int, metavar="N")
    chosen = parser.parse_args()
    named = os.environ.get("FACEGUI_TEST_PHOTOS")
    folder = chosen.folder or (Path(named) / "messy" / "photos" if named else None)
    if folder is None:
        print("name a folder of photos, or set FACEGUI_TEST_PHOTOS", file=sys.stderr)
        return 2
    if chosen.peers:
        compare_with_peers(folder)
    elif chosen.memory:
        measure_memory(folder, chosen.memory)
    else:
        compare_with_floor("As they are", folder)
        with tempfile.TemporaryDirectory() as large:
            make_large(files_in(folder), Path(large), LARGE_COUNT)
            compare_with_floor("12 megapixels", Path(large))
    return 0


if __name__ == "__main__":
    sys.exit(main())
