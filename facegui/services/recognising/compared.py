"""What a comparison of two models says: counts, shares with their interval, a sentence, a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facegui.domain.recognition import Identity
from facegui.domain.text import tr, trn
from facegui.files import write_atomic
from facegui.services.csv_text import csv_text
from facegui.services.judging.score import Score
from facegui.services.recognising.comparing import Agreement, ComparedFace, Comparison, agreement

CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Tally:
    """A comparison in numbers.

    Attributes:
        kinds: faces by how the two answers stand to each other.
        one, other: right answers among the faces whose truth is known and that neither learned.
        only_one: faces on which only the first is right; likewise *only_other*.
        learned: faces whose truth is known, but that one of the models has learned from.
    """

    kinds: Counter[Agreement]
    one: Score
    other: Score
    only_one: int
    only_other: int
    learned: int

    @property
    def chance(self) -> float:
        """How likely so uneven a split is between two equally good models, 0 to 1.

        The exact two-sided form of McNemar's test (Psychometrika, 1947): a fair coin for each
        face on which just one is right.
        """
        tosses, fewer = self.only_one + self.only_other, min(self.only_one, self.only_other)
        tail = sum(math.comb(tosses, heads) for heads in range(fewer + 1))
        return min(1.0, 2 * tail / (1 << tosses))


def tally(faces: Sequence[ComparedFace]) -> Tally:
    """Count *faces*."""
    judged = [face for face in faces if face.judged]
    pairs = Counter((face.one_right, face.other_right) for face in judged)
    return Tally(
        kinds=Counter(map(agreement, faces)),
        one=Score(sum(bool(face.one_right) for face in judged), len(judged)),
        other=Score(sum(bool(face.other_right) for face in judged), len(judged)),
        only_one=pairs[True, False],
        only_other=pairs[False, True],
        learned=sum(face.truth is not None and face.learned for face in faces),
    )


def in_words(found: Comparison) -> tuple[str, ...]:
    """What to make of it: who is right more often, whether that may be chance, what it is of."""
    counted = tally(found.faces)
    if not found.faces:
        return (_nothing(found),)
    lines = [_verdict(counted)] if counted.one.count else [_agreed(counted, len(found.faces))]
    if not found.request.paths:
        lines.append(
            tr("Faces that neither model has learned from, nor from a copy: an honest comparison.")
        )
    if found.left_out:
        lines.append(
            trn(
                "{n} face of the library was left out, because one of the two learned from it.",
                "{n} faces of the library were left out, because one of the two learned from them.",
                found.left_out,
            )
        )
    if counted.learned:
        lines.append(
            trn(
                "{n} face that one of them learned from is shown, but counts for nothing.",
                "{n} faces that one of them learned from are shown, but count for nothing.",
                counted.learned,
            )
        )
    if found.unread:
        lines.append(
            trn("{n} photo could not be read.", "{n} photos could not be read.", len(found.unread))
        )
    if found.stopped:
        lines.append(tr("Stopped before the end."))
    return tuple(lines)


def _nothing(found: Comparison) -> str:
    if found.request.paths:
        return tr("No face was found on these photos.")
    return tr(
        "One of the two has learned from every named face of this library, or from a copy. Choose "
        "photos that neither has seen."
    )


def _verdict(counted: Tally) -> str:
    if not counted.only_one + counted.only_other:
        return tr("Both are right, and wrong, on the same faces.")
    told = tr(
        "B is right on {other} where A is wrong, A on {one} where B is wrong.",
        other=counted.only_other,
        one=counted.only_one,
    )
    if counted.chance < CHANCE:
        better = "A" if counted.only_one > counted.only_other else "B"
        rest = tr(
            "That is hardly chance: of two equally good models, {share} would differ so much. "
            "{better} is the better one on such faces.",
            share=_share(counted.chance),
            better=better,
        )
    else:
        rest = tr(
            "That may be chance: of two equally good models, {share} would differ so much.",
            share=_share(counted.chance),
        )
    return f"{told} {rest}"


def _share(chance: float) -> str:
    return tr("fewer than 1 in 1,000") if chance < 0.001 else f"{100 * chance:.2g} %"  # noqa: PLR2004


def _agreed(counted: Tally, faces: int) -> str:
    same = counted.kinds[Agreement.SAME] + counted.kinds[Agreement.BOTH_UNKNOWN]
    return tr(
        "They agree on {same} of {faces}. Nobody says who these faces are, so which one is right "
        "is not known.",
        same=f"{same:,}",
        faces=trn("{n} face", "{n} faces", faces),
    )


def write_csv(found: Comparison, out: Path) -> None:
    """Write every face with both answers to *out*, replacing what is there.

    Raises:
        StorageFault: the disk refuses.
    """
    answer = ("name", "candidate", "probability", "similarity", "threshold", "right")
    head = ("path", "x1", "y1", "x2", "y2", "truth", "learned_from", "differs")
    sides = [f"{side}_{column}" for side in "ab" for column in answer]
    rows = [(*head, *sides), *map(_row, found.faces)]
    write_atomic(out, csv_text(rows).encode("utf-8", "replace"))


def _row(face: ComparedFace) -> tuple[str, ...]:
    box = face.box
    return (
        face.path,
        *(f"{value:.1f}" for value in (box.x1, box.y1, box.x2, box.y2)),
        face.truth or "",
        _yes(face.learned),
        _yes(face.differs),
        *_cells(face.one, face.one_right),
        *_cells(face.other, face.other_right),
    )


def _cells(said: Identity, right: bool | None) -> tuple[str, ...]:  # noqa: FBT001 - three values
    numbers = (said.probability, said.similarity, said.threshold)
    return (said.name or "", said.candidate, *(f"{n:.4f}" for n in numbers), _yes(right))


def _yes(value: bool | None) -> str:  # noqa: FBT001 - three values
    return "" if value is None else "yes" if value else "no"
