"""What a person can be called in a file that travels between machines."""

from __future__ import annotations

import unicodedata

MOST_CHARACTERS = 300
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of text and can make one name read like another (Unicode TR 36)."""


def is_plain_name(name: str) -> bool:
    """Whether *name* reads as one line of text, in any script, and as nothing else than it is."""
    return 0 < len(name) <= MOST_CHARACTERS and not any(
        character in _TURNING or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        for character in name
    )
