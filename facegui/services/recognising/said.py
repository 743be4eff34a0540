"""What the owner has said of recognised faces, which wins over what a model says.

All of a library's corrections are read at once; then each file costs a look into a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from facegui.domain.corrections import Truth
from facegui.domain.geometry import Box
from facegui.domain.recognition import RecognisedFace, RecognisedPhoto
from facegui.services.libraries import Library
from facegui.services.recognising.corrections import FOLDER, best_match, frame_name, paste_name


@dataclass(frozen=True, slots=True)
class _Word:
    """The owner's, about the face in *box* of a file of the library."""

    box: Box
    truth: Truth
    made_at: datetime


def with_said(
    library: Library, photos: Sequence[RecognisedPhoto], is_pasted: Callable[[Path], bool]
) -> list[RecognisedPhoto]:
    """*photos*, each face with what stands of its correction in *library*, or without any.

    A photo of which nothing changes is the same object.

    Args:
        library: where corrections are kept.
        photos: photos and videos in any order.
        is_pasted: tells of a file whether it is a picture that was pasted.

    Raises:
        LibraryError: the library has been closed.
    """
    words = _words(library)
    return [_with_said(photo, _Places(library, words, photo, is_pasted)) for photo in photos]


def _words(library: Library) -> dict[str, list[_Word]]:
    """What stands of all corrections, by the file that is the face's in the library."""
    standing = {one.face_id: one for one in library.corrections() if one.truth is not None}
    found: defaultdict[str, list[_Word]] = defaultdict(list)
    for face in library.faces(standing):
        one = standing[face.id]
        assert one.truth is not None
        found[one.path].append(_Word(face.box, one.truth, one.made_at))
    return dict(found)


class _Places:
    """Where the faces of one recognised file are in the library."""

    def __init__(
        self,
        library: Library,
        words: dict[str, list[_Word]],
        photo: RecognisedPhoto,
        is_pasted: Callable[[Path], bool],
    ) -> None:
        self._folder = library.path / FOLDER
        self._words = words
        self._path = Path(photo.path)
        self._pasted = bool(words) and is_pasted(self._path)

    def of_photo(self) -> Sequence[_Word]:
        """What was said of faces of a photo."""
        if not self._words:
            return ()
        if not self._pasted:
            return self._words.get(str(self._path.absolute()), ())
        try:
            return self._words.get(str(self._folder / paste_name(self._path)), ())
        except OSError:
            return ()  # it has gone from the page

    def of_frame(self, time_s: float) -> Sequence[_Word]:
        """What was said of faces of a video's frame."""
        if not self._words:
            return ()
        return self._words.get(str(self._folder / frame_name(self._path, time_s)), ())


def _with_said(photo: RecognisedPhoto, places: _Places) -> RecognisedPhoto:
    said = [_said(face, places) for face in photo.faces]
    if all(face.said == truth for face, truth in zip(photo.faces, said, strict=True)):
        return photo
    faces = (replace(face, said=truth) for face, truth in zip(photo.faces, said, strict=True))
    return replace(photo, faces=tuple(faces))


def _said(face: RecognisedFace, places: _Places) -> Truth | None:
    """The latest word about a face, in any frame of a video that shows it."""
    if face.appearance is None:
        found = [_about(face.box, places.of_photo())]
    else:
        moments = face.appearance.moments
        found = [_about(moment.box, places.of_frame(moment.time_s)) for moment in moments]
    words = [word for word in found if word is not None]
    return max(words, key=lambda word: word.made_at).truth if words else None


def _about(box: Box, words: Sequence[_Word]) -> _Word | None:
    number = best_match(box, [word.box for word in words])
    return None if number is None else words[number]
