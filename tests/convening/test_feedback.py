"""Remarks about the product: what must be said, and what follows from a state."""

import pytest

from convening.feedback import FeedbackDraft, FollowUpDraft, cleaned, cleaned_follow_up
from convening.problems import Problem
from convening.vocabulary import FeedbackState, Language


def test_a_remark_keeps_its_lines_and_loses_what_no_database_should_get() -> None:
    draft, problems = cleaned(FeedbackDraft("door", Language.ARABIC, " one\x00 \r\n two\u202e "))
    assert (draft.screen, draft.expected, problems) == ("door", "one\n two", [])


@pytest.mark.parametrize(("text", "code"), [("  \n ", "required"), ("x" * 2001, "too_long")])
def test_a_remark_that_says_nothing_or_too_much_is_not_kept(text: str, code: str) -> None:
    _, problems = cleaned(FeedbackDraft("door", Language.ENGLISH, text))
    assert [(each.code, each.field) for each in problems] == [(code, "expected")]


@pytest.mark.parametrize("state", list(FeedbackState))
def test_whether_it_helped_needs_something_that_was_tried(state: FeedbackState) -> None:
    needed = state in (FeedbackState.TRIED, FeedbackState.HELPED, FeedbackState.NOT_HELPED)
    _, problems = cleaned_follow_up(FollowUpDraft(1, 1, state))
    assert problems == ([Problem("required", field="tried")] if needed else [])
    assert cleaned_follow_up(FollowUpDraft(1, 1, state, "A hint"))[1] == []
