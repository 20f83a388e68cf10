"""Taking back one change of one's own, as a whole."""

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from convening.problems import ConveningError, NotFound
from convening.roles import Actor, may
from db import audit, journal
from db.queries.undo import UNDOABLE
from db.tables.journal import Change, RowImage


def undo(session: Session, actor: Actor, change_id: int) -> int:
    """Puts every row of a change back as it was before; NotFound when it is not the actor's.

    Refused, code ``changed_since``, when a later change touched one of its rows, and by the journal
    when something hangs on a row that it added: taking it back would take that away too.
    """
    change = session.get(Change, change_id, with_for_update=True)
    if (
        change is None
        or change.actor_id != actor.user_id
        or change.undone_at is not None
        or change.command not in UNDOABLE
        or not may(actor, UNDOABLE[change.command], change.initiative_id)
    ):
        raise NotFound("change")
    if _touched_since(session, change_id):
        raise ConveningError("changed_since")
    journal.restore(session, change)
    audit.record(
        session,
        actor.user_id,
        "undo",
        subject=change.subject,
        subject_id=change.subject_id,
        initiative_id=change.initiative_id,
        change=change_id,
    )
    return change_id


def _touched_since(session: Session, change_id: int) -> bool:
    own, later = aliased(RowImage), aliased(RowImage)
    found = session.execute(
        select(col(later.id))
        .join(Change, col(Change.id) == col(later.change_id))
        .join(
            own,
            and_(
                col(own.change_id) == change_id,
                col(own.table_name) == col(later.table_name),
                col(own.row_id) == col(later.row_id),
            ),
        )
        .where(col(later.change_id) > change_id, col(Change.undone_at).is_(None))
        .limit(1)
    ).first()
    return found is not None
