"""Who saved a record last, and when: told to whoever finds it changed under their hands."""

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from convening.conflicts import Edit
from convening.roles import Action, Actor, may, visible
from db.tables.accounts import AuditEvent, User
from db.tables.journal import Change, RowImage

_ACCOUNT = "user"


def last(session: Session, actor: Actor, subject: str, subject_id: int) -> Edit | None:
    """The last edit of a record of the actor's initiatives, or of an account; its deletion too.

    None where it is not known, or where the actor may not know of it.
    """
    if subject == _ACCOUNT:
        return _of_account(session, actor, subject_id)
    image = exists().where(
        col(RowImage.change_id) == col(Change.id),
        col(RowImage.table_name) == subject,
        col(RowImage.row_id) == subject_id,
    )
    scope = visible(actor, Action.OPEN_INITIATIVE)
    found = session.exec(
        select(User.name, Change.created_at)
        .select_from(Change)
        .join(User, col(User.id) == col(Change.actor_id), isouter=True)
        .where(
            or_(
                col(Change.initiative_id).in_(scope or ()),
                col(Change.actor_id) == actor.user_id,
            ),
            image,
        )
        .order_by(col(Change.id).desc())
        .limit(1)
    ).first()
    return None if found is None else Edit(found[0] or "", found[1])


def _of_account(session: Session, actor: Actor, user_id: int) -> Edit | None:
    """Accounts leave no images; the audit log knows who changed them."""
    if user_id != actor.user_id and not may(actor, Action.MANAGE_ACCOUNTS):
        return None
    found = session.exec(
        select(User.name, AuditEvent.created_at)
        .select_from(AuditEvent)
        .join(User, col(User.id) == col(AuditEvent.actor_id), isouter=True)
        .where(
            AuditEvent.subject == _ACCOUNT,
            AuditEvent.subject_id == user_id,
            col(AuditEvent.action).in_(("edit_user", "edit_profile")),
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    ).first()
    return None if found is None else Edit(found[0] or "", found[1])
