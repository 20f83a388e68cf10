"""The identity header says what the login cookie says, whatever the browser sends."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from db import transaction
from db.commands import login
from db.engine import Engines
from db.tables.accounts import LoginSession, User
from pages.plain.login import HEADER
from tests.pages.plain.conftest import HERE

ASKED = "/_stcore/stream"
ORIGIN = {"origin": HERE}


def post_ticket(client: TestClient, engines: Engines, user_id: int, *, keep: bool = False) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ticket = login.make_ticket(session, user_id, keep=keep)
    assert client.post("/session", content=ticket, headers=ORIGIN).status_code == 204


def test_the_cookie_becomes_the_header(client: TestClient, token: str) -> None:
    client.cookies.set("halqa_login", token)
    assert client.get(ASKED).json()[HEADER] == ["1"]


def test_a_forged_header_is_removed(client: TestClient, token: str) -> None:
    assert token
    forged = {HEADER: "1", "X-Halqa-Login": "1"}
    assert client.get("/_stcore/health", headers=forged).json()[HEADER] == []
    assert client.get(ASKED, headers=forged).json()[HEADER] == []


def test_a_forged_header_beside_a_good_cookie_is_removed_too(
    client: TestClient, token: str
) -> None:
    client.cookies.set("halqa_login", token)
    assert client.get(ASKED, headers={HEADER: "99"}).json()[HEADER] == ["1"]


@pytest.mark.parametrize("cookie", ["made-up", "1", "", "a" * 5000])
def test_a_made_up_cookie_is_nobody(client: TestClient, token: str, cookie: str) -> None:
    assert token
    client.cookies.set("halqa_login", cookie)
    assert client.get(ASKED).json()[HEADER] == []


def test_a_good_ticket_sets_a_cookie_that_scripts_cannot_read(
    client: TestClient, engines: Engines, alice: int
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ticket = login.make_ticket(session, alice)
    answer = client.post("/session", content=ticket, headers=ORIGIN)
    cookies = answer.headers.get_list("set-cookie")
    login_cookie = next(each for each in cookies if each.startswith("halqa_login="))
    attributes = login_cookie.split("; ")[1:]
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=lax"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert client.get(ASKED).json()[HEADER] == ["1"]


def test_under_tls_the_cookie_is_for_tls_and_this_host_alone(
    client: TestClient, engines: Engines, alice: int, configured: Callable[..., None]
) -> None:
    configured(HALQA_BASE_URL="https://halqa.example.org")
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ticket = login.make_ticket(session, alice, keep=True)
    headers = {"origin": "https://halqa.example.org", "host": "halqa.example.org"}
    answer = client.post("/session", content=ticket, headers=headers)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "halqa_login" in c)
    assert cookie.startswith("__Host-halqa_login=")
    assert sorted(cookie.split("; ")[1:]) == [
        "HttpOnly",
        "Max-Age=2592000",
        "Path=/",
        "SameSite=lax",
        "Secure",
    ]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_ticket_works_once(client: TestClient, engines: Engines, alice: int) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ticket = login.make_ticket(session, alice)
    answers = [
        client.post("/session", content=ticket, headers=ORIGIN).status_code for _ in range(2)
    ]
    assert answers == [204, 401]


@pytest.mark.parametrize("ticket", [b"", b"made-up", b"\xff\xfe", b"a" * 10_000])
def test_a_made_up_ticket_sets_nothing(client: TestClient, ticket: bytes) -> None:
    answer = client.post("/session", content=ticket, headers=ORIGIN)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_signing_in_brings_the_own_language_and_theme_to_a_new_browser(
    client: TestClient, engines: Engines, alice: int
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user = session.get_one(User, alice)
        user.language, user.theme = "ar", "dark"
    post_ticket(client, engines, alice)
    assert (client.cookies["halqa_language"], client.cookies["halqa_theme"]) == ("ar", "dark")


def test_what_was_chosen_in_this_browser_stays(
    client: TestClient, engines: Engines, alice: int
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(User, alice).language = "ar"
    client.get("/language/en")
    post_ticket(client, engines, alice)
    assert client.cookies["halqa_language"] == "en"


def test_signing_out_drops_the_cookie_and_kills_a_stolen_copy(
    client: TestClient, engines: Engines, alice: int
) -> None:
    post_ticket(client, engines, alice)
    stolen = client.cookies["halqa_login"]
    assert client.post("/session/end", headers=ORIGIN).status_code == 204
    assert "halqa_login" not in client.cookies
    client.cookies.set("halqa_login", stolen)
    assert client.get(ASKED).json()[HEADER] == []


def test_signing_out_twice_or_as_a_visitor_does_no_harm(client: TestClient) -> None:
    assert client.post("/session/end", headers=ORIGIN).status_code == 204


def test_nobody_is_signed_out_by_another_site(client: TestClient, token: str) -> None:
    client.cookies.set("halqa_login", token)
    foreign = {"origin": "http://evil.example"}
    assert client.post("/session/end", headers=foreign).status_code == 403
    assert client.get("/session/end").status_code == 404
    assert client.get(ASKED).json()[HEADER] == ["1"]


def test_deactivation_closes_the_door_at_once(
    client: TestClient, engines: Engines, alice: int, token: str
) -> None:
    client.cookies.set("halqa_login", token)
    assert client.get(ASKED).json()[HEADER] == ["1"]
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(User, alice).active = False
    assert client.get(ASKED).json()[HEADER] == []


def test_a_page_can_ask_whether_its_login_still_lives_without_renewing_it(
    client: TestClient, engines: Engines, alice: int, token: str
) -> None:
    assert client.get("/session").status_code == 401
    client.cookies.set("halqa_login", token)
    with transaction.reading(engines) as session:
        before = session.get_one(LoginSession, 1).expires_at
    assert client.get("/session").status_code == 204
    with transaction.reading(engines) as session:
        assert session.get_one(LoginSession, 1).expires_at == before
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        login.end_sessions_of(session, alice)
    assert client.get("/session").status_code == 401
