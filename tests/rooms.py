"""Rooms that tests start from, as they stand in the tables while people are in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from convening import anonymity, balance
from convening.vocabulary import Group, InvitationStatus, RoomState, StatementState, VersionState
from db import room_codes
from db.room_codes import Entrance
from db.tables.room import Room, RoomDeclaration
from db.tables.understanding import Conversation, Definition, DefinitionVersion, Statement
from db.tables.work import Stage
from tests import builders


@dataclass(frozen=True)
class OpenRoom:
    """A room that is open: how one gets in, and what it holds."""

    room_id: int
    convening_id: int
    initiative_id: int
    way_in: Entrance
    version_id: int | None
    statement_ids: tuple[int, ...]

    @property
    def token(self) -> str:
        return self.way_in.token


def open_room(
    session: Session,
    initiative_id: int,
    *,
    size: int = 12,
    title: str = "The square",
    question: str = "",
    statement: str | None = "The square is neglected.",
    statements: tuple[str, ...] = (),
    declared: Mapping[frozenset[Group], int] | None = None,
) -> OpenRoom:
    """A convening whose room ``size`` people attend, with a version in hand unless ``statement``
    is None, and statements that are open for votes."""
    stage = builders.stage(session, initiative_id)
    convening_id = builders.convening(session, stage, title)
    for _ in range(size):
        builders.invitation(session, convening_id, None, InvitationStatus.ATTENDED)
    version_id = _version(session, initiative_id, statement) if statement else None
    conversation = Conversation(
        initiative_id=session.get_one(Stage, stage).initiative_id,
        convening_id=convening_id,
        title=title,
    )
    session.add(conversation)
    session.flush()
    rows = [
        Statement(
            conversation_id=conversation.key,
            number=number,
            text=text,
            state=StatementState.OPEN.value,
        )
        for number, text in enumerate(statements, start=1)
    ]
    session.add_all(rows)
    way_in = room_codes.new()
    room = Room(
        convening_id=convening_id,
        state=RoomState.OPEN.value,
        release=anonymity.release(size).value,
        size=size,
        code_salt=way_in.salt,
        code_hash=way_in.code_hash,
        link_hash=way_in.link_hash,
        question=question,
        version_id=version_id,
        conversation_id=conversation.key,
        opened_at=builders.START,
    )
    session.add(room)
    session.flush()
    session.add_all(
        RoomDeclaration(room_id=room.key, mask=balance.mask(groups), people=people)
        for groups, people in (declared or {}).items()
    )
    session.flush()
    return OpenRoom(
        room.key,
        convening_id,
        initiative_id,
        way_in,
        version_id,
        tuple(each.key for each in rows),
    )


def _version(session: Session, initiative_id: int, statement: str) -> int:
    definition = Definition(initiative_id=initiative_id, title="What the square needs")
    session.add(definition)
    session.flush()
    version = DefinitionVersion(
        definition_id=definition.key,
        number=1,
        state=VersionState.IN_DISCUSSION.value,
        statement=statement,
        opened_at=builders.START,
    )
    session.add(version)
    session.flush()
    return version.key
