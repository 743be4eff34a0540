"""Faces whose name is likely wrong: the networks doubt it, and so do the faces most like them.

The networks are those that have not learned from the face (`facegui.services.judging.out_of_fold`);
a face they have learned from they would know by heart, under any name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facegui.services.judging.judge import RunResults, Side, judge, read_manifest
from facegui.services.libraries import Library
from facegui.services.reviewing.gallery import Gallery
from facegui.services.reviewing.odd_ones import odd_ones
from facegui.services.runs.records import RunRecord, list_runs

_UNLIKELY = 0.5  # of the mean probability that a person's faces get for their own name


@dataclass(frozen=True, slots=True)
class Mislabel:
    """A name that two witnesses doubt.

    Attributes:
        person_id: whom the face is named after.
        like_id: whom it resembles more; None for nobody who is named.
        probability: what the networks give its own name, 0 to 1.
        said: the name they find likeliest; may be its own, where they are sure of nobody.
        said_probability: and what they give that one.
        own: mean cosine to the other faces of its person.
        other: the same to the person it resembles most.
        near: faces to compare it with, nearest first.
    """

    face_id: int
    person_id: int
    like_id: int | None
    probability: float
    said: str
    said_probability: float
    own: float
    other: float
    near: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fixes:
    """What is named otherwise than when a run learned it.

    Attributes:
        renamed: faces that have another name.
        gone: faces that are not kept under any name any more.
        added: faces that were not there, or had no name.
    """

    renamed: int
    gone: int
    added: int = 0

    @property
    def count(self) -> int:
        """All together."""
        return self.renamed + self.gone + self.added


def mislabels(results: RunResults, gallery: Gallery) -> list[Mislabel]:
    """The likeliest wrong names first; none before every face was checked.

    A name is unlikely where the networks prefer another one, or give it less than half of what
    they give it for that person's faces on average. It is listed where the face is also no nearer
    to its own person than to somebody else. Names that the owner has changed or confirmed since
    are left out.

    Args:
        results: of the run.
        gallery: the library as it is now.
    """
    doubted = _doubted(results, _people(results, gallery))
    found = []
    for odd in odd_ones(gallery):
        row = doubted.get((odd.face_id, odd.person_id))
        if row is None or odd.oddness <= 0:
            continue
        said = results.said(Side.OUT_OF_FOLD)[row]
        own, best = float(said[results.truth[row]]), int(said.argmax())
        found.append(
            (
                odd.oddness + float(said[best]) - own,
                Mislabel(
                    face_id=odd.face_id,
                    person_id=odd.person_id,
                    like_id=odd.like_id,
                    probability=own,
                    said=results.labels[best],
                    said_probability=float(said[best]),
                    own=odd.own,
                    other=odd.other,
                    near=odd.near,
                ),
            )
        )
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])]


def fixes_since(library: Library, record: RunRecord) -> Fixes:
    """What the owner has changed since the run began, of the people that it knows.

    Raises:
        DatasetError: the run's manifest has gone.
    """
    names = {person.id: person.name for person in library.people()}
    before = _names(library, record)
    now = {face: (names.get(who, ""), photo) for face, photo, who in library.kept_faces().tolist()}
    new = {
        face: photo
        for face, (name, photo) in now.items()
        if face not in before and name in record.people
    }
    known = before.keys() | _on_disk(library, new)
    after = {face: name for face, (name, _) in now.items() if face in known}
    return _compare(before, after, capped=record.split.cap is not None)


def fixes_between(library: Library, earlier: RunRecord, later: RunRecord) -> Fixes:
    """What the owner had changed from one run to the next.

    Raises:
        DatasetError: the manifest of one has gone.
    """
    capped = earlier.split.cap is not None
    return _compare(_names(library, earlier), _names(library, later), capped=capped)


def run_before(library: Library, record: RunRecord) -> RunRecord | None:
    """The last run of the same network before *record*; None for the first."""
    earlier = (
        run
        for run in list_runs(library)
        if run.id < record.id and run.config.network == record.config.network
    )
    return next(earlier, None)


def _on_disk(library: Library, photo_of: dict[int, int]) -> set[int]:
    """Faces of *photo_of* whose photo is there: no training could have used the others."""
    photos = library.photos(sorted(set(photo_of.values())))
    gone = {photo.id for photo in photos if not Path(photo.path).is_file()}
    return {face for face, photo in photo_of.items() if photo not in gone}


def _names(library: Library, record: RunRecord) -> dict[int, str]:
    manifest = read_manifest(library, record.id)
    return {item.face_id: manifest.labels[item.label] for item in manifest.items}


def _compare(before: dict[int, str], after: dict[int, str], *, capped: bool) -> Fixes:
    """A name that nobody has any more was changed for the person and not for the face.

    Faces that a cap left over were there before, so none count as added to a *capped* run.
    """
    left = set(after.values())
    known = [(name, after.get(face_id, "")) for face_id, name in before.items() if name in left]
    return Fixes(
        renamed=sum(bool(now) and now != name for name, now in known),
        gone=sum(not now for _, now in known),
        added=0 if capped else sum(bool(after[face_id]) for face_id in after.keys() - before),
    )


def _people(results: RunResults, gallery: Gallery) -> list[int]:
    """Who each label is now, whatever the name: the person that most of its faces belong to."""
    now = dict(zip(gallery.ids.tolist(), gallery.people.tolist(), strict=True))
    faces = [Counter[int]() for _ in results.labels]
    for item in results.items:
        if person := now.get(item.face_id, 0):
            faces[item.label][person] += 1
    return [max(own, key=lambda person: own[person], default=0) for own in faces]


def _doubted(results: RunResults, people: list[int]) -> dict[tuple[int, int], int]:
    """Rows of the items whose name the networks doubt, by face and the person it is named after."""
    found = judge(results, Side.OUT_OF_FOLD)
    own = results.said(Side.OUT_OF_FOLD)[found.rows, found.truth]
    sums = np.bincount(found.truth, own, len(results.labels))
    usual = sums / np.maximum(np.bincount(found.truth, minlength=len(results.labels)), 1)
    unlikely = (found.said != found.truth) | (own < _UNLIKELY * usual[found.truth])
    return {
        (results.items[row].face_id, people[results.truth[row]]): int(row)
        for row in found.rows[unlikely]
    }
