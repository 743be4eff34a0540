"""``kill -9`` while labelling: the library stays whole and loses nothing that was acknowledged.

``FACEGUI_TEST_KILLS=100`` for the full trial; ten by default.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from facegui.domain.queries import FaceFilter, FaceOrder
from facegui.storage import Library
from tests.fakes import labeller
from tests.fakes.proposals import proposal, scanned

KILLS = int(os.environ.get("FACEGUI_TEST_KILLS", "10"))
ROOT = Path(__file__).parents[3]


def start(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_nothing_acknowledged_is_lost_however_often_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "X"
    with Library.create(path) as library:
        ids = library.add_photos([(f"/{n}.jpg", None, 1, 1) for n in range(7)]).added
        library.store_scans([scanned(i, [proposal()]) for i in ids])
        faces = library.face_ids(FaceFilter(order=FaceOrder.ADDED))
    chance = random.Random(2)
    for _ in range(KILLS):
        acknowledged = killed_after(chance.randint(1, 40), path)
        with Library.open(path) as library:
            library.check()
            last = labeller.last_step(library)
            # The step being written when the kill came may be in or not, but never a half of it.
            assert last - acknowledged in {0, 1}
            decisions = [face.decision for face in library.faces(faces)]
            assert decisions == labeller.expected(faces, last)


def killed_after(lines: int, path: Path) -> int:
    """Lets the labeller acknowledge *lines* steps or more, and kills it; the last one it told."""
    with start("tests.fakes.labeller", str(path)) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(lines)]
        process.kill()
        told += [int(line) for line in process.stdout.read().splitlines()]
    assert process.returncode == -signal.SIGKILL
    return told[-1]
