"""Who may follow a room, asked for everybody at once."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from convening.vocabulary import RoomState
from db.commands import login
from db.queries.watching import Watcher, Watching, allowed
from db.tables.accounts import LoginSession, User
from db.tables.room import Room
from tests import builders
from tests.builders import People


@pytest.fixture
def people(session: Session) -> People:
    return builders.people(session)


@pytest.fixture
def meeting(session: Session, people: People) -> int:
    return builders.convening(session, builders.stage(session, people.initiative_id))


@pytest.fixture
def begin(session: Session) -> Callable[[int], int]:
    """``begin(user)`` signs a user in and returns the id of the login."""

    def one(user_id: int) -> int:
        login.begin_session(session, session.get_one(User, user_id))
        found = session.exec(select(LoginSession.id)).all()
        return max(each for each in found if each is not None)

    return one


def test_the_team_that_runs_the_room_may_and_nobody_else(
    session: Session, people: People, meeting: int, begin: Callable[[int], int]
) -> None:
    alice, bob, charlie, dana = (
        begin(each.user_id) for each in (people.alice, people.bob, people.charlie, people.dana)
    )
    asked = [Watcher(each, meeting) for each in (alice, bob, charlie, dana, 999)]
    assert allowed(session, asked).allowed.keys() == {
        Watcher(alice, meeting),
        Watcher(bob, meeting),
    }
    assert allowed(session, [Watcher(bob, 999)]) == Watching({}, frozenset())
    assert allowed(session, []) == Watching({}, frozenset())


def test_a_login_that_ended_may_not(
    session: Session, people: People, meeting: int, begin: Callable[[int], int]
) -> None:
    ended, living = begin(people.bob.user_id), begin(people.bob.user_id)
    login.end_session(session, ended)
    session.flush()
    asked = [Watcher(ended, meeting), Watcher(living, meeting)]
    assert allowed(session, asked).allowed.keys() == {Watcher(living, meeting)}


def test_whose_account_was_closed_may_not(
    session: Session, people: People, meeting: int, begin: Callable[[int], int]
) -> None:
    bob = begin(people.bob.user_id)
    session.get_one(User, people.bob.user_id).active = False
    session.flush()
    assert allowed(session, [Watcher(bob, meeting)]).allowed.keys() == frozenset()


@pytest.mark.parametrize("state", list(RoomState))
def test_only_an_open_room_keeps_its_logins_busy(
    session: Session,
    people: People,
    meeting: int,
    begin: Callable[[int], int],
    state: RoomState,
) -> None:
    bob = begin(people.bob.user_id)
    session.add(Room(convening_id=meeting, state=state.value))
    session.flush()
    found = allowed(session, [Watcher(bob, meeting)])
    assert found.allowed.keys() == {Watcher(bob, meeting)}
    assert found.busy == ({bob} if state is RoomState.OPEN else set())
