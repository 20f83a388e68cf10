"""The private address that a calendar program asks, and what it gets."""

import icalendar
import pytest
from starlette.testclient import TestClient

from db import transaction
from db.commands import calendar_feeds as commands
from db.engine import Engines
from db.queries import calendar_feeds as queries
from db.tables import work
from db.tables.accounts import User
from pages.plain import limits
from tests import builders
from tests.pages.plain.test_rsvp import rows


@pytest.fixture
def path(engines: Engines) -> str:
    """The address of Alice's calendar, in which one workshop stands."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        stage = builders.stage(session, team.initiative_id)
        builders.convening(session, stage, "Rent, and; a\nlong evening", purpose="BEGIN:VALARM")
        other = builders.stage(session, team.foreign_id)
        builders.convening(session, other, "Foreign meeting")
        person = builders.person(session, team.initiative_id, "Secret Person")
        builders.invitation(session, 1, person)
        commands.make_calendar_feed(session, team.alice)
        return f"/calendar/{queries.own_token(session, team.alice)}.ics"


def test_it_is_a_calendar_of_the_own_convenings(
    client: TestClient, engines: Engines, path: str
) -> None:
    before = rows(engines)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert (calendar["METHOD"], calendar["NAME"]) == ("PUBLISH", "Halqa")
    events = calendar.walk("VEVENT")
    assert [str(each["SUMMARY"]) for each in events] == ["Rent, and; a long evening"]
    assert calendar.walk("VALARM") == []
    assert not [each for each in events if "ATTENDEE" in each]
    assert b"Secret" not in answer.content
    assert rows(engines) == before


def test_it_follows_the_plan(client: TestClient, engines: Engines, path: str) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = session.get_one(work.Convening, 1)
        row.title, row.state, row.zone = "Another title", "cancelled", "Asia/Amman"
    calendar = icalendar.Calendar.from_ical(client.get(path).content)
    (event,) = calendar.events
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Another title", "CANCELLED")
    assert event.start.isoformat() == "2026-03-02T09:00:00+03:00"


def test_a_deactivated_account_has_no_calendar(
    client: TestClient, engines: Engines, path: str
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(User, 1).active = False
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("made_up", ["/calendar/made-up.ics", "/calendar/.ics", "/calendar/x"])
def test_a_made_up_address_is_not_found(client: TestClient, path: str, made_up: str) -> None:
    assert client.get(made_up).status_code == 404
    assert client.get(path).status_code == 200


def test_it_can_only_be_read(client: TestClient, path: str) -> None:
    assert client.post(path, headers={"origin": "http://127.0.0.1:8501"}).status_code == 404


def test_guessing_is_stopped(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.MISSES, "_most", 2)
    found = [client.get(f"/calendar/guess{number}.ics").status_code for number in range(3)]
    assert found == [404, 404, 429]
    assert client.get(path).status_code == 429
