"""File names for exports, made from whatever people are called.

The result is one path component that is legal on Linux, macOS and Windows, stays inside the folder
it is put into, and differs from its neighbours even where case or Unicode form is ignored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from itertools import count

MAX_BYTES = 200
"""In UTF-8: leaves room for a number and an extension under the usual limit of 255."""

_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_FALLBACK = "unnamed"


def safe_name(text: str, taken: Collection[str] = ()) -> str:
    """A file name that reads like *text*, and that none of *taken* collides with.

    Args:
        text: anything: ``../x``, an empty string, 300 characters, right-to-left, emoji.
        taken: names already given in the same folder.
    """
    base = _legal(text)
    used = {_folded(name) for name in taken}
    names = (base if n == 1 else f"{_shortened(base, MAX_BYTES - 8)} ({n})" for n in count(1))
    return next(name for name in names if _folded(name) not in used)


def _legal(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    kept = "".join("_" if _is_unfit(character) else character for character in normal)
    # Windows drops dots and spaces at the end; a dot at the start hides the file elsewhere.
    trimmed = _shortened(kept.strip().lstrip("."), MAX_BYTES)
    if not trimmed.strip("_"):
        return _FALLBACK
    # A device's name is reserved with any extension: "con.txt" is the console too.
    device = trimmed.partition(".")[0].rstrip().casefold() in _DEVICES
    return f"_{trimmed}" if device else trimmed


def _is_unfit(character: str) -> bool:
    """Separators, wildcards, control characters, and half characters that cannot be encoded.

    Directional marks (category Cf) go too: they can make a name look like another one. The joiner
    inside emoji and Indic words stays.
    """
    category = unicodedata.category(character)
    if category == "Cf":
        return character not in "\u200c\u200d"
    return character in _FORBIDDEN or category in {"Cc", "Cs", "Zl", "Zp"}


def _shortened(text: str, limit: int) -> str:
    """The start of *text* in at most *limit* UTF-8 bytes, no trailing dot or space."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(". ")


def _folded(name: str) -> str:
    """What file systems that ignore case and Unicode form see."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
