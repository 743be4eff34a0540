"""A name is a vote over looks: quick to come, slow to change."""

from __future__ import annotations

import pytest

from facegui.domain.recognition import Identity
from facegui.services.recognising.votes import REMEMBERED_S, Standing, Votes, weight


def answer(name: str | None, by: float = 0.3, probability: float = 0.9) -> Identity:
    """What a model says of a face whose score is *by* from the threshold."""
    similarity = 0.4 + by if name else 0.4 - by
    return Identity(name, name or "Ann", probability, {}, similarity, 0.4)


def vote(votes: Votes, *names: str | None, start: float = 0.0, every: float = 0.2) -> Standing:
    for number, name in enumerate(names):
        standing = votes.cast(answer(name), 1.0, start + every * number)
    return standing


def elected(standing: Standing) -> str | None:
    return standing.identity.name if standing.identity else "nobody yet"


def test_before_any_look_nobody_is_elected() -> None:
    assert Votes().standing == Standing()


def test_one_clear_look_names_a_face() -> None:
    standing = vote(Votes(), "Ann")
    assert elected(standing) == "Ann"
    assert standing.share == 1.0


def test_one_doubtful_look_does_not_but_several_do() -> None:
    votes = Votes()
    assert elected(votes.cast(answer("Ann", by=0.02), 1.0, 0.0)) == "nobody yet"
    votes.cast(answer("Ann", by=0.02), 1.0, 0.2)
    assert elected(votes.cast(answer("Ann", by=0.02), 1.0, 0.4)) == "Ann"


def test_no_single_look_makes_somebody_unknown() -> None:
    assert elected(vote(Votes(), None)) == "nobody yet"
    assert elected(vote(Votes(), None, None)) is None


def test_a_single_other_ballot_changes_nothing() -> None:
    standing = vote(Votes(), "Ann", "Ann", "Ann", "Bob", "Ann", "Ann")
    assert elected(standing) == "Ann"
    assert 0.5 < standing.share < 1.0


def test_ballots_that_alternate_do_not_make_the_name_flicker() -> None:
    votes = Votes()
    names = ["Ann", "Ann", *["Bob", "Ann"] * 10, *[None, "Ann"] * 10]
    seen = [elected(votes.cast(answer(name), 1.0, 0.2 * n)) for n, name in enumerate(names)]
    assert set(seen) == {"Ann"}


@pytest.mark.parametrize("other", ["Bob", None])
def test_what_all_later_looks_say_wins_in_the_end(other: str | None) -> None:
    votes = Votes()
    vote(votes, *["Ann"] * 10)
    assert elected(vote(votes, *[other] * 10, start=2.0)) == other


def test_old_ballots_fade() -> None:
    votes = Votes()
    vote(votes, *["Ann"] * 10)
    assert elected(vote(votes, "Bob", "Bob", start=5.5)) == "Bob"


def test_the_share_is_of_the_weight() -> None:
    standing = vote(Votes(), "Ann", "Ann", "Ann", "Bob", every=0.0)
    assert standing.share == pytest.approx(0.75)


def test_the_identity_is_the_newest_that_agrees_with_the_mean_of_its_probabilities() -> None:
    votes = Votes()
    votes.cast(answer("Ann", probability=0.6), 1.0, 0.0)
    votes.cast(answer("Bob", probability=0.9), 1.0, 0.0)
    standing = votes.cast(answer("Ann", by=0.4, probability=0.8), 1.0, 0.0)
    assert standing.identity is not None
    assert standing.identity.similarity == pytest.approx(0.8)
    assert standing.identity.probability == pytest.approx(0.7)


def test_only_the_last_seconds_are_remembered() -> None:
    votes = Votes()
    vote(votes, "Ann", "Ann")
    standing = vote(votes, "Ann", start=REMEMBERED_S + 0.1)
    assert [round(ballot.at, 1) for ballot in standing.ballots] == [0.2, REMEMBERED_S + 0.1]


def test_a_clear_face_far_from_the_threshold_weighs_most() -> None:
    assert weight(answer("Ann", by=0.5), 0.9) == pytest.approx(0.9)
    assert weight(answer("Ann", by=0.06), 0.9) == pytest.approx(0.36)
    assert weight(answer(None, by=0.06), 0.9) == pytest.approx(0.36)
    assert 0 < weight(answer("Ann", by=0.0), 0.9) < 0.2
