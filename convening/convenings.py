"""Convenings as records, and the questions they are asked back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from convening import walltime
from convening.problems import Problem
from convening.vocabulary import (
    ConveningKind,
    ConveningState,
    InvitationStatus,
    Openness,
    Stake,
)


class HasTimes(Protocol):
    """A convening or a draft of one: wall times in a zone."""

    @property
    def starts_local(self) -> datetime | None: ...
    @property
    def ends_local(self) -> datetime | None: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True)
class Convening:
    """One meeting of an initiative in one stage; ``starts_local`` is wall time in ``zone``.

    ``promise`` says what happens to what is said there, ``promise_by`` until when; ``tensions`` are
    for the team alone. ``remind``: whoever has not answered is asked again three days before.
    """

    id: int
    initiative_id: int
    stage_id: int
    title: str
    purpose: str
    kind: ConveningKind
    state: ConveningState
    starts_local: datetime | None
    ends_local: datetime | None
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    link: str
    capacity: int | None
    openness: Openness | None
    version: int
    promise: str = ""
    promise_by: date | None = None
    tensions: str = ""
    remind: bool = True


@dataclass(frozen=True)
class AtStake:
    """The same as stored: ``status`` is that person's invitation to this convening, if any."""

    stake: Stake
    name: str
    stakeholder_id: int | None = None
    status: InvitationStatus | None = None

    @property
    def invited(self) -> bool:
        """Whether the person was asked to come; a proposal and a withdrawn invitation are not."""
        return self.status not in (None, InvitationStatus.PROPOSED, InvitationStatus.WITHDRAWN)


def too_early_to_hold(convening: Convening, now: datetime) -> list[Problem]:
    """Why it cannot be marked held: ``not_yet_its_day`` before its day has come in its zone."""
    if convening.starts_local is None:
        return [Problem("required", field="starts_local")]
    today = walltime.local(now, convening.zone).date()
    if today < convening.starts_local.date():
        return [Problem("not_yet_its_day", {"date": convening.starts_local.date()})]
    return []


def is_over(convening: Convening, now: datetime) -> bool:
    """Whether a planned convening's time has passed without it being marked held."""
    end = end_of(convening)
    return convening.state is ConveningState.PLANNED and end is not None and end < now


def end_of(convening: Convening) -> datetime | None:
    """When it ends, in UTC; one hour after its start where no end was set."""
    return convening.ends_at or (convening.starts_at and convening.starts_at + timedelta(hours=1))


def questions(convening: Convening, at_stake: Sequence[AtStake], now: datetime) -> list[Problem]:
    """What to think of before it is held, each put as a question; none of them blocks.

    Codes: was_it_held, time_twice, decided_already, stakes_unknown, stakes_not_invited (params
    ``count`` and ``names``). A convening that is held or cancelled has none.
    """
    if convening.state in (ConveningState.HELD, ConveningState.CANCELLED):
        return []
    found = []
    if is_over(convening, now) and convening.starts_local is not None:
        found.append(Problem("was_it_held", {"date": convening.starts_local.date()}))
    found += twice_notes(convening)
    if convening.openness is Openness.ALREADY_DECIDED:
        found.append(Problem("decided_already", field="openness"))
    return found + stake_questions(at_stake)


def stake_questions(at_stake: Sequence[AtStake]) -> list[Problem]:
    """``stakes_unknown`` while nobody is named, ``stakes_not_invited`` for those not asked yet."""
    if not at_stake:
        return [Problem("stakes_unknown", field="stakes")]
    uninvited = tuple(dict.fromkeys(each.name for each in at_stake if not each.invited))
    if not uninvited:
        return []
    params = {"count": len(uninvited), "names": uninvited}
    return [Problem("stakes_not_invited", params, "stakes")]


def twice_notes(convening: HasTimes) -> list[Problem]:
    """``time_twice`` for a start or end that the clocks show twice: the earlier one is meant."""
    times = {"starts_local": convening.starts_local, "ends_local": convening.ends_local}
    return [
        Problem("time_twice", {"time": wall, "offset": walltime.offset(convening.zone, wall)}, name)
        for name, wall in times.items()
        if wall is not None and walltime.happens_twice(wall, convening.zone)
    ]
