"""What every change of a dissenting view goes through: its locks, who may speak for its owner, the
trace that it leaves.

Adoption locks the definition and then reads every view on it. So whoever writes what adoption reads
locks it too, in this order: the room, which writes its notes anew when it closes; the definition;
the view.
"""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from convening.dissent import is_sealed
from convening.ledger import DissentId, Entry
from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Action, Actor, may
from db import audit, events, journal
from db.queries import dissent as reading
from db.tables.room import Room
from db.tables.understanding import (
    AnonymousNote,
    Definition,
    DefinitionVersion,
    DissentingView,
)

# Who may speak for somebody who has no account and no receipt code
SPEAKS_FOR_OTHERS = Action.SEE_HELD_NOTES


def lock_definition(
    session: Session, version_id: int | None, *, shared: bool = False
) -> Definition | None:
    """The definition of a version, whose adoption waits; ``shared`` among those who write into one
    room at the same moment, so that they do not wait for each other."""
    if version_id is None:
        return None
    return session.exec(
        select(Definition)
        .join(DefinitionVersion, col(DefinitionVersion.definition_id) == col(Definition.id))
        .where(DefinitionVersion.id == version_id)
        .with_for_update(read=shared, of=Definition)
    ).first()


def lock_place(
    session: Session, convening_id: int | None, version_id: int | None, *, alone: bool = False
) -> Definition | None:
    """Locks the room of a convening, then the definition of a version, which is returned.

    ``alone`` is for whoever writes the room's notes anew.
    """
    if convening_id is not None:
        session.exec(
            select(Room.id).where(Room.convening_id == convening_id).with_for_update(read=not alone)
        ).first()
    return lock_definition(session, version_id)


def lock(session: Session, dissent_id: DissentId) -> DissentingView | AnonymousNote:
    """The row of a view or a note, locked after its room and its definition."""
    row = _row(session, dissent_id)
    lock_place(session, row.convening_id, row.version_id)
    return _row(session, dissent_id, for_update=True)


def found(session: Session, actor: Actor, dissent_id: DissentId) -> tuple[Entry, int]:
    """The view as the actor sees it, with its initiative, behind its locks."""
    lock(session, dissent_id)
    entry = reading.entry(session, actor, dissent_id)
    return entry, reading.initiative_of(session, dissent_id)


def sealing(session: Session, found: Entry) -> tuple[datetime | None, datetime | None]:
    """When the last response to a view was written, and when a version was last adopted that has
    to answer for it; see ``dissent.is_sealed``."""
    adopted_at = session.exec(
        select(func.max(DefinitionVersion.adopted_at)).where(
            DefinitionVersion.definition_id == found.definition_id,
            DefinitionVersion.number >= found.number,
        )
    ).one()
    return found.answers[-1].responded_at if found.answers else None, adopted_at


def require_loose(session: Session, found: Entry) -> None:
    """What a version was adopted with stays as it is. Code: dissent_is_sealed."""
    if is_sealed(*sealing(session, found)):
        raise ConveningError("dissent_is_sealed")


def require_voice(actor: Actor, entry: Entry, initiative_id: int) -> None:
    """Somebody else speaks for the owner, who cannot by themselves."""
    if entry.anonymous or entry.has_account:
        raise ConveningError("owner_replies_alone")
    if not may(actor, SPEAKS_FOR_OTHERS, initiative_id):
        raise Forbidden(SPEAKS_FOR_OTHERS)


def noted(
    session: Session,
    actor: Actor,
    command: str,
    dissent_id: DissentId,
    initiative_id: int,
    convening_id: int | None,
) -> None:
    """Of a note the log says neither which, nor in which room."""
    session.flush()
    subject_id = dissent_id if isinstance(dissent_id, int) else None
    journal.concerns(
        session, initiative_id=initiative_id, subject="dissenting_view", subject_id=subject_id
    )
    audit.record(
        session,
        actor.user_id,
        command,
        subject="dissenting_view",
        subject_id=subject_id,
        initiative_id=initiative_id,
    )
    if convening_id is not None:
        events.announce(session, convening_id)


def _row(
    session: Session, dissent_id: DissentId, *, for_update: bool = False
) -> DissentingView | AnonymousNote:
    row: DissentingView | AnonymousNote | None
    if isinstance(dissent_id, int):
        row = session.get(
            DissentingView, dissent_id, with_for_update=for_update, populate_existing=for_update
        )
    else:
        row = session.get(
            AnonymousNote, dissent_id, with_for_update=for_update, populate_existing=for_update
        )
    if row is None:
        raise NotFound("dissent")
    return row
