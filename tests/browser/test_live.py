"""Screens that follow a room: told at once, or by a slow timer, and no longer than they may be."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from convening.i18n import Translator
from convening.vocabulary import (
    Choice,
    Group,
    InvitationStatus,
    Language,
    Role,
    StatementState,
    Theme,
)
from db import transaction
from db.tables.understanding import Statement
from tests import builders, rooms
from tests.browser.conftest import add_user, settled, signed_in, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import PHONE, overflow, violations
from tests.faults.postgresql import Postgresql
from tests.rooms import OpenRoom

HOSTILE = "<b>Rents</b> ![x](http://example.org/x.png)"
SAID = ".halqa-wall .statement .said"


# Of everything on the wall that is shown: what reaches beyond the window
OUTSIDE = """() => [...document.querySelectorAll(".halqa-wall .all *")]
    .filter((each) => each.checkVisibility())
    .filter((each) => {
        const box = each.getBoundingClientRect();
        return box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;
    })
    .map((each) => each.outerHTML)"""


def held(
    server: Server,
    organiser: int,
    question: str = "Who decides?",
    statements: tuple[str, ...] = (HOSTILE,),
) -> OpenRoom:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, "Renewal", manager=organiser)
        return rooms.open_room(session, initiative, question=question, statements=statements)


def reveal(server: Server, statement_id: int) -> None:
    """Closes a statement on which eight people of each group voted, and shows its result."""
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        for group, choice in zip(Group, (Choice.AGREE, Choice.DISAGREE, Choice.PASS), strict=True):
            voters = [f"{group}{n}" for n in range(8)]
            builders.votes(session, statement_id, choice, voters, group)
        row = session.get_one(Statement, statement_id)
        row.state, row.revealed = StatementState.CLOSED.value, True


def hand(room: OpenRoom) -> str:
    return f"/wall?initiative={room.initiative_id}&convening={room.convening_id}"


def projected(page: Page, width: int, height: int) -> None:
    """The wall in full screen of this size, once it has fitted itself to it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(
        "([w, h]) => document.fullscreenElement && innerWidth === w && innerHeight === h",
        arg=[width, height],
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def votes(page: Page, server: Server, room: OpenRoom) -> None:
    """Enters by the link and taps a statement's first button."""
    page.goto(f"{server.url}/join/{room.token}")
    page.get_by_label("I would rather not say").check()
    page.get_by_role("button", name="Enter the room").click()
    page.locator(f"[name=s{room.statement_ids[0]}]").first.click()
    expect(page.get_by_role("status")).to_be_visible()


@pytest.fixture
def organiser(user: Callable[..., int]) -> int:
    return user(Role.ORGANISER)


@pytest.fixture
def room(server: Server, organiser: int) -> OpenRoom:
    return held(server, organiser)


def test_a_vote_shows_on_every_wall_without_a_reload(
    server: Server,
    organiser: int,
    room: OpenRoom,
    new_context: Callable[..., BrowserContext],
) -> None:
    walls = [new_context().new_page() for _ in range(2)]
    for each in walls:
        signed_in(each, server, organiser)
        visit(each, server, hand(room))
        expect(each.locator(SAID)).to_have_text("0 votes.")
        each.evaluate("window.sameDocument = true")
    votes(new_context(PHONE.width, java_script_enabled=False).new_page(), server, room)
    for each in walls:
        expect(each.locator(SAID)).to_have_text("1 vote.")
        expect(each.locator(".halqa-wall .counts")).to_contain_text("1 person joined")
        assert each.evaluate("window.sameDocument") is True


def test_the_wall_shows_the_way_in_and_words_as_they_were_typed(
    server: Server, organiser: int, room: OpenRoom, page: Page
) -> None:
    signed_in(page, server, organiser)
    visit(page, server, hand(room))
    wall = page.locator(".halqa-wall")
    expect(wall.get_by_role("heading", level=2)).to_have_text("Who decides?")
    expect(wall.locator(".statement h3")).to_have_text(f"1. {HOSTILE}")
    code = room.way_in.code
    expect(wall.locator(".code")).to_have_text(f"{code[:4]}-{code[4:]}")
    expect(wall.get_by_role("img", name="QR code")).to_be_visible()
    assert wall.locator("b, .statement img, a").count() == 0


def test_of_two_who_close_a_room_the_second_is_not_asked_any_more(
    server: Server,
    organiser: int,
    room: OpenRoom,
    new_context: Callable[..., BrowserContext],
) -> None:
    first, second = (new_context().new_page() for _ in range(2))
    for each in (first, second):
        signed_in(each, server, organiser)
        visit(each, server, hand(room).replace("/wall", "/room") + "&view=set_up")
        each.locator(".st-key-room_close button").click()
        expect(each.locator(".st-key-room_close_yes")).to_be_visible()
        settled(each)
    first.locator(".st-key-room_close_yes button").click()
    for each in (first, second):
        expect(each.locator(".st-key-room_after")).to_be_visible()
        expect(each.get_by_role("dialog")).to_have_count(0)


def test_a_wall_that_was_open_before_the_room_shows_it(
    server: Server,
    organiser: int,
    new_context: Callable[..., BrowserContext],
) -> None:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, "Renewal", manager=organiser)
        meeting = builders.convening(session, builders.stage(session, initiative), "Soon")
        for _ in range(5):
            builders.invitation(session, meeting, None, InvitationStatus.ATTENDED)
    wall, desk = (new_context().new_page() for _ in range(2))
    for each, screen in ((wall, "wall"), (desk, "room")):
        signed_in(each, server, organiser)
        visit(each, server, f"/{screen}?initiative={initiative}&convening={meeting}")
    desk.locator(".st-key-room_prepare button").click()
    desk.locator("[class*=st-key-room_question_] input").fill("Why here?")
    desk.locator(".st-key-room_open button").click()
    expect(wall.locator(".halqa-wall h2")).to_have_text("Why here?")


