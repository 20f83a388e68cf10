"""The page behind a personal link, as a phone without scripts and a mail scanner meet it."""

import hashlib
import logging
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from convening.i18n import Translator, messages
from convening.i18n.participants import texts
from convening.problems import Problem
from convening.vocabulary import (
    ConveningState,
    Group,
    InvitationStatus,
    Language,
    Need,
    Openness,
)
from db import base, transaction
from db.base import Table
from db.commands import answers
from db.engine import Engines
from db.queries import personal_links
from db.tables import community, work
from db.tables.accounts import AuditEvent
from pages.plain import limits, page, rsvp
from tests import builders
from tests.pages.plain.conftest import HERE

ORIGIN = {"origin": HERE}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}'
NOW = builders.START - timedelta(days=3)


@pytest.fixture(autouse=True)
def before_the_convening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(base, "now", lambda: NOW)
    for module in (answers, personal_links):
        monkeypatch.setattr(module, "now", lambda: NOW)
    rsvp.ANSWERS.clear()
    yield
    rsvp.ANSWERS.clear()


class Guest:
    """Umm Laith, whom Alice's team has invited, and the link that she was given."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            team = builders.people(session)
            stage = builders.stage(session, team.initiative_id)
            self.convening_id = builders.convening(
                session, stage, "The square", purpose="Say what rent does to the quarter."
            )
            self.person_id = builders.person(
                session, team.initiative_id, "Umm Laith", Group.STEWARD
            )
            self.invitation_id = builders.invitation(
                session, self.convening_id, self.person_id, InvitationStatus.INVITED
            )
            self.token = builders.personal_link(session, self.invitation_id)
            stranger = builders.person(session, team.initiative_id, "Secret Person")
            builders.invitation(session, self.convening_id, stranger, InvitationStatus.ACCEPTED)
        self.path = f"/rsvp/{self.token}"

    def change(self, table: type[Table], row_id: int, **values: Any) -> None:
        with transaction.writing(self._engines, actor_id=None, journalled=False) as session:
            row = session.get_one(table, row_id)
            for name, value in values.items():
                setattr(row, name, value)

    def meeting(self, **values: Any) -> None:
        self.change(work.Convening, self.convening_id, **values)

    @property
    def row(self) -> work.Invitation:
        with transaction.reading(self._engines) as session:
            return session.get_one(work.Invitation, self.invitation_id)


@pytest.fixture
def guest(engines: Engines) -> Guest:
    return Guest(engines)


class Form(HTMLParser):
    """The fields of a page as a browser would send them, and everything else worth knowing."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        name = found.get("name") or ""
        if tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        if tag == "input" and (found["type"] == "text" or "checked" in found):
            self.fields.setdefault(name, []).append(found.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = [self.fields[self._area][0] + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def rows(engines: Engines) -> dict[str, str]:
    """A hash of every table's rows."""
    with Session(engines.read) as session:
        return {
            table.name: hashlib.sha256(
                repr(session.execute(table.select().order_by(*table.primary_key)).all()).encode()
            ).hexdigest()
            for table in Table.metadata.sorted_tables
        }


def post(client: TestClient, path: str, **fields: Any) -> Any:
    return client.post(path, data=fields, headers=ORIGIN)


def test_the_page_says_what_one_is_invited_to(client: TestClient, guest: Guest) -> None:
    guest.meeting(
        zone="Asia/Amman",
        place="School hall",
        link="https://meet.example.org/x?a=1&b=2",
        openness=Openness.MOSTLY_OPEN,
        promise="You get the notes, and an answer to each point.",
        promise_by=date(2026, 3, 16),
    )
    answer = client.get(guest.path)
    assert answer.status_code == 200
    for text in (
        "For Umm Laith",
        '<h1 dir="auto">The square</h1>',
        "Mon 2 Mar 2026, 09:00–11:00 (Asia/Amman, UTC+03:00)",
        "School hall",
        'href="https://meet.example.org/x?a=1&amp;b=2" rel="noreferrer noopener nofollow"',
        "Say what rent does to the quarter.",
        "Most of it is still open.",
        "Renewal: Alice",
        "You get the notes, and an answer to each point.",
        "By Mon 16 Mar 2026.",
        "Nothing on this page says who else is invited.",
    ):
        assert text in answer.text
    assert "Secret" not in answer.text


def test_no_cache_keeps_it_and_no_search_engine_finds_it(client: TestClient, guest: Guest) -> None:
    for path in (guest.path, "/rsvp/made-up"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "private, no-store"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["referrer-policy"] in ("same-origin", "no-referrer")
        assert "set-cookie" not in headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing(
    client: TestClient, engines: Engines, guest: Guest, method: str
) -> None:
    before = rows(engines)
    for query in ("", "?language=ar", "?answered=1", "?accept=yes", "?accept=no&need=diet"):
        assert client.request(method, guest.path + query).status_code == 200
    assert rows(engines) == before


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, {"origin": "null"}])
def test_another_site_cannot_answer(
    client: TestClient, engines: Engines, guest: Guest, headers: dict[str, str]
) -> None:
    before = rows(engines)
    answer = client.post(guest.path, data={"accept": "yes"}, headers=headers)
    assert answer.status_code == 403
    assert rows(engines) == before


def test_an_acceptance_is_saved_and_thanked_for(client: TestClient, guest: Guest) -> None:
    answer = post(
        client,
        guest.path,
        accept="yes",
        need=["childcare", "interpretation", "made-up"],
        needs_note="Arabic",
        group=["steward", "gateway"],
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{guest.path}?answered=1&language=en"
    row = guest.row
    assert (row.status, row.needs, row.needs_note, row.answered_by) == (
        "accepted",
        ["interpretation", "childcare"],
        "Arabic",
        "link",
    )
    page = client.get(answer.headers["location"]).text
    assert "Thank you. Your answer has been saved." in page
    assert "You said that you will come." in page
    assert "Your answer came in on Fri 27 Feb 2026, 09:00." in page
    assert "Save the change" in page
    fields = Form(page).fields
    assert fields["accept"] == ["yes"]
    assert fields["need"] == ["interpretation", "childcare"]
    assert fields["group"] == ["steward", "gateway"]


def test_a_refusal_can_give_its_reason_and_be_changed(client: TestClient, guest: Guest) -> None:
    post(client, guest.path, accept="no", reason="No bus\r\nafter six", rather_not="1")
    assert (guest.row.status, guest.row.declined_because) == ("declined", "No bus\nafter six")
    page = client.get(guest.path).text
    assert "You said that you cannot come." in page
    assert Form(page).fields["reason"] == ["No bus\nafter six"]
    post(client, guest.path, accept="yes")
    assert (guest.row.status, guest.row.declined_because) == ("accepted", "")


def test_others_are_named_with_the_reason(
    client: TestClient, engines: Engines, guest: Guest
) -> None:
    fields = {"other_1_name": "Umm Adam", "other_1_reason": "She is trusted", "other_2_name": ""}
    post(client, guest.path, accept="yes", **fields)
    with transaction.reading(engines) as session:
        found = session.exec(select(community.Nomination)).one()
    assert (found.name, found.reason, found.nominated_by_id) == (
        "Umm Adam",
        "She is trusted",
        guest.person_id,
    )
    page = client.get(guest.path).text
    assert "You have named one person. Thank you." in page
    assert "Umm Adam" not in page


def test_after_five_names_no_more_are_asked_for(client: TestClient, guest: Guest) -> None:
    for names in (("A", "B"), ("C", "D"), ("E", "")):
        post(client, guest.path, accept="yes", other_1_name=names[0], other_2_name=names[1])
    page = client.get(guest.path).text
    assert "You have named 5 people. Thank you." in page
    assert "other_1_name" not in page
    again = post(client, guest.path, accept="yes", other_1_name="F")
    assert again.status_code == 422
    assert Form(again.text).fields["other_1_name"] == ["F"]


def test_a_mistake_keeps_everything_that_was_typed(
    client: TestClient, engines: Engines, guest: Guest
) -> None:
    before = rows(engines)
    typed = {
        "reason": "\nfirst line\nsecond <b>line</b>",
        "needs_note": "n" * 301,
        "need": ["diet"],
        "group": ["influencer"],
        "other_1_name": "",
        "other_1_organisation": "Savings & loans",
        "other_1_reason": "",
        "other_2_name": "",
        "other_2_organisation": "",
        "other_2_reason": "",
    }
    answer = post(client, guest.path, **typed)
    assert answer.status_code == 422
    expected = {name: [value] if isinstance(value, str) else value for name, value in typed.items()}
    assert Form(answer.text).fields == expected
    for text in (
        'id="accept_error">Please choose one of the two answers.',
        'id="needs_note_error">',
        f'id="other_1_name_error">{Translator(Language.ENGLISH)(Problem("required"))}',
        '<a href="#accept_yes">Please choose one of the two answers.</a>',
        '<a href="#other_1_name">Person 1, Name: ',
        'aria-invalid="true" aria-describedby="needs_note_error"',
        "<details open>",
    ):
        assert text in answer.text
    assert rows(engines) == before


def test_whoever_would_rather_not_say_sees_it_kept_with_a_mistake(
    client: TestClient, guest: Guest
) -> None:
    answer = post(client, guest.path, rather_not="1")
    assert Form(answer.text).fields["rather_not"] == ["1"]
    assert "group" not in Form(answer.text).fields


def test_a_full_room_notes_the_wish_of_whoever_waits(client: TestClient, guest: Guest) -> None:
    guest.meeting(capacity=1)
    guest.change(work.Invitation, guest.invitation_id, status="waitlisted")
    page = client.get(guest.path).text
    assert "You are on the waitlist." in page
    assert "All places are taken at the moment." in page
    answer = post(client, guest.path, accept="yes")
    assert answer.status_code == 303
    assert (guest.row.status, guest.row.wants_place) == ("waitlisted", True)
    page = client.get(answer.headers["location"]).text
    assert "and your wish to come is noted." in page
    assert Form(page).fields["accept"] == ["yes"]


def test_a_free_place_goes_to_whoever_waits(client: TestClient, guest: Guest) -> None:
    guest.meeting(capacity=2)
    guest.change(work.Invitation, guest.invitation_id, status="waitlisted")
    post(client, guest.path, accept="yes")
    assert guest.row.status == "accepted"


def test_the_team_words_for_the_groups_stand_there_with_the_question(
    client: TestClient, engines: Engines, guest: Guest
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        meeting = session.get_one(work.Convening, guest.convening_id)
        session.add(
            community.GroupName(
                initiative_id=meeting.initiative_id, group="steward", name="people of the quarter"
            )
        )
    page = client.get(guest.path).text
    assert (
        "people of the quarter<small>Does this issue shape your life, or would you feel a change "
        "first?</small>" in page
    )
    assert Form(page).fields["group"] == ["steward"]


@pytest.mark.parametrize(
    ("values", "query", "accepted", "expected"),
    [
        ({}, "", "en", Language.ENGLISH),
        ({}, "", "ar,en", Language.ARABIC),
        ({"language": "ar"}, "", "en", Language.ARABIC),
        ({"language": "en"}, "", "ar", Language.ENGLISH),
        ({"language": "ar"}, "?language=en", "ar", Language.ENGLISH),
        ({"language": "ar"}, "?language=xx", "en", Language.ARABIC),
    ],
)
def test_it_speaks_the_language_of_the_person(
    client: TestClient,
    guest: Guest,
    values: dict[str, str],
    query: str,
    accepted: str,
    expected: Language,
) -> None:
    guest.change(community.Stakeholder, guest.person_id, **values)
    text = client.get(guest.path + query, headers={"accept-language": accepted}).text
    t = Translator(expected)
    direction = "rtl" if t.rtl else "ltr"
    other = next(each for each in Language if each is not expected)
    assert f'<html lang="{expected}" dir="{direction}">' in text
    assert t("rsvp.will_you") in text
    assert f'<a href="?language={other}" lang="{other}"' in text
    assert f'action="?language={expected}"' in text


def test_the_chosen_language_stays_after_the_answer(client: TestClient, guest: Guest) -> None:
    answer = post(client, f"{guest.path}?language=ar", accept="yes")
    page = client.get(answer.headers["location"]).text
    assert Translator(Language.ARABIC)("rsvp.thanks") in page
    assert '<html lang="ar" dir="rtl">' in page


def closing(guest: Guest, how: str) -> None:
    match how:
        case "held" | "cancelled":
            guest.meeting(state=ConveningState(how).value)
        case "over":
            guest.meeting(ends_at=NOW)
        case "withdrawn":
            guest.change(work.Invitation, guest.invitation_id, status="withdrawn")
        case "erased":
            guest.change(work.Invitation, guest.invitation_id, stakeholder_id=None)


@pytest.mark.parametrize("how", ["held", "cancelled", "over", "withdrawn", "erased"])
def test_a_link_that_is_over_says_so_and_no_more(
    client: TestClient, engines: Engines, guest: Guest, how: str
) -> None:
    closing(guest, how)
    before = rows(engines)
    shown, answered = client.get(guest.path), post(client, guest.path, accept="yes")
    made_up = client.get("/rsvp/made-up")
    assert (shown.status_code, answered.status_code, made_up.status_code) == (410, 410, 404)
    assert shown.text == answered.text == made_up.text
    assert "<h1>This link is no longer open</h1>" in shown.text
    assert "The square" not in shown.text
    assert rows(engines) == before


def test_a_deleted_convening_takes_its_links_along(
    client: TestClient, engines: Engines, guest: Guest
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.delete(session.get_one(work.Convening, guest.convening_id))
    assert client.get(guest.path).status_code == 404


def test_in_the_room_there_is_nothing_left_to_answer(client: TestClient, guest: Guest) -> None:
    guest.change(work.Invitation, guest.invitation_id, status="attended")
    text = client.get(guest.path).text
    assert "You are in the room." in text
    assert "<form" not in text
    assert post(client, guest.path, accept="no").status_code == 422
    assert guest.row.status == "attended"


def test_guessing_is_stopped(
    client: TestClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.MISSES, "_most", 3)
    found = [client.get(f"/rsvp/guess{number}").status_code for number in range(4)]
    assert found == [404, 404, 404, 429]
    stopped = client.get(guest.path)
    assert stopped.status_code == 429
    assert 590 <= int(stopped.headers["retry-after"]) <= 600
    assert "Please wait a little" in stopped.text


def test_one_link_cannot_answer_without_end(
    client: TestClient, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rsvp.ANSWERS, "_most", 2)
    found = [post(client, guest.path, accept="yes").status_code for _ in range(3)]
    assert found == [303, 303, 429]
    assert client.get(guest.path).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe=%00", b"accept=maybe", b"&" * 100, b"a=1&" * 100, b"accept=yes%00;" * 10],
)
def test_a_damaged_form_is_answered_calmly(client: TestClient, guest: Guest, body: bytes) -> None:
    answer = client.post(guest.path, content=body, headers=ORIGIN)
    assert answer.status_code == 422
    assert "Please choose one of the two answers." in answer.text


def test_too_much_is_refused_before_it_is_read(client: TestClient, guest: Guest) -> None:
    answer = client.post(guest.path, content=b"reason=" + b"x" * 70_000, headers=ORIGIN)
    assert answer.status_code == 413
    assert "This is more text than fits" in answer.text


def test_controls_and_surrogates_are_taken_out(client: TestClient, guest: Guest) -> None:
    body = b"accept=no&reason=a%00b%ED%A0%80%E2%80%AEc"
    assert client.post(guest.path, content=body, headers=ORIGIN).status_code == 303
    assert guest.row.declined_because.replace("\ufffd", "") == "abc"


def test_hostile_texts_are_only_ever_text(
    client: TestClient, engines: Engines, guest: Guest
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        meeting = session.get_one(work.Convening, guest.convening_id)
        meeting.title = meeting.purpose = meeting.place = meeting.promise = HOSTILE
        meeting.link = "javascript:alert(3)"
        session.get_one(work.Initiative, meeting.initiative_id).name = HOSTILE
        session.get_one(community.Stakeholder, guest.person_id).name = HOSTILE
        session.add(
            community.GroupName(initiative_id=meeting.initiative_id, group="gateway", name=HOSTILE)
        )
    typed = {"reason": HOSTILE, "needs_note": HOSTILE * 9, "other_1_organisation": HOSTILE}
    answers = [client.get(guest.path), post(client, guest.path, **typed)]
    for answer in answers:
        form = Form(answer.text)
        assert {tag for tag, _ in form.tags} & {"script", "img", "iframe", "b"} == set()
        assert not [name for _, attrs in form.tags for name in attrs if name.startswith("on")]
        assert "javascript:" not in answer.text
        assert "{{7*7}}" in answer.text
    assert Form(answers[1].text).fields["reason"] == [HOSTILE]


@pytest.mark.parametrize("language", list(Language))
def test_the_heaviest_page_stays_light(
    client: TestClient, guest: Guest, language: Language
) -> None:
    """Everything that the page brings of its own, with each part of it on show."""
    guest.meeting(
        place="School hall, Qantara, Zarqa",
        link="https://meet.example.org/room",
        openness=Openness.ALREADY_DECIDED,
        promise="You get the notes within a week, and a written answer to each point.",
        promise_by=date(2026, 3, 16),
        capacity=1,
    )
    guest.change(work.Invitation, guest.invitation_id, status="waitlisted")
    fields = {"other_1_organisation": "a", "other_2_organisation": "b", "needs_note": "n" * 301}
    pages = [
        client.get(f"{guest.path}?language={language}"),
        post(client, f"{guest.path}?language={language}", **fields),
    ]
    assert max(len(each.content) for each in pages) <= 15_000


def test_it_needs_no_script_and_asks_nobody_for_anything(client: TestClient, guest: Guest) -> None:
    text = client.get(guest.path).text
    tags = Form(text).tags
    assert not [tag for tag, _ in tags if tag == "script"]
    fetched = [
        attrs.get("src") or attrs.get("href")
        for tag, attrs in tags
        if tag in ("link", "img", "script", "iframe", "source")
    ]
    assert fetched == ["/assets/favicon.png"]
    assert "@import" not in text
    assert "url(" not in text


def test_every_field_has_its_label(client: TestClient, guest: Guest) -> None:
    text = client.get(guest.path).text
    tags = Form(text).tags
    labelled = {attrs["for"] for tag, attrs in tags if tag == "label" and "for" in attrs}
    fields = {
        attrs["id"]
        for tag, attrs in tags
        if tag == "textarea" or (tag == "input" and attrs["type"] == "text")
    }
    assert fields == labelled
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_token_stands_in_no_log_and_nowhere_in_the_database(
    client: TestClient, engines: Engines, guest: Guest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.get(guest.path)
    post(client, guest.path, accept="yes")
    post(client, guest.path)
    own = [each for each in caplog.records if not each.name.startswith("httpx")]
    assert not [each for each in own if guest.token in each.getMessage()]
    with Session(engines.read) as session:
        stored = [
            repr(row)
            for table in Table.metadata.sorted_tables
            for row in session.execute(table.select())
        ]
    assert not [each for each in stored if guest.token in each]


def test_the_log_of_events_holds_ids_alone(
    client: TestClient, engines: Engines, guest: Guest
) -> None:
    post(client, guest.path, accept="no", reason="secret reason", other_1_name="Secret Nominee")
    with transaction.reading(engines) as session:
        event = session.exec(select(AuditEvent)).one()
        assert (event.actor_id, event.action, event.subject_id) == (
            None,
            "answer_by_link",
            guest.convening_id,
        )
        assert "ecret" not in repr(event)


def test_every_text_of_the_templates_exists() -> None:
    known = {**messages(Language.ENGLISH), **texts("en")}
    found = {
        key
        for path in page.TEMPLATES.glob("*.html")
        for key in re.findall(r't\("([a-z_.]+)"[,)]', path.read_text(encoding="utf-8"))
    }
    assert "rsvp.will_you" in found
    assert found - set(known) == set()


def test_templates_hold_no_words_of_their_own() -> None:
    wrong = [
        f"{path.name}: {word}"
        for path in page.TEMPLATES.glob("*.html")
        for word in re.findall(
            r">([^<>{}=]*[A-Za-z\u0600-\u06ff]{2}[^<>{}=]*)<",
            re.sub(r"{[{%].*?[}%]}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL),
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("need", list(Need))
def test_each_need_can_be_said(client: TestClient, guest: Guest, need: Need) -> None:
    post(client, guest.path, accept="yes", need=need.value)
    assert guest.row.needs == [need.value]
