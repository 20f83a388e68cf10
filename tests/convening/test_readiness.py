"""The six questions whether to convene at all, and what their answers ask back."""

import pytest

from convening import readiness
from convening.problems import Problem
from convening.readiness import Answer
from convening.vocabulary import ConveningQuestion as Question

ALL_YES = {question: Answer(True) for question in Question}


def test_there_are_six_questions() -> None:
    assert len(Question) == 6


def test_six_times_yes_is_a_case_for_convening() -> None:
    assert readiness.advice(ALL_YES) == Problem("readiness_ready")


def test_open_questions_are_counted() -> None:
    answers = {Question.CLEAR_PURPOSE: Answer(True), Question.RESOURCES: Answer(True)}
    assert readiness.advice(answers) == Problem("readiness_open", {"count": 4})
    assert readiness.advice({}) == Problem("readiness_open", {"count": 6})
    assert readiness.unanswered(answers) == [
        Question.ISSUE_RIPE,
        Question.CRITICAL_STAKEHOLDERS,
        Question.COLLECTIVE_INTELLIGENCE,
        Question.EXTENDED_TIME,
    ]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (Question.CLEAR_PURPOSE, "consider_purpose"),
        (Question.ISSUE_RIPE, "consider_visit"),
        (Question.CRITICAL_STAKEHOLDERS, "consider_visit"),
        (Question.COLLECTIVE_INTELLIGENCE, "consider_written"),
        (Question.EXTENDED_TIME, "consider_call"),
        (Question.RESOURCES, "consider_joining"),
    ],
)
def test_a_single_no_asks_for_what_is_missing(question: Question, code: str) -> None:
    answers = {**ALL_YES, question: Answer(False, "not yet")}
    assert readiness.advice(answers) == Problem(code, {"count": 1})


def test_two_noes_put_the_meeting_itself_in_question() -> None:
    answers = {**ALL_YES, Question.RESOURCES: Answer(False), Question.EXTENDED_TIME: Answer(False)}
    assert readiness.noes(answers) == [Question.EXTENDED_TIME, Question.RESOURCES]
    assert readiness.advice(answers) == Problem("consider_visit", {"count": 2})


def test_a_no_is_heard_before_all_are_answered() -> None:
    assert readiness.advice({Question.RESOURCES: Answer(False)}) == Problem(
        "consider_joining", {"count": 1}
    )
