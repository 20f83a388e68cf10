"""With a receipt code: its holder says whether they were answered, adds, withdraws; nobody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from convening.dissent_drafts import ResponseDraft
from convening.ledger import DissentId
from convening.problems import ConveningError, Invalid, NotFound
from convening.receipts import Receipt
from convening.roles import Action
from convening.vocabulary import (
    Attribution,
    DissentState,
    NoteState,
    Outcome,
    ReplyChannel,
    VersionState,
)
from convening.word_diff import Change
from db import base, room_codes, transaction
from db import events as live
from db.base import Table
from db.commands import definition_steps as steps
from db.commands import dissent, receipts, responses
from db.engine import Engines
from db.queries import receipts as reading
from db.tables.accounts import AuditEvent
from db.tables.understanding import (
    AnonymousNote,
    DefinitionVersion,
    DissentingView,
    DissentResponse,
)
from tests import dissent_world
from tests.dissent_world import World

STANDS = ResponseDraft(Outcome.STANDS, "The rent is not in our hands.")
NOTE, VIEW = "23456789ABCD", "WXYZ98765432"
NOW = datetime(2026, 3, 2, 15, 42, 7, tzinfo=UTC)
Run = Callable[..., Any]


@pytest.fixture
def world(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> World:
    at(monkeypatch, NOW)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return dissent_world.world(session)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(base, "now", lambda: moment)
    monkeypatch.setattr("db.queries.dissent_rows.now", lambda: moment)
    for name in ("dissent", "responses", "receipts"):
        monkeypatch.setattr(f"db.commands.{name}.now", lambda: moment)


@pytest.fixture
def run(engines: Engines, world: World) -> Run:
    """``run(command, ...)``: as Alice for one of the team, as nobody for one with a code."""

    def found(command: Callable[..., Any], *args: object) -> Any:
        alice = world.people.alice
        who = [] if command.__module__ == receipts.__name__ else [alice]
        with transaction.writing(
            engines, actor_id=alice.user_id if who else None, journalled=bool(who)
        ) as session:
            return command(session, *who, *args)

    return found


@pytest.fixture
def note(engines: Engines, world: World) -> str:
    """A released note that dissents, whose code is NOTE."""
    return noted(engines, world)


def noted(engines: Engines, world: World, **values: Any) -> str:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        note_id = dissent_world.note(session, world, **values)
        session.get_one(AnonymousNote, note_id).receipt_hash = room_codes.keyed(NOTE)
        return note_id


@pytest.fixture
def view(world: World, run: Run) -> int:
    """A view of the stewards, whose code is VIEW."""
    found: int = run(dissent.record_dissent, world.draft(receipt_code=VIEW))
    return found


@pytest.fixture(params=["note", "view"])
def said(request: pytest.FixtureRequest) -> tuple[str, DissentId]:
    """A code with what it was given for: each test that asks for it runs for both."""
    code = NOTE if request.param == "note" else VIEW
    return code, request.getfixturevalue(request.param)


def receipt(engines: Engines, code: str) -> Receipt:
    with transaction.reading(engines) as session:
        found = reading.by_code(session, code)
    assert found is not None
    return found


def state(engines: Engines, code: str) -> DissentState:
    entry = receipt(engines, code).entry
    assert entry is not None
    return entry.state


def test_the_holder_of_a_code_reads_their_words(
    engines: Engines, world: World, said: tuple[str, DissentId]
) -> None:
    code, dissent_id = said
    found = receipt(engines, code)
    assert (found.id, found.definition, found.anonymous) == (dissent_id, "The square", code == NOTE)
    assert found.words == ("I am afraid" if code == NOTE else "Rents rise")
    assert found.meeting is not None
    assert found.meeting.id == world.convening_id
    assert state(engines, code) is DissentState.UNANSWERED


@pytest.mark.parametrize("typed", ["2345-6789-abcd", " 2345 6789 ABCD ", "23456789abcd"])
def test_a_code_is_found_however_it_is_typed(engines: Engines, note: str, typed: str) -> None:
    assert receipt(engines, typed).id == note


@pytest.mark.usefixtures("note")
@pytest.mark.parametrize("typed", ["", "23456789ABCE", "23456789ABC", "%", "x" * 5000])
def test_another_code_opens_nothing(engines: Engines, run: Run, typed: str) -> None:
    with transaction.reading(engines) as session:
        assert reading.by_code(session, typed) is None
    for command, *args in (
        (receipts.reply_by_receipt, True),
        (receipts.add_by_receipt, str(uuid4()), "x"),
        (receipts.withdraw_by_receipt,),
        (receipts.publish_by_receipt, True),
    ):
        with pytest.raises(NotFound):
            run(command, typed, *args)


def test_a_no_reopens_the_view_once_and_the_second_no_waits_for_signatures(
    engines: Engines, run: Run, said: tuple[str, DissentId]
) -> None:
    code, dissent_id = said
    run(responses.respond, dissent_id, STANDS)
    assert state(engines, code) is DissentState.ASKED
    assert receipt(engines, code).until == NOW + timedelta(days=7)
    run(receipts.reply_by_receipt, code, False)
    assert state(engines, code) is DissentState.REOPENED
    run(responses.respond, dissent_id, STANDS)
    run(receipts.reply_by_receipt, code, False)
    assert state(engines, code) is DissentState.UNSIGNED
    run(receipts.reply_by_receipt, code, True)
    assert state(engines, code) is DissentState.CONFIRMED
    answers = receipt(engines, code).responses
    assert [(each.answer.answers, each.answer.through) for each in answers] == [
        (False, ReplyChannel.RECEIPT),
        (True, ReplyChannel.RECEIPT),
    ]


def test_silence_can_be_broken_until_a_version_is_adopted(
    engines: Engines,
    world: World,
    run: Run,
    said: tuple[str, DissentId],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, dissent_id = said
    run(responses.respond, dissent_id, STANDS)
    at(monkeypatch, NOW + timedelta(days=8))
    assert state(engines, code) is DissentState.NO_REPLY
    run(receipts.reply_by_receipt, code, False)
    assert state(engines, code) is DissentState.REOPENED
    run(receipts.reply_by_receipt, code, True)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        version = session.get_one(DefinitionVersion, world.versions[1])
        version.state, version.adopted_at = VersionState.ADOPTED, NOW + timedelta(days=8)
    for command, problem, *args in (
        (receipts.reply_by_receipt, "cannot_reply", False),
        (receipts.withdraw_by_receipt, "cannot_withdraw"),
    ):
        with pytest.raises(ConveningError, match=problem):
            run(command, code, *args)
    assert state(engines, code) is DissentState.CONFIRMED
    run(receipts.add_by_receipt, code, str(uuid4()), "And the shops")
    assert [each.text for each in receipt(engines, code).additions] == ["And the shops"]


def test_there_is_nothing_to_reply_to_before_an_answer(
    run: Run, said: tuple[str, DissentId]
) -> None:
    with pytest.raises(ConveningError, match="cannot_reply"):
        run(receipts.reply_by_receipt, said[0], True)
    with pytest.raises(ConveningError, match="cannot_publish"):
        run(receipts.publish_by_receipt, said[0], True)


def test_the_words_that_changed_are_shown_with_the_answer(
    engines: Engines, world: World, run: Run, said: tuple[str, DissentId]
) -> None:
    code, dissent_id = said
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        version = session.get_one(DefinitionVersion, world.versions[2])
        version.state = VersionState.IN_DISCUSSION
        version.statement = version.statement.replace("neglected", "expensive")
    draft = ResponseDraft(Outcome.INCORPORATED, "You are right", world.versions[2])
    run(responses.respond, dissent_id, draft)
    [shown] = receipt(engines, code).responses
    assert shown.answer.number == 3
    assert shown.changed is not None
    [part] = shown.changed
    assert [each.text for each in part.pieces if each.change is not Change.SAME] == [
        "neglected",
        "expensive",
    ]


def test_a_view_is_withdrawn_once_and_stays_on_record(
    engines: Engines, run: Run, said: tuple[str, DissentId]
) -> None:
    code, dissent_id = said
    run(responses.respond, dissent_id, STANDS)
    run(receipts.withdraw_by_receipt, code)
    run(receipts.withdraw_by_receipt, code)
    assert state(engines, code) is DissentState.WITHDRAWN
    assert [each.answer.outcome for each in receipt(engines, code).responses] == [
        Outcome.STANDS,
        Outcome.WITHDRAWN,
    ]
    with pytest.raises(ConveningError, match="cannot_reply"):
        run(receipts.reply_by_receipt, code, True)


def test_what_a_form_sends_twice_is_added_once_and_mended_while_nobody_has_read_it(
    engines: Engines, run: Run, said: tuple[str, DissentId]
) -> None:
    code, form = said[0], str(uuid4())
    for text in ("And the shops", "And the shops", "And the small shops"):
        run(receipts.add_by_receipt, code, form, text)
    run(receipts.add_by_receipt, code, "no id", "And the school")
    found = receipt(engines, code).additions
    assert {each.text for each in found} == {"And the small shops", "And the school"}
    assert {each.state for each in found} == {NoteState.HELD}
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        for row in session.exec(select(AnonymousNote).where(AnonymousNote.strength == "")):
            row.state = NoteState.RELEASED
    run(receipts.add_by_receipt, code, form, "And the small shops")
    run(receipts.add_by_receipt, code, form, "And the bakery")
    texts = sorted(each.text for each in receipt(engines, code).additions)
    assert texts == ["And the bakery", "And the school", "And the small shops"]


@pytest.mark.usefixtures("view")
def test_an_addition_never_overwrites_what_somebody_else_said(
    engines: Engines, run: Run, note: str
) -> None:
    run(receipts.add_by_receipt, VIEW, note, "Mine")
    assert receipt(engines, NOTE).words == "I am afraid"
    assert [each.text for each in receipt(engines, VIEW).additions] == ["Mine"]


def test_there_is_room_for_ten_additions(run: Run, said: tuple[str, DissentId]) -> None:
    for number in range(10):
        run(receipts.add_by_receipt, said[0], str(uuid4()), f"{number}")
    with pytest.raises(Invalid) as caught:
        run(receipts.add_by_receipt, said[0], str(uuid4()), "One more")
    assert [each.code for each in caught.value.problems] == ["too_many_additions"]


def test_a_wrong_entry_that_was_struck_takes_no_more_words(
    engines: Engines, run: Run, view: int
) -> None:
    run(dissent.strike, view, "Not what was said")
    assert receipt(engines, VIEW).may_add is False
    with pytest.raises(ConveningError, match="cannot_add"):
        run(receipts.add_by_receipt, VIEW, str(uuid4()), "But it was")
    with pytest.raises(ConveningError, match="cannot_withdraw"):
        run(receipts.withdraw_by_receipt, VIEW)


def test_publishing_is_agreed_to_and_taken_back(
    engines: Engines, run: Run, said: tuple[str, DissentId]
) -> None:
    code, dissent_id = said
    run(responses.respond, dissent_id, STANDS)
    found = [receipt(engines, code).agreed_to_publish]
    for agreed in (True, False):
        run(receipts.publish_by_receipt, code, agreed)
        found.append(receipt(engines, code).agreed_to_publish)
    assert found == [None, True, False]


def test_a_hidden_note_is_still_read_by_whoever_wrote_it(engines: Engines, world: World) -> None:
    note = noted(engines, world, state=NoteState.HIDDEN)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(AnonymousNote, note).hidden_because = "Names somebody"
    found = receipt(engines, NOTE)
    assert (found.words, found.note_state, found.hidden_because) == (
        "I am afraid",
        NoteState.HIDDEN,
        "Names somebody",
    )
    assert (found.may_reply, found.may_withdraw, found.takes_additions) == (False, False, True)


def test_a_note_that_dissents_from_nothing_is_shown_without_a_state(
    engines: Engines, world: World, run: Run
) -> None:
    noted(engines, world, strength=None, text="Thank you")
    found = receipt(engines, NOTE)
    assert (found.words, found.entry, found.may_withdraw) == ("Thank you", None, False)
    with pytest.raises(ConveningError, match="cannot_withdraw"):
        run(receipts.withdraw_by_receipt, NOTE)
    with pytest.raises(ConveningError, match="cannot_reply"):
        run(receipts.reply_by_receipt, NOTE, True)


def test_nothing_tells_when_the_nameless_came_back(
    engines: Engines, run: Run, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what they do the day is kept and nothing else: no event of the log, no change of the
    journal, no time in any row."""
    run(responses.respond, note, STANDS)
    before = events(engines)
    later = NOW + timedelta(days=2)
    at(monkeypatch, later)
    run(receipts.reply_by_receipt, NOTE, False)
    run(receipts.add_by_receipt, NOTE, str(uuid4()), "More")
    run(receipts.withdraw_by_receipt, NOTE)
    assert events(engines) == before
    day = datetime(2026, 3, 4, tzinfo=UTC)
    with transaction.reading(engines) as session:
        rows = session.exec(select(DissentResponse).order_by(col(DissentResponse.round))).all()
        assert [(each.answered_at, each.responded_by_id is None) for each in rows] == [
            (day, False),
            (day, True),
        ]
        assert rows[1].created_at == day
        assert not [row for row in everything(session) if "2026, 3, 4, 15, 42" in row]


