"""Wall time and UTC, on ordinary days and on those when the clocks change."""

from datetime import UTC, datetime

import pytest

from convening import walltime
from convening.problems import Problem

SKIPPED = datetime(2026, 3, 29, 2, 30)  # Berlin's clocks go from 2:00 to 3:00
TWICE = datetime(2026, 10, 25, 2, 30)  # and here from 3:00 back to 2:00


def test_wall_time_becomes_utc_by_the_rules_of_its_zone() -> None:
    assert walltime.utc(datetime(2026, 7, 1, 18, 0), "Europe/Berlin") == datetime(
        2026, 7, 1, 16, 0, tzinfo=UTC
    )
    assert walltime.utc(datetime(2026, 1, 1, 18, 0), "Europe/Berlin") == datetime(
        2026, 1, 1, 17, 0, tzinfo=UTC
    )


def test_an_hour_that_is_skipped_is_a_problem_that_says_what_the_clocks_show() -> None:
    assert walltime.is_skipped(SKIPPED, "Europe/Berlin")
    assert walltime.check(SKIPPED, "Europe/Berlin", "starts_local") == [
        Problem(
            "time_skipped", {"time": SKIPPED, "next": datetime(2026, 3, 29, 3, 30)}, "starts_local"
        )
    ]
    assert walltime.check(SKIPPED, "Asia/Amman", "starts_local") == []


def test_an_hour_that_happens_twice_is_the_earlier_one() -> None:
    assert walltime.happens_twice(TWICE, "Europe/Berlin")
    assert walltime.utc(TWICE, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert walltime.check(TWICE, "Europe/Berlin", "starts_local") == []


@pytest.mark.parametrize("wall", [SKIPPED, datetime(2026, 10, 25, 3, 0), datetime(2026, 5, 1)])
def test_no_other_hour_happens_twice(wall: datetime) -> None:
    assert not walltime.happens_twice(wall, "Europe/Berlin")


def test_local_turns_utc_back() -> None:
    moment = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert walltime.local(moment, "Asia/Amman") == datetime(2027, 1, 1, 1, 30)


@pytest.mark.parametrize("year", [1999, 2101, 9999])
def test_a_date_out_of_reach_is_a_problem(year: int) -> None:
    assert walltime.check(datetime(year, 1, 1), "UTC", "starts_local") == [
        Problem("date_out_of_range", {"first": "2000", "last": "2100"}, "starts_local")
    ]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Amman", "UTC+03:00"),
        ("America/St_Johns", "UTC-03:30"),
        ("Asia/Kathmandu", "UTC+05:45"),
        ("UTC", "UTC+00:00"),
    ],
)
def test_the_offset_is_that_of_the_day(zone: str, expected: str) -> None:
    assert walltime.offset(zone, datetime(2026, 1, 15)) == expected


def test_zones_are_places_with_utc_first() -> None:
    zones = walltime.zones()
    assert zones[0] == "UTC"
    assert list(zones[1:]) == sorted(zones[1:])
    assert {"Asia/Amman", "Europe/London", "America/New_York"} <= set(zones)
    assert not {"Etc/GMT+3", "US/Eastern", "EST", "Factory", "GB"} & set(zones)


def test_a_zone_is_known_by_its_name() -> None:
    assert walltime.known_zone("Asia/Amman")
    assert not walltime.known_zone("Asia/Nowhere")
    assert not walltime.known_zone("../../etc/passwd")
