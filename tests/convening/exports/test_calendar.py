"""Invitations, cancellations and feeds as calendars read them; and nothing that slips in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convening.exports import calendar
from convening.exports.calendar import Event, Party
from convening.vocabulary import InvitationStatus

S = InvitationStatus
EVENT = Event(
    uid="f0b1",
    sequence=2,
    stamp=datetime(2026, 11, 1, 8, 30, 15, 999, tzinfo=UTC),
    title="Evening session",
    zone="Europe/London",
    starts_local=datetime(2026, 7, 1, 18, 0),
    ends_local=datetime(2026, 7, 1, 20, 30),
    place="The old mill, 2nd floor",
    link="https://meet.example.org/a;b,c",
    description="Answer: [[link]]\nSee you",
    organiser=Party("Renewing the quarter", "halqa@example.org"),
)
AMINA = Party("Amina Haddad", "amina@example.org")
HOSTILE = [
    "x\r\nATTENDEE:mailto:all@example.org",
    "x\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:other",
    "x\rBEGIN:VALARM",
    'x";RSVP=TRUE:mailto:other@example.org',
    "x;y,z:\\n\\",
    "x\u2028DTSTART:20200101T000000Z\x85\x0b",
    "x\x00\x1b\u202e",
    "ح" * 200,
    "^n^'^^",
]


def parsed(data: bytes) -> Any:
    return icalendar.Calendar.from_ical(data)


def event(data: bytes) -> Any:
    return parsed(data).walk("VEVENT")[0]


def test_an_invitation_says_all_that_a_calendar_asks_for() -> None:
    data = calendar.request(EVENT, AMINA, S.INVITED)
    whole, found = parsed(data), event(data)
    assert (whole["METHOD"], whole["VERSION"], whole["PRODID"]) == (
        "REQUEST",
        "2.0",
        calendar.PRODUCT,
    )
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == ("f0b1", 2, "CONFIRMED")
    assert found["SUMMARY"] == "Evening session"
    assert found["LOCATION"] == "The old mill, 2nd floor"
    assert found["URL"] == "https://meet.example.org/a;b,c"
    assert found["DESCRIPTION"] == "Answer: [[link]]\nSee you"
    assert found["DTSTAMP"].dt == datetime(2026, 11, 1, 8, 30, 15, tzinfo=UTC)
    assert (found["ORGANIZER"], found["ORGANIZER"].params["CN"]) == (
        "mailto:halqa@example.org",
        "Renewing the quarter",
    )
    attendee = found["ATTENDEE"]
    assert attendee == "mailto:amina@example.org"
    assert dict(attendee.params) == {
        "CN": "Amina Haddad",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "FALSE",
    }


def test_times_are_wall_times_with_the_rules_of_their_zone() -> None:
    data = calendar.request(EVENT, AMINA, S.INVITED)
    assert b"DTSTART;TZID=Europe/London:20260701T180000\r\n" in data
    assert b"DTEND;TZID=Europe/London:20260701T203000\r\n" in data
    [zone] = parsed(data).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/London"
    assert event(data)["DTSTART"].dt.astimezone(UTC) == datetime(2026, 7, 1, 17, 0, tzinfo=UTC)


def test_utc_needs_no_rules_and_an_end_may_be_missing() -> None:
    data = calendar.request(replace(EVENT, zone="UTC", ends_local=None), AMINA, S.INVITED)
    assert b"DTSTART:20260701T180000Z\r\n" in data
    assert (parsed(data).walk("VTIMEZONE"), "DTEND" in event(data)) == ([], False)


@pytest.mark.parametrize(
    ("status", "partstat"),
    [
        (S.INVITED, "NEEDS-ACTION"),
        (S.WAITLISTED, "NEEDS-ACTION"),
        (S.ACCEPTED, "ACCEPTED"),
        (S.DECLINED, "DECLINED"),
    ],
)
def test_the_answer_so_far_is_told(status: InvitationStatus, partstat: str) -> None:
    found = event(calendar.request(EVENT, AMINA, status))
    assert found["ATTENDEE"].params["PARTSTAT"] == partstat


def test_every_status_has_a_participation() -> None:
    assert set(calendar.PARTSTAT) == set(InvitationStatus)


def test_a_cancellation_takes_it_out() -> None:
    data = calendar.cancel(EVENT, AMINA, S.WITHDRAWN)
    found = event(data)
    assert (parsed(data)["METHOD"], found["STATUS"], found["TRANSP"]) == (
        "CANCEL",
        "CANCELLED",
        "TRANSPARENT",
    )
    assert found["UID"] == "f0b1"


def test_a_feed_holds_every_event_and_each_zone_once() -> None:
    other = replace(EVENT, uid="second", cancelled=True, starts_local=datetime(2027, 1, 5, 9))
    third = replace(EVENT, uid="third", zone="Asia/Amman")
    data = calendar.publish([EVENT, other, third], "Halqa: Renewing")
    whole = parsed(data)
    assert (whole["METHOD"], whole["X-WR-CALNAME"]) == ("PUBLISH", "Halqa: Renewing")
    assert [each["UID"] for each in whole.walk("VEVENT")] == ["f0b1", "second", "third"]
    assert [each["STATUS"] for each in whole.walk("VEVENT")] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]
    assert [each["TZID"] for each in whole.walk("VTIMEZONE")] == ["Asia/Amman", "Europe/London"]
    assert all("ATTENDEE" not in each for each in whole.walk("VEVENT"))


def test_an_empty_feed_is_a_calendar() -> None:
    assert parsed(calendar.publish([], "Halqa"))["METHOD"] == "PUBLISH"


def test_the_same_records_give_the_same_bytes() -> None:
    assert calendar.request(EVENT, AMINA, S.INVITED) == calendar.request(EVENT, AMINA, S.INVITED)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("field", ["title", "place", "link", "description", "name", "organiser"])
def test_no_text_adds_a_line_or_a_component(field: str, hostile: str) -> None:
    attendee, subject = AMINA, EVENT
    if field == "name":
        attendee = replace(AMINA, name=hostile)
    elif field == "organiser":
        subject = replace(EVENT, organiser=Party(hostile, "halqa@example.org"))
    else:
        changed: dict[str, Any] = {field: hostile}
        subject = replace(EVENT, **changed)
    data = calendar.request(subject, attendee, S.INVITED)
    found = event(data)
    components = [each.name for each in parsed(data).walk()]
    assert components.count("VEVENT") == 1
    assert "VALARM" not in components
    assert set(found) <= {
        *("UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "STATUS", "TRANSP"),
        *("LOCATION", "URL", "DESCRIPTION", "ORGANIZER", "ATTENDEE"),
    }
    assert found["ATTENDEE"] == "mailto:amina@example.org"
    assert found["ATTENDEE"].params["RSVP"] == "FALSE"
    assert found["DTSTART"].dt.year == 2026


@pytest.mark.parametrize(
    "address", ["a@b.c\r\nX:1", "a b@c.d", "a@b.c;RSVP=TRUE", 'a"@b.c', "a@b.c?bcc=x@y.z"]
)
def test_no_address_ends_its_value(address: str) -> None:
    found = event(calendar.request(EVENT, Party("Amina", address), S.INVITED))
    assert not isinstance(found["ATTENDEE"], list)
    assert not any(c in found["ATTENDEE"] for c in ' ";?\r\n')
    assert found["ATTENDEE"].params["RSVP"] == "FALSE"


@given(st.text(max_size=120), st.text(max_size=120))
def test_whatever_is_written_one_event_is_read_back(title: str, name: str) -> None:
    data = calendar.request(replace(EVENT, title=title), Party(name, "a@b.c"), S.INVITED)
    assert len(parsed(data).walk("VEVENT")) == 1
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_a_link_is_filled_in_across_folded_lines() -> None:
    long = replace(EVENT, description="A text that is long enough to be folded, then [[link]] " * 3)
    data = calendar.request(long, AMINA, S.INVITED).decode()
    filled = calendar.filled_in(data, "[[link]]", "https://halqa.example.org/rsvp/abc")
    assert event(filled.encode())["DESCRIPTION"].count("https://halqa.example.org/rsvp/abc") == 3
    assert "[[link]]" not in filled.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in filled.split("\r\n"))
