"""What the faces behind a threshold say, in words."""

from __future__ import annotations

from facegui.domain.text import tr, trn
from facegui.services.judging.score import Score
from facegui.services.recognising.evidence import FEW, Bands, Evidence, Rates
from facegui.services.recognising.stranger_faces import StrangerFaces
from facegui.services.recognising.stranger_folders import FolderStrangers

_MOST_STRANGERS, _LEAST_KNOWN = 0.01, 0.97
_MOST_NAMES = 5


def known_title(bands: Bands, rates: Rates) -> str:
    """Over the histogram of known faces: those in it, and those that no line gives their name."""
    others = rates.known.count - len(bands.known)
    title = tr("Known faces · {n}", n=f"{len(bands.known):,}")
    if not others:
        return title
    return title + trn(
        "; {n} that looks more like somebody else is not drawn",
        "; {n} that look more like somebody else are not drawn",
        others,
    )


def known_words(rates: Rates) -> str:
    """False rejects: known faces that would be called unknown."""
    known = rates.known
    if not known.count:
        return tr("There is no face of these people that the model has not learned from.")
    return tr(
        "{lost} of {faces} would not get their name: {share} do ({interval}).",
        lost=f"{known.count - known.right:,}",
        faces=trn("{n} known face", "{n} known faces", known.count),
        share=_share(known),
        interval=known.interval_words,
    )


def stranger_words(rates: Rates, *, known_of: bool) -> str:
    """False accepts: strangers that would get a name; *known_of*: there are some for somebody."""
    strangers = rates.strangers
    if not strangers.count and known_of:
        return tr("None of the strangers looks most like this person.")
    if not strangers.count:
        return tr("No stranger's face is known. Add a folder of photos of people it does not know.")
    return tr(
        "Of 100 strangers {n} would get a name ({interval}): {named} of {faces}.",
        n=f"{100 * strangers.accuracy:.0f}",
        interval=strangers.interval_words,
        named=f"{strangers.right:,}",
        faces=trn("{n} face", "{n} faces", strangers.count),
    )


def impostor_words(rates: Rates) -> str:
    """False accepts among its own people, each taken for a stranger to the others."""
    impostors = rates.impostors
    if not impostors.count:
        return ""
    return tr(
        "Of 100 known faces {n} would get somebody else's name if their own person were not in "
        "the model ({interval}): {named} of {faces}.",
        n=f"{100 * impostors.accuracy:.0f}",
        interval=impostors.interval_words,
        named=f"{impostors.right:,}",
        faces=trn("{n} face", "{n} faces", impostors.count),
    )


def source_words(strangers: StrangerFaces) -> str:
    """Where the strangers' faces come from."""
    parts = [
        (strangers.ignored, trn("{n} ignored", "{n} ignored", strangers.ignored)),
        (strangers.unnamed, trn("{n} without a name", "{n} without a name", strangers.unnamed)),
        (
            strangers.other_people,
            trn(
                "{n} of other people of the library",
                "{n} of other people of the library",
                strangers.other_people,
            ),
        ),
        (
            strangers.in_folders,
            trn("{n} in your folder", "{n} in your folders", strangers.in_folders),
        ),
    ]
    told = ", ".join(words for count, words in parts if count)
    return tr("Strangers' faces: {parts}.", parts=told) if told else ""


def left_out_words(found: FolderStrangers | None) -> str:
    """What was passed over in the owner's folders, because it shows no strangers."""
    if found is None:
        return ""
    told = []
    if found.of_known:
        names = ", ".join(found.known_names[:_MOST_NAMES])
        names += ", …" if len(found.known_names) > _MOST_NAMES else ""
        told.append(
            trn(
                "{n} photo is left out, because its folder is named after somebody the model "
                "knows ({names}).",
                "{n} photos are left out, because their folders are named after people the model "
                "knows ({names}).",
                found.of_known,
                names=names,
            )
        )
    if found.copies:
        told.append(
            trn(
                "{n} photo is left out, because the library or the model has it or a copy of it.",
                "{n} photos are left out, because the library or the model has them or copies of "
                "them.",
                found.copies,
            )
        )
    return " ".join(told)


def warning_words(evidence: Evidence, rates: Rates) -> list[str]:
    """What to bear in mind before the figures are believed."""
    told = []
    small = [score.count for score in (rates.known, rates.strangers) if 0 < score.count < FEW]
    if small:
        told.append(tr("So few faces say little: with fewer than {n}, mind the brackets.", n=FEW))
    left_out = evidence.strangers.left_out
    if left_out:
        told.append(
            trn(
                "{n} face without a name may be of somebody it knows and is left out; the others "
                "are easier than real strangers.",
                "{n} faces without a name may be of people it knows and are left out; the others "
                "are easier than real strangers.",
                left_out,
            )
        )
    if evidence.learned_here:
        told.append(
            tr(
                "This network has learned faces from these photos alone: to it a stranger often "
                "looks like whoever is nearest. Face transfer tells strangers far better."
            )
        )
    if rates.strangers.count and rates.strangers.accuracy > _MOST_STRANGERS:
        told.append(tr("More than 1 of 100 strangers would get a name."))
    if rates.known.count and rates.known.accuracy < _LEAST_KNOWN:
        told.append(tr("More than 3 of 100 known faces would not get theirs."))
    return told


def _share(score: Score) -> str:
    return f"{100 * score.accuracy:.0f} %"
