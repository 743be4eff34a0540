"""Building the dataset: which kept faces a network learns from, and which it is checked with.

Copies of one picture are always on one side of the split; each person has crops on both.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facegui.domain.dataset import DatasetItem, DatasetManifest, Subset
from facegui.domain.entities import Face, FaceState, Person, Photo
from facegui.domain.errors import DatasetError
from facegui.domain.queries import FaceFilter
from facegui.domain.text import tr, trn
from facegui.services.copies import Picture, group_copies
from facegui.services.libraries import Library

MIN_PEOPLE = 2
MIN_PICTURES = 2
"""Different pictures a person needs: one to learn from and one to check with."""


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """What to split and how.

    Attributes:
        validation: the fraction of each person's faces to hold out, 0 to 1.
        leave_out: ids of faces that cannot be used after all.
    """

    validation: float = 0.3
    seed: int = 0
    leave_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonShare:
    """What one person brings to a dataset.

    Attributes:
        faces: kept and named faces.
        pictures: different pictures among them; copies count once.
        train: faces to learn from; 0 for somebody who is left out.
        validation: faces to check with.
    """

    person: Person
    faces: int
    pictures: int
    train: int
    validation: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What a training now would use; *manifest* is None while there are too few people."""

    people: tuple[PersonShare, ...]
    warnings: tuple[str, ...]
    manifest: DatasetManifest | None


def build_dataset(
    library: Library, request: DatasetRequest
) -> tuple[DatasetManifest, tuple[str, ...]]:
    """The dataset of all kept and named faces, and warnings the owner should see.

    Raises:
        DatasetError: fewer than two people have two different usable pictures each, or the
            fraction asked for is not between 0 and 1.
    """
    found = survey(library, request)
    if found.manifest is None:
        ready = sum(share.pictures >= MIN_PICTURES for share in found.people)
        raise DatasetError(
            trn(
                "Training needs two people with two different usable pictures each; "
                "there is {n} so far.",
                "Training needs two people with two different usable pictures each; "
                "there are {n} so far.",
                ready,
            ),
            tr("Import and scan more photos, or name and keep more faces under Review."),
        )
    return found.manifest, found.warnings


def survey(library: Library, request: DatasetRequest) -> Survey:
    """Like `build_dataset`, but too few people are a finding and not an error.

    Raises:
        DatasetError: the fraction asked for is not between 0 and 1.
    """
    if not 0 < request.validation < 1:
        raise DatasetError(
            tr(
                "The validation share must lie between 0 and 1, not {share}.",
                share=request.validation,
            ),
            tr("0.3 holds out three faces in ten."),
        )
    faces, photos, groups = named_faces(library, request.leave_out)
    pictures: dict[int, set[int]] = {}
    for face, group in zip(faces, groups, strict=True):
        pictures.setdefault(_person_of(face), set()).add(group)
    people = library.people()
    ready = {
        person.id: person.name
        for person in people
        if len(pictures.get(person.id, ())) >= MIN_PICTURES
    }
    manifest = None
    if len(ready) >= MIN_PEOPLE:
        manifest = _manifest(faces, photos, groups, ready, request)
    shares = _shares(people, faces, pictures, manifest)
    return Survey(shares, _warnings(shares, manifest), manifest)


def named_faces(
    library: Library, leave_out: frozenset[int] = frozenset()
) -> tuple[list[Face], dict[int, Photo], tuple[int, ...]]:
    """All kept faces with a name in order of id, their photos by id, and each one's copy group."""
    kept = library.face_ids(FaceFilter(named=True, states=(FaceState.KEPT,)))
    faces = library.faces(sorted(set(kept) - leave_out))
    photos = {
        photo.id: photo for photo in library.photos(sorted({face.photo_id for face in faces}))
    }
    embeddings = library.embeddings([face.id for face in faces])
    duplicates = {
        member.photo_id: ("duplicates", number)
        for number, group in enumerate(library.duplicate_groups())
        for member in group.members
    }
    pictures = []
    for face, embedding in zip(faces, embeddings, strict=True):
        photo = photos[face.photo_id]
        keys = (("photo", photo.id), ("file", photo.sha256 or photo.path))
        copies = duplicates.get(photo.id)
        pictures.append(
            Picture(
                person=face.person_id,
                keys=(*keys, copies) if copies else keys,
                photo=photo.hashes,
                face=face.hashes,
                embedding=embedding,
            )
        )
    return faces, photos, group_copies(pictures)


