"""Bundles that were damaged or forged at random: refused with a reason, never a crash."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from facegui.domain.errors import BundleError
from facegui.network.bundle import load_bundle
from facegui.services.runs.card_text import card_as_text, model_card
from tests.fakes.random_bundles import make_bundle, parts, resealed


@pytest.mark.parametrize("seed", range(4))
def test_random_damage_is_refused_or_harmless(tmp_path: Path, seed: int) -> None:
    """Bytes changed, cut out, doubled or moved at random: a `BundleError`, or the same content."""
    random = np.random.default_rng(seed)
    whole, path = make_bundle(), tmp_path / "m"
    data = np.frombuffer(whole.to_bytes(), np.uint8)
    for _ in range(150):
        path.write_bytes(damaged(data, random).tobytes())
        with contextlib.suppress(BundleError):
            assert load_bundle(path).sha256 == whole.sha256


@pytest.mark.parametrize("seed", range(4))
def test_random_forgery_is_refused_or_makes_a_sound_card(tmp_path: Path, seed: int) -> None:
    """Values of the description replaced at random, and the checksum made anew over it."""
    random, path = np.random.default_rng(seed), tmp_path / "m"
    for _ in range(150):
        info, tensors = parts(make_bundle())
        forge(info, random)
        path.write_bytes(resealed(info, tensors))
        with contextlib.suppress(BundleError):
            assert "Content" in card_as_text(model_card(path))


HOSTILE: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**63, 10**30, 10**400, -0.5, 5e-324, 1e308, 1.5),
    *("", "x", "\0", "\u202e", "../../x", "=1+1", "x" * 5000, "9999-12-31T23:59:59+00:00"),
    *([], [1], ["x"], [["x"]], {}, {"x": 1}, {"x": "y"}, {"x": {"x": "x"}}),
)


def forge(info: dict[str, Any], random: np.random.Generator) -> None:
    """Replace one value, at any depth, by a hostile one."""
    place: Any = info
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = keys[random.integers(len(keys))]
        deeper = place[key]
        if not isinstance(deeper, dict | list) or not deeper or random.random() < 0.3:
            place[key] = HOSTILE[random.integers(len(HOSTILE))]
            return
        place = deeper


def damaged(data: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """*data* after one accident; half of them happen in its header, which is small."""
    (length,) = struct.unpack_from("<Q", data.tobytes()[:8])
    span = 8 + length if random.random() < 0.5 else len(data)
    first, last = sorted(random.integers(0, span, 2).tolist())
    match random.integers(5):
        case 0:
            changed = data.copy()
            changed[first] = random.integers(256)
            return changed
        case 1:
            return np.delete(data, slice(first, last))
        case 2:
            return np.insert(data, last, data[first : first + 64])
        case 3:
            return np.concatenate((data[:first], random.integers(0, 256, 16, np.uint8)))
        case _:
            return np.roll(data, first + 1)
