"""A room with everybody in it: what a phone waits for, when the screens show it, what they cost.

The floor of a post is a bare Starlette route that inserts the same row into the same table. What
has to be seen within a time is measured against that time.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from convening.vocabulary import Choice, EntryKind, Group
from db import migrate, transaction
from db.commands import login
from db.engine import connect
from db.tables.accounts import User
from tests import builders, rooms
from tests.bench import load, servers
from tests.bench.live import LiveScreen
from tests.bench.load import Target
from tests.bench.phones import Phone
from tests.bench.rows import Row, percentile
from tests.bench.servers import OURS, Server

T = TypeVar("T")
FLOOR = "tests.bench.apps.posted:app"
POST_LIMIT = 3.0  # p95 of a post, over that of the floor
SEEN_MS = {30: 500.0, 200: 1500.0}  # from a write to its being seen on all of so many screens
IDLE_PERCENT = 2.0  # of a core
STAFF_SCREENS = ("room", "wall")
_PAUSE_SECONDS = 1.0  # in which screens come to rest after a write
_TURNS = 3
_STATEMENTS = 6
_GROUPS = [[each.value] for each in Group] + [["steward", "gateway"], []]


@dataclass(frozen=True)
class Size:
    """How much of it: ``people`` in the room, ``seconds`` in which they come, ``screens`` to which
    ``writes`` are timed, ``idle`` screens and the seconds for which they are watched."""

    people: int = 200
    seconds: float = 60.0
    screens: Sequence[int] = (30, 200)
    writes: int = 20
    idle: int = 100
    idle_seconds: float = 30.0


QUICK = Size(people=20, seconds=3.0, screens=(5,), writes=4, idle=5, idle_seconds=3.0)


@dataclass(frozen=True)
class Held:
    """A database with one open room, and the login of somebody of its team."""

    database: str
    token: str
    user_id: int
    cookie: str
    convening_id: int
    hand: str
    statement_ids: tuple[int, ...]


def measure(folder: Path, size: Size) -> list[Row]:
    """Every figure of a room; raises where anybody gets an error."""
    found = _at_once(folder, size.people)
    bare, held = hold(folder, "bare", size.people), hold(folder, "spread", size.people)
    with (
        servers.running(FLOOR, folder, database=bare.database) as floor,
        servers.running(OURS, folder, database=held.database) as ours,
    ):
        spread = asyncio.run(_bare(floor, size.people, size.seconds))
        posts = asyncio.run(_spread(ours, held, size))
    name = f"{size.people} people within {size.seconds:.0f} s, posts"
    found.append(_against(name, spread, posts))
    found += _screens(folder, size)
    return found


def hold(folder: Path, name: str, people: int) -> Held:
    """A room that ``people`` attend, and somebody of its team with a long login."""
    database = f"sqlite:///{folder / f'room-{name}.sqlite3'}"
    engines = connect(database)
    migrate.upgrade(engines.write)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        room = rooms.open_room(
            session,
            team.initiative_id,
            size=people,
            question="What would make you stay?",
            statements=tuple(f"Statement {n}" for n in range(_STATEMENTS)),
        )
        bob = session.get_one(User, team.bob.user_id)
        cookie = login.begin_session(session, bob, keep=True).token
    engines.dispose()
    hand = urlencode({"initiative": team.initiative_id, "convening": room.convening_id})
    return Held(
        database,
        room.token,
        team.bob.user_id,
        f"halqa_login={cookie}",
        room.convening_id,
        hand,
        room.statement_ids,
    )


# -- phones ---


def _at_once(folder: Path, people: int) -> list[Row]:
    """Posts of all at one moment, in turns with the floor's: a machine is not equally fast at all
    times. Somebody has posted before, on both."""
    waited: dict[str, list[float]] = {"floor": [], "enter": [], "note": [], "vote": []}
    for turn in range(_TURNS):
        bare, held = hold(folder, f"bare-{turn}", people), hold(folder, f"once-{turn}", people)
        with (
            servers.running(FLOOR, folder, database=bare.database) as floor,
            servers.running(OURS, folder, database=held.database) as ours,
        ):
            asyncio.run(_bare(floor, 1, 0.0))
            asyncio.run(_together(ours, held, 1))
            waited["floor"] += asyncio.run(_bare(floor, people, 0.0))
            for name, values in asyncio.run(_together(ours, held, people)).items():
                waited[name] += values
    return [
        _against(f"{people} people at one moment, {name}", waited["floor"], waited[name])
        for name in ("enter", "note", "vote")
    ]


async def _bare(server: Server, people: int, seconds: float) -> list[float]:
    async def post(number: int, phone: Phone) -> float:
        return await phone.note("", f"A note of {number}")

    async with _phones(server, "bare", people) as phones:
        return await _each(phones, post, seconds)


async def _together(server: Server, held: Held, people: int) -> dict[str, list[float]]:
    """All enter at one moment, then all leave a note at one moment, then all vote.

    The pages whose forms they fill in were read before."""
    async with _phones(server, held.token, people) as phones:
        nonces = await _each(phones, lambda _, phone: phone.form())
        entered = await _each(phones, lambda number, phone: _enter(number, phone, nonces[number]))
        nonces = await _each(phones, lambda _, phone: phone.form())
        noted = await _each(
            phones, lambda number, phone: phone.note(nonces[number], f"A note of {number}")
        )
        voted = await _each(
            phones, lambda number, phone: phone.vote(held.statement_ids[0], _choice(number))
        )
    return {"enter": entered, "note": noted, "vote": voted}


async def _spread(server: Server, held: Held, size: Size) -> list[float]:
    """One after another they come, enter, leave a note and vote: every post of theirs."""

    async def take_part(number: int, phone: Phone) -> list[float]:
        entered = await _enter(number, phone, await phone.form())
        noted = await phone.note(await phone.form(), f"A note of {number}")
        return [entered, noted, await phone.vote(held.statement_ids[0], _choice(number))]

    async with _phones(server, held.token, size.people) as phones:
        waited = await _each(phones, take_part, size.seconds)
    return list(itertools.chain.from_iterable(waited))


async def _enter(number: int, phone: Phone, nonce: str) -> float:
    return await phone.enter(nonce, *_GROUPS[number % len(_GROUPS)])


def _choice(number: int) -> str:
    return list(Choice)[number % len(Choice)].value


@asynccontextmanager
async def _phones(server: Server, token: str, people: int) -> AsyncIterator[list[Phone]]:
    phones = [Phone(server.url, token) for _ in range(people)]
    try:
        yield phones
    finally:
        await asyncio.gather(*(each.hang_up() for each in phones))


async def _each(
    phones: Sequence[Phone],
    do: Callable[[int, Phone], Awaitable[T]],
    seconds: float = 0.0,
) -> list[T]:
    """What each of them does, all at one moment or evenly over ``seconds``."""

    async def in_turn(number: int, phone: Phone) -> T:
        await asyncio.sleep(number * seconds / len(phones))
        return await do(number, phone)

    return list(await asyncio.gather(*(in_turn(*each) for each in enumerate(phones))))


def _against(name: str, floor: Sequence[float], values: Sequence[float]) -> Row:
    """The p95 of posts over that of the floor's."""
    base, value = percentile(floor, 95), percentile(values, 95)
    return Row(name, base, value, value / base, "ms", percentile(values, 50), value, POST_LIMIT)


