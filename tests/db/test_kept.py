"""Counts are kept for as long as nothing was written that they depend on, and no longer."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from convening.community import PersonFilter
from convening.vocabulary import Group, GuidingQuestion
from db import kept, transaction
from db.commands import community
from db.engine import Engines
from db.queries import balance
from db.queries.community import matching_ids
from db.tables.accounts import User
from db.tables.journal import DataVersion
from tests import builders, statements
from tests.builders import People


@pytest.fixture
def people(engines: Engines) -> People:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.people(session)


@pytest.fixture
def counted(engines: Engines) -> Callable[[int], int]:
    """Asks for a count of an initiative in a transaction of its own; how often it was made."""
    made: dict[int, int] = {}

    def ask(initiative_id: int) -> int:
        def count() -> int:
            made[initiative_id] = made.get(initiative_id, 0) + 1
            return made[initiative_id]

        with transaction.reading(engines) as session:
            return kept.value(session, initiative_id, "test", count)

    return ask


def add(engines: Engines, people: People, name: str) -> None:
    with transaction.writing(engines, actor_id=people.alice.user_id, command="add") as session:
        builders.person(session, people.initiative_id, name)
        kept.concerns(session, people.initiative_id)


def test_a_count_is_made_anew_after_its_initiative_changed(
    engines: Engines, people: People, counted: Callable[[int], int]
) -> None:
    own, foreign = people.initiative_id, people.foreign_id
    assert [counted(own), counted(own), counted(foreign)] == [1, 1, 1]
    add(engines, people, "Amina")
    assert [counted(own), counted(own), counted(foreign)] == [2, 2, 1]


def test_a_change_that_names_no_initiative_counts_for_all(
    engines: Engines, people: People, counted: Callable[[int], int]
) -> None:
    assert [counted(people.initiative_id), counted(people.foreign_id)] == [1, 1]
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        builders.person(session, people.initiative_id, "Amina")
    assert [counted(people.initiative_id), counted(people.foreign_id)] == [2, 2]


def test_what_does_not_belong_to_an_initiative_changes_no_count(
    engines: Engines, people: People, counted: Callable[[int], int]
) -> None:
    assert counted(people.initiative_id) == 1
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(User, people.alice.user_id).name = "Alice Haddad"
    assert counted(people.initiative_id) == 1


def test_a_transaction_that_fails_leaves_the_count(
    engines: Engines, people: People, counted: Callable[[int], int]
) -> None:
    assert counted(people.initiative_id) == 1

    def fail() -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            builders.person(session, people.initiative_id, "Amina")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert counted(people.initiative_id) == 1


def test_a_state_that_comes_back_has_its_old_name(
    engines: Engines, people: People, counted: Callable[[int], int]
) -> None:
    """As a restored backup brings back the rows and their token together."""
    with transaction.reading(engines) as session:
        before = {row.initiative_id: row.token for row in session.exec(select(DataVersion))}
    assert counted(people.initiative_id) == 1
    add(engines, people, "Amina")
    assert counted(people.initiative_id) == 2
    with Session(engines.write) as session, session.begin():
        for row in session.exec(select(DataVersion)):
            if row.initiative_id in before:
                row.token = before[row.initiative_id]
            else:
                session.delete(row)
    assert counted(people.initiative_id) == 3  # what was kept is of the state that was left


def test_a_writer_sees_what_it_wrote(engines: Engines, people: People) -> None:
    own = people.initiative_id
    with transaction.reading(engines) as session:
        assert balance.map_masks(session, [own]) == {own: {}}
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        builders.person(session, own, "Amina", Group.STEWARD)
        assert balance.map_masks(session, [own]) == {own: {1: 1}}
    with transaction.reading(engines) as session:
        assert balance.map_masks(session, [own]) == {own: {1: 1}}


def test_a_kept_count_takes_one_statement(engines: Engines, people: People) -> None:
    own = people.initiative_id
    add(engines, people, "Amina")
    with transaction.reading(engines) as session:
        fresh = statements.count(session, balance.map_masks, [own])
        again = statements.count(session, balance.map_masks, [own])
    assert (fresh, again) == (3, 1)


def test_a_bulk_insert_counts_as_a_change(
    engines: Engines, people: People, counted: Callable[[int], int]
) -> None:
    add(engines, people, "Amina")
    assert counted(people.initiative_id) == 1
    with transaction.writing(
        engines, actor_id=people.alice.user_id, command="place_people"
    ) as session:
        ids = matching_ids(session, people.alice, people.initiative_id, PersonFilter())
        question = GuidingQuestion.LIFE_SHAPED
        community.place_people(session, people.alice, people.initiative_id, ids, question)
    assert counted(people.initiative_id) == 2


def test_of_long_lists_the_last_few_are_kept(engines: Engines, people: People) -> None:
    made: list[int] = []

    def ask(number: int) -> None:
        def count() -> int:
            made.append(number)
            return number

        with transaction.reading(engines) as session:
            name = f"long list {number}"
            kept.value(session, people.initiative_id, name, count, size=kept.LONG_LIST)

    for number in (*range(6), 5, 4, 0):
        ask(number)
    assert made == [*range(6), 0]
