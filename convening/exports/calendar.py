"""Convenings as iCalendar (RFC 5545): invitations by e-mail (RFC 5546, RFC 6047) and feeds.

The library ``icalendar`` escapes every text; what could break a line is taken out before, so that
no title, name or place adds a property or a component. The same records give the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

import icalendar
from icalendar.parser import Contentline, Contentlines

from convening.text import clean
from convening.vocabulary import InvitationStatus

PRODUCT = "-//Halqa//Halqa//EN"
CONTENT_TYPE = "text/calendar"

# RSVP is never asked for: an answer by calendar would go to a mailbox that nobody reads.
PARTSTAT: dict[InvitationStatus, str] = {
    InvitationStatus.PROPOSED: "NEEDS-ACTION",
    InvitationStatus.INVITED: "NEEDS-ACTION",
    InvitationStatus.WAITLISTED: "NEEDS-ACTION",
    InvitationStatus.ACCEPTED: "ACCEPTED",
    InvitationStatus.DECLINED: "DECLINED",
    InvitationStatus.ATTENDED: "ACCEPTED",
    InvitationStatus.ABSENT: "DECLINED",
    InvitationStatus.WITHDRAWN: "NEEDS-ACTION",
}


@dataclass(frozen=True)
class Party:
    """Somebody with a name and an e-mail address."""

    name: str
    address: str


@dataclass(frozen=True)
class Event:
    """One convening as calendars learn of it.

    ``starts_local`` and ``ends_local`` are wall times in the IANA zone ``zone``; without an end it
    stands at its start. ``uid`` stays the same for its whole life, ``sequence`` grows with what
    calendars have to learn anew, ``stamp`` (UTC) is when this was written down.
    """

    uid: str
    sequence: int
    stamp: datetime
    title: str
    zone: str
    starts_local: datetime
    ends_local: datetime | None = None
    place: str = ""
    link: str = ""
    description: str = ""
    organiser: Party | None = None
    cancelled: bool = False


def request(event: Event, attendee: Party, status: InvitationStatus) -> bytes:
    """An invitation of one person, or what has changed about it (METHOD:REQUEST)."""
    found = _event(event)
    found.add("attendee", _attendee(attendee, status))
    return _calendar("REQUEST", [event], [found])


def cancel(event: Event, attendee: Party, status: InvitationStatus) -> bytes:
    """Takes the event out of one person's calendar (METHOD:CANCEL, STATUS:CANCELLED)."""
    found = _event(event, cancelled=True)
    found.add("attendee", _attendee(attendee, status))
    return _calendar("CANCEL", [event], [found])


def publish(events: Sequence[Event], name: str) -> bytes:
    """A feed that a calendar subscribes to (METHOD:PUBLISH); ``name`` is what it is called there.

    The events stand in the order given; a cancelled one stays, marked as such.
    """
    return _calendar("PUBLISH", events, [_event(each) for each in events], name=clean(name))


def filled_in(calendar: str, mark: str, value: str) -> str:
    """A calendar with every ``mark`` replaced, and its lines folded again.

    ``mark`` and ``value`` are texts without a character that iCalendar escapes.
    """
    lines: list[str] = Contentlines.from_ical(calendar)  # type: ignore[no-untyped-call]
    filled = Contentlines(
        Contentline(line.replace(mark, clean(value)))  # type: ignore[no-untyped-call]
        for line in lines
    )
    content: bytes = filled.to_ical()  # type: ignore[no-untyped-call]
    return content.decode()


def _calendar(
    method: str, events: Iterable[Event], found: Iterable[icalendar.Event], name: str = ""
) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    for zone in _zones(events):
        calendar.add_component(zone)
    for each in found:
        calendar.add_component(each)
    content: bytes = calendar.to_ical()
    return content


def _zones(events: Iterable[Event]) -> list[icalendar.Timezone]:
    """The rules of each zone in the years in which something happens there."""
    years: dict[str, set[int]] = {}
    for event in events:
        wanted = years.setdefault(event.zone, set())
        wanted |= {event.starts_local.year, (event.ends_local or event.starts_local).year}
    return [
        _zone(zone, min(each), max(each)) for zone, each in sorted(years.items()) if zone != "UTC"
    ]


@lru_cache(maxsize=64)
def _zone(name: str, first: int, last: int) -> icalendar.Timezone:
    """Made once for the many invitations to one convening; nobody changes it."""
    return icalendar.Timezone.from_tzid(
        name, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1)
    )


def _event(event: Event, *, cancelled: bool = False) -> icalendar.Event:
    found = icalendar.Event()
    found.add("uid", clean(event.uid))
    found.add("dtstamp", event.stamp.astimezone(UTC).replace(microsecond=0))
    found.add("sequence", event.sequence)
    found.add("summary", clean(event.title))
    found.add("dtstart", _at(event.starts_local, event.zone))
    if event.ends_local is not None and event.ends_local > event.starts_local:
        found.add("dtend", _at(event.ends_local, event.zone))
    off = cancelled or event.cancelled
    found.add("status", "CANCELLED" if off else "CONFIRMED")
    found.add("transp", "TRANSPARENT" if off else "OPAQUE")
    if event.place or event.link:
        found.add("location", clean(event.place or event.link))
    if event.link and _is_address(event.link):
        found.add("url", clean(event.link))
    if event.description:
        found.add("description", clean(event.description, multiline=True))
    if event.organiser is not None:
        found.add("organizer", _party(event.organiser))
    return found


def _at(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone), microsecond=0)


def _attendee(attendee: Party, status: InvitationStatus) -> icalendar.vCalAddress:
    found = _party(attendee)
    found.params["ROLE"] = "REQ-PARTICIPANT"
    found.params["PARTSTAT"] = PARTSTAT[status]
    found.params["RSVP"] = "FALSE"
    return found


def _party(party: Party) -> icalendar.vCalAddress:
    """A person as ``mailto:`` address; quoted, so that nothing in the address ends the value."""
    found = icalendar.vCalAddress("mailto:" + quote(clean(party.address), safe="@+-._~!$'*=&"))
    name = clean(party.name).replace('"', "'")
    if name:
        found.params["CN"] = name
    return found


def _is_address(link: str) -> bool:
    return link.startswith(("https://", "http://")) and not any(c.isspace() for c in link)
