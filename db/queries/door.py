"""Everything that the screen of the day shows of one convening, and whom a code stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from convening import balance
from convening.agenda import Block
from convening.briefing import Guest
from convening.convenings import AtStake, Convening
from convening.initiatives import Stage
from convening.invitations import Invitation, check_in_open
from convening.problems import NotFound
from convening.roles import Action, Actor, require
from convening.stage_balance import targets
from convening.visits import Visit
from convening.vocabulary import (
    Consent,
    Group,
    InvitationStatus,
    Money,
    OrganisationKind,
    Range,
)
from db import kept, tokens
from db.base import columns, now
from db.queries import (
    agenda,
    community,
    convenings,
    how_often,
    initiatives,
    invitations,
    visits,
)
from db.queries import balance as balances
from db.tables import work
from db.tables.community import Organisation, Stakeholder


@dataclass(frozen=True)
class DoorFacts:
    """``targets`` are the stage's, or the map's own shares while it has none."""

    initiative: str
    meeting: Convening
    stage: Stage
    targets: Mapping[Group, Range]
    guests: tuple[Guest, ...]
    at_stake: tuple[AtStake, ...]
    visits: tuple[Visit, ...]
    blocks: tuple[Block, ...]
    group_names: Mapping[Group, str]

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        return tuple(each.invitation for each in self.guests)


@dataclass(frozen=True)
class Arriving:
    """Whoever a code at the door belongs to; ``name`` is empty once the person was erased.

    ``open``: attendance can be noted at this moment.
    """

    invitation_id: int
    meeting: Convening
    name: str
    status: InvitationStatus
    since: datetime
    open: bool


def facts(session: Session, actor: Actor, convening_id: int) -> DoorFacts:
    """A convening of a team with its people; NotFound for everybody else."""
    meeting = convenings.convening(session, actor, convening_id)
    require(actor, Action.SEE_PEOPLE, meeting.initiative_id)
    initiative_id = meeting.initiative_id
    stage = initiatives.stage_of(session, meeting)
    maps = balances.map_masks(session, [initiative_id])
    return DoorFacts(
        initiative=initiatives.initiative(session, actor, initiative_id).name,
        meeting=meeting,
        stage=stage,
        targets=targets(stage, balance.from_counts(maps[initiative_id])),
        guests=guests(session, actor, meeting),
        at_stake=tuple(convenings.at_stake(session, actor, convening_id)),
        visits=tuple(visits.listing(session, actor, convening_id)),
        blocks=tuple(agenda.blocks(session, actor, convening_id)),
        group_names=community.group_names(session, actor, initiative_id),
    )


def guests(session: Session, actor: Actor, meeting: Convening) -> tuple[Guest, ...]:
    """Everybody with an invitation that was not withdrawn, in the order of their names."""
    require(actor, Action.SEE_PEOPLE, meeting.initiative_id)

    def read() -> tuple[Guest, ...]:
        person, organisation = columns(Stakeholder), columns(Organisation)
        listed = invitations.with_more(
            session,
            actor,
            meeting.id,
            *(person.money, person.minor, person.consent, organisation.kind),
        )
        came = how_often.before(session, meeting, [InvitationStatus.ATTENDED])
        return tuple(
            _guest(each, row, came.get(each.stakeholder_id or 0, 0))
            for each, row in listed
            if each.status is not InvitationStatus.WITHDRAWN
        )

    name = f"guests of {meeting.id}"
    return kept.value(session, meeting.initiative_id, name, read, size=kept.LONG_LIST)


def arriving(session: Session, actor: Actor, token: str) -> Arriving:
    """Whose code this is, for those who may note attendance; NotFound for everybody else."""
    found = session.exec(
        select(work.Invitation, Stakeholder.name)
        .join(work.PersonalLink, col(work.PersonalLink.invitation_id) == col(work.Invitation.id))
        .join(
            Stakeholder,
            col(Stakeholder.id) == col(work.Invitation.stakeholder_id),
            isouter=True,
        )
        .where(work.PersonalLink.token_hash == tokens.hashed(token))
    ).first()
    if found is None:
        raise NotFound("invitation")
    row, name = found
    try:
        meeting = convenings.row(session, actor, row.convening_id, Action.CHECK_IN)
    except NotFound:
        raise NotFound("invitation") from None
    record = convenings.record(meeting)
    return Arriving(
        invitation_id=row.key,
        meeting=record,
        name=name or "",
        status=InvitationStatus(row.status),
        since=row.status_at,
        open=check_in_open(record, now()),
    )


def is_a_code(session: Session, token: str) -> bool:
    """Whether an invitation has this token; all that somebody who is not signed in may learn."""
    found = select(work.PersonalLink.id).where(work.PersonalLink.token_hash == tokens.hashed(token))
    return session.exec(found).first() is not None


def _guest(invitation: Invitation, row: Any, came_before: int) -> Guest:
    return Guest(
        invitation=invitation,
        money=Money(row.money or Money.NONE),
        organisation_kind=OrganisationKind(row.kind) if row.kind else None,
        minor=bool(row.minor),
        consent=Consent(row.consent or Consent.UNKNOWN),
        needs=invitation.needs,
        needs_note=invitation.needs_note,
        declined_because=invitation.declined_because,
        came_before=came_before,
    )
