"""Announcing that the people of an initiative will be erased, and telling when the time is up."""

from sqlmodel import Session, col, select

from convening.retention import NOTICE_DAYS
from db import audit
from db.base import now
from db.queries import retention
from db.tables.work import Initiative


def announce(session: Session) -> list[int]:
    """Begins the notice of those newly due, ends that of those no longer due.

    Returns the initiatives whose notice is over: their people are to be erased now.
    """
    today = now().date()
    due = {each.initiative_id: each for each in retention.of_initiatives(session, today)}
    rows = session.exec(
        select(Initiative).where(
            col(Initiative.id).in_(due) | col(Initiative.erasure_announced_at).is_not(None)
        )
    ).all()
    for row in rows:
        if row.key not in due:
            row.erasure_announced_at = None
        elif row.erasure_announced_at is None:
            row.erasure_announced_at = now()
            audit.record(
                session,
                None,
                "announce_erasure",
                subject="initiative",
                subject_id=row.key,
                initiative_id=row.key,
                days=NOTICE_DAYS,
                count=due[row.key].people,
            )
    session.flush()
    return [
        each.initiative_id
        for each in due.values()
        if each.erased_on is not None and each.erased_on <= today
    ]
