"""Reading convenings."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from convening.convening_drafts import ConveningDraft, StakeDraft
from convening.convenings import AtStake, Convening
from convening.overviews import Invited, Overview, heads
from convening.problems import NotFound
from convening.readiness import Answer
from convening.roles import Action, Actor, may, require
from convening.vocabulary import (
    ConveningKind,
    ConveningQuestion,
    ConveningState,
    Group,
    InvitationStatus,
    Openness,
    StageKind,
    Stake,
)
from db.tables import work
from db.tables.community import GroupMembership, Stakeholder


def listing(session: Session, actor: Actor, initiative_id: int) -> list[Convening]:
    """The convenings of an initiative by date, those without a date last."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    rows = session.exec(
        select(work.Convening)
        .where(work.Convening.initiative_id == initiative_id)
        .order_by(
            col(work.Convening.starts_at).is_(None),
            col(work.Convening.starts_at),
            col(work.Convening.id),
        )
    )
    return [record(row) for row in rows]


def convening(session: Session, actor: Actor, convening_id: int) -> Convening:
    """One convening; NotFound when it is missing or another team's."""
    return record(row(session, actor, convening_id))


def row(
    session: Session,
    actor: Actor,
    convening_id: int,
    action: Action = Action.SEE_CONVENINGS,
    *,
    for_update: bool = False,
) -> work.Convening:
    """The row for a command that may do ``action``; a foreign id answers as a missing one."""
    found = session.get(work.Convening, convening_id, with_for_update=for_update or None)
    if found is None or not may(actor, Action.SEE_CONVENINGS, found.initiative_id):
        raise NotFound("convening")
    require(actor, action, found.initiative_id)
    return found


def overview(session: Session, actor: Actor, initiative_id: int) -> list[Overview]:
    """The convenings of an initiative in the order of ``listing``, with what their cards show."""
    meetings = listing(session, actor, initiative_id)
    stages = {
        stage.key: stage
        for stage in session.exec(
            select(work.Stage).where(work.Stage.initiative_id == initiative_id)
        )
    }
    answers = _answers(session, initiative_id)
    at_stake = _at_stake(session, initiative_id)
    invited = _invited(session, initiative_id)
    lengths = _lengths(session, initiative_id)
    return [
        Overview(
            convening=each,
            stage_kind=StageKind(stages[each.stage_id].kind),
            stage_name=stages[each.stage_id].name,
            answers=answers[each.id],
            at_stake=tuple(at_stake[each.id]),
            heads=heads(each, invited[each.id]),
            blocks=lengths.get(each.id, (0, 0))[0],
            minutes=lengths.get(each.id, (0, 0))[1],
        )
        for each in meetings
    ]


def draft(session: Session, actor: Actor, convening_id: int) -> ConveningDraft:
    """A convening as its editor takes it up, with answers and stakes, at its present version."""
    found = row(session, actor, convening_id)
    stakes = session.exec(
        select(work.ConveningStake)
        .where(work.ConveningStake.convening_id == convening_id)
        .order_by(col(work.ConveningStake.id))
    )
    return ConveningDraft(
        initiative_id=found.initiative_id,
        stage_id=found.stage_id,
        title=found.title,
        purpose=found.purpose,
        kind=ConveningKind(found.kind),
        starts_local=found.starts_local,
        ends_local=found.ends_local,
        zone=found.zone,
        place=found.place,
        link=found.link,
        capacity=found.capacity,
        openness=Openness(found.openness) if found.openness else None,
        answers=_answers(session, found.initiative_id)[found.key],
        stakes=tuple(
            StakeDraft(Stake(each.stake), each.who, each.stakeholder_id)
            for each in stakes
            if each.who or each.stakeholder_id is not None
        ),
        id=found.key,
        version=found.version,
    )


def at_stake(session: Session, actor: Actor, convening_id: int) -> list[AtStake]:
    """Who was named as able to block the decision, or to lose by it."""
    found = row(session, actor, convening_id)
    return _at_stake(session, found.initiative_id)[convening_id]


def statuses(session: Session, actor: Actor, convening_id: int) -> Mapping[int, InvitationStatus]:
    """Where the invitation of each person to this convening stands, by the person's id."""
    row(session, actor, convening_id)
    found = session.exec(
        select(work.Invitation.stakeholder_id, work.Invitation.status).where(
            work.Invitation.convening_id == convening_id,
            col(work.Invitation.stakeholder_id).is_not(None),
        )
    )
    return {person or 0: InvitationStatus(status) for person, status in found}


