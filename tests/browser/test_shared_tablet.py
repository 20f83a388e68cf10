"""A tablet that goes from hand to hand: nothing that one person typed greets the next."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from convening.vocabulary import Role
from db import transaction
from db.commands import login
from tests import builders
from tests.browser.conftest import (
    PASSWORD,
    email_of,
    settled,
    sign_in_by_form,
    signed_in,
    visit,
)
from tests.browser.server import Server

SECRETS = ("Umm Sami fears the landlord", "قالت أم سامي إنها تخاف")
# Where a browser could still hold a text: fields, the page, its stores and what it remembers
_HELD = """() => {
  const fields = [...document.querySelectorAll("input, textarea")].map((each) => each.value);
  const stores = [localStorage, sessionStorage].map((each) => JSON.stringify({ ...each }));
  const page = document.documentElement.outerHTML;
  return [...fields, ...stores, page, JSON.stringify(history.state), location.href, document.cookie]
    .join("\\n");
}"""


@pytest.fixture
def initiative(server: Server, user: Callable[..., int]) -> tuple[int, int, int]:
    """The one who typed, the one who comes next, both of one team, and its initiative."""
    first, second = (user(Role.ORGANISER, password=PASSWORD) for _ in range(2))

    def build(session: Session) -> int:
        made = builders.initiative(session, manager=first, team=[second])
        builders.stage(session, made)
        return made

    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        return first, second, build(session)


def type_without_saving(page: Page, server: Server, initiative: int) -> None:
    """Two drafts that nobody saved: a new convening and the own name."""
    visit(page, server, f"/convenings?initiative={initiative}&edit=new")
    title = page.locator(".st-key-convening_title_None input")
    title.fill(SECRETS[0])
    title.press("Tab")
    settled(page)
    page.get_by_test_id("stSidebarNavLink").last.click()
    expect(page.locator(".st-key-profile_name input")).to_be_visible()
    settled(page)
    page.locator(".st-key-profile_name input").fill(SECRETS[1])
    assert SECRETS[1] in page.evaluate(_HELD)


def nothing_left(page: Page) -> None:
    held = page.evaluate(_HELD)
    assert [each for each in SECRETS if each in held] == []


def wall(page: Page) -> None:
    expect(page.get_by_test_id("stForm").locator("input[type=password]")).to_be_visible()
    settled(page)
    nothing_left(page)


def the_next_finds_nothing(page: Page, server: Server, email: str, initiative: int) -> None:
    """Signs in at the same tab, and looks at the screens on which was typed."""
    sign_in_by_form(page, email)
    expect(page.locator(".st-key-sign_out")).to_be_attached()
    settled(page)
    nothing_left(page)
    for path in (f"/convenings?initiative={initiative}&edit=new", "/account"):
        visit(page, server, path)
        nothing_left(page)
    assert page.locator(".st-key-profile_name input").input_value() != SECRETS[1]


def test_signing_out_takes_every_draft_along(
    server: Server, page: Page, initiative: tuple[int, int, int]
) -> None:
    first, second, number = initiative
    signed_in(page, server, first)
    type_without_saving(page, server, number)
    page.locator(".st-key-sign_out").get_by_role("button").click()
    wall(page)
    page.go_back()
    wall(page)
    the_next_finds_nothing(page, server, email_of(server, second), number)


def test_a_login_that_ends_by_itself_takes_them_along_too(
    server: Server, page: Page, initiative: tuple[int, int, int]
) -> None:
    first, second, number = initiative
    signed_in(page, server, first)
    type_without_saving(page, server, number)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        login.end_sessions_of(session, first)
    page.get_by_test_id("stSidebarNavLink").first.click()
    wall(page)
    the_next_finds_nothing(page, server, email_of(server, second), number)


def test_the_same_tab_under_another_login_begins_afresh(
    server: Server, page: Page, initiative: tuple[int, int, int]
) -> None:
    """Somebody else signs in in another tab of the browser; this one is theirs from then on."""
    first, second, number = initiative
    signed_in(page, server, first)
    type_without_saving(page, server, number)
    signed_in(page, server, second)
    page.reload()
    settled(page)
    nothing_left(page)
    visit(page, server, f"/convenings?initiative={number}&edit=new")
    nothing_left(page)
