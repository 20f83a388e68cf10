"""Every screen, sign-in, first set-up and the dialogs, as axe-core sees them, and on a phone.

Both languages, light on a laptop and dark on a phone. Nothing is let through but what Streamlit
brings and nobody can mend from outside.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convening.vocabulary import Language, Theme
from tests.browser import sampled
from tests.browser.conftest import WAIT, settled, signed_in, visit
from tests.browser.sampled import SCREENS, Sampled
from tests.browser.server import Server

AXE = Axe()
LANGUAGES = [
    pytest.param(language, marks=pytest.mark.xdist_group(f"axe-{language}"), id=language.value)
    for language in Language
]
# (rule, what it may be found on): the parts of a date are narrower than a finger, and a day in the
# open calendar is named in full ("Monday, 30 November") while it shows its number.
STREAMLIT_OWN = (
    ("target-size", "[data-testid=stDateInputField] *"),
    ("label-content-name-mismatch", "[data-testid=stDateInputCalendar] *"),
)
_FOUND_ON = """
([target, selector]) => {
  const element = document.querySelector(target);
  return element !== null && element.matches(selector);
}
"""


@dataclass(frozen=True)
class Look:
    """A size with a theme."""

    width: int
    height: int
    theme: Theme


LAPTOP, PHONE = Look(1280, 800, Theme.LIGHT), Look(390, 844, Theme.DARK)


def violations(page: Page) -> list[str]:
    """What axe finds, without what is Streamlit's own; one line each."""
    found = AXE.run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not _streamlit_own(page, rule["id"], node["target"][-1])
    ]


def _streamlit_own(page: Page, rule: str, target: str) -> bool:
    return any(
        rule == allowed and page.evaluate(_FOUND_ON, [target, selector])
        for allowed, selector in STREAMLIT_OWN
    )


def overflow(page: Page) -> int:
    """How many pixels a screen is wider than the window; what scrolls in itself does not count."""
    widths = """[
        document.documentElement,
        ...document.querySelectorAll("[data-testid=stMain], [role=dialog]"),
    ].map((each) => each.scrollWidth - each.clientWidth)"""
    return max(page.evaluate(widths))


@pytest.fixture(scope="module", params=LANGUAGES)
def samples(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sampled]:
    running = sampled.start(tmp_path_factory.mktemp("sampled"), request.param)
    yield running
    assert '"a screen failed"' not in running.server.output
    running.stop()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all looks: what the browser has loaded once it need not load again."""
    context = browser.new_context()
    context.set_default_timeout(WAIT)
    yield context
    context.close()


@pytest.fixture
def look(context: BrowserContext) -> Iterator[Callable[..., Page]]:
    """``look(samples, PHONE)`` is a page of that size and theme, signed in."""
    pages: list[Page] = []

    def open_page(samples: Sampled, wanted: Look) -> Page:
        context.clear_cookies()
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": wanted.width, "height": wanted.height})
        signed_in(
            page, samples.server, samples.user_id, language=samples.language, theme=wanted.theme
        )
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_clear_to_everybody(
    samples: Sampled, look: Callable[..., Page], screen: str
) -> None:
    page = look(samples, LAPTOP)
    visit(page, samples.server, samples.path(screen))
    assert violations(page) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_on_a_phone_in_the_dark_too_and_nothing_scrolls_sideways(
    samples: Sampled, look: Callable[..., Page], screen: str
) -> None:
    page = look(samples, PHONE)
    visit(page, samples.server, samples.path(screen))
    assert overflow(page) == 0
    assert violations(page) == []


# Where a dialog or another view opens: the screen, and the keys of the buttons that lead to it.
OPENED = (
    ("initiatives", "initiatives_primary"),
    ("agenda", "agenda_primary"),
    ("community", "community_primary"),
    ("people_and_access", "people_and_access_primary"),
    ("account", "password_change"),
)


@pytest.mark.parametrize(("screen", "key"), OPENED)
def test_a_dialog_is_clear_and_fits_a_phone(
    samples: Sampled, look: Callable[..., Page], screen: str, key: str
) -> None:
    for wanted in (LAPTOP, PHONE):
        page = look(samples, wanted)
        visit(page, samples.server, samples.path(screen))
        page.locator(f".st-key-{key} button").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        settled(page)
        assert overflow(page) == 0
        assert violations(page) == []


@pytest.mark.parametrize("wanted", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_sign_in_is_clear(samples: Sampled, look: Callable[..., Page], wanted: Look) -> None:
    page = look(samples, wanted)
    page.context.clear_cookies(name="halqa_login")
    visit(page, samples.server)
    expect(page.locator("input[type=password]")).to_be_visible()
    assert overflow(page) == 0
    assert violations(page) == []


@pytest.mark.parametrize("language", Language)
def test_the_first_set_up_is_clear(
    fresh_server: Callable[..., Server], page: Page, language: Language
) -> None:
    server = fresh_server()
    page.context.add_cookies(
        [{"name": "halqa_language", "value": language.value, "url": server.url}]
    )
    visit(page, server)
    expect(page.locator(".st-key-setup_code")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    settled(page)
    assert overflow(page) == 0
