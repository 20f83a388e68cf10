"""How often people were invited, or came, to the other convenings of an initiative."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from convening.convenings import Convening
from convening.invitations import REACHED
from convening.vocabulary import FunnelStep, InvitationStatus
from db import kept
from db.base import columns
from db.tables import work


def before(
    session: Session, meeting: work.Convening | Convening, statuses: Collection[InvitationStatus]
) -> dict[int, int]:
    """For each person of a convening to how many of the initiative's others, before this one where
    it has a date, they have an invitation in one of the statuses; nobody stands there with 0."""
    names = sorted(each.value for each in statuses)
    return kept.value(
        session,
        meeting.initiative_id,
        f"before {meeting.id}: {names}",
        lambda: _before(session, meeting, names),
    )


def _before(
    session: Session, meeting: work.Convening | Convening, statuses: Sequence[str]
) -> dict[int, int]:
    own = columns(work.Invitation)
    times = _times(meeting, own.stakeholder_id, statuses, until=meeting.starts_at)
    query = select(own.stakeholder_id, times).where(
        own.convening_id == meeting.id, own.stakeholder_id.is_not(None)
    )
    return {person: often for person, often in session.execute(query) if often}


def invited(meeting: work.Convening, person: Any) -> ColumnElement[int]:
    """To how many other convenings of the initiative a person was invited."""
    return _times(meeting, person, [each.value for each in REACHED[FunnelStep.INVITED]])


def _times(
    meeting: work.Convening | Convening,
    person: Any,
    statuses: Sequence[str],
    until: datetime | None = None,
) -> ColumnElement[int]:
    """By person, and not grouped: SQLite would otherwise begin at the convenings, and read them
    all."""
    other, place = aliased(work.Convening), aliased(work.Invitation)
    query = (
        select(func.count())
        .select_from(place)
        .join(other, col(other.id) == col(place.convening_id))
        .where(
            col(place.stakeholder_id) == person,
            col(place.status).in_(statuses),
            col(other.initiative_id) == meeting.initiative_id,
            col(other.id) != meeting.id,
        )
    )
    if until is not None:
        query = query.where(col(other.starts_at) < until)
    return query.correlate_except(other, place).scalar_subquery()
