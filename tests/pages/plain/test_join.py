"""A room's page on a phone without scripts: entering, reading, voting, leaving notes."""

import gzip
import logging
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.responses import Response
from starlette.testclient import TestClient

from convening.i18n import participants as languages
from convening.i18n.participants import Translator
from convening.participation import Participant
from convening.problems import ConveningError
from convening.vocabulary import Choice, Group, RoomState, Strength
from db import room_codes, transaction
from db.base import Bare
from db.commands import participation as commands
from db.engine import Engines
from db.tables import room as room_tables
from db.tables.community import GroupName
from db.tables.understanding import AnonymousNote, DefinitionVersion, DissentingView, Vote
from pages.plain import join, participant
from tests import builders, rooms
from tests.pages.plain.conftest import HERE
from tests.rooms import OpenRoom

ORIGIN = {"origin": HERE}
MOST_BYTES = 15_000
LANGUAGES = languages.languages()
EN = Translator("en")
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}'


@pytest.fixture(autouse=True)
def nobody_was_here() -> Iterator[None]:
    def clear() -> None:
        for each in (join.CODES, join.ENTRIES, join.NOTES, join.VOTES):
            each.clear()
        join._entered.clear()

    clear()
    yield
    clear()


@pytest.fixture
def make_room(engines: Engines) -> Callable[..., OpenRoom]:
    def make(**values: Any) -> OpenRoom:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            return rooms.open_room(session, builders.people(session).initiative_id, **values)

    return make


