"""A program that labels faces until it is killed, saying on standard output what is durable.

``python -m tests.fakes.labeller LIBRARY``: step *k* gives the next decision to the next face; its
number is the step's label, and is printed once `Library.decide` has returned.
"""

from __future__ import annotations

import sys
from itertools import count

from facegui.domain.entities import Decision
from facegui.domain.queries import FaceFilter, FaceOrder
from facegui.storage import Library

_DECISIONS = (Decision.KEEP, Decision.REJECT, Decision.IGNORE)


def step(face_ids: list[int], k: int) -> tuple[int, Decision]:
    """The face and the decision of step *k*; each differs from what is there before."""
    return face_ids[k % len(face_ids)], _DECISIONS[k // len(face_ids) % len(_DECISIONS)]


def expected(face_ids: list[int], last: int) -> list[Decision]:
    """The decisions once steps 0 to *last* are done, face by face."""
    found = dict.fromkeys(face_ids, Decision.UNDECIDED)
    for k in range(last + 1):
        face_id, decision = step(face_ids, k)
        found[face_id] = decision
    return [found[face_id] for face_id in face_ids]


def last_step(library: Library) -> int:
    """The number of the newest step in the library; -1 when there is none."""
    newest = library.history(limit=1)
    return int(newest[0].label) if newest else -1


def main(path: str) -> None:
    with Library.open(path) as library:
        face_ids = library.face_ids(FaceFilter(order=FaceOrder.ADDED))
        for k in count(last_step(library) + 1):
            face_id, decision = step(face_ids, k)
            library.decide([face_id], decision, str(k))
            print(k, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
