"""Scan throughput beside its floor: what decoding and the networks alone would take.

    python benchmarks/scan.py [FOLDER]

FOLDER is ``messy/photos`` in the folder that FACEGUI_TEST_PHOTOS names, unless given. The floor is
measured first, alone and on one thread, with nothing between the calls: Pillow decodes each file,
YuNet looks at each picture, SFace and the landmark network at each face, all inputs prepared
beforehand. Its photos a second are cores ÷ the sum of these times a photo. Then the same photos
go through a real scan into a new library, on one thread and on all cores.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from facegui.__main__ import make_tools
from facegui.detection.analyser import LocalFinder
from facegui.detection.landmarks import FaceLandmarker
from facegui.domain.control import NullControl
from facegui.domain.detection import DetectOptions
from facegui.domain.errors import ImageError
from facegui.imaging.align import aligned_crop
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.services.collect import ImportRequest, import_photos
from facegui.services.libraries import create_library
from facegui.services.scan import ScanRequest, scan
from facegui.weights.store import Store

TARGET = 0.8


def seconds(call: Callable[[object], object], inputs: Sequence[object]) -> float:
    """How long *call* takes for all *inputs*."""
    began = time.perf_counter()
    for one in inputs:
        call(one)
    return time.perf_counter() - began


def load(file: object) -> None:
    """Nothing but Pillow's decoding into an array."""
    with Image.open(file) as image:  # type: ignore[arg-type]
        np.asarray(image.convert("RGB"))


def floor(files: Sequence[Path]) -> tuple[dict[str, float], int]:
    """Seconds of each bare step over all *files*, and how many faces there are."""
    store, options = Store(), DetectOptions()
    finder = LocalFinder(store, options)
    detector = cv2.FaceDetectorYN.create(
        str(store.path("yunet")), "", (640, 640), options.min_score, 0.3, 5000
    )
    embedder = cv2.FaceRecognizerSF.create(str(store.path("sface")), "")
    mesh = FaceLandmarker(store.path("face-landmarker"))
    readable, inputs, crops = [], [], []
    for file in files:
        try:
            image = decode(file).image
        except ImageError:
            continue
        readable.append(file)
        crops += [aligned_crop(image, face.landmarks) for face in finder.find(image)]
        scale = min(1.0, options.side_px / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale) if scale < 1 else image
        inputs.append(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    blobs = [cv2.dnn.blobFromImage(cv2.resize(crop, (256, 256)), 1 / 255) for crop in crops]

    def detect(image: object) -> None:
        detector.setInputSize((image.shape[1], image.shape[0]))  # type: ignore[attr-defined]
        detector.detect(image)

    def landmarks(blob: object) -> None:
        mesh._net.setInput(blob)  # noqa: SLF001 - the bare forward pass is what is measured
        mesh._net.forward()  # noqa: SLF001

    detect(inputs[0])
    embedder.feature(crops[0])
    landmarks(blobs[0])
    steps = {
        "decode": seconds(load, readable),
        "detect": seconds(detect, inputs),
        "embed": seconds(embedder.feature, crops),
        "landmarks": seconds(landmarks, blobs),
    }
    return steps, len(crops)


def scanned_per_second(folder: Path, threads: int) -> float:
    """Photos a second of a real scan, the grouping of copies and the database included."""
    tools = make_tools()
    with (
        tempfile.TemporaryDirectory() as temporary,
        create_library(Path(temporary) / "Bench.facegui") as library,
    ):
        import_photos(library, ImportRequest((folder,)), NullControl())
        report = scan(library, tools, ScanRequest(threads=threads), NullControl())
    tools.close()
    return report.scanned / report.seconds


def main() -> int:
    named = os.environ.get("FACEGUI_TEST_PHOTOS")
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
    elif named:
        folder = Path(named) / "messy" / "photos"
    else:
        print("name a folder of photos, or set FACEGUI_TEST_PHOTOS", file=sys.stderr)
        return 2
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    cores = os.cpu_count() or 1
    steps, faces = floor(files)
    total = sum(steps.values())
    print(f"{len(files)} files, {faces} faces; milliseconds a file, alone, on one thread:")
    for name, taken in steps.items():
        print(f"  {name:10} {taken / len(files) * 1000:7.2f}")
    for threads in sorted({1, cores}):
        ceiling = threads * len(files) / total
        ours = scanned_per_second(folder, threads)
        ratio = ours / ceiling
        print(
            f"{threads} thread{'s' if threads > 1 else ' '}: scan {ours:6.2f} photos/s  "
            f"floor {ceiling:6.2f} photos/s  ratio {ratio:.2f}  target {TARGET}  "
            f"{'ok' if ratio >= TARGET else 'MISSED'}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
