"""How well copies are found among real photos, and how fast all near pairs of many hashes.

    python benchmarks/duplicates.py [--hashes 100000] [--peers]

Photos: ``messy`` (102 edited copies of 17 kinds, listed in its ``truth.json``), ``celeb5`` and
``lfw10`` in the folder that FACEGUI_TEST_PHOTOS names, and the ORL sample: different shots of one
person before one background. A copy counts as found when it shares a group with its original; a
pair in one group counts as wrong when ``truth.json`` gives the two different originals. The peer is
the photo's perceptual hash alone. The other parts need no photos: hashing from 32 × 32 greys
beside a call of imagehash each, and all near pairs beside comparing every pair, 64 bits at a time.
With ``--peers`` imagededup searches the same hashes, in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import imagehash
import numpy as np
from peers.environment import make_environment
from PIL import Image

from facegui.detection.analyser import LocalAnalyser
from facegui.domain.entities import DuplicateGroup, DuplicateMember, FaceProposal
from facegui.domain.errors import ImageError
from facegui.domain.rules import Limits, Rule, judge
from facegui.duplicates.evidence import FaceRecord, PhotoRecord
from facegui.duplicates.grouping import group_duplicates
from facegui.duplicates.hashing import SIDE_PX, grey_hashes, photo_hashes
from facegui.duplicates.near_pairs import Hashes, near_pairs
from facegui.imaging.decode import decode
from facegui.weights.sample import sample_photos
from facegui.weights.store import Store

DISTANCES = (0, 4, 6, 8, 10, 12)
DEFAULT = Limits().duplicate_distance
PEER_HASHES = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--hashes", type=int, default=100_000)
    parser.add_argument("--peers", action="store_true")
    arguments = parser.parse_args()
    named = os.environ.get("FACEGUI_TEST_PHOTOS")
    if named:
        quality(Path(named))
    else:
        print("No photos: set FACEGUI_TEST_PHOTOS to measure recall and precision.")
    hashing()
    speed(arguments.hashes)
    if arguments.peers:
        peers(arguments.hashes)


def quality(folder: Path) -> None:
    store = Store()
    messy = Truth(folder / "messy", scanned(folder / "messy" / "photos", store))
    for name, grouping in (("FaceGUI", group_duplicates), ("peer: photo hash alone", by_hash)):
        print(f"\nmessy, {name}")
        for distance in DISTANCES:
            print(f"  {distance:2} bits  {messy.judged(grouping(messy.photos, distance))}")
    messy.print_details(group_duplicates(messy.photos, DEFAULT))
    with tempfile.TemporaryDirectory() as sample:
        others = {name: folder / name for name in ("celeb5", "lfw10")}
        others["ORL"] = sample_photos(store, folder=Path(sample))
        for name, photos_folder in others.items():
            photos = scanned(photos_folder, store)
            for label, grouping in (("FaceGUI", group_duplicates), ("hash alone", by_hash)):
                copies = [copies_in(grouping(photos, distance)) for distance in DISTANCES]
                print(f"{name}, {label}: of {len(photos)} photos, copies at {DISTANCES}: {copies}")


def scanned(folder: Path, store: Store) -> list[PhotoRecord]:
    """Every readable photo under *folder*, measured as a scan measures it."""
    analyser = LocalAnalyser(store, hash_crop=photo_hashes)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix != ".txt"):
        try:
            photo = decode(path)
        except ImageError:
            continue
        analysis = analyser.analyse(photo.image)
        upright = np.ascontiguousarray(np.rot90(photo.image, -analysis.rotation // 90))
        record = PhotoRecord(
            id=len(found),
            path=str(path),
            sha256=photo.sha256,
            hashes=photo_hashes(upright),
            width=photo.width,
            height=photo.height,
            preferred=False,
            faces=tuple(face_record(face, len(analysis.faces)) for face in analysis.faces),
        )
        found.append(record)
    return found


def face_record(face: FaceProposal, faces_in_photo: int) -> FaceRecord:
    size_px = min(face.box.width, face.box.height)
    measured = {
        Rule.ONE_FACE: float(faces_in_photo),
        Rule.ROLL: abs(face.pose.roll),
        Rule.PAN: abs(face.pose.pan),
        Rule.TILT: abs(face.pose.tilt),
        Rule.SIZE: size_px,
        Rule.SHARPNESS: face.sharpness,
    }
    results = judge(dict.fromkeys(Rule, float("nan")) | measured, Limits())
    return FaceRecord(
        hashes=face.hashes,
        embedding=face.embedding,
        pose=face.pose,
        size_px=size_px,
        sharpness=face.sharpness,
        usable=all(result.passed for result in results),
    )


def by_hash(photos: Sequence[PhotoRecord], distance: int) -> list[DuplicateGroup]:
    """What the photo's hash alone finds, gathered in the same way around the first of each."""
    taken: set[int] = set()
    groups = []
    for photo in photos:
        if photo.id in taken:
            continue
        near = [(other.id, *bits_apart(photo, other)) for other in photos if other.id not in taken]
        members = [DuplicateMember(*found) for found in near if found[1] <= distance]
        taken |= {member.photo_id for member in members}
        if len(members) > 1:
            groups.append(DuplicateGroup(photo.id, tuple(members)))
    return groups


