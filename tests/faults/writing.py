"""People who are put on a map as fast as it goes, what was said about each, and the reckoning.

A writer's process says after every command what came of it, one line in a file that outlives the
process: saved, or refused and why.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from convening.community import PersonDraft, Placement
from convening.problems import ConveningError
from convening.vocabulary import Group
from db import audit, faults, transaction
from db.commands.community import add_person
from db.engine import Engines, connect
from db.queries import accounts
from db.tables.accounts import AuditEvent
from db.tables.community import GroupMembership, Stakeholder
from db.tables.journal import Change
from tests import builders, processes

SAVED = "saved"
_AFTER_A_REFUSAL = 0.05  # seconds until a writer tries the next


@dataclass(frozen=True)
class Map:
    """An initiative of Alice's, whose map fills up."""

    url: str
    user_id: int
    initiative_id: int


@dataclass
class Writer:
    """A process that writes; ``lines`` is what it has said so far: (what came of it, name)."""

    process: BaseProcess
    path: Path

    @property
    def lines(self) -> list[tuple[str, str]]:
        whole = self.path.read_text().rpartition("\n")[0]
        return [(outcome, name) for outcome, name in map(str.split, whole.splitlines())]


def new_map(engines: Engines, url: str) -> Map:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        people = builders.people(session)
        return Map(url, people.alice.user_id, people.initiative_id)


def start(target: Map, path: Path, tag: str) -> Writer:
    """A writer whose people are called ``tag``-0, ``tag``-1 and so on."""
    path.touch()
    return Writer(processes.start(write, target, str(path), tag), path)


def write(target: Map, path: str, tag: str) -> None:
    """Runs in the writer's process, until somebody ends it."""
    engines = connect(target.url)
    said = os.open(path, os.O_WRONLY | os.O_APPEND)
    for number in count():
        name = f"{tag}-{number}"
        outcome = attempt(engines, target, name)
        os.write(said, f"{outcome} {name}\n".encode())
        if outcome != SAVED:
            time.sleep(_AFTER_A_REFUSAL)


def attempt(engines: Engines, target: Map, name: str) -> str:
    """Puts one person on the map, by the command that the screen runs; says what came of it."""
    groups = {Group.STEWARD: Placement(), Group.GATEWAY: Placement()}
    try:
        with transaction.writing(engines, actor_id=target.user_id, command="add_person") as session:
            actor = accounts.actor(session, target.user_id)
            add_person(session, actor, target.initiative_id, PersonDraft(name, groups=groups))
    except ConveningError as error:
        return error.code
    return SAVED


def until(writers: Iterable[Writer], saved: int, seconds: float = 60) -> None:
    """Waits until each writer has saved so many."""
    deadline = time.monotonic() + seconds
    for writer in writers:
        while sum(outcome == SAVED for outcome, _ in writer.lines) < saved:
            assert writer.process.is_alive(), writer.path
            assert time.monotonic() < deadline, writer.lines[-3:]
            time.sleep(0.02)


def reckon(engines: Engines, said: list[tuple[str, str]], killed: int = 0) -> None:
    """None that was acknowledged is lost or doubled, and each came whole.

    Of what was refused nothing is there. Of a commit that was cut short nobody can know, so it may
    be there, once; the same holds for the last of each of ``killed`` writers.
    """
    assert len({name for _, name in said}) == len(said)
    by_outcome = {outcome: {name for each, name in said if each == outcome} for outcome, _ in said}
    saved = by_outcome.pop(SAVED, set())
    uncertain = by_outcome.pop(faults.UNCERTAIN, set())
    refused = set().union(*by_outcome.values())
    with transaction.reading(engines) as session:
        there = Counter(session.exec(select(Stakeholder.name)).all())
        assert saved - set(there) == set()
        assert [name for name, times in there.items() if times > 1] == []
        assert refused & set(there) == set()
        assert len(set(there) - saved - uncertain) <= killed
        assert_whole(session, len(there))
        assert audit.first_broken(session) is None
    assert_sound(engines)


def assert_whole(session: Session, people: int) -> None:
    """Each person has both groups, one change in the journal and one event in the audit log."""
    assert session.exec(select(func.count(col(GroupMembership.id)))).one() == 2 * people
    assert session.exec(select(func.count(col(Change.id)))).one() == people
    assert session.exec(select(func.count(col(AuditEvent.id)))).one() == people


def assert_sound(engines: Engines) -> None:
    """SQLite finds its file whole, and no row that hangs on one that is missing."""
    if engines.read.dialect.name != "sqlite":
        return
    with engines.read.connect() as connection:
        assert list(connection.execute(text("PRAGMA integrity_check"))) == [("ok",)]
        assert list(connection.execute(text("PRAGMA foreign_key_check"))) == []


def all_said(writers: Iterable[Writer]) -> Iterator[tuple[str, str]]:
    for writer in writers:
        yield from writer.lines
