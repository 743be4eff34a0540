"""Runs in the peers' environment: ``dedup.py HASHES.npy BITS`` prints seconds and pairs.

imagededup's search, as its ``find_duplicates`` calls it, on the processes it chooses itself. Its
package imports PyTorch for its networks, which no search needs; the modules that do are left out.
"""

from __future__ import annotations

import importlib.util
import sys
import time
import types
from pathlib import Path

import numpy as np


def without_networks() -> None:
    """Let ``imagededup.utils`` be imported without what it imports itself."""
    found = importlib.util.find_spec("imagededup")
    assert found is not None
    assert found.origin is not None
    package = types.ModuleType("imagededup.utils")
    vars(package)["__path__"] = [str(Path(found.origin).parent / "utils")]
    sys.modules["imagededup.utils"] = package


def hamming(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def main() -> None:
    without_networks()
    from imagededup.handlers.search.retrieval import HashEval

    hashes = {str(n): f"{value:016x}" for n, value in enumerate(np.load(sys.argv[1]).tolist())}
    started = time.perf_counter()
    found = HashEval(hashes, hashes, hamming, verbose=False, threshold=int(sys.argv[2]))
    results = found.retrieve_results(scores=True)
    seconds = time.perf_counter() - started
    pairs = sum(map(len, results.values())) // 2  # each is found from either side
    print(seconds, pairs)


if __name__ == "__main__":
    main()
