"""Every screen, sign-in, first set-up and the dialogs, as axe-core sees them, and on a phone.

Both languages, light on a laptop and dark on a phone. Nothing is let through but what Streamlit
brings and nobody can mend from outside.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from convening.vocabulary import Language, Theme
from tests.browser import sampled
from tests.browser.conftest import settled, signed_in, visit, watched_context
from tests.browser.sampled import SCREENS, Sampled
from tests.browser.server import Server
from tests.cases import LONG

AXE = Axe()
OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {name: {"enabled": True} for name in ("target-size", "label-content-name-mismatch")},
}
LANGUAGES = [
    pytest.param(language, marks=pytest.mark.xdist_group(f"axe-{language}"), id=language.value)
    for language in Language
]
# (rule, what it may be found on). The two digits of an hour are narrower than a finger; what a
# click misses, the arrow keys and the digits reach. The buttons of an open calendar for its month
# and year are named "Choose date, December 2026, month" and show "December".
STREAMLIT_OWN = (
    ("target-size", ":is([data-testid=stDateInput], [data-testid=stTimeInput]) [role=spinbutton]"),
    ("label-content-name-mismatch", "[data-testid=stDateInputCalendar] header button"),
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
    # while a dialog is open, the page is one of no height that hides what flows over: axe then
    # takes the dialog for hidden, although it is fixed
    page.add_style_tag(content="html, body { min-height: 100vh; overflow: visible !important }")
    found = AXE.run(page, options=OPTIONS).response["violations"]
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
def tab(browser: Browser) -> Iterator[Page]:
    """One for all looks: what a tab has loaded and run once it has at hand the next time."""
    context = watched_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(tab: Page) -> Callable[..., Page]:
    """``look(samples, PHONE)`` is a page of that size and theme, signed in."""

    def open_page(samples: Sampled, wanted: Look) -> Page:
        tab.goto("about:blank")
        tab.context.clear_cookies()
        tab.set_viewport_size({"width": wanted.width, "height": wanted.height})
        signed_in(
            tab, samples.server, samples.user_id, language=samples.language, theme=wanted.theme
        )
        return tab

    return open_page


@pytest.fixture
def laptop(look: Callable[..., Page], samples: Sampled) -> Page:
    """For what is not looked at four times: English in the light, Arabic in the dark."""
    theme = Theme.LIGHT if samples.language is Language.ENGLISH else Theme.DARK
    return look(samples, replace(LAPTOP, theme=theme))


def clear_and_narrow(page: Page) -> None:
    """Nothing to find on a laptop, and on a phone nothing is wider than the window."""
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    settled(page)
    assert overflow(page) == 0


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_clear_to_everybody(samples: Sampled, laptop: Page, screen: str) -> None:
    visit(laptop, samples.server, samples.path(screen))
    clear_and_narrow(laptop)


@pytest.mark.parametrize("screen", SCREENS if LONG else SCREENS[::4])
def test_a_screen_is_clear_on_a_phone_too(
    samples: Sampled, look: Callable[..., Page], screen: str
) -> None:
    page = look(samples, PHONE)
    visit(page, samples.server, samples.path(screen))
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize(
    ("screen", "query"),
    [
        ("convenings", {"edit": "questions"}),
        ("convenings", {"edit": "facts"}),
        ("convenings", {"edit": "stakes"}),
        ("community", {"view": "place"}),
        ("community", {"view": "nominations"}),
        ("community", {"view": "duplicates"}),
        ("community", {"view": "import"}),
        ("door", {"view": "door"}),
        ("definition", {"show": "changes"}),
        ("definition", {"show": "history"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "".join(value.values()),
)
def test_a_part_of_a_screen_is_clear_too(
    samples: Sampled, laptop: Page, screen: str, query: dict[str, str]
) -> None:
    visit(laptop, samples.server, samples.path(screen, **query))
    clear_and_narrow(laptop)


@pytest.mark.parametrize(
    ("screen", "query", "key"),
    [
        ("initiatives", {}, "initiatives_primary"),
        ("initiatives", {}, "team_"),
        ("initiatives", {}, "stage_edit_"),
        ("initiatives", {}, "trash"),
        ("community", {}, "community_primary"),
        ("community", {"view": "place"}, "place_open"),
        ("community", {"view": "nominations"}, "nominate"),
        ("agenda", {}, "agenda_primary"),
        ("agenda", {}, "agenda_template"),
        ("people_and_access", {}, "people_and_access_primary"),
        ("people_and_access", {}, "manage_"),
        ("account", {}, "password_change"),
        ("door", {}, "visit_other"),
        ("home", {}, "feedback_give"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_dialog_is_clear_too(
    samples: Sampled, laptop: Page, screen: str, query: dict[str, str], key: str
) -> None:
    visit(laptop, samples.server, samples.path(screen, **query))
    laptop.locator(f"[class*=st-key-{key}] button").first.click()
    expect(laptop.get_by_role("dialog")).to_be_visible()
    settled(laptop)
    clear_and_narrow(laptop)


def test_an_open_calendar_is_clear_too(samples: Sampled, laptop: Page) -> None:
    visit(laptop, samples.server, samples.path("convenings", edit="facts"))
    laptop.locator("[data-testid=stDateInput] button").first.click()
    expect(laptop.get_by_role("grid")).to_be_visible()
    assert violations(laptop) == []


@pytest.mark.parametrize("wanted", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_sign_in_is_clear(samples: Sampled, look: Callable[..., Page], wanted: Look) -> None:
    page = look(samples, wanted)
    page.context.clear_cookies(name="halqa_login")
    visit(page, samples.server)
    expect(page.locator("input[type=password]")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == 0


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
    clear_and_narrow(page)
