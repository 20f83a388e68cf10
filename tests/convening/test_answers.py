"""What an invited person says, checked, and where it takes the invitation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from convening.answers import (
    MOST_NAMED,
    AnswerCounts,
    AnswerDraft,
    Named,
    cleaned,
    count,
    is_open,
    moves,
    said_groups,
)
from convening.convenings import Convening
from convening.invitations import MOVES
from convening.problems import ConveningError
from convening.vocabulary import ConveningKind, ConveningState, Group, InvitationStatus, Need

S = InvitationStatus
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
MEETING = Convening(
    1, 1, 1, "Workshop", "Why", ConveningKind.WORKSHOP, ConveningState.PLANNED,
    START.replace(tzinfo=None), END.replace(tzinfo=None), "UTC", START, END, "", "", None, None, 1,
)  # fmt: skip


def codes(draft: AnswerDraft, named: int = 0) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in cleaned(draft, named)[1]]


def test_an_answer_is_cleaned() -> None:
    said = AnswerDraft(
        False,
        reason=" no bus\x00\r\n\r\n\r\nafter six ",
        needs=frozenset({Need.TRAVEL}),
        needs_note=" by\tcar \u202e",
        others=(Named(" Umm  Adam "), Named("", " ", "")),
    )
    assert cleaned(said) == (
        replace(
            said,
            reason="no bus\n\nafter six",
            needs_note="by car",
            others=(Named("Umm Adam"),),
        ),
        [],
    )


def test_a_reason_belongs_to_a_no() -> None:
    assert cleaned(AnswerDraft(True, reason="typed and then thought better"))[0].reason == ""


def test_without_a_choice_there_is_no_answer() -> None:
    assert codes(AnswerDraft(None)) == [("answer_missing", "accept")]


def test_texts_have_their_length() -> None:
    said = AnswerDraft(
        False,
        reason="r" * 1001,
        needs_note="n" * 301,
        others=(Named("a" * 201, "o" * 201, "w" * 501),),
    )
    assert sorted(codes(said)) == [
        ("too_long", "needs_note"),
        ("too_long", "other_1_name"),
        ("too_long", "other_1_organisation"),
        ("too_long", "other_1_reason"),
        ("too_long", "reason"),
    ]


def test_whoever_is_named_has_a_name() -> None:
    others = (Named(""), Named("", "Savings circle"))
    assert codes(AnswerDraft(True, others=others)) == [("required", "other_2_name")]


@pytest.mark.parametrize(
    ("named", "problems"),
    [(MOST_NAMED - 1, []), (MOST_NAMED, [("too_many_named", "others")])],
)
def test_one_link_names_few(named: int, problems: list[tuple[str, str]]) -> None:
    assert codes(AnswerDraft(True, others=(Named("Umm Adam"),)), named) == problems
    assert codes(AnswerDraft(True), named) == []


@pytest.mark.parametrize(
    ("state", "status", "at", "expected"),
    [
        (ConveningState.PLANNED, S.INVITED, END - timedelta(seconds=1), True),
        (ConveningState.PLANNED, S.INVITED, END, False),
        (ConveningState.DRAFT, S.INVITED, START, True),
        (ConveningState.HELD, S.ATTENDED, START, False),
        (ConveningState.CANCELLED, S.ACCEPTED, START, False),
        (ConveningState.PLANNED, S.WITHDRAWN, START, False),
        (ConveningState.PLANNED, S.ATTENDED, START, True),
    ],
)
def test_a_link_ends_with_its_convening(
    state: ConveningState, status: InvitationStatus, at: datetime, expected: bool
) -> None:
    assert is_open(replace(MEETING, state=state), status, at) is expected


def test_without_an_end_it_is_open_for_an_hour_after_the_start_and_without_a_date_always() -> None:
    no_end = replace(MEETING, ends_at=None)
    assert is_open(no_end, S.INVITED, START + timedelta(minutes=59))
    assert not is_open(no_end, S.INVITED, START + timedelta(minutes=60))
    assert is_open(replace(MEETING, starts_at=None, ends_at=None), S.INVITED, END)


@pytest.mark.parametrize(
    ("current", "accept", "expected"),
    [
        (S.PROPOSED, True, (S.INVITED, S.ACCEPTED)),
        (S.PROPOSED, False, (S.INVITED, S.DECLINED)),
        (S.INVITED, True, (S.ACCEPTED,)),
        (S.INVITED, False, (S.DECLINED,)),
        (S.WAITLISTED, True, (S.ACCEPTED,)),
        (S.WAITLISTED, False, (S.INVITED, S.DECLINED)),
        (S.ACCEPTED, True, ()),
        (S.ACCEPTED, False, (S.DECLINED,)),
        (S.DECLINED, True, (S.ACCEPTED,)),
        (S.DECLINED, False, ()),
    ],
)
def test_an_answer_moves_by_the_one_table(
    current: InvitationStatus, accept: bool, expected: tuple[InvitationStatus, ...]
) -> None:
    found = moves(current, accept)
    assert found == expected
    steps = (current, *found)
    assert all(then in MOVES[now] for now, then in pairwise(steps))


@pytest.mark.parametrize("current", [S.ATTENDED, S.ABSENT, S.WITHDRAWN])
def test_who_was_there_or_is_out_answers_no_more(current: InvitationStatus) -> None:
    with pytest.raises(ConveningError, match="cannot_move"):
        moves(current, True)


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        (None, {Group.STEWARD}, None),
        (set(), set(), None),
        (set(), {Group.STEWARD}, frozenset()),
        ({Group.GATEWAY}, {Group.STEWARD}, frozenset({Group.GATEWAY})),
    ],
)
def test_groups_are_said_confirmed_or_left(
    said: set[Group] | None, known: set[Group], expected: frozenset[Group] | None
) -> None:
    draft = AnswerDraft(True, groups=None if said is None else frozenset(said))
    assert said_groups(draft, frozenset(known)) == expected


def test_answers_are_counted_of_those_who_were_asked() -> None:
    pairs = [
        (S.PROPOSED, False),
        (S.WAITLISTED, False),
        (S.WAITLISTED, True),
        (S.INVITED, False),
        (S.INVITED, False),
        (S.ACCEPTED, True),
        (S.ACCEPTED, False),
        (S.DECLINED, True),
        (S.ATTENDED, False),
        (S.WITHDRAWN, True),
    ]
    found = count(pairs)
    assert (found, found.silent) == (AnswerCounts(asked=7, answered=5), 2)
