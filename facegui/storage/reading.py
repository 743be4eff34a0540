"""The part of a `Library` that answers questions; from any thread, never waiting for a writer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facegui.domain.corrections import Correction
from facegui.domain.entities import (
    Counts,
    DuplicateGroup,
    Face,
    JournalEntry,
    Person,
    Photo,
    Region,
)
from facegui.domain.queries import (
    Answer,
    FaceCounts,
    FaceFilter,
    FaceGroup,
    HashTable,
    PhotoCounts,
    PhotoFilter,
    Section,
    StateCounts,
)
from facegui.domain.rules import Limits, MeasureTable, Rule, RuleResult
from facegui.storage import (
    answers,
    copies,
    corrections,
    faces,
    journal,
    ledger,
    overview,
    people,
    photos,
    regions,
    settings,
)
from facegui.storage.connection import Database


class Reading:
    """Reads of a library. Each sees one consistent state; two in a row may see two."""

    _db: Database

    def photo_ids(self, wanted: PhotoFilter | None = None) -> list[int]:
        """Ids of the photos that *wanted* describes (all of them if None), in its order."""
        with self._db.read() as connection:
            return photos.find(connection, wanted or PhotoFilter())

    def photo_counts(self, wanted: PhotoFilter) -> PhotoCounts:
        """How many there are of each kind among the photos that *wanted* describes."""
        with self._db.read() as connection:
            return photos.tally(connection, wanted)

    def photos(self, photo_ids: Iterable[int]) -> list[Photo]:
        """The photos in the order of *photo_ids*; ids that are unknown are left out."""
        with self._db.read() as connection:
            return photos.fetch(connection, photo_ids)

    def photo_by_path(self, path: str) -> Photo | None:
        """The photo at the absolute *path*, or None if the library does not know it."""
        with self._db.read() as connection:
            return photos.by_path(connection, path)

    def face_ids(self, wanted: FaceFilter | None = None) -> list[int]:
        """Ids of the faces that *wanted* describes (all of them if None), in its order."""
        with self._db.read() as connection:
            return faces.find(connection, wanted or FaceFilter())

    def face_sections(
        self, wanted: FaceFilter, group: FaceGroup
    ) -> tuple[list[int], list[Section]]:
        """Ids of the faces that *wanted* describes, those of one *group* together.

        Any group but SIMILARITY, which takes their embeddings.
        """
        with self._db.read() as connection:
            return faces.sections(connection, wanted, group)

    def face_counts(self, wanted: FaceFilter) -> FaceCounts:
        """How many there are of each kind among the faces that *wanted* describes."""
        with self._db.read() as connection:
            return faces.tally(connection, wanted)

    def faces(self, face_ids: Iterable[int]) -> list[Face]:
        """The faces in the order of *face_ids*; ids that are unknown are left out."""
        with self._db.read() as connection:
            return faces.fetch(connection, face_ids)

    def kept_faces(self) -> NDArray[np.int64]:
        """Face, photo and person (0 for nobody) of every kept face, int64 (n, 3), by face."""
        with self._db.read() as connection:
            return faces.kept(connection)

    def rejected_unnamed_faces(self) -> NDArray[np.int64]:
        """As `kept_faces`, of every face without a name that rules reject; not the owner."""
        with self._db.read() as connection:
            return faces.rejected_unnamed(connection)

    def faces_of_photos(self, photo_ids: Iterable[int]) -> dict[int, list[Face]]:
        """The faces of each photo, best score first; a photo without faces has an empty list."""
        with self._db.read() as connection:
            return faces.of_photos(connection, photo_ids)

    def people(self) -> list[Person]:
        """All people in the owner's order."""
        with self._db.read() as connection:
            return people.everyone(connection)

    def person_counts(self) -> dict[int, StateCounts]:
        """How many faces each person has, by what they count as."""
        with self._db.read() as connection:
            return overview.person_counts(connection)

    def answers(self) -> list[Answer]:
        """What the owner said about faces and people when asked; see `OwnerWriting.refuse`."""
        with self._db.read() as connection:
            return answers.everything(connection)

    def corrections(self) -> list[Correction]:
        """What the owner said of models' answers, the newest first."""
        with self._db.read() as connection:
            return corrections.everything(connection)

    def counts(self) -> Counts:
        """How much there is of everything."""
        with self._db.read() as connection:
            return overview.counts(connection)

    def rejected_by_rule(self) -> dict[Rule, int]:
        """How many rejected faces fail each rule, for rules that any does."""
        with self._db.read() as connection:
            return overview.rejected_by_rule(connection)

    def rule_results(self, face_ids: Iterable[int]) -> dict[int, tuple[RuleResult, ...]]:
        """Every rule's verdict on each face, with the value measured and the limit."""
        with self._db.read() as connection:
            return ledger.results(connection, face_ids)

    def embeddings(self, face_ids: Sequence[int]) -> NDArray[np.float32]:
        """Unit vectors, float32 (n, 128), row for row with *face_ids*.

        Raises:
            LibraryError: one of the faces is not in the library any more.
        """
        with self._db.read() as connection:
            return faces.embeddings(connection, face_ids)

    def vectors_of(self, person_id: int, most: int) -> NDArray[np.float32]:
        """Unit vectors, float32 (n, 128), of at most *most* faces with that person's name."""
        with self._db.read() as connection:
            return faces.vectors_of(connection, person_id, most)

    def photo_hashes(self) -> HashTable:
        """Perceptual hashes of every photo that could be read."""
        with self._db.read() as connection:
            return photos.hashes(connection)

    def face_hashes(self) -> HashTable:
        """Perceptual hashes of every aligned face crop, of photos that can be read."""
        with self._db.read() as connection:
            return faces.hashes(connection)

    def duplicate_groups(self) -> list[DuplicateGroup]:
        """Groups of copies; the keeper is the owner's choice where there is one."""
        with self._db.read() as connection:
            return copies.groups(connection)

    def photos_apart(self) -> frozenset[tuple[int, int]]:
        """Pairs of photos that the owner said are no copies; the smaller id first."""
        with self._db.read() as connection:
            return copies.apart(connection)

    def regions(self, photo_ids: Iterable[int]) -> dict[int, tuple[Region, ...]]:
        """Faces that lists and manifests say are in photos; photos without any are left out."""
        with self._db.read() as connection:
            return regions.of_photos(connection, photo_ids)

    def measures(self) -> MeasureTable:
        """What the rules look at, of every face."""
        with self._db.read() as connection:
            return ledger.measures(connection)

    def person_limits(self) -> dict[int, dict[str, float]]:
        """By person, the fields of `Limits` that are otherwise for this person's faces."""
        with self._db.read() as connection:
            return settings.person_limits(connection)

    def limits(self) -> Limits:
        """Where the rules draw their lines in this library."""
        with self._db.read() as connection:
            return settings.limits(connection)

    def history(self, limit: int = 100) -> list[JournalEntry]:
        """The owner's last steps, newest first; undone ones can be redone."""
        with self._db.read() as connection:
            return journal.history(connection, limit)

    def setting(self, key: str, default: Any = None) -> Any:
        """The JSON value kept under *key*, or *default*."""
        with self._db.read() as connection:
            return settings.setting(connection, key, default)

    def settings(self) -> dict[str, Any]:
        """All values kept in the library, by key."""
        with self._db.read() as connection:
            return settings.settings(connection)
