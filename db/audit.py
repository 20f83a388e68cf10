"""The append-only audit log: each row's hash covers the row and the hash before it."""

import hashlib
import json
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from db.base import now
from db.tables.accounts import AuditEvent

GENESIS = "0" * 64
_CHAIN_LOCK = 0x48414C51  # an arbitrary constant that PostgreSQL writers of the chain queue on


def record(
    session: Session,
    actor_id: int | None,
    action: str,
    *,
    subject: str = "",
    subject_id: int | None = None,
    initiative_id: int | None = None,
    **details: Any,
) -> None:
    """Appends one event. ``details`` hold ids, codes and counts, never names or text."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    session.flush()
    last = session.exec(
        select(AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)
    ).first()
    event = AuditEvent(
        created_at=now(),
        actor_id=actor_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        initiative_id=initiative_id,
        details=details,
        previous_hash=last or GENESIS,
        hash="",
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()


def first_broken(session: Session) -> int | None:
    """The id of the first event that does not follow from the one before, None when all do."""
    previous = GENESIS
    events = session.exec(
        select(AuditEvent).order_by(col(AuditEvent.id)).execution_options(yield_per=500)
    )
    for event in events:
        if event.previous_hash != previous or event.hash != _hash(event):
            return event.id
        previous = event.hash
    return None


def _hash(event: AuditEvent) -> str:
    content = [
        event.previous_hash,
        event.created_at.isoformat(),
        event.actor_id,
        event.action,
        event.subject,
        event.subject_id,
        event.initiative_id,
        event.details,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
