"""Three questions after a room, in a real browser: on a phone, without scripts, in Arabic."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from convening.i18n.participants import Translator, languages
from convening.vocabulary import Role
from db import tokens, transaction
from db.base import now
from db.commands import after
from db.tables import room, work
from db.tables.community import Nomination
from tests import builders
from tests.browser.server import Server
from tests.browser.test_accessibility import PHONE, overflow, violations

AR = Translator("ar")


@pytest.fixture
def meeting(server: Server, user: Callable[..., int]) -> int:
    """An evening that ended an hour ago."""
    manager = user(Role.ORGANISER)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, "تجديد حي القنطرة", manager=manager)
        stage = builders.stage(session, initiative)
        return builders.convening(
            session, stage, "أمسية في الساحة", starts_at=now() - timedelta(hours=3)
        )


@pytest.fixture
def path(server: Server, meeting: int) -> str:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        return f"/pulse/{tokens.of(after.after_link(session, meeting).salt)}"


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(PHONE.width, PHONE.height, java_script_enabled=False).new_page()


def test_the_questions_are_answered_once_in_arabic_without_a_script(
    phone: Page, server: Server, meeting: int, path: str
) -> None:
    address = f"{server.url}{path}?language=ar"
    phone.goto(address)
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    phone.get_by_role("button", name=AR("pulse.send")).click()
    expect(phone.get_by_role("alert")).to_contain_text(AR("problem.nothing_said"))

    phone.get_by_role("group", name=AR("pulse.held_back")).get_by_label(
        AR("pulse_answer.yes"), exact=True
    ).check()
    phone.get_by_text(AR("pulse.other_number", number=1)).click()
    phone.locator("#other_1_name").fill("أم آدم")
    phone.get_by_role("button", name=AR("pulse.send")).click()
    expect(phone.get_by_role("status")).to_contain_text(AR("pulse.thanks"))
    phone.goto(address)
    expect(phone.get_by_role("status")).to_contain_text(AR("pulse.once"))
    expect(phone.get_by_role("button")).to_have_count(0)

    with transaction.reading(server.engines) as session:
        counts = session.exec(
            select(room.PulseCount).where(room.PulseCount.convening_id == meeting)
        )
        assert [(each.question, each.answer, each.people) for each in counts] == [
            ("held_back", "yes", 1)
        ]
        initiative = session.get_one(work.Convening, meeting).initiative_id
        named = session.exec(
            select(Nomination.name).where(Nomination.initiative_id == initiative)
        ).all()
    assert named == ["أم آدم"]


@pytest.mark.parametrize("language", languages())
def test_the_page_is_clear_to_everybody(
    new_context: Callable[..., BrowserContext], server: Server, path: str, language: str
) -> None:
    """As it is opened and with mistakes; light and dark, on a phone."""
    t = Translator(language)
    for scheme in ("light", "dark"):
        context = new_context(PHONE.width, PHONE.height, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(f"{server.url}{path}?language={language}")
        assert (violations(page), overflow(page)) == ([], 0)
        page.locator("summary").first.click()
        page.locator("#other_1_organisation").fill("x")
        page.get_by_role("button", name=t("pulse.send")).click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert (violations(page), overflow(page)) == ([], 0)
