"""Votes by declared group, and how far all groups agree."""

from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_series_equal

from convening import opinion

S, G = "steward", "gateway"


def votes(*rows: tuple[int, int, int, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["participant", "statement", "vote", "group"])


def test_each_group_is_counted_for_itself() -> None:
    found = opinion.by_group(
        votes((1, 7, 1, S), (2, 7, 1, S), (3, 7, -1, G), (4, 7, 0, G), (3, 8, 1, G))
    )
    assert found.index.names == ["statement", "group"]
    assert found.to_dict("index") == {
        (7, G): {"agree": 0, "disagree": 1, "pass_": 1},
        (7, S): {"agree": 2, "disagree": 0, "pass_": 0},
        (8, G): {"agree": 1, "disagree": 0, "pass_": 0},
    }
    assert {str(kind) for kind in found.dtypes} == {"int64"}


def test_a_person_in_two_groups_counts_in_both() -> None:
    found = opinion.by_group(votes((1, 7, -1, S), (1, 7, -1, G)))
    assert found["disagree"].to_dict() == {(7, G): 1, (7, S): 1}


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_who_declared_no_group_is_left_out(missing: Any) -> None:
    found = opinion.by_group(votes((1, 7, 1, S), (2, 7, -1, missing)))
    assert found["disagree"].to_dict() == {(7, S): 0}


def test_two_votes_of_one_person_on_one_statement_are_an_error() -> None:
    with pytest.raises(ValueError, match="two votes"):
        opinion.by_group(votes((1, 7, 1, S), (1, 7, -1, S)))


def test_a_vote_of_two_is_an_error() -> None:
    with pytest.raises(ValueError, match="1, 0 or -1"):
        opinion.by_group(votes((1, 7, 2, S)))


def test_no_votes_give_no_counts() -> None:
    empty = votes()
    assert opinion.by_group(empty).empty
    assert opinion.group_informed_consensus(empty).empty


def test_consensus_is_the_product_of_the_groups_estimates() -> None:
    cast = votes(
        (1, 7, 1, S), (2, 7, 1, S), (3, 7, 0, S), (4, 7, -1, G), (1, 8, 1, S), (2, 8, 1, S)
    )
    # statement 7: (2+1)/(3+2) by the stewards, (0+1)/(1+2) by the gateways, who are silent on 8
    wanted = pd.Series({7: 3 / 5 * 1 / 3, 8: 3 / 4 * 1 / 2}, name="consensus")
    found = opinion.group_informed_consensus(cast)
    assert_series_equal(found, wanted.rename_axis("statement"))


def test_one_group_cannot_be_outvoted_by_the_size_of_another() -> None:
    room = [(n, 7, 1, G) for n in range(100)] + [(n, 7, -1, S) for n in range(100, 104)]
    found = opinion.group_informed_consensus(votes(*room))
    assert found.loc[7] == pytest.approx(101 / 102 * 1 / 6)


def test_raised_hands_are_counted_like_votes() -> None:
    index = pd.MultiIndex.from_tuples([(7, S), (7, G)], names=["statement", "group"])
    hands = pd.DataFrame({"agree": [4, 0], "disagree": [0, 9], "pass_": [1, 0]}, index=index)
    assert opinion.consensus_from_counts(hands).to_dict() == {7: pytest.approx(5 / 7 * 1 / 11)}
    with pytest.raises(ValueError, match="negative"):
        opinion.consensus_from_counts(-hands)


I = "influencer"  # noqa: E741
HANDS: dict[tuple[int, str], tuple[int, int, int]] = {
    # all agree
    (1, S): (3, 0, 2), (1, G): (6, 2, 2), (1, I): (3, 1, 1),
    # the stewards stand alone
    (2, S): (0, 3, 0), (2, G): (9, 0, 0), (2, I): (4, 0, 0),
    # the influencers alone agree
    (3, S): (1, 9, 0), (3, G): (1, 4, 0), (3, I): (3, 1, 0),
    # two stewards are too few to lean
    (4, S): (0, 2, 0), (4, G): (9, 0, 0), (4, I): (4, 0, 0),
    # just short of three in five
    (5, S): (59, 0, 41), (5, G): (9, 0, 0), (5, I): (4, 0, 0),
}  # fmt: skip


def hands(chosen: dict[tuple[int, str], tuple[int, int, int]]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(list(chosen), names=["statement", "group"])
    return pd.DataFrame(list(chosen.values()), index, columns=["agree", "disagree", "pass_"])


def test_where_each_group_leans() -> None:
    found = opinion.leanings(hands(HANDS))
    assert found[[S, G, I]].to_dict("split")["data"] == [
        [1, 1, 1],
        [-1, 1, 1],
        [-1, -1, 1],
        [0, 1, 1],
        [0, 1, 1],
    ]


def test_all_groups_agree_and_one_stands_alone() -> None:
    counts = hands(HANDS)
    assert opinion.common_ground(counts) == [1]
    assert opinion.standing_alone(counts) == [
        opinion.StandsAlone(2, S, others_agree=True),
        opinion.StandsAlone(3, I, others_agree=False),
    ]


def test_of_two_groups_neither_stands_alone() -> None:
    two = {key: count for key, count in HANDS.items() if key[1] != I}
    assert opinion.standing_alone(hands(two)) == []


def test_a_silent_group_is_no_agreement() -> None:
    assert opinion.common_ground(hands({(1, S): (5, 0, 0), (2, G): (5, 0, 0)})) == []


def test_the_most_divided_comes_first() -> None:
    # on 2 and 4 only the gateways cast five votes
    spread = {1: 3 / 5 - 2 / 5, 3: 1 / 2 + 8 / 10, 5: 1 - 59 / 100}
    wanted = sorted(spread, key=lambda statement: -spread[statement])
    assert opinion.most_divided(hands(HANDS)) == wanted


def test_a_statement_on_which_hardly_anybody_voted_is_not_the_most_divided() -> None:
    few = {(1, S): (1, 0, 0), (1, I): (0, 2, 0), (2, S): (5, 1, 0), (2, I): (4, 2, 0)}
    assert opinion.most_divided(hands(few)) == [2]
    # one influencer against all is no measure of how far apart the groups are
    one = {(1, S): (5, 0, 0), (1, G): (5, 0, 0), (1, I): (0, 1, 0), **hands_of(2, 4)}
    assert opinion.most_divided(hands(one)) == [2, 1]
    assert opinion.most_divided(hands({(1, S): (0, 0, 0)})) == []


def hands_of(statement: int, agree: int) -> dict[tuple[int, str], tuple[int, int, int]]:
    return {(statement, S): (5, 0, 0), (statement, G): (agree, 5 - agree, 0)}


def test_all_agree_only_where_every_group_cast_enough_votes() -> None:
    whole = {(1, S): (5, 0, 0), (1, G): (6, 0, 0)}
    assert opinion.common_ground(hands(whole)) == [1]
    three = {(2, S): (3, 0, 0), (2, G): (6, 0, 0)}
    assert opinion.common_ground(hands({**whole, **three})) == [1]
    # of one group alone nobody says that all groups agree
    assert opinion.common_ground(hands(three)) == []


def test_a_vote_elsewhere_takes_no_agreement_away() -> None:
    """Gateways cast five votes on one statement; their four and three on others still agree."""
    once = {(1, S): (5, 0, 0), (1, G): (3, 2, 0), (1, I): (0, 5, 0)}
    four = {(2, S): (5, 0, 0), (2, G): (4, 0, 0), (2, I): (5, 0, 0)}
    silent = {(3, S): (5, 0, 0), (3, G): (2, 0, 0), (3, I): (5, 0, 0)}
    assert opinion.common_ground(hands({**once, **four, **silent})) == [2]


def test_a_small_group_cannot_carry_an_agreement_but_can_prevent_it() -> None:
    whole = {(1, S): (5, 0, 0), (1, G): (6, 0, 0), (2, S): (5, 0, 0), (2, G): (6, 0, 0)}
    small = {(1, I): (1, 0, 0), (2, I): (0, 3, 0)}
    assert opinion.common_ground(hands({**whole, **small})) == [1]


def test_what_all_groups_are_against_is_found_the_furthest_first() -> None:
    counts = hands(
        {
            (1, S): (0, 6, 0), (1, G): (2, 5, 0),
            (2, S): (0, 6, 0), (2, G): (0, 7, 0),
            (3, S): (6, 0, 0), (3, G): (7, 0, 0),
            (4, S): (0, 6, 0), (4, G): (7, 0, 0),
        }
    )  # fmt: skip
    assert opinion.common_refusal(counts) == [2, 1]
    assert opinion.common_ground(counts) == [3]
