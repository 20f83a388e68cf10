"""What a user's calendar reads, and under which address."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from convening.exports.calendar import Event
from convening.roles import Action, Actor, Reach, reach, visible
from convening.vocabulary import ConveningState, Language
from db import tokens
from db.base import now
from db.queries import accounts
from db.tables import work
from db.tables.accounts import User
from db.tables.mail import CalendarFeed


@dataclass(frozen=True)
class Feed:
    """The convenings that a user may see, by their start, and the user's language."""

    language: Language
    events: tuple[Event, ...]


def own_token(session: Session, actor: Actor) -> str | None:
    """The token of the user's own feed, None when there is none."""
    salt = session.exec(
        select(CalendarFeed.salt).where(CalendarFeed.user_id == actor.user_id)
    ).first()
    return None if salt is None else tokens.of(salt)


def feed(session: Session, token: str) -> Feed | None:
    """The feed behind a token; None for a made-up one, and for a user who has no access any more.

    Roles and teams are those of this moment. A convening without a date has no place in a calendar.
    """
    user = session.exec(
        select(User)
        .join(CalendarFeed, col(CalendarFeed.user_id) == col(User.id))
        .where(CalendarFeed.token_hash == tokens.hashed(token), col(User.active))
    ).first()
    if user is None:
        return None
    actor = accounts.actor(session, user.key)
    if reach(actor, Action.SEE_CONVENINGS) is Reach.NOWHERE:
        return None
    return Feed(Language(user.language), tuple(_events(session, actor)))


def _events(session: Session, actor: Actor) -> list[Event]:
    seen = visible(actor, Action.SEE_CONVENINGS)
    query = (
        select(work.Convening, work.Initiative.name)
        .join(work.Initiative, col(work.Initiative.id) == work.Convening.initiative_id)
        .where(col(work.Convening.starts_local).is_not(None))
        .order_by(col(work.Convening.starts_at), col(work.Convening.id))
    )
    if seen is not None:
        query = query.where(col(work.Convening.initiative_id).in_(seen))
    at = now()
    return [
        Event(
            uid=row.calendar_uid or f"convening-{row.key}",
            sequence=row.sequence,
            stamp=at,
            title=row.title,
            zone=row.zone,
            starts_local=row.starts_local,
            ends_local=row.ends_local,
            place=row.place,
            link=row.link,
            description="\n".join(filter(None, (initiative, row.purpose))),
            cancelled=row.state == ConveningState.CANCELLED,
        )
        for row, initiative in session.exec(query)
        if row.starts_local is not None
    ]
