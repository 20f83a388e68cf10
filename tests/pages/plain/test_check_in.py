"""The code at the door: what a host can do with it, and how little anybody else learns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from convening.vocabulary import ConveningState, InvitationStatus, Role
from db import tokens, transaction
from db.commands import login
from db.engine import Engines
from db.tables import work
from db.tables.accounts import AuditEvent, User
from pages.plain import limits
from tests import builders
from tests.pages.plain.conftest import HERE

S = InvitationStatus
SAME = {"origin": HERE}


@dataclass(frozen=True)
class Door:
    code: str
    cookies: dict[str, str]  # by name: who is signed in
    engines: Engines

    @property
    def path(self) -> str:
        return f"/check-in/{self.code}"

    def status(self) -> str:
        with transaction.reading(self.engines) as session:
            return session.exec(select(work.Invitation.status)).one()

    def change(self, work_: Callable[[Session], None]) -> None:
        with transaction.writing(self.engines, actor_id=None, journalled=False) as session:
            work_(session)


@pytest.fixture
def door(engines: Engines) -> Door:
    """Noor has said yes to a convening whose day has come; another is invited beside her."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        stage = builders.stage(session, team.initiative_id)
        room = builders.convening(session, stage, "Evening on the square")
        noor = builders.person(session, team.initiative_id, "Noor <b>Haddad</b>")
        invitation = builders.invitation(session, room, noor, S.ACCEPTED)
        link = tokens.new()
        session.add(
            work.PersonalLink(invitation_id=invitation, salt=link.salt, token_hash=link.token_hash)
        )
        cookies = {
            name: login.begin_session(session, session.get_one(User, who.user_id)).token
            for name, who in (
                ("alice", team.alice),
                ("bob", team.bob),
                ("charlie", team.charlie),
                ("dana", team.dana),
            )
        }
        builders.user(session, "Ada", Role.ADMINISTRATOR)
    return Door(link.token, cookies, engines)


def as_(client: TestClient, door: Door, who: str) -> TestClient:
    client.cookies.set("halqa_login", door.cookies[who])
    return client


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_host_sees_the_name_and_notes_that_they_are_here(
    client: TestClient, door: Door, who: str
) -> None:
    as_(client, door, who)
    page = client.get(door.path)
    assert page.status_code == 200
    assert "Noor &lt;b&gt;Haddad&lt;/b&gt;" in page.text
    assert '<button class="door">Is here</button>' in page.text
    assert door.status() == "accepted"
    answer = client.post(door.path, headers=SAME)
    assert (answer.status_code, answer.headers["location"]) == (303, door.path)
    assert door.status() == "attended"
    page = client.get(door.path)
    assert "Here since" in page.text
    assert "Is here</button>" not in page.text


def test_a_slip_is_taken_back(client: TestClient, door: Door) -> None:
    as_(client, door, "bob")
    client.post(door.path, headers=SAME)
    answer = client.post(f"{door.path}/back", headers=SAME)
    assert (answer.status_code, answer.headers["location"]) == (303, door.path)
    assert door.status() == "accepted"


def test_asking_changes_nothing_and_writes_nothing(client: TestClient, door: Door) -> None:
    as_(client, door, "bob")
    for method in ("GET", "HEAD"):
        client.request(method, door.path)
    assert client.get(f"{door.path}/back").status_code == 404
    assert door.status() == "accepted"
    with transaction.reading(door.engines) as session:
        assert "move_status" not in session.exec(select(AuditEvent.action)).all()


@pytest.mark.parametrize("who", ["charlie", "dana", None])
def test_everybody_else_sees_the_code_and_nothing_about_anybody(
    client: TestClient, door: Door, who: str | None
) -> None:
    if who is not None:
        as_(client, door, who)
    page = client.get(door.path)
    assert page.status_code == 200
    assert "Your code for the door" in page.text
    assert f'href="/rsvp/{door.code}"' in page.text
    assert 'src="data:image/svg+xml' in page.text
    for secret in ("Noor", "Evening", "Renewal", "Is here"):
        assert secret not in page.text
    assert client.post(door.path, headers=SAME).status_code == 404
    assert client.post(f"{door.path}/back", headers=SAME).status_code == 404
    assert door.status() == "accepted"


