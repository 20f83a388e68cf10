"""What can still be taken back after a deletion."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from convening.deleted import KEPT_DAYS, Deleted
from convening.roles import Action, Actor, Reach, reach, visible
from db.base import now
from db.tables.accounts import User
from db.tables.journal import Change, RowImage

RECOVERABLE = {
    "delete_initiative": "initiative",
    "delete_convening": "convening",
    "delete_stakeholders": "stakeholder",
    "delete_stage": "stage",
    "delete_conversation": "conversation",
    "delete_definition": "definition",
    "merge_stakeholders": "stakeholder",
}


def deleted(session: Session, actor: Actor) -> list[Deleted]:
    """The deletions of the last 30 days that the actor may take back, newest first."""
    rows = session.exec(
        select(Change, RowImage.before, User.name)
        .join(
            RowImage,
            and_(
                col(RowImage.change_id) == col(Change.id),
                col(RowImage.table_name) == col(Change.subject),
                col(RowImage.row_id) == col(Change.subject_id),
            ),
        )
        .join(User, col(User.id) == col(Change.actor_id), isouter=True)
        .where(
            col(Change.command).in_(RECOVERABLE),
            col(Change.undone_at).is_(None),
            Change.created_at > now() - timedelta(days=KEPT_DAYS),
            mine_or_my_teams(actor),
        )
        .order_by(col(Change.id).desc())
    ).all()
    return [
        Deleted(
            change_id=change.key,
            subject=change.subject,
            name=str((before or {}).get("name") or (before or {}).get("title") or ""),
            at=change.created_at,
            by=by or "",
            initiative_id=change.initiative_id,
        )
        for change, before, by in rows
    ]


def mine_or_my_teams(actor: Actor) -> ColumnElement[bool]:
    """Changes on initiatives where the actor may restore, and the actor's own deleted ones."""
    if reach(actor, Action.RESTORE_DELETED) is Reach.NOWHERE:
        return col(Change.id).is_(None)
    teams = visible(actor, Action.RESTORE_DELETED)
    if teams is None:
        return col(Change.id).is_not(None)
    own = and_(col(Change.subject) == "initiative", col(Change.actor_id) == actor.user_id)
    return or_(col(Change.initiative_id).in_(teams), own)
