"""The page behind a personal link, in a real browser: on a phone, without scripts, in Arabic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from convening.i18n import Translator
from convening.vocabulary import Group, InvitationStatus, Language, Openness, Role
from db import transaction
from db.base import now
from db.tables import community, work
from tests import builders
from tests.browser.server import Server
from tests.browser.test_accessibility import PHONE, overflow, violations

AR = Translator(Language.ARABIC)


@dataclass(frozen=True)
class Guest:
    """Somebody with a link to a convening in three weeks."""

    path: str
    invitation_id: int
    person_id: int


@pytest.fixture
def guest(server: Server, user: Callable[..., int]) -> Guest:
    manager = user(Role.ORGANISER)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, "تجديد حي القنطرة", manager=manager)
        meeting = builders.convening(
            session,
            builders.stage(session, initiative),
            "أمسية في الساحة",
            starts_at=now() + timedelta(days=21),
            purpose="سماع كيف تُستخدم الساحة ليلًا.",
        )
        row = session.get_one(work.Convening, meeting)
        row.zone, row.place, row.openness = "Asia/Amman", "ساحة القنطرة", Openness.MOSTLY_OPEN
        row.promise, row.promise_by = "يصل المخطط إلى كل من حضر.", date(2100, 1, 1)
        row.link = "https://meet.example.org/square"
        person = builders.person(session, initiative, "أم ليث", Group.STEWARD)
        session.get_one(community.Stakeholder, person).language = Language.ARABIC
        invitation = builders.invitation(session, meeting, person, InvitationStatus.INVITED)
        token = builders.personal_link(session, invitation)
    return Guest(f"/rsvp/{token}", invitation, person)


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A phone on which scripts are turned off."""
    return new_context(PHONE.width, PHONE.height, java_script_enabled=False).new_page()


def answered(server: Server, guest: Guest) -> work.Invitation:
    with transaction.reading(server.engines) as session:
        return session.get_one(work.Invitation, guest.invitation_id)


def test_an_invitation_is_answered_in_arabic_without_a_script(
    phone: Page, server: Server, guest: Guest
) -> None:
    phone.goto(server.url + guest.path)
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.get_by_role("heading", level=1)).to_have_text("أمسية في الساحة")

    phone.get_by_text(AR("rsvp.other_number", number=1)).click()
    phone.locator("#other_1_organisation").fill("جمعية التوفير")
    phone.locator("#needs_note").fill("العربية")
    phone.get_by_role("button", name=AR("rsvp.send")).click()
    expect(phone.get_by_role("alert")).to_contain_text(AR("problem.answer_missing"))
    expect(phone.locator("#needs_note")).to_have_value("العربية")
    expect(phone.locator("#other_1_organisation")).to_have_value("جمعية التوفير")
    assert answered(server, guest).answered_at is None

    phone.get_by_label(AR("rsvp.accept")).check()
    phone.get_by_label(AR("need.childcare")).check()
    phone.locator("#other_1_name").fill("أم آدم")
    phone.get_by_role("button", name=AR("rsvp.send")).click()
    expect(phone.get_by_role("status")).to_contain_text(AR("rsvp.thanks"))
    expect(phone.get_by_role("status")).to_contain_text(AR("rsvp.yes_noted"))
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")

    row = answered(server, guest)
    assert (row.status, row.needs, row.needs_note, row.answered_by) == (
        "accepted",
        ["childcare"],
        "العربية",
        "link",
    )
    with transaction.reading(server.engines) as session:
        named = session.exec(
            select(community.Nomination.name).where(
                community.Nomination.nominated_by_id == guest.person_id
            )
        ).all()
    assert named == ["أم آدم"]


def test_the_answer_is_changed_and_its_reason_is_asked_for(
    phone: Page, server: Server, guest: Guest
) -> None:
    phone.goto(f"{server.url}{guest.path}?language=en")
    reason = phone.locator("#reason")
    expect(reason).to_be_hidden()
    phone.get_by_label("No, I cannot come").check()
    expect(reason).to_be_visible()
    reason.fill("No bus after six")
    phone.get_by_label("I would rather not say").check()
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_role("status")).to_contain_text("You said that you cannot come.")
    row = answered(server, guest)
    assert (row.status, row.declined_because) == ("declined", "No bus after six")


@pytest.mark.parametrize("language", list(Language))
def test_the_page_is_clear_to_everybody(
    new_context: Callable[..., BrowserContext], server: Server, guest: Guest, language: Language
) -> None:
    """As it is opened, with mistakes, and after it is over; light and dark, on a phone."""
    t = Translator(language)
    for scheme in ("light", "dark"):
        context = new_context(PHONE.width, PHONE.height, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(f"{server.url}{guest.path}?language={language}")
        assert (violations(page), overflow(page)) == ([], 0)
        page.locator("summary").first.click()
        page.locator("#other_1_organisation").fill("x")
        page.get_by_role("button", name=t("rsvp.send")).click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert (violations(page), overflow(page)) == ([], 0)
        page.goto(f"{server.url}/rsvp/made-up?language={language}")
        assert (violations(page), overflow(page)) == ([], 0)
