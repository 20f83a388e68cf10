"""What people in a room leave behind from their phones, and what they do not leave behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.participation import NoteDraft, Participant
from convening.problems import ConveningError, Invalid
from convening.vocabulary import Attribution, Choice, Group, RoomState, StatementState, Strength
from db import events, room_codes, transaction
from db.base import Table
from db.commands import participation
from db.engine import Engines
from db.queries import participation as reading
from db.tables.accounts import AuditEvent
from db.tables.journal import Change, RowImage
from db.tables.room import Room, RoomDeclaration
from db.tables.understanding import AnonymousNote, DissentingView, Statement, Vote
from tests import builders, rooms
from tests.rooms import OpenRoom

S, G = Group.STEWARD, Group.GATEWAY
ID, NONCE = "a" * 32, "b" * 32
Write = Callable[..., Any]


@pytest.fixture
def make_room(engines: Engines) -> Callable[..., OpenRoom]:
    def make(**values: Any) -> OpenRoom:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            return rooms.open_room(session, builders.people(session).initiative_id, **values)

    return make


@pytest.fixture
def write(engines: Engines) -> Write:
    """``write(command, ...)`` runs a command as the page does."""

    def run(command: Callable[..., Any], *args: object) -> Any:
        with transaction.writing(engines, actor_id=None, command=command.__name__) as session:
            return command(session, *args)

    return run


def rows(engines: Engines, model: type[Any]) -> list[Any]:
    with transaction.reading(engines) as session:
        return list(session.exec(select(model).order_by(*model.__table__.primary_key)).all())


def declared(engines: Engines) -> dict[int, int]:
    return {each.mask: each.people for each in rows(engines, RoomDeclaration)}


def traces(engines: Engines) -> tuple[int, int, int]:
    return tuple(len(rows(engines, each)) for each in (AuditEvent, Change, RowImage))  # type: ignore[return-value]


def change(engines: Engines, model: type[Table], row_id: int, **values: Any) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = session.get_one(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)


# -- entering -------------------------------------------------------------------------------------


def test_entering_counts_the_set_of_groups_and_nobody_by_themselves(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    before = traces(engines)
    for number, groups in enumerate([{S}, {S}, {S, G}, set()]):
        entered = write(
            participation.enter, room.token, Participant(0, f"{number:032x}", frozenset(groups))
        )
        assert entered == Participant(room.room_id, f"{number:032x}", frozenset(groups))
    assert declared(engines) == {0: 1, 1: 2, 3: 1}
    assert traces(engines) == before
    with transaction.reading(engines) as session:
        for each in session.exec(select(RoomDeclaration)):
            assert set(each.model_dump()) == {"room_id", "mask", "people"}


def test_declaring_anew_moves_the_count_and_declaring_the_same_changes_nothing(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    me = write(participation.enter, room.token, Participant(0, ID, frozenset({S})))
    write(participation.enter, room.token, replace(me, groups=frozenset({G})), frozenset({S}))
    assert declared(engines) == {1: 0, 2: 1}
    write(participation.enter, room.token, replace(me, groups=frozenset({G})), frozenset({G}))
    assert declared(engines) == {1: 0, 2: 1}


def test_people_who_enter_and_vote_at_one_moment_are_all_counted(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room(statements=("Rent is too high.",))

    def arrive(number: int) -> None:
        me = Participant(0, f"{number:032x}", frozenset({S}))
        entered = write(participation.enter, room.token, me)
        write(participation.vote, room.token, entered, room.statement_ids[0], Choice.AGREE)
        write(participation.leave_note, room.token, entered, NoteDraft(NONCE, "Rent"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(arrive, range(24)))
    assert declared(engines) == {1: 24}
    assert len({each.voter for each in rows(engines, Vote)}) == 24
    assert len(rows(engines, AnonymousNote)) == 24


@pytest.mark.parametrize("state", [RoomState.PREPARING, RoomState.CLOSED])
def test_a_room_that_is_not_open_takes_nothing(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write, state: RoomState
) -> None:
    room = make_room(statements=("Rent is too high.",))
    change(engines, Room, room.room_id, state=state.value)
    me = Participant(room.room_id, ID, frozenset({S}))
    for command, *args in (
        (participation.enter, me),
        (participation.leave_note, me, NoteDraft(NONCE, "Rent")),
        (participation.vote, me, room.statement_ids[0], Choice.AGREE),
    ):
        with pytest.raises(ConveningError) as refused:
            write(command, room.token, *args)
        assert refused.value.code == "room_not_open"
    assert (declared(engines), rows(engines, AnonymousNote), rows(engines, Vote)) == ({}, [], [])


def test_the_link_of_one_room_and_the_cookie_of_another_open_neither(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room(statements=("Rent is too high.",))
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        other = rooms.open_room(session, room.initiative_id, title="Another")
    me = Participant(room.room_id, ID, frozenset({S}))
    for command, *args in (
        (participation.leave_note, NoteDraft(NONCE, "Rent")),
        (participation.vote, room.statement_ids[0], Choice.AGREE),
    ):
        with pytest.raises(ConveningError):
            write(command, other.token, me, *args)
    assert (rows(engines, AnonymousNote), rows(engines, Vote)) == ([], [])


# -- notes ----------------------------------------------------------------------------------------


def test_a_note_holds_its_words_and_nothing_of_its_writer(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    me = Participant(room.room_id, ID, frozenset({S}))
    before = traces(engines)
    draft = NoteDraft(NONCE, "Rent", Strength.OBJECTION, "It rose twice", "A cap")
    code = write(participation.leave_note, room.token, me, draft)
    (note,) = rows(engines, AnonymousNote)
    assert note.model_dump(exclude={"id", "receipt_hash"}) == {
        "convening_id": room.convening_id,
        "block_id": None,
        "version_id": room.version_id,
        "strength": "objection",
        "text": "Rent",
        "reason": "It rose twice",
        "resolution": "A cap",
        "groups": [],
        "state": "arrived",
        "adds_to_note_id": None,
        "adds_to_view_id": None,
        "hidden_because": "",
        "agreed_to_publish": None,
    }
    assert note.receipt_hash == room_codes.keyed(code)
    assert len(code) == room_codes.RECEIPT_LENGTH
    assert code not in repr(note)
    assert ID not in repr(note)
    assert NONCE not in repr(note)
    assert traces(engines) == before


def test_unreadable_characters_of_a_note_are_as_if_they_had_not_been_typed(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    me = Participant(room.room_id, ID)
    for text in ("Re\x00nt", "\ud800Rent\u202e", "Rent"):
        draft = NoteDraft(NONCE, text, Strength.CONCERN, text, text)
        write(participation.leave_note, room.token, me, draft)
    (note,) = rows(engines, AnonymousNote)
    assert (note.text, note.reason, note.resolution) == ("Rent", "Rent", "Rent")


def test_a_note_that_is_sent_twice_is_one_note_with_one_code(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    me = Participant(room.room_id, ID, frozenset())
    codes = {
        write(participation.leave_note, room.token, me, NoteDraft(NONCE, text))
        for text in ("Rent", " Rent ", "Rent")
    }
    assert len(codes) == 1
    assert len(rows(engines, AnonymousNote)) == 1


@pytest.mark.parametrize("attribution", [Attribution.ANONYMOUS, Attribution.GROUP_ONLY])
def test_a_note_that_is_sent_once_more_after_the_room_closed_shows_its_code_again(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write, attribution: Attribution
) -> None:
    room = make_room()
    me = Participant(room.room_id, ID, frozenset({S}))
    draft = NoteDraft(NONCE, "Rent", Strength.CONCERN, attribution=attribution)
    code = write(participation.leave_note, room.token, me, draft)
    change(engines, Room, room.room_id, state=RoomState.CLOSED.value, link_hash=None)
    assert write(participation.leave_note, room.token, me, draft) == code
    for other in (replace(draft, text="Noise"), replace(draft, nonce="c" * 32)):
        with pytest.raises(ConveningError) as refused:
            write(participation.leave_note, room.token, me, other)
        assert refused.value.code == "room_not_open"
    assert len(rows(engines, AnonymousNote)) + len(rows(engines, DissentingView)) == 1


def test_nobody_else_can_take_over_a_note(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    """The same words from the same form, by somebody with another cookie: another note and code,
    and the code of the first one still is its code."""
    room = make_room()
    draft = NoteDraft(NONCE, "Rent")
    mine = write(participation.leave_note, room.token, Participant(room.room_id, ID), draft)
    theirs = write(participation.leave_note, room.token, Participant(room.room_id, "c" * 32), draft)
    assert mine != theirs
    assert {each.receipt_hash for each in rows(engines, AnonymousNote)} == {
        room_codes.keyed(mine),
        room_codes.keyed(theirs),
    }


def test_other_words_from_the_same_form_are_another_note(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    me = Participant(room.room_id, ID)
    write(participation.leave_note, room.token, me, NoteDraft(NONCE, "Rent"))
    write(participation.leave_note, room.token, me, NoteDraft(NONCE, "Rent and noise"))
    assert sorted(each.text for each in rows(engines, AnonymousNote)) == ["Rent", "Rent and noise"]


def test_a_note_keeps_a_group_only_where_five_declared_it(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room(declared={frozenset({S}): 3, frozenset({S, G}): 2})
    me = Participant(room.room_id, ID, frozenset({S, G}))
    write(participation.leave_note, room.token, me, NoteDraft(NONCE, "Rent"))
    assert [each.groups for each in rows(engines, AnonymousNote)] == [["steward"]]


def test_declaring_many_times_over_does_not_get_a_group_told(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    """Twelve are here, one of them a steward; whoever wants to know her note declares four more."""
    room = make_room(declared={frozenset({S}): 5, frozenset({G}): 11})
    me = Participant(room.room_id, ID, frozenset({S}))
    write(participation.leave_note, room.token, me, NoteDraft(NONCE, "Rent"))
    assert [each.groups for each in rows(engines, AnonymousNote)] == [[]]


def test_a_room_under_five_offers_no_notes(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room(size=4)
    me = Participant(room.room_id, ID, frozenset({S}))
    with pytest.raises(Invalid) as refused:
        write(participation.leave_note, room.token, me, NoteDraft(NONCE, "Rent"))
    assert [each.code for each in refused.value.problems] == ["notes_not_offered"]
    assert rows(engines, AnonymousNote) == []


def test_a_view_of_a_group_is_on_record_at_once_with_its_code(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    me = Participant(room.room_id, ID, frozenset({G, S}))
    draft = NoteDraft(
        NONCE, "Rent", Strength.DISAGREEMENT, resolution="A cap", attribution=Attribution.GROUP_ONLY
    )
    codes = {write(participation.leave_note, room.token, me, draft) for _ in range(2)}
    (view,) = rows(engines, DissentingView)
    assert codes
    assert {room_codes.keyed(each) for each in codes} == {view.receipt_hash}
    assert (view.version_id, view.convening_id, view.statement, view.resolution) == (
        room.version_id,
        room.convening_id,
        "Rent",
        "A cap",
    )
    assert (view.attribution, view.groups, view.stakeholder_id, view.owner_id) == (
        "group_only",
        ["steward", "gateway"],
        None,
        None,
    )
    with transaction.reading(engines) as session:
        event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
        assert event is not None
        assert (event.action, event.actor_id, event.subject_id, event.details) == (
            "dissent_by_phone",
            None,
            view.id,
            {},
        )


# -- votes ----------------------------------------------------------------------------------------


def test_the_last_vote_counts_and_stands_with_the_groups(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room(statements=("Rent is too high.", "The square is loud."))
    first, second = room.statement_ids
    me = Participant(room.room_id, ID, frozenset({S, G}))
    before = traces(engines)
    for statement, choice in (
        (first, Choice.AGREE),
        (first, Choice.DISAGREE),
        (second, Choice.PASS),
    ):
        write(participation.vote, room.token, me, statement, choice)
    votes = rows(engines, Vote)
    assert {(each.statement_id, each.choice, tuple(each.groups)) for each in votes} == {
        (first, "disagree", ("steward", "gateway")),
        (second, "pass", ("steward", "gateway")),
    }
    assert len({each.voter for each in votes}) == 1
    assert ID not in repr(votes)
    assert traces(engines) == before
    with transaction.reading(engines) as session:
        found = reading.by_link(session, room.token, me)
    assert found is not None
    assert [each.choice for each in found.statements] == [Choice.DISAGREE, Choice.PASS]


@pytest.mark.parametrize(
    "state", [StatementState.WAITING, StatementState.CLOSED, StatementState.HIDDEN]
)
def test_only_open_statements_are_seen_and_voted_on(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write, state: StatementState
) -> None:
    room = make_room(statements=("Rent is too high.",))
    change(engines, Statement, room.statement_ids[0], state=state.value)
    me = Participant(room.room_id, ID)
    with pytest.raises(ConveningError) as refused:
        write(participation.vote, room.token, me, room.statement_ids[0], Choice.AGREE)
    assert refused.value.code == "statement_not_open"
    with transaction.reading(engines) as session:
        found = reading.by_link(session, room.token, me)
    assert found is not None
    assert found.statements == ()


def test_statements_of_another_conversation_are_none_of_this_room(
    engines: Engines, make_room: Callable[..., OpenRoom], write: Write
) -> None:
    room = make_room()
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        other = rooms.open_room(session, room.initiative_id, statements=("Elsewhere.",))
    with pytest.raises(ConveningError):
        write(
            participation.vote,
            room.token,
            Participant(room.room_id, ID),
            other.statement_ids[0],
            Choice.AGREE,
        )
    assert rows(engines, Vote) == []


# -- what watchers are told -----------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(events, "announce", lambda _session, convening: found.append(convening))
    return found


def test_the_screens_hear_of_entering_and_of_votes(
    make_room: Callable[..., OpenRoom], write: Write, told: list[int]
) -> None:
    room = make_room(statements=("Rent is too high.",))
    me = write(participation.enter, room.token, Participant(0, ID, frozenset({S})))
    write(participation.vote, room.token, me, room.statement_ids[0], Choice.AGREE)
    assert told == [room.convening_id] * 2


@pytest.mark.parametrize(("size", "heard"), [(9, []), (10, [3, 6])])
def test_of_a_note_alone_no_screen_hears(
    make_room: Callable[..., OpenRoom],
    write: Write,
    told: list[int],
    size: int,
    heard: list[int],
) -> None:
    """The moment at which a count grows would tell who has just put a phone down."""
    room = make_room(size=size)
    found = []
    for number in range(1, 8):
        before = len(told)
        me = Participant(room.room_id, ID)
        write(participation.leave_note, room.token, me, NoteDraft(NONCE, f"Note {number}"))
        found += [number] * (len(told) - before)
    assert found == heard


# -- codes and links ------------------------------------------------------------------------------


def test_a_typed_code_finds_its_room_however_it_is_written(
    engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    code = room.way_in.code
    with transaction.reading(engines) as session:
        for typed in (code, code.lower(), room_codes.spaced(code), f" {code[:4]} {code[4:]} "):
            assert reading.token_of(session, reading.as_code(typed) or "") == room.token
        eastern = code.translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))
        assert reading.token_of(session, reading.as_code(eastern) or "") == room.token
        assert reading.token_of(session, "ABCDEFGH") is None


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDEFGHJ", "ABCDEFG1", "ABCDEFGO", "١"])
def test_what_cannot_be_a_code_is_not_looked_up(typed: str) -> None:
    assert reading.as_code(typed) is None


def test_the_database_holds_neither_code_nor_token(
    engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    with Session(engines.read) as session:
        everything = repr(
            [session.execute(each.select()).all() for each in Table.metadata.sorted_tables]
        )
    assert room.token not in everything
    assert room.way_in.code not in everything
    assert room.way_in.link_hash in everything
