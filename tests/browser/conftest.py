"""A browser and a server for each test process; helpers that sign in, visit and wait."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from sqlmodel import Session

from convening import passwords
from convening.vocabulary import Language, Role, Theme
from db import transaction
from db.commands import login
from db.tables.accounts import User
from tests import builders
from tests.browser import server as servers
from tests.browser.install import ARGUMENTS, system_chromium
from tests.browser.server import Server
from tests.faults.long import figure
from tests.faults.postgresql import postgresql

__all__ = ["figure", "postgresql"]  # fixtures that the tests with faults share

WAIT = 20_000  # milliseconds; a slow machine needs it, a quick one never gets there
PASSWORD = "violet kettle seven roads"
_AWAITING = Path(__file__).parent / "awaiting.js"
_QUIET = (
    "html:not([data-test-awaiting]) "
    "[data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
)
_ASKED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


expect.set_options(timeout=WAIT)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = system_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of this test process; tests share it, so each adds users of its own.

    It has been set up: one administrator is there, whom no test uses.
    """
    server = servers.start(tmp_path_factory.mktemp("server"))
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        add_user(session, "Founder", Role.ADMINISTRATOR, password=None)
    yield server
    server.stop()


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """``fresh_server()`` starts one that nobody has asked anything yet."""
    started: list[Server] = []

    def start(**environ: str) -> Server:
        folder = tmp_path / f"server{len(started)}"
        folder.mkdir()
        started.append(servers.start(folder, **environ))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """``new_context()`` is a browser that knows nothing; it may ask its own server alone."""
    opened: list[BrowserContext] = []
    foreign: list[str] = []

    def note(url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            foreign.append(url)

    def open_one(width: int = 1280, height: int = 800, **options: object) -> BrowserContext:
        viewport = {"width": width, "height": height}
        context = watched_context(browser, viewport=viewport, **options)
        context.on("request", lambda request: note(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: note(socket.url)))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert foreign == []


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def watched_context(browser: Browser, **options: Any) -> BrowserContext:
    """A new browser window whose pages tell ``settled`` what they still wait for."""
    context = browser.new_context(**options)
    context.set_default_timeout(WAIT)
    context.add_init_script(path=_AWAITING)
    return context


def add_user(session: Session, name: str, *roles: Role, password: str | None = PASSWORD) -> int:
    """A user who can sign in by the form, as NAME@example.org."""
    user_id = builders.user(session, name, *roles)
    if password is not None:
        session.get_one(User, user_id).password_hash = passwords.hash(password)
    session.flush()
    return user_id


@pytest.fixture
def user(server: Server, request: pytest.FixtureRequest) -> Callable[..., int]:
    """``user(Role.ORGANISER)`` adds a user to the server of this process; his name is unique."""
    count = [0]

    def add(*roles: Role, password: str | None = None) -> int:
        count[0] += 1
        name = f"{abs(hash(request.node.nodeid)):x}-{count[0]}"
        with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
            return add_user(session, name, *roles, password=password)

    return add


def email_of(server: Server, user_id: int) -> str:
    with transaction.reading(server.engines) as session:
        return session.get_one(User, user_id).email


def signed_in(
    page: Page,
    server: Server,
    user_id: int,
    *,
    language: Language | None = None,
    theme: Theme | None = None,
) -> None:
    """Signs the browser in without the form: the cookie of a new login session."""
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        token = login.begin_session(session, session.get_one(User, user_id)).token
    cookies = {"halqa_login": token, "halqa_language": language, "halqa_theme": theme}
    page.context.add_cookies(
        [
            {"name": name, "value": value, "url": server.url}
            for name, value in cookies.items()
            if value
        ]
    )


def visit(page: Page, server: Server, path: str = "/") -> None:
    """Opens a screen and waits until it stands still."""
    page.goto(f"{server.url}{path}")
    settled(page)


def settled(page: Page) -> None:
    """Waits until the script has run and everything that it sent is drawn."""
    with suppress(PlaywrightError):  # the action led to another page, which begins unsettled
        page.evaluate(_ASKED)
    page.wait_for_selector(_QUIET, state="attached")
    expect(page.locator("[data-testid=stSkeleton], [data-stale=true]")).to_have_count(0)


def sign_in_by_form(
    page: Page, email: str, password: str = PASSWORD, *, keep: bool = False
) -> None:
    """Fills in the form of the page that is open; what comes of it is for the test to await."""
    if keep:
        page.locator(".st-key-sign_in_keep label").first.click()
        settled(page)
    form = page.get_by_test_id("stForm")
    form.locator("input").nth(0).fill(email)
    form.locator("input[type=password]").fill(password)
    form.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