def bits_apart(one: PhotoRecord, other: PhotoRecord) -> tuple[int, bool]:
    """Fewest bits between two photos, and whether that is to the mirror image."""
    assert one.hashes is not None
    assert other.hashes is not None
    straight = (one.hashes.phash ^ other.hashes.phash).bit_count()
    mirrored = (one.hashes.phash ^ other.hashes.phash_mirror).bit_count()
    return min(straight, mirrored), mirrored < straight


def copies_in(groups: Sequence[DuplicateGroup]) -> int:
    return sum(len(group.members) - 1 for group in groups)


@dataclass
class Judgement:
    """Copies found of those listed, mirror images apart, and wrong pairs of all pairs."""

    found: int
    listed: int
    mirrors: int
    mirrors_listed: int
    wrong: int
    pairs: int

    def __str__(self) -> str:
        right = 1 - self.wrong / max(1, self.pairs)
        return (
            f"recall {self.found}/{self.listed} = {self.found / self.listed:6.1%}   "
            f"mirrored {self.mirrors}/{self.mirrors_listed}   "
            f"precision {self.pairs - self.wrong}/{self.pairs} = {right:6.1%}"
        )


class Truth:
    """The photos of ``messy`` and what ``truth.json`` says of them."""

    def __init__(self, folder: Path, photos: list[PhotoRecord]) -> None:
        self.photos = photos
        listed = json.loads((folder / "truth.json").read_text("utf-8"))
        self._names = {p.id: str(Path(p.path).relative_to(folder / "photos")) for p in photos}
        ids = {name: number for number, name in self._names.items()}
        self._sha256 = {photo.id: photo.sha256 for photo in photos}
        self._original = {n: ids[listed[name].get("of", name)] for n, name in self._names.items()}
        self._edit = {
            n: listed[name]["edit"]
            for n, name in self._names.items()
            if listed[name]["kind"] == "near_dup"
        }

    def judged(self, groups: Sequence[DuplicateGroup]) -> Judgement:
        """Recall over the listed copies, precision over the pairs that are not the same file."""
        found, wrong = self._found(groups), list(self._wrong(groups))
        mirrors = [n for n, edit in self._edit.items() if edit == "mirror"]
        near = [pair for pair in _pairs(groups) if not self._same_file(*pair)]
        return Judgement(
            found=len(found - set(mirrors)),
            listed=len(self._edit) - len(mirrors),
            mirrors=len(found & set(mirrors)),
            mirrors_listed=len(mirrors),
            wrong=len(wrong),
            pairs=len(near),
        )

    def print_details(self, groups: Sequence[DuplicateGroup]) -> None:
        """By kind of edit; which of each group is kept; and pairs to look at by eye."""
        found = self._found(groups)
        listed, hits = Counter(self._edit.values()), Counter(self._edit[n] for n in found)
        print(f"\nmessy by kind of edit, at the default of {DEFAULT} bits")
        print("  " + ", ".join(f"{kind} {hits[kind]}/{n}" for kind, n in sorted(listed.items())))
        kept = sum(group.keeper_id == self._original[group.keeper_id] for group in groups)
        print(f"  the original is kept in {kept} of {len(groups)} groups")
        for one, other in self._wrong(groups):
            print(f"  not listed as copies: {self._names[one]}  {self._names[other]}")

    def _found(self, groups: Sequence[DuplicateGroup]) -> set[int]:
        """Listed copies that share a group with their original; a mirrored one marked so."""
        found = set()
        for group in groups:
            mirrored = {member.photo_id: member.mirrored for member in group.members}
            for number in mirrored.keys() & self._edit.keys():
                original = self._original[number]
                turned = mirrored[number] != mirrored.get(original)
                if original in mirrored and turned == (self._edit[number] == "mirror"):
                    found.add(number)
        return found

    def _wrong(self, groups: Sequence[DuplicateGroup]) -> Iterator[tuple[int, int]]:
        for one, other in _pairs(groups):
            if self._original[one] != self._original[other]:
                yield one, other

    def _same_file(self, one: int, other: int) -> bool:
        return self._sha256[one] == self._sha256[other]


