"""The lists of a large map and the counts of many invitations are found through indices."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session

from convening.community import PersonFilter
from convening.invitations import REACHED
from convening.roles import Actor
from convening.vocabulary import FunnelStep, Role
from db import transaction
from db.engine import Engines
from db.queries import accounts, balance, community, convenings, how_often, overviews, places
from db.samples import large
from tests import builders, statements

PEOPLE, INVITATIONS = 3000, 12000
_PARAMETER = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def filled(engines: Engines) -> tuple[int, Actor]:
    """The initiative, on a database that has looked at its tables, and its manager."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, "Alice", Role.ORGANISER)
        made = large.write(session, user_id, people=PEOPLE, invitations=INVITATIONS)
        session.execute(text("ANALYZE"))
        return made, accounts.actor(session, user_id)


def plans(session: Session, found: list[str]) -> Iterator[str]:
    """How the database goes about each of the statements, whatever their parameters."""
    cursor = session.connection().connection.cursor()
    for statement in found:
        if session.get_bind().dialect.name == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?"))
        else:
            for number, name in enumerate(dict.fromkeys(_PARAMETER.findall(statement)), start=1):
                statement = statement.replace(f"%({name})s", f"${number}")
            cursor.execute(f"EXPLAIN (GENERIC_PLAN) {statement}")
        yield " / ".join(str(row[-1]) for row in cursor.fetchall())


def test_a_page_of_the_map_comes_from_the_index_of_names(
    engines: Engines, filled: tuple[int, Actor]
) -> None:
    initiative_id, actor = filled
    with transaction.reading(engines) as session:
        with statements.seen(session.get_bind()) as found:
            community.people(session, actor, initiative_id, PersonFilter())
        pages = [each for each in found if "LIMIT" in each]
        assert len(pages) == 1
        (plan,) = plans(session, pages)
    assert "ix_stakeholder_initiative_id_folded" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.parametrize("query", [places.of_initiative, balance.funnel_masks])
def test_counting_reads_the_index_of_invitations_alone(
    engines: Engines, filled: tuple[int, Actor], query: object
) -> None:
    initiative_id, _ = filled
    with transaction.reading(engines) as session:
        with statements.seen(session.get_bind()) as found:
            query(session, initiative_id)  # type: ignore[operator]
        counting = [each for each in found if "invitation" in each and "count" in each]
        assert len(counting) == 1
        (plan,) = plans(session, counting)
        if session.get_bind().dialect.name == "sqlite":
            assert "COVERING INDEX ix_invitation_counting" in plan


def test_one_convening_of_many_is_read_through_indices(
    engines: Engines, filled: tuple[int, Actor]
) -> None:
    initiative_id, actor = filled
    with transaction.reading(engines) as session:
        meeting = convenings.listing(session, actor, initiative_id)[-1]
        with statements.seen(session.get_bind()) as found:
            how_often.before(session, meeting, REACHED[FunnelStep.INVITED])
        counting = [each for each in found if "count" in each]
        (plan,) = plans(session, counting)
        if session.get_bind().dialect.name == "sqlite":
            assert "SEARCH invitation_1 USING INDEX ix_invitation_stakeholder_id" in plan


def test_the_size_of_an_initiative_adds_no_statement(
    engines: Engines, filled: tuple[int, Actor]
) -> None:
    initiative_id, actor = filled
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        few = large.write(session, actor.user_id, people=5, invitations=20)
        actor = accounts.actor(session, actor.user_id)
    with transaction.reading(engines) as session:
        for query in (balance.whole, overviews.page, convenings.nearby, community.summary):
            small = statements.count(session, query, actor, few)
            assert statements.count(session, query, actor, initiative_id) == small
