"""The wall as it is read: for the team alone, as the tables are, and once for everybody."""

import pytest
from sqlmodel import Session

from convening.problems import Forbidden, NotFound
from convening.tallies import Tally
from convening.vocabulary import Choice, Group, RoomState, StatementState
from db import events, transaction
from db.engine import Engines
from db.queries import wall as queries
from db.tables.understanding import Statement
from tests import builders, rooms
from tests.builders import People
from tests.rooms import OpenRoom
from tests.statements import seen

STEWARD, GATEWAY, INFLUENCER = Group


@pytest.fixture
def people(engines: Engines) -> People:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.people(session)


@pytest.fixture
def room(engines: Engines, people: People) -> OpenRoom:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return rooms.open_room(
            session,
            people.initiative_id,
            question="Who decides?",
            statements=("Rents", "Light"),
            declared={frozenset({STEWARD}): 8, frozenset(): 3},
        )


def reveal(session: Session, statement_id: int) -> None:
    row = session.get_one(Statement, statement_id)
    row.state, row.revealed = StatementState.CLOSED.value, True
    session.add(row)


def test_the_team_sees_the_question_the_way_in_and_the_statements(
    engines: Engines, people: People, room: OpenRoom
) -> None:
    with transaction.reading(engines) as session:
        found = queries.wall(session, people.bob, room.convening_id)
    assert (found.title, found.question, found.state) == (
        "The square",
        "Who decides?",
        RoomState.OPEN,
    )
    assert (found.code, found.token) == (room.way_in.code, room.way_in.token)
    assert found.joined == 11
    assert [(each.text, each.voted, each.split) for each in found.statements] == [
        ("Rents", 0, None),
        ("Light", 0, None),
    ]


def test_a_revealed_statement_shows_how_large_groups_voted(
    engines: Engines, people: People, room: OpenRoom
) -> None:
    rents = room.statement_ids[0]
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        builders.votes(session, rents, Choice.DISAGREE, [f"s{n}" for n in range(8)], STEWARD)
        builders.votes(session, rents, Choice.AGREE, [f"i{n}" for n in range(5)], INFLUENCER)
        builders.hands(session, room.convening_id, rents, Choice.AGREE, 2, GATEWAY)
        reveal(session, rents)
    with transaction.reading(engines) as session:
        found = queries.wall(session, people.alice, room.convening_id).statements[-1]
    assert (found.text, found.voted) == ("Rents", 15)
    assert found.split is not None
    assert found.split.everyone == Tally(7, 8, 0)
    assert found.split.groups == {STEWARD: Tally(0, 8, 0), GATEWAY: Tally(2, 0, 0)}


def test_nobody_else_sees_it(engines: Engines, people: People, room: OpenRoom) -> None:
    with transaction.reading(engines) as session:
        with pytest.raises(NotFound):
            queries.wall(session, people.charlie, room.convening_id)
        with pytest.raises((NotFound, Forbidden)):
            queries.wall(session, people.dana, room.convening_id)
        with pytest.raises(NotFound):
            queries.wall(session, people.bob, 999_999)


def test_it_is_read_again_when_a_vote_is_announced_and_not_before(
    engines: Engines, people: People, room: OpenRoom
) -> None:
    def voted() -> int:
        with transaction.reading(engines) as session:
            return queries.wall(session, people.bob, room.convening_id).statements[0].voted

    with transaction.writing(engines, actor_id=1, command="touch") as session:
        builders.person(session, people.initiative_id, "Noor")  # a state with a name
    assert voted() == 0
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        builders.votes(session, room.statement_ids[0], Choice.AGREE, ["v1"])
    assert voted() == 0
    events.publish(room.convening_id)
    assert voted() == 1


def test_a_wall_that_is_kept_costs_a_few_statements(
    engines: Engines, people: People, room: OpenRoom
) -> None:
    with transaction.writing(engines, actor_id=1, command="touch") as session:
        builders.person(session, people.initiative_id, "Noor")
    for _ in range(2):
        with transaction.reading(engines) as session, seen(engines.read) as statements:
            queries.wall(session, people.bob, room.convening_id)
    assert len(statements) <= 4
