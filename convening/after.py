"""After the room: the pulse, the review of a convening, and what was promised there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from convening.answers import NAMED_AT_ONCE, Named, cleaned_other
from convening.convenings import Convening, end_of
from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import ConveningState, MailState, PulseAnswer, PulseQuestion
from convening.walltime import FIRST_YEAR, LAST_YEAR

REVIEW_LENGTH = 5000  # characters
WHAT_LENGTH = 500
OWNER_LENGTH = 200
PULSE_OPEN = timedelta(days=30)  # afterwards nobody remembers how it felt
PULSE_FROM = 5  # answers to a question before they are told apart: fewer would point at people
DUE_SOON = timedelta(days=7)

Counts = Mapping[PulseAnswer, int]


@dataclass(frozen=True)
class Review:
    """What a team makes of a convening; ``version`` is 0 while nothing is written."""

    convening_id: int
    expected: str = ""
    happened: str = ""
    why: str = ""
    change: str = ""
    version: int = 0


@dataclass(frozen=True)
class ReviewDraft:
    """The same as typed, with the version that it was read at."""

    convening_id: int
    expected: str = ""
    happened: str = ""
    why: str = ""
    change: str = ""
    version: int = 0


@dataclass(frozen=True)
class Commitment:
    """Who does what until when; ``done_at`` is in UTC."""

    id: int
    what: str
    owner: str
    due_on: date | None
    done_at: datetime | None = None
    version: int = 1

    def overdue(self, today: date) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class CommitmentDraft:
    """What was typed for a commitment; ``id`` and ``version`` are None for a new one."""

    convening_id: int
    what: str = ""
    owner: str = ""
    due_on: date | None = None
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class DueCommitment:
    """A commitment that is due, with where it was made."""

    commitment: Commitment
    initiative_id: int
    initiative: str
    convening_id: int
    convening: str


@dataclass(frozen=True)
class PulseDraft:
    """What somebody sends after a room; a question that they pass over is missing."""

    answers: Mapping[PulseQuestion, PulseAnswer] = field(default_factory=dict)
    others: tuple[Named, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.answers and all(each.empty for each in self.others)


@dataclass(frozen=True)
class QuestionCount:
    """How one question of the pulse was answered.

    ``answers`` is None while fewer than ``PULSE_FROM`` people have answered it.
    """

    question: PulseQuestion
    people: int
    answers: Counts | None


@dataclass(frozen=True)
class OpenPulse:
    """What the holder of the link after a room sees; ``open``: the questions can be answered."""

    convening_id: int
    title: str
    initiative: str
    open: bool


@dataclass(frozen=True)
class SummaryState:
    """Who gets the summary of a convening: ``people`` were there, ``missing`` have none yet."""

    people: int
    missing: int
    counts: Mapping[MailState, int]


@dataclass(frozen=True)
class After:
    """Everything that the screen after a room shows. ``over_since`` is None before its end.

    ``token`` opens the pages for those who were there; empty until the link is made.
    """

    meeting: Convening
    initiative: str
    over_since: datetime | None
    present: int
    pulse: tuple[QuestionCount, ...]
    review: Review
    commitments: tuple[Commitment, ...]
    summary: SummaryState
    token: str = ""

    @property
    def answered(self) -> int:
        """People who answered the question that most answered."""
        return max((each.people for each in self.pulse), default=0)


def over_since(meeting: Convening, closed_at: datetime | None, now: datetime) -> datetime | None:
    """When the room was over, UTC: closed by hand, or by the clock; None before, and for a
    convening that was cancelled."""
    if closed_at is not None:
        return closed_at
    if meeting.state is ConveningState.CANCELLED:
        return None
    end = end_of(meeting)
    if end is not None and end <= now:
        return end
    return now if meeting.state is ConveningState.HELD else None


def pulse_open(meeting: Convening, closed_at: datetime | None, now: datetime) -> bool:
    """Whether the three questions are asked: from the end of the room, for 30 days."""
    since = over_since(meeting, closed_at, now)
    return since is not None and now < since + PULSE_OPEN


def counted(found: Mapping[tuple[PulseQuestion, PulseAnswer], int]) -> tuple[QuestionCount, ...]:
    """The pulse as the team reads it, each question by itself: its answers are told apart once
    five people have answered it."""
    questions = []
    for question in PulseQuestion:
        answers = {answer: found.get((question, answer), 0) for answer in PulseAnswer}
        people = sum(answers.values())
        shown = answers if people >= PULSE_FROM else None
        questions.append(QuestionCount(question, people, shown))
    return tuple(questions)


def more_than_present(pulse: Sequence[QuestionCount], present: int) -> bool:
    """Whether more people answered than were noted as present: the link has gone further."""
    return present > 0 and any(each.people > present for each in pulse)


def cleaned_review(draft: ReviewDraft) -> tuple[ReviewDraft, list[Problem]]:
    """The draft with its texts cleaned, and what keeps it from being saved: too_long."""
    problems: list[Problem] = []

    def text(name: str, typed: str) -> str:
        return checked(typed, name, problems, longest=REVIEW_LENGTH, multiline=True)

    cleaned = replace(
        draft,
        expected=text("expected", draft.expected),
        happened=text("happened", draft.happened),
        why=text("why", draft.why),
        change=text("change", draft.change),
    )
    return cleaned, problems


def cleaned_commitment(draft: CommitmentDraft) -> tuple[CommitmentDraft, list[Problem]]:
    """The draft cleaned, and what is missing: a commitment has an owner and a day.

    Codes by field: required, too_long, date_out_of_range.
    """
    problems: list[Problem] = []
    result = replace(
        draft,
        what=checked(draft.what, "what", problems, longest=WHAT_LENGTH, required=True),
        owner=checked(draft.owner, "owner", problems, longest=OWNER_LENGTH, required=True),
    )
    if draft.due_on is None:
        problems.append(Problem("required", field="due_on"))
    elif not FIRST_YEAR <= draft.due_on.year <= LAST_YEAR:
        bounds = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        problems.append(Problem("date_out_of_range", bounds, "due_on"))
    return result, problems


def cleaned_pulse(draft: PulseDraft) -> tuple[PulseDraft, list[Problem]]:
    """What was sent, cleaned. Codes: nothing_said, and by field required (``other_1_name``) and
    too_long."""
    problems: list[Problem] = []
    if draft.empty:
        problems.append(Problem("nothing_said", field="pulse"))
    others = [
        cleaned_other(each, number, problems)
        for number, each in enumerate(draft.others[:NAMED_AT_ONCE], start=1)
        if not each.empty
    ]
    return replace(draft, others=tuple(others)), problems


def open_ones(commitments: Sequence[Commitment]) -> list[Commitment]:
    """Those that are not done, the next by its day first."""
    found = [each for each in commitments if each.done_at is None]
    return sorted(found, key=lambda each: (each.due_on is None, each.due_on or date.max, each.id))


def due_by(commitment: Commitment, today: date) -> bool:
    """Whether somebody should think of it: past its day, or due within a week."""
    day = commitment.due_on
    return commitment.done_at is None and day is not None and day <= today + DUE_SOON
