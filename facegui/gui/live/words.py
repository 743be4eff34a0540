"""What the live page says of a face."""

from __future__ import annotations

from facegui.domain.text import tr, trn
from facegui.gui.overlay import label_of
from facegui.services.recognising.live_watch import SeenFace
from facegui.services.recognising.votes import REMEMBERED_S, Ballot


def face_label(face: SeenFace) -> str:
    """What stands over a face that has been looked at: ``Anna 97 %`` or ``Unknown 3``."""
    if face.identity is None:
        return ""
    if face.identity.name is None and face.stranger is not None:
        return tr("Unknown {n}", n=face.stranger)
    return label_of(face.identity)


def face_name(face: SeenFace) -> str:
    """The same without the figure; that nobody has decided yet, where that is so."""
    if face.identity is None:
        return tr("Looking…")
    return face.identity.name or face_label(face)


def vote_words(face: SeenFace) -> str:
    """How the vote stands, in figures."""
    if face.identity is None:
        return ""
    ballots = face.standing.ballots
    agreeing = sum(ballot.name == face.identity.name for ballot in ballots)
    looks = trn("{n} look", "{n} looks", len(ballots))
    return tr(
        "{n} of {looks} · {share}", n=agreeing, looks=looks, share=f"{face.standing.share:.0%}"
    )


def vote_tip(face: SeenFace) -> str:
    """The vote in a sentence, with everybody who got a ballot."""
    counts: dict[str, int] = {}
    for ballot in face.standing.ballots:
        counts[ballot_name(ballot)] = counts.get(ballot_name(ballot), 0) + 1
    tally = ", ".join(
        f"{name}: {count}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1])
    )
    return tr("Votes of the last {n} seconds: {tally}", n=round(REMEMBERED_S), tally=tally or "0")


def ballot_name(ballot: Ballot) -> str:
    """Whom a ballot is for."""
    return ballot.name or tr("Unknown")
