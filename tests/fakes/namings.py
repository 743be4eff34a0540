"""Trials of suggestions and doubts: of faces whose names are known, some are named, some wrongly.

Names are an array with one for each face; those that begin with `STRANGER` are of people whom the
owner does not know. People are numbered from 1 in the order of their names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRANGER = "~"
NAMED_EACH = 3
SWAPPED, STRANGERS = 0.05, 12
"""The share of a library's names that are somebody else's, and how many strangers have one."""

Names = NDArray[np.str_]
People = NDArray[np.int64]


def known(names: Names) -> Names:
    """Everybody whom the owner knows, in order."""
    return np.unique(names[~np.char.startswith(names, STRANGER)])


def some_named(names: Names, seed: int) -> People:
    """`NAMED_EACH` faces of each person have their name, the others have none (0)."""
    random = np.random.default_rng(seed)
    people = np.zeros(len(names), np.int64)
    for number, name in enumerate(known(names), start=1):
        people[random.choice(np.flatnonzero(names == name), NAMED_EACH, replace=False)] = number
    return people


def some_wrong(names: Names, seed: int) -> tuple[People, NDArray[np.intp]]:
    """Every known face has a name, and some strangers have one; and which names are wrong."""
    random, everybody = np.random.default_rng(seed), known(names)
    mine = np.flatnonzero(np.isin(names, everybody))
    others = np.flatnonzero(~np.isin(names, everybody))
    people = np.zeros(len(names), np.int64)
    people[mine] = np.searchsorted(everybody, names[mine]) + 1
    swapped = random.choice(mine, round(SWAPPED * len(mine)), replace=False)
    by = random.integers(1, len(everybody), len(swapped))
    people[swapped] = (people[swapped] - 1 + by) % len(everybody) + 1
    planted = random.choice(others, STRANGERS, replace=False)
    people[planted] = random.integers(1, len(everybody) + 1, STRANGERS)
    return people, np.concatenate([swapped, planted])
