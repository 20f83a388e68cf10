"""What costs time without a screen: counting, finding duplicates, importing a list."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from sqlalchemy import insert

from convening import balance, duplicates
from convening.imports import people
from convening.initiatives import InitiativeDraft
from convening.text import fold
from convening.vocabulary import Role
from db import migrate, transaction
from db.base import columns, now
from db.commands import imports, initiatives
from db.engine import Engines, connect
from db.queries.accounts import actor
from db.samples import large
from db.tables.community import Stakeholder
from tests import builders
from tests.bench.rows import Row, row

PEOPLE = 20_000
_INSERTED = ["Name", "Place", "Email", "Phone", "Note"]
_GROUPS = ("steward", "gateway", "influencer", "steward; gateway")


def compare(
    name: str, floor: Callable[[], object], work: Callable[[], object], limit: float, repeat: int
) -> Row:
    """Both in turns, so that a noisy machine disturbs both alike; the first turn only warms up."""
    floors, values = [], []
    for _ in range(repeat + 1):
        floors.append(_timed(floor))
        values.append(_timed(work))
    return row(name, floors[1:], values[1:], limit)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def tabulation() -> Row:
    chance = np.random.default_rng(7)
    stage = chance.integers(0, 6, 100_000)
    mask = chance.integers(0, 8, 100_000)
    frame = pd.DataFrame({"stage": stage, "mask": mask})

    def floor() -> object:
        return frame.groupby(["stage", "mask"]).size()

    wanted = frame.groupby(["stage", "mask"]).size().unstack(fill_value=0).to_numpy()
    if not (balance.tabulate(stage, mask) == wanted).all():
        raise ValueError("tabulate and group-by differ")
    work = lambda: balance.tabulate(stage, mask)  # noqa: E731
    return compare("count 100,000 people by stage and groups", floor, work, 0.5, 20)


def matching() -> Row:
    """Against one pass of rapidfuzz over the pairs whose names have a word that begins alike."""
    listed = list(islice(large.names(), PEOPLE))
    persons = [duplicates.Person(str(n), name) for n, name in enumerate(listed)]
    blocks: dict[str, list[str]] = {}
    for name in map(fold, listed):
        for word in name.split():
            blocks.setdefault(word[:3], []).append(name)

    def floor() -> None:
        for block in blocks.values():
            for position, name in enumerate(block[:200]):
                for other in block[position + 1 : 200]:
                    fuzz.token_sort_ratio(name, other)

    work = lambda: duplicates.find(persons)  # noqa: E731
    return compare("duplicates among 20,000 people", floor, work, 5, 3)


def importing(folder: Path) -> Row:
    """Against pandas reading the same file and one insert of its people into the same table, whose
    indices and constraints cost both alike; groups, organisations and the journal come on top."""
    path = folder / "people.csv"
    path.write_text("\n".join(_lines()), encoding="utf-8")
    with _database(folder) as (engines, user_id):
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            plain = builders.initiative(session, "Plain", manager=user_id)

        def floor() -> None:
            frame = pd.read_csv(path, dtype=str, usecols=_INSERTED).rename(columns=str.lower)
            shared = {"initiative_id": plain, "version": 1, "created_at": now(), "attributes": {}}
            shared |= {"relationship": "none", "money": "none", "consent": "unknown"}
            people = [
                {**shared, **row, "folded": row["name"].lower(), "minor": False}
                for row in frame.to_dict("records")
            ]
            with engines.write.begin() as connection:
                connection.execute(insert(columns(Stakeholder).id.table), people)

        def work() -> None:
            with transaction.writing(engines, actor_id=user_id, command="import") as session:
                viewer = actor(session, user_id)
                made = initiatives.create_initiative(session, viewer, InitiativeDraft("Bench"))
                session.flush()
                imported = people.read(path.read_bytes())
                imports.import_people(session, actor(session, user_id), made, imported, {})

        return compare("import of 20,000 people", floor, work, 3, 5)


@contextmanager
def _database(folder: Path) -> Iterator[tuple[Engines, int]]:
    engines = connect(f"sqlite:///{folder / 'import.sqlite3'}")
    migrate.upgrade(engines.write)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, "Amal", Role.ORGANISER)
    try:
        yield engines, user_id
    finally:
        engines.dispose()


def _lines() -> Iterator[str]:
    """A list as teams keep it: who, where they work and live, how to reach them, their groups."""
    yield "Name,Organisation,Place,Email,Phone,Groups,Relationship,Note"
    employers = [f"{name} Association" for name in islice(large.names(), 400)]
    for number, name in enumerate(islice(large.names(), PEOPLE)):
        first = name.split()[0].lower()
        yield (
            f"{name},{employers[number % 400]},Quarter {number % 40},{first}{number}@example.org,"
            f"+9627{number:08},{_GROUPS[number % 4]},acquainted,Met in {1990 + number % 30}"
        )
