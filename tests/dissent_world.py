"""What tests of dissent start from: a definition in discussion, a convening, its room."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from convening.dissent_drafts import DissentDraft
from convening.vocabulary import (
    Group,
    InvitationStatus,
    NoteRelease,
    NoteState,
    Role,
    RoomState,
    Strength,
    VersionState,
)
from db.base import now
from db.queries.accounts import actor
from db.tables.accounts import TeamMembership
from db.tables.room import Room
from db.tables.understanding import AnonymousNote, Definition, DefinitionVersion
from tests import builders
from tests.builders import People

WORDS = "The square is neglected, and nobody asked why."


@dataclass(frozen=True)
class World:
    """``versions`` are the ids of three: superseded, in discussion, and a draft. Kim keeps the
    dissent of Alice's team; Ada is an administrator and not on it."""

    people: People
    kim: Any
    ada: Any
    definition_id: int
    versions: tuple[int, int, int]
    convening_id: int
    stage_id: int

    @property
    def initiative_id(self) -> int:
        return self.people.initiative_id

    def draft(self, **changes: Any) -> DissentDraft:
        """A concern of the stewards about the version in discussion."""
        usual = DissentDraft(
            uuid=str(uuid4()),
            version_id=self.versions[1],
            strength=Strength.CONCERN,
            statement="Rents rise",
            groups=frozenset({Group.STEWARD}),
            convening_id=self.convening_id,
        )
        return replace(usual, **changes)


def world(session: Session) -> World:
    people = builders.people(session)
    kim, ada = (
        builders.user(session, "Kim", Role.KEEPER),
        builders.user(session, "Ada", Role.ADMINISTRATOR),
    )
    session.add(TeamMembership(initiative_id=people.initiative_id, user_id=kim))
    text = Definition(initiative_id=people.initiative_id, title="The square")
    session.add(text)
    session.flush()
    versions = [
        DefinitionVersion(definition_id=text.key, number=number, state=state, statement=WORDS)
        for number, state in enumerate(
            (VersionState.SUPERSEDED, VersionState.IN_DISCUSSION, VersionState.DRAFT), start=1
        )
    ]
    session.add_all(versions)
    session.flush()
    stage = builders.stage(session, people.initiative_id)
    first, second, third = (each.key for each in versions)
    return World(
        people,
        actor(session, kim),
        actor(session, ada),
        text.key,
        (first, second, third),
        builders.convening(session, stage),
        stage,
    )


def room(
    session: Session,
    convening_id: int,
    release: NoteRelease = NoteRelease.LIVE,
    state: RoomState = RoomState.OPEN,
) -> int:
    row = Room(
        convening_id=convening_id,
        state=state.value,
        release=release.value,
        size=12,
        opened_at=now(),
    )
    session.add(row)
    session.flush()
    return row.key


def note(
    session: Session,
    found: World,
    text: str = "I am afraid",
    *,
    groups: Iterable[Group] = (),
    state: NoteState = NoteState.RELEASED,
    strength: Strength | None = Strength.CONCERN,
) -> str:
    row = AnonymousNote(
        id=str(uuid4()),
        convening_id=found.convening_id,
        version_id=found.versions[1],
        strength=strength.value if strength else "",
        text=text,
        groups=[each.value for each in groups],
        receipt_hash=uuid4().hex,
        state=state.value,
    )
    session.add(row)
    session.flush()
    return row.id


def attended(session: Session, found: World, group: Group, heads: int) -> None:
    """So many people of a group were in the room."""
    for number in range(heads):
        person = builders.person(session, found.initiative_id, f"{group} {number}", group)
        builders.invitation(session, found.convening_id, person, InvitationStatus.ATTENDED)


def adopted(session: Session, version_id: int) -> None:
    """The version was adopted this very moment."""
    row = session.get_one(DefinitionVersion, version_id)
    row.state, row.adopted_at = VersionState.ADOPTED.value, now()
    session.flush()
