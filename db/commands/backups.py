"""What a backup and a restore leave in the log, and what a restore ends."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from convening.backups import Manifest
from convening.roles import Action, Actor, require
from convening.vocabulary import MailState
from db import audit, backup_folder, kept
from db.backup import LogEnd
from db.commands import erasure
from db.tables.accounts import AccountLink, LoginSession, LoginTicket, User
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail


def note_backup(session: Session, actor: Actor | None, what: str = "back_up") -> None:
    """Notes that somebody took out all data (``back_up``, ``download_backup``); without an actor it
    was done from the terminal."""
    if actor is not None:
        require(actor, Action.BACK_UP)
    audit.record(session, actor.user_id if actor else None, what)


def delete_backup(session: Session, actor: Actor, folder: Path, name: str) -> None:
    """Deletes a file of the folder of scheduled backups."""
    note_backup(session, actor, "delete_backup")
    backup_folder.delete(folder, name)


def email_of(session: Session, actor: Actor) -> str:
    """By which a person is known in another state of the database, where ids may differ."""
    require(actor, Action.BACK_UP)
    return session.get_one(User, actor.user_id).email


def concluding(manifest: Manifest, email: str = "") -> Callable[[Session, LogEnd | None], None]:
    """What belongs to a restore, in its transaction; ``email`` is of who restores on a screen.

    All logins end, and the links for passwords with them: they may have been used since. Messages
    that wait in the backup may have left since, so they are not sent by themselves. Whoever was
    erased since the backup was made, from the same database, is erased again.
    """

    def conclude(session: Session, before: LogEnd | None) -> None:
        for model in (LoginSession, LoginTicket, AccountLink):
            session.execute(delete(model))
        session.execute(
            update(OutboxEmail)
            .where(col(OutboxEmail.state).in_([MailState.WAITING, MailState.SENDING]))
            .values(state=MailState.UNCERTAIN.value)
        )
        again = _erase_again(session, before)
        actor_id = session.exec(select(User.id).where(User.email == email)).first()
        audit.record(
            session,
            actor_id,
            "restore_backup",
            rows=manifest.rows,
            erased_again=again,
            log_ended_at=before.event if before else 0,
            seal=before.seal if before else "",
        )

    return conclude


def _erase_again(session: Session, before: LogEnd | None) -> int:
    """Ids mean the same people where the log goes on from where the backup's ended."""
    if before is None or not before.erased_since:
        return 0
    people = session.exec(
        select(Stakeholder.initiative_id, Stakeholder.id).where(
            col(Stakeholder.id).in_(before.erased_since)
        )
    ).all()
    with kept.watching(session):
        for initiative_id in sorted({each for each, _ in people}):
            ids = [person or 0 for own, person in people if own == initiative_id]
            erasure.erase_people(session, initiative_id, ids, in_texts=True)
    return len(people)
