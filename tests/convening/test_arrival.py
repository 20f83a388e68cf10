"""When a group does not come: the counts, the times at which it is asked, and what is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from convening.arrival import GroupArrival, arrivals, door_open, questions
from convening.invitations import Invitation
from convening.problems import Problem
from convening.vocabulary import ConveningState, Group, InvitationStatus, Range
from tests.convening.test_briefing import guest
from tests.convening.test_convenings import MEETING

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
START = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)  # 01:00 the next day in the convening's zone
EVENING = START - timedelta(hours=14)
IN_TIME = START - timedelta(minutes=15)
TARGETS = {STEWARD: Range(0.3, 0.6), GATEWAY: Range(0.2, 0.6), INFLUENCER: Range(0, 0.4)}


def room(*people: tuple[InvitationStatus, Group]) -> list[Invitation]:
    return [
        guest(number, f"Person {number}", group, status=status).invitation
        for number, (status, group) in enumerate(people)
    ]


FULL = room((S.ACCEPTED, STEWARD), (S.ACCEPTED, STEWARD), (S.ACCEPTED, GATEWAY))


def test_those_here_count_as_expected_and_silence_does_not() -> None:
    found = arrivals(
        room(
            (S.ATTENDED, STEWARD),
            (S.ACCEPTED, STEWARD),
            (S.ABSENT, GATEWAY),
            (S.INVITED, GATEWAY),
            (S.DECLINED, INFLUENCER),
            (S.PROPOSED, INFLUENCER),
        )
    )
    assert (found.here, found.expected, found.unanswered) == (1, 3, 1)
    assert found.groups == (
        GroupArrival(STEWARD, 1, 2, 0),
        GroupArrival(GATEWAY, 0, 1, 1),
        GroupArrival(INFLUENCER, 0, 0, 0),
    )
    assert found.groups[0].on_their_way == 1


@pytest.mark.parametrize(
    ("before", "opened"),
    [(timedelta(hours=1, minutes=1), False), (timedelta(hours=1), True), (timedelta(0), True)],
)
def test_the_door_opens_an_hour_before_the_start(before: timedelta, opened: bool) -> None:
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    daytime = replace(MEETING, starts_local=datetime(2026, 3, 2, 12, 0), starts_at=start)
    assert door_open(daytime, start - before) is opened


def test_the_door_of_a_held_convening_stays_open() -> None:
    held = replace(MEETING, state=ConveningState.HELD)
    assert door_open(held, START + timedelta(days=9))
    assert not door_open(replace(MEETING, state=ConveningState.CANCELLED), START)


def test_a_room_as_it_should_be_is_asked_nothing() -> None:
    assert questions(MEETING, FULL, TARGETS, EVENING) == []
    here = [replace(each, status=S.ATTENDED) for each in FULL]
    assert questions(MEETING, here, TARGETS, IN_TIME) == []


def test_the_night_before_a_group_without_a_yes_is_asked_after() -> None:
    invited = [*FULL[:2], *room((S.INVITED, GATEWAY))]
    assert questions(MEETING, invited, TARGETS, EVENING) == [
        Problem("group_not_coming", {"group": GATEWAY, "count": 1})
    ]


def test_the_night_before_too_few_of_a_group_are_asked_after() -> None:
    few = room(*[(S.ACCEPTED, GATEWAY)] * 4, (S.ACCEPTED, STEWARD))
    assert questions(MEETING, few, {STEWARD: Range(0.3, 0.6)}, EVENING) == [
        Problem("group_few_coming", {"group": STEWARD, "heads": 1, "people": 5})
    ]


def test_a_room_without_any_yes_is_asked_once() -> None:
    silent = room((S.INVITED, STEWARD), (S.INVITED, GATEWAY))
    assert questions(MEETING, silent, TARGETS, EVENING) == [
        Problem("nobody_accepted", {"count": 2})
    ]
    assert questions(MEETING, [], TARGETS, EVENING) == []


def test_at_the_door_a_group_is_asked_after_from_a_quarter_of_an_hour_before() -> None:
    here = [replace(FULL[0], status=S.ATTENDED), replace(FULL[1], status=S.ATTENDED), FULL[2]]
    missing = [Problem("group_not_here", {"group": GATEWAY, "count": 1})]
    assert questions(MEETING, here, TARGETS, IN_TIME - timedelta(seconds=1)) == []
    assert questions(MEETING, here, TARGETS, IN_TIME) == missing
    assert questions(MEETING, here, TARGETS, START + timedelta(minutes=30)) == missing
    assert questions(MEETING, here, TARGETS, START + timedelta(minutes=31)) == []


def test_at_the_door_too_few_of_a_group_are_asked_after() -> None:
    here = room(*[(S.ATTENDED, GATEWAY)] * 4, (S.ATTENDED, STEWARD), (S.ACCEPTED, STEWARD))
    assert questions(MEETING, here, {STEWARD: Range(0.3, 0.6)}, IN_TIME) == [
        Problem("group_few_here", {"group": STEWARD, "heads": 1, "people": 5})
    ]


def test_a_group_that_a_stage_may_do_without_is_not_asked_after() -> None:
    assert questions(MEETING, FULL, {INFLUENCER: Range(0, 0.4)}, EVENING) == []


@pytest.mark.parametrize("state", [ConveningState.HELD, ConveningState.CANCELLED])
def test_nothing_is_asked_once_it_is_over(state: ConveningState) -> None:
    silent = room((S.INVITED, STEWARD))
    assert questions(replace(MEETING, state=state), silent, TARGETS, EVENING) == []
    assert questions(MEETING, silent, TARGETS, START - timedelta(days=3, seconds=1)) == []
