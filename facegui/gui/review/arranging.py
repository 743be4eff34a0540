"""The grid's questions to a library, asked off the GUI thread: ids in order, and their headings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from facegui.domain.entities import FaceState
from facegui.domain.queries import FaceFilter, FaceGroup, FaceOrder, PhotoFilter
from facegui.domain.text import tr
from facegui.gui.review import words
from facegui.gui.review.models import Arrangement
from facegui.services.libraries import Library
from facegui.services.reviewing import likeness

Key = str | int | None

_FEW = 512


def faces(library: Library, wanted: FaceFilter, group: FaceGroup | None = None) -> Arrangement:
    """The faces that *wanted* describes, parted by *group*."""
    if group is None:
        return Arrangement(np.asarray(library.face_ids(wanted), np.int64))
    if group is FaceGroup.SIMILARITY:
        found = library.face_ids(wanted)
        ids, sections = likeness.in_sections(found, library.embeddings(found))
    else:
        ids, sections = library.face_sections(wanted, group)
    titles = _titles(library, group, [section.key for section in sections])
    return Arrangement(np.asarray(ids, np.int64), sections, titles)


def start_of(wanted: FaceFilter) -> Callable[[Library], Arrangement] | None:
    """The question for a few screens of the faces, where it is answered sooner than for all."""
    if wanted.order is not FaceOrder.PHOTO:
        return None
    few = replace(wanted, limit=_FEW)
    return lambda library: faces(library, few)


def photos(library: Library, wanted: PhotoFilter) -> Arrangement:
    """The photos that *wanted* describes."""
    return Arrangement(np.asarray(library.photo_ids(wanted), np.int64))


def _titles(library: Library, group: FaceGroup, keys: list[Key]) -> dict[Key, str]:
    match group:
        case FaceGroup.PERSON:
            names: dict[Key, str] = {person.id: person.name for person in library.people()}
            return {key: names.get(key, tr("No name")) for key in keys}
        case FaceGroup.STATE:
            return {key: words.state_word(FaceState(key)) for key in keys}
        case FaceGroup.FOLDER:
            return {key: _shown(str(key)) for key in keys}
        case FaceGroup.DAY:
            return {key: f"{date.fromisoformat(str(key)):%x}" for key in keys}
        case FaceGroup.SIMILARITY:
            alone = tr("Like no other face")
            return {key: tr("Look alike ({n})", n=key) if key else alone for key in keys}


def _shown(folder: str) -> str:
    """A folder below the owner's home from there on, fit to be shown."""
    home = str(Path.home())
    short = "~" + folder[len(home) :] if folder.startswith(home) else folder
    return short.encode("utf-8", "replace").decode("utf-8")
