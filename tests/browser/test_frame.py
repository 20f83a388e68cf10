"""What surrounds every screen: language and direction, theme, menu, and what leads nowhere."""

import re
from collections.abc import Callable, Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from convening.vocabulary import Language, Role
from db import migrate
from db.engine import connect
from pages.plain.files import ASSETS
from tests.browser import server as servers
from tests.browser.conftest import settled, signed_in, visit, watched_context
from tests.browser.server import Server

STYLES = (ASSETS / "frame.css").read_text(encoding="utf-8")
PLACE = "/account?initiative=12345"
_TEST_IDS = "[...document.querySelectorAll('[data-testid]')].map(e => e.dataset.testid)"


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("gallery")
    engines = connect(f"sqlite:///{folder / 'halqa.sqlite3'}")
    migrate.upgrade(engines.write)  # its own start does not: it is not ours
    engines.dispose()
    server = servers.start(folder, "tests.browser.gallery:app")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def shared(gallery: Server, browser: Browser) -> Iterator[Page]:
    """The gallery in Arabic, opened once."""
    context = watched_context(browser, viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": "halqa_language", "value": "ar", "url": gallery.url}])
    page = context.new_page()
    visit(page, gallery)
    yield page
    context.close()


def background(page: Page) -> int:
    """How light the page is, from 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    return int(re.findall(r"\d+", colour)[0])


def test_the_language_changes_and_the_place_stays(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    signed_in(page, server, user(Role.ORGANISER))
    visit(page, server, PLACE)
    assert page.evaluate("[document.documentElement.lang, document.dir]") == ["en", ""]
    page.get_by_role("link", name="العربية").click()
    page.wait_for_url(f"{server.url}{PLACE}")
    settled(page)
    assert page.evaluate("[document.documentElement.lang, document.dir]") == ["ar", "rtl"]
    expect(page.locator("h1")).to_have_text("حسابي")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("My account")
    assert page.url == f"{server.url}{PLACE}"


def test_a_visitor_changes_the_language_too(server: Server, page: Page) -> None:
    visit(page, server, PLACE)
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("h1")).to_have_text("حلقة مفتوحة")
    assert page.url == f"{server.url}{PLACE}"


def test_the_theme_is_there_from_the_first_picture(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    """Also on a screen that this browser has not opened before: Streamlit keeps one for each."""
    signed_in(page, server, user(Role.ORGANISER))
    visit(page, server, "/account")
    assert background(page) > 200
    page.get_by_role("link", name="Dark").click()
    page.wait_for_url(f"{server.url}/account")
    settled(page)
    assert background(page) < 60
    visit(page, server, "/convenings")
    assert background(page) < 60
    page.get_by_role("link", name="Light").click()
    settled(page)
    expect(page.get_by_role("link", name="Light")).to_have_attribute("aria-current", "true")
    assert background(page) > 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_choice_the_theme_is_that_of_the_device(
    server: Server, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    visit(page, server)
    assert (background(page) > 128) is (scheme == "light")


def test_the_menu_holds_what_the_roles_open(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    signed_in(page, server, user(Role.MEMBER))
    visit(page, server, "/account")
    expect(page.get_by_test_id("stSidebarNavLink").locator("p")).to_have_text(
        ["Home", "My account"]
    )


def test_no_screen_complains_in_the_console(
    server: Server, page: Page, user: Callable[..., int]
) -> None:
    """A policy that refuses something of Streamlit's, or a broken component, shows up there."""
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        expected = "_stcore/" in message.location.get("url", "")
        if message.type in ("error", "warning") and not expected:
            messages.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: messages.append(str(error)))
    visit(page, server, "/")
    signed_in(page, server, user(Role.ADMINISTRATOR, Role.ORGANISER), language=Language.ARABIC)
    visit(page, server, "/account")
    page.get_by_test_id("stSidebarNavLink").first.click()
    settled(page)
    assert messages == []


