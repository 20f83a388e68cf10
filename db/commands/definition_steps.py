"""What every change of a definition goes through: its rows, its moves, the trace that it leaves."""

from sqlmodel import Session, col, select

from convening import definitions
from convening.problems import ConveningError, NotFound
from convening.roles import Action, Actor
from convening.vocabulary import RoomState, VersionState
from db import audit, events, journal
from db.commands import versions
from db.queries import definitions as reading
from db.tables.room import Room
from db.tables.understanding import Definition, DefinitionVersion


def locked(
    session: Session, actor: Actor, version_id: int, action: Action = Action.EDIT_DEFINITION
) -> tuple[Definition, DefinitionVersion]:
    """A version with its definition, whose row is locked first."""
    found = session.get(DefinitionVersion, version_id)
    if found is None:
        raise NotFound("version")
    try:
        row = reading.row(session, actor, found.definition_id, action, for_update=True)
    except NotFound:
        raise NotFound("version") from None
    session.refresh(found, with_for_update=True)
    return row, found


def all_of(session: Session, row: Definition) -> list[DefinitionVersion]:
    """Every version of a definition, the first one first."""
    return list(
        session.exec(
            select(DefinitionVersion)
            .where(DefinitionVersion.definition_id == row.key)
            .order_by(col(DefinitionVersion.number))
            .with_for_update()
        )
    )


def supersede(
    session: Session, row: Definition, version: DefinitionVersion, entering: VersionState
) -> None:
    """Earlier versions make room: those in discussion always, an adopted one for the next."""
    making_room = {VersionState.IN_DISCUSSION, entering}
    for each in all_of(session, row):
        if each.number < version.number and each.state in making_room:
            move(each, VersionState.SUPERSEDED)


def check_move(version: DefinitionVersion, to: VersionState) -> None:
    """Code ``version_cannot_move`` where its state does not allow it."""
    state = VersionState(version.state)
    if to not in definitions.MOVES[state]:
        raise ConveningError("version_cannot_move", number=version.number, state=state, wanted=to)


def move(version: DefinitionVersion, to: VersionState) -> None:
    """Changes the state, and with it the number that a second editor is noticed by."""
    check_move(version, to)
    version.state = to.value
    versions.check(version, None)


def tell_rooms(session: Session, row: Definition) -> None:
    """Tells every room that is not closed and has a version of this definition in hand."""
    held = session.exec(
        select(Room.convening_id)
        .join(DefinitionVersion, col(DefinitionVersion.id) == col(Room.version_id))
        .where(DefinitionVersion.definition_id == row.key, Room.state != RoomState.CLOSED.value)
    ).all()
    for convening_id in held:
        events.announce(session, convening_id)


def record(session: Session, actor: Actor, command: str, row: Definition, **details: int) -> None:
    """Writes what the change is about into the journal, and what was done into the audit log."""
    session.flush()
    journal.concerns(
        session, initiative_id=row.initiative_id, subject="definition", subject_id=row.key
    )
    audit.record(
        session,
        actor.user_id,
        command,
        subject="definition",
        subject_id=row.key,
        initiative_id=row.initiative_id,
        **details,
    )
