"""Nobody gets past the wall who has not signed in, and nobody stays inside who was shown out."""

import re
import socket
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import col, delete, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect as open_websocket
from websockets.typing import Origin, Subprotocol

from convening.vocabulary import Role
from db import transaction
from db.commands import login
from db.tables.accounts import LoginSession, User, UserRole
from pages.components.navigation import PAGES
from tests.browser.conftest import (
    PASSWORD,
    add_user,
    email_of,
    settled,
    sign_in_by_form,
    signed_in,
    visit,
)
from tests.browser.server import Server
from tests.cases import LONG

EVERYTHING = (Role.ADMINISTRATOR, Role.ORGANISER)


def address(name: str) -> str:
    return next("/" if page.default else f"/{name}" for page in PAGES if page.name == name)


def sign_in_only(page: Page) -> None:
    """The page holds the form, and no screen, no menu and no name."""
    expect(page.get_by_test_id("stForm")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_have_text("Halqa")
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
    expect(page.locator(".st-key-sign_out")).to_have_count(0)


def inside(page: Page, screen: str) -> None:
    """The screen is shown and is marked in the menu."""
    expect(page.locator(".st-key-sign_out")).to_be_attached()
    expect(page.get_by_test_id("stForm").locator("input[type=password]")).to_have_count(0)
    assert re.sub(r"\?.*", "", page.url).endswith(address(screen))


@pytest.mark.parametrize("screen", [page.name for page in (PAGES if LONG else PAGES[1::3])])
def test_the_first_request_to_a_fresh_server_shows_sign_in_and_then_the_screen_asked_for(
    screen: str, fresh_server: Callable[..., Server], page: Page
) -> None:
    server = fresh_server()
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        add_user(session, "Alice", *EVERYTHING)
    asked = f"{address(screen)}?initiative=12345"
    visit(page, server, asked)
    sign_in_only(page)
    assert page.url == server.url + asked
    sign_in_by_form(page, "alice@example.org")
    inside(page, screen)
    assert "initiative=12345" in page.url


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    email = email_of(server, user(Role.ORGANISER, password=PASSWORD))
    answers = []
    for who in (email, f"nobody-{email}"):
        visit(page, server)
        sign_in_by_form(page, who, "not the password")
        expect(page.get_by_test_id("stAlert")).to_be_visible()
        answers.append(page.get_by_test_id("stAlert").inner_text())
    assert answers == ["This e-mail address and password do not match an account."] * 2
    sign_in_only(page)


def test_an_empty_field_is_asked_for(server: Server, page: Page, user: Callable[..., int]) -> None:
    user()
    visit(page, server)
    sign_in_by_form(page, "alice@example.org", "")
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "Please enter your e-mail address and your password."
    )


def test_after_too_many_failures_the_form_says_how_long_to_wait(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    email = email_of(server, user(Role.ORGANISER, password=PASSWORD))
    for _ in range(login.FREE_FAILURES):
        login.authenticate(server.engines, email, "not the password", "127.0.0.9")
    visit(page, server)
    sign_in_by_form(page, email)
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "There were too many attempts. Please try again in 1 minute."
    )


def test_the_cookie_is_out_of_reach_of_scripts(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    email = email_of(server, user(Role.ORGANISER, password=PASSWORD))
    visit(page, server)
    sign_in_by_form(page, email)
    inside(page, "home")
    cookie = next(c for c in page.context.cookies() if c["name"] == "halqa_login")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)
    assert "halqa_login" not in page.evaluate("document.cookie")
    assert cookie["value"] not in page.content()