# -- screens ---


def _screens(folder: Path, size: Size) -> list[Row]:
    found = []
    for screens in size.screens:
        held = hold(folder, f"seen-{screens}", size.people)
        with servers.running(OURS, folder, database=held.database) as ours:
            voted, logged = asyncio.run(_seen(ours, held, screens, size))
        limit = SEEN_MS.get(screens, max(SEEN_MS.values()))
        for what, waited in (("a vote", voted), ("an entry", logged)):
            name = f"from {what} to {screens} screens, {size.people} people joined"
            found.append(_within(name, limit, waited, "ms"))
    held = hold(folder, "idle", size.people)
    with servers.running(OURS, folder, database=held.database) as ours:
        percent = asyncio.run(_idle(ours, held, size))
    found.append(_within(f"{size.idle} idle screens", IDLE_PERCENT, [percent], "% of a core"))
    return found


async def _seen(
    server: Server, held: Held, screens: int, size: Size
) -> tuple[list[float], list[float]]:
    """Milliseconds until each of the screens shows that something changed: from a vote, which the
    walls draw, and from logging an entry, for which the room's own screens have to run."""

    async def come(number: int, phone: Phone) -> float:
        return await _enter(number, phone, await phone.form())

    async with _phones(server, held.token, size.people) as phones:
        await _each(phones, come, min(size.seconds, size.people / 20))
        opened = await _open(server, held, screens)

        async def vote(turn: int) -> None:
            statement = held.statement_ids[turn % len(held.statement_ids)]
            await phones[turn % len(phones)].vote(statement, _choice(turn))

        async def log(turn: int) -> None:
            await _log(scribe, held, turn)

        async with Phone(server.url, cookie=held.cookie) as scribe:
            voted = await _times(vote, opened, size.writes)
            logged = await _times(log, opened, size.writes)
        await load.close(opened)
    return voted, logged


async def _times(
    write: Callable[[int], Awaitable[None]], opened: Sequence[LiveScreen], writes: int
) -> list[float]:
    """For each write, milliseconds until each of the screens shows it."""
    waited: list[float] = []
    for turn in range(writes):
        await asyncio.sleep(_PAUSE_SECONDS + len(opened) * 0.02)
        before = [each.drawn for each in opened]
        start = time.perf_counter()
        await write(turn)
        shown = [each.seen(drawn) for each, drawn in zip(opened, before, strict=True)]
        waited += [(at - start) * 1000 for at in await asyncio.gather(*shown)]
    return waited


async def _log(scribe: Phone, held: Held, turn: int) -> None:
    """What the scribe's screen sends of its own accord."""
    entry = {
        "what": EntryKind.POINT.value,
        "uuid": str(uuid4()),
        "by": held.user_id,
        "groups": [list(Group)[turn % len(Group)].value],
        "text": f"A point of {turn}",
    }
    await scribe.ask("POST", f"/room-log/{held.convening_id}", sent=entry)


async def _idle(server: Server, held: Held, size: Size) -> float:
    """Per cent of a core that the server needs for screens on which nothing happens."""
    opened = await _open(server, held, size.idle)
    await asyncio.sleep(5 * _PAUSE_SECONDS)
    before, start = server.seconds, time.monotonic()
    await asyncio.sleep(size.idle_seconds)
    percent = 100 * (server.seconds - before) / (time.monotonic() - start)
    await load.close(opened)
    return percent


async def _open(server: Server, held: Held, screens: int) -> list[LiveScreen]:
    """So many tabs of the team's, opened one after another, each with its event stream."""
    opened = []
    for number in range(screens):
        path = f"/{STAFF_SCREENS[number % len(STAFF_SCREENS)]}"
        screen = LiveScreen(Target(server.url, path, held.hand, held.cookie))
        await screen.open()
        await screen.follow()
        opened.append(screen)
    return opened


def _within(name: str, most: float, values: Sequence[float], unit: str) -> Row:
    """The p95 over the most that it may be."""
    value = percentile(values, 95)
    return Row(name, most, value, value / most, unit, percentile(values, 50), value, 1.0)