class Page(HTMLParser):
    """What a browser would send and show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.checked: dict[str, list[str]] = {}
        self.areas: dict[str, str] = {}
        self.pressed: list[tuple[str, str]] = []
        self.forms: list[str] = []
        self.links: list[str] = []
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name, value = found.get("name", ""), found.get("value", "")
        if tag == "input" and found["type"] == "hidden":
            self.hidden[name] = value
        if tag == "input" and "checked" in found:
            self.checked.setdefault(name, []).append(value)
        if tag == "button" and found.get("aria-pressed") == "true":
            self.pressed.append((name, value))
        if tag == "form":
            self.forms.append(found["action"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "textarea":
            self._area = found.get("name", "words")
            self.areas[self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.areas[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def path(room: OpenRoom) -> str:
    return f"/join/{room.token}"


def post(client: TestClient, address: str, **fields: Any) -> Any:
    return client.post(address, data=fields, headers=ORIGIN)


def enter(client: TestClient, room: OpenRoom, *groups: str, language: str = "en") -> Page:
    """Enters as somebody does, and reads the room."""
    nonce = Page(client.get(path(room)).text).hidden["nonce"]
    chosen: dict[str, Any] = {"group": list(groups)} if groups else {"rather_not": "1"}
    answer = post(client, f"{path(room)}/enter", nonce=nonce, **chosen)
    assert answer.status_code == 303
    return Page(client.get(f"{path(room)}?language={language}").text)


def all_of(engines: Engines, model: type[Bare]) -> list[Any]:
    with transaction.reading(engines) as session:
        return list(session.exec(select(model)).all())


def change(engines: Engines, model: type[Bare], key: int | None, **values: Any) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)


# -- getting in -----------------------------------------------------------------------------------


def test_a_typed_code_leads_to_the_page_of_its_room(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    assert Page(client.get("/join").text).forms == ["/join?language=en"]
    for typed in (room.way_in.code, room_codes.spaced(room.way_in.code).lower()):
        answer = post(client, "/join", code=typed)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{path(room)}?language=en"


def test_a_wrong_code_is_asked_for_again_with_what_was_typed(client: TestClient) -> None:
    answer = post(client, "/join", code="ABCD-EFGH")
    assert answer.status_code == 422
    assert EN("join.code_unknown") in answer.text
    assert 'value="ABCD-EFGH"' in answer.text
    answer = post(client, "/join", code="ABCD")
    assert EN("join.code_shape") in answer.text


def test_guessing_codes_ends_and_typing_errors_do_not_count(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    for number in range(150):
        assert post(client, "/join", code=f"too short {number}").status_code == 422
    alphabet = room_codes.ALPHABET
    for number in range(100):
        code = "AAAAAA" + alphabet[number // 30] + alphabet[number % 30]
        assert post(client, "/join", code=code).status_code == 422
    answer = post(client, "/join", code=room.way_in.code)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert client.get(path(room)).status_code == 200  # the QR code still leads in


def test_a_made_up_link_says_nothing_and_many_of_them_are_stopped(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    assert client.get("/join/made-up").status_code == 404
    for _ in range(49):
        client.get("/join/made-up")
    assert client.get("/join/made-up").status_code == 429
    assert client.get(path(room)).status_code == 200


def test_the_promise_stands_on_the_page_before_anything_is_asked(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    html = client.get(path(make_room(size=12))).text
    for key in ("name", "note", "live", "set", "limit", "vote"):
        assert EN(f"join.promise_{key}") in html
    assert html.index(EN("join.promise_note")) < html.index("<form")


def test_notes_of_a_room_under_ten_wait_until_it_closes(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(size=9)
    assert EN("join.promise_after") in client.get(path(room)).text
    enter(client, room)
    html = client.get(path(room)).text
    assert EN("join.promise_after") in html
    assert EN("join.promise_live") not in html


def test_a_room_under_five_is_told_why_it_has_no_notes(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(size=4, statement=None)
    assert EN("join.too_small") in client.get(path(room)).text
    inside = enter(client, room, "steward")
    assert inside.areas == {}
    assert EN("join.too_small") in client.get(path(room)).text
    answer = post(client, f"{path(room)}/note", nonce="b" * 32, text="Rent")
    assert (answer.status_code, all_of(engines, AnonymousNote)) == (422, [])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_changes_nothing_and_sets_no_cookie(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom], method: str
) -> None:
    room = make_room(statements=("Rent is too high.",))
    for address in ("/join", path(room), f"{path(room)}/text", f"{path(room)}?done=vote"):
        answer = client.request(method, address)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-store"
    assert all_of(engines, room_tables.RoomDeclaration) == []


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, {"origin": "null"}])
@pytest.mark.parametrize("what", ["enter", "note", "vote", "look", "text", "leave"])
def test_another_site_can_send_nothing(
    client: TestClient, make_room: Callable[..., OpenRoom], headers: dict[str, str], what: str
) -> None:
    room = make_room()
    answer = client.post(f"{path(room)}/{what}", data={"rather_not": "1"}, headers=headers)
    assert answer.status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_pages(
    client: TestClient, make_room: Callable[..., OpenRoom], configured: Callable[..., None]
) -> None:
    room = make_room()
    answer = post(client, f"{path(room)}/enter", nonce="a" * 32, group="steward")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/join" in cookie
    assert "secure" not in cookie
    configured(HALQA_BASE_URL="https://halqa.example")
    response = Response()
    participant.remember(response, Participant(1, "a" * 32))
    assert "secure" in response.headers["set-cookie"].lower()


@pytest.mark.parametrize("value", ["", "made-up", "WzEsImEiLDdd.made-up", "W10.x", "null"])
def test_a_cookie_that_we_did_not_make_is_none(
    client: TestClient, make_room: Callable[..., OpenRoom], value: str
) -> None:
    room = make_room()
    client.cookies.set(participant.COOKIE, value)
    answer = client.get(path(room))
    assert answer.status_code == 200
    assert EN("join.enter") in answer.text


def test_nothing_ticked_is_asked_again_and_counts_nobody(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    answer = post(client, f"{path(room)}/enter", nonce="a" * 32)
    assert answer.status_code == 422
    assert EN("join.choose_one") in answer.text
    assert all_of(engines, room_tables.RoomDeclaration) == []


BOTH = {"group": ["steward", "gateway"], "rather_not": "1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_and_the_wish_not_to_say_are_asked_about_and_stay_ticked(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom], language: str
) -> None:
    room, t = make_room(), Translator(language)
    answer = post(client, f"{path(room)}/enter?language={language}", nonce="a" * 32, **BOTH)
    assert answer.status_code == 422
    assert t("join.choose_either") in answer.text
    assert Page(answer.text).checked == {**BOTH, "rather_not": ["1"]}
    assert all_of(engines, room_tables.RoomDeclaration) == []


@pytest.mark.parametrize("step", ["enter", "look"])
def test_both_stay_ticked_inside_the_room_too(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom], step: str
) -> None:
    room = make_room()
    enter(client, room, "influencer")
    answer = post(client, f"{path(room)}/{step}", nonce="b" * 32, text="", **BOTH)
    assert (EN("join.choose_either") in answer.text) is (step == "enter")
    checked = Page(answer.text).checked
    assert (checked["group"], checked["rather_not"]) == (BOTH["group"], ["1"])
    assert [each.mask for each in all_of(engines, room_tables.RoomDeclaration)] == [4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_room_says_as_whom_one_is_here(
    client: TestClient, make_room: Callable[..., OpenRoom], language: str
) -> None:
    room, t = make_room(), Translator(language)
    enter(client, room, "steward")
    address = f"{path(room)}?language={language}"
    assert t("join.here_as", groups=t.word(Group.STEWARD)) in client.get(address).text
    post(client, f"{path(room)}/enter", rather_not="1")
    assert t("join.here_without") in client.get(address).text


def test_a_form_that_is_sent_twice_counts_one_person(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    """Two taps on a slow connection: neither request carries the cookie yet."""
    room = make_room()
    for groups in (["steward"], ["steward"], ["gateway"]):
        client.cookies.clear()
        post(client, f"{path(room)}/enter", nonce="a" * 32, group=groups)
    counts = {each.mask: each.people for each in all_of(engines, room_tables.RoomDeclaration)}
    assert counts == {1: 0, 2: 1}


def test_groups_are_changed_and_another_person_enters_on_the_same_phone(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    assert enter(client, room, "steward").checked["group"] == ["steward"]
    answer = post(client, f"{path(room)}/enter", group=["gateway", "influencer"])
    assert answer.headers["location"].endswith("&done=groups")
    post(client, f"{path(room)}/leave")
    assert EN("join.enter") in client.get(path(room)).text
    assert enter(client, room).checked["rather_not"] == ["1"]
    counts = {each.mask: each.people for each in all_of(engines, room_tables.RoomDeclaration)}
    assert counts == {1: 0, 6: 1, 0: 1}


def test_the_code_field_leads_back_to_the_room_that_one_is_in(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    enter(client, room, "steward")
    assert f"{path(room)}?language=en" in Page(client.get("/join").text).links


def test_before_it_opens_and_after_it_closes_the_page_says_so(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    change(engines, room_tables.Room, room.room_id, state=RoomState.PREPARING)
    answer = client.get(path(room))
    assert (answer.status_code, EN("join.not_yet") in answer.text) == (200, True)
    change(engines, room_tables.Room, room.room_id, state=RoomState.OPEN)
    enter(client, room, "steward")
    change(
        engines,
        room_tables.Room,
        room.room_id,
        state=RoomState.CLOSED,
        code_salt="",
        code_hash=None,
        link_hash=None,
    )
    answer = client.get(path(room))
    assert (answer.status_code, EN("join.over") in answer.text) == (410, True)
    assert 'href="/receipt?language=en"' in answer.text
    client.cookies.clear()
    assert client.get(path(room)).status_code == 404


# -- notes ----------------------------------------------------------------------------------------


def code_in(html: str) -> str:
    found = re.search(r'id="receipt_code">([A-Z2-9-]+)<', html)
    assert found is not None
    return found[1]


def test_a_note_is_taken_and_its_code_shown(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    inside = enter(client, room, "steward")
    answer = post(
        client,
        f"{path(room)}/note",
        nonce=inside.hidden["nonce"],
        text="Rent rose twice",
        strength="objection",
        reason="Nobody can pay",
        attribution="anonymous",
    )
    assert answer.status_code == 200
    (note,) = all_of(engines, AnonymousNote)
    assert (note.text, note.strength, note.reason) == (
        "Rent rose twice",
        "objection",
        "Nobody can pay",
    )
    assert note.receipt_hash == room_codes.keyed(code_in(answer.text))
    assert "set-cookie" not in answer.headers


def test_loading_the_receipt_again_shows_the_same_code(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    nonce = enter(client, room).hidden["nonce"]
    codes = {
        code_in(post(client, f"{path(room)}/note", nonce=nonce, text="Rent").text) for _ in range(3)
    }
    assert len(codes) == 1
    assert len(all_of(engines, AnonymousNote)) == 1


def test_a_room_under_five_takes_views_in_the_name_of_a_group(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(size=4)
    inside = enter(client, room, "steward")
    assert inside.checked["attribution"] == ["group_only"]
    assert inside.checked["strength"] == ["concern"]
    assert set(inside.areas) == {"text", "reason", "resolution"}
    post(client, f"{path(room)}/leave")
    assert enter(client, room).areas == {}


def test_neither_the_file_nor_the_log_knows_whose_phone_it_was(
    client: TestClient,
    engines: Engines,
    make_room: Callable[..., OpenRoom],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    room = make_room(statements=("Rent is too high.",))
    answer = post(client, f"{path(room)}/enter", nonce="a" * 32, group="steward")
    cookie = answer.headers["set-cookie"].split("=")[1].split(";")[0]
    note = post(client, f"{path(room)}/note", nonce="b" * 32, text="Rent rose twice")
    code = code_in(note.text)
    post(client, f"{path(room)}/vote", **{f"s{room.statement_ids[0]}": "agree"})
    folder = Path(engines.write.url.database or "").parent
    stored = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    assert b"Rent rose twice" in stored
    secrets = ("a" * 32, "b" * 32, cookie, code, code.replace("-", ""), room.token)
    assert [each for each in secrets if each.encode() in stored] == []
    logged = "\n".join(map(str, (each.getMessage() for each in caplog.records)))
    assert "Rent rose twice" not in logged
    ours = "\n".join(each.getMessage() for each in caplog.records if each.name != "httpx")
    assert [each for each in secrets if each in ours] == []


def test_a_view_goes_out_in_the_name_of_the_groups(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(size=4)
    nonce = enter(client, room, "steward", "gateway").hidden["nonce"]
    answer = post(
        client,
        f"{path(room)}/note",
        nonce=nonce,
        text="Rent",
        strength="concern",
        attribution="group_only",
    )
    (view,) = all_of(engines, DissentingView)
    assert (view.attribution, view.groups) == ("group_only", ["steward", "gateway"])
    assert view.receipt_hash == room_codes.keyed(code_in(answer.text))


def test_mistakes_are_mended_with_everything_still_there(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    nonce = enter(client, room, "steward").hidden["nonce"]
    answer = post(
        client,
        f"{path(room)}/note",
        nonce=nonce,
        text="Rent",
        strength="objection",
        resolution="A cap",
        attribution="group_only",
    )
    assert answer.status_code == 422
    assert EN("join.problem_objection_needs_reason") in answer.text
    again = Page(answer.text)
    assert again.areas == {"text": "Rent", "reason": "", "resolution": "A cap"}
    assert again.checked["strength"] == ["objection"]
    assert again.checked["attribution"] == ["group_only"]
    assert again.hidden["nonce"] == nonce
    assert all_of(engines, DissentingView) == []


def test_words_that_come_too_late_are_given_back(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    nonce = enter(client, room).hidden["nonce"]
    change(engines, room_tables.Room, room.room_id, state=RoomState.CLOSED)
    words = {"text": f"Rent {HOSTILE}", "reason": "We pay it", "resolution": "A cap"}
    answer = post(client, f"{path(room)}/note", nonce=nonce, **words)
    assert answer.status_code == 409
    assert EN("join.words_over") in answer.text
    assert EN("join.back") not in answer.text  # it is closed
    assert "/receipt?language=en" in Page(answer.text).links
    assert Page(answer.text).areas == {"words": f"Rent {HOSTILE}\n\nWe pay it\n\nA cap"}


def test_words_without_a_cookie_are_given_back(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    answer = post(client, f"{path(make_room())}/note", nonce="b" * 32, text="Rent")
    assert EN("join.words_enter") in answer.text
    assert Page(answer.text).areas == {"words": "Rent"}


def test_words_that_the_database_did_not_take_are_given_back(
    client: TestClient, make_room: Callable[..., OpenRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room()
    nonce = enter(client, room).hidden["nonce"]

    def busy(*_args: object) -> str:
        raise ConveningError("database_busy")

    busy.__name__ = "leave_note"
    monkeypatch.setattr(commands, "leave_note", busy)
    answer = post(client, f"{path(room)}/note", nonce=nonce, text="Rent")
    assert answer.status_code == 503
    assert Page(answer.text).areas == {"words": "Rent"}


def test_one_person_can_leave_ten_notes_at_a_time_and_loses_no_words(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    nonce = enter(client, room).hidden["nonce"]
    for number in range(10):
        assert post(client, f"{path(room)}/note", nonce=nonce, text=f"{number}").status_code == 200
    answer = post(client, f"{path(room)}/note", nonce=nonce, text="One more")
    assert answer.status_code == 429
    assert Page(answer.text).areas["text"] == "One more"
    assert len(all_of(engines, AnonymousNote)) == 10
    client.cookies.clear()  # somebody else
    nonce = enter(client, room).hidden["nonce"]
    assert post(client, f"{path(room)}/note", nonce=nonce, text="Mine").status_code == 200


def test_too_much_is_refused_before_it_is_read(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    enter(client, room)
    for what in ("note", "enter"):
        assert post(client, f"{path(room)}/{what}", text="x" * 70_000).status_code == 413
    answer = post(client, f"{path(room)}/note", nonce="b" * 32, text="x" * 2001)
    assert answer.status_code == 422
    assert all_of(engines, AnonymousNote) == []


def test_what_people_write_is_shown_as_text(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(title=HOSTILE, question=HOSTILE, statement=HOSTILE, statements=(HOSTILE,))
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.add(
            GroupName(initiative_id=room.initiative_id, group=Group.STEWARD.value, name=HOSTILE)
        )
    entrance = client.get(path(room)).text
    enter(client, room, "steward")
    inside = post(client, f"{path(room)}/note", nonce=HOSTILE, text="", reason=HOSTILE).text
    whole = client.get(f"{path(room)}/text").text
    code = post(client, "/join", code=HOSTILE).text
    for html in (entrance, inside, whole, code):
        assert "<script" not in html
        assert "<img" not in html
        assert "49" not in re.sub(r"#?[0-9a-f]{3,}", "", html)


@pytest.mark.parametrize(
    ("what", "fields"),
    [("enter", {"rather_not": "1"}), ("vote", {"s1": "agree"})],
)
def test_what_the_database_did_not_take_is_said_so(
    client: TestClient,
    make_room: Callable[..., OpenRoom],
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    fields: dict[str, str],
) -> None:
    room = make_room()
    enter(client, room)

    def busy(*_args: object) -> str:
        raise ConveningError("database_busy")

    busy.__name__ = what
    monkeypatch.setattr(commands, what, busy)
    answer = post(client, f"{path(room)}/{what}", **fields)
    assert (answer.status_code, EN("join.try_again") in answer.text) == (503, True)
    assert Page(answer.text).areas == {}


# -- votes ----------------------------------------------------------------------------------------


def test_a_tap_votes_and_the_page_says_how(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(statements=("Rent is too high.", "The square is loud."))
    first, second = room.statement_ids
    assert enter(client, room, "steward").pressed == []
    for choice in ("agree", "disagree"):
        answer = post(client, f"{path(room)}/vote?page=1", **{f"s{first}": choice})
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(f"&page=1&done=vote#s{first}")
    html = client.get(answer.headers["location"].split("#")[0]).text
    assert Page(html).pressed == [(f"s{first}", "disagree")]
    assert EN("join.vote_noted") in html
    (vote,) = all_of(engines, Vote)
    assert (vote.statement_id, vote.choice, vote.groups) == (first, "disagree", ["steward"])
    assert second != first


@pytest.mark.parametrize(
    "fields", [{}, {"s1": "maybe"}, {"x1": "agree"}, {"s": "agree"}, {"s" + "9" * 30: "agree"}]
)
def test_what_is_no_vote_counts_as_none(
    client: TestClient,
    engines: Engines,
    make_room: Callable[..., OpenRoom],
    fields: dict[str, str],
) -> None:
    room = make_room(statements=("Rent is too high.",))
    enter(client, room)
    assert post(client, f"{path(room)}/vote", **fields).status_code == 303
    assert all_of(engines, Vote) == []


def test_many_statements_are_read_page_by_page_from_the_first_that_waits(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(statements=tuple(f"Statement {number}." for number in range(1, 14)))
    html = client.get(path(room)).text
    enter(client, room)
    html = client.get(path(room)).text
    assert "Statement 6." in html
    assert "Statement 7." not in html
    assert EN("join.statements_page", first=1, last=6, all=13) in html
    for each in room.statement_ids[:6]:
        post(client, f"{path(room)}/vote", **{f"s{each}": "pass"})
    assert "Statement 7." in client.get(path(room)).text
    assert "Statement 13." in client.get(f"{path(room)}?page=9").text
    for made_up in ("x", "-1", "9" * 40, "٣"):
        assert client.get(path(room), params={"page": made_up}).status_code == 200


# -- what was typed stays -------------------------------------------------------------------------

HALF = {
    "nonce": "b" * 32,
    "text": "Rent <rose>\ntwice",
    "strength": "objection",
    "reason": "We pay it",
    "resolution": "",
    "attribution": "group_only",
}


def half_written(page: Page) -> dict[str, str]:
    """The note in the form, as a browser would send it."""
    ticked = {name: page.checked[name][0] for name in ("strength", "attribution")}
    return {"nonce": page.hidden["nonce"], **page.areas, **ticked}


@pytest.mark.parametrize(
    ("step", "more"),
    [
        ("vote?page=2", {"s7": "agree"}),
        ("vote?page=2", {"s99": "agree"}),
        ("look?page=2", {}),
        ("look?language=ar&page=2", {}),
        ("enter?page=2", {"group": ["steward", "gateway"]}),
        ("note?page=2", {"reason": ""}),
        ("enter?page=2", {"group": []}),
    ],
)
def test_whatever_is_tapped_a_half_written_note_stays(
    client: TestClient,
    engines: Engines,
    make_room: Callable[..., OpenRoom],
    step: str,
    more: dict[str, Any],
) -> None:
    room = make_room(statements=tuple(f"Statement {number}." for number in range(1, 9)))
    enter(client, room, "steward")
    fields: dict[str, Any] = {**HALF, "group": "steward", **more}
    answer = post(client, f"{path(room)}/{step}", **fields)
    assert half_written(Page(answer.text)) == {**HALF, "reason": fields["reason"]}
    assert "Statement 7." in answer.text
    assert "Statement 6." not in answer.text
    assert all_of(engines, AnonymousNote) == []
    assert all_of(engines, DissentingView) == []


def test_a_vote_beside_a_half_written_note_can_be_loaded_again(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    """The same vote, and the note once: it keeps the id of its form."""
    room = make_room(statements=("Rent is too high.",))
    (statement,) = room.statement_ids
    enter(client, room, "steward")
    for _ in range(2):
        answer = post(client, f"{path(room)}/vote", **{f"s{statement}": "pass"}, **HALF)
        assert answer.status_code == 200
        assert EN("join.vote_noted") in answer.text
        assert Page(answer.text).pressed == [(f"s{statement}", "pass")]
        assert re.findall(r"<button [^>]*autofocus>", answer.text) == [
            f'<button name="s{statement}" value="pass" aria-pressed="true" autofocus>'
        ]
    assert [each.choice for each in all_of(engines, Vote)] == ["pass"]
    for _ in range(2):
        post(client, f"{path(room)}/note", **half_written(Page(answer.text)))
    assert len(all_of(engines, DissentingView)) == 1


def test_ticks_that_were_not_saved_stay_too(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    enter(client, room, "steward")
    answer = post(client, f"{path(room)}/look", nonce="b" * 32, text="", group=["gateway"])
    assert Page(answer.text).checked["group"] == ["gateway"]
    assert '<details id="my_groups" open>' in answer.text
    assert [each.mask for each in all_of(engines, room_tables.RoomDeclaration)] == [1]


@pytest.mark.parametrize("size", [4, 12])
def test_where_nothing_was_typed_a_tap_leads_to_an_address_that_does_nothing(
    client: TestClient, make_room: Callable[..., OpenRoom], size: int
) -> None:
    room = make_room(size=size, statements=("Rent is too high.",))
    inside = enter(client, room, "steward")
    fields = {**half_written(inside), "group": "steward"}
    for step in ("vote?page=1", "look?page=1", "enter?page=1"):
        answer = post(
            client, f"{path(room)}/{step}", **{f"s{room.statement_ids[0]}": "agree"}, **fields
        )
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{path(room)}?language=en&page=1")


@pytest.mark.parametrize("step", ["enter", "note", "vote", "look"])
def test_a_browser_that_forgot_what_it_sent_is_led_to_the_room(
    client: TestClient, make_room: Callable[..., OpenRoom], step: str
) -> None:
    room = make_room()
    answer = client.get(f"{path(room)}/{step}?language=fr")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path(room)}?language=fr")


def test_the_whole_version_is_read_in_between(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(statement="The square is neglected.")
    enter(client, room, "steward")
    between = post(client, f"{path(room)}/text?page=1", group="steward", **HALF)
    assert "The square is neglected." in between.text
    carried = Page(between.text)
    assert carried.forms == [f"{path(room)}/look?language=en&page=1#note"]
    answer = post(client, carried.forms[0].split("#")[0], **carried.hidden)
    assert half_written(Page(answer.text)) == HALF


@pytest.mark.parametrize(
    ("step", "happened", "why"),
    [
        *((step, "closed", "join.words_over") for step in ("vote", "look", "text", "enter")),
        *((step, "forgotten", "join.words_enter") for step in ("vote", "look", "enter")),
        *((step, "elsewhere", "join.words_enter") for step in ("vote", "look", "note")),
    ],
)
def test_words_are_given_back_whatever_happened_meanwhile(
    client: TestClient,
    engines: Engines,
    make_room: Callable[..., OpenRoom],
    step: str,
    happened: str,
    why: str,
) -> None:
    room = make_room(statements=("Rent is too high.",))
    enter(client, room, "steward")
    fields = {f"s{room.statement_ids[0]}": "agree", "text": "Rent", "reason": "We pay it"}
    if happened == "closed":
        change(engines, room_tables.Room, room.room_id, state=RoomState.CLOSED)
    else:
        client.cookies.clear()
    if happened == "elsewhere":
        of_another_room = Response()
        participant.remember(of_another_room, Participant(room.room_id + 1, "a" * 32))
        client.headers["cookie"] = of_another_room.headers["set-cookie"].split(";")[0]
    answer = post(client, f"{path(room)}/{step}", **fields)
    assert EN(why) in answer.text
    assert Page(answer.text).areas == {"words": "Rent\n\nWe pay it"}


@pytest.mark.parametrize("step", ["vote", "enter"])
def test_who_has_to_wait_keeps_their_words(
    client: TestClient,
    make_room: Callable[..., OpenRoom],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    room = make_room(statements=("Rent is too high.",))
    enter(client, room, "steward")
    limit = join.VOTES if step == "vote" else join.ENTRIES
    monkeypatch.setattr(limit, "wait", lambda _key: 60)
    vote = {f"s{room.statement_ids[0]}": "agree"}
    fields = {**vote, "group": "steward"}
    for words, areas in ({}, {}), ({"text": "Rent"}, {"words": "Rent"}):
        answer = post(client, f"{path(room)}/{step}", **fields, **words)
        assert (answer.status_code, EN("rsvp.too_often") in answer.text) == (429, True)
        assert answer.headers["retry-after"] == "60"
        assert Page(answer.text).areas == areas


def test_enter_in_a_field_changes_nothing(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    """A browser takes it for a tap on the first button of the form."""
    room = make_room(statements=("Rent is too high.",))
    enter(client, room, "steward")
    html = client.get(path(room)).text
    first = re.findall(r'<button [^>]*formaction="([^"]+)"', html[html.index("<form") :])[0]
    assert first == f"{path(room)}/look?language=en&amp;page=1#note"


# -- in all languages -----------------------------------------------------------------------------


def full_room(make_room: Callable[..., OpenRoom]) -> OpenRoom:
    """As much as a page has to carry: six statements and a question of a usual length."""
    return make_room(
        title="أمسية في ساحة القنطرة مع أهل الحي",
        question="ما الذي ينبغي أن يبقى في الساحة كما هو، وما الذي يتغيّر أولًا؟" * 2,
        statements=(
            "ينبغي أن يبقى إيجار المحلات الصغيرة حول الساحة كما هو ثلاث سنوات بعد الترميم.",
        )
        * 12,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_weighs_at_most_15_kilobytes(
    client: TestClient, make_room: Callable[..., OpenRoom], language: str
) -> None:
    room = full_room(make_room)
    weights = {}
    for name, address in (("code", "/join"), ("entrance", path(room))):
        weights[name] = len(client.get(f"{address}?language={language}").content)
    enter(client, room, "steward", "gateway", "influencer")
    inside = client.get(f"{path(room)}?language={language}")
    weights["room"] = len(inside.content)
    mended = post(client, f"{path(room)}/note?language={language}", text="", strength="objection")
    weights["mended"] = len(mended.content)
    receipt = post(client, f"{path(room)}/note?language={language}", text="Rent")
    weights["receipt"] = len(receipt.content)
    assert {name: size for name, size in weights.items() if size > MOST_BYTES} == {}
    for answer in (inside, mended, receipt):
        assert "<script" not in answer.text
        loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
        assert [
            each
            for each in loaded
            if not each.startswith(("/join", "/receipt", "#", "data:image/svg+xml,"))
        ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_room_speaks_the_language_of_the_phone_and_keeps_it(
    client: TestClient, make_room: Callable[..., OpenRoom], language: str
) -> None:
    t = Translator(language)
    room = make_room(statements=("Rent is too high.",))
    asked = {"accept-language": f"{language}-XX,de;q=0.9"}
    html = client.get(path(room), headers=asked).text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert t("join.enter") in html
    form = Page(html).forms[0]
    assert form.endswith(f"language={language}")
    answer = post(client, form, nonce="a" * 32, group="steward")
    inside = client.get(answer.headers["location"]).text
    for text in (t("join.statements"), t.word(Choice.AGREE), t.word(Strength.OBJECTION)):
        assert text in inside
    assert all(
        each.endswith(f"language={language}") for each in Page(inside).forms if "vote" not in each
    )


def test_the_whole_version_can_be_read(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room(statement="The square is neglected.")
    change(engines, DefinitionVersion, room.version_id, known="Rents rose by a third.")
    enter(client, room)
    html = client.get(f"{path(room)}/text").text
    for text in ("The square is neglected.", "Rents rose by a third.", "What is known"):
        assert text in html
    assert "What is contested" not in html


def test_a_team_own_names_of_groups_stand_on_the_page(
    client: TestClient, engines: Engines, make_room: Callable[..., OpenRoom]
) -> None:
    room = make_room()
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.add(
            GroupName(initiative_id=room.initiative_id, group=Group.STEWARD.value, name="residents")
        )
    assert "residents" in client.get(path(room)).text


def test_the_longest_texts_of_a_room_weigh_no_more_on_their_way(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    letters = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
    words = ["".join(letters[(n * n + each) % 28] for each in range(n % 7 + 2)) for n in range(900)]

    def long(characters: int, first: int = 0) -> str:
        return " ".join(words[first:])[:characters]

    room = make_room(
        title=long(200),
        question=long(300, 30),
        statements=tuple(long(400, 40 * number) for number in range(1, 9)),
    )
    enter(client, room, "steward", "gateway", "influencer")
    address = f"{path(room)}?language=ar"
    with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) <= MOST_BYTES


def test_pages_are_compressed_for_whoever_reads_that(
    client: TestClient, make_room: Callable[..., OpenRoom]
) -> None:
    room = full_room(make_room)
    with client.stream("GET", path(room), headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert EN("join.enter") in gzip.decompress(raw).decode()
    plain = client.get(path(room), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
