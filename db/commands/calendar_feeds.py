"""The address under which a user's calendar reads the convenings of their teams."""

from sqlmodel import Session, select

from convening.problems import NotFound
from convening.roles import Action, Actor, require
from db import audit, tokens
from db.tables.mail import CalendarFeed


def make_calendar_feed(session: Session, actor: Actor) -> int:
    """A new address for the user's own calendar; the one before ends."""
    require(actor, Action.SEE_CONVENINGS)
    before = _own(session, actor)
    if before is not None:
        session.delete(before)
        session.flush()
    link = tokens.new()
    row = CalendarFeed(user_id=actor.user_id, salt=link.salt, token_hash=link.token_hash)
    session.add(row)
    _record(session, actor, "make_calendar_feed")
    return row.key


def remove_calendar_feed(session: Session, actor: Actor) -> int:
    """Ends the address of the user's own calendar; returns the user's id."""
    row = _own(session, actor)
    if row is None:
        raise NotFound("calendar_feed")
    session.delete(row)
    _record(session, actor, "remove_calendar_feed")
    return actor.user_id


def _own(session: Session, actor: Actor) -> CalendarFeed | None:
    return session.exec(
        select(CalendarFeed).where(CalendarFeed.user_id == actor.user_id).with_for_update()
    ).first()


def _record(session: Session, actor: Actor, command: str) -> None:
    session.flush()
    audit.record(session, actor.user_id, command, subject="user", subject_id=actor.user_id)