def test_a_made_up_code_is_told_from_none(client: TestClient, door: Door) -> None:
    for who in (None, "bob"):
        if who is not None:
            as_(client, door, who)
        page = client.get("/check-in/made-up")
        assert page.status_code == 404
        assert "made-up" not in page.text


@pytest.mark.parametrize("who", [None, "charlie"])
def test_guessing_is_stopped(
    client: TestClient, door: Door, monkeypatch: pytest.MonkeyPatch, who: str | None
) -> None:
    if who is not None:
        as_(client, door, who)
    monkeypatch.setattr(limits.MISSES, "_most", 3)
    found = [client.get(f"/check-in/guess{number}").status_code for number in range(2)]
    found += [client.post("/check-in/guess", headers=SAME).status_code for _ in range(2)]
    assert found == [404, 404, 404, 429]
    stopped = client.get(door.path)
    assert stopped.status_code == 429
    assert 590 <= int(stopped.headers["retry-after"]) <= 600
    assert "Please wait a little" in stopped.text


def test_codes_that_there_are_count_as_no_guesses(
    client: TestClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.MISSES, "_most", 1)
    assert [client.get(door.path).status_code for _ in range(3)] == [200, 200, 200]
    assert [client.post(door.path, headers=SAME).status_code for _ in range(3)] == [404, 404, 404]


def test_guesses_of_others_in_the_house_hold_up_no_host(
    client: TestClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.MISSES, "_most", 1)
    client.get("/check-in/guess")
    assert client.get(door.path).status_code == 429
    as_(client, door, "bob")
    assert client.get(door.path).status_code == 200
    assert client.post(door.path, headers=SAME).status_code == 303


def test_another_site_cannot_note_anybody(client: TestClient, door: Door) -> None:
    as_(client, door, "bob")
    assert client.post(door.path).status_code == 403
    assert client.post(door.path, headers={"origin": "https://evil.example"}).status_code == 403
    assert door.status() == "accepted"


def test_before_its_day_nobody_is_noted(client: TestClient, door: Door) -> None:
    as_(client, door, "bob")

    def later(session: Session) -> None:
        row = session.exec(select(work.Convening)).one()
        assert row.starts_local is not None
        assert row.starts_at is not None
        ahead = timedelta(days=3650)
        row.starts_local, row.starts_at = row.starts_local + ahead, row.starts_at + ahead

    door.change(later)
    assert "Is here</button>" not in client.get(door.path).text
    answer = client.post(door.path, headers=SAME)
    assert answer.status_code == 409
    assert "Attendance can be noted from the day of the convening on." in answer.text
    assert door.status() == "accepted"


def test_a_withdrawn_invitation_and_an_erased_person_say_so(client: TestClient, door: Door) -> None:
    as_(client, door, "alice")

    def withdraw(session: Session) -> None:
        row = session.exec(select(work.Invitation)).one()
        row.status, row.stakeholder_id = S.WITHDRAWN.value, None

    door.change(withdraw)
    text = client.get(door.path).text
    assert "This invitation was withdrawn." in text
    assert "(erased)" in text
    assert client.post(door.path, headers=SAME).status_code == 409


def test_the_page_is_small_kept_by_nobody_and_speaks_arabic(client: TestClient, door: Door) -> None:
    client.cookies.set("halqa_language", "ar")
    page = client.get(door.path)
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "رمزك عند الباب" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert len(page.content) <= 15 * 1024


def test_a_held_convening_can_still_be_noted(client: TestClient, door: Door) -> None:
    def hold(session: Session) -> None:
        session.exec(select(work.Convening)).one().state = ConveningState.HELD.value

    door.change(hold)
    as_(client, door, "bob")
    client.post(door.path, headers=SAME)
    assert door.status() == "attended"
