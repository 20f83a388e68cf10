"""A room's page on a phone without scripts, in Arabic: the way of one person through a meeting."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from convening.i18n import participants
from convening.i18n.participants import Translator
from convening.vocabulary import Choice, Role, Strength
from db import room_codes, transaction
from db.tables.understanding import AnonymousNote, Vote
from tests import builders, rooms
from tests.browser.server import Server
from tests.browser.test_accessibility import PHONE, overflow, violations
from tests.rooms import OpenRoom

AR = Translator("ar")


@pytest.fixture
def room(server: Server, user: Callable[..., int]) -> OpenRoom:
    manager = user(Role.ORGANISER)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        return rooms.open_room(
            session,
            builders.initiative(session, "تجديد حي القنطرة", manager=manager),
            title="أمسية في الساحة",
            question="ما الذي ينبغي أن يبقى كما هو؟",
            statement="الساحة مهملة.",
            statements=("يبدأ الترميم بالإنارة.", "الساحة صاخبة في الليل."),
        )


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """An Arabic phone on which scripts are turned off."""
    context = new_context(PHONE.width, PHONE.height, java_script_enabled=False, locale="ar")
    return context.new_page()


def notes(server: Server, room: OpenRoom) -> list[AnonymousNote]:
    with transaction.reading(server.engines) as session:
        own = AnonymousNote.convening_id == room.convening_id
        return list(session.exec(select(AnonymousNote).where(own)).all())


def votes(server: Server, room: OpenRoom) -> list[tuple[int, str, list[str]]]:
    with transaction.reading(server.engines) as session:
        own = Vote.statement_id.in_(room.statement_ids)  # type: ignore[attr-defined]
        found = session.exec(select(Vote).where(own)).all()
    return [(each.statement_id, each.choice, each.groups) for each in found]


def test_somebody_enters_votes_and_leaves_a_note_without_a_script(
    phone: Page, server: Server, room: OpenRoom
) -> None:
    phone.goto(f"{server.url}/join")
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    phone.get_by_label(AR("join.code")).fill(room_codes.spaced(room.way_in.code).lower())
    phone.get_by_role("button", name=AR("join.go")).click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("أمسية في الساحة")
    expect(phone.get_by_text(AR("join.promise_note"))).to_be_visible()
    phone.get_by_role("button", name=AR("join.enter")).click()
    expect(phone.get_by_text(AR("join.choose_one"))).to_be_visible()
    phone.locator("input[value=steward]").check()
    phone.get_by_role("button", name=AR("join.enter")).click()

    expect(phone.get_by_text("ما الذي ينبغي أن يبقى كما هو؟")).to_be_visible()
    first = phone.locator(f"#s{room.statement_ids[0]}")
    phone.get_by_label(AR("join.text")).fill("ارتفع الإيجار")
    for choice in (Choice.AGREE, Choice.DISAGREE):
        first.locator(f"button[value={choice.value}]").click()
        expect(first.locator("[aria-pressed=true]")).to_have_text(AR.word(choice))
    phone.reload()
    expect(first.locator("[aria-pressed=true]")).to_be_focused()
    phone.locator(f"input[value={Strength.CONCERN.value}]").press("Enter")
    expect(phone.get_by_label(AR("join.text"))).to_have_value("ارتفع الإيجار")
    assert votes(server, room) == [(room.statement_ids[0], "disagree", ["steward"])]

    phone.get_by_label(AR("join.text")).fill("ارتفع الإيجار مرتين")
    phone.locator(f"input[value={Strength.OBJECTION.value}]").check()
    phone.get_by_role("button", name=AR("join.send")).click()
    expect(phone.get_by_role("alert")).to_contain_text(AR("join.problem_objection_needs_reason"))
    expect(phone.get_by_label(AR("join.text"))).to_have_value("ارتفع الإيجار مرتين")
    assert notes(server, room) == []

    phone.get_by_label(AR("join.reason")).fill("لا يستطيع المستأجرون البقاء")
    phone.get_by_role("button", name=AR("join.send")).click()
    code = phone.locator("#receipt_code").inner_text()
    phone.reload()
    expect(phone.locator("#receipt_code")).to_have_text(code)
    (note,) = notes(server, room)
    assert (note.text, note.strength, note.reason, note.groups) == (
        "ارتفع الإيجار مرتين",
        "objection",
        "لا يستطيع المستأجرون البقاء",
        [],
    )
    assert note.receipt_hash == room_codes.keyed(code)

    phone.get_by_role("link", name=AR("join.back")).click()
    phone.get_by_role("button", name=AR("join.leave")).click()
    expect(phone.get_by_role("button", name=AR("join.enter"))).to_be_visible()


@pytest.mark.parametrize("language", participants.languages())
def test_every_page_of_the_room_is_clear_to_everybody(
    new_context: Callable[..., BrowserContext], server: Server, room: OpenRoom, language: str
) -> None:
    """Light and dark, on a phone: as they are opened, and with mistakes."""
    t = Translator(language)
    for scheme in ("light", "dark"):
        context = new_context(PHONE.width, PHONE.height, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()

        def is_clear(page: Page = page) -> None:
            assert (violations(page), overflow(page)) == ([], 0)

        page.goto(f"{server.url}/join?language={language}")
        is_clear()
        page.get_by_label(t("join.code")).fill("ABCDEFGH")
        page.get_by_role("button", name=t("join.go")).click()
        expect(page.get_by_role("alert")).to_be_visible()
        is_clear()
        page.goto(f"{server.url}/join/{room.token}?language={language}")
        is_clear()
        page.locator("input[value=gateway]").check()
        page.get_by_role("button", name=t("join.enter")).click()
        page.locator("button[value=pass]").first.click()
        expect(page.locator("[aria-pressed=true]")).to_be_visible()
        page.locator("#my_groups summary").click()
        is_clear()
        page.get_by_role("button", name=t("join.send")).click()
        expect(page.get_by_role("alert")).to_be_visible()
        is_clear()
        page.get_by_label(t("join.text")).fill("x")
        page.get_by_role("button", name=t("join.send")).click()
        expect(page.locator("#receipt_code")).to_be_visible()
        is_clear()
        page.goto(f"{server.url}/join/{room.token}/text?language={language}")
        is_clear()
