"""Reading nominations: the list beside the map."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from convening.nominations import Nomination
from convening.problems import NotFound
from convening.roles import Action, Actor, may, require
from convening.vocabulary import Group, NominationState
from db.queries import people
from db.tables import community as table

_ORDER = {state: rank for rank, state in enumerate(NominationState)}


def listing(session: Session, actor: Actor, initiative_id: int) -> list[Nomination]:
    """Every nomination of an initiative: open ones first, then the newest first."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    found = session.exec(
        select(table.Nomination)
        .where(table.Nomination.initiative_id == initiative_id)
        .order_by(col(table.Nomination.id).desc())
    ).all()
    return sorted(_records(session, found), key=lambda each: _ORDER[each.state])


def open_count(session: Session, actor: Actor, initiative_id: int) -> int:
    """How many nominations wait to be looked at."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    count: int = session.execute(
        rows(func.count())
        .select_from(table.Nomination)
        .where(
            col(table.Nomination.initiative_id) == initiative_id,
            col(table.Nomination.state) == NominationState.OPEN,
        )
    ).scalar_one()
    return count


def row(
    session: Session, actor: Actor, nomination_id: int, action: Action = Action.EDIT_COMMUNITY
) -> table.Nomination:
    """The row for a command that may do ``action``; a foreign id answers as a missing one."""
    found = session.get(table.Nomination, nomination_id, with_for_update=True)
    if found is None or not may(actor, Action.SEE_PEOPLE, found.initiative_id):
        raise NotFound("nomination")
    require(actor, action, found.initiative_id)
    return found


def _records(session: Session, found: Sequence[table.Nomination]) -> list[Nomination]:
    ids = [end for each in found for end in (each.nominated_by_id, each.reached_through_id)]
    names = people.names(session, ids)
    return [
        Nomination(
            id=each.key,
            initiative_id=each.initiative_id,
            name=each.name,
            organisation=each.organisation,
            reason=each.reason,
            groups=tuple(group for group in Group if group in each.groups),
            nominated_by=names.get(each.nominated_by_id or 0),
            reached_through=names.get(each.reached_through_id or 0),
            state=NominationState(each.state),
            stakeholder_id=each.stakeholder_id,
            created_at=each.created_at,
            version=each.version,
        )
        for each in found
    ]
