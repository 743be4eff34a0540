"""Keeps what the owner has said of faces beside the recognised files of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from facegui.domain.errors import LibraryError
from facegui.domain.recognition import RecognisedPhoto
from facegui.gui.context import AppContext
from facegui.gui.recognise.results import ResultModel
from facegui.gui.review.asker import Asker
from facegui.services.libraries import Library
from facegui.services.recognising.said import with_said

Photos = Sequence[RecognisedPhoto]


class OwnersWord(QObject):
    """Looks it up when files have come, when the library changes, and for what is taken out.

    Args:
        is_pasted: tells of a file whether it is a picture that was pasted.
    """

    def __init__(
        self,
        context: AppContext,
        results: ResultModel,
        is_pasted: Callable[[Path], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._results = results
        self._is_pasted = is_pasted
        self._asker = Asker(context.lanes, self)
        self._asker.set_library(context.library)
        self._asker.answered.connect(self._take)
        context.library_changed.connect(self._library_changed)
        context.rows_changed.connect(self.follow)

    def follow(self, _change: object = None) -> None:
        """Look up every file of the page again."""
        if self._results.everything:
            self._asker.ask_again(self._question)

    def read(self, photos: Photos) -> Callable[[], Photos]:
        """What a job calls to have *photos* with what the owner has said by now."""
        library, is_pasted = self._context.library, self._is_pasted

        def read() -> Photos:
            try:
                return photos if library is None else with_said(library, photos, is_pasted)
            except LibraryError:
                return photos  # closed meanwhile: as the page shows them

        return read

    def _library_changed(self, library: Library | None) -> None:
        self._asker.set_library(library)
        self.follow()

    def _question(self) -> Callable[[Library], object]:
        return partial(_changed, photos=self._results.everything, is_pasted=self._is_pasted)

    def _take(self, answer: object) -> None:
        assert isinstance(answer, list)
        self._results.correct(answer)


def _changed(
    library: Library, photos: Photos, is_pasted: Callable[[Path], bool]
) -> list[tuple[RecognisedPhoto, RecognisedPhoto]]:
    """The files of which something else is said than is known: as they are, and as they become."""
    now = with_said(library, photos, is_pasted)
    return [(old, new) for old, new in zip(photos, now, strict=True) if new is not old]
