"""Preparing, opening and closing a room, and how its time goes."""

import random
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from convening import anonymity, tallies
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.roles import Actor
from convening.rooms import RoomSnapshot
from convening.tallies import Tally
from convening.vocabulary import (
    Choice,
    Group,
    InvitationStatus,
    NoteRelease,
    NoteState,
    RoomState,
    VersionState,
)
from db import base, compact, events, room_closing, room_codes, transaction
from db.commands import room as commands
from db.commands import room_log
from db.engine import Engines, connect
from db.queries import opinion
from db.queries import room as queries
from db.tables import understanding as tables
from db.tables import work
from db.tables.accounts import AuditEvent
from db.tables.journal import RowImage
from db.tables.room import Room, RoomDeclaration
from tests import builders
from tests.statements import seen

S, G, I = Group  # noqa: E741
Write = Callable[..., Any]
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Place:
    """Alice's convening with four blocks and a definition whose first version is open."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        with transaction.writing(engines, actor_id=None) as session:
            self.people = builders.people(session)
            initiative = self.people.initiative_id
            self.id = builders.convening(session, builders.stage(session, initiative))
            blocks = [
                work.AgendaBlock(convening_id=self.id, position=n, minutes=20, title=f"Block {n}")
                for n in range(4)
            ]
            session.add_all(blocks)
            definition = tables.Definition(initiative_id=initiative, title="The square")
            session.add(definition)
            session.flush()
            self.blocks = [each.key for each in blocks]
            self.definition_id = definition.key
        self.version_id = self.version(1, VersionState.IN_DISCUSSION)

    def write(self, command: Callable[..., Any], *args: Any, as_: Actor | None = None) -> Any:
        actor = as_ or self.people.bob
        with transaction.writing(
            self.engines, actor_id=actor.user_id, command=command.__name__
        ) as session:
            return command(session, actor, *args)

    def see(self, as_: Actor | None = None) -> RoomSnapshot:
        with transaction.reading(self.engines) as session:
            return queries.snapshot(session, as_ or self.people.bob, self.id)

    def add(self, *rows: Any) -> None:
        with transaction.writing(self.engines, actor_id=None, journalled=False) as session:
            session.add_all(rows)
            events.announce(session, self.id)

    def version(self, number: int, state: VersionState) -> int:
        row = tables.DefinitionVersion(
            definition_id=self.definition_id, number=number, state=state.value, statement="It is."
        )
        self.add(row)
        return row.key

    def arrive(self, *groups: Group, count: int = 1) -> None:
        with transaction.writing(self.engines, actor_id=None) as session:
            for number in range(count):
                name = f"{len(groups)} {number} {random.random()}"
                person = builders.person(session, self.people.initiative_id, name, *groups)
                builders.invitation(session, self.id, person, InvitationStatus.ATTENDED)

    def opened(self, people: int = 6) -> None:
        self.arrive(S, count=people)
        self.write(commands.prepare_room, self.id)
        self.write(commands.open_room, self.id)

    def row(self) -> Room:
        with transaction.reading(self.engines) as session:
            return session.exec(select(Room)).one()

    def note(self, key: str, state: NoteState = NoteState.HELD, **values: Any) -> str:
        note = tables.AnonymousNote(
            id=key,
            convening_id=self.id,
            text=f"Words of {key}",
            receipt_hash=f"hash of {key}",
            state=state.value,
            **values,
        )
        self.add(note)
        return key

    def statement(self, number: int = 1) -> int:
        with transaction.writing(self.engines, actor_id=None) as session:
            conversation = tables.Conversation(
                initiative_id=self.people.initiative_id, title="What we heard"
            )
            session.add(conversation)
            session.flush()
            row = tables.Statement(
                conversation_id=conversation.key, number=number, text="It is so.", state="open"
            )
            session.add(row)
            session.flush()
            self.conversation_id = conversation.key
            return row.key


@pytest.fixture
def place(engines: Engines) -> Place:
    return Place(engines)


def refused(place: Place, command: Callable[..., Any], *args: Any) -> str:
    with pytest.raises(ConveningError) as caught:
        place.write(command, *args)
    return caught.value.problems[0].code


def test_a_room_that_is_prepared_has_a_code_and_a_link_and_is_prepared_once(place: Place) -> None:
    place.write(commands.prepare_room, place.id)
    place.write(commands.prepare_room, place.id)
    row, found = place.row(), place.see().room
    assert found is not None
    assert (found.state, found.release, len(found.code)) == (RoomState.PREPARING, None, 8)
    assert row.code_hash == room_codes.keyed(found.code)
    assert found.code not in (row.code_salt, row.code_hash)
    assert found.token not in (row.code_salt, row.link_hash)


@pytest.mark.parametrize(
    ("people", "release"),
    [(4, NoteRelease.NOT_OFFERED), (5, NoteRelease.AFTER_CLOSING), (10, NoteRelease.LIVE)],
)
def test_how_many_are_here_when_it_opens_decides_about_notes_for_good(
    place: Place, people: int, release: NoteRelease
) -> None:
    place.opened(people)
    place.arrive(G, count=20)
    found = place.see()
    assert found.room is not None
    assert (found.room.size, found.room.release) == (people, release)
    assert found.present.people == people + 20
    assert refused(place, commands.open_room, place.id) == "room_state"


def test_a_block_begins_when_it_is_started_and_a_second_tap_changes_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.opened()
    monkeypatch.setattr(base, "now", lambda: NINE)
    monkeypatch.setattr(commands, "now", lambda: NINE)
    place.write(commands.start_block, place.id, place.blocks[0])
    monkeypatch.setattr(commands, "now", lambda: NINE + timedelta(seconds=1))
    place.write(commands.start_block, place.id, place.blocks[0])
    monkeypatch.setattr(commands, "now", lambda: NINE + timedelta(minutes=1))
    place.write(commands.start_block, place.id, place.blocks[2])
    found = place.see().room
    assert found is not None
    assert found.blocks_run == (place.blocks[0], place.blocks[2])
    assert found.block_started_at == NINE + timedelta(minutes=1)


def test_a_block_that_was_begun_by_mistake_was_not_held(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.opened()
    for seconds, block in ((0, 0), (60, 1), (61, 2), (62, 1)):
        at = NINE + timedelta(seconds=seconds)
        monkeypatch.setattr(commands, "now", lambda at=at: at)
        place.write(commands.start_block, place.id, place.blocks[block])
    found = place.see().room
    assert found is not None
    assert found.blocks_run == (place.blocks[0], place.blocks[1])


def test_a_block_grows_and_those_after_it_give_way(place: Place) -> None:
    place.opened()
    place.write(commands.retime_block, place.id, place.blocks[1], 10, True)
    assert [each.minutes for each in place.see().blocks] == [20, 30, 15, 15]
    place.write(commands.retime_block, place.id, place.blocks[1], -5)
    assert [each.minutes for each in place.see().blocks] == [20, 25, 15, 15]
    assert refused(place, commands.retime_block, place.id, place.blocks[1], -25) == (
        "minutes_out_of_range"
    )
    assert refused(place, commands.retime_block, place.id, place.blocks[3], 5, True) == (
        "cannot_shorten"
    )


def test_only_a_version_that_others_have_seen_comes_in_hand(place: Place) -> None:
    place.opened()
    place.write(commands.choose_version, place.id, place.version_id)
    assert place.see().version == place.see().versions[0]
    draft = place.version(2, VersionState.DRAFT)
    assert refused(place, commands.choose_version, place.id, draft) == "version_not_open"
    with pytest.raises(NotFound):
        place.write(commands.choose_version, place.id, 99)
    place.write(commands.choose_version, place.id, None)
    assert place.see().version is None


def test_the_question_is_cleaned_and_short(place: Place) -> None:
    place.write(commands.prepare_room, place.id)
    place.write(commands.set_question, place.id, "  What is\tstrong here? ")
    assert place.row().question == "What is strong here?"
    with pytest.raises(Invalid):
        place.write(commands.set_question, place.id, "x" * 301)


def test_without_a_room_there_is_nothing_to_open(place: Place) -> None:
    assert refused(place, commands.open_room, place.id) == "room_not_prepared"


def test_whoever_is_not_on_the_team_sees_and_runs_no_room(place: Place) -> None:
    place.opened()
    for stranger in (place.people.charlie, place.people.dana):
        with pytest.raises((NotFound, Forbidden)):
            place.see(stranger)
        with pytest.raises((NotFound, Forbidden)):
            place.write(commands.close_room, place.id, as_=stranger)


def test_closing_forgets_the_ways_in_and_opens_never_again(place: Place) -> None:
    place.opened()
    room_closing.close(place.engines, place.people.bob, place.id)
    row, found = place.row(), place.see().room
    assert (row.state, row.code_salt, row.code_hash, row.link_hash) == ("closed", "", None, None)
    assert found is not None
    assert (found.code, found.token) == ("", "")
    for command in (commands.open_room, commands.close_room):
        assert refused(place, command, place.id) == "room_state"


def test_closing_writes_every_note_anew_with_all_that_hangs_on_it(place: Place) -> None:
    place.opened()
    keys = [place.note(f"note {n}", strength="concern") for n in range(20)]
    place.note("more", adds_to_note_id=keys[3])
    place.add(
        tables.DissentResponse(note_id=keys[5], outcome="stands", rationale="Because."),
        tables.DissentSignature(note_id=keys[5], user_id=place.people.bob.user_id),
    )
    room_closing.close(place.engines, place.people.bob, place.id)
    with transaction.reading(place.engines) as session:
        notes = {each.id: each for each in session.exec(select(tables.AnonymousNote))}
        [response] = session.exec(select(tables.DissentResponse)).all()
        [signature] = session.exec(select(tables.DissentSignature)).all()
    assert sorted(notes) == sorted([*keys, "more"])
    assert notes[keys[7]].text == "Words of note 7"
    assert notes[keys[7]].receipt_hash == "hash of note 7"
    assert notes["more"].adds_to_note_id == keys[3]
    assert (response.note_id, response.rationale) == (keys[5], "Because.")
    assert signature.note_id == keys[5]


def test_closing_gives_every_voter_a_new_name_that_is_the_same_on_all_of_their_votes(
    place: Place,
) -> None:
    place.opened()
    first = place.statement()
    place.write(commands.choose_conversation, place.id, place.conversation_id)
    second = tables.Statement(conversation_id=place.conversation_id, number=2, text="And so.")
    place.add(second)
    place.add(
        *(
            tables.Vote(
                id=f"{voter} {statement}", statement_id=statement, voter=voter, choice=choice
            )
            for voter, choice in (("one", "agree"), ("two", "disagree"))
            for statement in (first, second.key)
        )
    )
    room_closing.close(place.engines, place.people.bob, place.id)
    with transaction.reading(place.engines) as session:
        votes = session.exec(select(tables.Vote)).all()
    assert {each.voter for each in votes}.isdisjoint({"one", "two"})
    assert not {each.id for each in votes} & {f"one {first}", f"two {first}"}
    names = {(each.choice, each.voter) for each in votes}
    assert (len(votes), len(names)) == (4, 2)


def test_closing_leaves_nothing_of_notes_and_votes_in_journal_and_log(place: Place) -> None:
    place.opened()
    place.note("secret")
    room_closing.close(place.engines, place.people.bob, place.id)
    with transaction.reading(place.engines) as session:
        images = session.exec(select(RowImage)).all()
        found = session.exec(select(AuditEvent)).all()
    assert {"anonymous_note", "vote"}.isdisjoint({each.table_name for each in images})
    assert [each.action for each in found if "secret" in str(each.details)] == []
    assert found[-1].action == "close_room"


def test_nothing_is_known_of_the_notes_of_a_small_room_before_it_closes(place: Place) -> None:
    place.opened(anonymity.LIVE_FROM - 1)
    place.note("one", NoteState.ARRIVED)
    place.note("two", NoteState.ARRIVED)
    assert place.see().notes.total == 0
    room_closing.close(place.engines, place.people.bob, place.id)
    notes = place.see().notes
    assert notes.counts == {NoteState.HELD: 2}


def test_notes_of_a_large_room_are_counted_and_shown_once_they_are_let_go(place: Place) -> None:
    place.opened(anonymity.LIVE_FROM)
    place.note("one", NoteState.RELEASED, strength="concern", groups=["steward"])
    place.note("two")
    place.note("three", NoteState.ARRIVED)
    notes = place.see().notes
    assert notes.counts == {NoteState.RELEASED: 1, NoteState.HELD: 1}
    assert notes.released[0].groups == {S}


def test_votes_are_counted_by_group_and_hands_added_up(place: Place) -> None:
    place.opened()
    statement = place.statement()
    place.write(commands.choose_conversation, place.id, place.conversation_id)
    for number, (choice, groups) in enumerate(
        [("agree", ["steward"]), ("agree", ["steward", "gateway"]), ("pass", [])]
    ):
        vote = tables.Vote(
            id=str(number),
            statement_id=statement,
            voter=str(number),
            choice=choice,
            groups=groups,
        )
        place.add(vote)
    hands = {(frozenset({S}), Choice.AGREE): 3, (frozenset({I}), Choice.DISAGREE): 2}
    draft = room_log.HandsDraft(
        "5c1f0c9e-9d0c-4a51-8a27-0a6f6b1b2c3d", place.id, counts=hands, statement_id=statement
    )
    place.write(room_log.record_hands, draft)
    with transaction.reading(place.engines) as session:
        found = opinion.counts(session, [statement])[statement]
    assert tallies.total(found.votes) == Tally(agree=2, pass_=1)
    assert tallies.by_group(found.votes) == {S: Tally(agree=2), G: Tally(agree=1)}
    assert tallies.by_group(found.hands) == {S: Tally(agree=3), I: Tally(disagree=2)}


def test_everybody_who_looks_is_shown_what_was_read_once(place: Place) -> None:
    place.opened()
    first = place.see()
    assert place.see(place.people.alice) is first
    place.add(RoomDeclaration(room_id=place.row().key, mask=3, people=7))
    second = place.see()
    assert second is not first
    assert (second.joined, second.declared) == (7, {frozenset({S, G}): 7})


def test_a_snapshot_takes_as_many_statements_for_many_as_for_one(place: Place) -> None:
    place.opened()

    def statements() -> int:
        with transaction.writing(place.engines, actor_id=None) as session:
            builders.nomination(session, place.people.initiative_id, "somebody")
        with seen(place.engines.read) as found:
            place.see()
        return len(found)

    before = statements()
    place.arrive(G, count=5)
    for number in range(5):
        place.note(f"note {number}")
    assert statements() == before


def test_where_a_note_stands_in_the_file_tells_nothing_of_when_it_was_written(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """Within one page SQLite keeps rows in the order in which they came; after closing it is
    chance which of two came first. No second copy is left either, in the file or in its log."""
    path = tmp_path / "halqa.sqlite3"
    shutil.copy(sqlite_template, path)
    engines = connect(f"sqlite:///{path}")
    place = Place(engines)
    place.opened(20)
    words = written(place, 10)
    compact.cut_log(engines)
    assert in_order(path, words) == 0  # the last one stands first in its page
    words += written(place, 290)
    room_closing.close(engines, place.people.bob, place.id)
    engines.dispose()
    log = path.with_name(f"{path.name}-wal")
    data = path.read_bytes() + (log.read_bytes() if log.exists() else b"")
    assert {data.count(each.encode()) for each in words} == {1}
    assert 0.35 < in_order(path, words) < 0.65


def written(place: Place, count: int) -> list[str]:
    """Notes with words of their own, each in its own transaction."""
    words = [secrets.token_hex(40) for _ in range(count)]
    for each in words:
        place.add(
            tables.AnonymousNote(
                id=str(uuid4()), convening_id=place.id, text=each, receipt_hash=secrets.token_hex()
            )
        )
    return words


def in_order(path: Path, words: list[str]) -> float:
    """Of two words that stand in one page, how often the one that came first stands first."""
    data = path.read_bytes()
    pages: dict[int, list[int]] = {}
    for each in words:
        at = data.index(each.encode())
        pages.setdefault(at // 4096, []).append(at)
    pairs = [
        first < second for places in pages.values() for first, second in combinations(places, 2)
    ]
    return sum(pairs) / len(pairs)
