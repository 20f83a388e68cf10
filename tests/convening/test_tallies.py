"""Votes by group: what the team sees, what the room sees, and what may leave the team."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convening import opinion, tallies
from convening.tallies import Counts, Groups, Tally
from convening.vocabulary import Choice, Group
from tests.cases import cases

S, G, I = Group.STEWARD, Group.GATEWAY, Group.INFLUENCER  # noqa: E741
NOBODY: Groups = frozenset()


def of(*groups: Group) -> Groups:
    return frozenset(groups)


def test_a_person_in_two_groups_counts_in_both() -> None:
    ballots = {of(S): Tally(1, 2, 3), of(S, G): Tally(agree=4), NOBODY: Tally(disagree=9)}
    assert tallies.by_group(ballots) == {S: Tally(5, 2, 3), G: Tally(4, 0, 0)}
    assert tallies.total(ballots) == Tally(5, 11, 3)


def test_votes_and_hands_are_added() -> None:
    counts = Counts({of(S): Tally(1, 0, 0)}, {of(S): Tally(0, 2, 0), of(G): Tally(0, 0, 3)})
    assert counts.together == {of(S): Tally(1, 2, 0), of(G): Tally(0, 0, 3)}


def test_a_tally_grows_by_choice() -> None:
    found = Tally().plus(Choice.AGREE, 2).plus(Choice.DISAGREE, 3).plus(Choice.PASS, 4)
    assert (found, found.votes) == (Tally(2, 3, 4), 9)


def test_the_team_sees_a_group_from_five_voters_on() -> None:
    counts = Counts({of(S): Tally(1, 0, 0), of(G): Tally(0, 3, 0)})
    voters = {of(S): 4, of(S, G): 1, of(G): 3}
    assert tallies.for_team(counts, voters) == {S: Tally(1, 0, 0)}


def test_raised_hands_were_seen_by_all_and_count_in_any_number() -> None:
    counts = Counts({of(S): Tally(1, 0, 0)}, {of(S): Tally(0, 2, 0)})
    assert tallies.for_team(counts, {of(S): 4}) == {S: Tally(0, 2, 0)}
    assert tallies.for_team(counts, {of(S): 5}) == {S: Tally(1, 2, 0)}
    assert tallies.for_room(counts, {of(S): 9}) == {S: Tally(0, 2, 0)}


@pytest.mark.parametrize(("voters", "voted", "shown"), [(8, 5, True), (7, 7, False), (8, 4, False)])
def test_the_room_sees_a_group_of_eight_with_five_votes(
    voters: int, voted: int, shown: bool
) -> None:
    counts = Counts({of(S): Tally(agree=voted)})
    wanted = {S: Tally(agree=voted)} if shown else {}
    assert tallies.for_room(counts, {of(S): voters}) == wanted


def test_no_count_below_five_leaves_the_team() -> None:
    assert tallies.for_everybody({of(S): Tally(6, 4, 0), of(G): Tally(9, 9, 0)}) == {}
    assert tallies.for_everybody({of(S): Tally(6, 5, 0), of(G): Tally(9, 9, 0)}) == {
        S: Tally(6, 5, 0),
        G: Tally(9, 9, 0),
    }


def test_what_subtraction_would_tell_is_withheld_too() -> None:
    """The total is public, so the gateways would tell of the two stewards."""
    assert tallies.for_everybody({of(S): Tally(2, 0, 0), of(G): Tally(9, 0, 0)}) == {}


def test_a_small_overlap_is_not_told_by_two_large_groups() -> None:
    """20 people voted, 12 are stewards and 11 gateways: then three would be both."""
    both = {of(S): Tally(9, 0, 0), of(G): Tally(8, 0, 0), of(S, G): Tally(3, 0, 0)}
    assert tallies.for_everybody(both) == {S: Tally(12, 0, 0)}


def test_those_without_a_group_hide_nobody_when_they_are_few() -> None:
    assert tallies.for_everybody({of(S): Tally(9, 0, 0), NOBODY: Tally(1, 0, 0)}) == {}
    assert tallies.for_everybody({of(S): Tally(9, 0, 0), NOBODY: Tally(5, 0, 0)}) == {
        S: Tally(9, 0, 0)
    }


@pytest.mark.parametrize(
    ("voted", "told"),
    [
        ((15, 10, 0), (15, 10, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((16, 3, 1), (16, None, None)),
        ((16, 0, 1), (None, 0, None)),  # with 0 beside it, 1 could be 0 or 1 alone
        ((4, 9, 0), (None, 9, None)),  # 0 to 4, whichever of the two it was
        ((1, 1, 1), (None, None, None)),
        ((5, 7, 2), (None, 7, None)),
    ],
)
def test_a_small_total_is_withheld_with_what_would_tell_it(
    voted: tuple[int, int, int], told: tuple[int | None, ...]
) -> None:
    assert tallies.total_for_everybody({of(S): Tally(*voted)}) == told


def test_nobody_voted_and_nothing_is_told() -> None:
    assert tallies.for_everybody({}) == {}


MASKS = [of(*groups) for size in range(4) for groups in itertools.combinations(Group, size)]
BALLOTS = st.dictionaries(
    st.sampled_from(MASKS),
    st.builds(Tally, *[st.integers(0, 9) for _ in range(3)]),
    max_size=8,
)


@given(BALLOTS)
@cases(200)
def test_every_sum_of_published_numbers_is_nobody_or_at_least_five(
    ballots: dict[Groups, Tally],
) -> None:
    """Whoever is in all, in none, or in some of the published groups is never one of few."""
    published = tallies.for_everybody(ballots)
    for inside in itertools.product((True, False), repeat=len(published)):
        people = sum(
            (
                tally
                for groups, tally in ballots.items()
                if all(
                    (group in groups) is wanted
                    for group, wanted in zip(published, inside, strict=True)
                )
            ),
            Tally(),
        )
        if published:
            assert all(
                count == 0 or count >= 5 for count in (people.agree, people.disagree, people.pass_)
            )


def test_splits_are_counted_like_votes() -> None:
    counts = tallies.as_counts({7: {S: Tally(1, 2, 3), G: Tally()}, 8: {}})
    assert counts.to_dict("index") == {(7, "steward"): {"agree": 1, "disagree": 2, "pass_": 3}}
    assert opinion.consensus_from_counts(counts).to_dict() == {7: pytest.approx(2 / 8)}


def test_without_splits_there_is_nothing_to_count() -> None:
    counts = tallies.as_counts({})
    assert opinion.common_ground(counts) == []
    assert opinion.standing_alone(counts) == []
    assert opinion.most_divided(counts) == []
