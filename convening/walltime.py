"""Wall time in a place, and the moment in UTC that it stands for.

A meeting in the future is kept as what the clock on the wall will show, because the rules of time
zones change; UTC follows from it. When clocks are put forward an hour does not exist, when they
are put back an hour happens twice: the first is a problem, the second is read as the earlier one
and said so.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from convening.problems import Problem

FALLBACK_ZONE = "UTC"
FIRST_YEAR, LAST_YEAR = 2000, 2100  # wide enough for every meeting, narrow enough for a typing slip

# The regions of the tz database's "Area/Location" names; the rest are links and fixed offsets.
_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def zones() -> tuple[str, ...]:
    """Every zone that can be chosen, UTC first, the others "Region/City" by name."""
    places = {name for name in _names() if name.partition("/")[0] in _REGIONS and "/" in name}
    return (FALLBACK_ZONE, *sorted(places))


def known_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone of this installation."""
    return name in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def utc(local: datetime, zone: str) -> datetime:
    """The moment at which the clocks of ``zone`` show ``local``; the earlier one of two.

    A wall time that is skipped gives the moment that it would be with the clocks not yet changed.
    """
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """What the clocks of ``zone`` show at an aware ``moment``, without a zone attached."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def is_skipped(wall: datetime, zone: str) -> bool:
    """Whether the clocks of ``zone`` jump over this wall time."""
    return local(utc(wall, zone), zone) != wall


def happens_twice(wall: datetime, zone: str) -> bool:
    """Whether the clocks of ``zone`` show this wall time twice."""
    if is_skipped(wall, zone):
        return False
    earlier = wall.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()
    later = wall.replace(tzinfo=ZoneInfo(zone), fold=1).utcoffset()
    return earlier != later


def check(wall: datetime, zone: str, field: str) -> list[Problem]:
    """Why a wall time cannot stand: ``date_out_of_range``, or ``time_skipped`` (param ``next``,
    what the clocks show instead)."""
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        bounds = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        return [Problem("date_out_of_range", bounds, field)]
    if is_skipped(wall, zone):
        shown = {"time": wall, "next": local(utc(wall, zone), zone)}
        return [Problem("time_skipped", shown, field)]
    return []


def offset(zone: str, wall: datetime) -> str:
    """How far ``zone`` is from UTC at that wall time: "UTC+03:00"."""
    difference = wall.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset() or timedelta(0)
    minutes = round(difference.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
