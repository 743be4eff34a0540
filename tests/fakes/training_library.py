"""A library in memory with what building a dataset, training and exporting ask of one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facegui.domain.corrections import Correction
from facegui.domain.entities import (
    Decision,
    DuplicateGroup,
    DuplicateMember,
    Face,
    FaceState,
    NameSource,
    Person,
    Photo,
    PhotoHashes,
    PhotoStatus,
)
from facegui.domain.geometry import Box, Landmarks, Point, Pose
from facegui.domain.queries import Answer, FaceFilter, StateCounts
from facegui.domain.rules import Limits

LANDMARKS = Landmarks(
    Point(38.0, 52.0), Point(74.0, 52.0), Point(56.0, 72.0), Point(42.0, 92.0), Point(71.0, 92.0)
)


class FakeLibrary:
    """Rows in lists; `add` makes a person's faces, each in a photo of its own."""

    def __init__(self, root: Path = Path("/nowhere")) -> None:
        self.path = root
        self.models_dir = root / "models"
        self.runs_dir = root / "runs"
        self.cache_dir = root / "cache"
        self.settings: dict[str, object] = {}
        self._people: list[Person] = []
        self._photos: dict[int, Photo] = {}
        self._faces: dict[int, Face] = {}
        self._embeddings: dict[int, NDArray[np.float32]] = {}
        self._groups: list[DuplicateGroup] = []
        self._random = np.random.default_rng(7)

    def add(
        self, name: str, pictures: int, *, folder: Path | None = None, alike: float = 0.0
    ) -> list[int]:
        """*pictures* kept faces of a person; returns their face ids.

        Embeddings of one person have about the cosine *alike* squared to each other: 0 makes
        strangers of them, 0.8 faces that a recogniser can tell.
        """
        person = next((p for p in self._people if p.name == name), None)
        if person is None:
            person = Person(len(self._people) + 1, name, "#3366cc", len(self._people))
            self._people.append(person)
        likeness = np.random.default_rng(person.id).normal(size=128)
        likeness *= alike / np.linalg.norm(likeness)
        return [
            self._add_face(person, folder or Path("/photos"), likeness) for _ in range(pictures)
        ]

    def _add_face(self, person: Person, folder: Path, likeness: NDArray[np.float64]) -> int:
        number = len(self._faces) + 1
        noise = self._random.normal(size=128)
        rest = (1 - likeness @ likeness) ** 0.5
        vector = (likeness + rest * noise / np.linalg.norm(noise)).astype(np.float32)
        self._photos[number] = Photo(
            id=number,
            path=str(folder / f"{number}.png"),
            person_hint=person.name,
            status=PhotoStatus.OK,
            reason=None,
            width=112,
            height=112,
            size_bytes=1,
            mtime_ns=1,
            sha256=f"{number:064x}",
            hashes=self._hashes(),
            preferred=False,
        )
        self._faces[number] = Face(
            id=number,
            photo_id=number,
            box=Box(20.0, 10.0, 92.0, 108.0),
            landmarks=LANDMARKS,
            score=0.9,
            pose=Pose(0.0, 0.0, 0.0),
            sharpness=100.0,
            brightness=128.0,
            contrast=50.0,
            hashes=self._hashes(),
            detector="fake",
            person_id=person.id,
            name_source=NameSource.FOLDER,
            decision=Decision.UNDECIDED,
            failed=(),
        )
        self._embeddings[number] = vector / np.linalg.norm(vector)
        return number

    def _hashes(self) -> PhotoHashes:
        plain, mirror = self._random.integers(0, 2**63, 2).tolist()
        return PhotoHashes(plain, mirror)

    def change_face(self, face_id: int, **fields: object) -> None:
        self._faces[face_id] = replace(self._faces[face_id], **fields)

    def change_photo(self, photo_id: int, **fields: object) -> None:
        self._photos[photo_id] = replace(self._photos[photo_id], **fields)

    def set_embedding(self, face_id: int, vector: NDArray[np.float32]) -> None:
        self._embeddings[face_id] = (vector / np.linalg.norm(vector)).astype(np.float32)

    def remove_face(self, face_id: int) -> None:
        del self._faces[face_id]

    def write_photos(self) -> None:
        """Put a picture of noise where each photo's path says, and its hash in the row."""
        for photo in self._photos.values():
            path = Path(photo.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = self._random.integers(0, 256, (photo.height, photo.width, 3), np.uint8)
            Image.fromarray(pixels).save(path)
            self.change_photo(photo.id, sha256=hashlib.sha256(path.read_bytes()).hexdigest())

    def group(self, *photo_ids: int) -> None:
        members = tuple(DuplicateMember(photo_id, 4) for photo_id in photo_ids)
        self._groups.append(DuplicateGroup(photo_ids[0], members))

    # What the services ask for

    def people(self) -> list[Person]:
        return list(self._people)

    def limits(self) -> Limits:
        return Limits()

    def photo_ids(self) -> list[int]:
        return list(self._photos)

    def face_ids(self, wanted: FaceFilter) -> list[int]:
        assert wanted.states
        return [
            face.id
            for face in self._faces.values()
            if face.state in wanted.states
            and wanted.named in {None, face.person_id is not None}
            and wanted.person_id in {None, face.person_id}
        ]

    def faces(self, ids: Iterable[int]) -> list[Face]:
        return [self._faces[face_id] for face_id in ids if face_id in self._faces]

    def photos(self, ids: Iterable[int]) -> list[Photo]:
        return [self._photos[photo_id] for photo_id in ids]

    def embeddings(self, ids: Sequence[int]) -> NDArray[np.float32]:
        rows = [self._embeddings[face_id] for face_id in ids]
        return np.stack(rows) if rows else np.zeros((0, 128), np.float32)

    def kept_faces(self) -> NDArray[np.int64]:
        rows = [
            (face.id, face.photo_id, face.person_id or 0)
            for face in self._faces.values()
            if face.state is FaceState.KEPT
        ]
        return np.array(rows, np.int64).reshape(-1, 3)

    def answers(self) -> list[Answer]:
        return []

    def corrections(self) -> list[Correction]:
        return []

    def person_counts(self) -> dict[int, StateCounts]:
        kept = Counter(face.person_id for face in self._faces.values())
        return {person.id: StateCounts(kept[person.id], 0, 0) for person in self.people()}

    def duplicate_groups(self) -> list[DuplicateGroup]:
        return list(self._groups)

    def rule_results(self, ids: Iterable[int]) -> dict[int, tuple[()]]:
        return dict.fromkeys(ids, ())

    def faces_of_photos(self, ids: Iterable[int]) -> dict[int, list[Face]]:
        wanted = list(ids)
        return {
            photo_id: [face for face in self._faces.values() if face.photo_id == photo_id]
            for photo_id in wanted
        }

    def setting(self, key: str, default: object = None) -> object:
        return self.settings.get(key, default)

    def set_setting(self, key: str, value: object) -> None:
        self.settings[key] = value
