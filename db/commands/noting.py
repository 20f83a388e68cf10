"""Leaving a trace of what a command did: in the audit log, and on the change in the journal."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from convening.roles import Actor
from db import audit, journal
from db.base import columns
from db.tables.community import Nomination, Stakeholder, SubCircle
from db.tables.work import Convening, Initiative, Stage


def noted(
    session: Session,
    actor: Actor | None,
    command: str,
    initiative_id: int,
    *,
    subject: str = "stakeholder",
    subject_id: int | None = None,
    worded: Mapping[str, int] | None = None,
    **details: int | str,
) -> None:
    """Leaves the audit event of a command and says what its change is about.

    ``worded`` holds what the change needs for its wording and the audit event does not. Whoever
    answers by a personal link is no actor.
    """
    session.flush()
    audit.record(
        session,
        actor.user_id if actor else None,
        command,
        subject=subject,
        subject_id=subject_id,
        initiative_id=initiative_id,
        **details,
    )
    journal.concerns(
        session,
        initiative_id=initiative_id,
        subject=subject,
        subject_id=subject_id,
        **details,
        **(worded or {}),
    )


def noted_row(
    session: Session,
    actor: Actor | None,
    command: str,
    row: Stakeholder | Nomination | SubCircle | Convening | Stage | Initiative,
    **details: Any,
) -> int:
    """The same about one row, under the name of its table; returns its id."""
    session.flush()
    initiative_id = row.key if isinstance(row, Initiative) else row.initiative_id
    subject = columns(type(row)).id.table.name
    noted(session, actor, command, initiative_id, subject=subject, subject_id=row.key, **details)
    return row.key
