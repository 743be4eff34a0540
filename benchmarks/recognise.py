"""How fast many photos are recognised, beside their floor and beside other programs.

    python benchmarks/recognise.py [FOLDER] [--peers]

FOLDER is ``messy/photos`` in the folder that FACEGUI_TEST_PHOTOS names, unless given.

The floor, on one thread: Pillow decodes each file whole, and a clock runs inside YuNet and SFace
only while this program's finder looks and embeds. Photos a second are threads ÷ the sum of these
times a photo. Then the same photos go through a real batch recognition by a Face-transfer model, on
one thread and on all cores, and once more by another model, which needs no second look.

Two ratios are printed: of photos a second, which is what an owner sees and which other work on the
machine spoils, and of processor time, which it hardly does. The target is for the first.

``--peers``: everybody in FOLDER's photos is named by ``deepface.find`` (YuNet and SFace) and by
`face_recognition` (dlib), in an environment of their own, on all cores; each knows 5 photos of each
person of ``celeb5``.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from peers.environment import run_peers
from PIL import Image
from scan import clock_in_networks, files_in, load, print_peers, readable, verdict

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.detection import DetectOptions
from facegui.domain.errors import ImageError
from facegui.domain.training import Preprocessing
from facegui.imaging.decode import read_file
from facegui.imaging.picture import PhotoPicture
from facegui.services.recognising.file_faces import FaceMemory, photo_faces
from facegui.services.recognising.recognise import RecogniseRequest, recognise_photos
from facegui.services.tools import Tools
from facegui.weights.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.fakes.bundles import write_colour_bundle  # what a model knows costs no time
from tests.fakes.videos import BLUE, RED

TARGET = 0.8
TIMES_PEERS = 1.0
KNOWN_PHOTOS = 5
EMBEDDING = Preprocessing("embedding", 0, 0.0)


def floor(tools: Tools, files: Sequence[Path]) -> tuple[Counter[str], int]:
    """Seconds of each bare step over all *files*, and how many faces there are."""
    faces, bare = 0, 0.0
    with clock_in_networks() as spent:
        finder = tools.finder(DetectOptions())
        photo_faces(PhotoPicture(read_file(files[0]), files[0]), finder, EMBEDDING)
        spent.clear()  # a first pass is slower
        for file in files:
            try:
                picture = PhotoPicture(read_file(file), file)
            except ImageError:
                continue
            faces += len(photo_faces(picture, finder, EMBEDDING).faces)
            began = time.thread_time()
            with Image.open(file) as image:
                np.asarray(image.convert("RGB"))
            bare += time.thread_time() - began
    return Counter({"decode": bare, **spent}), faces


def recognised(
    tools: Tools, bundle: Path, files: Sequence[Path], threads: int, memory: FaceMemory
) -> tuple[float, float]:
    """Photos a second of a batch recognition, and the seconds of processor time of a photo."""
    request = RecogniseRequest(bundle, tuple(files), threads)
    began, spent = time.perf_counter(), processor_s()
    report = recognise_photos(tools, request, NullControl(), memory)
    assert len(report.photos) == len(files)
    taken = time.perf_counter() - began
    return len(files) / taken, (processor_s() - spent) / len(files)


def processor_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def compare_with_floor(tools: Tools, files: Sequence[Path], bundles: Sequence[Path]) -> bool:
    steps, faces = floor(tools, files)
    total = sum(steps.values())
    print(f"{len(files)} files, {faces} faces; milliseconds a file, on one thread:")
    for name, taken in steps.items():
        print(f"  {name:10} {taken / len(files) * 1000:7.2f}")
    met = False
    for threads in sorted({1, os.cpu_count() or 1}):
        memory = FaceMemory()
        ours, spent = recognised(tools, bundles[0], files, threads, memory)
        ceiling = threads * len(files) / total
        met = ours / ceiling >= TARGET
        print(
            f"  {threads} thread{'s' if threads > 1 else ' '}: {ours:7.2f} photos/s  "
            f"floor {ceiling:7.2f} photos/s  {verdict(ours / ceiling, TARGET)}\n"
            f"             {spent * 1000:7.2f} ms/photo  floor {total / len(files) * 1000:7.2f} "
            f"ms/photo of processor time  ratio {total / len(files) / spent:.2f}"
        )
        again, _ = recognised(tools, bundles[1], files, threads, memory)
        print(f"             {again:7.2f} photos/s for another model, {again / ours:.0f} × as fast")
    print(load())
    return met


def compare_with_peers(tools: Tools, root: Path, files: Sequence[Path], bundle: Path) -> None:
    files = readable(files)
    print(f"{len(files)} photos: everybody in them is named, on all cores:")
    known = {
        folder.name: [str(file) for file in files_in(folder)[:KNOWN_PHOTOS]]
        for folder in sorted((root / "celeb5" / "train").iterdir())
        if folder.is_dir()
    }
    store = Store()
    work = {"known": known, "files": [str(file) for file in files]}
    best = print_peers(run_peers("find.py", work, [store.path("yunet"), store.path("sface")]))
    threads = os.cpu_count() or 1
    recognised(tools, bundle, files[:8], threads, FaceMemory())  # networks are loaded, as theirs
    ours, _ = recognised(tools, bundle, files, threads, FaceMemory())
    print(f"  {'this':18} {ours:6.2f} photos/s  {verdict(ours / best, TIMES_PEERS)}")
    print(load())


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast photos are recognised.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--peers", action="store_true")
    chosen = parser.parse_args()
    named = os.environ.get("FACEGUI_TEST_PHOTOS")
    folder = chosen.folder or (Path(named) / "messy" / "photos" if named else None)
    if folder is None or (chosen.peers and not named):
        print("set FACEGUI_TEST_PHOTOS to the folder of real photos", file=sys.stderr)
        return 2
    files = files_in(folder)
    tools = make_tools()
    with tempfile.TemporaryDirectory() as temporary:
        bundles = [
            write_colour_bundle(Path(temporary) / f"{name}.facebundle", {name: RED, "else": BLUE})
            for name in ("one", "other")
        ]
        if chosen.peers:
            compare_with_peers(tools, Path(named or ""), files, bundles[0])
            met = True
        else:
            met = compare_with_floor(tools, files, bundles)
    tools.close()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
