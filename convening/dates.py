"""When a convening is, in words."""

from convening import walltime
from convening.convenings import HasTimes
from convening.i18n import Translator


def when(meeting: HasTimes, t: Translator) -> str:
    """Day and times on the wall there, without the zone; empty while no date is set."""
    start, end = meeting.starts_local, meeting.ends_local
    if start is None:
        return ""
    if end is None:
        return t("convenings.when", date=start.date(), start=t.time(start))
    if end.date() == start.date():
        day, begins, ends = start.date(), t.time(start), t.time(end)
        return t("convenings.when_until", date=day, start=begins, end=ends)
    return t("convenings.when_days", start=start, end=end)


def when_in_zone(meeting: HasTimes, t: Translator) -> str:
    """The same with the zone and how far it is from UTC that day."""
    if meeting.starts_local is None:
        return ""
    offset = walltime.offset(meeting.zone, meeting.starts_local)
    return t("convenings.in_zone", when=when(meeting, t), zone=meeting.zone, offset=offset)
