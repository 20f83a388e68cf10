"""Reading a convening's room for the screens that are live while it is held."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as plain_select
from sqlmodel import Session, col, select

from convening import balance, rooms
from convening.convenings import Convening
from convening.roles import Action, Actor, require
from convening.rooms import (
    Note,
    Notes,
    Room,
    RoomSnapshot,
    RoomStatement,
    VersionInHand,
)
from convening.vocabulary import (
    DefinitionField,
    Group,
    InvitationStatus,
    NoteRelease,
    NoteState,
    RoomState,
    StatementState,
    Strength,
    VersionState,
)
from db import live, room_codes
from db.queries import agenda, community, convenings, masks, room_log
from db.tables import room as tables
from db.tables import understanding, work

_IN_HAND = (VersionState.IN_DISCUSSION, VersionState.ADOPTED)


def snapshot(session: Session, actor: Actor, convening_id: int) -> RoomSnapshot:
    """Everything that the live screens show of one room, for the team that runs it; kept until
    something in the room changes, so that many screens cost one reading."""
    return shaped(session, actor, convening_id)[0]


def shaped(session: Session, actor: Actor, convening_id: int) -> tuple[RoomSnapshot, str]:
    """The same with its name; see ``rooms.shape``."""
    meeting = convenings.convening(session, actor, convening_id)
    require(actor, Action.RUN_ROOM, meeting.initiative_id)

    def read() -> tuple[RoomSnapshot, str]:
        found = _read(session, actor, meeting)
        return found, rooms.shape(found)

    return live.shared(session, meeting.initiative_id, meeting.id, read)


def room(session: Session, convening_id: int) -> Room | None:
    """The room of a convening, None until it is prepared; for callers that have asked whether the
    actor may see it."""
    row = session.exec(select(tables.Room).where(tables.Room.convening_id == convening_id)).first()
    return None if row is None else record(row)


def record(row: tables.Room) -> Room:
    way_in = room_codes.of(row.code_salt) if row.code_salt else None
    return Room(
        id=row.key,
        convening_id=row.convening_id,
        state=RoomState(row.state),
        release=NoteRelease(row.release) if row.release else None,
        size=row.size,
        code=way_in.code if way_in else "",
        token=way_in.token if way_in else "",
        question=row.question,
        block_id=row.block_id,
        block_started_at=row.block_started_at,
        blocks_run=tuple(row.blocks_run),
        version_id=row.version_id,
        conversation_id=row.conversation_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
    )


def attended(session: Session, convening_id: int) -> balance.Shares:
    """Who is noted as here, by group."""
    mask = masks.of_invitation().label("mask")
    people = (
        plain_select(mask)
        .where(
            col(work.Invitation.convening_id) == convening_id,
            col(work.Invitation.status) == InvitationStatus.ATTENDED.value,
        )
        .subquery()
    )
    rows = session.execute(plain_select(people.c.mask, func.count()).group_by(people.c.mask)).all()
    return balance.from_counts(dict(rows))  # type: ignore[arg-type]


def _read(session: Session, actor: Actor, meeting: Convening) -> RoomSnapshot:
    found = room(session, meeting.id)
    in_hand = found.version_id if found else None
    versions = _versions(session, meeting.initiative_id, in_hand)
    conversations = _conversations(session, meeting)
    return RoomSnapshot(
        meeting=meeting,
        group_names=community.group_names(session, actor, meeting.initiative_id),
        blocks=tuple(agenda.blocks(session, actor, meeting.id)),
        present=attended(session, meeting.id),
        room=found,
        declared=_declared(session, found),
        log=room_log.lines(session, meeting.id),
        statements=_statements(session, found),
        notes=_notes(session, meeting.id, found),
        version=next((each for each in versions if each.id == in_hand), None),
        versions=versions,
        newer=_newer(session, in_hand, versions),
        conversations=tuple((key, title) for key, title, _ in conversations),
        held_here=frozenset(key for key, _, convening in conversations if convening == meeting.id),
    )


def _declared(session: Session, found: Room | None) -> Mapping[frozenset[Group], int]:
    if found is None:
        return {}
    declaration = tables.RoomDeclaration
    rows = session.exec(
        select(declaration.mask, declaration.people).where(declaration.room_id == found.id)
    )
    return {balance.groups_of(mask): people for mask, people in rows}


def _statements(session: Session, found: Room | None) -> tuple[RoomStatement, ...]:
    if found is None or found.conversation_id is None:
        return ()
    statement = understanding.Statement
    rows = session.exec(
        select(statement)
        .where(statement.conversation_id == found.conversation_id)
        .order_by(col(statement.number))
    )
    return tuple(
        RoomStatement(row.key, row.number, row.text, StatementState(row.state), row.revealed)
        for row in rows
    )


def _notes(session: Session, convening_id: int, found: Room | None) -> Notes:
    """Those that are let out; see ``NoteState``."""
    if found is None:
        return Notes()
    note = understanding.AnonymousNote
    of_room = (
        note.convening_id == convening_id,
        col(note.adds_to_note_id).is_(None),
        note.state != NoteState.ARRIVED.value,
    )
    counts: Any = session.exec(
        select(note.state, func.count()).where(*of_room).group_by(note.state)
    ).all()
    released = session.exec(
        select(note).where(*of_room, note.state == NoteState.RELEASED.value).order_by(note.id)
    )
    return Notes(
        released=tuple(
            Note(
                id=row.id,
                text=row.text,
                strength=Strength(row.strength) if row.strength else None,
                groups=frozenset(map(Group, row.groups)),
            )
            for row in released
        ),
        counts={NoteState(state): count for state, count in counts},
    )


def _versions(
    session: Session, initiative_id: int, in_hand: int | None
) -> tuple[VersionInHand, ...]:
    """The versions that views can dissent from, the newest of each definition first; the one in
    hand is among them also when a later one was opened, until the room takes that."""
    version, definition = understanding.DefinitionVersion, understanding.Definition
    rows = session.exec(
        select(version, definition.title)
        .join(definition, col(definition.id) == version.definition_id)
        .where(
            definition.initiative_id == initiative_id,
            col(version.state).in_(_IN_HAND) | (col(version.id) == in_hand),
        )
        .order_by(col(definition.id), col(version.number).desc())
    )
    return tuple(
        VersionInHand(
            id=row.key,
            definition_id=row.definition_id,
            title=title,
            number=row.number,
            state=VersionState(row.state),
            text={part: getattr(row, part.value) for part in DefinitionField},
        )
        for row, title in rows
    )


def _newer(
    session: Session, in_hand: int | None, versions: tuple[VersionInHand, ...]
) -> VersionInHand | None:
    """The newest version of the definition that the room speaks of, if it has an earlier one."""
    if in_hand is None:
        return None
    row = session.get_one(understanding.DefinitionVersion, in_hand)
    newest = (each for each in versions if each.definition_id == row.definition_id)
    return next((each for each in newest if each.number > row.number), None)


def _conversations(session: Session, meeting: Convening) -> list[tuple[int, str, int | None]]:
    """Id and title of each that can be voted on, and the convening that it is held in, if any."""
    conversation = understanding.Conversation
    rows = session.exec(
        select(conversation.id, conversation.title, conversation.convening_id)
        .where(
            conversation.initiative_id == meeting.initiative_id,
            col(conversation.brought_in).is_(False),
        )
        .order_by(col(conversation.id))
    )
    return [(found or 0, title, convening) for found, title, convening in rows]
