"""Statements: where they can go, where they come from, and what a conversation says."""

import pytest

from convening import statements
from convening.statements import Conversation, Result, Results, Statement
from convening.tallies import Counts, Groups, Tally
from convening.vocabulary import Group, StatementState

S, G, I = Group.STEWARD, Group.GATEWAY, Group.INFLUENCER  # noqa: E741
W, O, C, H = StatementState  # noqa: E741
ALONE: list[Groups] = [frozenset({each}) for each in Group]
CONVERSATION = Conversation(1, 1, "The square", None, "", False, 3, 0, 24, 1)


def statement(number: int, state: StatementState = C) -> Statement:
    return Statement(number, number, f"Statement {number}", state, False, 1)


def result(number: int, *counts: Tally, state: StatementState = C) -> Result:
    votes = dict(zip(ALONE, counts, strict=True)) if counts else {}
    return Result(statement(number, state), sum(each.votes for each in counts), Counts(votes))


def test_the_room_agreed_and_the_stewards_did_not() -> None:
    found = statements.read(
        Results(
            CONVERSATION,
            (
                result(1, Tally(7, 1, 0), Tally(8, 0, 0), Tally(6, 0, 2)),
                result(2, Tally(1, 7, 0), Tally(8, 0, 0), Tally(7, 1, 0)),
                result(3, Tally(4, 4, 0), Tally(4, 4, 0), Tally(4, 4, 0)),
            ),
            dict.fromkeys(ALONE, 8),
        )
    )
    assert found.together == (1,)
    assert found.alone == ((2, S, True),)
    assert found.divided == (2, 1, 3)
    assert found.consensus[3] == pytest.approx(0.5**3)
    assert found.too_small == ()


def test_a_group_of_four_is_named_as_too_small_and_not_split() -> None:
    voters = {ALONE[0]: 4, ALONE[1]: 8, ALONE[2]: 8}
    results = Results(CONVERSATION, (result(1, Tally(0, 4, 0), Tally(8), Tally(8)),), voters)
    found = statements.read(results)
    assert found.splits == {1: {G: Tally(8), I: Tally(8)}}
    assert found.too_small == (S,)
    assert found.alone == ()


def test_consensus_is_told_of_two_groups_and_ten_people_on() -> None:
    both = dict.fromkeys([*ALONE[:2], frozenset({S, G})], 6)
    nine = Counts({ALONE[0]: Tally(3), ALONE[1]: Tally(3), frozenset({S, G}): Tally(3)})
    ten = Counts({**nine.votes, ALONE[0]: Tally(4)})
    listed = (Result(statement(1), 9, nine), Result(statement(2), 10, ten))
    found = statements.read(Results(CONVERSATION, listed, both))
    assert found.consensus == {2: pytest.approx(8 / 9 * 7 / 8)}
    one = Counts({ALONE[0]: Tally(12)})
    results = Results(CONVERSATION, (Result(statement(1), 12, one),), {ALONE[0]: 12})
    assert statements.read(results).consensus == {}


def test_open_statements_and_silence_say_nothing() -> None:
    results = Results(CONVERSATION, (result(1), Result(statement(2, O), 5)))
    found = statements.read(results)
    assert (found.splits, found.divided, found.together, found.alone) == ({}, (), (), ())


def test_a_statement_without_a_group_comes_after_the_divided_ones() -> None:
    nobody: Groups = frozenset()
    silent = Result(statement(1), 3, Counts({nobody: Tally(3)}))
    two = result(2, Tally(8), Tally(8), Tally(8))
    found = statements.read(Results(CONVERSATION, (silent, two), dict.fromkeys(ALONE, 8)))
    assert found.divided == (2, 1)


def test_what_all_groups_are_against_is_told_apart_from_what_they_agree_with() -> None:
    listed = (
        result(1, Tally(0, 8, 0), Tally(1, 7, 0), Tally(0, 8, 0)),
        result(2, Tally(8), Tally(8), Tally(8)),
    )
    found = statements.read(Results(CONVERSATION, listed, dict.fromkeys(ALONE, 8)))
    assert (found.against, found.together, found.alone) == ((1,), (2,), ())


def test_statements_with_too_few_votes_come_last_and_are_not_compared() -> None:
    listed = (
        result(1, Tally(1, 0, 0), Tally(), Tally(0, 2, 1)),
        result(2, Tally(8), Tally(7, 1, 0), Tally(8)),
    )
    found = statements.read(Results(CONVERSATION, listed, dict.fromkeys(ALONE, 8)))
    assert (found.divided, found.compared, found.by_groups) == ((2, 1), frozenset({2}), True)


def test_without_groups_too_few_votes_come_last_too() -> None:
    nobody: Groups = frozenset()
    listed = tuple(
        Result(statement(number), each.votes, Counts({nobody: each}))
        for number, each in enumerate((Tally(2, 2, 0), Tally(5, 0, 0)), 1)
    )
    found = statements.read(Results(CONVERSATION, listed, {nobody: 5}))
    assert (found.divided, found.compared, found.by_groups) == ((2, 1), frozenset({2}), False)


def test_without_groups_the_most_divided_is_nearest_to_half_and_half() -> None:
    nobody: Groups = frozenset()
    tallies = (Tally(8, 1, 0), Tally(4, 5, 0), Tally(3, 1, 5))
    listed = tuple(
        Result(statement(number), each.votes, Counts({nobody: each}))
        for number, each in enumerate(tallies, 1)
    )
    assert statements.read(Results(CONVERSATION, listed, {nobody: 9})).divided == (2, 1, 3)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("- Who decides?\n\n2. Rents will rise\n • «من يقرر؟»", 
         ["Who decides?", "Rents will rise", "«من يقرر؟»"]),
        ("Rents rise. Who pays? من يدفع؟ لا أحد.", 
         ["Rents rise.", "Who pays?", "من يدفع؟", "لا أحد."]),
        ("Same\nSame", ["Same"]),
        ("", []),
        ("x" * 401 + "\nshort", ["short"]),
    ],
)  # fmt: skip
def test_contested_points_become_statements(text: str, points: list[str]) -> None:
    assert statements.points(text) == points


def test_a_number_at_the_start_of_a_sentence_stays() -> None:
    assert statements.points("2030 is too late\n12 families left") == [
        "2030 is too late",
        "12 families left",
    ]


def test_what_was_hidden_waits_before_it_opens() -> None:
    listed = [statement(number, state) for number, state in enumerate(StatementState)]
    assert [each.state for each in statements.movable(listed, O)] == [W, C]
    assert [each.state for each in statements.movable(listed, W)] == [H]
    assert [each.state for each in statements.movable(listed, C)] == [O]
    assert [each.state for each in statements.movable(listed, H)] == [W, O, C]