def _pairs(groups: Sequence[DuplicateGroup]) -> Iterator[tuple[int, int]]:
    for group in groups:
        yield from combinations((member.photo_id for member in group.members), 2)


def speed(count: int) -> None:
    hashes = many_hashes(count)
    print(f"\nall near pairs of {count:,} hashes, on one core")
    brute_s, brute_pairs = timed(lambda: compared(hashes, 8))
    print(f"  within  8 bits, every pair compared (peer): {brute_s:.2f} s, {brute_pairs:,} pairs")
    for distance in (8, 10):
        seconds, pairs = timed(lambda bits=distance: len(near_pairs(hashes, distance=bits).bits))
        print(f"  within {distance:2} bits, FaceGUI: {seconds:.2f} s, {pairs:,} pairs")
        if distance == 8:
            assert pairs == brute_pairs
            print(f"                  {brute_s / seconds:.0f} times as fast, the same pairs")


def hashing() -> None:
    count = 20_000
    greys = np.random.default_rng(0).integers(0, 256, (count, SIDE_PX, SIDE_PX), dtype=np.uint8)
    grey_hashes(greys[:100])
    bulk_s, _ = timed(lambda: len(grey_hashes(greys).phash))
    some = [Image.fromarray(grey) for grey in greys[: count // 10]]
    each_s, _ = timed(lambda: len([imagehash.phash(picture) for picture in some]))
    bulk, each = 1e6 * bulk_s / (2 * count), 1e6 * each_s / len(some)
    print("\nhashing from 32 x 32 greys, microseconds a hash")
    print(
        f"  FaceGUI, pictures and mirror images: {bulk:.1f}   a call of imagehash each: {each:.0f}"
    )
    print(f"                  {each / bulk:.0f} times as fast")


def peers(count: int) -> None:
    """The same hashes for imagededup, but no more of them than it searches in half a minute."""
    hashes = many_hashes(min(count, PEER_HASHES))
    with tempfile.TemporaryDirectory(prefix="facegui-peers-") as folder:
        wanted = ["numpy", "scikit-learn", "tqdm"]
        python = make_environment(Path(folder) / "environment", wanted, ["imagededup"])
        file = Path(folder) / "hashes.npy"
        np.save(file, hashes)
        script = Path(__file__).with_name("peers") / "dedup.py"
        search = [str(python), str(script), str(file), "8"]
        done = subprocess.run(search, stdout=subprocess.PIPE, check=True, text=True)
    seconds, found = map(float, done.stdout.split())
    own_s, own = timed(lambda: len(near_pairs(hashes, distance=8).bits))
    print(f"  {len(hashes):,} hashes within 8 bits: imagededup {seconds:.1f} s, {found:,.0f} pairs")
    print(f"                  FaceGUI {own_s:.2f} s, {own:,} pairs")
    print(f"                  {seconds / own_s:.0f} times as fast")


def many_hashes(count: int) -> Hashes:
    """Random hashes, a tenth of them within six bits of another."""
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, count, dtype=np.uint64)
    near = hashes[rng.integers(0, count, count // 10)].copy()
    for _ in range(6):
        near ^= np.uint64(1) << rng.integers(0, 64, len(near)).astype(np.uint64)
    hashes[: len(near)] = near
    return hashes


def compared(hashes: Hashes, distance: int) -> int:
    found = 0
    for start in range(0, len(hashes), 64):
        bits = np.bitwise_count(hashes[start : start + 64, None] ^ hashes[None, start + 1 :])
        rows, columns = np.nonzero(bits <= distance)
        found += int((columns >= rows).sum())
    return found


def timed(work: Callable[[], int]) -> tuple[float, int]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
