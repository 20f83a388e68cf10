"""The two sample initiatives: loaded and removed in one action each."""

from sqlmodel import Session, col, select

from convening.problems import ConveningError
from convening.roles import Action, Actor, require
from convening.vocabulary import Language
from db import audit, journal
from db.samples import story, understanding
from db.tables.accounts import User
from db.tables.work import Initiative


def load(session: Session, actor: Actor) -> int:
    """Writes the sample initiatives in the actor's language, with the actor as their manager."""
    require(actor, Action.MANAGE_SAMPLE_DATA)
    if session.exec(select(Initiative.id).where(col(Initiative.sample))).first() is not None:
        raise ConveningError("samples_are_there")
    user = session.get_one(User, actor.user_id)
    for name in story.STORIES:
        written = story.write(session, name, Language(user.language), actor.user_id)
        understanding.write(written, actor.user_id)
    audit.record(session, actor.user_id, "load_samples", count=len(story.STORIES))
    return len(story.STORIES)


def remove(session: Session, actor: Actor) -> int:
    """Removes the sample initiatives with everything in them; returns how many there were."""
    require(actor, Action.MANAGE_SAMPLE_DATA)
    rows = session.exec(select(Initiative).where(col(Initiative.sample))).all()
    for row in rows:
        journal.remove(session, row)
    audit.record(session, actor.user_id, "remove_samples", count=len(rows))
    return len(rows)