def test_without_the_stream_a_slow_timer_asks(
    server: Server,
    organiser: int,
    room: OpenRoom,
    page: Page,
    new_context: Callable[..., BrowserContext],
) -> None:
    page.route("**/events/**", lambda route: route.abort())
    page.clock.install()
    signed_in(page, server, organiser)
    visit(page, server, hand(room))
    expect(page.locator(SAID)).to_have_text("0 votes.")
    votes(new_context(java_script_enabled=False).new_page(), server, room)
    expect(page.locator(SAID)).to_have_text("0 votes.")
    page.clock.fast_forward(16_000)
    expect(page.locator(SAID)).to_have_text("1 vote.")


def test_a_stream_that_ends_loads_the_page_again(
    server: Server, organiser: int, room: OpenRoom, page: Page
) -> None:
    told: list[Route] = []

    def end(route: Route) -> None:
        told.append(route)
        if len(told) > 1:
            return route.abort()
        return route.fulfill(content_type="text/event-stream", body="event: ended\ndata:\n\n")

    page.route("**/events/**", end)
    signed_in(page, server, organiser)
    with page.expect_event("load"), page.expect_navigation():
        page.goto(server.url + hand(room))
    settled(page)
    expect(page.locator(SAID)).to_have_text("0 votes.")


def test_a_server_that_is_told_to_stop_does_not_wait_for_screens(
    fresh_server: Callable[..., Server], page: Page
) -> None:
    server = fresh_server()
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        organiser = add_user(session, "Alice", Role.ORGANISER, password=None)
    signed_in(page, server, organiser)
    with page.expect_response("**/events/**"):
        visit(page, server, hand(held(server, organiser)))
    server.stop()
    assert server.process.exitcode not in (None, -9)  # -9: it had to be killed


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
@pytest.mark.parametrize("width", [1280, PHONE.width])
@pytest.mark.parametrize("language", list(Language))
def test_a_wall_with_a_result_can_be_read_by_everybody(
    server: Server,
    organiser: int,
    room: OpenRoom,
    new_context: Callable[..., BrowserContext],
    language: Language,
    width: int,
    theme: Theme,
) -> None:
    reveal(server, room.statement_ids[0])
    page = new_context(width).new_page()
    signed_in(page, server, organiser, language=language, theme=theme)
    visit(page, server, hand(room))
    told = page.locator(".halqa-wall .told")
    t = Translator(language)
    expect(told).to_have_text(
        [
            t("wall.told", agree=8, disagree=8, passed=8),
            t("wall.told", agree=8, disagree=0, passed=0),
            t("wall.told", agree=0, disagree=8, passed=0),
            t("wall.told", agree=0, disagree=0, passed=8),
        ]
    )
    assert violations(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("language", list(Language))
def test_in_full_screen_everything_is_seen_and_nothing_is_cut(
    server: Server, organiser: int, new_context: Callable[..., BrowserContext], language: Language
) -> None:
    """Where not all of it fits at a size to read, one part comes after the other."""
    statements = tuple(f"{n} {'Rents that everybody can pay ' * n}" for n in range(1, 8))
    room = held(server, organiser, "Who decides about the square? " * 5, statements)
    page = new_context(1280, 720).new_page()
    page.emulate_media(reduced_motion="reduce")  # no part goes by itself
    signed_in(page, server, organiser, language=language)
    visit(page, server, hand(room))
    wall, shown = page.locator(".halqa-wall"), page.locator(".halqa-wall .statement:visible")
    parts = wall.locator(".turn:visible")
    wall.locator(".whole").click()
    for size in ((1280, 720), (1024, 768), (1920, 1080)):
        projected(page, *size)
        seen: set[str] = set()
        while not seen.issuperset(shown.all_text_contents()):
            seen.update(shown.all_text_contents())
            assert page.evaluate(OUTSIDE) == []
            expect(wall.locator(".qr")).to_be_visible()
            page.keyboard.press("PageDown")
        assert len(seen) == len(statements)
    for statement in room.statement_ids:
        reveal(server, statement)
    visit(page, server, hand(room))
    wall.locator(".whole").click()
    projected(page, 1280, 720)
    t = Translator(language)
    told = t("wall.part_several", first="first", last="last", all="all")
    for name, digit in (("first", "1"), ("last", "[2-6]"), ("all", "7")):
        told = told.replace(name, digit)
    expect(parts).to_have_text(re.compile(told))
    assert page.evaluate(OUTSIDE) == []
    parts.click()
    expect(parts).not_to_contain_text("1")
    assert page.evaluate(OUTSIDE) == []


def test_the_way_in_stays_in_view(server: Server, organiser: int, page: Page) -> None:
    """On a wide screen while one reads on; on a narrow one it stands before the statements."""
    room = held(server, organiser, statements=("Rents that everybody can pay " * 9,) * 9)
    signed_in(page, server, organiser)
    visit(page, server, hand(room))
    page.locator(".halqa-wall .statement").last.scroll_into_view_if_needed()
    expect(page.locator(".halqa-wall .qr")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": PHONE.width, "height": 1000})
    code, first = page.locator(".halqa-wall .code"), page.locator(".halqa-wall .statement").first
    assert code.bounding_box()["y"] < first.bounding_box()["y"]  # type: ignore[index]


def test_a_vote_at_one_server_shows_on_a_wall_of_another(
    fresh_server: Callable[..., Server],
    postgresql: Postgresql,
    new_context: Callable[..., BrowserContext],
) -> None:
    """They share a database alone."""
    database = {"HALQA_DATABASE_URL": postgresql.another("replicas")}
    here, there = fresh_server(**database), fresh_server(**database)
    with transaction.writing(here.engines, actor_id=None, journalled=False) as session:
        organiser = add_user(session, "Alice", Role.ORGANISER, password=None)
    room = held(here, organiser)
    page = new_context().new_page()
    signed_in(page, here, organiser)
    visit(page, here, hand(room))
    expect(page.locator(SAID)).to_have_text("0 votes.")
    votes(new_context(java_script_enabled=False).new_page(), there, room)
    expect(page.locator(SAID)).to_have_text("1 vote.", timeout=10_000)  # the timer takes longer
