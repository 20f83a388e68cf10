"""How long an initiative keeps people: until some months after its last convening, with notice."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from convening.problems import Problem

NOTICE_DAYS = 30  # between the notice on the first screen and the erasure
MONTHS = range(1, 241)


@dataclass(frozen=True)
class Due:
    """An initiative whose people are to be erased, as its team has set.

    ``ended_on`` is the day of its last convening, ``due_on`` the end of the time that people are
    kept, ``erased_on`` when they are erased by themselves; None until the notice has begun.
    """

    initiative_id: int
    name: str
    people: int
    ended_on: date
    due_on: date
    erased_on: date | None
    may_erase: bool


def check_months(months: int | None) -> list[Problem]:
    """``keep_months`` outside 1..240, where None keeps people for as long as the initiative is."""
    if months is None or months in MONTHS:
        return []
    return [Problem("keep_out_of_range", {"most": MONTHS[-1]}, "keep_months")]


def due_on(ended_on: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(ended_on.month - 1 + months, 12)
    year, month = ended_on.year + year, month + 1
    return date(year, month, min(ended_on.day, monthrange(year, month)[1]))


def erased_on(announced_on: date) -> date:
    """The day on which the notice is over."""
    return announced_on + timedelta(days=NOTICE_DAYS)
