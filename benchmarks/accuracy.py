"""Honest accuracy of networks on faces that neither taught them nor chose their weights.

    python benchmarks/accuracy.py [--sets messy orl40 lfw10 celeb5] [--networks modern classic ...]
                                  [--splits 5] [--libraries FOLDER]

Photos: the folder that FACEGUI_TEST_PHOTOS names. Each set is imported, scanned and trained on as
the program does it, in the engine's own job; FOLDER keeps the scanned libraries for another time.
Every split is random and by its number; the same for all networks.

``messy``: kept faces under the default rules, without the group pictures, whose faces are other
people's: an owner who reviews says so. Copies of one picture and faces of one photo stay on
one side. A fifth is for the test, of the rest at most 40 a person are learned from and validated
with (one in seven). ``celeb5``, only when it is asked for, likewise, to see how soon a network
gets there. ``orl40`` and ``lfw10``: every photo's largest face, 5 and 3 photos of each person to
learn from, one more to validate with, the others for the test.

Printed for each network: mean and standard deviation of the test accuracy over the splits, the
target, and how soon validation reached 90 %.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from numpy.typing import NDArray

from facegui.__main__ import make_tools
from facegui.domain.control import NullControl
from facegui.domain.dataset import DatasetItem, Subset
from facegui.domain.rules import Limits
from facegui.domain.training import FitRequest, FitResult
from facegui.network.registry import network
from facegui.services.collecting.photos import ImportRequest, import_photos
from facegui.services.learning.crops import crops_file
from facegui.services.learning.dataset import dataset_item, named_faces
from facegui.services.learning.pretrained import pretrained_path
from facegui.services.libraries import Library, create_library, open_library
from facegui.services.scanning.scan import ScanRequest, scan
from facegui.services.tools import Tools
from facegui.training.fit import fit

EVERY_FACE = Limits(
    max_faces=99,
    max_roll_deg=180.0,
    max_pan_deg=90.0,
    max_tilt_deg=90.0,
    min_size_px=0.0,
    min_sharpness=0.0,
    max_sunglasses=1.0,
    duplicate_distance=0,
)
TEST, VALIDATION, MOST = 0.2, 1 / 7, 40
REACHED = 0.9


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """Photos to measure on.

    Attributes:
        learn: photos of each person to learn from; None splits by shares and groups.
        targets: the test accuracy to reach, by network.
    """

    folder: str
    limits: Limits
    learn: int | None
    targets: dict[str, float]


SETS = {
    "messy": PhotoSet(
        "messy/photos",
        Limits(),
        None,
        {"classic": 0.85, "modern": 0.95, "face-transfer": 0.995},
    ),
    "orl40": PhotoSet("orl40", EVERY_FACE, 5, {"modern": 0.95, "face-transfer": 0.995}),
    "lfw10": PhotoSet("lfw10", EVERY_FACE, 3, {"face-transfer": 0.99}),
    "celeb5": PhotoSet("celeb5/train", Limits(), None, {}),
}


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of a set: what to cut, whose they are, and which are copies of one another."""

    items: Sequence[DatasetItem]
    labels: NDArray[np.intp]
    groups: NDArray[np.intp]
    names: tuple[str, ...]


