"""Recall and precision of face detection with the default settings, against known boxes.

    python benchmarks/detection.py

Photos: ``detection/boxes`` in the folder that FACEGUI_TEST_PHOTOS names, with its ``truth.json``.
A face counts as found when a box overlaps it by IoU 0.4; boxes are matched best score first, each
with one face. The floor is plain YuNet at 640 pixels and score 0.6, measured in the same run.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.detection.yunet import YuNet
from facegui.domain.detection import DetectOptions
from facegui.domain.entities import RgbImage
from facegui.domain.geometry import Box
from facegui.imaging.decode import decode
from facegui.weights.store import Store

IOU = 0.4
FLOOR = DetectOptions(side_px=640, min_score=0.6)


@dataclass
class Tally:
    """What was found of what is there."""

    hits: int = 0
    faces: int = 0
    boxes: int = 0

    @property
    def recall(self) -> float:
        """Found of all faces, 0 to 1."""
        return self.hits / self.faces

    @property
    def precision(self) -> float:
        """True of all boxes, 0 to 1."""
        return self.hits / max(1, self.boxes)


def hits(found: Sequence[Box], truth: Sequence[Box]) -> int:
    """How many of *found*, best first, overlap a face of their own."""
    left = list(truth)
    count = 0
    for box in found:
        best = max(left, key=box.iou, default=None)
        if best is not None and box.iou(best) >= IOU:
            left.remove(best)
            count += 1
    return count


def tally(
    detector: YuNet, photos: dict[str, RgbImage], truth: dict[str, list[Box]]
) -> dict[str, Tally]:
    """By folder, and ``all``."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for name, image in photos.items():
        found = [face.box for face in detector.find(image)]
        count = hits(found, truth[name])
        for key in (name.split("/")[0], "all"):
            tallies[key].hits += count
            tallies[key].faces += len(truth[name])
            tallies[key].boxes += len(found)
    return tallies


def main() -> int:
    folder = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not folder:
        print("set FACEGUI_TEST_PHOTOS to the folder of real photos", file=sys.stderr)
        return 2
    boxes = Path(folder) / "detection" / "boxes"
    listed = json.loads((boxes / "truth.json").read_text("utf-8"))["images"]
    truth = {entry["file"]: [Box(*box) for box in entry["boxes"]] for entry in listed}
    photos = {name: decode(boxes / name).image for name in truth}
    model = Store().path("yunet")
    detector = YuNet(model, DetectOptions())
    started = time.perf_counter()
    ours = tally(detector, photos, truth)
    milliseconds = (time.perf_counter() - started) / len(photos) * 1000
    floor = tally(YuNet(model, FLOOR), photos, truth)
    print(f"{'':8} {'faces':>6} {'recall':>15} {'precision':>17}   ratio of recall, precision")
    for name in sorted(ours):
        new, old = ours[name], floor[name]
        print(
            f"{name:8} {new.faces:6} {new.recall:7.1%} ({old.recall:.1%})"
            f" {new.precision:8.1%} ({old.precision:.1%})"
            f"   {new.recall / old.recall:.3f}, {new.precision / old.precision:.3f}"
        )
    print(f"in parentheses: plain YuNet at 640 px, score 0.6; {milliseconds:.1f} ms a photo")
    return 0


if __name__ == "__main__":
    sys.exit(main())
