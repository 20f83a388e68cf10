"""The stream that tells a browser of a room's changes: who gets one, what it says, when it ends."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from convening.problems import ConveningError
from convening.vocabulary import Choice, Language, Role, RoomState
from db import events as changes
from db import faults, kept, transaction
from db.commands import login
from db.engine import Engines
from db.queries.watching import Watcher
from db.tables.accounts import LoginSession, TeamMembership, User
from db.tables.room import Room
from pages.plain import events, shown
from pages.plain.shown import Found, View
from tests import builders, rooms
from tests.builders import People

ROOM, WALL = View("room"), View("wall")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def people(engines: Engines) -> People:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.people(session)


@pytest.fixture
def meeting(engines: Engines, people: People) -> int:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.convening(session, builders.stage(session, people.initiative_id))


@pytest.fixture
def sign_in(engines: Engines) -> Callable[[int], tuple[int, str]]:
    """``sign_in(user)`` is the id and the token of a new login."""

    def begin(user_id: int) -> tuple[int, str]:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            token = login.begin_session(session, session.get_one(User, user_id)).token
            found = session.exec(
                select(LoginSession.id).where(LoginSession.token_hash == login.token_hash(token))
            ).one()
        assert found is not None
        return found, token

    return begin


@pytest.fixture
def bob(people: People, sign_in: Callable[[int], tuple[int, str]]) -> int:
    return sign_in(people.bob.user_id)[0]


@pytest.fixture(autouse=True)
def no_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PER_RUN_SECONDS", 0.0)
    monkeypatch.setattr(events, "REST_SECONDS", 0.0)


def in_a_loop(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """In a thread of its own: a browser that other tests left open has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


async def following(stream: AsyncGenerator[str, None]) -> str:
    async with asyncio.timeout(20):
        return await anext(stream)


def told(event: str) -> dict[str, Any]:
    """What an event brings."""
    line = event.removesuffix("\n\n").rpartition("\n")[2]
    found: dict[str, Any] = json.loads(line.removeprefix("data: "))
    return found


def test_a_visitor_gets_no_stream(client: TestClient, meeting: int) -> None:
    assert client.get(f"/events/{meeting}/room").status_code == 401


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_nobody_but_the_team_that_runs_the_room_gets_one(
    client: TestClient,
    people: People,
    meeting: int,
    sign_in: Callable[[int], tuple[int, str]],
    who: str,
) -> None:
    client.cookies.set("halqa_login", sign_in(getattr(people, who).user_id)[1])
    foreign = client.get(f"/events/{meeting}/room")
    missing = client.get("/events/999999/room")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content == b""
    assert foreign.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("odd", ["0x1", "-1", "1234567890", "²", "1/2", "%00"])
def test_what_is_no_id_leads_nowhere(
    client: TestClient, people: People, sign_in: Callable[[int], tuple[int, str]], odd: str
) -> None:
    client.cookies.set("halqa_login", sign_in(people.bob.user_id)[1])
    assert client.get(f"/events/{odd}/wall").status_code == 404


def test_whoever_asks_for_the_head_alone_gets_no_stream(
    client: TestClient,
    people: People,
    meeting: int,
    sign_in: Callable[[int], tuple[int, str]],
) -> None:
    client.cookies.set("halqa_login", sign_in(people.bob.user_id)[1])
    answer = client.head(f"/events/{meeting}/room")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_stream_begins_with_the_state_and_names_each_new_one(bob: int, meeting: int) -> None:
    async def follow() -> list[str]:
        stream = events.stream(Watcher(bob, meeting), ROOM)
        first = await following(stream)
        found = [changes.mark(meeting), told(first)["mark"]]
        assert first == f'retry: 2000\n\ndata: {{"mark":"{found[0]}"}}\n\n'
        for convening_id in (meeting, changes.EVERY):
            changes.publish(convening_id)
            found += [changes.mark(meeting), told(await following(stream))["mark"]]
        await stream.aclose()
        return found

    before, first, named, second, named_again, third = in_a_loop(follow)
    assert (first, second, third) == (before, named, named_again)
    assert len({before, second, third}) == 3


def test_changes_that_come_together_are_one_event_and_others_rooms_none(
    bob: int, meeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.2)

    async def follow() -> tuple[str, str, str]:
        stream = events.stream(Watcher(bob, meeting), ROOM)
        await following(stream)
        for _ in range(5):
            changes.publish(meeting)
        changes.publish(meeting + 1)
        found = await following(stream), changes.mark(meeting), await following(stream)
        await stream.aclose()
        return found

    event, expected, after = in_a_loop(follow)
    assert told(event)["mark"] == expected
    assert after == "event: beat\ndata:\n\n"


