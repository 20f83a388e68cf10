"""Initiatives whose people have been kept for as long as their team wanted."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from convening.retention import Due, due_on, erased_on
from convening.roles import Action, Actor, may, visible
from convening.vocabulary import ConveningState
from db.base import now
from db.tables.community import Stakeholder
from db.tables.work import Convening, Initiative


def due(session: Session, actor: Actor) -> list[Due]:
    """Those of the actor's teams that are due, for whoever may edit them, by name."""
    mine = visible(actor, Action.EDIT_INITIATIVE) or set()
    found = of_initiatives(session, now().date(), sorted(mine))
    return [_seen_by(actor, each) for each in found]


def of_initiatives(
    session: Session, today: date, initiative_ids: Sequence[int] | None = None
) -> list[Due]:
    """Those that are due, of all initiatives when none are named; nobody is asked who may."""
    ended = func.max(func.coalesce(col(Convening.ends_at), col(Convening.starts_at)))
    last = (
        select(col(Convening.initiative_id).label("initiative_id"), ended.label("ended"))
        .where(col(Convening.state) != ConveningState.CANCELLED.value)
        .group_by(col(Convening.initiative_id))
        .subquery()
    )
    people = (
        select(func.count())
        .select_from(Stakeholder)
        .where(col(Stakeholder.initiative_id) == col(Initiative.id))
        .scalar_subquery()
    )
    query = (
        select(Initiative, last.c.ended, people)
        .join(last, last.c.initiative_id == col(Initiative.id))
        .where(col(Initiative.keep_months).is_not(None), last.c.ended.is_not(None))
        .order_by(col(Initiative.name), col(Initiative.id))
    )
    if initiative_ids is not None:
        query = query.where(col(Initiative.id).in_(initiative_ids))
    rows = session.exec(query).all()
    found = [_due(row, ended, count) for row, ended, count in rows if count]
    return [each for each in found if each.due_on <= today]


def _due(row: Initiative, ended: datetime, people: int) -> Due:
    announced = row.erasure_announced_at
    return Due(
        initiative_id=row.key,
        name=row.name,
        people=people,
        ended_on=ended.date(),
        due_on=due_on(ended.date(), row.keep_months or 0),
        erased_on=erased_on(announced.date()) if announced else None,
        may_erase=False,
    )


def _seen_by(actor: Actor, found: Due) -> Due:
    allowed = may(actor, Action.ERASE_PERSON, found.initiative_id)
    return Due(**{**vars(found), "may_erase": allowed})
