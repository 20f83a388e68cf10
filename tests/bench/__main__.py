"""``make bench``: each figure as a ratio to a floor that is measured in the same run."""

import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from convening import balance, duplicates
from convening.imports import people
from convening.initiatives import InitiativeDraft
from convening.text import fold
from convening.vocabulary import Role
from db import migrate, transaction
from db.commands import imports, initiatives
from db.engine import connect
from db.queries.accounts import actor
from db.tables.accounts import User, UserRole

RESULTS = Path(__file__).parent / "results.json"
PEOPLE = 20_000
SYLLABLES = [consonant + vowel for consonant in "bdfhjklmnrstwz" for vowel in "aiou"]


@dataclass(frozen=True)
class Row:
    """One figure: times in milliseconds, ``limit`` is the ratio to stay under."""

    name: str
    floor: float
    value: float
    ratio: float
    unit: str
    p50: float
    p95: float
    limit: float


def timed(work: Callable[[], object], repeat: int) -> list[float]:
    """Milliseconds of each of ``repeat`` runs."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return times


def compare(
    name: str, floor: Callable[[], object], work: Callable[[], object], limit: float, repeat: int
) -> Row:
    """The medians of both, run in turns so that a noisy machine disturbs both alike."""
    floors: list[float] = []
    values: list[float] = []
    for _ in range(repeat):
        floors += timed(floor, 1)
        values += timed(work, 1)
    base, value = statistics.median(floors), statistics.median(values)
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return Row(name, base, value, value / base, "ms", value, p95, limit)


def names(count: int) -> list[str]:
    """Made-up names, the same in every run."""
    chance = random.Random(7)

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()

    return [f"{word()} {word()}" for _ in range(count)]


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
    return compare("tabulate 100,000 people", floor, lambda: balance.tabulate(stage, mask), 0.5, 20)


def matching() -> Row:
    """Against one pass of rapidfuzz over the pairs that share a word of their names."""
    listed = names(PEOPLE)
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

    return compare("duplicates in 20,000 people", floor, lambda: duplicates.find(persons), 5, 3)


def importing(folder: Path) -> Row:
    """Against pandas reading the same file and one bulk insert into a bare table."""
    rows = [
        f"{name},{name.split()[0].lower()}{n}@example.org" for n, name in enumerate(names(PEOPLE))
    ]
    data = "\n".join(["Name,Email", *rows]).encode()
    path = folder / "people.csv"
    path.write_bytes(data)
    engines = connect(f"sqlite:///{folder / 'bench.sqlite3'}")
    migrate.upgrade(engines.write)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user = User(email="bench@example.org", name="Bench")
        session.add(user)
        session.flush()
        session.add(UserRole(user_id=user.key, role=Role.ORGANISER))
        session.flush()
        user_id = user.key

    def floor() -> None:
        frame = pd.read_csv(path)
        with sqlite3.connect(folder / "floor.sqlite3") as connection:
            frame.to_sql("people", connection, if_exists="replace", index=False)

    def work() -> None:
        with transaction.writing(engines, actor_id=user_id, command="bench") as session:
            made = initiatives.create_initiative(
                session, actor(session, user_id), InitiativeDraft("Bench")
            )
            session.flush()
            imported = people.read(data)
            imports.import_people(session, actor(session, user_id), made, imported, {})

    row = compare("import of 20,000 people", floor, work, 3, 3)
    engines.dispose()
    return row


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [tabulation(), matching(), importing(Path(folder))]
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2), encoding="utf-8")
    print(
        f"{'figure':32} {'floor ms':>10} {'value ms':>10} {'p95 ms':>10} {'ratio':>8} {'limit':>8}"
    )
    for row in rows:
        print(
            f"{row.name:32} {row.floor:10.1f} {row.value:10.1f} {row.p95:10.1f}"
            f" {row.ratio:10.2f} {row.limit:10.2f}"
        )


if __name__ == "__main__":
    main()