def test_a_vote_is_drawn_by_the_wall_and_takes_no_run_of_the_room(
    engines: Engines, people: People, bob: int
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        room = rooms.open_room(session, people.initiative_id, statements=("Rents", "Light"))
    watcher = Watcher(bob, room.convening_id)
    arabic = View("wall", Language.ARABIC, dark=True)

    async def follow() -> list[list[dict[str, Any]]]:
        streams = [events.stream(watcher, each) for each in (ROOM, WALL, arabic)]
        for each in streams:
            await following(each)
        found = []
        for voter in ("one", "two"):
            with transaction.writing(engines, actor_id=None, journalled=False) as session:
                builders.votes(session, room.statement_ids[0], Choice.AGREE, [voter])
                changes.announce(session, room.convening_id)
            found.append([told(each) for each in await asyncio.gather(*map(following, streams))])
        with transaction.writing(engines, actor_id=people.bob.user_id) as session:
            session.get_one(Room, room.room_id).question = "Who decides?"
            changes.announce(session, room.convening_id)
        found.append([told(each) for each in await asyncio.gather(*map(following, streams))])
        for each in streams:
            await each.aclose()
        return found

    first, second, asked = in_a_loop(follow)
    assert [each["shape"] for each in first] == [each["shape"] for each in second]
    assert [each["drawn"]["statements"][0]["said"] for each in second[1:]] == ["2 votes.", "صوتان."]
    assert second[0]["drawn"] is None
    assert asked[0]["shape"] != second[0]["shape"]
    assert asked[1]["shape"] == second[1]["shape"]
    assert asked[1]["drawn"]["question"] == "Who decides?"


def test_another_way_in_takes_a_run_of_the_wall(engines: Engines, people: People, bob: int) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        room = rooms.open_room(session, people.initiative_id)
    screens = [(Watcher(bob, room.convening_id), WALL)]
    (before,) = shown.read("1", screens).values()
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = session.get_one(Room, room.room_id)
        row.state, row.code_salt = RoomState.CLOSED.value, ""
        kept.touch(session)
    (after,) = shown.read("2", screens).values()
    assert before.shape != after.shape
    assert room.way_in.token not in before.data + after.data


def test_many_screens_cost_one_reading_and_each_is_asked_for_its_role(
    engines: Engines,
    people: People,
    meeting: int,
    sign_in: Callable[[int], tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bob = (sign_in(each.user_id)[0] for each in (people.alice, people.bob))
    read, asked = shown.read, []

    def noted(mark: str, screens: Collection[tuple[Watcher, View]]) -> Found:
        asked.append(mark)
        return read(mark, screens)

    monkeypatch.setattr(shown, "read", noted)

    async def follow() -> list[str]:
        of_bob = [events.stream(Watcher(bob, meeting), each) for each in (ROOM, WALL, ROOM)]
        streams = [*of_bob, events.stream(Watcher(alice, meeting), ROOM)]
        for each in streams:
            await following(each)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            team = TeamMembership.user_id == people.bob.user_id
            session.delete(session.exec(select(TeamMembership).where(team)).one())
        changes.publish(meeting)
        found = list(await asyncio.gather(*map(following, streams)))
        for each in streams:
            await each.aclose()
        return found

    *of_bob, of_alice = in_a_loop(follow)
    assert of_bob == ["event: ended\ndata:\n\n"] * 3
    assert told(of_alice)["mark"] == asked[0]
    assert len(asked) == 1


def test_a_state_that_cannot_be_read_is_named_alone(
    bob: int, meeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen then runs, and asks for patience."""

    def away(_mark: str, _screens: object) -> Found:
        raise ConveningError(faults.UNREACHABLE)

    monkeypatch.setattr(shown, "read", away)

    async def follow() -> str:
        stream = events.stream(Watcher(bob, meeting), WALL)
        await following(stream)
        changes.publish(meeting)
        found = await following(stream)
        await stream.aclose()
        return found

    assert list(told(in_a_loop(follow))) == ["mark"]


def test_above_fifty_screens_each_is_told_in_its_own_time(
    bob: int, meeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    monkeypatch.setattr(events, "CROWD", 2)
    monkeypatch.setattr(events.random, "uniform", uniform)

    async def follow(screens: int) -> int:
        streams = [events.stream(Watcher(bob, meeting), ROOM) for _ in range(screens)]
        for each in streams:
            await following(each)
        changes.publish(meeting)
        await asyncio.gather(*map(following, streams))
        for each in streams:
            await each.aclose()
        return len(asked)

    assert in_a_loop(lambda: follow(2)) == 0
    assert in_a_loop(lambda: follow(3)) == 3
    assert asked[0] == (0, 0.5)


def test_the_more_screens_the_longer_the_time_between_two_events(
    bob: int, meeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PER_RUN_SECONDS", 0.1)

    async def follow() -> float:
        streams = [events.stream(Watcher(bob, meeting), ROOM) for _ in range(3)]
        for each in streams:
            await following(each)
        changes.publish(meeting)
        await asyncio.gather(*map(following, streams))
        began = asyncio.get_running_loop().time()
        changes.publish(meeting)
        await asyncio.gather(*map(following, streams))
        passed = asyncio.get_running_loop().time() - began
        for each in streams:
            await each.aclose()
        return passed

    assert in_a_loop(follow) > 0.25


@pytest.mark.parametrize("how", ["signed out", "off the team"])
def test_a_screen_is_told_that_its_access_has_ended(
    engines: Engines,
    people: People,
    bob: int,
    meeting: int,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    monkeypatch.setattr(events, "CHECK_SECONDS", 0.01)

    async def follow() -> tuple[str, list[str]]:
        stream = events.stream(Watcher(bob, meeting), ROOM)
        await following(stream)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            if how == "signed out":
                login.end_session(session, bob)
            else:
                of_bob = TeamMembership.user_id == people.bob.user_id
                session.delete(session.exec(select(TeamMembership).where(of_bob)).one())
        return await following(stream), [each async for each in stream]

    assert in_a_loop(follow) == ("event: ended\ndata:\n\n", [])


@pytest.mark.parametrize(("room", "minutes"), [(RoomState.OPEN, 10), (RoomState.CLOSED, 0)])
def test_an_open_room_keeps_a_login_that_looks_at_it_from_running_out(
    engines: Engines,
    people: People,
    meeting: int,
    sign_in: Callable[[int], tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
    room: RoomState,
    minutes: int,
) -> None:
    at = [NOON]
    for module in ("db.commands.login", "db.queries.watching"):
        monkeypatch.setattr(f"{module}.now", lambda: at[0])
    bob = sign_in(people.bob.user_id)[0]
    at[0] += timedelta(minutes=10)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.add(Room(convening_id=meeting, state=room.value))
    monkeypatch.setattr(events, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(events, "RENEW_SECONDS", 0.0)
    looked: list[int] = []
    renew = events._renew

    def renew_and_note(login_session_ids: frozenset[int]) -> None:
        renew(login_session_ids)
        looked.append(1)

    monkeypatch.setattr(events, "_renew", renew_and_note)

    async def follow() -> None:
        stream = events.stream(Watcher(bob, meeting), ROOM)
        await following(stream)
        async with asyncio.timeout(20):
            while not looked:
                await asyncio.sleep(0.01)
        await stream.aclose()

    in_a_loop(follow)
    with transaction.reading(engines) as session:
        renewed = session.get_one(LoginSession, bob).last_active_at
    assert (renewed - NOON) / timedelta(minutes=1) == minutes


def test_while_the_database_is_away_a_stream_goes_on(
    bob: int, meeting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "CHECK_SECONDS", 0.01)
    asked: list[int] = []

    def away(_watchers: object) -> None:
        asked.append(1)
        raise RuntimeError("away")

    monkeypatch.setattr(events, "_ask", away)

    async def follow() -> tuple[str, str]:
        stream = events.stream(Watcher(bob, meeting), ROOM)
        await following(stream)
        async with asyncio.timeout(20):
            while len(asked) < 2:
                await asyncio.sleep(0.01)
        changes.publish(meeting)
        found = changes.mark(meeting), told(await following(stream))["mark"]
        await stream.aclose()
        return found

    named, mark = in_a_loop(follow)
    assert mark == named


def test_nothing_is_left_when_the_last_stream_has_ended(bob: int, meeting: int) -> None:
    async def follow() -> tuple[int, int, int]:
        before = len(changes._listeners)
        streams = [events.stream(Watcher(bob, meeting), ROOM) for _ in range(2)]
        for each in streams:
            await following(each)
        during = len(changes._listeners)
        for each in streams:
            await each.aclose()
        return before, during, len(changes._listeners)

    before, during, after = in_a_loop(follow)
    assert (during, after) == (before + 1, before)


def test_a_role_alone_does_not_open_a_room(
    engines: Engines, client: TestClient, meeting: int, sign_in: Callable[[int], tuple[int, str]]
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ada = builders.user(session, "Ada", Role.ADMINISTRATOR)
    client.cookies.set("halqa_login", sign_in(ada)[1])
    assert client.get(f"/events/{meeting}/room").status_code == 404
