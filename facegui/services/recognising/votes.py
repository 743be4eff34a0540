"""Who a face is, voted on by all looks at it, so that a name neither flickers nor sticks.

Each look at a face casts a ballot for the person that the model names, or for *nobody it knows*.
A ballot weighs more the clearer the face was and the farther its score lies from the model's
threshold, and half as much after each `HALF_LIFE_S`. Whoever has gathered enough is elected;
somebody else has to have clearly more to take over, as in a Schmitt trigger.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, replace

from facegui.domain.recognition import UNSURE_BY, Identity

HALF_LIFE_S = 1.0

TAKE_OVER = 1.5
"""How many times the elected one's weight a challenger needs."""

KNOWN_NEEDS = 0.3
"""Weight that elects a person; one look that is not unsure has it."""

UNKNOWN_NEEDS = 1.2
"""Weight that elects *unknown*: no single look has it, for people come in turned and blurred."""

CLEAR_BY = 3 * UNSURE_BY
"""Distance of a score from its threshold from which on a ballot has its whole weight."""

REMEMBERED_S = 6.0
"""How long ballots are kept, to count and to show."""

_LEAST_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one look said.

    Attributes:
        at: when, in the caller's seconds.
        name: whom the model named; None for nobody it knows.
        weight: when it was cast, above 0 to 1.
        identity: all that the model said.
    """

    at: float
    name: str | None
    weight: float
    identity: Identity


@dataclass(frozen=True, slots=True)
class Standing:
    """How the vote stands.

    Attributes:
        identity: the model's newest answer that agrees with the vote, its probability the mean of
            those that do; None until somebody is elected.
        share: of the weight of all ballots, those that agree, 0 to 1.
        ballots: of the last `REMEMBERED_S` seconds, oldest first.
    """

    identity: Identity | None = None
    share: float = 0.0
    ballots: tuple[Ballot, ...] = ()


class Votes:
    """The votes about one face."""

    def __init__(self) -> None:
        self._ballots: deque[Ballot] = deque()
        self._standing = Standing()

    @property
    def standing(self) -> Standing:
        """After the last ballot: weights fade alike, so that time alone elects nobody."""
        return self._standing

    def cast(self, identity: Identity, score: float, now: float) -> Standing:
        """Count one look more.

        Args:
            identity: what the model said.
            score: the detector's, 0 to 1: how clearly this is a face.
            now: seconds on a clock that never goes back.
        """
        self._ballots.append(Ballot(now, identity.name, weight(identity, score), identity))
        while now - self._ballots[0].at > REMEMBERED_S:
            self._ballots.popleft()
        weights = self._weights(now)
        agreeing = self._elect(weights)
        self._standing = Standing(
            self._voice(agreeing, now) if agreeing else None,
            weights[agreeing[-1].name] / sum(weights.values()) if agreeing else 0.0,
            tuple(self._ballots),
        )
        return self._standing

    def _weights(self, now: float) -> dict[str | None, float]:
        weights: dict[str | None, float] = defaultdict(float)
        for ballot in self._ballots:
            weights[ballot.name] += _faded(ballot, now)
        return weights

    def _elect(self, weights: dict[str | None, float]) -> list[Ballot]:
        """The ballots for whoever is elected now; none while nobody is."""
        leader = max(weights, key=lambda name: weights[name])
        elected = self._standing.identity
        needs = UNKNOWN_NEEDS if leader is None else KNOWN_NEEDS
        if elected is not None and leader != elected.name:
            needs = max(needs, TAKE_OVER * weights.get(elected.name, 0.0))
        if weights[leader] >= needs:
            return [ballot for ballot in self._ballots if ballot.name == leader]
        if elected is None:
            return []
        return [ballot for ballot in self._ballots if ballot.name == elected.name]

    def _voice(self, agreeing: list[Ballot], now: float) -> Identity:
        parts = [(_faded(ballot, now), ballot.identity.probability) for ballot in agreeing]
        mean = sum(part * probability for part, probability in parts) / sum(p for p, _ in parts)
        return replace(agreeing[-1].identity, probability=mean)


def weight(identity: Identity, score: float) -> float:
    """What a look is worth, above 0 to 1; see `Votes.cast`."""
    clear = identity.margin / CLEAR_BY
    return max(_LEAST_WEIGHT, min(1.0, clear) * score)


def _faded(ballot: Ballot, now: float) -> float:
    return float(ballot.weight * 0.5 ** ((now - ballot.at) / HALF_LIFE_S))
