"""What everybody who was in the room reads of what was said there, by one link."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from convening.dissent_drafts import ResponseDraft
from convening.receipts import Became
from convening.vocabulary import (
    Attribution,
    Group,
    NoteState,
    Outcome,
    Strength,
    VersionState,
)
from convening.word_diff import Change
from db import tokens, transaction
from db.commands import dissent, responses
from db.engine import Engines
from db.queries import receipts
from db.tables.community import GroupName
from db.tables.room import AfterLink
from db.tables.understanding import DefinitionVersion, DissentingView
from tests import builders, dissent_world
from tests.dissent_world import World
from tests.statements import seen

STANDS = ResponseDraft(Outcome.STANDS, "The rent is not in our hands.")


@pytest.fixture
def world(engines: Engines) -> World:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return dissent_world.world(session)


@pytest.fixture
def token(engines: Engines, world: World) -> str:
    """The token of the link to the world's convening."""
    made = tokens.new()
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.add(
            AfterLink(convening_id=world.convening_id, salt=made.salt, token_hash=made.token_hash)
        )
    return made.token


def read(engines: Engines, token: str) -> Became:
    with transaction.reading(engines) as session:
        found = receipts.became(session, token)
    assert found is not None
    return found


def record(session: Session, world: World, **values: object) -> int:
    return int(dissent.record_dissent(session, world.people.alice, world.draft(**values)))


def test_a_link_that_nobody_was_given_opens_nothing(engines: Engines, token: str) -> None:
    with transaction.reading(engines) as session:
        assert [receipts.became(session, each) for each in ("", "x", token + "x")] == [None] * 3


def test_nothing_was_said_yet(engines: Engines, world: World, token: str) -> None:
    found = read(engines, token)
    assert (found.meeting.id, found.said, found.also, found.held) == (
        world.convening_id,
        (),
        (),
        0,
    )


def test_words_groups_and_what_became_of_them(engines: Engines, world: World, token: str) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        dissent_world.attended(session, world, Group.STEWARD, 5)
        stands = record(session, world, statement="Rents rise")
        changes = record(session, world, statement="Who was asked?")
        record(session, world, statement="Too late")
        struck = record(session, world, statement="Not said")
        dissent.strike(session, world.people.alice, struck, "Somebody else said it")
        version = session.get_one(DefinitionVersion, world.versions[2])
        version.state, version.statement = VersionState.IN_DISCUSSION, "Nobody asked."
        alice = world.people.alice
        responses.respond(session, alice, stands, STANDS)
        taken_up = ResponseDraft(Outcome.INCORPORATED, "", version.key)
        responses.respond(session, alice, changes, taken_up)
        session.add(GroupName(initiative_id=world.initiative_id, group="steward", name="residents"))
    found = read(engines, token)
    by_words = {each.entry.statement: each for each in found.said}
    assert set(by_words) == {"Rents rise", "Who was asked?", "Too late"}
    assert {each.groups for each in found.said} == {frozenset({Group.STEWARD})}
    assert found.group_names == {Group.STEWARD: "residents"}
    assert (found.changed, found.standing, found.waiting) == (1, 1, 1)
    [answer] = by_words["Rents rise"].responses
    assert (answer.answer.rationale, answer.changed) == (STANDS.rationale, None)
    [answer] = by_words["Who was asked?"].responses
    assert answer.answer.number == 3
    assert answer.changed is not None
    pieces = [each for part in answer.changed for each in part.pieces]
    assert "".join(each.text for each in pieces if each.change is not Change.REMOVED) == (
        "Nobody asked."
    )


def test_a_group_of_four_is_not_named_and_nobody_without_consent(
    engines: Engines, world: World, token: str
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        dissent_world.attended(session, world, Group.STEWARD, 4)
        person = builders.person(session, world.initiative_id, "Umm Laith", Group.STEWARD)
        named = record(
            session,
            world,
            attribution=Attribution.NAMED,
            stakeholder_id=person,
            agreed_to_name=True,
        )
    found = read(engines, token)
    assert [(each.groups, each.name) for each in found.said] == [(frozenset(), "")]
    assert "Umm Laith" not in repr([replace(each.entry, person="") for each in found.said])
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(DissentingView, named).agreed_to_publish = True
    found = read(engines, token)
    assert [(each.groups, each.name) for each in found.said] == [
        (frozenset({Group.STEWARD}), "Umm Laith")
    ]


def test_notes_are_read_once_they_are_released(engines: Engines, world: World, token: str) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        dissent_world.note(session, world, "Afraid")
        dissent_world.note(session, world, "Thank you", strength=None)
        dissent_world.note(session, world, "Waits", state=NoteState.HELD)
        dissent_world.note(session, world, "Waits too", strength=None, state=NoteState.HELD)
        dissent_world.note(session, world, "Names somebody", state=NoteState.HIDDEN)
    found = read(engines, token)
    assert [each.entry.statement for each in found.said] == ["Afraid"]
    assert (found.also, found.held, found.hidden) == (("Thank you",), 2, 1)
    assert "Waits" not in repr(found)
    assert "Names somebody" not in repr(found)


def test_another_convening_keeps_its_own(engines: Engines, world: World, token: str) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        elsewhere = builders.convening(session, world.stage_id, "Another evening")
        record(session, world, convening_id=elsewhere, statement="Said elsewhere")
    assert read(engines, token).said == ()


def test_many_views_are_read_with_as_many_statements_as_one(
    engines: Engines, world: World, token: str
) -> None:
    def add(number: int) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            for _ in range(number):
                made = record(session, world, strength=Strength.CONCERN)
                responses.respond(session, world.people.alice, made, STANDS)
                dissent_world.note(session, world)

    add(1)
    with seen(engines.read) as one:
        read(engines, token)
    add(4)
    with seen(engines.read) as many:
        assert len(read(engines, token).said) == 10
    assert len(many) == len(one)
