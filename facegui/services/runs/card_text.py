"""A model's card: what a person should know before trusting it (Mitchell et al., FAT* 2019)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from facegui.domain.text import tr, trn
from facegui.domain.training import Calibration, Scoring
from facegui.network.bundle import Bundle, BundleInfo, load_bundle
from facegui.services.judging.score import Score
from facegui.services.learning.networks import title_of

FEW_JUDGED = 100
FEW_LEARNED = 10
"""Photos of a person, on average, below which a card warns."""


@dataclass(frozen=True, slots=True)
class CardSection:
    """One heading of a card, and what is said there: (title, text) or ("", sentence)."""

    heading: str
    lines: tuple[tuple[str, str], ...]


def model_card(path: Path) -> tuple[CardSection, ...]:
    """The card of the bundle at *path*.

    Raises:
        BundleError: it cannot be used.
    """
    bundle = load_bundle(path)
    return (
        CardSection(tr("What it is"), _what(bundle.info)),
        CardSection(tr("How good it is"), _how_good(bundle.info)),
        CardSection(tr("When it says “unknown”"), _unknown(bundle.info)),
        CardSection(tr("What it has not been tested on"), _limits(bundle.info)),
        CardSection(tr("Where it comes from"), _origin(bundle, path)),
    )


def card_as_text(sections: tuple[CardSection, ...]) -> str:
    """The card to copy, save or print."""
    parts = []
    for section in sections:
        lines = [f"{title}: {text}" if title else text for title, text in section.lines]
        parts.append("\n".join((section.heading, "-" * len(section.heading), *lines)))
    return "\n\n".join(parts) + "\n"


def _what(info: BundleInfo) -> tuple[tuple[str, str], ...]:
    people = trn("{n} person", "{n} people", len(info.labels))
    return (
        (tr("Network"), title_of(info.config.network)),
        (tr("Recognises"), f"{people}: {', '.join(info.labels)}"),
        (tr("Looks at"), _looks_at(info)),
    )


def _looks_at(info: BundleInfo) -> str:
    wanted = info.preprocessing
    if wanted.kind == "embedding":
        return tr("the 128 numbers with which SFace describes a face")
    how = tr("turned upright by its landmarks") if wanted.kind == "aligned" else tr("by its box")
    return tr("the face's picture in {side} × {side} pixels, {how}", side=wanted.size_px, how=how)


def _how_good(info: BundleInfo) -> tuple[tuple[str, str], ...]:
    metrics = info.metrics
    score = Score(round(metrics.accuracy * metrics.judged_count), metrics.judged_count)
    lines = [
        (tr("Named right"), tr("{share}, 95 % interval in brackets", share=score.words)),
        (
            tr("Learned from"),
            trn("{n} photo in {seconds} s", "{n} photos in {seconds} s",
                metrics.train_count, seconds=f"{metrics.seconds:.1f}"),
        ),
    ]  # fmt: skip
    if metrics.test_accuracy is None:
        lines.append(("", tr("The photos it was judged by also chose its weights: that flatters.")))
    else:
        lines.append(
            (
                "",
                tr(
                    "Its weights and thresholds were chosen with other photos than those it was "
                    "judged by."
                ),
            )
        )
    if score.count < FEW_JUDGED:
        lines.append(("", tr("So few photos leave much open: mind the interval.")))
    return tuple(lines)


def _unknown(info: BundleInfo) -> tuple[tuple[str, str], ...]:
    limits, found = info.thresholds, info.calibration
    lines = [
        (tr("A face's score"), _scoring(limits.scoring)),
        (tr("Needed to be named"), tr("at least {value}", value=f"{limits.overall:.2f}")),
    ]
    lines += [(name, f"{value:.2f}") for name, value in sorted(limits.per_person.items())]
    if found is None:
        return (*lines, ("", tr("How many strangers it would name has not been measured.")))
    if found.thresholds != limits:
        lines.append(("", tr("The owner moved the thresholds; the figures are of those before.")))
    return (*lines, *_calibrated(found))


def _scoring(scoring: Scoring) -> str:
    """What a face's score for a person is."""
    return {
        Scoring.COSINE: tr("how like the person's mean it is, from −1 to 1"),
        Scoring.PRODUCT: tr("how like the person's mean it is, times the network's probability"),
    }[scoring]


def _calibrated(found: Calibration) -> list[tuple[str, str]]:
    """How the thresholds did on the faces that they were found from."""
    lost = Score(found.known_lost, found.known)
    lines = [(tr("Known faces it would call unknown"), lost.words)]
    if found.strangers:
        named = Score(found.strangers_named, found.strangers)
        lines.append((tr("Strangers it would give a name"), named.words))
    else:
        named = Score(found.impostors_named, found.impostors)
        lines.append((tr("Known faces it would name as somebody else"), named.words))
        lines += _without_own(found)
        lines.append(("", tr("No strangers were at hand to measure with.")))
    return lines


def _without_own(found: Calibration) -> list[tuple[str, str]]:
    """Why fewer faces were held against other people than against their own."""
    missing = found.known - found.impostors
    if not missing:
        return []
    told = trn(
        "{n} known face is not in that count, because it looks more like somebody else than like "
        "its own person.",
        "{n} known faces are not in that count, because they look more like somebody else than "
        "like their own person.",
        missing,
    )
    return [("", told)]


def _limits(info: BundleInfo) -> tuple[tuple[str, str], ...]:
    told = [
        tr("Other cameras, light, angles and ages than those of the photos it learned from."),
        tr("Faces that were rejected in Review: it was judged by kept ones only."),
        tr("People who look alike but are not in its list, such as relatives."),
        tr("Pictures made to deceive it; it is no lock for a door."),
    ]
    if info.metrics.train_count < FEW_LEARNED * len(info.labels):
        told.insert(
            0,
            trn(
                "It learned from fewer than {n} photo of each person on average.",
                "It learned from fewer than {n} photos of each person on average.",
                FEW_LEARNED,
            ),
        )
    return tuple(("", sentence) for sentence in told)


def _origin(bundle: Bundle, path: Path) -> tuple[tuple[str, str], ...]:
    info = bundle.info
    made = datetime.fromisoformat(info.created).astimezone()
    return (
        (tr("Made"), f"{made:%Y-%m-%d %H:%M}"),
        (tr("With"), ", ".join(f"{name} {text}" for name, text in info.versions.items())),
        (tr("File"), path.name),
        (tr("Size"), tr("{kb} kB", kb=f"{path.stat().st_size / 1e3:,.0f}")),
        (tr("Format"), str(info.format)),
        (tr("Dataset, SHA-256"), info.manifest_hash),
        (tr("Content, SHA-256"), bundle.sha256),
    )
