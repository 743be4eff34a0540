"""All pairs of 64-bit hashes within a few bits of one another: exact, and fast for many.

Multi-index hashing (Norouzi, Punjani & Fleet, CVPR 2012): cut the hashes into *m* parts; two
hashes within *d* bits agree to within *d* // *m* bits in at least one part. So the hashes are
looked up by each part in turn, with every small change to it, and only what is found there is
compared as a whole. A part that has its own array of 2**21 places needs no search at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
_Indices = NDArray[np.intp]

BITS = 64
_PARTS = (3, 4)
_BLOCK_PAIRS = 1 << 22  # pairs compared at a time, so that memory stays bounded

# What a step costs, in units of one comparison of two hashes; measured on one core.
_CHANGE_COST = 15_000.0
_PROBE_COST = 4.0
_CANDIDATE_COST = 10.0


class NearPairs(NamedTuple):
    """Pairs of hashes, pair by pair, in no particular order; every pair once.

    Attributes:
        left: (n,) index into the first array.
        right: (n,) index into the second.
        bits: uint8 (n,), the Hamming distance.
    """

    left: _Indices
    right: _Indices
    bits: NDArray[np.uint8]


def near_pairs(left: Hashes, right: Hashes | None = None, *, distance: int) -> NearPairs:
    """All of `near_pair_blocks` at once."""
    found = list(near_pair_blocks(left, right, distance=distance))
    if not found:
        nothing = np.zeros(0, np.intp)
        return NearPairs(nothing, nothing, np.zeros(0, np.uint8))
    return NearPairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def near_pair_blocks(
    left: Hashes, right: Hashes | None = None, *, distance: int
) -> Iterator[NearPairs]:
    """Every pair of a hash in *left* and one in *right* that differ in at most *distance* bits.

    Without *right*, every pair of two places in *left*, the smaller index first. The pairs come
    some at a time, so that a caller who keeps few of them needs little memory. Equal hashes make
    as many pairs as there are; a caller that expects thousands of them collapses them first.
    """
    parts = _cheapest(len(left), len(left if right is None else right), distance)
    if parts == 0:
        return _all_compared(left, right, distance)
    return _looked_up(left, right, distance, parts)


def _cheapest(rows: int, columns: int, distance: int) -> int:
    """Into how many parts to cut the hashes; 0 for comparing all pairs."""
    costs = {0: float(rows) * columns}
    for parts in _PARTS:
        width = BITS // parts
        changes = parts * sum(comb(width + 1, n) for n in range(distance // parts + 1))
        candidates = columns / 2**width
        row_cost = _PROBE_COST + _CANDIDATE_COST * candidates
        costs[parts] = changes * (_CHANGE_COST + row_cost * rows)
    return min(costs, key=lambda parts: costs[parts])


def _all_compared(left: Hashes, right: Hashes | None, distance: int) -> Iterator[NearPairs]:
    others = left if right is None else right
    step = max(1, _BLOCK_PAIRS // max(1, len(others)))
    for start in range(0, len(left), step):
        first = start if right is None else 0
        bits = np.bitwise_count(left[start : start + step, None] ^ others[None, first:])
        rows, columns = np.nonzero(bits <= distance)
        if right is None:
            once = rows < columns
            rows, columns = rows[once], columns[once]
        yield NearPairs(rows + start, columns + first, bits[rows, columns])


def _looked_up(
    left: Hashes, right: Hashes | None, distance: int, parts: int
) -> Iterator[NearPairs]:
    others = left if right is None else right
    cuts = _cuts(parts)
    radius = distance // parts
    for number, (shift, width) in enumerate(cuts):
        index = _PartIndex(others, shift, width)
        for rows, columns in index.candidates(None if right is None else left, radius):
            difference = left[rows] ^ others[columns]
            new = np.bitwise_count(difference) <= distance
            for earlier in cuts[:number]:  # what these parts share, they have found already
                new[new] = np.bitwise_count(_part(difference[new], *earlier)) > radius
            bits = np.bitwise_count(difference[new])
            one, other = rows[new], columns[new]
            if right is None:
                one, other = np.minimum(one, other), np.maximum(one, other)
            yield NearPairs(one, other, bits)


def _cuts(parts: int) -> list[tuple[int, int]]:
    """Shift and width of each part; widths differ by one at most and add up to 64."""
    edges = [BITS * n // parts for n in range(parts + 1)]
    return [(edges[n], edges[n + 1] - edges[n]) for n in range(parts)]


def _part(hashes: Hashes, shift: int, width: int) -> Hashes:
    return hashes >> np.uint64(shift) & np.uint64((1 << width) - 1)


class _PartIndex:
    """Where the hashes are that have a given part."""

    def __init__(self, hashes: Hashes, shift: int, width: int) -> None:
        self._shift, self._width = shift, width
        keys = _part(hashes, shift, width).astype(np.intp)
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        counts = np.bincount(keys, minlength=1 << width)
        self._starts = np.zeros(len(counts) + 1, np.int32)
        np.cumsum(counts, out=self._starts[1:])
        self._taken = counts > 0  # one byte a place: it stays in the cache while it is probed

    def candidates(
        self, queries: Hashes | None, radius: int
    ) -> Iterator[tuple[_Indices, _Indices]]:
        """Indices of *queries* and of hashes whose parts differ in at most *radius* bits.

        Without *queries*, of two different hashes of the index, each pair from one side only.
        """
        if queries is None:
            yield from self._own_candidates(radius)
            return
        keys = _part(queries, self._shift, self._width).astype(np.intp)
        order = np.argsort(keys, kind="stable")  # in order, neighbours probe neighbouring places
        keys = keys[order]
        for _, change in _changes(self._width, radius):
            yield from self._probed(keys ^ change, order)

    def _own_candidates(self, radius: int) -> Iterator[tuple[_Indices, _Indices]]:
        for rows, columns in self._probed(self._keys, self._order):
            once = rows < columns
            yield rows[once], columns[once]
        # A pair whose parts differ is probed from the part that lacks the highest changed bit.
        lacking = [np.flatnonzero(self._keys >> bit & 1 == 0) for bit in range(self._width)]
        sides = [(self._keys[places], self._order[places]) for places in lacking]
        for highest, change in _changes(self._width, radius):
            if change:
                keys, rows = sides[highest]
                yield from self._probed(keys ^ change, rows)

    def _probed(self, probes: _Indices, rows: _Indices) -> Iterator[tuple[_Indices, _Indices]]:
        hits = np.flatnonzero(self._taken[probes])
        probes = probes[hits]
        first = self._starts[probes].astype(np.intp)
        yield from self._spread(rows[hits], first, self._starts[probes + 1] - first)

    def _spread(
        self, rows: _Indices, first: _Indices, counts: _Indices
    ) -> Iterator[tuple[_Indices, _Indices]]:
        """One row with a run of places becomes one pair for each of them, some at a time."""
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        bounds = np.searchsorted(ends, np.arange(_BLOCK_PAIRS, total, _BLOCK_PAIRS)).tolist()
        for start, stop in zip([0, *bounds], [*bounds, len(rows)], strict=True):
            n = counts[start:stop]
            run = np.repeat(np.cumsum(n) - n, n)
            places = np.repeat(first[start:stop], n) + np.arange(len(run)) - run
            yield np.repeat(rows[start:stop], n), self._order[places]


def _changes(width: int, radius: int) -> Iterator[tuple[int, int]]:
    """Every number of *width* bits with at most *radius* set, behind its highest bit's place."""
    for n in range(radius + 1):
        for places in combinations(range(width), n):
            yield max(places, default=0), sum(1 << place for place in places)
