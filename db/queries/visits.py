"""Reading the talks that are planned before a convening, and those that were held."""

from sqlmodel import Session, col, select

from convening.problems import NotFound
from convening.roles import Action, Actor
from convening.visits import Visit
from db.queries import convenings
from db.tables import work
from db.tables.community import Stakeholder


def listing(session: Session, actor: Actor, convening_id: int) -> list[Visit]:
    """The visits of a convening: those to come by their day, then those done, the latest last."""
    convenings.row(session, actor, convening_id, Action.SEE_PEOPLE)
    table = work.PreparationVisit
    rows = session.exec(
        select(table, Stakeholder.name)
        .join(work.Invitation, col(work.Invitation.id) == col(table.invitation_id))
        .join(
            Stakeholder,
            col(Stakeholder.id) == col(work.Invitation.stakeholder_id),
            isouter=True,
        )
        .where(work.Invitation.convening_id == convening_id)
        .order_by(
            col(table.done_at).is_not(None),
            col(table.done_at),
            col(table.planned_on).is_(None),
            col(table.planned_on),
            col(table.id),
        )
    )
    return [_record(row, name) for row, name in rows]


def row(
    session: Session, actor: Actor, visit_id: int, action: Action
) -> tuple[work.Convening, work.PreparationVisit]:
    """A visit, locked, with its convening; a foreign id answers as a missing one."""
    found = session.get(work.PreparationVisit, visit_id, with_for_update=True)
    if found is None:
        raise NotFound("visit")
    try:
        meeting, _ = invitation_row(session, actor, found.invitation_id, action)
    except NotFound:
        raise NotFound("visit") from None
    return meeting, found


def invitation_row(
    session: Session, actor: Actor, invitation_id: int, action: Action
) -> tuple[work.Convening, work.Invitation]:
    """An invitation with its convening, for a command that may do ``action``."""
    found = session.get(work.Invitation, invitation_id)
    if found is None:
        raise NotFound("invitation")
    try:
        meeting = convenings.row(session, actor, found.convening_id, action)
    except NotFound:
        raise NotFound("invitation") from None
    return meeting, found


def _record(row: work.PreparationVisit, name: str | None) -> Visit:
    return Visit(
        id=row.key,
        invitation_id=row.invitation_id,
        name=name or "",
        visitor=row.visitor,
        planned_on=row.planned_on,
        done_at=row.done_at,
        note=row.note,
        version=row.version,
    )
