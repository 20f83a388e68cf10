"""Taking a deletion back, and forgetting what is past its time."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from convening.deleted import KEPT_DAYS
from convening.problems import NotFound
from convening.roles import Actor
from db import audit, journal
from db.base import now
from db.queries.trash import RECOVERABLE, mine_or_my_teams
from db.tables.journal import Change


def restore(session: Session, actor: Actor, change_id: int) -> int:
    """Puts back what a deletion took away; NotFound when it is not there to take back."""
    change = session.exec(
        select(Change)
        .where(
            Change.id == change_id,
            col(Change.command).in_(RECOVERABLE),
            col(Change.undone_at).is_(None),
            Change.created_at > now() - timedelta(days=KEPT_DAYS),
            mine_or_my_teams(actor),
        )
        .with_for_update()
    ).first()
    if change is None:
        raise NotFound("change")
    journal.restore(session, change)
    audit.record(
        session,
        actor.user_id,
        "restore",
        subject=change.subject,
        subject_id=change.subject_id,
        initiative_id=change.initiative_id,
    )
    return change_id


def forget_old(session: Session) -> None:
    """Deletes the journal of changes that can no longer be taken back."""
    session.execute(
        delete(Change).where(col(Change.created_at) < now() - timedelta(days=KEPT_DAYS))
    )
