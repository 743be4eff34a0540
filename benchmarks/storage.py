"""Lists, counts and decisions in a library of 100,000 faces, beside bare SQLite.

One command::

    python benchmarks/storage.py [FACES]

The floor of a list is the same number of ids read unsorted by one bare query; of a decision, the
same rows updated and committed on a bare connection, without journal or verdicts. Both the clock
and the processor's time are shown: on a busy machine only the second means anything.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from facegui.domain.entities import Decision, DuplicateGroup, DuplicateMember, FaceState
from facegui.domain.geometry import Box, Pose
from facegui.domain.queries import FaceFilter, FaceOrder
from facegui.domain.rules import Limits, Rule
from facegui.storage import Library
from tests.fakes.proposals import proposal, scanned

BATCH = 500
BULK = 10_000
PAGE = 200


class Figure(NamedTuple):
    """Milliseconds of the best round."""

    wall: float
    cpu: float


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "Bench.facegui"
        with Library.create(path) as library:
            show("import and store scans, a photo", fill(library, count), count)
        bare = Path(shutil.copy(path / "library.sqlite3", place))
        with (
            Library.open(path) as library,
            contextlib.closing(sqlite3.connect(bare, isolation_level=None)) as connection,
        ):
            lists(library, connection)
            decisions(library, connection)


def fill(library: Library, count: int) -> Figure:
    """Photos of 50 people with a face each, paths in no order, measures at random."""
    random = np.random.default_rng(0)
    files = [
        (f"/photos/{n * 7919 % count // 100:05d}/{n:07d}.jpg", f"Person {n % 50}", 1, 1)
        for n in range(count)
    ]

    def face() -> object:
        side, score, sharpness = random.random(3)
        return replace(
            proposal(Box(10, 10, 30 + side * 100, 150)),
            score=float(score),
            sharpness=float(sharpness * 100),
            pose=Pose(*(random.normal(size=3) * 15).tolist()),
        )

    def work() -> None:
        ids = library.add_photos(files).added
        for start in range(0, count, BATCH):
            library.store_scans([scanned(i, [face()]) for i in ids[start : start + BATCH]])  # type: ignore[list-item]

    return measured(work, rounds=1)


def lists(library: Library, connection: sqlite3.Connection) -> None:
    floor = measured(lambda: [row[0] for row in connection.execute("SELECT id FROM faces")])
    show("floor: all ids, bare and unsorted", floor)
    for order in FaceOrder:
        wanted = FaceFilter(order=order, descending=True)
        show(f"all faces by {order.value}", measured(lambda w=wanted: library.face_ids(w)), floor)
    some = {
        "kept faces": FaceFilter(states=(FaceState.KEPT,)),
        "faces without a name": FaceFilter(named=False),
        "faces of one person": FaceFilter(person_id=3),
        "faces that fail by pan": FaceFilter(failing=Rule.PAN),
        "a search": FaceFilter(search="0001234"),
    }
    for label, wanted in some.items():
        show(label, measured(lambda w=wanted: library.face_ids(w)), floor)
    ids = library.face_ids()
    page = ids[len(ids) // 2 :][:PAGE]
    show("counts", measured(library.counts), floor)
    show("counts per person", measured(library.person_counts), floor)
    show(f"{PAGE} faces by id", measured(lambda: library.faces(page)))
    show(f"every rule of {PAGE} faces", measured(lambda: library.rule_results(page)))
    show("all embeddings", measured(lambda: library.embeddings(ids)))
    show("all photo hashes", measured(library.photo_hashes))


def decisions(library: Library, connection: sqlite3.Connection) -> None:
    ids = library.face_ids()
    one, many = ids[:1], ids[-BULK:]
    for label, chosen in (("one decision", one), (f"{len(many):,} decisions", many)):
        floor = measured(lambda c=chosen: bare_update(connection, c), rounds=1)
        show(f"floor: {label}, bare", floor)
        for name, work in {
            label: lambda c=chosen: library.decide(c, Decision.REJECT),
            f"{label}, undone": library.undo,
            f"{label}, redone": library.redo,
            f"{label}, ignoring": lambda c=chosen: library.decide(c, Decision.IGNORE),
            f"{label}, naming": lambda c=chosen: library.assign(c, "Somebody new"),
        }.items():
            show(name, measured(work, rounds=1), floor)
    show("limits moved, all judged", measured(lambda: library.set_limits(STRICT), rounds=1))
    show("limits undone", measured(library.undo, rounds=1))
    photos = library.photo_ids()
    pairs = zip(photos[0:20_000:2], photos[1:20_000:2], strict=False)
    groups = [DuplicateGroup(a, (DuplicateMember(a, 0), DuplicateMember(b, 3))) for a, b in pairs]
    show("10,000 groups of copies", measured(lambda: library.set_duplicates(groups), rounds=1))
    show("verified backup", measured(library.backup, rounds=1))


STRICT = Limits(max_pan_deg=10)


def bare_update(connection: sqlite3.Connection, face_ids: Sequence[int]) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "UPDATE faces SET decision = 'reject' WHERE id = ?", [(i,) for i in face_ids]
    )
    connection.execute("COMMIT")


def measured(work: Callable[[], object], rounds: int = 5) -> Figure:
    """The best round by each clock."""
    best = Figure(float("inf"), float("inf"))
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        now = Figure((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)
        best = Figure(min(best.wall, now.wall), min(best.cpu, now.cpu))
    return best


def show(label: str, figure: Figure, floor: Figure | int | None = None) -> None:
    """One line; *floor* is another figure for a ratio, or a count to divide by."""
    if isinstance(floor, int):
        figure, floor = Figure(figure.wall / floor, figure.cpu / floor), None
    ratio = f"{figure.cpu / floor.cpu:7.1f} × floor" if floor else ""
    print(f"{label:36s}{figure.wall:10.2f} ms{figure.cpu:10.2f} ms cpu{ratio}", flush=True)


if __name__ == "__main__":
    main()