def test_staying_signed_in_outlives_the_browser(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    user_id = user(Role.ORGANISER, password=PASSWORD)
    visit(page, server)
    sign_in_by_form(page, email_of(server, user_id), keep=True)
    inside(page, "home")
    cookie = next(c for c in page.context.cookies() if c["name"] == "halqa_login")
    assert cookie["expires"] > 0
    with transaction.reading(server.engines) as session:
        row = session.exec(select(LoginSession).where(LoginSession.user_id == user_id)).one()
    assert row.keep
    assert row.expires_at - row.created_at == login.KEEP


def test_signing_out_ends_every_tab_and_kills_a_stolen_cookie(
    server: Server, page: Page, user: Callable[..., int], new_context: Callable[..., BrowserContext]
) -> None:
    signed_in(page, server, user(*EVERYTHING))
    visit(page, server, "/account")
    other_tab = page.context.new_page()
    visit(other_tab, server, "/settings")
    stolen = [c for c in page.context.cookies() if c["name"] == "halqa_login"]
    page.locator(".st-key-sign_out button").click()
    page.wait_for_url(f"{server.url}/")
    settled(page)
    sign_in_only(page)
    assert "halqa_login" not in {c["name"] for c in page.context.cookies()}
    other_tab.get_by_test_id("stSidebarNavLink").first.click()
    sign_in_only(other_tab)
    thief = new_context()
    thief.add_cookies(stolen)  # type: ignore[arg-type]
    thiefs_page = thief.new_page()
    visit(thiefs_page, server, "/audit")
    sign_in_only(thiefs_page)


def test_a_role_that_is_taken_away_is_gone_within_one_run(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    user_id = user(*EVERYTHING)
    signed_in(page, server, user_id)
    visit(page, server, "/account")
    audit_log = page.get_by_test_id("stSidebarNavLink").filter(has_text="Audit log")
    expect(audit_log).to_be_visible()
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        session.execute(
            delete(UserRole).where(
                col(UserRole.user_id) == user_id, col(UserRole.role) == Role.ADMINISTRATOR
            )
        )
    audit_log.click()
    expect(page.locator("h1")).to_have_text("There is nothing here")
    expect(audit_log).to_have_count(0)
    visit(page, server, "/audit")
    expect(page.locator("h1")).to_have_text("There is nothing here")


def test_deactivation_shows_the_wall_within_one_run(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    user_id = user(*EVERYTHING)
    signed_in(page, server, user_id)
    visit(page, server, "/account")
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        session.get_one(User, user_id).active = False
    page.get_by_test_id("stSidebarNavLink").first.click()
    sign_in_only(page)


def test_an_unattended_screen_is_cleared_when_its_login_has_ended(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    user_id = user(*EVERYTHING)
    signed_in(page, server, user_id)
    page.clock.install()
    visit(page, server, "/account")
    page.clock.fast_forward("01:01")
    inside(page, "account")
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        login.end_sessions_of(session, user_id)
    with page.expect_navigation():
        page.clock.fast_forward("01:01")
    sign_in_only(page)


class TestForgery:
    """What a script that is no browser tries."""

    def stream(self, server: Server, **headers: str) -> list[bytes]:
        """What the server sends over a websocket to whoever asks it with these headers."""
        url = server.url.replace("http", "ws") + "/_stcore/stream"
        received = []
        session = headers.pop("session", "")
        protocols = ["streamlit", "x", *([session] if session else [])]
        with open_websocket(
            url,
            origin=Origin(server.url),
            subprotocols=[Subprotocol(each) for each in protocols],
            additional_headers=headers,
            proxy=None,
            legacy=True,
        ) as socket_:
            state = ClientState(query_string="", page_name="account")
            socket_.send(BackMsg(rerun_script=state).SerializeToString())
            while True:
                received.append(bytes(socket_.recv(timeout=20, decode=False)))
                if ForwardMsg.FromString(received[-1]).WhichOneof("type") == "script_finished":
                    return received

    def test_a_header_that_names_a_session_is_worth_nothing(
        self, server: Server, page: Page, user: Callable[..., int]
    ) -> None:
        user_id = user(*EVERYTHING)
        signed_in(page, server, user_id)
        with transaction.reading(server.engines) as session:
            login_id = session.exec(
                select(LoginSession.id).where(LoginSession.user_id == user_id)
            ).one()
        name = email_of(server, user_id).partition("@")[0].encode()
        for header in ("X-Halqa-Login", "x-halqa-login"):
            text = b"".join(self.stream(server, **{header: str(login_id)}))
            assert b"sign_in_form" in text
            assert name not in text

    def test_the_same_socket_with_the_cookie_is_let_in(
        self, server: Server, page: Page, user: Callable[..., int]
    ) -> None:
        """Otherwise the test above would pass for any reason."""
        signed_in(page, server, user(*EVERYTHING))
        token = next(c["value"] for c in page.context.cookies() if c["name"] == "halqa_login")
        text = b"".join(self.stream(server, Cookie=f"halqa_login={token}"))
        assert b"sign_in_form" not in text
        assert b"sign_out" in text

    def test_the_id_of_a_running_session_is_worth_nothing_without_its_cookie(
        self, server: Server, page: Page, user: Callable[..., int]
    ) -> None:
        signed_in(page, server, user(*EVERYTHING))
        token = next(c["value"] for c in page.context.cookies() if c["name"] == "halqa_login")
        first = b"".join(self.stream(server, Cookie=f"halqa_login={token}"))
        found = re.search(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", first)
        assert found is not None
        session = found[0].decode()
        stranger = b"".join(self.stream(server, session=session))
        assert b"sign_in_form" in stranger
        assert b"sign_out" not in stranger

    def test_a_websocket_from_another_site_is_refused(self, server: Server) -> None:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as raw:
            raw.sendall(
                f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Origin: http://evil.example\r\n\r\n".encode()
            )
            assert raw.recv(100).startswith(b"HTTP/1.1 403")


def test_logs_name_nobody(server: Server, page: Page, user: Callable[..., int]) -> None:
    """After a sign-in and a wrong one, neither an address nor a query string was logged."""
    email = email_of(server, user(Role.ORGANISER, password=PASSWORD))
    visit(page, server, "/?link=a-secret-token&initiative=1")
    urlopen(Request(f"{server.url}/healthz?secret=a-secret-token")).read()
    visit(page, server)
    sign_in_by_form(page, email, "wrong wrong wrong")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    sign_in_by_form(page, email)
    inside(page, "home")
    assert not [
        word for word in ("@example.org", "a-secret-token", "wrong") if word in server.output
    ]
