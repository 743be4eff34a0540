"""Whether the map of “Why?” shows what spoke: its top tenth masked, against random tenths.

    python benchmarks/why.py [--sets messy orl40] [--networks face-transfer modern]
                             [--faces 60] [--libraries FOLDER]

Photos: the folder that FACEGUI_TEST_PHOTOS names. Each set is imported, scanned and trained on as
the program does it; FOLDER keeps libraries and models for another time. Of the faces held back to
test with, people in turn, each gets a map; then the tenth of its pixels that the map says speaks
most for the candidate is masked, and so are as many pixels elsewhere, four times in each way:

``moved``      the same shape at another place, mirrored or not
``round``      a disc anywhere in the crop
``middle``     a disc about a place in the middle half of the crop, which is all face
``scattered``  squares of a fourteenth of the side

Masks are filled with the crop's mean colour, and with mid-grey: neither is what the map was made
with, the crop out of focus. Printed: the share of faces whose score the top tenth
lowers more than the mean of the random masks does (the target is 80 %, of all ways together and of
each), the mean drops, and the seconds for a map.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from accuracy import SETS, scanned
from numpy.typing import NDArray

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.entities import RgbImage
from facegui.recognition.occlusion import occlusion_map
from facegui.services.judging.judge import read_manifest
from facegui.services.learning.networks import default_config
from facegui.services.learning.train import TrainRequest, train
from facegui.services.libraries import Library
from facegui.services.recognising.why import Explainer, picture_in
from facegui.services.runs.records import RunRecord, list_runs
from facegui.services.tools import Tools

TARGET, TENTH, TIMES = 0.8, 0.1, 4
SETS_JUDGED = ("messy", "orl40")
NETWORKS = ("face-transfer", "modern")

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]
Masker = Callable[[Mask, np.random.Generator], Mask]


def main() -> int:
    """Print a line for each set, network and fill; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS_JUDGED)
    parser.add_argument("--networks", nargs="+", default=NETWORKS)
    parser.add_argument("--faces", type=int, default=60)
    parser.add_argument("--libraries", type=Path)
    asked = parser.parse_args()
    photos = os.environ.get("FACEGUI_TEST_PHOTOS")
    if not photos:
        sys.exit("set FACEGUI_TEST_PHOTOS to the folder of real photos")
    tools = make_tools()
    missed = False
    try:
        for name in asked.sets:
            with scanned(name, Path(photos), tools, asked.libraries) as library:
                for kind in asked.networks:
                    missed |= not judge(tools, library, name, kind, asked.faces)
    finally:
        tools.close()
    return int(missed)


def judge(tools: Tools, library: Library, name: str, kind: str, most: int) -> bool:
    """Mask, print what came out, and tell whether it is enough."""
    run = run_of(tools, library, kind)
    items = people_in_turn(read_manifest(library, run.id).of(Subset.TEST), most)
    explainer = Explainer(tools, library)
    drops = [face_drops(explainer, run, item, n) for n, item in enumerate(items)]
    seconds = np.mean([drop.map_s for drop in drops])
    print(f"{name} {kind}: {len(drops)} faces, {seconds:.2f} s a map", flush=True)
    enough = True
    for fill in FILLS:
        top = np.array([drop.top[fill] for drop in drops])
        told = []
        for way in (*WAYS, "all"):
            other = np.array([drop.elsewhere(fill, way) for drop in drops])
            share = float((top > other).mean())
            enough &= share >= TARGET
            told.append(f"{way} {share:.0%} ({other.mean():+.3f})")
        print(f"  {fill:5} top tenth {top.mean():+.3f}; more than {', '.join(told)}", flush=True)
    return enough


@dataclass(frozen=True, slots=True)
class Drops:
    """What masking took from the score of one face.

    Attributes:
        top: by fill, of the map's top tenth.
        random: by fill and way, the mean of that many random masks.
        map_s: seconds that the map took.
    """

    top: Mapping[str, float]
    random: Mapping[tuple[str, str], float]
    map_s: float

    def elsewhere(self, fill: str, way: str) -> float:
        """The mean drop of random masks made in one way, or in all."""
        ways = WAYS if way == "all" else (way,)
        return float(np.mean([self.random[fill, one] for one in ways]))


