"""Talks with single people before a convening: planned, done, and with whom next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from convening.briefing import COMING, MAY_COME, Guest, alone, smallest_group_first
from convening.convenings import AtStake, Convening
from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import Group
from convening.walltime import FIRST_YEAR, LAST_YEAR

VISITOR_LENGTH = 200
NOTE_LENGTH = 2000
SUGGESTED = 6  # more talks than that are not held in the days before


@dataclass(frozen=True)
class Visit:
    """``name`` is whom it is with, empty once that person was erased; ``done_at`` is in UTC."""

    id: int
    invitation_id: int
    name: str
    visitor: str
    planned_on: date | None
    done_at: datetime | None
    note: str
    version: int


@dataclass(frozen=True)
class VisitDraft:
    """What was typed for a visit; ``id`` and ``version`` are None for a new one."""

    invitation_id: int
    visitor: str = ""
    planned_on: date | None = None
    note: str = ""
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class VisitSuggestion:
    """Somebody with whom to talk beforehand, with the reasons."""

    guest: Guest
    reasons: tuple[Problem, ...]


def cleaned(draft: VisitDraft, meeting: Convening) -> tuple[VisitDraft, list[Problem]]:
    """The draft with its texts cleaned, and every problem that keeps it from being saved.

    Codes by field: required, too_long, date_out_of_range, visit_after_convening (``date``).
    """
    problems: list[Problem] = []
    result = replace(
        draft,
        visitor=checked(draft.visitor, "visitor", problems, longest=VISITOR_LENGTH, required=True),
        note=checked(draft.note, "note", problems, longest=NOTE_LENGTH, multiline=True),
    )
    day = draft.planned_on
    if day is None:
        return result, problems
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        bounds = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        problems.append(Problem("date_out_of_range", bounds, "planned_on"))
    elif meeting.starts_local is not None and day > meeting.starts_local.date():
        day_of = {"date": meeting.starts_local.date()}
        problems.append(Problem("visit_after_convening", day_of, "planned_on"))
    return result, problems


def suggest(
    guests: Iterable[Guest],
    visited: Collection[int],
    at_stake: Sequence[AtStake] = (),
    limit: int = SUGGESTED,
) -> list[VisitSuggestion]:
    """Whom to visit before the convening: first-timers of small groups first.

    ``visited`` are ids of invitations with a visit, planned or done. Reasons: visit_alone
    (``group``), visit_at_stake, visit_minor, visit_first_time; whoever has none is not suggested.
    """
    there = [each for each in guests if each.status in MAY_COME and each.name]
    coming = [each for each in there if each.status in COMING]
    single = {each.guest.id: each.group for each in alone(coming)}
    at_risk = {each.stakeholder_id for each in at_stake} - {None}
    found = []
    for guest in there:
        reasons = _reasons(guest, single, at_risk)
        if reasons and guest.id not in visited:
            found.append(VisitSuggestion(guest, tuple(reasons)))
    small = smallest_group_first(there)
    found.sort(key=lambda each: (each.guest.came_before > 0, small(each.guest)))
    return found[:limit]


def _reasons(
    guest: Guest, single: Mapping[int, Group], at_risk: Collection[int | None]
) -> list[Problem]:
    reasons = []
    if guest.id in single:
        reasons.append(Problem("visit_alone", {"group": single[guest.id]}))
    if guest.invitation.stakeholder_id in at_risk:
        reasons.append(Problem("visit_at_stake"))
    if guest.minor:
        reasons.append(Problem("visit_minor"))
    if not guest.came_before:
        reasons.append(Problem("visit_first_time"))
    return reasons