def main() -> int:
    """Print a line for each set and network; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sets",
        nargs="+",
        choices=SETS,
        default=[name for name, made in SETS.items() if made.targets],
    )
    parser.add_argument("--networks", nargs="+")
    parser.add_argument("--splits", type=int, default=5)
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
                faces = faces_of(library, name, group_pictures(Path(photos) / name))
                for kind in asked.networks or SETS[name].targets:
                    missed |= not judge(tools, library, name, kind, faces, asked.splits)
    finally:
        tools.close()
    return int(missed)


@contextmanager
def scanned(name: str, photos: Path, tools: Tools, kept: Path | None) -> Iterator[Library]:
    """The library of a set, made unless it was kept."""
    with tempfile.TemporaryDirectory() as temporary:
        path = (kept or Path(temporary)) / f"{name}.facegui"
        if path.exists():
            with open_library(path) as library:
                yield library
            return
        with create_library(path) as library:
            library.set_limits(SETS[name].limits)
            folder = photos / SETS[name].folder
            import_photos(library, ImportRequest((folder,)), NullControl())
            scan(library, tools, ScanRequest(), NullControl())
            yield library


def group_pictures(folder: Path) -> set[str]:
    """Folder and file names of pictures of several people, where it is known which these are."""
    truth = folder / "truth.json"
    if not truth.exists():
        return set()
    known = json.loads(truth.read_text("utf-8"))
    return {path for path, entry in known.items() if entry["kind"] == "group"}


def faces_of(library: Library, name: str, left_out: set[str]) -> Faces:
    """The named faces to use; of a set split by photos, the largest in each."""
    faces, photos, groups = named_faces(library)
    parts = [Path(photos[face.photo_id].path).parts for face in faces]
    rows = [row for row, part in enumerate(parts) if "/".join(part[-2:]) not in left_out]
    if SETS[name].learn is not None:
        rows.sort(key=lambda row: faces[row].box.width)
        rows = sorted({faces[row].photo_id: row for row in rows}.values())
    people = {person.id: person.name for person in library.people()}
    owners = [people[faces[row].person_id or 0] for row in rows]
    names = tuple(sorted(set(owners)))
    return Faces(
        items=[dataset_item(faces[row], photos[faces[row].photo_id]) for row in rows],
        labels=np.array([names.index(owner) for owner in owners]),
        groups=np.array([groups[row] for row in rows]),
        names=names,
    )


def judge(tools: Tools, library: Library, name: str, kind: str, faces: Faces, splits: int) -> bool:
    """Train on every split and print what came out; whether it is enough."""
    found, tests, times, steps = [], [], [], []
    for seed in range(splits):
        subsets = split(faces, SETS[name].learn, seed)
        result = trained(tools, library, kind, faces, subsets, seed)
        assert result.metrics.test_accuracy is not None
        found.append(result.metrics.test_accuracy)
        tests.append(result.metrics.test_count)
        soon = [p for p in result.curve if (p.validation_accuracy or 0) >= REACHED]
        if soon:
            times.append(soon[0].seconds)
            steps.append(soon[0].step)
        print(f"  {seed}: {found[-1]:.3f} after {result.metrics.seconds:.0f} s", flush=True)
    target = SETS[name].targets.get(kind)
    spread = statistics.stdev(found) if splits > 1 else 0.0
    told = f"{statistics.mean(found):.3f} ± {spread:.3f} of {statistics.mean(tests):.0f} faces"
    wanted = "" if target is None else f", target {target:.3f}"
    reached = "never"
    if times:
        reached = f"{statistics.median(times):.1f} s, {statistics.median(steps):.0f} steps"
        reached += f" in {len(times)} of {splits}"
    print(f"{name:6} {kind:14} {told}{wanted}; 90 % in validation: {reached}", flush=True)
    return target is None or statistics.mean(found) >= target


def split(faces: Faces, learn: int | None, seed: int) -> list[Subset]:
    """A side for every face."""
    draw = np.random.default_rng(seed)
    sides = np.full(len(faces.labels), Subset.TRAIN, object)
    for label in range(len(faces.names)):
        own = np.flatnonzero(faces.labels == label)
        if learn is not None:
            mixed = draw.permutation(own)
            sides[mixed[learn : learn + 1]] = Subset.VALIDATION
            sides[mixed[learn + 1 :]] = Subset.TEST
            continue
        known = min(MOST, len(own) - round(TEST * len(own)))
        wanted = [len(own) - known, round(VALIDATION * known)]
        for group in draw.permutation(np.unique(faces.groups[own])):
            members = own[faces.groups[own] == group]
            for turn, side in enumerate((Subset.TEST, Subset.VALIDATION)):
                if wanted[turn] >= len(members):
                    wanted[turn] -= len(members)
                    sides[members] = side
                    break
    return list(sides) if learn is not None else as_groups(sides, faces.groups)


def as_groups(sides: NDArray[np.object_], groups: NDArray[np.intp]) -> list[Subset]:
    """Groups with more than one person's faces go where their first face went."""
    first = {group: int(np.flatnonzero(groups == group)[0]) for group in np.unique(groups)}
    return [sides[first[group]] for group in groups]


def trained(
    tools: Tools, library: Library, kind: str, faces: Faces, subsets: Sequence[Subset], seed: int
) -> FitResult:
    """One training, by the engine's job."""
    with tempfile.TemporaryDirectory() as folder:
        return fit(
            asked_for(tools, library, kind, faces, subsets, seed, Path(folder)), NullControl()
        )


def asked_for(
    tools: Tools,
    library: Library,
    kind: str,
    faces: Faces,
    subsets: Sequence[Subset],
    seed: int,
    folder: Path,
) -> FitRequest:
    """What the engine's job is asked; its files come into *folder*."""
    spec = network(kind)
    path = folder / "inputs.npy"
    if spec.preprocessing.kind == "embedding":
        np.save(path, library.embeddings([item.face_id for item in faces.items]))
    else:
        path = crops_file(library, faces.items, spec.preprocessing, NullControl())
    return FitRequest(
        config=replace(spec.defaults, seed=seed),
        inputs_path=str(path),
        labels=tuple(faces.labels.tolist()),
        subsets=tuple(subsets),
        class_names=faces.names,
        run_dir=str(folder),
        pretrained_path=pretrained_path(tools, spec.defaults, NullControl()),
    )


if __name__ == "__main__":
    raise SystemExit(main())