def face_drops(explainer: Explainer, run: RunRecord, item: DatasetItem, seed: int) -> Drops:
    """Map and mask one face."""
    subject = explainer.subject(Path(run.bundle), picture_in(Path(item.path)), Face(item))
    _, probabilities = subject.ask(subject.crop[None], NullControl())
    candidate = run.people[int(probabilities[0].argmax())]

    def score(crops: NDArray[np.uint8]) -> Floats:
        return subject.similarity(candidate, crops, NullControl())

    started = time.perf_counter()
    found = occlusion_map(score, subject.crop, NullControl())
    map_s = time.perf_counter() - started
    shape, random = strongest(found), np.random.default_rng(seed)
    masks = {way: [make(shape, random) for _ in range(TIMES)] for way, make in WAYS.items()}
    top, others = {}, {}
    for fill, colour in FILLS.items():
        every = [shape, *(mask for made in masks.values() for mask in made)]
        crops = [masked(subject.crop, mask, colour(subject.crop)) for mask in every]
        whole, top_score, *rest = score(np.stack([subject.crop, *crops])).tolist()
        top[fill] = whole - top_score
        for way, part in zip(WAYS, np.reshape(rest, (len(WAYS), TIMES)), strict=True):
            others[fill, way] = whole - float(part.mean())
    return Drops(top, others, map_s)


class Face:
    """A face of the data set as `Explainer` takes one."""

    def __init__(self, item: DatasetItem) -> None:
        self.box, self.landmarks, self.score = item.box, item.landmarks, 1.0


def run_of(tools: Tools, library: Library, kind: str) -> RunRecord:
    """A run of the network in the library; trained first where there is none."""
    known = (run for run in list_runs(library) if run.config.network == kind)
    run = next(known, None)
    if run is None:
        print(f"  training {kind}…", flush=True)
        run = train(library, tools, TrainRequest(default_config(kind)), NullControl()).record
    return run


def people_in_turn(items: Sequence[DatasetItem], most: int) -> list[DatasetItem]:
    """Up to *most* items: everybody's first, then everybody's second, and so on."""

    def in_turn() -> Iterator[tuple[int, int, DatasetItem]]:
        seen: dict[int, int] = {}
        for item in items:
            seen[item.label] = seen.get(item.label, 0) + 1
            yield seen[item.label], item.label, item

    return [item for _, _, item in sorted(in_turn(), key=lambda row: row[:2])][:most]


def masked(crop: RgbImage, mask: Mask, colour: NDArray[np.float64]) -> RgbImage:
    """*crop* with one colour where *mask* is."""
    return np.where(mask[..., None], np.round(colour).astype(np.uint8), crop)


def strongest(found: Floats) -> Mask:
    """The tenth of the pixels where a map is highest."""
    return lowest(-found, round(TENTH * found.size))


def lowest(values: NDArray[np.floating], count: int) -> Mask:
    """The *count* pixels with the lowest *values* (side, side)."""
    mask = np.zeros(values.size, np.bool_)
    mask[np.argsort(values, axis=None, kind="stable")[:count]] = True
    return mask.reshape(values.shape)


def moved(shape: Mask, random: np.random.Generator) -> Mask:
    """The same shape anywhere in the crop."""
    if random.random() < 0.5:
        shape = shape[:, ::-1]
    places = np.argwhere(shape)
    room = np.array(shape.shape) - 1 - places.max(axis=0)
    step = random.integers(-places.min(axis=0), room, endpoint=True)
    return np.roll(shape, tuple(step), (0, 1))


def disc(shape: Mask, random: np.random.Generator, edge: float) -> Mask:
    """As many pixels about a random place at least *edge* of the side from the border."""
    side = len(shape)
    middle = random.uniform(edge * side, (1 - edge) * side, 2)
    places = np.indices(shape.shape).reshape(2, -1).T + 0.5
    away = ((places - middle) ** 2).sum(axis=1).reshape(shape.shape)
    return lowest(away, int(shape.sum()))


def scattered(shape: Mask, random: np.random.Generator) -> Mask:
    """As many pixels in squares, nowhere in particular; one square may be cut."""
    side = len(shape)
    cells = np.arange(side) * 14 // side
    order = random.permutation(14 * 14).reshape(14, 14)
    return lowest(order[cells][:, cells].astype(np.float64), int(shape.sum()))


WAYS: Mapping[str, Masker] = {
    "moved": moved,
    "round": lambda shape, random: disc(shape, random, (TENTH / np.pi) ** 0.5),
    "middle": lambda shape, random: disc(shape, random, 0.25),
    "scattered": scattered,
}
FILLS: Mapping[str, Callable[[RgbImage], NDArray[np.float64]]] = {
    "mean": lambda crop: crop.mean(axis=(0, 1)),
    "grey": lambda _crop: np.full(3, 128.0),
}


if __name__ == "__main__":
    raise SystemExit(main())
