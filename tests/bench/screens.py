"""Waits of people in front of screens, each measured in turns with the reference's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import load, servers
from tests.bench.load import Session, Target
from tests.bench.rows import Row, row
from tests.bench.servers import FLOOR, OURS, REFERENCE, Filled, Server

TOGETHER = 20
SCREEN_LIMIT, LARGE_LIMIT, START_LIMIT, ARRIVAL_LIMIT = 1.5, 2.0, 2.0, 1.5


@asynccontextmanager
async def opened(targets: Mapping[str, Target]) -> AsyncIterator[dict[str, Session]]:
    """One session on each target, with its first run behind it."""
    sessions = {name: Session(target) for name, target in targets.items()}
    try:
        for each in sessions.values():
            await each.open()
        yield sessions
    finally:
        await load.close([*sessions.values()])


async def in_turns(targets: Mapping[str, Target], rounds: int) -> dict[str, list[float]]:
    """Reruns of one session on each target, round by round; the first round only warms up."""
    waits: dict[str, list[float]] = {name: [] for name in targets}
    async with opened(targets) as sessions:
        for turn in range(rounds + 1):
            for name, session in sessions.items():
                wait = await session.rerun()
                if turn:
                    waits[name].append(wait)
    return waits


async def together(targets: Mapping[str, Target], rounds: int) -> dict[str, list[float]]:
    """The same with ``TOGETHER`` sessions on each target, which all ask at the same moment."""
    waits: dict[str, list[float]] = {name: [] for name in targets}
    groups = {name: [Session(target) for _ in range(TOGETHER)] for name, target in targets.items()}
    try:
        for group in groups.values():
            for session in group:
                await session.open()
        for _ in range(rounds):
            for name, group in groups.items():
                waits[name] += await load.all_at_once(group)
    finally:
        await asyncio.gather(*(load.close(group) for group in groups.values()))
    return waits


async def samples(
    ours: Server,
    reference: Server,
    floor: Server,
    filled: Filled,
    names: Sequence[str],
    rounds: int,
) -> list[Row]:
    """Every screen with the sample data, for one session and for twenty."""
    targets = {"floor": Target(floor.url), "reference": Target(reference.url)}
    targets |= {name: filled.target(ours, name) for name in names}
    alone = await in_turns(targets, rounds)
    rows = [row("reference beside floor", alone["floor"], alone["reference"], None)]
    rows += [row(f"{n}, 1 session", alone["reference"], alone[n], SCREEN_LIMIT) for n in names]
    for name in names:
        pair = {"reference": targets["reference"], name: targets[name]}
        crowd = await together(pair, max(1, rounds // 6))
        rows.append(row(f"{name}, {TOGETHER} sessions", crowd["reference"], crowd[name], None))
    return rows


async def at_size(
    small: Server,
    large: Server,
    filled: tuple[Filled, Filled],
    names: Sequence[str],
    rounds: int,
    people: str,
) -> list[Row]:
    """Every screen with many people beside the same screen with the sample data."""
    few, many = filled
    targets = {f"{name} small": few.target(small, name) for name in names}
    targets |= {f"{name} large": many.target(large, name) for name in names}
    waits = await in_turns(targets, rounds)
    return [
        row(f"{name}, {people}", waits[f"{name} small"], waits[f"{name} large"], LARGE_LIMIT)
        for name in names
    ]


async def memory(ours: Server, reference: Server, target: Target) -> Row:
    """Megabytes that each of twenty open sessions adds."""
    values = []
    for server, wanted in ((reference, Target(reference.url)), (ours, target)):
        first, _, _ = await load.crowd(wanted, 1)  # loads what all of them share
        before = server.memory
        others, _, _ = await load.crowd(wanted, TOGETHER)
        values.append(max(0.0, server.memory - before) / TOGETHER)
        await load.close([*first, *others])
    return row("memory of a session", [max(values[0], 0.01)], [values[1]], None, "MB")


async def arrival(ours: Target, reference: Target, rounds: int) -> Row:
    """Until the last of twenty who come at once has the screen."""
    waits: dict[str, list[float]] = {"reference": [], "ours": []}
    for _ in range(rounds):
        for name, target in (("reference", reference), ("ours", ours)):
            sessions, _, last = await load.crowd(target, TOGETHER)
            await load.close(sessions)
            waits[name].append(last)
    return row(
        f"{TOGETHER} people arrive at once", waits["reference"], waits["ours"], ARRIVAL_LIMIT
    )


async def start(folder: Path, filled: Filled, rounds: int) -> Row:
    """From the start of the process to the end of somebody's first run."""
    waits: dict[str, list[float]] = {REFERENCE: [], OURS: []}
    for _ in range(rounds):
        for application in (REFERENCE, OURS):
            database = filled.database if application == OURS else ""
            loop = asyncio.get_running_loop()
            begun = loop.time()
            server = servers.begin(application, folder, database=database)
            try:
                await asyncio.to_thread(servers.answering, server)
                ours = application == OURS
                target = filled.target(server, "home") if ours else Target(server.url)
                async with load.Session(target):
                    waits[application].append((loop.time() - begun) * 1000)
            finally:
                server.stop()
    return row("server start to first screen", waits[REFERENCE], waits[OURS], START_LIMIT)


@contextlib.contextmanager
def three(folder: Path, filled: Filled):  # type: ignore[no-untyped-def]
    """Ours, the reference and the floor, running."""
    with (
        servers.running(OURS, folder, database=filled.database) as ours,
        servers.running(REFERENCE, folder) as reference,
        servers.running(FLOOR, folder) as floor,
    ):
        yield ours, reference, floor
