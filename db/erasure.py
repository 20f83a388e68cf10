"""Erasing people everywhere: the scheduled backups, the database, and what its file still holds.

Backups come first: should the database then refuse, the people are still there and can be erased
again; the other way round a name could stay in a file that nobody thinks of any more.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from convening.roles import Action, Actor, require
from db import backup_folder, compact, transaction
from db.commands import erasure
from db.engine import Engines
from db.erasing import Erasing
from db.queries import people
from db.tables.work import Initiative


@dataclass(frozen=True)
class Erased:
    """``backups`` were rewritten; ``settled`` is False where the file is cleaned later."""

    people: int
    backups: int
    settled: bool


def person(
    engines: Engines, actor: Actor, folder: Path, stakeholder_id: int, *, in_texts: bool
) -> Erased:
    """Erases one person; see ``db.commands.erasure``."""
    with transaction.reading(engines) as session:
        row = people.row(session, actor, stakeholder_id, Action.ERASE_PERSON)
        found = erasure.about(session, row.initiative_id, [stakeholder_id])
        rewritten = _from_backups(session, folder, found)
    with transaction.writing(engines, actor_id=actor.user_id, journalled=False) as session:
        erasure.erase_person(session, actor, stakeholder_id, in_texts=in_texts)
    return Erased(1, rewritten, compact.compact(engines))


def whole_map(engines: Engines, actor: Actor | None, folder: Path, initiative_id: int) -> Erased:
    """Erases everybody of an initiative; without an actor it is done because their time is up."""
    if actor is not None:
        require(actor, Action.ERASE_PERSON, initiative_id)
    with transaction.reading(engines) as session:
        everybody = erasure.everybody(session, initiative_id)
        found = erasure.about(session, initiative_id, everybody)
        rewritten = _from_backups(session, folder, found)
    actor_id = actor.user_id if actor else None
    with transaction.writing(engines, actor_id=actor_id, journalled=False) as session:
        count = erasure.erase_everybody(session, actor_id, initiative_id)
    return Erased(count, rewritten, compact.compact(engines))


def _from_backups(session: Session, folder: Path, found: Erasing) -> int:
    initiative = session.get_one(Initiative, found.initiative_id)
    return backup_folder.erase(folder, found, initiative.created_at)