def test_a_path_that_is_no_screen_is_not_found(server: Server) -> None:
    for path in ("/nowhere", "/account/deeper", "/_stcore/metrics"):
        with pytest.raises(HTTPError) as refused:
            urlopen(server.url + path)
        assert refused.value.code == 404


def test_on_a_phone_the_closed_menu_is_out_of_sight_and_out_of_reach(
    server: Server, new_context: Callable[..., BrowserContext], user: Callable[..., int]
) -> None:
    page = new_context(width=390).new_page()
    signed_in(page, server, user(Role.ORGANISER), language=Language.ARABIC)
    visit(page, server, "/account")
    expect(page.get_by_test_id("stSidebarNavLink").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSidebarNavLink").first).to_be_in_viewport(ratio=1)
    page.get_by_test_id("stSidebarNavLink").first.click()
    expect(page.get_by_test_id("stSidebarNavLink").first).to_be_hidden()


@pytest.mark.xdist_group("gallery")
class TestRightToLeft:
    """Measured in a gallery, because no single screen holds every kind of element."""

    @pytest.fixture
    def arabic(self, shared: Page) -> Iterator[Page]:
        """The gallery as it stands when nobody has touched it."""
        yield shared
        shared.keyboard.press("Escape")
        shared.set_viewport_size({"width": 1280, "height": 800})
        expect(shared.get_by_role("dialog")).to_have_count(0)

    def test_every_element_that_the_styles_name_is_there(self, arabic: Page) -> None:
        named = set(re.findall(r'data-testid="(\w+)"', STYLES))
        arabic.locator(".st-key-open_dialog button").click()
        expect(arabic.get_by_role("dialog")).to_be_visible()
        found = set(arabic.evaluate(_TEST_IDS))
        arabic.keyboard.press("Escape")
        expect(arabic.get_by_role("dialog")).to_have_count(0)
        arabic.locator(".st-key-date button").click()
        expect(arabic.get_by_test_id("stDateInputCalendar")).to_be_visible()
        found |= set(arabic.evaluate(_TEST_IDS))
        arabic.keyboard.press("Escape")
        arabic.locator(".st-key-options button").click()
        expect(arabic.get_by_test_id("stPopoverBody")).to_be_visible()
        found |= set(arabic.evaluate(_TEST_IDS))
        arabic.keyboard.press("Escape")
        arabic.locator(".st-key-search input").fill("x")
        found |= set(arabic.evaluate(_TEST_IDS))
        arabic.set_viewport_size({"width": 390, "height": 800})
        expect(arabic.get_by_test_id("stExpandSidebarButton")).to_be_visible()
        found |= set(arabic.evaluate(_TEST_IDS))
        assert named - found == set()

    @pytest.mark.parametrize(
        "selector",
        [
            "[data-testid=stVegaLiteChart]",
            "[data-testid=stDataFrame]",
            ".st-key-date [data-testid=stDateInputField]",
            ".st-key-time [role=group]",
            ".st-key-slider [role=group]",
            "[data-testid=stMetricDelta] p",
            "[data-testid=stCode] code",
        ],
    )
    def test_coordinates_and_numbers_run_left_to_right(self, arabic: Page, selector: str) -> None:
        direction = "e => getComputedStyle(e).direction"
        assert arabic.locator(selector).first.evaluate(direction) == "ltr"

    def test_the_time_reads_as_it_was_set(self, arabic: Page) -> None:
        """Hours stand to the left of minutes; the other way round 16:20 reads 20:16."""
        parts = arabic.locator(".st-key-time [role=spinbutton]")
        hours, minutes = (parts.nth(n).bounding_box() for n in (0, 1))
        assert hours is not None
        assert minutes is not None
        assert hours["x"] < minutes["x"]

    @pytest.mark.parametrize("selector", ["h1", "[data-testid=stCaptionContainer]", "li"])
    def test_text_begins_at_the_right(self, arabic: Page, selector: str) -> None:
        element = arabic.locator(f"[data-testid=stMain] {selector}").first
        assert element.evaluate("e => getComputedStyle(e).textAlign") in ("start", "right")
        assert element.evaluate("e => getComputedStyle(e).direction") == "rtl"

    def test_text_in_english_keeps_its_full_stop_at_its_end(self, arabic: Page) -> None:
        """It stands at the right of the page, and within it the full stop at the right."""
        found = arabic.get_by_text("In English.")
        style = "e => [getComputedStyle(e).unicodeBidi, getComputedStyle(e).textAlign]"
        assert found.evaluate(style) == ["plaintext", "right"]
        ends = found.evaluate("""e => {
            const range = document.createRange();
            const place = (at) => {
                range.setStart(e.firstChild, at);
                range.setEnd(e.firstChild, at + 1);
                return range.getBoundingClientRect().right;
            };
            return [place(0), place(e.textContent.length - 1)];
        }""")
        assert ends[0] < ends[1]

    def test_a_choice_is_round_where_it_begins_and_ends(self, arabic: Page) -> None:
        segments = arabic.locator(".st-key-segments button")
        corners = "e => getComputedStyle(e).borderRadius"
        assert segments.first.evaluate(corners) == "0px 8px 8px 0px"
        assert segments.last.evaluate(corners) == "8px 0px 0px 8px"

    def test_a_dialog_closes_at_its_left_and_begins_at_its_right(self, arabic: Page) -> None:
        arabic.locator(".st-key-open_dialog button").click()
        dialog = arabic.get_by_role("dialog")
        box = dialog.bounding_box()
        cross = dialog.get_by_role("button", name="Close").bounding_box()
        assert box is not None
        assert cross is not None
        assert cross["x"] < box["x"] + 60
        assert dialog.locator("h2").evaluate("e => getComputedStyle(e).textAlign") == "start"

    def test_what_was_done_is_told_at_the_foot(self, arabic: Page) -> None:
        """At the head it would lie on the first action of the screen."""
        arabic.locator(".st-key-open_dialog button").click()
        expect(arabic.get_by_role("dialog")).to_be_visible()  # it comes after the message
        told = arabic.get_by_test_id("stToast").last
        expect(told).to_be_visible()
        box, size = told.bounding_box(), arabic.viewport_size
        assert box is not None
        assert size is not None
        assert size["height"] / 2 < box["y"] < size["height"] - box["height"]

    @pytest.mark.parametrize("language", list(Language))
    def test_what_is_in_hand_stands_above_the_menu(
        self, gallery: Server, page: Page, language: Language
    ) -> None:
        page.context.add_cookies(
            [{"name": "halqa_language", "value": language.value, "url": gallery.url}]
        )
        visit(page, gallery)
        order = [
            page.locator(selector).first.bounding_box()
            for selector in (".st-key-initiative", "[data-testid=stSidebarNav]", ".st-key-sign_out")
        ]
        tops = [box["y"] for box in order if box is not None]
        assert len(tops) == 3
        assert tops == sorted(tops)


@pytest.mark.parametrize("language", list(Language))
def test_each_line_of_a_message_begins_where_its_own_language_does(
    gallery: Server, page: Page, language: Language
) -> None:
    page.context.add_cookies(
        [{"name": "halqa_language", "value": language.value, "url": gallery.url}]
    )
    visit(page, gallery)
    text = page.locator(".st-key-mail_text code")
    assert text.evaluate("e => getComputedStyle(e).fontFamily").startswith('"Noto Sans"')
    gaps = text.evaluate("""e => {
        const place = e.parentElement.getBoundingClientRect();
        return e.textContent.split("\\n").map((line, at) => {
            const words = e.querySelectorAll(":scope > span")[at];
            const range = document.createRange();
            range.selectNodeContents(words);
            const boxes = [...range.getClientRects()].filter((each) => each.width > 0);
            return [
                Math.min(...boxes.map((each) => each.left)) - place.left,
                place.right - Math.max(...boxes.map((each) => each.right)),
            ].map(Math.round);
        });
    }""")
    arabic, english, mixed = gaps
    assert arabic[1] == 0 < arabic[0]
    assert english[0] == 0 < english[1]
    assert mixed[1] == 0 < mixed[0]
