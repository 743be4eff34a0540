"""Building the dataset: which kept faces a network learns from, and which it is checked with.

Copies of one picture are always on one side of the split; each person has crops on both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from facegui.domain.dataset import DatasetItem, DatasetManifest, Split, Subset
from facegui.domain.entities import Face, FaceState, Person, Photo
from facegui.domain.errors import DatasetError
from facegui.domain.names import is_plain_name
from facegui.domain.queries import FaceFilter
from facegui.domain.text import tr, trn
from facegui.services.copies.same_picture import Picture, group_copies
from facegui.services.learning.split import split_groups
from facegui.services.libraries import Library

FEW = 0.5
"""Fewer faces than this fraction of what the others have are warned of."""
MIN_PEOPLE = 2
MIN_PICTURES = 2
"""Different pictures a person needs: one to learn from and one to check with."""
_TESTED_PICTURES = 3  # and another one to test with
_NAMED = 3  # people in one warning, before it only counts the others


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """What to split and how.

    Attributes:
        leave_out: ids of faces that cannot be used after all.
    """

    split: Split = field(default_factory=Split)
    seed: int = 0
    leave_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonShare:
    """What one person brings to a dataset.

    Attributes:
        faces: kept and named faces.
        pictures: different pictures among them; copies count once.
        train: faces to learn from; 0 for somebody who is left out.
        validation: faces to choose the best weights with.
        test: faces to judge them with.
        weight: what each of the faces counts for when people are balanced by weights; 1 on
            average.
    """

    person: Person
    faces: int
    pictures: int
    train: int
    validation: int
    test: int
    weight: float


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
        DatasetError: fewer than two people have two different usable pictures each, the
            fractions asked for do not make a split, or a name is none that can be shown.
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
    _check_names(found.manifest.labels)
    return found.manifest, found.warnings


def _check_names(labels: Sequence[str]) -> None:
    """Refuse before a training what its bundle could not hold."""
    for name in labels:
        if not is_plain_name(name):
            raise DatasetError(
                tr("A model cannot hold the name {name}.", name=ascii(name)),
                tr("Rename that person under Review: one line, without hidden marks."),
            )


def survey(library: Library, request: DatasetRequest) -> Survey:
    """Like `build_dataset`, but too few people are a finding and not an error.

    Raises:
        DatasetError: the fractions asked for do not make a split.
    """
    _check(request.split)
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
        [row[0] for row in used], [row[2] for row in used], request.split, request.seed
    )
    items = tuple(
        dataset_item(face, photos[face.photo_id], label, group, side)
        for (label, face, group), side in zip(used, sides, strict=True)
        if side is not None
    )
    return DatasetManifest(labels, items, request.split, request.seed)


def dataset_item(
    face: Face, photo: Photo, label: int = 0, group: int = 0, side: Subset = Subset.TRAIN
) -> DatasetItem:
    """The face as a data set has it, or as `facegui.services.learning.crops.cut` takes any face."""
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
    learned = {person.name: sides[person.name, Subset.TRAIN] for person in people}
    average = sum(learned.values()) / max(sum(map(bool, learned.values())), 1)
    return tuple(
        PersonShare(
            person=person,
            faces=kept[person.id],
            pictures=len(pictures.get(person.id, ())),
            train=learned[person.name],
            validation=sides[person.name, Subset.VALIDATION],
            test=sides[person.name, Subset.TEST],
            weight=average / learned[person.name] if learned[person.name] else 0.0,
        )
        for person in people
    )


def _warnings(shares: Sequence[PersonShare], manifest: DatasetManifest | None) -> tuple[str, ...]:
    told = [
        tr(
            "{name} is left out: only one of their pictures can be used (copies count as one), "
            "and it takes two.",
            name=share.person.name,
        )
        if share.pictures
        else tr(
            "{name} is left out: none of their pictures can be used, and it takes two.",
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
        if manifest.split.test:
            told += _untested(shares)
        told += _imbalance(shares)
    return tuple(told)


def _untested(shares: Sequence[PersonShare]) -> list[str]:
    """Who has no face to test with, and why, or so few that one decides."""
    told = []
    for share in shares:
        name = share.person.name
        if not share.train or share.test:
            continue
        if share.pictures >= _TESTED_PICTURES:
            why = tr(
                "{name} has no face to test with: pictures are shared with somebody else.",
                name=name,
            )
        elif share.faces > share.pictures:
            why = tr(
                "{name} has no face to test with: its pictures are copies of one another.",
                name=name,
            )
        else:
            why = tr(
                "{name} has no face to test with: it takes three different pictures.", name=name
            )
        told.append(why)
    single = [share.person.name for share in shares if share.train and share.test == 1]
    if single:
        named = ", ".join(single[:_NAMED])
        if len(single) > _NAMED:
            named = tr("{names} and {n} more", names=named, n=len(single) - _NAMED)
        told.append(
            trn(
                "{names} has a single face to test with, which says little.",
                "{names} have a single face each to test with, which says little.",
                len(single),
                names=named,
            )
        )
    return told


def _imbalance(shares: Sequence[PersonShare]) -> list[str]:
    """Who brings so few faces beside the others that a network will rather name the others."""
    counts = sorted(share.train for share in shares if share.train)
    middle = counts[len(counts) // 2]
    return [
        trn(
            "{name} has {n} face to learn from, others about {middle}.",
            "{name} has {n} faces to learn from, others about {middle}.",
            share.train,
            name=share.person.name,
            middle=middle,
        )
        for share in shares
        if 0 < share.train < middle * FEW
    ]


def _check(split: Split) -> None:
    """Refuse shares that leave nothing to learn from or nothing to check with."""
    shares = (split.validation, split.test)
    if not (0 < split.validation < 1 and 0 <= split.test < 1 and sum(shares) < 1):
        raise DatasetError(
            tr(
                "Validation and test shares must lie between 0 and 1 and leave something to learn "
                "from, not {validation} and {test}.",
                validation=split.validation,
                test=split.test,
            ),
            tr("0.2 holds out two faces in ten."),
        )
    if split.cap is not None and split.cap < MIN_PICTURES:
        raise DatasetError(
            tr("At most {n} faces of a person are too few.", n=split.cap),
            tr("Allow two at least, or have no limit."),
        )


def _person_of(face: Face) -> int:
    assert face.person_id is not None, "asked for named faces only"
    return face.person_id
