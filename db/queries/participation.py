"""What a phone in the room is shown: the room behind a link or a code, for whoever holds it."""

import unicodedata

from sqlalchemy import select as plain_select
from sqlmodel import Session, col, select

from convening.participation import InHand, JoinedRoom, OpenStatement, Participant
from convening.vocabulary import (
    Choice,
    DefinitionField,
    NoteRelease,
    RoomState,
    StatementState,
)
from db import room_codes, tokens
from db.queries import community
from db.tables import room, understanding, work


def by_link(
    session: Session, token: str, participant: Participant | None = None
) -> JoinedRoom | None:
    """The room behind a link, with the participant's own votes; None when no room has it."""
    found = session.execute(
        plain_select(
            room.Room,
            work.Convening,
            col(work.Initiative.name),
            col(work.AgendaBlock.title),
            understanding.DefinitionVersion,
            col(understanding.Definition.title),
        )
        .join(work.Convening, col(work.Convening.id) == col(room.Room.convening_id))
        .join(work.Initiative, col(work.Initiative.id) == col(work.Convening.initiative_id))
        .join(work.AgendaBlock, col(work.AgendaBlock.id) == col(room.Room.block_id), isouter=True)
        .join(
            understanding.DefinitionVersion,
            col(understanding.DefinitionVersion.id) == col(room.Room.version_id),
            isouter=True,
        )
        .join(
            understanding.Definition,
            col(understanding.Definition.id) == col(understanding.DefinitionVersion.definition_id),
            isouter=True,
        )
        .where(col(room.Room.link_hash) == tokens.hashed(token))
    ).first()
    if found is None:
        return None
    row, meeting, initiative, block, version, definition = found
    inside = participant if participant and participant.room_id == row.key else None
    return JoinedRoom(
        id=row.key,
        state=RoomState(row.state),
        release=NoteRelease(row.release) if row.release else None,
        initiative=initiative,
        title=meeting.title,
        question=row.question,
        block=block or "",
        in_hand=_in_hand(version, definition) if version else None,
        statements=_statements(session, row, inside) if inside else (),
        group_names=community.names_of(session, meeting.initiative_id),
    )


def as_code(typed: str) -> str | None:
    """A typed code as it is written, digits of every script made western; None for what is none,
    whichever room it may be meant for."""
    letters = (str(unicodedata.decimal(each, each)) for each in typed.upper() if each.isalnum())
    code = "".join(letters)
    fits = len(code) == room_codes.LENGTH and set(code) <= set(room_codes.ALPHABET)
    return code if fits else None


def token_of(session: Session, code: str) -> str | None:
    """The link's token of the room that a typed code opens; None when none has it."""
    salt = session.exec(
        select(room.Room.code_salt).where(room.Room.code_hash == room_codes.keyed(code))
    ).first()
    return room_codes.of(salt).token if salt else None


def token_of_room(session: Session, room_id: int) -> str | None:
    """The link's token of an open room; None for one that is not."""
    found = session.exec(
        select(room.Room.code_salt).where(
            room.Room.id == room_id, room.Room.state == RoomState.OPEN.value
        )
    ).first()
    return room_codes.of(found).token if found else None


def is_over(session: Session, room_id: int) -> bool:
    """Whether the room that somebody entered was closed; its link leads nowhere then."""
    state = session.exec(select(room.Room.state).where(room.Room.id == room_id)).first()
    return state == RoomState.CLOSED


def _in_hand(version: understanding.DefinitionVersion, title: str) -> InHand:
    return InHand(
        version_id=version.key,
        title=title,
        number=version.number,
        text={each: words for each in DefinitionField if (words := getattr(version, each.value))},
    )


def _statements(
    session: Session, row: room.Room, participant: Participant
) -> tuple[OpenStatement, ...]:
    """Those that can be voted on, each with the participant's own vote."""
    if row.conversation_id is None:
        return ()
    statement, vote = understanding.Statement, understanding.Vote
    voter = room_codes.voter_of(participant.id, row.conversation_id)
    return tuple(
        OpenStatement(key, number, text, Choice(choice) if choice else None)
        for key, number, text, choice in session.execute(
            plain_select(
                col(statement.id), col(statement.number), col(statement.text), col(vote.choice)
            )
            .join(
                vote,
                (col(vote.statement_id) == col(statement.id)) & (col(vote.voter) == voter),
                isouter=True,
            )
            .where(
                col(statement.conversation_id) == row.conversation_id,
                col(statement.state) == StatementState.OPEN.value,
            )
            .order_by(col(statement.number))
        )
    )
