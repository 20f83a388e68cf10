"""Three questions after a room: counted once a browser, without a script, in four languages."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from convening.i18n.participants import Translator, languages
from convening.vocabulary import ConveningState
from db import base, transaction
from db.commands import after
from db.engine import Engines
from db.queries import after as reading
from db.tables import room, work
from db.tables.accounts import AuditEvent
from db.tables.community import Nomination
from db.tables.journal import Change
from pages.plain import limits, pulse
from tests import builders
from tests.pages.plain.conftest import HERE
from tests.pages.plain.test_rsvp import HOSTILE, Form, rows

ORIGIN = {"origin": HERE}
NOW = builders.START + timedelta(days=1)


@pytest.fixture(autouse=True)
def the_day_after(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(base, "now", lambda: NOW)
    for module in (after, reading):
        monkeypatch.setattr(module, "now", lambda: NOW)
    for limit in (pulse.SENT, pulse.ANSWERS):
        limit.clear()
    yield
    for limit in (pulse.SENT, pulse.ANSWERS):
        limit.clear()


@pytest.fixture
def meeting(engines: Engines) -> int:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        stage = builders.stage(session, team.initiative_id)
        return builders.convening(session, stage, "The square")


@pytest.fixture
def path(engines: Engines, meeting: int) -> str:
    """The address that everybody who was there is given."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = after.after_link(session, meeting)
        return f"/pulse/{after.tokens.of(row.salt)}"


def send(client: TestClient, path: str, **fields: Any) -> Any:
    """As another browser, with the form as it was shown to it."""
    client.cookies.clear()
    once = hidden(client.get(path).text)
    return client.post(path, data={"once": once, **fields}, headers=ORIGIN)


def hidden(html: str) -> str:
    found = [attrs for tag, attrs in Form(html).tags if attrs.get("name") == "once"]
    return found[0]["value"] or ""


def counted(engines: Engines) -> dict[tuple[str, str], int]:
    with transaction.reading(engines) as session:
        return {(r.question, r.answer): r.people for r in session.exec(select(room.PulseCount))}


def test_the_promise_stands_above_the_questions(client: TestClient, path: str) -> None:
    text = client.get(path).text
    t = Translator("en")
    order = [
        t("pulse.promise_title"),
        t("pulse.promise"),
        t("pulse.held_back"),
        t("pulse.safe_to_disagree"),
        t("pulse.can_still_change"),
        t("pulse.others"),
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)


def test_answers_are_counted_and_thanked_for(
    client: TestClient, engines: Engines, path: str
) -> None:
    answer = send(client, path, held_back="yes", safe_to_disagree="no")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{path}?language=en"
    assert counted(engines) == {("held_back", "yes"): 1, ("safe_to_disagree", "no"): 1}
    page = client.get(path).text
    assert "Thank you. Your answers have been counted." in page
    assert "<form" not in page


def test_a_browser_answers_once(client: TestClient, engines: Engines, path: str) -> None:
    send(client, path, held_back="yes")
    again = client.post(path, data={"once": "another", "held_back": "no"}, headers=ORIGIN)
    assert again.status_code == 303
    assert counted(engines) == {("held_back", "yes"): 1}
    send(client, path, held_back="no")
    assert counted(engines) == {("held_back", "yes"): 1, ("held_back", "no"): 1}


def test_a_double_press_counts_once(client: TestClient, engines: Engines, path: str) -> None:
    once = hidden(client.get(path).text)
    for _ in range(2):
        client.cookies.clear()
        fields = {"once": once, "held_back": "yes"}
        assert client.post(path, data=fields, headers=ORIGIN).status_code == 303
    assert counted(engines) == {("held_back", "yes"): 1}


def test_the_cookie_says_that_and_not_what_was_answered(client: TestClient, path: str) -> None:
    kept = []
    for answer in ("yes", "no"):
        cookie = send(client, path, held_back=answer).headers["set-cookie"]
        kept.append(cookie.split(";")[0])
        assert f"Path={path}" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert kept[0] == kept[1]


def test_asking_for_the_page_changes_nothing(
    client: TestClient, engines: Engines, path: str
) -> None:
    before = rows(engines)
    answer = client.get(f"{path}?held_back=yes")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    assert rows(engines) == before


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, {"origin": "null"}])
def test_another_site_cannot_answer(
    client: TestClient, engines: Engines, path: str, headers: dict[str, str]
) -> None:
    answer = client.post(path, data={"held_back": "yes"}, headers=headers)
    assert answer.status_code == 403
    assert counted(engines) == {}


def test_an_answer_leaves_no_event_no_change_and_no_time(
    client: TestClient, engines: Engines, path: str
) -> None:
    send(client, path, held_back="yes")
    with transaction.reading(engines) as session:
        assert session.exec(select(AuditEvent)).all() == []
        assert session.exec(select(Change)).all() == []


