"""What the owner calls the models of a library.

Titles stay with the library and never go into a bundle: a model's content, and its hash, are the
same wherever it is and whatever somebody calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from facegui.services.libraries import Library
from facegui.services.runs.models import model_id

TITLES_KEY = "model_titles"
MOST_CHARACTERS = 80


def read_titles(library: Library) -> Mapping[str, str]:
    """The titles there are, by `model_id`."""
    found = library.setting(TITLES_KEY)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def set_title(library: Library, model: Path, title: str) -> None:
    """Call *model* by *title*, one line of at most 80 characters; an empty one takes it away.

    Raises:
        LibraryError: the library is open for viewing only.
    """
    name, kept = model_id(model), dict(read_titles(library))
    line = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    kept[name] = line[:MOST_CHARACTERS]
    _keep(library, kept)


def forget_titles(library: Library, word: str) -> None:
    """Take away the titles that contain *word*: somebody's name who is deleted."""
    kept = read_titles(library)
    if any(word in title for title in kept.values()):
        _keep(library, {name: title for name, title in kept.items() if word not in title})


def _keep(library: Library, titles: Mapping[str, str]) -> None:
    library.set_setting(TITLES_KEY, {name: title for name, title in titles.items() if title})
