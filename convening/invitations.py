"""Invitations: a stakeholder's place in a convening, and how its status may move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from convening.convenings import Convening, too_early_to_hold
from convening.problems import Problem
from convening.vocabulary import (
    WORKING_PARTS,
    AnswerChannel,
    Basis,
    ConveningState,
    FunnelStep,
    Group,
    InvitationStatus,
    Need,
    Part,
    Relationship,
    Support,
)

BARRIERS_LENGTH = 1000  # characters
MOST_AT_ONCE = 500  # people in one bulk decision: one short transaction

_S = InvitationStatus

MOVES: dict[InvitationStatus, frozenset[InvitationStatus]] = {
    _S.PROPOSED: frozenset({_S.INVITED, _S.WAITLISTED, _S.ATTENDED, _S.WITHDRAWN}),
    _S.WAITLISTED: frozenset({_S.INVITED, _S.ACCEPTED, _S.ATTENDED, _S.WITHDRAWN}),
    _S.INVITED: frozenset({_S.ACCEPTED, _S.DECLINED, _S.WAITLISTED, _S.ATTENDED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset({_S.DECLINED, _S.ATTENDED, _S.ABSENT, _S.WITHDRAWN}),
    _S.DECLINED: frozenset({_S.ACCEPTED, _S.ATTENDED, _S.WITHDRAWN}),
    _S.ATTENDED: frozenset({_S.ABSENT}),
    _S.ABSENT: frozenset({_S.ATTENDED}),
    _S.WITHDRAWN: frozenset(),
}

CHECK_IN_STATUSES = frozenset({_S.ATTENDED, _S.ABSENT})
HOLDS_A_PLACE = frozenset({_S.PROPOSED, _S.INVITED, _S.ACCEPTED, _S.ATTENDED})
AWAITS_AN_ANSWER = frozenset({_S.INVITED})

COUNTED: dict[Basis, frozenset[InvitationStatus]] = {
    Basis.EXPECTED: frozenset({_S.PROPOSED, _S.INVITED, _S.ACCEPTED, _S.ATTENDED, _S.ABSENT}),
    Basis.ACCEPTED: frozenset({_S.ACCEPTED, _S.ATTENDED, _S.ABSENT}),
    Basis.ATTENDED: frozenset({_S.ATTENDED}),
}

# Nobody moves back to proposed, so whoever is neither proposed nor withdrawn was once past it.
REACHED: dict[FunnelStep, frozenset[InvitationStatus]] = {
    FunnelStep.INVITED: frozenset(_S) - {_S.PROPOSED, _S.WITHDRAWN},
    FunnelStep.ACCEPTED: frozenset({_S.ACCEPTED, _S.ATTENDED, _S.ABSENT}),
    FunnelStep.IN_THE_ROOM: frozenset({_S.ATTENDED}),
}


@dataclass(frozen=True)
class Invitation:
    """One person's place in a convening.

    ``stakeholder_id`` is None and ``name`` empty when the person was erased. ``groups`` are those
    that the person had when the convening was held, until then those of the map.
    ``times_before`` counts the earlier convenings of the initiative to which they were invited.
    ``answered_at`` is when they said whether they come, ``answered_by`` how; ``wants_place``: they
    would come, and no place was free.
    """

    id: int
    convening_id: int
    stakeholder_id: int | None
    name: str
    organisation_id: int | None
    organisation: str
    groups: frozenset[Group]
    relationship: Relationship
    part: Part
    status: InvitationStatus
    status_at: datetime
    barriers: str
    support: tuple[Support, ...]
    times_before: int
    version: int
    needs: tuple[Need, ...] = ()
    needs_note: str = ""
    declined_because: str = ""
    wants_place: bool = False
    answered_at: datetime | None = None
    answered_by: AnswerChannel | None = None
    reminded_at: datetime | None = None

    @property
    def works(self) -> bool:
        """Whether the part is work rather than a staged appearance."""
        return self.part in WORKING_PARTS


@dataclass(frozen=True)
class SupportDraft:
    """What keeps a person away, in words, and what is offered against it."""

    invitation_id: int
    version: int | None
    barriers: str = ""
    support: tuple[Support, ...] = ()


@dataclass(frozen=True)
class Invited:
    """What became of the people who were chosen: ids of their invitations, in the order given."""

    placed: tuple[int, ...]
    waitlisted: tuple[int, ...]


@dataclass(frozen=True)
class Capacity:
    """Places of a room; ``places`` is None when no number was set."""

    taken: int
    places: int | None

    @property
    def free(self) -> int | None:
        """Places left, 0 when more are taken than there are."""
        return None if self.places is None else max(0, self.places - self.taken)

    @property
    def full(self) -> bool:
        return self.free == 0


def capacity(invitations: Iterable[Invitation], places: int | None) -> Capacity:
    """How many places proposed, invited, accepted and attending people hold."""
    return Capacity(sum(each.status in HOLDS_A_PLACE for each in invitations), places)


def move(current: InvitationStatus, wanted: InvitationStatus) -> Problem | None:
    """Why an invitation cannot move from ``current`` to ``wanted``; None when it can.

    Code ``cannot_move``, params ``status`` and ``wanted``. Staying where it is is no move.
    """
    if wanted in MOVES[current]:
        return None
    return Problem("cannot_move", {"status": current, "wanted": wanted})


def possible_moves(statuses: Iterable[InvitationStatus]) -> list[InvitationStatus]:
    """The statuses that every one of the invitations may move to, in the usual order."""
    sets = [MOVES[each] for each in statuses]
    return [each for each in InvitationStatus if sets and all(each in allowed for allowed in sets)]


def takes_a_place(current: InvitationStatus, wanted: InvitationStatus) -> bool:
    """Whether the move needs a free place; whoever has come through the door is never refused."""
    return wanted in HOLDS_A_PLACE and wanted is not _S.ATTENDED and current not in HOLDS_A_PLACE


def check_in_open(meeting: Convening, now: datetime) -> bool:
    """Whether attendance may be noted: the convening was held, or its day has come in its zone.

    ``now`` is aware, in UTC.
    """
    if meeting.state is ConveningState.HELD:
        return True
    return meeting.state is not ConveningState.CANCELLED and not too_early_to_hold(meeting, now)


def absence_open(meeting: Convening, now: datetime) -> bool:
    """Whether absence may be noted: nobody is late before the start. ``now`` is aware, in UTC."""
    if not check_in_open(meeting, now):
        return False
    started = meeting.starts_at is None or now >= meeting.starts_at
    return started or meeting.state is ConveningState.HELD


def counted(invitations: Iterable[Invitation], basis: Basis) -> list[Invitation]:
    """Those who count towards the balance on this basis."""
    return [each for each in invitations if each.status in COUNTED[basis]]


def usual_basis(meeting: Convening) -> Basis:
    """Whom a room's balance is read from at first: those in the room once it was held."""
    return Basis.ATTENDED if meeting.state is ConveningState.HELD else Basis.EXPECTED


def by_status(invitations: Iterable[Invitation]) -> Mapping[InvitationStatus, int]:
    """How many invitations stand in each status; every status has its key."""
    counts = dict.fromkeys(InvitationStatus, 0)
    for each in invitations:
        counts[each.status] += 1
    return counts


@dataclass(frozen=True)
class Choice:
    """A person of the map who has no place in the convening yet.

    ``times_invited`` counts the other convenings of the initiative; ``through`` is the name of
    whoever could reach them.
    """

    id: int
    name: str
    organisation_id: int | None
    organisation: str
    place: str
    groups: frozenset[Group]
    relationship: Relationship
    times_invited: int
    through: str = ""


@dataclass(frozen=True)
class ChoiceFilter:
    """What the picker is narrowed to; an empty filter is everybody without a place."""

    search: str = ""
    group: Group | None = None
    unplaced: bool = False
    relationship: Relationship | None = None
    new_faces: bool = False


@dataclass(frozen=True)
class ChoicePage:
    """One page of the picker, and how many people the filter finds in all."""

    people: tuple[Choice, ...]
    total: int
