"""User-visible text: one gettext-like function, outside Qt, for every room.

A catalogue is a JSON file ``resources/i18n/<language>.json`` that maps each English text to its
translation. English is the key, so a missing entry still reads well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

_catalogue: Mapping[str, str] = {}
_language = "en"


def resource_path(name: str) -> Path:
    """The file *name* under ``resources/``, in a wheel, a frozen app or a source checkout."""
    inside = Path(str(files("facegui"))) / "resources" / name
    return inside if inside.exists() else Path(__file__).resolve().parents[2] / "resources" / name


def set_language(language: str) -> None:
    """Use the catalogue of *language* (``"ko"``, ``"ko_KR"``); English where there is none."""
    global _catalogue, _language  # noqa: PLW0603 - the one process-wide setting, set at start
    path = resource_path(f"i18n/{language.partition('_')[0]}.json")
    _catalogue = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    _language = language


def current_language() -> str:
    """What `set_language` was told last, so that another process can be told the same."""
    return _language


def tr(text: str, **values: object) -> str:
    """*text* in the owner's language, with ``{name}`` fields filled from *values*."""
    found = _catalogue.get(text, text)
    return found.format(**values) if values else found


def trn(singular: str, plural: str, n: int, **values: object) -> str:
    """The form of a text that fits the count *n*, which fills ``{n}`` grouped by thousands."""
    return tr(singular if n == 1 else plural, n=f"{n:,}", **values)


def minutes(seconds: float) -> str:
    """A time in a video as players show it: ``1:02`` or ``1:01:02``."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{clock}" if hours else clock
