"""Remarks about the product itself: what somebody expected, what was tried, whether it helped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import FeedbackState, Language

EXPECTED_LENGTH = 2000  # characters
TRIED_LENGTH = 2000
SCREEN_LENGTH = 50

# What these say cannot be known before something was tried.
NEEDS_A_TRY = frozenset({FeedbackState.TRIED, FeedbackState.HELPED, FeedbackState.NOT_HELPED})


@dataclass(frozen=True)
class FeedbackDraft:
    """What somebody typed on a screen, and nothing else about them or their work."""

    screen: str
    language: Language
    expected: str


@dataclass(frozen=True)
class FollowUpDraft:
    """What an administrator noted about a remark, at the version that was read."""

    id: int
    version: int | None
    state: FeedbackState
    tried: str = ""


@dataclass(frozen=True)
class Remark:
    """``who`` is empty when the account is gone; ``at`` is in UTC."""

    id: int
    at: datetime
    who: str
    screen: str
    language: Language
    expected: str
    state: FeedbackState
    tried: str
    version: int


@dataclass(frozen=True)
class RemarkFilter:
    screen: str | None = None
    state: FeedbackState | None = None


@dataclass(frozen=True)
class RemarkPage:
    """One page of remarks, the newest first, and how many the filter finds in all."""

    remarks: Sequence[Remark]
    total: int


def cleaned(draft: FeedbackDraft) -> tuple[FeedbackDraft, list[Problem]]:
    """The draft with its texts cleaned. Codes by field: required, too_long."""
    problems: list[Problem] = []
    result = replace(
        draft,
        screen=checked(draft.screen, "screen", problems, longest=SCREEN_LENGTH, required=True),
        expected=checked(
            draft.expected,
            "expected",
            problems,
            longest=EXPECTED_LENGTH,
            required=True,
            multiline=True,
        ),
    )
    return result, problems


def cleaned_follow_up(draft: FollowUpDraft) -> tuple[FollowUpDraft, list[Problem]]:
    """The same for what was tried, which a state that follows from it needs. Codes: required,
    too_long."""
    problems: list[Problem] = []
    tried = checked(
        draft.tried,
        "tried",
        problems,
        longest=TRIED_LENGTH,
        required=draft.state in NEEDS_A_TRY,
        multiline=True,
    )
    return replace(draft, tried=tried), problems
