"""The faces that stand for people in the list: loaded off the GUI thread, and only when others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from facegui.domain.errors import ImageError
from facegui.domain.text import tr
from facegui.gui.context import AppContext
from facegui.gui.images import to_qimage
from facegui.gui.lanes import Lane
from facegui.gui.review.people_panel import PeoplePanel
from facegui.services.libraries import Library

_SIDE_PX = 64

_Wanted = Mapping[int, int]
"""The face that stands for a person, by person."""


class Covers(QObject):
    """Keeps the covers in *panel* those that the owner chose."""

    def __init__(self, context: AppContext, panel: PeoplePanel) -> None:
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._known: tuple[Library | None, _Wanted] = (None, {})
        panel.people_shown.connect(self._look)

    def _look(self) -> None:
        library = self._context.library
        wanted = {p.id: p.cover_id for p in self._panel.people if p.cover_id is not None}
        if library is None or (library, wanted) == self._known:
            return
        self._known = (library, wanted)
        task = self._context.lanes.start(
            lambda _control: _load(library, wanted), tr("Loading covers"), Lane.POOL
        )
        task.done.connect(partial(self._show, wanted))

    def _show(self, wanted: _Wanted, covers: object) -> None:
        assert isinstance(covers, dict)
        if wanted is self._known[1]:  # nothing else has been asked for meanwhile
            self._panel.show_covers(covers)


def _load(library: Library, wanted: _Wanted) -> dict[int, QImage]:
    """The covers that can be had; a face or a file may have gone."""
    from facegui.services.scanning.thumbnails import Thumbnails

    thumbnails = Thumbnails(library.cache_dir)
    faces = {face.id: face for face in library.faces(wanted.values())}
    photos = {photo.id: photo for photo in library.photos({f.photo_id for f in faces.values()})}
    found: dict[int, QImage] = {}
    for person_id, face_id in wanted.items():
        face = faces.get(face_id)
        if face is not None:
            try:
                (crop,) = thumbnails.faces(photos[face.photo_id], [face], _SIDE_PX)
            except ImageError:
                continue
            found[person_id] = to_qimage(crop)
    return found
