"""What the measures of faces tell on real photos, and what each costs on one thread.

    python benchmarks/measures.py

Photos: the folder that FACEGUI_TEST_PHOTOS names. Which of them show sunglasses was found out by
looking at them; where a photo shows several faces, as many may be called sunglasses as wear some.
A face is called so from a probability of 0.5. Only faces of at least 50 pixels count.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from facegui.detection.analyser import LocalAnalyser, LocalFinder
from facegui.detection.blendshapes import Blendshapes
from facegui.detection.landmarks import FaceLandmarker
from facegui.detection.measuring import FaceMeasurer
from facegui.detection.sunglasses import Sunglasses
from facegui.domain.entities import FaceProposal, RgbImage
from facegui.duplicates.hashing import photo_hashes
from facegui.imaging.align import TEMPLATE_SIZE_PX, aligned_crop, similarity
from facegui.imaging.cv import cv2
from facegui.imaging.decode import decode
from facegui.imaging.quality import measure
from facegui.weights.store import Store

LEAST_PX = 50
SETS = ("celeb5", "lfw10", "messy/photos", "orl40", "detection/counts")
DARK = {
    "messy/photos/Will Smith/028.jpg": 1,
    "messy/photos/Will Smith/033.jpg": 1,
    "messy/photos/Will Smith/img_74688894.jpg": 1,
    "messy/photos/Will Smith/img_75201674.jpg": 1,
    "lfw10/Arnold_Schwarzenegger/Arnold_Schwarzenegger_0008.jpg": 1,
    "detection/counts/images/16.jpg": 1,
    "detection/counts/images/17.jpg": 2,
    "detection/counts/images/18.jpg": 1,
    "detection/counts/images/4.jpg": 1,
    "detection/counts/overlap/2.jpg": 2,
    "detection/counts/overlap/3.jpg": 1,
}
"""Photos, and how many in them wear glasses that one cannot see through."""

PEOPLE_IN_GLASSES = {"Elton John", "Madonna", "Mindy Kaling"}
"""Half of the photos of the first show glasses of some tint; left out, as are the others' few."""


def photos(root: Path) -> Iterator[tuple[str, str, RgbImage]]:
    """Set, name below *root*, and pixels of every photo that can be read."""
    broken = {
        f"messy/photos/{name}"
        for name, entry in json.loads((root / "messy/truth.json").read_text("utf-8")).items()
        if entry["kind"] == "broken"
    }
    for folder in SETS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".pgm"} and name not in broken:
                yield folder, name, decode(path).image


def large_enough(faces: Sequence[FaceProposal]) -> list[FaceProposal]:
    """Those that count."""
    return [face for face in faces if min(face.box.width, face.box.height) >= LEAST_PX]


def tell(root: Path, analyser: LocalAnalyser) -> list[tuple[RgbImage, FaceProposal]]:
    """Print what is measured of each set's faces; every tenth face is handed on for timing."""
    count: dict[str, Counter[str]] = defaultdict(Counter)
    spreads: dict[str, list[float]] = defaultdict(list)
    sample = []
    for number, (folder, name, image) in enumerate(photos(root)):
        faces = large_enough(analyser.analyse(image).faces)
        tally = count[folder]
        tally["faces"] += len(faces)
        tally["hidden"] += sum((face.presence or 0) < 0.5 for face in faces)
        spreads[folder] += [face.chroma_spread or 0 for face in faces]
        if Path(name).parent.name not in PEOPLE_IN_GLASSES:
            called = sum((face.sunglasses or 0) > 0.5 for face in faces)
            worn = DARK.get(name, 0)
            tally["worn"] += worn
            tally["found"] += min(called, worn)
            tally["false"] += max(0, called - worn)
        if number % 10 == 0:
            sample += [(image, face) for face in faces]
    for folder, tally in count.items():
        flat = sum(value < 2 for value in spreads[folder])
        print(
            f"{folder:16s} {tally['faces']:4d} faces; sunglasses {tally['found']} of "
            f"{tally['worn']}, {tally['false']} false; {flat} without colour; "
            f"{tally['hidden']} with presence below 0.5"
        )
    return sample


def cost(store: Store, sample: Sequence[tuple[RgbImage, FaceProposal]]) -> None:
    """Print the median time of each part."""
    landmarker = FaceLandmarker(store.path("face-landmarker"))
    blendshapes = Blendshapes(store.path("face-landmarker"))
    glasses = Sunglasses(store.path("sunglasses"))
    measurer, finder = FaceMeasurer(store, photo_hashes), LocalFinder(store)
    spent: dict[str, list[float]] = defaultdict(list)

    def timed(part: str, work: Callable[..., Any], *given: object) -> Any:
        began = time.perf_counter()
        result = work(*given)
        spent[part].append(1000 * (time.perf_counter() - began))
        return result

    for image, face in sample:
        crop = timed("crop", aligned_crop, image, face.landmarks)
        timed("quality", measure, crop)
        mesh = timed("landmarks", landmarker.measure, image, face.landmarks)
        matrix = similarity(mesh.five, TEMPLATE_SIZE_PX, 0.0)
        points = mesh.points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        steady = timed("crop", aligned_crop, image, mesh.five)
        timed("expression", blendshapes.expression, points)
        timed("sunglasses", glasses.probability, steady, points)
        timed("hashes", photo_hashes, steady)
        embedding = timed("embedding", finder.embed, image, face)
        timed("all of these", measurer.measured, image, face, embedding, 0)
    for part, times in spent.items():
        print(f"{part:14s} {statistics.median(times):6.2f} ms, mean {np.mean(times):6.2f} ms")


def main() -> None:
    """Look at every photo once, then time the parts."""
    named = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not named:
        sys.exit("set FACEGUI_TEST_PHOTOS to the folder of real photos")
    cv2.setNumThreads(1)
    store = Store()
    sample = tell(Path(named), LocalAnalyser(store, hash_crop=photo_hashes))
    cost(store, sample)


if __name__ == "__main__":
    main()
