"""Accounts in a browser: from the code in the terminal to a team, in dialogs and by links."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlmodel import Session, select

from convening.vocabulary import Language, Role, Theme
from db import transaction
from db.queries import accounts
from db.tables.accounts import TeamMembership, User
from db.tables.work import Initiative
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

NEW = "seven boats leave early"


def fill(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key} input").first
    field.fill(text)
    field.press("Tab")
    settled(page)


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").locator("visible=true").first.click()
    settled(page)


def manage(page: Page, server: Server, user_id: int) -> None:
    """Finds an account and opens it, once the list has come down to it."""
    fill(page, "accounts_find", email_of(server, user_id))
    expect(page.locator("[class*=st-key-manage_]")).to_have_count(1)
    press(page, f"manage_{user_id}")
    expect(page.get_by_role("dialog")).to_be_visible()


def unfold(place: Locator) -> None:
    """Opens what is folded in, and waits until it has stopped growing: a click may miss before."""
    place.locator("summary").click()
    expect(place.locator("details[open]")).to_be_visible()
    place.locator("details").evaluate(
        "e => Promise.all(e.getAnimations({subtree: true}).map((each) => each.finished))"
    )


def submit(place: Page | Locator) -> None:
    place.get_by_test_id("stFormSubmitButton").get_by_role("button").click()


def inside(page: Page) -> None:
    expect(page.locator(".st-key-sign_out")).to_be_attached()


def test_from_the_code_to_signing_in_with_the_samples(
    fresh_server: Callable[..., Server], page: Page
) -> None:
    server = fresh_server()
    visit(page, server)
    submit(page)
    expect(page.get_by_role("alert")).to_have_count(4)
    fill(page, "setup_code", server.setup_code.lower())
    fill(page, "setup_name", "Ada")
    fill(page, "setup_email", "ada@example.org")
    fill(page, "setup_password", PASSWORD)
    fill(page, "setup_again", PASSWORD)
    submit(page)
    expect(page.get_by_text("Your account is there. Sign in to begin.")).to_be_visible()
    sign_in_by_form(page, "ada@example.org")
    inside(page)
    with transaction.reading(server.engines) as session:
        ada = session.exec(select(User)).one()
        roles = accounts.actor(session, ada.key).roles
        assert roles == {Role.ADMINISTRATOR, Role.ORGANISER}
        assert len(session.exec(select(Initiative).where(Initiative.sample)).all()) == 2


def test_an_invitation_becomes_an_account(
    server: Server, page: Page, user: Callable[..., int], new_context: Callable[..., BrowserContext]
) -> None:
    signed_in(page, server, user(Role.ADMINISTRATOR))
    email = email_of(server, user()).replace("@", "-invited@")
    visit(page, server, "/people_and_access")
    press(page, "people_and_access_primary")
    fill(page, "account_name_new", "Iman")
    fill(page, "account_email_new", email)
    page.locator(".st-key-account_roles_new").get_by_role("button", name="Facilitator").click()
    settled(page)
    dialog = page.get_by_role("dialog")
    submit(dialog)
    link = dialog.locator("code")
    expect(link).to_contain_text("/?link=")
    url = re.sub(r"\s", "", link.inner_text())
    expect(dialog.get_by_test_id("stForm")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_text(email)).to_be_visible()

    guest = new_context(width=390, height=844).new_page()
    guest.goto(url)
    settled(guest)
    expect(guest.locator("h1")).to_have_text("Welcome, Iman")
    fill(guest, "link_password", NEW)
    fill(guest, "link_again", NEW)
    submit(guest)
    expect(guest.get_by_text("Your password is saved. Sign in with it.")).to_be_visible()
    assert "link=" not in guest.url
    sign_in_by_form(guest, email, NEW)
    inside(guest)

    late = new_context().new_page()
    late.goto(url)
    expect(late.locator("h1")).to_have_text("This link no longer works")


def test_an_administrator_shows_somebody_out(
    server: Server, page: Page, user: Callable[..., int], new_context: Callable[..., BrowserContext]
) -> None:
    signed_in(page, server, user(Role.ADMINISTRATOR))
    other = user(Role.MEMBER, password=PASSWORD)
    others_page = new_context().new_page()
    signed_in(others_page, server, other)
    visit(others_page, server, "/account")
    visit(page, server, "/people_and_access")
    manage(page, server, other)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Signed in on 1 browser")).to_be_visible()
    unfold(dialog)
    press(page, "account_deactivate")
    expect(dialog).to_have_count(0)
    expect(page.locator(f".st-key-account_{other}")).to_contain_text("Deactivated")
    others_page.get_by_test_id("stSidebarNavLink").first.click()
    expect(others_page.get_by_test_id("stForm").locator("input[type=password]")).to_be_visible()


def test_roles_are_changed_in_a_dialog(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    signed_in(page, server, user(Role.ADMINISTRATOR))
    other = user(Role.MEMBER)
    visit(page, server, "/people_and_access")
    manage(page, server, other)
    roles = page.locator(f".st-key-account_roles_{other}")
    roles.get_by_role("button", name="Leadership").click()
    settled(page)
    roles.get_by_role("button", name="Member").click()
    settled(page)
    submit(page.get_by_role("dialog"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(f".st-key-account_{other}")).to_contain_text("Leadership")
    with transaction.reading(server.engines) as session:
        assert accounts.actor(session, other).roles == {Role.LEADERSHIP}


def test_a_new_password_signs_out_the_other_browser_and_not_this_one(
    server: Server, page: Page, user: Callable[..., int], new_context: Callable[..., BrowserContext]
) -> None:
    user_id = user(Role.MEMBER, password=PASSWORD)
    signed_in(page, server, user_id)
    elsewhere = new_context().new_page()
    signed_in(elsewhere, server, user_id)
    visit(elsewhere, server, "/account")
    visit(page, server, "/account")
    press(page, "password_change")
    fill(page, "password_old", PASSWORD)
    fill(page, "password_new", NEW)
    fill(page, "password_again", NEW)
    submit(page.get_by_role("dialog"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    elsewhere.get_by_test_id("stSidebarNavLink").first.click()
    expect(elsewhere.get_by_test_id("stForm").locator("input[type=password]")).to_be_visible()
    visit(page, server, "/account")
    inside(page)


def test_the_language_and_theme_of_the_profile_are_those_of_the_screen(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    user_id = user(Role.MEMBER)
    signed_in(page, server, user_id)
    visit(page, server, "/account")
    for key, choice in (("profile_language", "العربية"), ("profile_theme", "Dark")):
        page.locator(f".st-key-{key}").get_by_role("combobox").click()
        page.get_by_role("option", name=choice).click()
        settled(page)
    submit(page)
    expect(page.locator("html[lang=ar][dir=rtl]")).to_be_attached()
    expect(page.locator("h1")).to_have_text("حسابي")
    assert "/account" in page.url
    with transaction.reading(server.engines) as session:
        stored = session.get_one(User, user_id)
        assert (stored.language, stored.theme) == (Language.ARABIC, Theme.DARK)
    kept = {each["name"]: each["value"] for each in page.context.cookies()}
    assert (kept["halqa_language"], kept["halqa_theme"]) == ("ar", "dark")


def test_a_manager_changes_the_team_in_its_dialog(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    alice, erin = user(Role.ORGANISER), user(Role.ORGANISER)

    def build(session: Session) -> tuple[int, str]:
        made = builders.initiative(session, manager=alice)
        return made, session.get_one(User, erin).name

    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative_id, name = build(session)

    def team() -> dict[int, bool]:
        query = select(TeamMembership).where(TeamMembership.initiative_id == initiative_id)
        with transaction.reading(server.engines) as session:
            return {row.user_id: row.manages for row in session.exec(query)}

    signed_in(page, server, alice)
    visit(page, server, f"/initiatives?initiative={initiative_id}")
    press(page, f"team_{initiative_id}")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name=name).click()
    settled(page)
    submit(dialog)
    expect(dialog.locator(f".st-key-member_{erin}")).to_be_visible()
    assert team() == {alice: True, erin: False}
    press(page, f"manages_{erin}")
    expect(dialog.locator(f".st-key-member_{erin}")).to_contain_text("Manages")
    assert team() == {alice: True, erin: True}
    unfold(dialog)
    press(page, "team_leave")
    expect(dialog).to_have_count(0)
    assert team() == {erin: True}
