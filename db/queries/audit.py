"""Reading the audit log, for administrators. Rows hold ids; names are those of this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from convening.accounts import AuditChain, AuditEntry
from convening.roles import Action, Actor, require
from db import audit
from db.tables.accounts import AuditEvent, User
from db.tables.work import Initiative


@dataclass(frozen=True)
class Wanted:
    """What the viewer filters by; None stands for everything. ``until`` is not included."""

    action: str | None = None
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many events there are of those wanted."""
    require(actor, Action.SEE_AUDIT)
    return session.exec(select(func.count(col(AuditEvent.id))).where(*_where(wanted))).one()


def events(
    session: Session, actor: Actor, wanted: Wanted, *, offset: int = 0, limit: int = 50
) -> list[AuditEntry]:
    """A page of events, newest first.

    Users are named. Initiatives are named to whoever is on their team; everything else shows its
    id alone, because an administrator may not know what stands in it.
    """
    require(actor, Action.SEE_AUDIT)
    rows = session.exec(
        select(AuditEvent)
        .where(*_where(wanted))
        .order_by(col(AuditEvent.id).desc())
        .offset(offset)
        .limit(limit)
    ).all()
    users = _user_names(session, rows)
    initiatives = _initiative_names(session, actor, rows)
    return [_entry(row, users, initiatives) for row in rows]


def actions(session: Session, actor: Actor) -> list[str]:
    """The codes of all actions that occur in the log."""
    require(actor, Action.SEE_AUDIT)
    return list(session.exec(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def actors(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Id and name of everybody who did something that is logged."""
    require(actor, Action.SEE_AUDIT)
    acting = select(AuditEvent.actor_id).where(col(AuditEvent.actor_id).is_not(None)).distinct()
    rows = session.exec(
        select(User.id, User.name)
        .where(col(User.id).in_(acting))
        .order_by(col(User.name), col(User.id))
    )
    return [(user_id, name) for user_id, name in rows if user_id is not None]


def last_id(session: Session, actor: Actor) -> int:
    """The newest event's id, 0 when there is none: what a check of the chain reached."""
    require(actor, Action.SEE_AUDIT)
    return session.exec(select(func.max(AuditEvent.id))).one() or 0


def chain(session: Session, actor: Actor) -> AuditChain:
    """Recomputes every hash from the first event on."""
    require(actor, Action.SEE_AUDIT)
    seal = session.exec(
        select(AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)
    ).first()
    return AuditChain(
        events=count(session, actor, Wanted()),
        first_broken=audit.first_broken(session),
        seal=seal or "",
    )


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.action is not None:
        found.append(col(AuditEvent.action) == wanted.action)
    if wanted.actor_id is not None:
        found.append(col(AuditEvent.actor_id) == wanted.actor_id)
    if wanted.since is not None:
        found.append(col(AuditEvent.created_at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(AuditEvent.created_at) < wanted.until)
    return found


def _user_names(session: Session, rows: Sequence[AuditEvent]) -> dict[int, str]:
    ids = {row.actor_id for row in rows if row.actor_id is not None}
    ids |= {row.subject_id for row in rows if row.subject == "user" and row.subject_id is not None}
    return _names(session.exec(select(User.id, User.name).where(col(User.id).in_(ids))))


def _initiative_names(session: Session, actor: Actor, rows: Sequence[AuditEvent]) -> dict[int, str]:
    ids = {row.initiative_id for row in rows} & set(actor.teams)
    return _names(
        session.exec(select(Initiative.id, Initiative.name).where(col(Initiative.id).in_(ids)))
    )


def _names(rows: Iterable[tuple[int | None, str]]) -> dict[int, str]:
    return {row_id: name for row_id, name in rows if row_id is not None}


def _entry(row: AuditEvent, users: dict[int, str], initiatives: dict[int, str]) -> AuditEntry:
    names = {"user": users, "initiative": initiatives}.get(row.subject, {})
    return AuditEntry(
        id=row.key,
        at=row.created_at,
        actor_id=row.actor_id,
        actor=users.get(row.actor_id, "") if row.actor_id is not None else "",
        action=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        subject_name=names.get(row.subject_id, "") if row.subject_id is not None else "",
        initiative_id=row.initiative_id,
        initiative=(
            initiatives.get(row.initiative_id, "") if row.initiative_id is not None else ""
        ),
        details=row.details,
    )
