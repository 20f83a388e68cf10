"""What the live screens send: who may, what is kept once, and what is refused in words."""

import sqlite3
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from convening.vocabulary import Group, InvitationStatus, VersionState
from db import transaction
from db.commands import login
from db.commands import room as commands
from db.engine import Engines
from db.tables.accounts import User
from db.tables.room import RoomEntry
from db.tables.understanding import AnonymousNote, Definition, DefinitionVersion, DissentingView
from pages.plain import room_log
from tests import builders
from tests.builders import People
from tests.pages.plain.conftest import HERE

SAME = {"origin": HERE}


@dataclass(frozen=True)
class Place:
    engines: Engines
    people: People
    cookies: dict[str, str]
    id: int
    version_id: int

    def entry(self, what: str = "point", **values: Any) -> dict[str, Any]:
        sent = {
            "by": self.people.bob.user_id,
            "what": what,
            "uuid": str(uuid4()),
            "groups": ["steward"],
            "text": "The lamps are broken.",
        }
        return sent | values

    def rows(self, model: Any) -> list[Any]:
        with transaction.reading(self.engines) as session:
            return list(session.exec(select(model)))


@pytest.fixture
def place(engines: Engines) -> Place:
    """An open room of six stewards."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        people = builders.people(session)
        meeting = builders.convening(session, builders.stage(session, people.initiative_id))
        for number in range(6):
            person = builders.person(
                session, people.initiative_id, f"Person {number}", Group.STEWARD
            )
            builders.invitation(session, meeting, person, InvitationStatus.ATTENDED)
        definition = Definition(initiative_id=people.initiative_id, title="The square")
        session.add(definition)
        session.flush()
        version = DefinitionVersion(
            definition_id=definition.key, number=1, state=VersionState.IN_DISCUSSION.value
        )
        session.add(version)
        cookies = {
            name: login.begin_session(session, session.get_one(User, who.user_id)).token
            for name, who in (("bob", people.bob), ("charlie", people.charlie))
        }
        commands.prepare_room(session, people.bob, meeting)
        commands.open_room(session, people.bob, meeting)
    return Place(engines, people, cookies, meeting, version.key)


def post(client: TestClient, place: Place, sent: object, who: str | None = "bob") -> Any:
    client.cookies.clear()
    if who:
        client.cookies.set("halqa_login", place.cookies[who])
    return client.post(f"/room-log/{place.id}", json=sent, headers=SAME)


def test_an_entry_that_is_sent_twice_is_answered_twice_and_kept_once(
    client: TestClient, place: Place
) -> None:
    sent = place.entry()
    assert [post(client, place, sent).status_code for _ in range(2)] == [200, 200]
    [row] = place.rows(RoomEntry)
    assert (row.text, row.groups, row.logged_by_id) == (
        "The lamps are broken.",
        ["steward"],
        place.people.bob.user_id,
    )


def test_nobody_who_is_not_signed_in_logs_anything(client: TestClient, place: Place) -> None:
    assert post(client, place, place.entry(), who=None).status_code == 401
    assert place.rows(RoomEntry) == []


def test_nothing_is_saved_under_the_name_of_somebody_else(client: TestClient, place: Place) -> None:
    sent = place.entry(by=place.people.alice.user_id)
    assert post(client, place, sent).status_code == 403
    assert place.rows(RoomEntry) == []


def test_a_room_of_another_team_is_not_there(client: TestClient, place: Place) -> None:
    sent = place.entry(by=place.people.charlie.user_id)
    answer = post(client, place, sent, who="charlie")
    assert (answer.status_code, answer.json()) == (
        404,
        {"problems": ["There is no such convening here."]},
    )
    assert place.rows(RoomEntry) == []


def test_another_site_posts_nothing_here(client: TestClient, place: Place) -> None:
    client.cookies.set("halqa_login", place.cookies["bob"])
    foreign = {"origin": "https://elsewhere.example"}
    answer = client.post(f"/room-log/{place.id}", json=place.entry(), headers=foreign)
    assert answer.status_code == 403
    assert place.rows(RoomEntry) == []


def test_hands_are_kept_by_group_and_choice(client: TestClient, place: Place) -> None:
    sent = place.entry("hands", counts=[["steward", "agree", 4], ["gateway", "pass", 1]], text="?")
    assert post(client, place, sent).status_code == 200
    found = {(tuple(row.groups), row.choice, row.people) for row in place.rows(RoomEntry)}
    assert found == {(("steward",), "agree", 4), (("gateway",), "pass", 1)}


def test_a_view_is_recorded_against_its_version(client: TestClient, place: Place) -> None:
    sent = place.entry("dissent", strength="concern", version=place.version_id)
    assert post(client, place, sent).status_code == 200
    [view] = place.rows(DissentingView)
    assert (view.statement, view.attribution, view.convening_id) == (
        "The lamps are broken.",
        "group_only",
        place.id,
    )


def test_an_objection_without_its_reason_is_refused_in_words(
    client: TestClient, place: Place
) -> None:
    sent = place.entry("dissent", strength="objection", version=place.version_id)
    answer = post(client, place, sent)
    assert answer.status_code == 422
    assert len(answer.json()["problems"]) == 1
    assert place.rows(DissentingView) == []


def test_a_view_without_a_name_says_nowhere_who_logged_it(client: TestClient, place: Place) -> None:
    sent = place.entry(
        "dissent",
        strength="concern",
        version=place.version_id,
        attribution="anonymous",
        receipt="ABCDEFGHJKMN",
    )
    assert post(client, place, sent).status_code == 200
    [note] = place.rows(AnonymousNote)
    assert (note.text, place.rows(DissentingView)) == ("The lamps are broken.", [])
    assert "ABCDEFGHJKMN" not in note.receipt_hash


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 10, "9" * 20, "9" * 5000, "-1", "x"])
def test_a_convening_that_cannot_be_is_a_missing_one(
    client: TestClient, place: Place, number: str
) -> None:
    client.cookies.set("halqa_login", place.cookies["bob"])
    answer = client.post(f"/room-log/{number}", json=place.entry(), headers=SAME)
    assert answer.status_code == 404
    assert place.rows(RoomEntry) == []


def test_a_persons_answer_counts_for_their_groups_or_for_none(
    client: TestClient, place: Place
) -> None:
    counts = [[["gateway", "steward"], "agree", 1], [[], "agree", 1], ["steward", "pass", 3]]
    for _ in range(2):
        sent = place.entry("hands", counts=counts, text="Shall we go on?", uuid=str(UUID(int=4)))
        assert post(client, place, sent).status_code == 200
    assert [(row.groups, row.choice, row.people) for row in place.rows(RoomEntry)] == [
        (["steward", "gateway"], "agree", 1),
        ([], "agree", 1),
        (["steward"], "pass", 3),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"what": "shout"},
        {"groups": ["king"]},
        {"text": 5},
        {"block": "1"},
        {"block": True},
        {"uuid": None},
        {"what": "hands", "counts": [["steward", "agree"]]},
        {"what": "hands", "counts": [[["king"], "agree", 1]]},
        {"what": "hands", "counts": [["steward", "agree", 1e3]]},
        {"what": "dissent", "strength": "shrug", "version": 1},
        {"what": "dissent", "strength": "concern"},
    ],
)
def test_what_no_script_of_ours_sends_is_refused(
    client: TestClient, place: Place, values: dict[str, Any]
) -> None:
    answer = post(client, place, place.entry() | values)
    assert answer.status_code == 422
    assert len(answer.json()["problems"]) == 1
    assert place.rows(RoomEntry) == []


@pytest.mark.parametrize("body", ["[]", "{", "", "[" * 20_000, '"' + "x" * room_log.MOST_BYTES])
def test_a_body_that_is_no_entry_is_too_much(client: TestClient, place: Place, body: str) -> None:
    client.cookies.set("halqa_login", place.cookies["bob"])
    answer = client.post(f"/room-log/{place.id}", content=body, headers=SAME)
    assert answer.status_code == 413


def test_a_database_that_is_busy_asks_for_it_again(
    client: TestClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(place.engines.write.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(room_log, "_actor", lambda _login: place.people.bob)
    answer = post(client, place, place.entry())
    other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503
    assert place.rows(RoomEntry) == []
