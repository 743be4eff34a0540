"""What the detector finds as it is usually set, and what its closer look and its turns are worth.

    python benchmarks/detection.py

Photos: those in the folder that FACEGUI_TEST_PHOTOS names. A face counts as found when a box
overlaps it by IoU 0.4; boxes are matched best score first, each with one face. Beside ours stands
plain YuNet on the photo reduced to 640 pixels, at its example's score of 0.6.

- ``detection/boxes``: recall and precision by kind of photo, and recall by size of face.
- The same photos laid side by side on sheets of 12 megapixels, which stand for large group photos:
  most faces are smaller than 5 pixels in the first look.
- ``detection/counts``: faces expected (by another detector's test, not by hand) and found.
- Photos of people turned by 90, 180 and 270 degrees, and as they are.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from facegui.detection.analyser import LocalFinder
from facegui.detection.view import Source
from facegui.detection.yunet import YuNet
from facegui.domain.detection import VIDEO, DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.errors import ImageError
from facegui.domain.geometry import Box
from facegui.imaging.decode import decode
from facegui.imaging.picture import picture_of
from facegui.weights.store import Store

IOU = 0.4
PLAIN_SIDE_PX, PLAIN_SCORE = 640, 0.6
SIZES = (0, 20, 24, 32, 48, 80)
SHEET_PX = (4000, 3000)
TARGET = {"recall": 0.92, "precision": 0.95}

Find = Callable[[RgbImage], Sequence[Box]]
Photos = dict[str, tuple[RgbImage, list[Box]]]


@dataclass
class Tally:
    """What was found of what is there."""

    hits: Counter[int] = field(default_factory=Counter)
    faces: Counter[int] = field(default_factory=Counter)
    boxes: int = 0
    seconds: float = 0.0
    photos: int = 0

    @property
    def recall(self) -> float:
        """Found of all faces, 0 to 1."""
        return self.hits.total() / self.faces.total()

    @property
    def precision(self) -> float:
        """True of all boxes, 0 to 1."""
        return self.hits.total() / max(1, self.boxes)

    def add(self, found: Sequence[Box], truth: Sequence[Box], seconds: float) -> None:
        """Count one photo; *found* best first."""
        left = list(truth)
        self.boxes += len(found)
        self.photos += 1
        self.seconds += seconds
        self.faces.update(size_of(box) for box in truth)
        for box in found:
            best = max(left, key=box.iou, default=None)
            if best is not None and box.iou(best) >= IOU:
                left.remove(best)
                self.hits[size_of(best)] += 1

    def line(self) -> str:
        """Recall, precision, milliseconds a photo, and recall by size."""
        by_size = (f"{self.hits[size]:4}/{self.faces[size]:<4}" for size in SIZES)
        cost = 1000 * self.seconds / self.photos
        return f"{self.recall:7.1%} {self.precision:9.1%} {cost:8.0f} ms  {''.join(by_size)}"


def size_of(box: Box) -> int:
    """The class of its shorter side, by the least of the class."""
    return max(size for size in SIZES if size <= min(box.width, box.height))


def ways() -> dict[str, Find]:
    """Plain YuNet, one look, and the usual settings."""
    store = Store()
    network = YuNet(store.path("yunet"))

    def plain(image: RgbImage) -> list[Box]:
        source = Source(picture_of(image))
        view = source.resized(min(1.0, PLAIN_SIDE_PX / max(source.size)))
        faces = network.look(view.pixels, PLAIN_SCORE)
        return [view.in_picture(face, *source.size).box for face in faces]

    def ours(options: DetectOptions) -> Find:
        finder = LocalFinder(store, options)
        return lambda image: [face.box for face in finder.find(image)]

    return {"plain YuNet": plain, "one look": ours(VIDEO), "usual": ours(DetectOptions())}


def print_boxes(title: str, photos: Photos, finds: dict[str, Find]) -> dict[str, Tally]:
    """A table of recall and precision; returns the tallies of the usual settings."""
    print(f"\n{title}\n{'':20}{'recall':>8} {'precision':>9} {'a photo':>11}  recall by size")
    print(f"{'':52}" + "".join(f"{size:>4}+    " for size in SIZES))
    tallies: dict[str, Tally] = {}
    for name, find in finds.items():
        tallies = defaultdict(Tally)
        for file, (image, truth) in photos.items():
            started = time.perf_counter()
            found = find(image)
            seconds = time.perf_counter() - started
            for kind in (file.split("/")[0], "all"):
                tallies[kind].add(found, truth, seconds)
        for kind in sorted(tallies):
            print(f"{name:12}{kind:8}{tallies[kind].line()}")
    return tallies


def sheets(photos: Photos) -> Iterator[tuple[RgbImage, list[Box]]]:
    """All *photos* laid in rows on as many sheets as they need."""
    width, height = SHEET_PX
    sheet, truth = np.full((height, width, 3), 128, np.uint8), []
    x = y = row = 0
    for image, boxes in sorted(photos.values(), key=lambda photo: -photo[0].shape[0]):
        high, wide = image.shape[:2]
        if x + wide > width:
            x, y, row = 0, y + row, 0
        if y + high > height:
            yield sheet, truth
            sheet, truth = np.full((height, width, 3), 128, np.uint8), []
            x = y = row = 0
        sheet[y : y + high, x : x + wide] = image
        truth += [Box(box.x1 + x, box.y1 + y, box.x2 + x, box.y2 + y) for box in boxes]
        x, row = x + wide, max(row, high)
    yield sheet, truth


def print_counts(folder: Path, find: Find) -> None:
    """Where expected and found differ, and how many photos agree."""
    listed = json.loads((folder / "counts.json").read_text("utf-8"))
    files = [
        (folder / sub / name, expected)
        for key, sub in (("counts", "images"), ("overlap", "overlap"))
        for name, expected in listed[key].items()
    ]
    off = []
    for file, expected in files:
        found = len(find(decode(file).image))
        if found != expected:
            off.append(f"{file.parent.name}/{file.name} {expected}→{found}")
    print(f"\ndetection/counts: {len(files) - len(off)} of {len(files)} as expected")
    print("  expected→found:", ", ".join(off) or "none differs")


def print_turned(root: Path) -> None:
    """How often the right way up is known."""
    finder = LocalFinder(Store())
    truth = json.loads((root / "messy/truth.json").read_text("utf-8"))
    kinds = defaultdict(list)
    for name, entry in truth.items():
        kinds[entry["kind"]].append(root / "messy/photos" / name)
    sets = {
        "celeb5": sorted((root / "celeb5").rglob("*.*")),
        "lfw10": sorted((root / "lfw10").rglob("*.jpg")),
        "orl40": sorted((root / "orl40").rglob("*.pgm")),
        "messy": kinds["original"],
        "groups": kinds["group"],
        "no face": kinds["no_face"],
    }
    print(f"\nturned{'':6}photos  upright: turned wrongly  ms   turned: right  left  wrong  ms")
    for name, files in sets.items():
        ends: Counter[tuple[bool, str]] = Counter()
        spent: Counter[bool] = Counter()
        for file in files:
            try:
                image = decode(file).image
            except ImageError:
                continue
            for quarters in range(4):
                given = np.ascontiguousarray(np.rot90(image, -quarters))
                started = time.perf_counter()
                rotation = finder.look(given).rotation
                spent[quarters > 0] += 1000 * (time.perf_counter() - started)
                right = (90 * quarters + rotation) % 360 == 0
                end = "right" if right else "left" if rotation == 0 else "wrong"
                ends[quarters > 0, end] += 1
        upright = ends[False, "right"] + ends[False, "wrong"]
        print(
            f"{name:12}{upright:6}  {ends[False, 'wrong']:24} {spent[False] / upright:3.0f}"
            f"   {ends[True, 'right'] / (3 * upright):13.1%} {ends[True, 'left']:5}"
            f" {ends[True, 'wrong']:6} {spent[True] / (3 * upright):3.0f}"
        )


def main() -> int:
    folder = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not folder:
        print("set FACEGUI_TEST_PHOTOS to the folder of real photos", file=sys.stderr)
        return 2
    root = Path(folder)
    boxes = root / "detection/boxes"
    listed = json.loads((boxes / "truth.json").read_text("utf-8"))["images"]
    photos = {
        entry["file"]: (decode(boxes / entry["file"]).image, [Box(*box) for box in entry["boxes"]])
        for entry in listed
    }
    finds = ways()
    usual = print_boxes("detection/boxes", photos, finds)["cmumit"]
    large = {f"sheet/{number}": sheet for number, sheet in enumerate(sheets(photos))}
    print_boxes("the same on sheets of 12 megapixels", large, finds)
    print_counts(root / "detection/counts", finds["usual"])
    print_turned(root)
    good = usual.recall >= TARGET["recall"] and usual.precision >= TARGET["precision"]
    print(f"\ntarget on cmumit, recall 92 %, precision 95 %: {'met' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
