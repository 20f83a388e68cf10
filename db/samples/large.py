"""One initiative of any size, the same in every run, for trying out how numbers are borne."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from convening.balance import BITS
from convening.community import search_text
from convening.text import fold
from convening.vocabulary import (
    ConveningState,
    Group,
    InvitationStatus,
    Part,
    Relationship,
    StageKind,
)
from db import bulk
from db.base import at_midnight, now
from db.tables import community, work
from db.tables.accounts import TeamMembership

INVITED_TO_EACH = 1000
_SEED = 7
_AT_ONCE = 20_000
_SYLLABLES = [consonant + vowel for consonant in "bdfhjklmnrstwz" for vowel in "aiou"]
_STAGES = [each for each in StageKind if each is not StageKind.CUSTOM]
_PLACES = [f"Quarter {number}" for number in range(1, 41)]
# How often each set of groups occurs among a hundred people; the rest are not placed yet
_SETS: tuple[tuple[frozenset[Group], int], ...] = (
    (frozenset({Group.STEWARD}), 42),
    (frozenset({Group.GATEWAY}), 20),
    (frozenset({Group.INFLUENCER}), 14),
    (frozenset({Group.STEWARD, Group.GATEWAY}), 8),
    (frozenset({Group.GATEWAY, Group.INFLUENCER}), 5),
    (frozenset({Group.STEWARD, Group.INFLUENCER}), 2),
    (frozenset(Group), 1),
    (frozenset(), 8),
)
_HELD = (
    (InvitationStatus.ATTENDED, 55),
    (InvitationStatus.ABSENT, 15),
    (InvitationStatus.DECLINED, 25),
    (InvitationStatus.WITHDRAWN, 5),
)
_AHEAD = (
    (InvitationStatus.ACCEPTED, 30),
    (InvitationStatus.INVITED, 35),
    (InvitationStatus.DECLINED, 15),
    (InvitationStatus.PROPOSED, 15),
    (InvitationStatus.WAITLISTED, 5),
)


@dataclass(frozen=True)
class _Map:
    """The people by their ids, and the groups of each."""

    ids: Sequence[int]
    groups: Sequence[frozenset[Group]]


def write(session: Session, user_id: int, *, people: int, invitations: int) -> int:
    """Writes the initiative with the user as its manager; returns its id.

    ``people`` is at least 1. The convenings have ``INVITED_TO_EACH`` invitations each, or all
    people where there are fewer; the last three are still ahead. Call it without a journal.
    """
    if people < 1 or invitations < 0:
        raise ValueError("a large initiative has people, and no fewer than 0 invitations")
    chance = random.Random(_SEED)  # nosec B311 # the same each time
    initiative = work.Initiative(name=f"{people:,} people", place="Everywhere")
    session.add(initiative)
    session.flush()
    key = initiative.key
    session.add(TeamMembership(initiative_id=key, user_id=user_id, manages=True))
    everybody = _people(session, chance, key, people)
    meetings = _convenings(session, key, people, invitations)
    bulk.insert_in_parts(
        session, work.Invitation, _invitations(chance, meetings, everybody, invitations), _AT_ONCE
    )
    grown = (community.Stakeholder, community.GroupMembership, work.Invitation, work.Convening)
    bulk.refresh_statistics(session, people + invitations, *grown)
    return key


def _people(session: Session, chance: random.Random, initiative_id: int, count: int) -> _Map:
    names = [_word(chance) for _ in range(max(1, count // 50))]
    organisations = {fold(name): name for name in names}
    organisation_ids = bulk.insert_rows(
        session,
        community.Organisation,
        [
            {"initiative_id": initiative_id, "name": name, "folded": folded}
            for folded, name in organisations.items()
        ],
    )
    employers = list(zip(organisation_ids, organisations.values(), strict=True))
    ids = bulk.insert_in_parts(
        session,
        community.Stakeholder,
        (_person(chance, initiative_id, employers) for _ in range(count)),
        _AT_ONCE,
    )
    sets, weights = zip(*_SETS, strict=True)
    groups = chance.choices(sets, weights, k=count)
    bulk.insert_in_parts(
        session,
        community.GroupMembership,
        (
            {"stakeholder_id": each, "group": group}
            for each, found in zip(ids, groups, strict=True)
            for group in sorted(found)
        ),
        _AT_ONCE,
    )
    return _Map(ids, groups)


def _person(
    chance: random.Random, initiative_id: int, employers: Sequence[tuple[int, str]]
) -> dict[str, Any]:
    name = f"{_word(chance)} {_word(chance)}"
    employer_id, employer = chance.choice(employers) if chance.random() < 0.6 else (None, "")
    place = chance.choice(_PLACES)
    (relationship,) = chance.choices(list(Relationship), (60, 30, 10))
    return {
        "initiative_id": initiative_id,
        "name": name,
        "folded": search_text(name, employer, place, "", ""),
        "organisation_id": employer_id,
        "place": place,
        "relationship": relationship,
    }


def names() -> Iterator[str]:
    """Made-up names without end, the same in every run."""
    chance = random.Random(_SEED)  # nosec B311 # the same each time
    while True:
        yield f"{_word(chance)} {_word(chance)}"


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()


def _convenings(
    session: Session, initiative_id: int, people: int, invitations: int
) -> list[work.Convening]:
    """One after the other through the stages; the last three are ahead."""
    stages = []
    for position, kind in enumerate(_STAGES):
        stages.append(work.Stage(initiative_id=initiative_id, kind=kind, position=position))
    session.add_all(stages)
    session.flush()
    count = max(len(_STAGES), -(-invitations // min(INVITED_TO_EACH, people)))
    meetings = []
    for number in range(count):
        starts = at_midnight(now().date()) + timedelta(days=14 + number - count, hours=17)
        ahead = number >= count - 3
        starts += timedelta(days=14) if ahead else -timedelta(days=30)
        meetings.append(_convening(initiative_id, stages, number, count, starts, ahead))
    session.add_all(meetings)
    session.flush()
    return meetings


def _convening(
    initiative_id: int,
    stages: Sequence[work.Stage],
    number: int,
    count: int,
    starts: datetime,
    ahead: bool,
) -> work.Convening:
    ends = starts + timedelta(hours=2)
    return work.Convening(
        initiative_id=initiative_id,
        stage_id=stages[number * len(stages) // count].key,
        title=f"Convening {number + 1}",
        state=ConveningState.PLANNED if ahead else ConveningState.HELD,
        starts_at=starts,
        ends_at=ends,
        starts_local=datetime.combine(starts.date(), time(17)),
        ends_local=datetime.combine(ends.date(), time(19)),
    )


def _invitations(
    chance: random.Random, meetings: Sequence[work.Convening], everybody: _Map, count: int
) -> Iterator[dict[str, Any]]:
    """``count`` of them over the convenings; nobody twice in one."""
    at, people = now(), len(everybody.ids)
    parts = list(Part)
    kept = [sorted(found) for found in everybody.groups]
    masks = [sum(BITS[group] for group in found) for found in everybody.groups]
    for number, meeting in enumerate(meetings):
        share = (number + 1) * count // len(meetings) - number * count // len(meetings)
        held = meeting.state == ConveningState.HELD
        status, weights = zip(*(_HELD if held else _AHEAD), strict=True)
        statuses = chance.choices(status, weights, k=share)
        for who, what in zip(chance.sample(range(people), share), statuses, strict=True):
            yield {
                "convening_id": meeting.key,
                "stakeholder_id": everybody.ids[who],
                "part": parts[who % len(parts)],
                "status": what,
                "status_at": at,
                "groups_when_held": kept[who] if held else None,
                "mask_when_held": masks[who] if held else None,
            }
