"""Whoever holds the database, its log, the server's output and backups links no note to anybody.

People enter rooms of a real server in an order that the adversary knows, write and vote; the rooms
are closed by their command. Every attack is tried while the rooms are open too, when some of them
do find the order: they would notice if closing left one.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

import pytest
from sqlalchemy import text

from convening.anonymity import DECLARED_FROM
from convening.roles import Actor
from db import backup, compact, room_closing, transaction
from db.engine import Engines
from db.tables.understanding import Statement
from tests import builders, rooms
from tests.browser import server as servers
from tests.browser.server import Server
from tests.conftest import another_database
from tests.faults import adversary, crowd
from tests.faults.adversary import Files, Order, Rows
from tests.faults.crowd import PEOPLE, Meeting
from tests.rooms import OpenRoom

pytestmark = pytest.mark.xdist_group("adversary")

ROOMS = 4
_STATEMENTS = ("Lamps come first.", "It is loud at night.", "Rents rise too fast.")
_CHANGED = {"anonymous_note", "vote", "room_declaration"}  # all that people in a room may change
_ASKED = {
    "sqlite": {"anonymous_note": "*", "vote": "*", "room_declaration": "*, rowid AS place"},
    "postgresql": dict.fromkeys(_CHANGED, "*, ctid AS place, xmin AS transaction"),
}
_MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?")


@dataclass
class Seen:
    """What there is to read at one moment."""

    rows: Mapping[str, Rows]  # of the tables that people change, with all that the database tells
    hashes: Mapping[str, str]  # of every table
    backup: Path
    files: Files | None  # of SQLite

    @property
    def bytes(self) -> bytes:
        return (self.files.all if self.files else b"") + adversary.unpacked(self.backup)


@dataclass
class Evidence:
    """``voters`` are the new names under which the votes of each person stand, by room."""

    meetings: list[Meeting]
    before: Mapping[str, str]
    first: Files | None  # after the first meeting
    open: Seen
    closed: Seen
    output: str
    voters: list[list[str]]

    @property
    def notes(self) -> list[list[str]]:
        return [each.written for each in self.meetings]

    @property
    def old_voters(self) -> list[list[str]]:
        return [each.voter_names for each in self.meetings]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def evidence(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Evidence]:
    environ = {}
    if request.param == "postgresql":
        engines: Engines = request.getfixturevalue("postgresql_engines")
        url = engines.write.url.render_as_string(hide_password=False)
        environ["HALQA_DATABASE_URL"] = another_database(url, "adversary")
    server = servers.start(tmp_path_factory.mktemp("adversary"), **environ)
    try:
        yield gathered(server)
    finally:
        server.stop()


def test_no_attack_on_the_order_of_notes_is_better_than_chance(evidence: Evidence) -> None:
    tried, successful = attacked(evidence.closed, "anonymous_note", evidence.notes)
    assert tried >= {"backup", "as read", "column id", "column receipt_hash"}
    assert successful == {}


def test_nor_is_one_on_the_order_of_votes(evidence: Evidence) -> None:
    tried, successful = attacked(evidence.closed, "vote", evidence.voters)
    assert tried >= {"backup", "as read", "column id", "column voter"}
    assert successful == {}


def test_the_same_attacks_find_the_order_while_rooms_are_open(evidence: Evidence) -> None:
    """By place and time of a row, and not by its ids, which are random all along."""
    _, notes = attacked(evidence.open, "anonymous_note", evidence.notes)
    _, votes = attacked(evidence.open, "vote", evidence.old_voters)
    by_ids = {"backup", "column id", "column receipt_hash", "column voter"}
    assert by_ids.isdisjoint({*notes, *votes})
    if evidence.first is None:
        assert notes.keys() >= {"column place", "as read"}  # a batch of them is one transaction
        assert votes.keys() >= {"column place", "column transaction", "as read"}
        return
    # one room, before its page was shared out and its log begun anew
    first, written, voters = evidence.first, evidence.notes[0], evidence.old_voters[0]
    for orders in (
        adversary.within_pages(first.latest(), written),
        adversary.first_seen(first.latest(), written),
        adversary.first_seen(first.frames(), written),
        adversary.first_seen(first.frames(), voters),
    ):
        assert adversary.better_than_chance(orders, PEOPLE) > 1


def test_no_file_and_no_output_holds_what_leads_to_a_phone(evidence: Evidence) -> None:
    traces = crowd.traces(evidence.meetings)
    assert len(traces) > ROOMS * PEOPLE * 6
    for held in (evidence.open.bytes, evidence.closed.bytes, evidence.output.encode()):
        assert {name for name, value in traces.items() if value.encode() in held} == set()


def test_nothing_is_left_of_the_names_that_a_phone_and_the_secret_prove(
    evidence: Evidence,
) -> None:
    names = [name.encode() for each in evidence.old_voters for name in each]
    while_open, after = evidence.open.bytes, evidence.closed.bytes
    assert all(each in while_open for each in names)
    assert [each for each in names if each in after] == []


def test_no_moment_of_the_meetings_stands_anywhere(evidence: Evidence) -> None:
    began = min(each.began for each in evidence.meetings)
    ended = max(each.ended for each in evidence.meetings)
    for held in (evidence.open.bytes, evidence.closed.bytes):
        found = {datetime.fromisoformat(each.decode()) for each in _MOMENT.findall(held)}
        assert found
        assert [each for each in found if began <= each.replace(tzinfo=UTC) <= ended] == []


def test_what_people_do_in_a_room_changes_three_tables_alone(evidence: Evidence) -> None:
    """Neither the audit log, nor the journal, nor a counter, nor the room itself."""
    before, after = evidence.before, evidence.open.hashes
    assert {name for name in before if before[name] != after[name]} == _CHANGED


def test_the_output_holds_no_words_not_even_of_a_note_that_failed(evidence: Evidence) -> None:
    assert "OperationalError" in evidence.output or "ProgrammingError" in evidence.output
    words = ["said in vain", *(mark for each in evidence.notes for mark in each)]
    assert [each for each in words if each in evidence.output] == []


def test_no_random_value_of_a_note_stands_anywhere_else(evidence: Evidence) -> None:
    notes = evidence.closed.rows["anonymous_note"]
    values = [row[column] for row in notes for column in ("id", "receipt_hash")]
    assert len(set(values)) == 2 * len(notes) == 2 * sum(map(len, evidence.notes))
    others = adversary.unpacked(evidence.closed.backup, without="anonymous_note")
    assert [each for each in values if each.encode() in others] == []


def test_a_note_keeps_only_groups_that_five_people_declared_together(evidence: Evidence) -> None:
    """One person is a steward and of the gateway: with both on it the note would be theirs."""
    kept: set[frozenset[str]] = set()
    for meeting in evidence.meetings:
        writers = {mark: person for person in meeting.people for mark in person.marks}
        for row in adversary.of_marks(evidence.closed.rows["anonymous_note"], meeting.written):
            [writer] = [each for mark, each in writers.items() if mark in row["text"]]
            found = frozenset(json.loads(row["groups"]))
            assert found <= writer.groups
            assert sum(found <= each.groups for each in meeting.people) >= DECLARED_FROM
            kept.add(found)
    assert kept == {frozenset(), frozenset({"steward"}), frozenset({"gateway"})}


def test_nobody_sees_which_groups_were_declared_first(evidence: Evidence) -> None:
    for meeting in evidence.meetings:
        rows = evidence.closed.rows["room_declaration"]
        own = [each for each in rows if int(each["room_id"]) == meeting.room.room_id]
        masks = [int(each["mask"]) for each in sorted(own, key=itemgetter("place"))]
        assert len(masks) == len({each.groups for each in meeting.people})
        assert masks == sorted(masks)
        assert len({each.get("transaction") for each in own}) == 1


def gathered(server: Server) -> Evidence:
    engines = server.engines
    actor, opened = open_rooms(engines)
    before = backup.row_hashes(engines)
    assert compact.cut_log(engines)
    meetings, first = [], None
    for number, (room, conversation_id) in enumerate(opened):
        meetings.append(crowd.hold(server.url, room, conversation_id, number))
        first = first or files(engines)
    while_open = seen(server, "open")
    with without_notes(engines):
        crowd.fail(server.url, meetings[0], "said in vain")
    for meeting in meetings:
        room_closing.close(engines, actor, meeting.room.convening_id)
    after = seen(server, "closed")
    voters = [crowd.new_names(after.rows["vote"], each) for each in meetings]
    return Evidence(meetings, before, first, while_open, after, server.output, voters)


def open_rooms(engines: Engines) -> tuple[Actor, list[tuple[OpenRoom, int]]]:
    """The facilitator, and each room with the id of its conversation."""
    found = []
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        people = builders.people(session)
        for number in range(ROOMS):
            room = rooms.open_room(
                session,
                people.initiative_id,
                size=PEOPLE,
                title=f"Meeting {number}",
                statements=_STATEMENTS,
            )
            statement = session.get_one(Statement, room.statement_ids[0])
            found.append((room, statement.conversation_id))
    return people.bob, found


def seen(server: Server, name: str) -> Seen:
    engines, path = server.engines, server.folder / "seen" / f"{name}.zip"
    there = files(engines)
    found = {table: rows(engines, table) for table in sorted(_CHANGED)}
    hashes = backup.row_hashes(engines)
    backup.write(engines, path)
    return Seen(found, hashes, path, there)


def files(engines: Engines) -> Files | None:
    if engines.read.dialect.name != "sqlite":
        return None
    return adversary.files(Path(engines.read.url.database or ""))


def rows(engines: Engines, table: str) -> Rows:
    columns = _ASKED[engines.read.dialect.name][table]
    with engines.read.connect() as connection:
        found = connection.execute(text(f"SELECT {columns} FROM {table}")).mappings()
        return [{name: sortable(value) for name, value in row.items()} for row in found]


def sortable(value: object) -> str:
    """As text that sorts as the value does, also PostgreSQL's places: (page,row)."""
    if isinstance(value, list):
        return json.dumps(value)
    return re.sub(r"^\d+$|(?<=[(,])\d+", lambda each: f"{int(each[0]):012}", str(value))


