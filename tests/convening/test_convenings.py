"""The questions that a convening is asked back, when it can be marked held, and its head counts."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from convening.convenings import AtStake, Convening, is_over, questions, too_early_to_hold
from convening.overviews import Heads, heads
from convening.problems import Problem
from convening.vocabulary import (
    ConveningKind,
    ConveningState,
    Group,
    InvitationStatus,
    Openness,
    Stake,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MEETING = Convening(
    id=1,
    initiative_id=1,
    stage_id=1,
    title="Design workshop",
    purpose="Sketch",
    kind=ConveningKind.WORKSHOP,
    state=ConveningState.PLANNED,
    starts_local=datetime(2026, 3, 2, 1, 0),
    ends_local=datetime(2026, 3, 2, 3, 0),
    zone="Asia/Amman",
    starts_at=datetime(2026, 3, 1, 22, 0, tzinfo=UTC),
    ends_at=datetime(2026, 3, 2, 0, 0, tzinfo=UTC),
    place="",
    link="",
    capacity=None,
    openness=Openness.MOSTLY_OPEN,
    version=1,
)
MAYOR = AtStake(Stake.COULD_BLOCK, "The mayor", 7, InvitationStatus.ACCEPTED)


def test_a_convening_that_thought_of_everybody_is_asked_nothing() -> None:
    assert questions(MEETING, [MAYOR], NOW) == []


def test_who_could_block_it_is_asked_while_nobody_is_named() -> None:
    assert questions(MEETING, [], NOW) == [Problem("stakes_unknown", field="stakes")]


@pytest.mark.parametrize(
    ("status", "invited"),
    [
        (None, False),
        (InvitationStatus.PROPOSED, False),
        (InvitationStatus.WITHDRAWN, False),
        (InvitationStatus.INVITED, True),
        (InvitationStatus.DECLINED, True),
        (InvitationStatus.WAITLISTED, True),
        (InvitationStatus.ATTENDED, True),
    ],
)
def test_whoever_was_asked_to_come_counts_as_invited(
    status: InvitationStatus | None, invited: bool
) -> None:
    assert AtStake(Stake.COULD_LOSE, "Tenants", 8, status).invited is invited


def test_those_who_could_lose_and_are_not_invited_are_named_once() -> None:
    at_stake = [
        MAYOR,
        AtStake(Stake.COULD_LOSE, "Tenants"),
        AtStake(Stake.COULD_BLOCK, "Tenants"),
        AtStake(Stake.COULD_LOSE, "Shops", 9, InvitationStatus.PROPOSED),
    ]
    assert questions(MEETING, at_stake, NOW) == [
        Problem("stakes_not_invited", {"count": 2, "names": ("Tenants", "Shops")}, "stakes")
    ]


def test_a_decision_already_made_gets_a_question_back() -> None:
    decided = replace(MEETING, openness=Openness.ALREADY_DECIDED)
    assert questions(decided, [MAYOR], NOW) == [Problem("decided_already", field="openness")]


def test_a_start_that_the_clocks_show_twice_says_which_is_meant() -> None:
    wall = datetime(2026, 10, 25, 2, 30)
    night = replace(MEETING, zone="Europe/Berlin", starts_local=wall, ends_local=None)
    assert questions(night, [MAYOR], NOW) == [
        Problem("time_twice", {"time": wall, "offset": "UTC+02:00"}, "starts_local")
    ]


def test_a_planned_convening_whose_time_has_passed_is_asked_whether_it_was_held() -> None:
    later = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
    assert not is_over(MEETING, NOW)
    assert is_over(MEETING, later)
    assert questions(MEETING, [MAYOR], later) == [
        Problem("was_it_held", {"date": datetime(2026, 3, 2).date()})
    ]


@pytest.mark.parametrize("state", [ConveningState.HELD, ConveningState.CANCELLED])
def test_what_is_held_or_cancelled_is_asked_nothing(state: ConveningState) -> None:
    decided = replace(MEETING, state=state, openness=Openness.ALREADY_DECIDED)
    assert questions(decided, [], datetime(2027, 1, 1, tzinfo=UTC)) == []


def test_it_can_be_marked_held_from_its_day_on_in_its_own_zone() -> None:
    """At 20:59 UTC it is 23:59 on the day before in Amman, whose clocks are at UTC+3."""
    before = datetime(2026, 3, 1, 20, 59, tzinfo=UTC)
    day = datetime(2026, 3, 2).date()
    assert too_early_to_hold(MEETING, before) == [Problem("not_yet_its_day", {"date": day})]
    assert too_early_to_hold(MEETING, datetime(2026, 3, 1, 21, 0, tzinfo=UTC)) == []


STEWARD, BOTH, INFLUENCER = 1, 3, 4  # as convening.balance.mask numbers them
PLACES = [
    (InvitationStatus.PROPOSED, STEWARD),
    (InvitationStatus.INVITED, BOTH),
    (InvitationStatus.WAITLISTED, STEWARD),
    (InvitationStatus.ACCEPTED, INFLUENCER),
    (InvitationStatus.DECLINED, STEWARD),
    (InvitationStatus.ATTENDED, BOTH),
    (InvitationStatus.ABSENT, STEWARD),
    (InvitationStatus.WITHDRAWN, STEWARD),
]
ROOM = Counter(PLACES)


def test_heads_before_it_is_held_are_those_expected() -> None:
    assert heads(MEETING, ROOM) == Heads(
        proposed=1,
        invited=6,
        accepted=3,
        in_the_room=1,
        counted=5,
        groups={Group.STEWARD: 4, Group.GATEWAY: 2, Group.INFLUENCER: 1},
    )


def test_heads_of_a_held_convening_are_those_in_the_room() -> None:
    found = heads(replace(MEETING, state=ConveningState.HELD), ROOM)
    assert (found.counted, found.groups) == (
        1,
        {Group.STEWARD: 1, Group.GATEWAY: 1, Group.INFLUENCER: 0},
    )


def test_nobody_invited_gives_zero_for_every_group() -> None:
    assert heads(MEETING, {}) == Heads()
