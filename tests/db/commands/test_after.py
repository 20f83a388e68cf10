"""After a room: its review, its commitments, the pulse that keeps counts alone, the summary."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from convening.after import CommitmentDraft, PulseDraft, ReviewDraft, SummaryState
from convening.answers import Named
from convening.problems import ChangedMeanwhile, ConveningError, Forbidden, NotFound
from convening.vocabulary import (
    ConveningState,
    Group,
    InvitationStatus,
    MailState,
    PulseAnswer,
    PulseQuestion,
)
from db import base, letters, summaries, tokens
from db.commands import after
from db.queries import after as reading
from db.tables import room as table
from db.tables import work
from db.tables.accounts import AuditEvent
from db.tables.community import Nomination
from db.tables.mail import OutboxEmail
from tests import builders

AFTERWARDS = builders.START + timedelta(days=1)
BEFORE = builders.START - timedelta(days=1)
HELD_BACK, SAFE = PulseQuestion.HELD_BACK, PulseQuestion.SAFE_TO_DISAGREE


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """The day after the convening, until a test sets another moment."""

    def at(moment: Any) -> None:
        monkeypatch.setattr(base, "now", lambda: moment)
        for module in (after, reading):
            monkeypatch.setattr(module, "now", lambda: moment)

    at(AFTERWARDS)
    return at


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def room(session: Session, team: builders.People) -> int:
    """A convening on 2 March 2026 that two people attended and one missed."""
    meeting = builders.convening(session, builders.stage(session, team.initiative_id), "The square")
    for name, status in (
        ("Noor", InvitationStatus.ATTENDED),
        ("Sami", InvitationStatus.ATTENDED),
        ("Huda", InvitationStatus.ABSENT),
    ):
        person = builders.person(session, team.initiative_id, name, Group.STEWARD)
        builders.invitation(session, meeting, person, status)
    return meeting


def codes(call: Callable[..., Any], *args: Any, **kwargs: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(ConveningError) as caught:
        call(*args, **kwargs)
    return [(each.code, each.field) for each in caught.value.problems]


def counts(session: Session) -> dict[tuple[str, str], int]:
    return {(r.question, r.answer): r.people for r in session.exec(select(table.PulseCount))}


def test_what_is_expected_is_written_before_and_the_rest_after(
    session: Session, team: builders.People, room: int, clock: Callable[[Any], None]
) -> None:
    clock(BEFORE)
    assert reading.review(session, team.bob, room).version == 0
    after.write_review(session, team.bob, ReviewDraft(room, expected=" They agree "))
    clock(AFTERWARDS)
    draft = ReviewDraft(room, "They agree", "They did not", "The rent", "We ask tenants", 1)
    assert after.write_review(session, team.alice, draft) == room
    found = reading.review(session, team.bob, room)
    assert (found.expected, found.happened, found.why, found.change, found.version) == (
        "They agree",
        "They did not",
        "The rent",
        "We ask tenants",
        2,
    )


@pytest.mark.parametrize("read_at", [0, 1])
def test_a_second_reviewer_is_noticed(
    session: Session, team: builders.People, room: int, read_at: int
) -> None:
    after.write_review(session, team.bob, ReviewDraft(room, expected="One"))
    after.write_review(session, team.bob, ReviewDraft(room, expected="Two", version=1))
    with pytest.raises(ChangedMeanwhile) as caught:
        after.write_review(session, team.alice, ReviewDraft(room, "Three", version=read_at))
    assert (caught.value.subject, caught.value.subject_id) == ("convening_review", room)
    assert reading.review(session, team.alice, room).expected == "Two"


def test_a_commitment_has_an_owner_and_a_day(
    session: Session, team: builders.People, room: int
) -> None:
    assert codes(after.add_commitment, session, team.bob, CommitmentDraft(room)) == [
        ("required", "what"),
        ("required", "owner"),
        ("required", "due_on"),
    ]
    late = CommitmentDraft(room, "Benches", "Amal", date(1999, 1, 1))
    assert codes(after.add_commitment, session, team.bob, late) == [("date_out_of_range", "due_on")]


def test_commitments_are_listed_open_ones_by_their_day(
    session: Session, team: builders.People, room: int
) -> None:
    def add(what: str, day: int) -> int:
        draft = CommitmentDraft(room, what, "Amal", date(2026, 3, day))
        return after.add_commitment(session, team.bob, draft)

    later, kept, sooner = add("Light", 20), add("Minutes", 3), add("Benches", 9)
    after.tick_commitment(session, team.alice, kept, done=True, version=1)
    found = reading.commitments(session, team.bob, room)
    assert [each.id for each in found] == [sooner, later, kept]
    assert [each.done_at for each in found] == [None, None, AFTERWARDS]
    changed = CommitmentDraft(room, "Two benches", "Sami", date(2026, 3, 25), sooner, 1)
    after.edit_commitment(session, team.bob, changed)
    after.tick_commitment(session, team.bob, kept, done=False, version=2)
    after.remove_commitment(session, team.bob, later, 1)
    found = reading.commitments(session, team.bob, room)
    assert [(each.what, each.owner, each.done_at) for each in found] == [
        ("Minutes", "Amal", None),
        ("Two benches", "Sami", None),
    ]
    assert codes(after.edit_commitment, session, team.bob, changed) == [("changed_meanwhile", None)]


def test_what_is_due_is_found_over_the_initiatives_of_a_team(
    session: Session, team: builders.People, room: int
) -> None:
    elsewhere = builders.convening(session, builders.stage(session, team.foreign_id))
    for what, day in (("Benches", 9), ("Minutes", 3), ("Light", 20)):
        draft = CommitmentDraft(room, what, "Amal", date(2026, 3, day))
        after.add_commitment(session, team.alice, draft)
    foreign = CommitmentDraft(elsewhere, "Secret", "Zed", date(2026, 3, 3))
    after.add_commitment(session, team.charlie, foreign)
    found = reading.due(session, team.bob, date(2026, 3, 10))
    assert [(each.commitment.what, each.initiative, each.convening) for each in found] == [
        ("Minutes", "Renewal", "The square"),
        ("Benches", "Renewal", "The square"),
    ]
    assert reading.due(session, team.dana, date(2026, 3, 10)) == []
    after.tick_commitment(session, team.bob, found[0].commitment.id, done=True)
    session.get_one(work.Initiative, team.initiative_id).archived_at = AFTERWARDS
    session.flush()
    assert reading.due(session, team.bob, date(2026, 3, 10)) == []


def test_the_pulse_keeps_counts_and_nothing_else(
    session: Session, team: builders.People, room: int
) -> None:
    token = after.make_after_link(session, team.bob, room)
    events = len(session.exec(select(AuditEvent)).all())
    for answer in (PulseAnswer.YES, PulseAnswer.NO, PulseAnswer.YES):
        assert after.answer_pulse(session, token, PulseDraft({HELD_BACK: answer})) == room
    after.answer_pulse(session, token, PulseDraft({SAFE: PulseAnswer.PARTLY}))
    assert counts(session) == {
        ("held_back", "yes"): 2,
        ("held_back", "no"): 1,
        ("safe_to_disagree", "partly"): 1,
    }
    assert len(session.exec(select(AuditEvent)).all()) == events
    assert set(table.PulseCount.model_fields) == {"convening_id", "question", "answer", "people"}


def test_answers_are_told_apart_from_five_on(
    session: Session, team: builders.People, room: int
) -> None:
    token = after.make_after_link(session, team.bob, room)
    for _ in range(4):
        after.answer_pulse(session, token, PulseDraft({HELD_BACK: PulseAnswer.YES}))
    first, *rest = reading.facts(session, team.bob, room).pulse
    assert (first.question, first.people, first.answers) == (HELD_BACK, 4, None)
    assert [each.people for each in rest] == [0, 0]
    after.answer_pulse(session, token, PulseDraft({HELD_BACK: PulseAnswer.NO}))
    first = reading.facts(session, team.bob, room).pulse[0]
    assert first.answers == {PulseAnswer.YES: 4, PulseAnswer.PARTLY: 0, PulseAnswer.NO: 1}


def test_whoever_should_have_been_asked_becomes_a_nomination(
    session: Session, team: builders.People, room: int
) -> None:
    token = after.make_after_link(session, team.bob, room)
    named = Named("Umm Adam", "Savings circle", "She is trusted")
    for _ in range(2):
        after.answer_pulse(session, token, PulseDraft(others=(named, Named(""))))
    after.answer_pulse(
        session, token, PulseDraft(others=(Named("umm adam", "", "Knows the rent"),))
    )
    found = session.exec(select(Nomination).order_by(Nomination.id)).all()  # type: ignore[arg-type]
    assert [(each.name, each.reason, each.nominated_by_id) for each in found] == [
        ("Umm Adam", "She is trusted", None),
        ("umm adam", "Knows the rent", None),
    ]


def test_an_empty_or_damaged_pulse_is_refused(
    session: Session, team: builders.People, room: int
) -> None:
    token = after.make_after_link(session, team.bob, room)
    assert codes(after.answer_pulse, session, token, PulseDraft()) == [("nothing_said", "pulse")]
    nameless = PulseDraft(others=(Named("", "School"),))
    assert codes(after.answer_pulse, session, token, nameless) == [("required", "other_1_name")]
    with pytest.raises(NotFound):
        after.answer_pulse(session, "made-up", PulseDraft({SAFE: PulseAnswer.NO}))
    assert counts(session) == {}


@pytest.mark.parametrize(
    ("moment", "state", "closed", "open_to_answers"),
    [
        (BEFORE, ConveningState.PLANNED, None, False),
        (builders.START + timedelta(hours=2), ConveningState.PLANNED, None, True),
        (builders.START + timedelta(hours=1), ConveningState.PLANNED, builders.START, True),
        (builders.START + timedelta(days=30), ConveningState.HELD, None, True),
        (builders.START + timedelta(days=30, hours=2), ConveningState.HELD, None, False),
        (AFTERWARDS, ConveningState.CANCELLED, None, False),
    ],
)
def test_the_pulse_is_open_from_the_end_for_thirty_days(
    session: Session,
    team: builders.People,
    room: int,
    clock: Callable[[Any], None],
    moment: Any,
    state: ConveningState,
    closed: Any,
    open_to_answers: bool,
) -> None:
    token = after.make_after_link(session, team.bob, room)
    session.get_one(work.Convening, room).state = state.value
    if closed is not None:
        session.add(table.Room(convening_id=room, state="closed", closed_at=closed))
    session.flush()
    clock(moment)
    found = reading.open_pulse(session, token)
    assert found is not None
    assert found.open is open_to_answers
    if not open_to_answers:
        draft = PulseDraft({SAFE: PulseAnswer.YES})
        assert codes(after.answer_pulse, session, token, draft) == [("pulse_closed", None)]


def test_the_link_is_made_once_and_stored_as_its_hash(
    session: Session, team: builders.People, room: int, clock: Callable[[Any], None]
) -> None:
    clock(BEFORE)
    assert codes(after.make_after_link, session, team.bob, room) == [("not_over_yet", None)]
    clock(AFTERWARDS)
    token = after.make_after_link(session, team.bob, room)
    assert after.make_after_link(session, team.alice, room) == token
    (row,) = session.exec(select(table.AfterLink))
    assert row.token_hash == tokens.hashed(token)
    assert token not in repr(row)
    assert reading.facts(session, team.bob, room).token == token


def test_the_summary_goes_once_to_everybody_who_was_there(
    session: Session, team: builders.People, room: int
) -> None:
    assert reading.summary_state(session, room) == SummaryState(2, 2, {})
    assert after.send_summary(session, team.alice, room) == 2
    rows = session.exec(select(OutboxEmail).order_by(OutboxEmail.id)).all()  # type: ignore[arg-type]
    assert [(each.kind, each.state, each.recipient_name) for each in rows] == [
        ("summary", "by_hand", "Noor"),
        ("summary", "by_hand", "Sami"),
    ]
    assert codes(after.send_summary, session, team.alice, room) == [("nobody_to_tell", None)]
    assert reading.summary_state(session, room) == SummaryState(2, 0, {MailState.BY_HAND: 2})
    token = reading.facts(session, team.alice, room).token
    address = letters.address(rows[0].link_path, rows[0].link_salt)
    assert address.endswith(f"/became/{token}")
    assert token not in rows[0].text


def test_the_summary_tells_what_was_promised_and_what_changes(
    session: Session, team: builders.People, room: int
) -> None:
    after.write_review(session, team.bob, ReviewDraft(room, "Peace", "A quarrel", "", "We listen"))
    draft = CommitmentDraft(room, "Two benches", "Amal", date(2026, 3, 20))
    after.add_commitment(session, team.bob, draft)
    text = summaries.preview(session, team.bob, room, "Noor", summaries.Language.ENGLISH).text
    for part in (
        "Hello Noor,",
        "A quarrel",
        "We listen",
        "Two benches (Amal, until Fri 20 Mar 2026)",
        "No dissenting view has been noted.",
    ):
        assert part in text
    assert "Peace" not in text


def test_a_summary_needs_the_end_of_the_room(
    session: Session, team: builders.People, room: int, clock: Callable[[Any], None]
) -> None:
    clock(BEFORE)
    assert codes(after.send_summary, session, team.alice, room) == [("not_over_yet", None)]


def test_only_the_team_may_and_only_those_who_invite_may_send(
    session: Session, team: builders.People, room: int
) -> None:
    commitment = after.add_commitment(
        session, team.alice, CommitmentDraft(room, "Benches", "Amal", date(2026, 3, 9))
    )
    with pytest.raises(Forbidden):
        after.send_summary(session, team.bob, room)
    attempts: list[tuple[Callable[..., Any], Any]] = [
        (after.write_review, ReviewDraft(room)),
        (after.add_commitment, CommitmentDraft(room, "x", "y", date(2026, 3, 9))),
        (after.make_after_link, room),
        (after.send_summary, room),
        (after.remove_commitment, commitment),
        (reading.facts, room),
        (reading.commitments, room),
        (reading.review, room),
    ]
    for who in (team.charlie, team.dana):
        for call, argument in attempts:
            with pytest.raises(NotFound):
                call(session, who, argument)


def test_a_foreign_commitment_answers_as_a_missing_one(
    session: Session, team: builders.People, room: int
) -> None:
    own = after.add_commitment(
        session, team.alice, CommitmentDraft(room, "Benches", "Amal", date(2026, 3, 9))
    )
    told = []
    for wanted in (own, 999):
        with pytest.raises(NotFound) as caught:
            after.remove_commitment(session, team.charlie, wanted)
        told.append(dict(caught.value.params))
    assert told == [{"what": "commitment"}] * 2