def attacked(
    seen: Seen, table: str, marks: Sequence[Sequence[str]]
) -> tuple[set[str], dict[str, float]]:
    """Which attacks were tried, and which of them were better than chance by how much."""
    found: dict[str, list[Order]] = {}
    for own in marks:
        known = adversary.of_marks(seen.rows[table], own)
        orders = {"as read": [adversary.as_read(known, own)]}
        orders["backup"] = [adversary.in_backup(seen.backup, table, own)]
        for column, order in adversary.by_column(known, own).items():
            orders[f"column {column}"] = [order]
        if seen.files is not None:
            orders["place in a page"] = adversary.within_pages(seen.files.latest(), own)
            orders["file"] = adversary.first_seen(seen.files.latest(), own)
            orders["log"] = adversary.first_seen(seen.files.frames(), own)
        for name, each in orders.items():
            found.setdefault(name, []).extend(each)
    figures = {name: adversary.better_than_chance(each, PEOPLE) for name, each in found.items()}
    return set(found), {name: each for name, each in figures.items() if each > 1}


@contextmanager
def without_notes(engines: Engines) -> Iterator[None]:
    """The table of notes is not there."""
    for old, new in (("anonymous_note", "away"), ("away", "anonymous_note")):
        with engines.write.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
        if new == "away":
            yield
