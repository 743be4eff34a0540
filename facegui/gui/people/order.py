"""The order of a list while the owner works on it: nothing moves but what is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Row = TypeVar("Row")


class Order:
    """Remembers where faces stood, so that a list that is read anew keeps its order."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}

    def begin(self) -> None:
        """Forget everything: the next list stands as it comes."""
        self._places = {}

    def forget(self, face_ids: Iterable[int]) -> None:
        """What comes back of *face_ids* comes as new."""
        for face_id in face_ids:
            self._places.pop(face_id, None)

    def arrange(self, rows: Sequence[Row], faces_of: Callable[[Row], Sequence[int]]) -> list[Row]:
        """*rows* with those known in the order they had, and below them those that are new.

        Args:
            rows: in the order that is best now.
            faces_of: the faces of a row, by which it is known again: by any of them.
        """
        new = max(self._places.values(), default=-1) + 1
        place = [
            min((self._places[n] for n in faces_of(row) if n in self._places), default=new + number)
            for number, row in enumerate(rows)
        ]
        for row, where in zip(rows, place, strict=True):
            self._places.update(dict.fromkeys(faces_of(row), where))
        return [rows[n] for n in sorted(range(len(rows)), key=place.__getitem__)]