def test_nobody_is_named_by_whoever_names_somebody(
    client: TestClient, engines: Engines, path: str
) -> None:
    named = {"other_1_name": "Umm Adam", "other_1_reason": "She is trusted", "other_2_name": ""}
    assert send(client, path, **named).status_code == 303
    with transaction.reading(engines) as session:
        found = session.exec(select(Nomination)).one()
        event = session.exec(select(AuditEvent)).one()
    assert (found.name, found.reason, found.nominated_by_id) == (
        "Umm Adam",
        "She is trusted",
        None,
    )
    assert (event.action, event.actor_id, event.details) == ("nominate_after", None, {})


def test_a_mistake_keeps_everything_that_was_typed(
    client: TestClient, engines: Engines, path: str
) -> None:
    typed = {
        "held_back": "partly",
        "other_1_name": "",
        "other_1_organisation": "Savings & loans",
        "other_1_reason": "\nfirst <b>line</b>",
        "other_2_name": "Sami",
        "other_2_organisation": "",
        "other_2_reason": "",
    }
    answer = send(client, path, **typed)
    assert answer.status_code == 422
    assert Form(answer.text).fields == {name: [value] for name, value in typed.items()}
    assert 'id="other_1_name_error">Please give the name of this person.' in answer.text
    assert counted(engines) == {}
    fields = {**typed, "other_1_name": "Umm Adam", "once": hidden(answer.text)}
    assert client.post(path, data=fields, headers=ORIGIN).status_code == 303
    assert counted(engines) == {("held_back", "partly"): 1}


def test_nothing_at_all_is_asked_about(client: TestClient, path: str) -> None:
    answer = send(client, path)
    assert answer.status_code == 422
    assert "Please answer at least one question, or name somebody." in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe=%00", b"held_back=maybe", b"&" * 100, b"a=1&" * 100]
)
def test_a_damaged_form_is_answered_calmly(
    client: TestClient, engines: Engines, path: str, body: bytes
) -> None:
    assert client.post(path, content=body, headers=ORIGIN).status_code in (303, 422)
    assert counted(engines) == {}


def test_too_much_is_refused_before_it_is_read(client: TestClient, path: str) -> None:
    body = b"other_1_reason=" + b"x" * 70_000
    assert client.post(path, content=body, headers=ORIGIN).status_code == 413


def test_before_the_end_nothing_is_asked(
    client: TestClient, engines: Engines, meeting: int, path: str
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(work.Convening, meeting).state = ConveningState.CANCELLED.value
    page = client.get(path).text
    assert "<form" not in page
    assert "These questions are asked from the end of the meeting, for 30 days." in page
    assert client.post(path, data={"held_back": "yes"}, headers=ORIGIN).status_code == 422
    assert counted(engines) == {}


def test_guessing_is_stopped(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.MISSES, "_most", 3)
    found = [client.get(f"/pulse/guess{number}").status_code for number in range(4)]
    assert found == [404, 404, 404, 429]
    assert client.get(path).status_code == 429


def test_one_link_is_not_answered_without_end(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse.ANSWERS, "_most", 2)
    found = []
    for number in range(3):
        client.cookies.clear()
        fields = {"once": str(number), "held_back": "yes"}
        found.append(client.post(path, data=fields, headers=ORIGIN).status_code)
    assert found == [303, 303, 429]


@pytest.mark.parametrize("language", languages())
def test_the_page_is_light_whole_and_speaks_every_language(
    client: TestClient, path: str, language: str
) -> None:
    t = Translator(language)
    fields = {"other_1_organisation": "a", "other_2_organisation": "b"}
    client.cookies.clear()
    shown = client.get(f"{path}?language={language}")
    wrong = client.post(f"{path}?language={language}", data={"once": "x", **fields}, headers=ORIGIN)
    for answer in (shown, wrong):
        direction = "rtl" if t.rtl else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in answer.text
        assert t("pulse.safe_to_disagree") in answer.text
        assert len(answer.content) <= 15_000
        tags = Form(answer.text).tags
        assert not [tag for tag, _ in tags if tag in ("script", "img", "iframe")]
        labelled = {attrs["for"] for tag, attrs in tags if tag == "label" and "for" in attrs}
        fields_shown = {
            attrs["id"]
            for tag, attrs in tags
            if tag == "textarea" or (tag == "input" and attrs["type"] == "text")
        }
        assert fields_shown == labelled


def test_hostile_texts_are_only_ever_text(
    client: TestClient, engines: Engines, meeting: int, path: str
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = session.get_one(work.Convening, meeting)
        row.title = HOSTILE
        session.get_one(work.Initiative, row.initiative_id).name = HOSTILE
    answer = send(client, path, other_1_organisation=HOSTILE)
    form = Form(answer.text)
    assert {tag for tag, _ in form.tags} & {"script", "img", "iframe", "b"} == set()
    assert form.fields["other_1_organisation"] == [HOSTILE]


def test_the_token_stands_in_no_log(
    client: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(client, path, held_back="yes")
    own = [each for each in caplog.records if not each.name.startswith("httpx")]
    assert not [each for each in own if path.split("/")[-1] in each.getMessage()]
