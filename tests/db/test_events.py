"""Whoever listens hears of a room's changes once they are committed, by whatever process."""

import threading
from collections.abc import Iterator
from queue import Queue

import pytest
from sqlalchemy import text

from db import events, listening, transaction
from db.engine import Engines
from db.listening import Listener
from tests import builders

WORKSHOP, OTHER = 7, 8


@pytest.fixture
def heard() -> Iterator[list[int]]:
    found: list[int] = []
    stop = events.subscribe(found.append)
    yield found
    stop()


def announce(engines: Engines, *convening_ids: int) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        for each in convening_ids:
            events.announce(session, each)


def test_a_change_is_heard_once_and_after_its_commit(engines: Engines, heard: list[int]) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user = builders.user(session, "Alice")
        events.announce(session, WORKSHOP)
        events.announce(session, WORKSHOP)
        assert heard == []
    assert heard == [WORKSHOP]
    assert user == 1


def test_what_is_rolled_back_is_not_heard(engines: Engines, heard: list[int]) -> None:
    def fail() -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            events.announce(session, WORKSHOP)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert heard == []


def test_whoever_stops_listening_hears_no_more(engines: Engines) -> None:
    found: list[int] = []
    events.subscribe(found.append)()
    announce(engines, WORKSHOP)
    assert found == []


def test_each_change_of_a_room_gives_its_state_another_name() -> None:
    before = events.mark(WORKSHOP), events.mark(OTHER)
    events.publish(WORKSHOP)
    between = events.mark(WORKSHOP), events.mark(OTHER)
    events.publish(events.EVERY)
    after = events.mark(WORKSHOP), events.mark(OTHER)
    assert before[1] == between[1]
    assert len({before[0], between[0], after[0]}) == 3
    assert after[1] != between[1]


def test_a_session_that_reads_knows_what_came_after_it_began(engines: Engines) -> None:
    announce(engines, WORKSHOP)
    with transaction.reading(engines) as session:
        assert events.unchanged(WORKSHOP, events.seen(session))
        announce(engines, OTHER)
        assert events.unchanged(WORKSHOP, events.seen(session))
        announce(engines, WORKSHOP)
        assert not events.unchanged(WORKSHOP, events.seen(session))
    with transaction.reading(engines) as session:
        assert events.unchanged(WORKSHOP, events.seen(session))
        events.publish(events.EVERY)
        assert not events.unchanged(WORKSHOP, events.seen(session))


def test_a_session_that_writes_does_not_say_what_it_can_have_seen(engines: Engines) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        assert events.seen(session) == -1


# -- other processes: PostgreSQL ---


@pytest.fixture
def far(postgresql_engines: Engines, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue[int]]:
    """What a listener hears that takes this process for another one."""
    found: Queue[int] = Queue()
    monkeypatch.setattr(listening.events, "publish", found.put)
    url = postgresql_engines.write.url.render_as_string(hide_password=False)
    with Listener(url) as listener:
        assert listener.wait(20)
        assert found.get(timeout=20) == events.EVERY
        yield found


def notify(engines: Engines, payload: str) -> None:
    with engines.write.begin() as connection:
        connection.execute(text("SELECT pg_notify(:c, :p)"), {"c": events.CHANNEL, "p": payload})


def test_a_change_of_another_process_is_heard_once(
    postgresql_engines: Engines, far: "Queue[int]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PROCESS", "this")
    with transaction.writing(postgresql_engines, actor_id=None, journalled=False) as session:
        monkeypatch.setattr(events, "PROCESS", "another")
        events.announce(session, WORKSHOP)
        events.announce(session, WORKSHOP)
        monkeypatch.setattr(events, "PROCESS", "this")
        session.info.pop(events._ANNOUNCED)  # this process would hear of it at once
    notify(postgresql_engines, "another 9")
    assert [far.get(timeout=20), far.get(timeout=20)] == [WORKSHOP, 9]


def test_its_own_changes_and_odd_words_are_not_heard_again(
    postgresql_engines: Engines, far: "Queue[int]"
) -> None:
    for payload in (f"{events.PROCESS} {WORKSHOP}", "", "nonsense", "another -1", "another x"):
        notify(postgresql_engines, payload)
    notify(postgresql_engines, "another 9")
    assert far.get(timeout=20) == 9


def test_a_connection_that_breaks_is_made_again_and_everything_counts_as_changed(
    postgresql_engines: Engines, far: "Queue[int]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_AGAIN_SECONDS", 0.01)
    with postgresql_engines.write.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
            )
        )
    assert far.get(timeout=20) == events.EVERY
    notify(postgresql_engines, "another 9")
    assert far.get(timeout=20) == 9


def test_no_thread_is_left_when_it_stops(postgresql_engines: Engines) -> None:
    before = threading.active_count()
    with Listener(postgresql_engines.write.url.render_as_string(hide_password=False)) as listener:
        assert listener.wait(20)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_sqlite_has_nothing_to_listen_to() -> None:
    before = threading.active_count()
    with Listener("sqlite:///nowhere.sqlite3") as listener:
        assert threading.active_count() == before
        assert not listener.wait(0)
