"""Who has to be told what: the step from what people know to how things stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from convening import outbox
from convening.convenings import Convening
from convening.outbox import Known, Step
from convening.vocabulary import (
    ConveningKind,
    ConveningState,
    InvitationStatus,
    MailKind,
    MailState,
)

S, K, M = InvitationStatus, MailKind, MailState
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MEETING = Convening(
    id=1,
    initiative_id=1,
    stage_id=1,
    title="Evening session",
    purpose="",
    kind=ConveningKind.WORKSHOP,
    state=ConveningState.PLANNED,
    starts_local=datetime(2026, 3, 9, 9),
    ends_local=datetime(2026, 3, 9, 11),
    zone="UTC",
    starts_at=datetime(2026, 3, 9, 9, tzinfo=UTC),
    ends_at=datetime(2026, 3, 9, 11, tzinfo=UTC),
    place="",
    link="",
    capacity=None,
    openness=None,
    version=1,
)
MOVED = replace(MEETING, place="The old mill")
OFF = replace(MEETING, state=ConveningState.CANCELLED)
FACTS = outbox.facts(MEETING)


def known(*messages: tuple[MailKind, MailState]) -> list[Known]:
    return [
        Known(
            number,
            kind,
            state,
            {"because": "called_off"} if kind is K.CANCELLATION else FACTS,
        )
        for number, (kind, state) in enumerate(messages, 1)
    ]


def step(
    messages: list[Known], status: InvitationStatus, meeting: Convening = MEETING, **more: bool
) -> Step:
    return outbox.step(messages, status, meeting, NOW, **more)


@pytest.mark.parametrize("left", [M.SENT, M.SENDING, M.UNCERTAIN])
class TestWhoeverMayKnow:
    def test_needs_no_news_while_nothing_changes(self, left: MailState) -> None:
        assert step(known((K.INVITATION, left)), S.ACCEPTED) == Step()

    def test_learns_of_a_change(self, left: MailState) -> None:
        assert step(known((K.INVITATION, left)), S.INVITED, MOVED) == Step((), K.UPDATE)

    @pytest.mark.parametrize("status", [S.WITHDRAWN, S.WAITLISTED, S.PROPOSED])
    def test_learns_that_the_place_is_gone(self, left: MailState, status: InvitationStatus) -> None:
        assert step(known((K.INVITATION, left)), status) == Step((), K.CANCELLATION)

    def test_learns_that_it_is_called_off(self, left: MailState) -> None:
        assert step(known((K.INVITATION, left)), S.ACCEPTED, OFF) == Step((), K.CANCELLATION)

    def test_is_not_told_twice(self, left: MailState) -> None:
        told = known((K.INVITATION, left), (K.CANCELLATION, left))
        assert step(told, S.ACCEPTED, OFF) == Step()


@pytest.mark.parametrize("held", [M.WAITING, M.BY_HAND, M.FAILED])
class TestWhatIsHeldBack:
    def test_stays_while_it_is_right(self, held: MailState) -> None:
        assert step(known((K.INVITATION, held)), S.INVITED) == Step()

    def test_is_written_anew_when_facts_change(self, held: MailState) -> None:
        assert step(known((K.INVITATION, held)), S.INVITED, MOVED) == Step((1,), K.INVITATION)

    def test_goes_when_its_cause_goes(self, held: MailState) -> None:
        for status in (S.WITHDRAWN, S.DECLINED, S.ATTENDED):
            assert step(known((K.INVITATION, held)), status) == Step((1,), None)

    def test_news_that_it_is_off_goes_when_it_is_on_again(self, held: MailState) -> None:
        messages = known((K.INVITATION, M.SENT), (K.CANCELLATION, held))
        assert step(messages, S.ACCEPTED) == Step((2,), None)
        assert step(messages, S.ACCEPTED, OFF) == Step()

    def test_a_reminder_goes_with_the_answer(self, held: MailState) -> None:
        messages = known((K.INVITATION, M.SENT), (K.REMINDER, held))
        assert step(messages, S.INVITED) == Step()
        assert step(messages, S.ACCEPTED) == Step((2,), None)


def test_somebody_invited_by_word_of_mouth_gets_no_message() -> None:
    assert step([], S.INVITED, MOVED) == Step()
    assert step([], S.WITHDRAWN) == Step()
    assert step([], S.INVITED, asked=True) == Step((), K.INVITATION)


def test_whoever_knows_from_a_reminder_alone_learns_of_a_change_and_that_it_is_off() -> None:
    reminded = known((K.REMINDER, M.SENT))
    assert step(reminded, S.INVITED) == Step()
    assert step(reminded, S.ACCEPTED, MOVED) == Step((), K.UPDATE)
    assert step(reminded, S.INVITED, OFF) == Step((), K.CANCELLATION)
    assert step(reminded, S.WITHDRAWN) == Step((), K.CANCELLATION)
    called_off = known((K.REMINDER, M.SENT), (K.CANCELLATION, M.SENT))
    assert step(called_off, S.INVITED) == Step((), K.INVITATION)


def test_after_a_cancellation_an_invitation_comes_again() -> None:
    told = known((K.INVITATION, M.SENT), (K.CANCELLATION, M.SENT))
    assert step(told, S.INVITED) == Step((), K.INVITATION)


def test_an_invitation_that_was_dropped_comes_back_with_its_cause() -> None:
    assert step(known((K.INVITATION, M.CANCELLED)), S.INVITED) == Step((), K.INVITATION)


def test_what_is_over_is_left_alone() -> None:
    later = NOW + timedelta(days=30)
    messages = known((K.INVITATION, M.SENT), (K.UPDATE, M.WAITING))
    assert outbox.step(messages, S.INVITED, MOVED, later) == Step((2,), None)


def test_a_summary_that_waits_is_no_news_about_coming() -> None:
    later = NOW + timedelta(days=30)
    messages = known((K.INVITATION, M.SENT), (K.SUMMARY, M.WAITING))
    assert outbox.step(messages, S.ATTENDED, MOVED, later) == Step()
    assert outbox.step(messages, S.ABSENT, OFF, later) == Step()


@pytest.mark.parametrize(
    ("kind", "status", "meeting", "leaves"),
    [
        (K.INVITATION, S.INVITED, MEETING, True),
        (K.INVITATION, S.ACCEPTED, MEETING, True),
        (K.INVITATION, S.WITHDRAWN, MEETING, False),
        (K.INVITATION, S.INVITED, OFF, False),
        (K.INVITATION, None, MEETING, False),
        (K.UPDATE, S.DECLINED, MEETING, False),
        (K.REMINDER, S.INVITED, MEETING, True),
        (K.REMINDER, S.ACCEPTED, MEETING, False),
        (K.CANCELLATION, S.WITHDRAWN, MEETING, True),
        (K.CANCELLATION, S.ACCEPTED, OFF, True),
        (K.CANCELLATION, S.ACCEPTED, MEETING, False),
        (K.CANCELLATION, None, None, True),
        (K.SUMMARY, S.ATTENDED, MEETING, True),
        (K.SUMMARY, S.ABSENT, MEETING, False),
        (K.SUMMARY, None, MEETING, False),
        (K.SUMMARY, S.ATTENDED, None, False),
    ],
)
def test_only_what_is_true_leaves(
    kind: MailKind, status: InvitationStatus | None, meeting: Convening | None, leaves: bool
) -> None:
    assert outbox.may_leave(kind, status, meeting, NOW) is leaves


def test_five_attempts_are_made_after_the_first_and_then_none() -> None:
    waits = [outbox.retry_after(attempts) for attempts in range(1, 7)]
    assert [wait and wait.total_seconds() / 60 for wait in waits] == [1, 5, 30, 120, 480, None]


def test_every_state_is_left_held_back_or_dropped() -> None:
    assert set(MailState) == outbox.LEFT | outbox.HELD_BACK | {M.CANCELLED}
