"""A team is the business of whoever manages it, and never without a manager."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import Role
from db import transaction
from db.commands import team
from db.engine import Engines
from db.queries import accounts
from db.queries import team as members
from db.tables.accounts import AuditEvent, TeamMembership, User
from tests import builders


@pytest.fixture
def people(session: Session) -> builders.People:
    return builders.people(session)


def on_team(session: Session, people: builders.People) -> list[tuple[str, bool]]:
    found = members.all_members(session, people.initiative_id)
    return [(each.name, each.manages) for each in found]


def refused(call: Callable[..., Any], *args: Any) -> str:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return caught.value.code


def test_a_manager_brings_somebody_onto_the_team(session: Session, people: builders.People) -> None:
    dana = people.dana.user_id
    assert team.add_member(session, people.alice, people.initiative_id, dana) == dana
    assert on_team(session, people) == [("Alice", True), ("Bob", False), ("Dana", False)]
    assert accounts.actor(session, dana).teams == {people.initiative_id: False}


def test_whoever_is_on_the_team_stays_as_they_are(
    session: Session, people: builders.People
) -> None:
    alice = people.alice.user_id
    team.add_member(session, people.alice, people.initiative_id, alice, False)
    assert on_team(session, people) == [("Alice", True), ("Bob", False)]


def test_only_the_active_can_be_added(session: Session, people: builders.People) -> None:
    session.get_one(User, people.dana.user_id).active = False
    session.flush()
    for user_id in (people.dana.user_id, 999):
        with pytest.raises(NotFound):
            team.add_member(session, people.alice, people.initiative_id, user_id)


def test_managing_takes_an_organiser(session: Session, people: builders.People) -> None:
    charlie, bob = people.charlie.user_id, people.bob.user_id
    outcome = refused(team.set_manages, session, people.alice, people.initiative_id, bob, True)
    assert outcome == "manager_not_organiser"
    team.add_member(session, people.alice, people.initiative_id, charlie, True)
    assert on_team(session, people) == [("Alice", True), ("Bob", False), ("Charlie", True)]
    team.set_manages(session, people.alice, people.initiative_id, charlie, False)
    assert on_team(session, people) == [("Alice", True), ("Bob", False), ("Charlie", False)]


def test_the_last_manager_neither_leaves_nor_steps_back(
    session: Session, people: builders.People
) -> None:
    alice = people.alice.user_id
    for call in (
        lambda: team.remove_member(session, people.alice, people.initiative_id, alice),
        lambda: team.set_manages(session, people.alice, people.initiative_id, alice, False),
    ):
        assert refused(call) == "last_manager"
    assert on_team(session, people) == [("Alice", True), ("Bob", False)]


def test_a_manager_who_was_deactivated_does_not_count(
    session: Session, people: builders.People
) -> None:
    team.add_member(session, people.alice, people.initiative_id, people.charlie.user_id, True)
    session.get_one(User, people.charlie.user_id).active = False
    session.flush()
    alice = people.alice.user_id
    outcome = refused(team.remove_member, session, people.alice, people.initiative_id, alice)
    assert outcome == "last_manager"


def test_one_of_two_managers_may_leave(session: Session, people: builders.People) -> None:
    team.add_member(session, people.alice, people.initiative_id, people.charlie.user_id, True)
    team.remove_member(session, people.alice, people.initiative_id, people.alice.user_id)
    assert on_team(session, people) == [("Bob", False), ("Charlie", True)]


def test_two_managers_cannot_leave_at_the_same_time(engines: Engines) -> None:
    with transaction.writing(engines, actor_id=None) as session:
        people = builders.people(session)
        team.add_member(session, people.alice, people.initiative_id, people.charlie.user_id, True)
        both = [accounts.actor(session, each.user_id) for each in (people.alice, people.charlie)]
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def leave(actor: Actor) -> None:
        together.wait()
        try:
            with transaction.writing(engines, actor_id=actor.user_id) as session:
                team.remove_member(session, actor, people.initiative_id, actor.user_id)
            outcomes.append("done")
        except ConveningError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=leave, args=(actor,)) for actor in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "last_manager"]


def test_everybody_may_leave_by_themselves(session: Session, people: builders.People) -> None:
    team.remove_member(session, people.bob, people.initiative_id, people.bob.user_id)
    assert on_team(session, people) == [("Alice", True)]


def test_a_member_who_does_not_manage_changes_nobody_else(
    session: Session, people: builders.People
) -> None:
    bob, alice, dana = (each.user_id for each in (people.bob, people.alice, people.dana))
    for call in (
        lambda: team.remove_member(session, people.bob, people.initiative_id, alice),
        lambda: team.add_member(session, people.bob, people.initiative_id, dana),
        lambda: team.set_manages(session, people.bob, people.initiative_id, bob, True),
        lambda: team.take_over(session, people.bob, people.initiative_id),
        lambda: members.candidates(session, people.bob, people.initiative_id),
    ):
        with pytest.raises(Forbidden):
            call()
    assert on_team(session, people) == [("Alice", True), ("Bob", False)]


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_a_foreign_team_answers_as_a_missing_one(
    session: Session, people: builders.People, who: str
) -> None:
    stranger: Actor = getattr(people, who)
    own = stranger.user_id
    for initiative_id in (people.initiative_id, 999):
        for call in (
            lambda: members.members(session, stranger, initiative_id),  # noqa: B023
            lambda: members.candidates(session, stranger, initiative_id),  # noqa: B023
            lambda: team.add_member(session, stranger, initiative_id, own),  # noqa: B023
            lambda: team.remove_member(session, stranger, initiative_id, own),  # noqa: B023
            lambda: team.set_manages(session, stranger, initiative_id, own, True),  # noqa: B023
            lambda: team.take_over(session, stranger, initiative_id),  # noqa: B023
        ):
            with pytest.raises(NotFound) as caught:
                call()
            assert caught.value.params == {"what": "initiative"}
    assert on_team(session, people) == [("Alice", True), ("Bob", False)]


def test_an_organiser_takes_over_where_nobody_can_manage(
    session: Session, people: builders.People
) -> None:
    team.add_member(session, people.alice, people.initiative_id, people.charlie.user_id)
    charlie = accounts.actor(session, people.charlie.user_id)
    with pytest.raises(Forbidden):
        team.take_over(session, charlie, people.initiative_id)
    session.get_one(User, people.alice.user_id).active = False
    session.flush()
    team.take_over(session, charlie, people.initiative_id)
    assert on_team(session, people) == [("Alice", True), ("Bob", False), ("Charlie", True)]


def test_a_manager_picks_from_the_active_who_are_not_on_the_team(
    session: Session, people: builders.People
) -> None:
    session.get_one(User, builders.user(session, "Gone", Role.MEMBER)).active = False
    session.flush()
    assert members.candidates(session, people.alice, people.initiative_id) == [
        (people.charlie.user_id, "Charlie"),
        (people.dana.user_id, "Dana"),
    ]


def test_the_team_sees_who_is_on_it(session: Session, people: builders.People) -> None:
    found = members.members(session, people.bob, people.initiative_id)
    assert [(each.name, each.roles, each.leads) for each in found] == [
        ("Alice", {Role.ORGANISER}, True),
        ("Bob", {Role.FACILITATOR}, False),
    ]


def test_every_change_is_logged_with_the_initiative(
    session: Session, people: builders.People
) -> None:
    dana, charlie, initiative = people.dana.user_id, people.charlie.user_id, people.initiative_id
    team.add_member(session, people.alice, initiative, dana)
    team.add_member(session, people.alice, initiative, charlie)
    team.set_manages(session, people.alice, initiative, charlie, True)
    team.remove_member(session, people.alice, initiative, dana)
    rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    assert [(row.action, row.subject_id, row.details) for row in rows] == [
        ("add_member", dana, {"manages": False}),
        ("add_member", charlie, {"manages": False}),
        ("set_manages", charlie, {"manages": True}),
        ("remove_member", dana, {}),
    ]
    assert {(row.actor_id, row.subject, row.initiative_id) for row in rows} == {
        (people.alice.user_id, "user", initiative)
    }


def test_a_membership_stands_once(session: Session, people: builders.People) -> None:
    for _ in range(2):
        team.add_member(session, people.alice, people.initiative_id, people.dana.user_id)
    query = select(TeamMembership).where(TeamMembership.user_id == people.dana.user_id)
    assert len(session.exec(query).all()) == 1
