"""The part of a `Library` that the machine writes: imports, scans, duplicates. Not undoable.

None of it ever takes back what the owner decided. Each call is one transaction, with the reject
ledger brought up to date inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from facegui.domain.entities import DuplicateGroup, PhotoStatus, ScannedPhoto
from facegui.domain.errors import LibraryError
from facegui.domain.queries import AddedPhotos, NewPhoto
from facegui.domain.text import tr
from facegui.storage import copies, ledger, people, photos, scans, settings
from facegui.storage.connection import Database


class MachineWriting:
    """What imports and scans write into a library."""

    _db: Database

    def add_photos(
        self, files: Iterable[NewPhoto | tuple[str, str | None, int, int]]
    ) -> AddedPhotos:
        """Adds files (path, person hint, size in bytes, mtime in ns) by absolute path.

        A known file that has changed since, or was missing, becomes pending again, and so does
        one of which a list says something new; a hint is taken over where there was none.
        """
        with self._db.write() as connection:
            result = photos.add(connection, (NewPhoto(*file) for file in files))
            people.name_from_folders(connection, result.known)
            if settings.person_limits(connection):
                ledger.refresh(connection, result.known)
        return result

    def store_scans(self, scanned: Sequence[ScannedPhoto]) -> None:
        """Stores what a scan found; the owner's names and decisions survive.

        A new face whose box overlaps an old one by half or more (IoU) takes over its id, name and
        decision. Old faces that the owner said something about stay even if not found again. The
        lone face of a photo with a person hint gets that name.
        """
        with self._db.write() as connection:
            ledger.refresh(connection, scans.store(connection, scanned))

    def set_duplicates(self, groups: Sequence[DuplicateGroup]) -> None:
        """Makes *groups* all the groups of copies there are."""
        with self._db.write() as connection:
            ledger.refresh(connection, copies.replace(connection, groups))

    def set_status(
        self, photo_ids: Iterable[int], status: PhotoStatus, reason: str | None = None
    ) -> None:
        """Gives photos a status without touching anything else that is known about them."""
        with self._db.write() as connection:
            photos.set_status(connection, photo_ids, status, reason)

    def mark_missing(self, photo_ids: Iterable[int]) -> None:
        """Says that the files have gone; faces, names and decisions stay."""
        reason = tr("The file is no longer at this place.")
        self.set_status(photo_ids, PhotoStatus.MISSING, reason)

    def set_setting(self, key: str, value: Any) -> None:
        """Keeps a JSON value under *key*; the limits have a method of their own."""
        if key in {settings.LIMITS_KEY, settings.PERSON_LIMITS_KEY}:
            raise LibraryError(tr("The limits are set by set_limits, so that it can be undone."))
        with self._db.write() as connection:
            settings.put(connection, key, value)
