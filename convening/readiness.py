"""Whether to convene at all: six questions before a date is set.

Each "no" points to another way than a meeting (key ``convening_question.<question>.alternative``).
The answers never block a convening: what comes out of them is a question back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from convening.problems import Problem
from convening.vocabulary import ConveningQuestion

MANY_NOES = 2  # one "no" has its own remedy; from two on the meeting itself is in question

# What a single "no" asks back; each names the remedy nearest to what is missing.
_SINGLE: dict[ConveningQuestion, str] = {
    ConveningQuestion.CLEAR_PURPOSE: "consider_purpose",
    ConveningQuestion.ISSUE_RIPE: "consider_visit",
    ConveningQuestion.CRITICAL_STAKEHOLDERS: "consider_visit",
    ConveningQuestion.COLLECTIVE_INTELLIGENCE: "consider_written",
    ConveningQuestion.EXTENDED_TIME: "consider_call",
    ConveningQuestion.RESOURCES: "consider_joining",
}


@dataclass(frozen=True)
class Answer:
    """The answer to one question; ``note`` says why, in the organiser's words."""

    yes: bool
    note: str = ""


Answers = Mapping[ConveningQuestion, Answer]


def noes(answers: Answers) -> list[ConveningQuestion]:
    """The questions answered with no, in the order in which they are asked."""
    return [each for each in ConveningQuestion if each in answers and not answers[each].yes]


def unanswered(answers: Answers) -> list[ConveningQuestion]:
    """The questions still to be answered, in the order in which they are asked."""
    return [each for each in ConveningQuestion if each not in answers]


def advice(answers: Answers) -> Problem:
    """One sentence on all the answers so far; param ``count`` is the number of noes.

    Codes: ``readiness_open`` (questions are left and nothing was denied; ``count`` is how many),
    ``readiness_ready`` (six times yes), and as a question after noes ``consider_visit``,
    ``consider_purpose``, ``consider_written``, ``consider_call``, ``consider_joining``.
    """
    denied = noes(answers)
    if denied:
        code = "consider_visit" if len(denied) >= MANY_NOES else _SINGLE[denied[0]]
        return Problem(code, {"count": len(denied)})
    left = unanswered(answers)
    if left:
        return Problem("readiness_open", {"count": len(left)})
    return Problem("readiness_ready")
