"""People are kept for some months after the last convening, counted by the calendar."""

from datetime import date

import pytest

from convening.retention import check_months, due_on, erased_on


@pytest.mark.parametrize(
    ("ended", "months", "due"),
    [
        (date(2026, 3, 15), 1, date(2026, 4, 15)),
        (date(2026, 3, 15), 10, date(2027, 1, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), 24, date(2028, 1, 31)),
    ],
)
def test_months_are_those_of_the_calendar(ended: date, months: int, due: date) -> None:
    assert due_on(ended, months) == due


def test_the_notice_lasts_thirty_days() -> None:
    assert erased_on(date(2026, 11, 21)) == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("months", "codes"),
    [
        (None, []),
        (1, []),
        (240, []),
        (0, ["keep_out_of_range"]),
        (241, ["keep_out_of_range"]),
    ],
)
def test_the_time_is_none_or_up_to_twenty_years(months: int | None, codes: list[str]) -> None:
    assert [each.code for each in check_months(months)] == codes
