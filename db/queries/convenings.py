"""Reading convenings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from convening.convening_drafts import ConveningDraft, StakeDraft
from convening.convenings import AtStake, Convening
from convening.problems import NotFound
from convening.readiness import Answer
from convening.roles import Action, Actor, may, require
from convening.vocabulary import (
    ConveningKind,
    ConveningQuestion,
    ConveningState,
    InvitationStatus,
    Openness,
    Stake,
)
from db.base import columns
from db.tables import work
from db.tables.community import Stakeholder

NEARBY = 20


def listing(session: Session, actor: Actor, initiative_id: int) -> list[Convening]:
    """The convenings of an initiative by date, those without a date last."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    rows = session.execute(
        select(columns(work.Convening).id.table)
        .where(work.Convening.initiative_id == initiative_id)
        .order_by(
            col(work.Convening.starts_at).is_(None),
            col(work.Convening.starts_at),
            col(work.Convening.id),
        )
    )
    return [record(row) for row in rows]


def nearby(
    session: Session, actor: Actor, initiative_id: int, in_hand: int | None = None
) -> list[Convening]:
    """Those to choose from without a search, in the order of ``listing``: the next ones ahead, the
    last ones over, ``NEARBY`` of each, and the one in hand."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    meeting = col(work.Convening.id)
    own = select(work.Convening.id).where(work.Convening.initiative_id == initiative_id)
    ahead = col(work.Convening.state).in_([ConveningState.PLANNED, ConveningState.DRAFT])
    starts = col(work.Convening.starts_at)
    following = own.where(ahead).order_by(starts.is_(None), starts, meeting).limit(NEARBY)
    before = own.where(~ahead).order_by(starts.desc(), meeting.desc()).limit(NEARBY)
    rows = session.execute(
        select(columns(work.Convening).id.table)
        .where(
            work.Convening.initiative_id == initiative_id,
            or_(meeting.in_(following), meeting.in_(before), meeting == in_hand),
        )
        .order_by(starts.is_(None), starts, meeting)
    )
    return [record(row) for row in rows]


def latest(session: Session, actor: Actor, initiative_id: int, most: int) -> list[Convening]:
    """The last of ``listing``, at most so many, without the cancelled ones."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    starts = col(work.Convening.starts_at)
    rows = session.execute(
        select(columns(work.Convening).id.table)
        .where(
            work.Convening.initiative_id == initiative_id,
            work.Convening.state != ConveningState.CANCELLED.value,
        )
        .order_by(starts.is_(None).desc(), starts.desc(), col(work.Convening.id).desc())
        .limit(most)
    ).all()
    return [record(row) for row in reversed(rows)]


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


def key_within(
    session: Session, actor: Actor, initiative_id: int, convening_id: int | None
) -> int | None:
    """The convening's id, when it is one of this initiative; None for none."""
    if convening_id is None:
        return None
    meeting = row(session, actor, convening_id)
    if meeting.initiative_id != initiative_id:
        raise NotFound("convening")
    return meeting.key


def belongs(session: Session, actor: Actor, initiative_id: int, convening_id: int) -> bool:
    """Whether the initiative has such a convening."""
    require(actor, Action.SEE_CONVENINGS, initiative_id)
    found = select(work.Convening.id).where(
        work.Convening.initiative_id == initiative_id, work.Convening.id == convening_id
    )
    return session.exec(found).first() is not None


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
        promise=found.promise,
        promise_by=found.promise_by,
        tensions=found.tensions,
        remind=found.remind,
        answers=answers_of(session, [found.key])[found.key],
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
    return at_stake_of(session, [found.key])[convening_id]


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


def record(row: Any) -> Convening:
    """The domain's record of a row, or of its columns: a list of many needs no more than those."""
    return Convening(
        id=row.id,
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
        promise=row.promise,
        promise_by=row.promise_by,
        tensions=row.tensions,
        remind=row.remind,
    )


def answers_of(
    session: Session, ids: Sequence[int]
) -> Mapping[int, dict[ConveningQuestion, Answer]]:
    rows = session.exec(
        select(work.ConveningAnswer).where(col(work.ConveningAnswer.convening_id).in_(ids))
    )
    found: dict[int, dict[ConveningQuestion, Answer]] = defaultdict(dict)
    for each in rows:
        found[each.convening_id][ConveningQuestion(each.question)] = Answer(each.yes, each.note)
    return found


def at_stake_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[AtStake]]:
    rows = session.exec(
        select(work.ConveningStake, Stakeholder.name, work.Invitation.status)
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
        .where(col(work.ConveningStake.convening_id).in_(ids))
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
