"""Money, angles and likelihoods in words."""

from __future__ import annotations

from facegui.domain.cloud import CloudFace, Likelihood
from facegui.domain.text import tr

_CENTS_MATTER = 0.1


def dollars(value: float) -> str:
    """``$12.30``, with tenths of a cent where the sum is small: ``$0.048``."""
    return f"${value:.3f}" if 0 < value < _CENTS_MATTER else f"${value:,.2f}"


def angles(ours: float | None, theirs: float | None, difference: float | None) -> str:
    """Here, cloud, and how they differ: ``+3.1° / +5.0°  (+1.9°)``; a dash for a lone face."""
    shown = " / ".join("–" if value is None else f"{value:+.1f}°" for value in (ours, theirs))
    return shown if difference is None else f"{shown}  ({difference:+.1f}°)"


def says(face: CloudFace) -> str:
    """What the service holds at least possible: ``joy very likely, headwear possible``."""
    named = (
        (tr("joy"), face.joy),
        (tr("sorrow"), face.sorrow),
        (tr("anger"), face.anger),
        (tr("surprise"), face.surprise),
        (tr("blurred"), face.blurred),
        (tr("under-exposed"), face.under_exposed),
        (tr("headwear"), face.headwear),
    )
    degrees = {
        Likelihood.POSSIBLE: tr("possible"),
        Likelihood.LIKELY: tr("likely"),
        Likelihood.VERY_LIKELY: tr("very likely"),
    }
    parts = [f"{name} {degrees[value]}" for name, value in named if value in degrees]
    return ", ".join(parts) or tr("nothing in particular")
