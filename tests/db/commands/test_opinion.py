"""Conversations: statements from waiting to closed, and one that was held elsewhere."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from convening.definitions import DefinitionDraft, VersionDraft
from convening.imports import polis_files
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.statements import MOST_STATEMENTS, ConversationDraft, StatementDraft
from convening.vocabulary import Choice, DefinitionField, Group, StatementState
from db import events, transaction
from db.commands import definitions, opinion, trash
from db.engine import Engines
from db.queries import opinion as reading
from db.queries import trash as deleted
from db.tables.room import Room
from db.tables.understanding import Statement, Vote
from tests import builders

W, O, C, H = StatementState  # noqa: E741
Write = Callable[..., Any]
DATA = Path(__file__).parents[2] / "data" / "opinion"


@pytest.fixture
def people(engines: Engines) -> builders.People:
    with transaction.writing(engines, actor_id=None) as session:
        return builders.people(session)


@pytest.fixture
def write(engines: Engines, people: builders.People) -> Write:
    """``write(command, ...)`` runs a command as Bob, who facilitates, in a transaction."""

    def run(command: Callable[..., Any], *args: Any) -> Any:
        with transaction.writing(
            engines, actor_id=people.bob.user_id, command=command.__name__
        ) as session:
            return command(session, people.bob, *args)

    return run


@pytest.fixture
def meeting(engines: Engines, people: builders.People) -> int:
    with transaction.writing(engines, actor_id=None) as session:
        return builders.convening(session, builders.stage(session, people.initiative_id))


def states(engines: Engines, conversation_id: int) -> list[tuple[str, bool]]:
    with transaction.reading(engines) as session:
        return [
            (each.state, each.revealed)
            for each in session.exec(
                select(Statement)
                .where(Statement.conversation_id == conversation_id)
                .order_by(col(Statement.number))
            )
        ]


def started(write: Write, people: builders.People, *texts: str) -> tuple[int, list[int]]:
    made = write(opinion.create_conversation, ConversationDraft(people.initiative_id, " Square "))
    ids = [write(opinion.add_statement, StatementDraft(made, text)) for text in texts]
    return made, ids


def test_a_statement_waits_until_it_is_opened(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, [first, second] = started(write, people, " Rents rise ", "Who decides?")
    with transaction.reading(engines) as session:
        listed = reading.statements(session, people.alice, made)
        [conversation] = reading.listing(session, people.alice, people.initiative_id)
    assert [(each.number, each.text, each.state) for each in listed] == [
        (1, "Rents rise", W),
        (2, "Who decides?", W),
    ]
    assert (conversation.title, conversation.statements, conversation.waiting) == ("Square", 2, 2)
    assert write(opinion.move_statements, [first, second], O) == 2
    assert states(engines, made) == [(O, False), (O, False)]


def test_what_was_open_keeps_its_words(
    engines: Engines, people: builders.People, write: Write
) -> None:
    _, [first] = started(write, people, "Rents rise")
    write(opinion.edit_statement, StatementDraft(0, "Rents will rise", first, 1))
    with pytest.raises(ConveningError, match="changed_meanwhile"):
        write(opinion.edit_statement, StatementDraft(0, "Rents fall", first, 1))
    write(opinion.move_statements, [first], O)
    with pytest.raises(ConveningError, match="statement_was_open"):
        write(opinion.edit_statement, StatementDraft(0, "Rents fall", first))
    with transaction.writing(engines, actor_id=None) as session:
        builders.votes(session, first, Choice.AGREE, "a")
    write(opinion.move_statements, [first], H)
    write(opinion.move_statements, [first], W)
    with pytest.raises(ConveningError) as caught:
        write(opinion.edit_statement, StatementDraft(0, "Rents fall", first))
    assert (caught.value.code, caught.value.params) == ("statement_has_votes", {"number": 1})


def test_to_reveal_a_split_ends_the_voting(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, ids = started(write, people, "One", "Two", "Three")
    with pytest.raises(ConveningError) as caught:
        write(opinion.reveal, ids)
    assert (caught.value.code, caught.value.params) == ("statement_not_open", {"number": 1})
    write(opinion.move_statements, ids, O)
    assert write(opinion.reveal, ids[:2]) == 2
    assert states(engines, made) == [(C, True), (C, True), (O, False)]
    write(opinion.reveal, ids[:1], False)
    write(opinion.move_statements, ids[1:2], O)
    assert states(engines, made) == [(C, False), (O, False), (O, False)]


def test_a_statement_that_waits_cannot_be_closed(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, ids = started(write, people, "One", "Two")
    write(opinion.move_statements, ids[:1], O)
    with pytest.raises(ConveningError) as caught:
        write(opinion.move_statements, ids, C)
    assert (caught.value.code, caught.value.params) == (
        "statement_cannot_move",
        {"number": 2, "state": W, "wanted": C},
    )
    assert states(engines, made) == [(O, False), (W, False)]


def test_statements_of_two_conversations_are_not_moved_together(
    people: builders.People, write: Write
) -> None:
    _, [first] = started(write, people, "One")
    _, [second] = started(write, people, "Two")
    for ids in ([first, second], [first, 999], []):
        with pytest.raises(NotFound):
            write(opinion.move_statements, ids, O)


def test_statements_come_from_what_is_contested(
    engines: Engines, people: builders.People, write: Write
) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        definition = definitions.create_definition(
            session, people.alice, DefinitionDraft(people.initiative_id, "The square")
        )
        text = {DefinitionField.CONTESTED: "- Who decides?\n- Who pays?"}
        version = definitions.write_version(session, people.alice, VersionDraft(1, None, text))
        foreign = definitions.create_definition(
            session, people.charlie, DefinitionDraft(people.foreign_id, "Elsewhere")
        )
    assert (definition, foreign) == (1, 2)
    made, _ = started(write, people)
    with transaction.reading(engines) as session:
        [found] = reading.contested(session, people.bob, people.initiative_id)
    assert (found.definition, found.number) == ("The square", 1)
    assert found.points == ("Who decides?", "Who pays?")
    assert write(opinion.seed_statements, made, version, list(found.points)) == 2
    with transaction.reading(engines) as session:
        listed = reading.statements(session, people.bob, made)
    assert [(each.text, each.definition, each.from_version) for each in listed] == [
        ("Who decides?", "The square", 1),
        ("Who pays?", "The square", 1),
    ]
    for other in (2, 999):
        with pytest.raises(NotFound):
            write(opinion.seed_statements, made, other, ["Who?"])
    with pytest.raises(Invalid) as caught:
        write(opinion.seed_statements, made, version, [])
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "statement")
    ]


def test_a_conversation_has_an_end(engines: Engines, people: builders.People, write: Write) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        made, _ = builders.conversation(session, people.initiative_id, *[W] * MOST_STATEMENTS)
    with pytest.raises(ConveningError) as caught:
        write(opinion.add_statement, StatementDraft(made, "One more"))
    assert (caught.value.code, caught.value.params) == (
        "too_many_statements",
        {"limit": MOST_STATEMENTS},
    )


def test_what_people_voted_is_not_deleted(
    engines: Engines, people: builders.People, write: Write, meeting: int
) -> None:
    made, [first] = started(write, people, "Rents rise")
    with transaction.writing(engines, actor_id=None) as session:
        builders.hands(session, meeting, first, Choice.AGREE, 3, Group.STEWARD)
    with pytest.raises(ConveningError, match="conversation_has_votes"):
        write(opinion.delete_conversation, made)


def test_a_deleted_conversation_comes_back_with_its_statements(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, _ = started(write, people, "Rents rise")
    write(opinion.delete_conversation, made)
    with transaction.reading(engines) as session:
        assert reading.listing(session, people.bob, people.initiative_id) == []
        [gone] = deleted.deleted(session, people.alice)
    assert (gone.subject, gone.name) == ("conversation", "Square")
    with transaction.writing(engines, actor_id=people.alice.user_id, command="restore") as session:
        trash.restore(session, people.alice, gone.change_id)
    assert states(engines, made) == [(W, False)]


def test_the_room_hears_of_every_change(
    engines: Engines, people: builders.People, write: Write, meeting: int
) -> None:
    made, ids = started(write, people, "Rents rise")
    with transaction.writing(engines, actor_id=None) as session:
        session.add(Room(convening_id=meeting, conversation_id=made))
    heard: list[int] = []
    stop = events.subscribe(heard.append)
    try:
        write(opinion.move_statements, ids, O)
        write(opinion.edit_conversation, ConversationDraft(0, "Renamed", None, made, 1))
    finally:
        stop()
    assert heard == [meeting, meeting]


def test_a_real_conversation_is_brought_in_with_the_totals_of_every_person(
    engines: Engines, people: builders.People, write: Write
) -> None:
    files = [(DATA / f"{name}.csv").read_bytes() for name in ("votes", "comments")]
    participants = (DATA / "participants-votes.csv").read_bytes()
    [brought] = polis_files.read([*files, participants]).records
    draft = ConversationDraft(people.initiative_id, "Youth and policing")
    made = write(opinion.import_conversation, draft, brought)
    assert Counter(state for state, _ in states(engines, made)) == {C: 36, H: 3}
    with transaction.reading(engines) as session:
        cast = Counter((each.voter, each.choice) for each in session.exec(select(Vote)))
        [conversation] = reading.listing(session, people.bob, people.initiative_id)
    assert (conversation.brought_in, conversation.voters) == (True, 26)
    lines = [line.split(",") for line in participants.decode().splitlines()[1:]]
    assert {
        who: [sum(cast[who, each] for each in Choice), cast[who, "agree"], cast[who, "disagree"]]
        for who, *_ in lines
    } == {who: list(map(int, totals)) for who, _, _, _, *totals in (line[:7] for line in lines)}


def test_what_was_brought_in_can_go_for_good(
    engines: Engines, people: builders.People, write: Write
) -> None:
    files = [(DATA / f"{name}.csv").read_bytes() for name in ("votes", "comments")]
    [brought] = polis_files.read(files).records
    made = write(
        opinion.import_conversation, ConversationDraft(people.initiative_id, "Policing"), brought
    )
    write(opinion.delete_conversation, made)
    with transaction.reading(engines) as session:
        assert session.exec(select(Vote)).all() == []
        assert deleted.deleted(session, people.alice) == []


def test_strangers_may_not_know_and_leadership_may_not_write(
    engines: Engines, people: builders.People, write: Write
) -> None:
    made, ids = started(write, people, "Rents rise")
    with transaction.writing(engines, actor_id=None) as session:
        for stranger in (people.charlie, people.dana):
            with pytest.raises(NotFound):
                reading.results(session, stranger, made)
            with pytest.raises(NotFound):
                opinion.move_statements(session, stranger, ids, O)
            with pytest.raises((NotFound, Forbidden)):
                opinion.create_conversation(
                    session, stranger, ConversationDraft(people.initiative_id, "Mine")
                )
        stage = builders.stage(session, people.foreign_id)
        foreign = builders.convening(session, stage)
        with pytest.raises(NotFound):
            opinion.create_conversation(
                session, people.bob, ConversationDraft(people.initiative_id, "Ours", foreign)
            )
