"""Which side of a split each crop is on, so that no group of copies is on two sides.

A group is what `facegui.services.copies.same_picture.group_copies` made: copies of one picture,
faces of one photo. It may hold several people (a group picture, or copies under two names).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from facegui.domain.dataset import Split, Subset

Sides = tuple[Subset, ...]
_Groups = Mapping[int, Counter[int]]  # by label: faces by group


def split_groups(
    labels: Sequence[int], groups: Sequence[int], split: Split, seed: int
) -> tuple[Subset | None, ...]:
    """A side for each item, as near to the shares asked for as whole groups can be.

    Each label gets at least one group to learn from; if it has two groups or more of its own, one
    to check with as well, and from three on one to test with. What a cap leaves over is tested
    with, or None (not used) where nothing is held back to test with.
    """
    faces_in = _faces_by_group(labels, groups)
    draw = random.Random(seed)  # noqa: S311 - a reproducible split, not a secret
    tested = _choose(faces_in, split.test, draw, left_over=2) if split.test else set()
    rest = {
        label: Counter({group: n for group, n in own.items() if group not in tested})
        for label, own in faces_in.items()
    }
    beyond = _beyond_cap(rest, split.cap, draw)
    rest = {
        label: Counter({group: n for group, n in own.items() if group not in beyond})
        for label, own in rest.items()
    }
    validated = _choose(rest, split.validation / (1 - split.test), draw, left_over=1)
    side_of: dict[int, Subset | None] = dict.fromkeys(groups, Subset.TRAIN)
    side_of |= dict.fromkeys(tested, Subset.TEST)
    side_of |= dict.fromkeys(beyond, Subset.TEST if split.test else None)
    side_of |= dict.fromkeys(validated, Subset.VALIDATION)
    return tuple(side_of[group] for group in groups)


def folds(
    labels: Sequence[int], groups: Sequence[int], count: int, validation: float, seed: int
) -> tuple[Sides, ...]:
    """*count* splits in which every item is tested with exactly once (k-fold cross-validation).

    In each, *validation* of the rest is held out to choose the best weights. Each label's faces
    are spread over the folds as evenly as whole groups can be; one with a single group is never
    learned from in the fold that tests it.
    """
    faces_in = _faces_by_group(labels, groups)
    draw = random.Random(seed)  # noqa: S311 - a reproducible split, not a secret
    fold_of: dict[int, int] = {}
    sizes: Counter[int] = Counter()
    for own in sorted(faces_in.values(), key=len):
        filled = Counter(dict.fromkeys(range(count), 0))
        for group in own.keys() & fold_of.keys():
            filled[fold_of[group]] += own[group]
        waiting = sorted(own.keys() - fold_of.keys())
        draw.shuffle(waiting)
        for group in sorted(waiting, key=lambda group: -own[group]):
            fold = min(range(count), key=lambda fold: (filled[fold], sizes[fold]))
            fold_of[group] = fold
            filled[fold] += own[group]
            sizes[fold] += own[group]
    return tuple(
        _without_fold(labels, groups, fold_of, fold, Split(validation, 0.0), seed)
        for fold in range(count)
    )


def _without_fold(
    labels: Sequence[int],
    groups: Sequence[int],
    fold_of: Mapping[int, int],
    fold: int,
    split: Split,
    seed: int,
) -> Sides:
    rest = [row for row, group in enumerate(groups) if fold_of[group] != fold]
    sides = [Subset.TEST] * len(groups)
    found = split_groups([labels[row] for row in rest], [groups[row] for row in rest], split, seed)
    for row, side in zip(rest, found, strict=True):
        assert side is not None, "nothing was capped"
        sides[row] = side
    return tuple(sides)


def _faces_by_group(labels: Sequence[int], groups: Sequence[int]) -> _Groups:
    faces_in: dict[int, Counter[int]] = {}
    for label, group in zip(labels, groups, strict=True):
        faces_in.setdefault(label, Counter())[group] += 1
    return {
        label: faces_in[label] for label in sorted(faces_in, key=lambda x: (len(faces_in[x]), x))
    }


def _choose(faces_in: _Groups, share: float, draw: random.Random, *, left_over: int) -> set[int]:
    """Groups that hold about *share* of each label's faces, and at least one if it has enough.

    People with the fewest groups choose first. Nobody is left with fewer than *left_over* groups,
    or with fewer than they have.
    """
    chosen: dict[int, bool] = {}
    for own in faces_in.values():
        _hold_out(own, share * sum(own.values()), draw, chosen, left_over)
    for own in faces_in.values():
        kept = [group for group in own if not chosen[group]]
        taken = sorted(own.keys() - set(kept))  # some may have been chosen for others
        for group in taken[: max(0, min(left_over, len(own)) - len(kept))]:
            chosen[group] = False
    return {group for group, held in chosen.items() if held}


def _hold_out(
    own: Mapping[int, int],
    target: float,
    draw: random.Random,
    chosen: dict[int, bool],
    left_over: int,
) -> None:
    """Decide on those of one person's groups (*own*: faces by group) that are still open."""
    open_groups = sorted(own.keys() - chosen.keys())
    draw.shuffle(open_groups)
    count = sum(faces for group, faces in own.items() if chosen.get(group))
    for group in open_groups:
        chosen[group] = abs(count + own[group] - target) < abs(count - target)
        count += own[group] if chosen[group] else 0
    taken = [group for group in own if chosen[group]]
    smallest_first = sorted(open_groups, key=lambda group: own[group])
    if not taken and len(own) > left_over and smallest_first:
        chosen[smallest_first[0]] = True
        taken = [smallest_first[0]]
    too_many = min(left_over, len(own)) - (len(own) - len(taken))
    for group in [group for group in smallest_first if chosen[group]][: max(0, too_many)]:
        chosen[group] = False


def _beyond_cap(faces_in: _Groups, cap: int | None, draw: random.Random) -> set[int]:
    """Groups to leave out so that nobody brings more than *cap* faces, two groups at least."""
    if cap is None:
        return set()
    kept: set[int] = set()
    for own in faces_in.values():
        count = sum(own[group] for group in own.keys() & kept)
        waiting = sorted(own.keys() - kept)
        draw.shuffle(waiting)
        for number, group in enumerate(waiting):
            if number < 2 or count + own[group] <= cap:  # noqa: PLR2004 - learn and check
                kept.add(group)
                count += own[group]
    return {group for own in faces_in.values() for group in own} - kept
