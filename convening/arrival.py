"""Who of each group has come through the door, and the question while a group is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from convening import balance
from convening.convenings import Convening
from convening.invitations import Invitation, check_in_open, counted
from convening.problems import Problem
from convening.vocabulary import Basis, ConveningState, Group, InvitationStatus, Range

# Reminders have gone out by then, so a silence says something.
WATCHED_FROM = timedelta(days=3)
DOOR_OPENS = timedelta(hours=1)
# Whoever comes in good time is there by then; earlier, an empty group means nothing yet.
IN_GOOD_TIME = timedelta(minutes=15)
# Past it the first block is over, and the room has begun without them.
STILL_TO_CHANGE = timedelta(minutes=30)

_EXPECTED = frozenset({InvitationStatus.ACCEPTED, InvitationStatus.ABSENT})


@dataclass(frozen=True)
class GroupArrival:
    """Heads of one group: ``expected`` said yes or are here, ``unanswered`` have not said."""

    group: Group
    here: int
    expected: int
    unanswered: int

    @property
    def on_their_way(self) -> int:
        return self.expected - self.here


@dataclass(frozen=True)
class Arrivals:
    """Everybody, and by group; a person in two groups counts in both of them."""

    here: int
    expected: int
    unanswered: int
    groups: tuple[GroupArrival, ...]


def arrivals(invitations: Iterable[Invitation]) -> Arrivals:
    """How many of those expected are in the room, in all and for each group."""
    everybody = list(invitations)
    return Arrivals(
        *_heads(everybody),
        tuple(
            GroupArrival(group, *_heads([each for each in everybody if group in each.groups]))
            for group in Group
        ),
    )


def door_open(meeting: Convening, now: datetime) -> bool:
    """Whether the room is read from who is here: from an hour before the start on.

    ``now`` is aware, in UTC. A convening without a time, or that was held, has its door open
    whenever attendance can be noted.
    """
    if meeting.state is ConveningState.HELD or meeting.starts_at is None:
        return check_in_open(meeting, now)
    return check_in_open(meeting, now) and now >= meeting.starts_at - DOOR_OPENS


def questions(
    meeting: Convening,
    invitations: Sequence[Invitation],
    targets: Mapping[Group, Range],
    now: datetime,
) -> list[Problem]:
    """Groups that do not come, as questions while purpose and times can still be changed.

    Asked from three days before the start until half an hour after it: of those who said yes until
    the door opens (codes nobody_accepted, group_not_coming and group_few_coming), and then of those
    who are here (group_not_coming, group_not_here and group_few_here). ``targets`` are shares, as
    of ``balance.check``.
    """
    start = meeting.starts_at
    over = meeting.state in (ConveningState.HELD, ConveningState.CANCELLED)
    if start is None or over or not start - WATCHED_FROM <= now <= start + STILL_TO_CHANGE:
        return []
    found = arrivals(invitations)
    if door_open(meeting, now):
        return _at_the_door(found, invitations, targets, in_time=now >= start - IN_GOOD_TIME)
    return _the_night_before(found, invitations, targets)


def _the_night_before(
    found: Arrivals, invitations: Sequence[Invitation], targets: Mapping[Group, Range]
) -> list[Problem]:
    if not found.expected:
        return [Problem("nobody_accepted", {"count": found.unanswered})] if invitations else []
    few = _below(invitations, Basis.ACCEPTED, targets)
    asked = []
    for each in found.groups:
        if not each.expected and _wanted(each, targets):
            asked.append(_not_coming(each))
        elif each.group in few:
            params = {"group": each.group, "heads": each.expected, "people": found.expected}
            asked.append(Problem("group_few_coming", params))
    return asked


def _at_the_door(
    found: Arrivals,
    invitations: Sequence[Invitation],
    targets: Mapping[Group, Range],
    *,
    in_time: bool,
) -> list[Problem]:
    few = _below(invitations, Basis.ATTENDED, targets) if in_time else frozenset()
    asked = []
    for each in found.groups:
        if not each.expected and _wanted(each, targets):
            asked.append(_not_coming(each))
        elif in_time and each.expected and not each.here:
            params = {"group": each.group, "count": each.expected}
            asked.append(Problem("group_not_here", params))
        elif each.group in few:
            params = {"group": each.group, "heads": each.here, "people": found.here}
            asked.append(Problem("group_few_here", params))
    return asked


def _not_coming(each: GroupArrival) -> Problem:
    return Problem("group_not_coming", {"group": each.group, "count": each.unanswered})


def _wanted(each: GroupArrival, targets: Mapping[Group, Range]) -> bool:
    """Whether a room of this stage asks for somebody of the group, or somebody was asked."""
    target = targets.get(each.group)
    return each.unanswered > 0 if target is None else target.min > 0


def _below(
    invitations: Sequence[Invitation], basis: Basis, targets: Mapping[Group, Range]
) -> frozenset[Group]:
    shares = balance.shares(each.groups for each in counted(invitations, basis))
    if not shares.placed:
        return frozenset()
    found = balance.check(shares, targets)
    return frozenset(each.params["group"] for each in found if each.code == "below_target")


def _heads(invitations: Sequence[Invitation]) -> tuple[int, int, int]:
    """Here, expected (those here included), and without an answer."""
    here = sum(each.status is InvitationStatus.ATTENDED for each in invitations)
    expected = here + sum(each.status in _EXPECTED for each in invitations)
    unanswered = sum(each.status is InvitationStatus.INVITED for each in invitations)
    return here, expected, unanswered