def test_what_a_view_with_a_group_behind_it_is_said_of_stands_in_the_log(
    engines: Engines, run: Run, view: int
) -> None:
    before = len(events(engines))
    run(receipts.add_by_receipt, VIEW, str(uuid4()), "Secret words")
    run(receipts.withdraw_by_receipt, VIEW)
    found = events(engines)[before:]
    assert [(each.actor_id, each.action, each.subject_id) for each in found] == [
        (None, "add_by_receipt", view),
        (None, "withdraw_by_receipt", view),
    ]
    assert "ecret" not in repr(found)
    with transaction.reading(engines) as session:
        assert session.get_one(DissentingView, view).attribution == Attribution.GROUP_ONLY


@pytest.mark.usefixtures("note")
def test_the_room_is_told_of_each_change(world: World, run: Run) -> None:
    heard: list[int] = []
    stop = live.subscribe(heard.append)
    run(receipts.add_by_receipt, NOTE, str(uuid4()), "More")
    stop()
    assert heard == [world.convening_id]


@pytest.mark.usefixtures("note", "view")
def test_a_code_is_stored_nowhere(engines: Engines) -> None:
    with transaction.reading(engines) as session:
        rows = everything(session)
    assert not [row for row in rows if NOTE in row or VIEW in row]


def test_a_no_does_not_slip_past_an_adoption_that_is_being_made(
    engines: Engines, world: World, run: Run, said: tuple[str, DissentId]
) -> None:
    """Whoever comes second waits: the version is adopted with what was said before it."""
    code, dissent_id = said
    run(responses.respond, dissent_id, STANDS)
    run(receipts.reply_by_receipt, code, True)
    with ThreadPoolExecutor(1) as pool:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            steps.locked(session, world.people.alice, world.versions[1], Action.ADOPT_DEFINITION)
            late = pool.submit(run, receipts.reply_by_receipt, code, False)
            with suppress(TimeoutError):
                late.result(timeout=0.3)
            dissent_world.adopted(session, world.versions[1])
        assert isinstance(late.exception(timeout=20), ConveningError)
    assert state(engines, code) is DissentState.CONFIRMED


def everything(session: Session) -> list[str]:
    return [
        repr(row)
        for table in Table.metadata.sorted_tables
        for row in session.execute(table.select())
    ]


def events(engines: Engines) -> list[AuditEvent]:
    with transaction.reading(engines) as session:
        return list(session.exec(select(AuditEvent).order_by(col(AuditEvent.id))))
