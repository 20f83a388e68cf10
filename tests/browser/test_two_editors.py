"""Two people at two browsers edit one record: the second is asked, and nobody loses a word."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlmodel import Session

from convening.i18n import Translator
from convening.vocabulary import Language, Role
from db import transaction
from db.tables import community, work
from db.tables.accounts import TeamMembership
from tests import builders
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.server import Server
from tests.cases import LONG

PURPOSES = {
    Language.ENGLISH: ("Sketch three answers", "Today: sketch three answers", "{} together"),
    Language.ARABIC: ("نرسم ثلاث إجابات", "اليوم نرسم ثلاث إجابات", "{} معًا"),
}


@pytest.fixture
def found(server: Server, user: Callable[..., int]) -> dict[str, int]:
    """Two organisers of one team, a person on its map and a convening of it."""
    alice, bob = user(Role.ORGANISER), user(Role.ORGANISER)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, manager=alice)
        session.add(TeamMembership(initiative_id=initiative, user_id=bob, manages=True))
        stage = builders.stage(session, initiative)
        return {
            "alice": alice,
            "bob": bob,
            "initiative": initiative,
            "convening": builders.convening(session, stage),
            "person": builders.person(session, initiative, "Amina", place="Zarqa"),
        }


@pytest.fixture
def both(
    server: Server, new_context: Callable[..., BrowserContext], found: dict[str, int]
) -> Callable[[Language], tuple[Page, Page]]:
    def open_both(language: Language) -> tuple[Page, Page]:
        pages = (new_context().new_page(), new_context(390, 844).new_page())
        for page, name in zip(pages, ("alice", "bob"), strict=True):
            signed_in(page, server, found[name], language=language)
        return pages

    return open_both


def stored(server: Server, model: type[Any], row_id: int) -> Any:
    with transaction.reading(server.engines) as session:
        return session.get_one(model, row_id)


def write(server: Server, work: Callable[[Session], None]) -> None:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        work(session)


def field(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}").locator("input, textarea").first


def type_into(page: Page, key: str, text: str) -> None:
    field(page, key).fill(text)
    field(page, key).press("Tab")
    settled(page)


def asked(page: Page, path: str) -> Locator:
    """The widget that decides on a field."""
    return page.locator(f"[class*=st-key-conflict_][class*=_{path}]").last


@pytest.mark.parametrize("language", list(Language) if LONG else [Language.ENGLISH])
def test_two_edits_of_a_purpose_are_merged(
    server: Server,
    found: dict[str, int],
    both: Callable[[Language], tuple[Page, Page]],
    language: Language,
) -> None:
    base, theirs, ending = PURPOSES[language]
    meeting = found["convening"]

    def begin(session: Session) -> None:
        session.get_one(work.Convening, meeting).purpose = base

    write(server, begin)
    t = Translator(language)
    first, second = both(language)
    key = f"convening_purpose_{meeting}"
    for page in (first, second):
        visit(page, server, f"/convenings?convening={meeting}&edit=facts")
        expect(field(page, key)).to_have_value(base)
    type_into(first, key, theirs)
    first.locator(".st-key-editor_finish").get_by_role("button").click()
    expect(first.locator(f".st-key-convening_{meeting}")).to_be_visible()

    type_into(second, key, ending.format(base))
    second.locator(".st-key-editor_finish").get_by_role("button").click()
    merged = asked(second, "purpose").locator("textarea")
    expect(merged).to_have_value(ending.format(theirs))
    expect(field(second, key)).to_be_hidden()
    beside = second.get_by_test_id("stText")
    expect(beside.filter(has_text=theirs)).to_be_visible()
    expect(beside.filter(has_text=ending.format(base))).to_be_visible()
    settled(second)
    second.get_by_role("button", name=t("conflict.save")).click()
    expect(second.locator(f".st-key-convening_{meeting}")).to_be_visible()
    assert stored(server, work.Convening, meeting).purpose == ending.format(theirs)


@pytest.mark.parametrize("language", list(Language) if LONG else [Language.ARABIC])
def test_two_values_of_a_place_stand_to_choose_from(
    server: Server,
    found: dict[str, int],
    both: Callable[[Language], tuple[Page, Page]],
    language: Language,
) -> None:
    t = Translator(language)
    first, second = both(language)
    person = found["person"]
    for page in (first, second):
        visit(page, server, f"/community?initiative={found['initiative']}")
        open_person(page)
        expect(field(page, f"person_{person}_place")).to_have_value("Zarqa")
    type_into(first, f"person_{person}_place", "Irbid")
    first.locator(".st-key-person_save").get_by_role("button").click()
    expect(first.get_by_role("dialog")).to_have_count(0)

    type_into(second, f"person_{person}_place", "Amman")
    type_into(second, f"person_{person}_phone", "0790")
    second.locator(".st-key-person_save").get_by_role("button").click()
    choice = asked(second, "place")
    expect(choice).to_contain_text("Amman")
    expect(choice).to_contain_text("Irbid")
    expect(field(second, f"person_{person}_place")).to_be_hidden()
    assert stored(server, community.Stakeholder, person).place == "Irbid"
    settled(second)
    choice.get_by_text("Amman").click()
    settled(second)
    second.get_by_role("button", name=t("conflict.save")).click()
    expect(second.get_by_role("dialog")).to_have_count(0)
    row = stored(server, community.Stakeholder, person)
    assert (row.place, row.phone) == ("Amman", "0790")


def open_person(page: Page) -> None:
    """A tap on the first row of the list, as the list on a phone and on a desk has it."""
    canvas = page.locator("[class*=st-key-community_table]").get_by_test_id("data-grid-canvas")
    expect(canvas).to_be_visible()
    for _ in range(5):
        canvas.click(position={"x": 90, "y": 52}, force=True)
        settled(page)
        if page.get_by_role("dialog").count():
            return
    expect(page.get_by_role("dialog")).to_be_visible()
