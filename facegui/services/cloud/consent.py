"""The owner's consent to show photos to a cloud service: what was agreed, and taking it back.

One for each library, kept in its settings. Without one that stands no connection is opened.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from facegui.detection.cloud_vision import FEATURES
from facegui.domain.errors import OwnerError
from facegui.domain.text import tr
from facegui.services.libraries import Library

PROVIDER = "Google LLC"
SERVICE = "Google Cloud Vision API"
PRICE_USD = 1.50
"""For 1,000 units of face or label detection, after the first 1,000 of each in a month."""

PRICE_DATE = "2026-05-28"
PRICE_PAGE = "https://cloud.google.com/vision/pricing"
UNITS_PER_PHOTO = len(FEATURES)

_KEY = "cloud_consent"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the owner agreed to, in the words that were shown.

    Attributes:
        provider: who gets the photos; *service* is what of theirs.
        sent: what of each photo leaves the machine.
        photos: how many photos may be sent under this consent.
        price_usd: of 1,000 units, as the provider's price page said on *price_date*.
        estimate_usd: what was said that it would cost about.
        cap_usd: what may be spent in this library, all told.
        given_at: ISO 8601, UTC; likewise *revoked_at*, which is None while the consent stands.
    """

    provider: str
    service: str
    sent: str
    photos: int
    price_usd: float
    price_date: str
    estimate_usd: float
    cap_usd: float
    given_at: str
    revoked_at: str | None = None

    def affordable(self, spent_usd: float) -> int:
        """How many more photos the cap has room for."""
        left = self.cap_usd - spent_usd
        return max(0, int((left + 1e-9) / cost_usd(1, self.price_usd)))


def now() -> str:
    """The time as consents and the ledger note it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def cost_usd(photos: int, price_usd: float = PRICE_USD) -> float:
    """What so many photos cost at most, in US dollars."""
    return round(photos * UNITS_PER_PHOTO * price_usd / 1000, 6)


def what_is_sent() -> str:
    """What leaves the machine, for the consent and for the page."""
    return tr(
        "The pixels of each photo as a JPEG of at most 1600 × 1200: no file name, no date, no "
        "place or other metadata, and no names of people."
    )


def give_consent(library: Library, photos: int, cap_usd: float) -> Consent:
    """Note that the owner has agreed to send *photos* photos within *cap_usd*, from now on.

    Raises:
        LibraryError: the library is open for viewing only.
    """
    consent = Consent(
        provider=PROVIDER,
        service=SERVICE,
        sent=what_is_sent(),
        photos=photos,
        price_usd=PRICE_USD,
        price_date=PRICE_DATE,
        estimate_usd=cost_usd(photos),
        cap_usd=cap_usd,
        given_at=now(),
    )
    library.set_setting(_KEY, asdict(consent))
    return consent


def standing_consent(library: Library) -> Consent | None:
    """The consent that stands; None when none was given or it was revoked."""
    found = library.setting(_KEY)
    consent = None if found is None else Consent(**found)
    return None if consent is None or consent.revoked_at is not None else consent


def require_consent(library: Library) -> Consent:
    """The consent that stands.

    Raises:
        OwnerError: there is none.
    """
    consent = standing_consent(library)
    if consent is None:
        raise OwnerError(
            tr("You have not agreed to send photos of this library to {name}.", name=SERVICE),
            tr("Open Photos › Google Cloud Vision and read what would be sent."),
        )
    return consent


def revoke_consent(library: Library) -> None:
    """Take the consent back: from now on nothing is sent; what was paid for stays."""
    found = library.setting(_KEY)
    if found is not None and found["revoked_at"] is None:
        library.set_setting(_KEY, {**found, "revoked_at": now()})