def split_groups(
    labels: Sequence[int], groups: Sequence[int], validation: float, seed: int
) -> tuple[Subset, ...]:
    """A side for each item so that no group is on both sides, as near to *validation* as can be.

    Each label gets at least one group to learn from and, if it has two groups or more of its own,
    at least one to check with. People with the fewest groups choose first, because a group may
    hold several people (a group picture, or copies under two names).
    """
    faces_in: dict[int, Counter[int]] = {}
    for label, group in zip(labels, groups, strict=True):
        faces_in.setdefault(label, Counter())[group] += 1
    draw = random.Random(seed)  # noqa: S311 - a reproducible split, not a secret
    held_out: dict[int, bool] = {}
    for label in sorted(faces_in, key=lambda label: (len(faces_in[label]), label)):
        _hold_out(faces_in[label], validation, draw, held_out)
    for own in faces_in.values():
        if all(held_out[group] for group in own):  # taken by others: learning comes first
            held_out[min(own)] = False
    return tuple(Subset.VALIDATION if held_out[group] else Subset.TRAIN for group in groups)


def _hold_out(
    own: Mapping[int, int], validation: float, draw: random.Random, held_out: dict[int, bool]
) -> None:
    """Decide on those of one person's groups (*own*: faces by group) that are still open."""
    open_groups = sorted(own.keys() - held_out.keys())
    draw.shuffle(open_groups)
    target = validation * sum(own.values())
    count = sum(faces for group, faces in own.items() if held_out.get(group))
    for group in open_groups:
        nearer = abs(count + own[group] - target) < abs(count - target)
        held_out[group] = nearer
        count += own[group] if nearer else 0
    for side in (True, False):
        if open_groups and all(held_out[group] is not side for group in own) and len(own) > 1:
            held_out[min(open_groups, key=lambda group: own[group])] = side


def _manifest(
    faces: Sequence[Face],
    photos: Mapping[int, Photo],
    groups: Sequence[int],
    ready: Mapping[int, str],
    request: DatasetRequest,
) -> DatasetManifest:
    labels = tuple(sorted(ready.values()))
    label_of = {person_id: labels.index(name) for person_id, name in ready.items()}
    used = sorted(
        (
            (label_of[_person_of(face)], face, group)
            for face, group in zip(faces, groups, strict=True)
            if face.person_id in ready
        ),
        key=lambda row: (row[0], row[1].id),
    )
    sides = split_groups(
        [row[0] for row in used], [row[2] for row in used], request.validation, request.seed
    )
    items = tuple(
        dataset_item(face, photos[face.photo_id], label, group, side)
        for (label, face, group), side in zip(used, sides, strict=True)
    )
    return DatasetManifest(labels, items, request.validation, 0.0, None, request.seed)


def dataset_item(
    face: Face, photo: Photo, label: int = 0, group: int = 0, side: Subset = Subset.TRAIN
) -> DatasetItem:
    """The face as a data set has it, or as `facegui.services.crops.cut` takes any face."""
    return DatasetItem(
        face_id=face.id,
        photo_id=photo.id,
        path=photo.path,
        sha256=photo.sha256 or "",
        box=face.box,
        landmarks=face.landmarks,
        label=label,
        group=group,
        subset=side,
    )


def _shares(
    people: Sequence[Person],
    faces: Sequence[Face],
    pictures: Mapping[int, set[int]],
    manifest: DatasetManifest | None,
) -> tuple[PersonShare, ...]:
    kept = Counter(face.person_id for face in faces)
    sides: Counter[tuple[str, Subset]] = Counter()
    if manifest is not None:
        sides.update((manifest.labels[item.label], item.subset) for item in manifest.items)
    return tuple(
        PersonShare(
            person=person,
            faces=kept[person.id],
            pictures=len(pictures.get(person.id, ())),
            train=sides[person.name, Subset.TRAIN],
            validation=sides[person.name, Subset.VALIDATION],
        )
        for person in people
    )


def _warnings(shares: Sequence[PersonShare], manifest: DatasetManifest | None) -> tuple[str, ...]:
    told = [
        trn(
            "{name} is left out: {n} different usable picture, but two are needed.",
            "{name} is left out: {n} different usable pictures, but two are needed.",
            share.pictures,
            name=share.person.name,
        )
        for share in shares
        if share.pictures < MIN_PICTURES
    ]
    if manifest is not None:
        told += [
            tr(
                "{name} cannot be checked: every picture is shared with somebody else.",
                name=share.person.name,
            )
            for share in shares
            if share.train and not share.validation
        ]
    return tuple(told)


def _person_of(face: Face) -> int:
    assert face.person_id is not None, "asked for named faces only"
    return face.person_id
