"""What asking the cloud about some photos would mean, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from facegui.domain.entities import Photo, PhotoStatus
from facegui.domain.queries import PhotoFilter
from facegui.services.cloud.answers import Answers
from facegui.services.cloud.consent import Consent, cost_usd, standing_consent
from facegui.services.cloud.ledger import Ledger, spent_usd
from facegui.services.libraries import Library


@dataclass(frozen=True, slots=True)
class CloudPlan:
    """What asking about some photos would mean.

    Attributes:
        photos: how many of them can be read; *answered* were asked about before.
        to_send: how many would be sent; of exact copies only one.
        cost_usd: what that costs at most.
        spent_usd: what this library has cost so far.
        consent: the consent that stands.
        covered: how many more photos it covers.
        affordable: how many more the cap has room for.
    """

    photos: int
    answered: int
    to_send: int
    cost_usd: float
    spent_usd: float
    consent: Consent | None
    covered: int
    affordable: int


def plan_cloud(library: Library, photo_ids: Sequence[int]) -> CloudPlan:
    """What asking about these photos would mean; sends nothing."""
    answers = Answers(library)
    photos = readable(library, photo_ids)
    new = [photo.sha256 for photo in photos if not answers.has(photo.sha256)]
    to_send = len(set(new))
    consent = standing_consent(library)
    sent = Ledger(library).sent()
    spent = spent_usd(sent)
    used = 0 if consent is None else sum(photo.when >= consent.given_at for photo in sent)
    return CloudPlan(
        photos=len(photos),
        answered=len(photos) - len(new),
        to_send=to_send,
        cost_usd=cost_usd(to_send),
        spent_usd=spent,
        consent=consent,
        covered=0 if consent is None else max(0, consent.photos - used),
        affordable=0 if consent is None else consent.affordable(spent),
    )


def readable(library: Library, photo_ids: Sequence[int]) -> list[Photo]:
    """Those of the photos that a scan could read, in order; the others are never sent."""
    return [photo for photo in library.photos(photo_ids) if photo.status is PhotoStatus.OK]


class Scope(Enum):
    """Which photos to ask about."""

    ALL = "all"
    NO_FACE = "no face"


def choose_photos(library: Library, scope: Scope, at_most: int) -> tuple[int, ...]:
    """The readable photos of *scope*, in the library's order; evenly spread if there are more."""
    ids = library.photo_ids(PhotoFilter(statuses=(PhotoStatus.OK,)))
    if scope is Scope.NO_FACE:
        faces = library.faces_of_photos(ids)
        ids = [photo_id for photo_id in ids if not faces[photo_id]]
    count = min(at_most, len(ids))
    return tuple(ids[number * len(ids) // count] for number in range(count))