def usual_zone(session: Session, actor: Actor, initiative_id: int) -> str | None:
    """The zone of the initiative's convening that was planned last, None before the first one."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    return session.exec(
        select(work.Convening.zone)
        .where(
            work.Convening.initiative_id == initiative_id,
            col(work.Convening.starts_local).is_not(None),
        )
        .order_by(col(work.Convening.id).desc())
        .limit(1)
    ).first()


def record(row: work.Convening) -> Convening:
    return Convening(
        id=row.key,
        initiative_id=row.initiative_id,
        stage_id=row.stage_id,
        title=row.title,
        purpose=row.purpose,
        kind=ConveningKind(row.kind),
        state=ConveningState(row.state),
        starts_local=row.starts_local,
        ends_local=row.ends_local,
        zone=row.zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        link=row.link,
        capacity=row.capacity,
        openness=Openness(row.openness) if row.openness else None,
        version=row.version,
    )


def _answers(session: Session, initiative_id: int) -> Mapping[int, dict[ConveningQuestion, Answer]]:
    rows = session.exec(
        select(work.ConveningAnswer)
        .join(work.Convening, col(work.Convening.id) == work.ConveningAnswer.convening_id)
        .where(work.Convening.initiative_id == initiative_id)
    )
    found: dict[int, dict[ConveningQuestion, Answer]] = defaultdict(dict)
    for each in rows:
        found[each.convening_id][ConveningQuestion(each.question)] = Answer(each.yes, each.note)
    return found


def _at_stake(session: Session, initiative_id: int) -> Mapping[int, list[AtStake]]:
    rows = session.exec(
        select(work.ConveningStake, Stakeholder.name, work.Invitation.status)
        .join(work.Convening, col(work.Convening.id) == work.ConveningStake.convening_id)
        .join(
            Stakeholder,
            col(Stakeholder.id) == work.ConveningStake.stakeholder_id,
            isouter=True,
        )
        .join(
            work.Invitation,
            and_(
                col(work.Invitation.convening_id) == col(work.ConveningStake.convening_id),
                col(work.Invitation.stakeholder_id) == col(work.ConveningStake.stakeholder_id),
            ),
            isouter=True,
        )
        .where(work.Convening.initiative_id == initiative_id)
        .order_by(col(work.ConveningStake.id))
    )
    found: dict[int, list[AtStake]] = defaultdict(list)
    for stake, name, status in rows:
        if not (name or stake.who):
            continue  # the person was erased, and nothing is left to show
        found[stake.convening_id].append(
            AtStake(
                Stake(stake.stake),
                name or stake.who,
                stake.stakeholder_id,
                InvitationStatus(status) if status else None,
            )
        )
    return found


def _invited(session: Session, initiative_id: int) -> Mapping[int, list[Invited]]:
    """Status and groups of each invited person; of a held convening the groups they had then."""
    invitations = session.exec(
        select(
            work.Invitation.convening_id,
            work.Invitation.stakeholder_id,
            work.Invitation.status,
            work.Invitation.groups_when_held,
        )
        .join(work.Convening, col(work.Convening.id) == work.Invitation.convening_id)
        .where(work.Convening.initiative_id == initiative_id)
    ).all()
    memberships = session.exec(
        select(GroupMembership.stakeholder_id, GroupMembership.group)
        .join(Stakeholder, col(Stakeholder.id) == GroupMembership.stakeholder_id)
        .where(Stakeholder.initiative_id == initiative_id)
        .where(
            col(Stakeholder.id).in_(
                select(work.Invitation.stakeholder_id)
                .join(work.Convening, col(work.Convening.id) == work.Invitation.convening_id)
                .where(work.Convening.initiative_id == initiative_id)
            )
        )
    )
    groups: dict[int | None, set[Group]] = defaultdict(set)
    for person, group in memberships:
        groups[person].add(Group(group))
    found: dict[int, list[Invited]] = defaultdict(list)
    for convening_id, stakeholder_id, status, then in invitations:
        now = groups[stakeholder_id] if then is None else map(Group, then)
        found[convening_id].append((InvitationStatus(status), frozenset(now)))
    return found


def _lengths(session: Session, initiative_id: int) -> Mapping[int, tuple[int, int]]:
    """How many blocks and minutes each agenda has."""
    rows = session.exec(
        select(
            work.AgendaBlock.convening_id,
            func.count(),
            func.sum(work.AgendaBlock.minutes),
        )
        .join(work.Convening, col(work.Convening.id) == work.AgendaBlock.convening_id)
        .where(work.Convening.initiative_id == initiative_id)
        .group_by(col(work.AgendaBlock.convening_id))
    )
    return {convening_id: (int(blocks), int(minutes)) for convening_id, blocks, minutes in rows}
