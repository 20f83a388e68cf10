"""When a room is over, what of its pulse is told apart, and what a commitment needs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from convening import after
from convening.after import Commitment, CommitmentDraft, PulseDraft, ReviewDraft
from convening.answers import Named
from convening.convenings import Convening
from convening.vocabulary import ConveningKind, ConveningState, PulseAnswer, PulseQuestion

STARTS = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEETING = Convening(
    id=1,
    initiative_id=1,
    stage_id=1,
    title="The square",
    purpose="",
    kind=ConveningKind.WORKSHOP,
    state=ConveningState.PLANNED,
    starts_local=STARTS.replace(tzinfo=None),
    ends_local=None,
    zone="UTC",
    starts_at=STARTS,
    ends_at=None,
    place="",
    link="",
    capacity=None,
    openness=None,
    version=1,
)
YES, PARTLY, NO = PulseAnswer
HELD_BACK, SAFE, OPEN = PulseQuestion
TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("state", "closed", "minutes", "expected"),
    [
        (ConveningState.PLANNED, None, 59, None),
        (ConveningState.PLANNED, None, 60, 60),
        (ConveningState.PLANNED, 30, 40, 30),
        (ConveningState.HELD, None, 40, 40),
        (ConveningState.CANCELLED, None, 90, None),
        (ConveningState.CANCELLED, 30, 90, 30),
    ],
)
def test_a_room_is_over_by_the_clock_or_by_hand(
    state: ConveningState, closed: int | None, minutes: int, expected: int | None
) -> None:
    """All in minutes after the start; a convening without an end lasts an hour."""
    closed_at = None if closed is None else STARTS + timedelta(minutes=closed)
    now = STARTS + timedelta(minutes=minutes)
    found = after.over_since(replace(MEETING, state=state), closed_at, now)
    assert found == (None if expected is None else STARTS + timedelta(minutes=expected))


@pytest.mark.parametrize(("days", "expected"), [(-1, False), (1, True), (30, True), (31, False)])
def test_the_pulse_is_asked_for_thirty_days(days: int, expected: bool) -> None:
    assert after.pulse_open(MEETING, None, STARTS + timedelta(days=days)) is expected


def test_each_question_is_told_apart_from_five_answers_on() -> None:
    found = after.counted(
        {(HELD_BACK, YES): 3, (HELD_BACK, NO): 2, (SAFE, YES): 4, (OPEN, PARTLY): 5}
    )
    assert [(each.question, each.people, each.answers) for each in found] == [
        (HELD_BACK, 5, {YES: 3, PARTLY: 0, NO: 2}),
        (SAFE, 4, None),
        (OPEN, 5, {YES: 0, PARTLY: 5, NO: 0}),
    ]


@pytest.mark.parametrize(("present", "expected"), [(0, False), (4, True), (5, False)])
def test_more_answers_than_people_are_noticed(present: int, expected: bool) -> None:
    assert after.more_than_present(after.counted({(SAFE, YES): 5}), present) is expected


def test_a_pulse_says_something() -> None:
    draft = PulseDraft({SAFE: YES}, (Named(" Umm Adam "), Named("", " ")))
    cleaned, problems = after.cleaned_pulse(draft)
    assert (cleaned.answers, cleaned.others, problems) == ({SAFE: YES}, (Named("Umm Adam"),), [])
    _, problems = after.cleaned_pulse(PulseDraft(others=(Named(""), Named("", "", "Knows"))))
    assert [(each.code, each.field) for each in problems] == [("required", "other_2_name")]
    _, problems = after.cleaned_pulse(PulseDraft(others=(Named(" "),)))
    assert [(each.code, each.field) for each in problems] == [("nothing_said", "pulse")]


def test_texts_are_cleaned_and_bounded() -> None:
    draft = ReviewDraft(1, " a\u202e ", "x" * 5001, "", "line\nline")
    cleaned, problems = after.cleaned_review(draft)
    assert (cleaned.expected, cleaned.change) == ("a", "line\nline")
    assert [(each.code, each.field) for each in problems] == [("too_long", "happened")]
    _, problems = after.cleaned_commitment(CommitmentDraft(1, "x" * 501, " ", date(2101, 1, 1)))
    assert [(each.code, each.field) for each in problems] == [
        ("too_long", "what"),
        ("required", "owner"),
        ("date_out_of_range", "due_on"),
    ]


@pytest.mark.parametrize(
    ("day", "done", "overdue", "due"),
    [
        (date(2026, 3, 9), False, True, True),
        (date(2026, 3, 10), False, False, True),
        (date(2026, 3, 17), False, False, True),
        (date(2026, 3, 18), False, False, False),
        (date(2026, 3, 9), True, False, False),
        (None, False, False, False),
    ],
)
def test_a_commitment_is_due_within_a_week_and_late_after_its_day(
    day: date | None, done: bool, overdue: bool, due: bool
) -> None:
    commitment = Commitment(1, "Benches", "Amal", day, STARTS if done else None)
    assert (commitment.overdue(TODAY), after.due_by(commitment, TODAY)) == (overdue, due)


def test_open_commitments_come_by_their_day() -> None:
    days = (date(2026, 3, 20), None, date(2026, 3, 9))
    found = [Commitment(number, "x", "y", day) for number, day in enumerate(days)]
    done = Commitment(9, "x", "y", TODAY, STARTS)
    assert [each.id for each in after.open_ones([done, *found])] == [2, 0, 1]
